#include "report/shown_answers.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace dongxi::report {
namespace {

// Of the filter language (docs/filter.md), with room for the conditions of the question itself.
constexpr size_t kFilterCharactersMax = 4'000;
constexpr size_t kNamesMax = 150;

std::string Quoted(const std::string& text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "\"";
}

// The question for these names alone; as it was if they are too many.
v1::MatchRequest QuestionFor(const std::set<std::string>& names, const v1::MatchRequest& question) {
  std::string filter = question.filter().empty() ? "" : absl::StrCat("(", question.filter(), ") AND ");
  const char* joint = "(";
  for (const std::string& name : names) {
    absl::StrAppend(&filter, joint, "name = ", Quoted(name));
    joint = " OR ";
  }
  filter += ")";
  v1::MatchRequest asked = question;
  asked.set_view(v1::MATCH_VIEW_ID_ONLY);
  if (filter.size() <= kFilterCharactersMax && names.size() <= kNamesMax) asked.set_filter(filter);
  return asked;
}

}  // namespace

ShownNames ShownIn(const MatchReport& report, int top) {
  ShownNames shown(report.needs.size());
  for (size_t i = 0; i < report.needs.size(); ++i) {
    const v1::MatchResponse& answer = report.needs[i].answer;
    for (const v1::MatchList* list : {&answer.partners(), &answer.experts(), &answer.results()}) {
      for (int place = 0; place < std::min(list->entries_size(), top); ++place)
        shown[i].insert(list->entries(place).name());
    }
  }
  return shown;
}

absl::Status NameWhatIsShown(const v1::MatchRequest& question, int top, const ShownNames& before,
                             const AskAbout& ask, MatchReport* report) {
  const ShownNames shown = ShownIn(*report, top);
  for (size_t i = 0; i < report->needs.size(); ++i) {
    v1::MatchResponse& answer = report->needs[i].answer;
    if (shown[i] == before[i] || answer.match_id().empty()) continue;
    answer.clear_match_id();
    if (shown[i].empty()) continue;
    v1::MatchResponse of_shown;
    const absl::Status status = ask(i, QuestionFor(shown[i], question), &of_shown);
    if (status.ok()) answer.set_match_id(of_shown.match_id());
    // The need was deleted meanwhile, or a filter of the caller's does not bear another condition.
    const bool only_this = absl::IsNotFound(status) || absl::IsInvalidArgument(status);
    if (!status.ok() && !only_this) return status;
  }
  return absl::OkStatus();
}

}  // namespace dongxi::report
