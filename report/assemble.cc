#include "report/assemble.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "engine/base/crc32c.h"
#include "engine/base/status_macros.h"
#include "report/emptied.h"

namespace dongxi::report {
namespace {

constexpr char kInstitutionPrefix[] = "institutions/";

// 词面 1.2、政策 0: the weights that were changed.
std::string WeightsText(const v1::RankingWeights& weights) {
  std::vector<std::string> parts;
  const auto add = [&parts](const char* name, bool set, double value) {
    if (set) parts.push_back(absl::StrFormat("%s %g", name, value));
  };
  add("词面", weights.has_lexical(), weights.lexical());
  add("语义", weights.has_semantic(), weights.semantic());
  add("反馈", weights.has_feedback(), weights.feedback());
  add("政策", weights.has_policy(), weights.policy());
  add("方式", weights.has_mode(), weights.mode());
  add("成熟度", weights.has_maturity(), weights.maturity());
  add("条件", weights.has_condition(), weights.condition());
  return absl::StrJoin(parts, "、");
}

std::string DiversityText(const v1::Diversity& diversity) {
  if (diversity.has_lambda()) return absl::StrFormat("%g", diversity.lambda());
  switch (diversity.level()) {
    case v1::Diversity::OFF:
      return "不要求";
    case v1::Diversity::LOW:
      return "低";
    case v1::Diversity::HIGH:
      return "高";
    default:
      return "";
  }
}

std::vector<std::string> OptionLines(const v1::MatchRequest& choice, int top,
                                     const std::string& need_filter) {
  std::vector<std::string> lines = {absl::StrCat("每个列表至多 ", top, " 条")};
  if (!choice.kinds().empty()) {
    std::vector<std::string> words;
    for (const int kind : choice.kinds()) words.push_back(ListName(static_cast<v1::RecordKind>(kind)));
    lines.push_back("列表：" + absl::StrJoin(words, "、"));
  }
  if (!choice.filter().empty()) lines.push_back("候选条件：" + choice.filter());
  if (choice.has_policy_weight()) lines.push_back(absl::StrFormat("政策权重 %g", choice.policy_weight()));
  if (choice.per_institution_max() > 0)
    lines.push_back(absl::StrCat("每家机构在一份名单里至多 ", choice.per_institution_max(), " 条"));
  if (!choice.ranking_profile().empty()) lines.push_back("排序方案：" + choice.ranking_profile());
  if (const std::string text = WeightsText(choice.weights()); !text.empty())
    lines.push_back("改过的权重：" + text);
  if (const std::string text = DiversityText(choice.diversity()); !text.empty())
    lines.push_back("多样性：" + text);
  if (!need_filter.empty()) lines.push_back("需求条件：" + need_filter);
  return lines;
}

}  // namespace

v1::MatchRequest QuestionOf(const v1::MatchRequest& choice, int top, const ExposureLimits& limits) {
  v1::MatchRequest question = choice;
  question.clear_read_mask();
  question.set_page_size(std::min(top * (limits.any() ? kExposureReserve : 1), kPageSizeMax));
  question.set_view(v1::MATCH_VIEW_FULL);
  return question;
}

absl::Status AskForReport(const v1::MatchRequest& question, int top, const AskOnce& ask,
                          v1::MatchResponse* answer) {
  DX_RETURN_IF_ERROR(ask(question, answer));
  if (question.page_size() <= top) return absl::OkStatus();
  v1::MatchRequest listed = question;
  listed.set_page_size(top);
  v1::MatchResponse of_listed;
  DX_RETURN_IF_ERROR(ask(listed, &of_listed));
  answer->set_match_id(of_listed.match_id());
  answer->clear_consortium();
  answer->clear_owner_question();
  if (of_listed.has_consortium()) answer->mutable_consortium()->Swap(of_listed.mutable_consortium());
  if (of_listed.has_owner_question())
    answer->mutable_owner_question()->Swap(of_listed.mutable_owner_question());
  return absl::OkStatus();
}

void TellQuestion(const v1::MatchRequest& choice, int top, const std::string& need_filter,
                  MatchReport* report) {
  report->options = OptionLines(choice, top, need_filter);
  report->top = top;
  report->kinds.clear();
  for (const int kind : choice.kinds()) report->kinds.push_back(static_cast<v1::RecordKind>(kind));
}

std::string KeyOf(const v1::Need& need) {
  return absl::StrCat(need.name(), " ", Crc32c(need.SerializeAsString()));
}

bool AsksFor(const v1::MatchRequest& choice, v1::RecordKind kind) {
  return choice.kinds().empty() ||
         std::find(choice.kinds().begin(), choice.kinds().end(), kind) != choice.kinds().end();
}

std::set<std::string> InstitutionsToName(const MatchReport& report) {
  std::set<std::string> names;
  const auto add = [&names](const std::string& name) {
    if (name.starts_with(kInstitutionPrefix)) names.insert(name);
  };
  for (const NeedMatches& need : report.needs) {
    add(need.need.institution());
    for (const v1::MatchList* list : {&need.answer.experts(), &need.answer.results()}) {
      for (const v1::MatchEntry& entry : list->entries())
        std::for_each(entry.institutions().begin(), entry.institutions().end(), add);
    }
  }
  return names;
}

std::set<std::string> WantedNames(const MatchReport& report, int top) {
  std::set<std::string> wanted;
  for (const NeedMatches& need : report.needs) {
    wanted.insert(need.need.institution());
    for (const v1::MatchList* list :
         {&need.answer.partners(), &need.answer.experts(), &need.answer.results()}) {
      for (int place = 0; place < std::min(list->entries_size(), top); ++place) {
        const v1::MatchEntry& entry = list->entries(place);
        if (!entry.adequate()) continue;
        wanted.insert(entry.name());
        wanted.insert(entry.institutions().begin(), entry.institutions().end());
      }
    }
  }
  return wanted;
}

bool CanTellIdleOffers(const v1::MatchRequest& choice) {
  return choice.filter().empty() && choice.per_institution_max() == 0;
}

bool IsIdle(const std::set<std::string>& wanted, const std::string& today, const IdleOffer& offer,
            const std::string& valid_until) {
  if (wanted.contains(offer.name) || (!valid_until.empty() && valid_until < today)) return false;
  return !offer.name.starts_with(kInstitutionPrefix) || !wanted.contains(offer.title);
}

void FillRegions(const std::map<std::string, std::string>& regions, std::vector<IdleOffer>* offers) {
  for (IdleOffer& offer : *offers) {
    const auto region = regions.find(offer.owner);
    if (offer.region_code.empty() && region != regions.end()) offer.region_code = region->second;
  }
}

std::string DayOf(const MatchReport& report) {
  int64_t latest = 0;
  for (const NeedMatches& need : report.needs)
    latest = std::max<int64_t>(latest, need.answer.provenance().read_time().seconds());
  const absl::Time time = latest > 0 ? absl::FromUnixSeconds(latest) : absl::Now();
  return absl::FormatTime("%Y-%m-%d", time, absl::FixedTimeZone(8 * 60 * 60));
}

void MakeReproducible(v1::MatchResponse* answer) {
  answer->clear_match_id();
  answer->mutable_provenance()->clear_read_time();
  for (v1::MatchList* list :
       {answer->mutable_partners(), answer->mutable_experts(), answer->mutable_results()})
    list->clear_next_page_token();
}

}  // namespace dongxi::report
