#include "report/consortium.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "report/words.h"

namespace dongxi::report {
namespace {

std::string CoversText(const v1::Consortium& consortium, const v1::ConsortiumMember& member) {
  std::string text;
  for (const int32_t place : member.elements()) {
    if (place < 0 || place >= consortium.elements_size()) continue;  // of a server that we do not know
    absl::StrAppend(&text, text.empty() ? "" : "；", consortium.elements(place).text());
  }
  return text;
}

std::string SummaryOf(const v1::Consortium& consortium) {
  const int covered = consortium.elements_size() - consortium.open_count();
  if (consortium.members().empty())
    return absl::StrCat("需求的 ", consortium.elements_size(), " 项要素，没有候选能够覆盖");
  std::string text = absl::StrCat(consortium.members_size(), " 个成员覆盖 ", consortium.elements_size(),
                                  " 项要素中的 ", covered, " 项");
  if (consortium.exact()) return text + "；已证明没有更省的组合";
  return text +
         absl::StrFormat("；费用 %.2f，任何组合不低于 %.2f", consortium.cost(), consortium.lower_bound());
}

}  // namespace

ConsortiumText ConsortiumTextOf(const v1::MatchResponse& answer) {
  ConsortiumText text;
  if (!answer.has_consortium() || answer.consortium().elements().empty()) return text;
  const v1::Consortium& consortium = answer.consortium();
  for (const v1::ConsortiumMember& member : consortium.members()) {
    text.members.push_back({member.name(), KindName(member.kind()),
                            member.title().empty() ? member.name() : member.title(),
                            CoversText(consortium, member), member.illustrative()});
  }
  for (const v1::ConsortiumElement& element : consortium.elements()) {
    if (element.covered_by().empty()) text.open.push_back(element.text());
  }
  text.summary = SummaryOf(consortium);
  return text;
}

std::string OwnerQuestionText(const v1::MatchResponse& answer) { return answer.owner_question().text(); }

}  // namespace dongxi::report
