#include "report/overview.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "report/words.h"

namespace dongxi::report {
namespace {

using CountsByName = std::map<std::string, NeedCounts>;

void Count(Outcome outcome, NeedCounts* counts) {
  ++counts->needs;
  if (outcome == Outcome::kMatched) ++counts->matched;
  if (outcome == Outcome::kUnmatched) ++counts->unmatched;
  if (outcome == Outcome::kUnmatchedByLimit) ++counts->unmatched_by_limit;
  if (outcome == Outcome::kFailed) ++counts->failed;
}

std::vector<NeedCounts> MostNeedsFirst(const CountsByName& by_name) {
  std::vector<NeedCounts> all;
  for (const auto& [name, counts] : by_name) {
    all.push_back(counts);
    all.back().name = name;
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const NeedCounts& a, const NeedCounts& b) { return a.needs > b.needs; });
  return all;
}

// Collects which institutions the adequate entries of a report lead to.
class InstitutionTally {
 public:
  explicit InstitutionTally(const MatchReport& report) : report_(report) {
    for (const auto& [name, title] : report.institution_names) names_.try_emplace(title, name);
    for (const NeedMatches& need : report.needs) {
      if (!need.error.empty()) continue;
      for (const v1::MatchEntry& entry : need.answer.partners().entries())
        names_.try_emplace(entry.title(), entry.name());
    }
  }

  void Add(const NeedMatches& need) {
    std::set<std::string> in_need;
    const v1::MatchResponse& answer = need.answer;
    AddList(answer.partners(), &InstitutionCounts::as_partner, &in_need);
    AddList(answer.experts(), &InstitutionCounts::by_expert, &in_need);
    AddList(answer.results(), &InstitutionCounts::by_result, &in_need);
    for (const std::string& key : in_need) ++counts_[key].needs;
  }

  std::vector<InstitutionCounts> All() const {
    std::vector<InstitutionCounts> all;
    for (const auto& [key, counts] : counts_) all.push_back(counts);
    std::stable_sort(all.begin(), all.end(), [](const InstitutionCounts& a, const InstitutionCounts& b) {
      return std::tie(b.needs, b.as_partner, a.name) < std::tie(a.needs, a.as_partner, b.name);
    });
    return all;
  }

 private:
  // The resource name where it is known, as two institutions may have one display name; else the name as the
  // list has it. Behind an expert or a result stands the display name alone: of several that have it nobody
  // can tell which one is meant, and the first known one counts.
  const std::string& KeyOf(const std::string& name) const {
    const auto found = names_.find(name);
    return found == names_.end() ? name : found->second;
  }

  void AddList(const v1::MatchList& list, int InstitutionCounts::*way, std::set<std::string>* in_need) {
    std::set<std::string> in_list;
    for (const v1::MatchEntry& entry : list.entries()) {
      if (!entry.adequate()) continue;
      if (entry.kind() == v1::INSTITUTION) {
        in_list.insert(entry.name());
        InstitutionCounts& counts = counts_[entry.name()];
        counts.name = entry.title();
        counts.region = entry.region_name();
        counts.illustrative = entry.illustrative();
        continue;
      }
      for (const std::string& name : entry.institutions()) {
        in_list.insert(KeyOf(name));
        InstitutionCounts& counts = counts_[KeyOf(name)];
        if (counts.name.empty()) counts.name = InstitutionName(report_, name);
      }
    }
    for (const std::string& key : in_list) ++(counts_[key].*way);
    in_need->insert(in_list.begin(), in_list.end());
  }

  const MatchReport& report_;
  std::map<std::string, std::string> names_;  // resource names by display name
  std::map<std::string, InstitutionCounts> counts_;
};

// Which provinces' needs find adequate entries where. Ordered by region code.
class PairTally {
 public:
  void Add(const NeedMatches& need) {
    std::set<std::string> from;
    for (const v1::MatchList* list :
         {&need.answer.partners(), &need.answer.experts(), &need.answer.results()}) {
      for (const v1::MatchEntry& entry : list->entries()) {
        if (entry.adequate() && entry.region_code().size() >= 2)
          from.insert(entry.region_code().substr(0, 2));
      }
    }
    const std::string row = need.need.region_code().substr(0, 2);
    for (const std::string& column : from) ++counts_[{row, column}];
  }

  ProvincePairs Matrix() const {
    std::map<std::string, size_t> rows, columns;
    for (const auto& [pair, count] : counts_) {
      rows.try_emplace(pair.first, 0);
      columns.try_emplace(pair.second, 0);
    }
    ProvincePairs matrix;
    const auto number = [](std::map<std::string, size_t>& places, std::vector<std::string>& names) {
      for (auto& [code, place] : places) {
        place = names.size();
        names.push_back(ProvinceName(code));
      }
    };
    number(rows, matrix.need_provinces);
    number(columns, matrix.offer_provinces);
    matrix.needs.assign(rows.size(), std::vector<int>(columns.size(), 0));
    for (const auto& [pair, count] : counts_) matrix.needs[rows[pair.first]][columns[pair.second]] = count;
    return matrix;
  }

 private:
  std::map<std::pair<std::string, std::string>, int> counts_;
};

bool SameSource(const v1::Provenance& a, const v1::Provenance& b) {
  return a.generation() == b.generation() && a.model() == b.model() && a.policy() == b.policy();
}

void AddProvenance(const v1::Provenance& provenance, std::vector<v1::Provenance>* all) {
  const auto same = [&](const v1::Provenance& known) { return SameSource(known, provenance); };
  if (std::none_of(all->begin(), all->end(), same)) all->push_back(provenance);
}

bool HasIllustrative(const v1::MatchList& list) {
  return std::any_of(list.entries().begin(), list.entries().end(),
                     [](const v1::MatchEntry& entry) { return entry.illustrative(); });
}

std::vector<std::string> DegradedLines(const MatchReport& report) {
  std::map<std::string, int> needs;
  for (const NeedMatches& need : report.needs) {
    if (need.error.empty() && !need.answer.degraded().empty()) ++needs[need.answer.degraded()];
  }
  std::vector<std::string> lines;
  for (const auto& [why, count] : needs) lines.push_back(std::to_string(count) + " 项需求：" + why);
  return lines;
}

}  // namespace

bool IsAsked(const MatchReport& report, v1::RecordKind kind) {
  return report.kinds.empty() ||
         std::find(report.kinds.begin(), report.kinds.end(), kind) != report.kinds.end();
}

std::vector<AnswerList> AskedLists(const MatchReport& report) {
  std::vector<AnswerList> lists;
  for (const AnswerList& one : kAnswerLists) {
    if (IsAsked(report, one.kind)) lists.push_back(one);
  }
  return lists;
}

Outcome OutcomeOf(const NeedMatches& need) {
  if (!need.error.empty()) return Outcome::kFailed;
  if (HasAdequateMatch(need.answer)) return Outcome::kMatched;
  return need.emptied.empty() ? Outcome::kUnmatched : Outcome::kUnmatchedByLimit;
}

int CountAdequate(const v1::MatchList& list) {
  return static_cast<int>(std::count_if(list.entries().begin(), list.entries().end(),
                                        [](const v1::MatchEntry& entry) { return entry.adequate(); }));
}

bool IsAside(const MatchReport& report, const v1::MatchList& list, const v1::MatchEntry& entry) {
  return report.brief && !entry.adequate() && CountAdequate(list) > 0;
}

bool HasAdequateMatch(const v1::MatchResponse& answer) {
  return CountAdequate(answer.partners()) + CountAdequate(answer.experts()) +
             CountAdequate(answer.results()) >
         0;
}

std::string InstitutionName(const MatchReport& report, const std::string& name) {
  const auto found = report.institution_names.find(name);
  if (found != report.institution_names.end()) return found->second;
  // A need of a spreadsheet names its owner in words, behind what resource names begin with.
  constexpr std::string_view kCollection = "institutions/";
  return name.starts_with(kCollection) ? name.substr(kCollection.size()) : name;
}

std::vector<const IdleOffer*> IdleOf(const MatchReport& report, const IdleKind& kind) {
  std::vector<const IdleOffer*> offers;
  if (!report.idle_offers) return offers;
  for (const IdleOffer& offer : *report.idle_offers) {
    if (offer.name.rfind(kind.collection, 0) == 0) offers.push_back(&offer);
  }
  return offers;
}

std::string LikelyTask(const v1::PolicyReading& policy) {
  const v1::TaskProbability* best = nullptr;
  for (const v1::TaskProbability& task : policy.tasks()) {
    if (best == nullptr || task.probability() > best->probability()) best = &task;
  }
  return best == nullptr || best->task().empty() ? "不属于各项任务" : best->task() + " " + best->title();
}

std::string MatchTimes(const MatchReport& report) {
  std::string first, last;
  for (const NeedMatches& need : report.needs) {
    if (!need.error.empty()) continue;
    const std::string time = BeijingTime(need.answer.provenance().read_time());
    if (time.empty()) continue;
    if (first.empty() || time < first) first = time;
    last = std::max(last, time);
  }
  if (first.empty()) return "";
  return (first == last ? first : first + " 至 " + last) + "（北京时间）";
}

Exposure ExposureOf(const std::vector<InstitutionCounts>& institutions) {
  std::vector<int> needs;
  for (const InstitutionCounts& one : institutions) {
    if (one.needs > 0) needs.push_back(one.needs);
  }
  Exposure exposure;
  if (needs.empty()) return exposure;
  std::sort(needs.begin(), needs.end());
  const auto count = static_cast<double>(needs.size());
  double weighted = 0, total = 0, top = 0;
  const size_t tenth = std::max<size_t>(1, needs.size() / 10);
  for (size_t i = 0; i < needs.size(); ++i) {
    total += needs[i];
    weighted += static_cast<double>(i + 1) * needs[i];
    if (i + tenth >= needs.size()) top += needs[i];
  }
  exposure.institutions = static_cast<int>(needs.size());
  exposure.recommendations = static_cast<int>(total);
  exposure.gini = 2 * weighted / (count * total) - (count + 1) / count;
  exposure.top_share = top / total;
  return exposure;
}

Overview Summarise(const MatchReport& report) {
  Overview overview;
  CountsByName channels, provinces, tasks, fields;
  InstitutionTally tally(report);
  PairTally pairs;
  for (size_t index = 0; index < report.needs.size(); ++index) {
    const NeedMatches& need = report.needs[index];
    const Outcome outcome = OutcomeOf(need);
    const bool by_limit = outcome == Outcome::kUnmatchedByLimit;
    if (outcome != Outcome::kMatched)
      (by_limit ? overview.unmatched_by_limit : overview.unmatched).push_back(index);
    const v1::MatchResponse& answer = need.answer;
    const bool failed = outcome == Outcome::kFailed;
    Count(outcome, &overview.total);
    Count(outcome, &provinces[ProvinceName(need.need.region_code())]);
    overview.illustrative |= need.need.illustrative();
    for (const std::string& field :
         std::set<std::string>(need.need.fields().begin(), need.need.fields().end())) {
      Count(outcome, &fields[field]);
    }
    if (failed) continue;
    Count(outcome, &tasks[LikelyTask(answer.policy())]);
    pairs.Add(need);
    Count(outcome, &channels[answer.policy().channel_name()]);
    overview.with_partner += CountAdequate(answer.partners()) > 0;
    overview.with_expert += CountAdequate(answer.experts()) > 0;
    overview.with_result += CountAdequate(answer.results()) > 0;
    overview.illustrative |= HasIllustrative(answer.partners()) || HasIllustrative(answer.experts()) ||
                             HasIllustrative(answer.results());
    AddProvenance(answer.provenance(), &overview.provenances);
    tally.Add(need);
  }
  overview.channels = MostNeedsFirst(channels);
  overview.provinces = MostNeedsFirst(provinces);
  overview.tasks = MostNeedsFirst(tasks);
  overview.fields = MostNeedsFirst(fields);
  overview.institutions = tally.All();
  overview.exposure = ExposureOf(overview.institutions);
  overview.pairs = pairs.Matrix();
  overview.degraded = DegradedLines(report);
  return overview;
}

}  // namespace dongxi::report
