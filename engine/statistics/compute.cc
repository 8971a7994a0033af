#include "engine/statistics/compute.h"

#include <algorithm>
#include <map>
#include <memory>
#include <numeric>
#include <set>
#include <unordered_map>
#include <utility>

namespace dongxi {
namespace {

constexpr double kDayUs = 86'400e6;
constexpr StepWay kWays[] = {
    {Step::kShown, Step::kViewed},     {Step::kViewed, Step::kInterested}, {Step::kInterested, Step::kMet},
    {Step::kMet, Step::kSigned},       {Step::kSigned, Step::kRegistered}, {Step::kRegistered, Step::kPaid},
    {Step::kPaid, Step::kDelivered},   {Step::kShown, Step::kMet},         {Step::kShown, Step::kSigned},
    {Step::kSigned, Step::kDelivered}, {Step::kShown, Step::kRefused},     {Step::kMet, Step::kRefused},
};
constexpr size_t kWayCount = std::size(kWays);
constexpr size_t kSteps = std::size(kAllSteps);
constexpr uint32_t kNowhere = UINT32_MAX;

bool Is(const std::string& wanted, const std::string& found) {
  return wanted.empty() || wanted == found || (wanted == kNoGroup && found.empty());
}

bool PassesConditions(const LedgerRow& row, const StatisticsQuery& query) {
  return row.need_region.starts_with(query.need_region) && row.offer_region.starts_with(query.offer_region) &&
         Is(query.channel, row.channel) && Is(query.task, row.task) && Is(query.field, row.field);
}

// Many entries have a date alone, which stands for its first instant in China; others have a clock time. So
// within one day the ledger has no order, and none is read out of it.
bool SameDayOrLater(int64_t time_us, int64_t since_us) {
  return time_us >= since_us || ChinaDay(time_us) == ChinaDay(since_us);
}

// From the one to the other that is not before it; whole days where one of them is a date alone.
double DaysBetween(int64_t since_us, int64_t time_us) {
  const absl::CivilDay first = ChinaDay(since_us), last = ChinaDay(time_us);
  const bool dates = ChinaDayStartUs(first) == since_us || ChinaDayStartUs(last) == time_us;
  if (dates) return static_cast<double>(last - first);
  // What was noted of one day in the wrong order took no time.
  return std::max(0.0, static_cast<double>(time_us - since_us) / kDayUs);
}

bool LeftOut(const LedgerRow& row, Simulated simulated) {
  return row.simulated ? simulated == Simulated::kExclude : simulated == Simulated::kOnly;
}

// A need and an offer with the places of their rows, in order of time.
struct PairOfRows {
  std::vector<uint32_t> rows;
  std::array<uint32_t, kSteps> first;  // place of the first row of a step, kNowhere if there is none
  uint32_t recommended = kNowhere;     // place of the first row that tells of a recommendation
  int64_t recommended_us = 0;          // the earliest time that one of them tells
  std::string mode;                    // the last one said
};

// The rows that are looked at, with what follows from the pair of each.
class Ledger {
 public:
  Ledger(std::span<const LedgerRow> rows, const StatisticsQuery& query) : rows_(rows) {
    const int64_t end_us = ChinaDayStartUs(query.period.end);
    std::vector<uint32_t> order;
    for (uint32_t place = 0; place < rows.size(); ++place) {
      const LedgerRow& row = rows[place];
      if (row.event_time_us >= end_us || !PassesConditions(row, query)) continue;
      if (LeftOut(row, query.simulated)) {
        const bool counted = row.simulated && query.period.Contains(ChinaDay(row.event_time_us));
        simulated_left_out_ += counted ? 1 : 0;
        continue;
      }
      order.push_back(place);
    }
    std::sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) {
      return std::pair(rows[a].event_time_us, std::string_view(rows[a].id)) <
             std::pair(rows[b].event_time_us, std::string_view(rows[b].id));
    });
    MakePairs(order);
    if (!query.mode.empty()) KeepMode(query.mode);
  }

  const std::vector<PairOfRows>& pairs() const { return pairs_; }
  const LedgerRow& row(uint32_t place) const { return rows_[place]; }
  int64_t simulated_left_out() const { return simulated_left_out_; }

 private:
  void MakePairs(const std::vector<uint32_t>& order) {
    std::unordered_map<std::string, size_t> known;
    for (const uint32_t place : order) {
      const LedgerRow& row = rows_[place];
      const auto [found, added] = known.try_emplace(row.need + '\n' + row.offer, pairs_.size());
      if (added) {
        pairs_.emplace_back();
        pairs_.back().first.fill(kNowhere);
      }
      PairOfRows& pair = pairs_[found->second];
      pair.rows.push_back(place);
      uint32_t& first = pair.first[static_cast<size_t>(row.step) - 1];
      if (first == kNowhere) first = place;
      if (!row.mode.empty()) pair.mode = row.mode;
      if (!TellsOfRecommendation(row)) continue;
      const int64_t told_us = RecommendedAtUs(row);
      pair.recommended_us = pair.recommended == kNowhere ? told_us : std::min(pair.recommended_us, told_us);
      if (pair.recommended == kNowhere) pair.recommended = place;
    }
  }
  void KeepMode(const std::string& mode) {
    std::erase_if(pairs_, [&](const PairOfRows& pair) {
      return mode == kNoGroup ? !pair.mode.empty() : pair.mode != mode;
    });
  }

  const std::span<const LedgerRow> rows_;
  std::vector<PairOfRows> pairs_;
  int64_t simulated_left_out_ = 0;
};

// One group while it is counted.
struct Counting {
  Group group;
  std::array<std::set<std::string_view>, kFigures> needs;
  std::array<std::set<size_t>, kFigures> pairs;
  std::set<std::string_view> all_needs;
  std::array<std::vector<double>, kWayCount> days;
  std::array<std::vector<uint32_t>, kWayCount> day_entries;
  std::array<StepConversion, kWayCount> conversions;
};
using Countings = std::map<std::string, Counting>;

// Counts one period, by one dimension or as a whole.
class Counter {
 public:
  Counter(const Ledger& ledger, const DayRange& period, std::optional<Dimension> dimension)
      : ledger_(ledger),
        begin_us_(ChinaDayStartUs(period.first)),
        end_us_(ChinaDayStartUs(period.end)),
        dimension_(dimension) {}

  void AddPairs() {
    for (size_t at = 0; at < ledger_.pairs().size(); ++at) {
      const PairOfRows& pair = ledger_.pairs()[at];
      for (const uint32_t place : pair.rows) {
        if (Within(ledger_.row(place))) AddRow(place, at, pair);
      }
      for (size_t way = 0; way < kWayCount; ++way) AddWay(way, pair);
    }
  }

  void AddNeeds(std::span<const NeedRow> needs, const DayRange& period, const StatisticsQuery& query) {
    for (const NeedRow& need : needs) {
      const bool open = need.first_day < period.end && need.last_day >= period.first;
      if (!open || !Passes(need, query)) continue;
      if (!dimension_) {
        Of("").all_needs.insert(need.name);
        continue;
      }
      for (const std::string& key : GroupKeysOf(*dimension_, need, period))
        Of(key).all_needs.insert(need.name);
    }
  }

  Counting& Of(const std::string& key) { return countings_[key]; }

  Countings Finish() && {
    for (auto& [key, counting] : countings_) FinishGroup(key, &counting);
    return std::move(countings_);
  }

 private:
  bool Within(const LedgerRow& row) const {
    return row.event_time_us >= begin_us_ && row.event_time_us < end_us_;
  }
  std::string KeyOf(const LedgerRow& row, const PairOfRows& pair) const {
    return dimension_ ? GroupKeyOf(*dimension_, row, pair.mode) : "";
  }
  static bool Passes(const NeedRow& need, const StatisticsQuery& query) {
    const auto has = [](const std::vector<std::string>& all, const std::string& one) {
      if (one == kNoGroup) return all.empty();
      return one.empty() || std::find(all.begin(), all.end(), one) != all.end();
    };
    // By its first field, as its entries are.
    return need.region.starts_with(query.need_region) && Is(query.task, need.task) &&
           (query.channel.empty() || query.channel == need.channel) &&
           Is(query.field, need.fields.empty() ? "" : need.fields.front()) && has(need.modes, query.mode);
  }

  void AddRow(uint32_t place, size_t pair_at, const PairOfRows& pair) {
    const LedgerRow& row = ledger_.row(place);
    const bool recommended =
        pair.recommended != kNowhere && SameDayOrLater(row.event_time_us, pair.recommended_us);
    Counting& counting = Of(KeyOf(row, pair));
    counting.all_needs.insert(row.need);
    AddTo(static_cast<FigureKind>(row.step), place, pair_at, &counting);
    if (place == pair.recommended) AddTo(FigureKind::kMatched, place, pair_at, &counting);
    if (row.step == Step::kSigned) {
      AddTo(recommended ? FigureKind::kSignedRecommended : FigureKind::kSignedUnrecommended, place, pair_at,
            &counting);
    }
    if (row.step == Step::kRefused) counting.group.refusals[static_cast<size_t>(row.reason)].push_back(place);
  }
  void AddTo(FigureKind kind, uint32_t place, size_t pair_at, Counting* counting) {
    const LedgerRow& row = ledger_.row(place);
    const size_t at = static_cast<size_t>(kind) - 1;
    Figure& figure = counting->group.figures[at];
    figure.entries.push_back(place);
    counting->needs[at].insert(row.need);
    counting->pairs[at].insert(pair_at);
    if (!row.amount_wan) return;
    ++figure.with_amount;
  }

  // The first row of a step on the day of `since_us` or later, before the period's end.
  uint32_t FirstOf(Step step, int64_t since_us, const PairOfRows& pair) const {
    for (const uint32_t place : pair.rows) {
      const LedgerRow& row = ledger_.row(place);
      if (row.event_time_us >= end_us_) break;
      if (row.step == step && SameDayOrLater(row.event_time_us, since_us)) return place;
    }
    return kNowhere;
  }

  void AddWay(size_t way, const PairOfRows& pair) {
    const bool recommendation = kWays[way].from == Step::kShown;
    const uint32_t from =
        recommendation ? pair.recommended : pair.first[static_cast<size_t>(kWays[way].from) - 1];
    if (from == kNowhere) return;
    const LedgerRow& began = ledger_.row(from);
    const int64_t since_us = recommendation ? pair.recommended_us : began.event_time_us;
    const uint32_t to = FirstOf(kWays[way].to, since_us, pair);
    if (Within(began)) {
      StepConversion& conversion = Of(KeyOf(began, pair)).conversions[way];
      conversion.began.push_back(from);
      if (to != kNowhere) conversion.reached.push_back(to);
    }
    if (to == kNowhere || !Within(ledger_.row(to))) return;
    Counting& counting = Of(KeyOf(ledger_.row(to), pair));
    counting.days[way].push_back(DaysBetween(since_us, ledger_.row(to).event_time_us));
    counting.day_entries[way].push_back(to);
  }

  void FinishGroup(const std::string& key, Counting* counting) {
    Group& group = counting->group;
    group.key = key;
    group.needs = static_cast<int64_t>(counting->all_needs.size());
    for (size_t at = 0; at < kFigures; ++at) {
      Figure& figure = group.figures[at];
      std::sort(figure.entries.begin(), figure.entries.end());
      figure.pairs = static_cast<int64_t>(counting->pairs[at].size());
      figure.needs = static_cast<int64_t>(counting->needs[at].size());
      figure.amount_wan = SumOf(figure.entries);
    }
    for (std::vector<uint32_t>& entries : group.refusals) std::sort(entries.begin(), entries.end());
    for (size_t way = 0; way < kWayCount; ++way) {
      StepDuration duration{kWays[way].from, kWays[way].to, std::move(counting->day_entries[way]), {}};
      std::sort(duration.entries.begin(), duration.entries.end());
      if (!counting->days[way].empty()) duration.days = QuartilesOf(std::move(counting->days[way]));
      group.durations.push_back(std::move(duration));
      StepConversion conversion = std::move(counting->conversions[way]);
      conversion.from = kWays[way].from;
      conversion.to = kWays[way].to;
      conversion.interval = WilsonInterval(static_cast<int64_t>(conversion.reached.size()),
                                           static_cast<int64_t>(conversion.began.size()));
      for (std::vector<uint32_t>* entries : {&conversion.began, &conversion.reached})
        std::sort(entries->begin(), entries->end());
      group.conversions.push_back(std::move(conversion));
    }
  }
  // In order of amount, so that the order of the ledger does not change the last digits.
  double SumOf(const std::vector<uint32_t>& entries) const {
    std::vector<double> amounts;
    for (const uint32_t place : entries) amounts.push_back(ledger_.row(place).amount_wan.value_or(0));
    std::sort(amounts.begin(), amounts.end());
    return InWholeFen(std::accumulate(amounts.begin(), amounts.end(), 0.0));
  }

  const Ledger& ledger_;
  const int64_t begin_us_, end_us_;
  const std::optional<Dimension> dimension_;
  Countings countings_;
};

class Computation {
 public:
  Computation(std::span<const LedgerRow> rows, std::span<const NeedRow> needs, const Policy& policy,
              const StatisticsQuery& query)
      : rows_(rows), needs_(needs), policy_(policy), query_(query), pairings_(policy), ledger_(rows, query) {
    if (query.earlier) earlier_ledger_ = std::make_unique<Ledger>(rows, EarlierOf(query));
  }

  Statistics Run() {
    Statistics statistics;
    GroupTable whole = TableOf(std::nullopt);
    statistics.total = whole.groups.empty() ? EmptyGroup("") : std::move(whole.groups.front());
    for (const Dimension dimension : query_.dimensions) statistics.tables.push_back(TableOf(dimension));
    CountMarks(&statistics);
    FindInactive(&statistics);
    statistics.unserved =
        UnservedRegions(RowsOfRegions(), needs_, policy_, query_.need_region, query_.expected_regions);
    return statistics;
  }

 private:
  // What a pair's mode and recommendation were at the end of the earlier period: as if it were asked for
  // alone.
  static StatisticsQuery EarlierOf(StatisticsQuery query) {
    query.period = *query.earlier;
    return query;
  }

  Countings CountOf(const Ledger& ledger, const DayRange& period, std::optional<Dimension> dimension) const {
    Counter counter(ledger, period, dimension);
    if (!dimension) counter.Of("");
    counter.AddPairs();
    counter.AddNeeds(needs_, period, query_);
    return std::move(counter).Finish();
  }

  static Group EmptyGroup(const std::string& key) {
    Group group;
    group.key = key;
    for (const StepWay& way : kWays) {
      group.durations.push_back({way.from, way.to, {}, {}});
      group.conversions.push_back({way.from, way.to, {}, {}, {}});
    }
    return group;
  }

  GroupTable TableOf(std::optional<Dimension> dimension) const {
    GroupTable table;
    if (dimension) table.dimension = *dimension;
    Countings now = CountOf(ledger_, query_.period, dimension);
    Countings before;
    // A year of this period is none of the earlier one.
    const bool compared = earlier_ledger_ && dimension != Dimension::kYear;
    if (compared) before = CountOf(*earlier_ledger_, *query_.earlier, dimension);
    for (const std::string& key : KeysOf(dimension, now, before)) {
      const auto found = now.find(key);
      Group group = found != now.end() ? std::move(found->second.group) : EmptyGroup(key);
      if (dimension) group.label = GroupLabel(*dimension, key, policy_, pairings_);
      if (compared) AddEarlier(before, &group);
      table.groups.push_back(std::move(group));
    }
    return table;
  }

  std::vector<std::string> KeysOf(std::optional<Dimension> dimension, const Countings& now,
                                  const Countings& before) const {
    std::vector<std::string> keys;
    if (dimension) {
      keys = ExpectedKeys(*dimension, policy_, pairings_, query_.period, query_.need_region, query_.channel,
                          query_.task);
    }
    std::set<std::string> others;
    for (const Countings* countings : {&now, &before}) {
      for (const auto& [key, counting] : *countings) {
        if (std::find(keys.begin(), keys.end(), key) == keys.end()) others.insert(key);
      }
    }
    // What belongs to no group comes last.
    const bool rest = others.erase(kNoGroup) > 0;
    keys.insert(keys.end(), others.begin(), others.end());
    if (rest) keys.push_back(kNoGroup);
    return keys;
  }

  static void AddEarlier(const Countings& before, Group* group) {
    group->earlier.emplace();
    const auto found = before.find(group->key);
    if (found == before.end()) return;
    group->earlier_needs = found->second.group.needs;
    group->earlier = found->second.group.figures;
  }

  void CountMarks(Statistics* statistics) const {
    statistics->simulated_left_out = ledger_.simulated_left_out();
    for (const PairOfRows& pair : ledger_.pairs()) {
      for (const uint32_t place : pair.rows) {
        const LedgerRow& row = ledger_.row(place);
        const absl::CivilDay day = ChinaDay(row.event_time_us);
        const bool now = query_.period.Contains(day);
        const bool before = query_.earlier && query_.earlier->Contains(day);
        if (row.simulated && (now || before)) statistics->simulated_entries.push_back(place);
        if (!now) continue;
        ++statistics->entries;
        statistics->illustrative += row.illustrative ? 1 : 0;
        statistics->simulated += row.simulated ? 1 : 0;
        statistics->need_deleted += row.need_deleted ? 1 : 0;
      }
    }
    AddEarlierSimulated(&statistics->simulated_entries);
    std::sort(statistics->simulated_entries.begin(), statistics->simulated_entries.end());
  }

  // Of pairs that had the mode of the query at the end of the earlier period, but have another one now.
  void AddEarlierSimulated(std::vector<uint32_t>* places) const {
    if (!earlier_ledger_) return;
    const std::set<uint32_t> known(places->begin(), places->end());
    for (const PairOfRows& pair : earlier_ledger_->pairs()) {
      for (const uint32_t place : pair.rows) {
        const LedgerRow& row = earlier_ledger_->row(place);
        if (!row.simulated || known.contains(place)) continue;
        if (query_.earlier->Contains(ChinaDay(row.event_time_us))) places->push_back(place);
      }
    }
  }

  void FindInactive(Statistics* statistics) const {
    std::set<std::string_view> active;
    for (const PairOfRows& pair : ledger_.pairs()) {
      for (const uint32_t place : pair.rows) {
        const LedgerRow& row = ledger_.row(place);
        if (query_.period.Contains(ChinaDay(row.event_time_us))) active.insert(row.task);
      }
    }
    for (const std::string& task : ExpectedKeys(Dimension::kTask, policy_, pairings_, query_.period,
                                                query_.need_region, query_.channel, query_.task)) {
      if (!active.contains(task)) statistics->inactive_tasks.push_back(task);
    }
  }

  // Of any task, field, mode and offer: a region that met for another task was served.
  std::vector<const LedgerRow*> RowsOfRegions() const {
    std::vector<const LedgerRow*> rows;
    const int64_t end_us = ChinaDayStartUs(query_.period.end);
    for (const LedgerRow& row : rows_) {
      if (row.event_time_us < end_us && !LeftOut(row, query_.simulated)) rows.push_back(&row);
    }
    return rows;
  }

  const std::span<const LedgerRow> rows_;
  const std::span<const NeedRow> needs_;
  const Policy& policy_;
  const StatisticsQuery& query_;
  const PairingLines pairings_;
  const Ledger ledger_;
  std::unique_ptr<const Ledger> earlier_ledger_;  // of query_.earlier; null without it
};

}  // namespace

std::string_view ChineseNameOf(FigureKind kind) {
  if (kind == FigureKind::kSignedRecommended) return "签约（经推荐）";
  if (kind == FigureKind::kSignedUnrecommended) return "签约（未经推荐）";
  if (kind == FigureKind::kMatched) return "得到推荐";
  return ChineseNameOf(static_cast<Step>(kind));
}

bool PassesFilter(const LedgerRow& row, const StatisticsQuery& query) {
  return PassesConditions(row, query) && !LeftOut(row, query.simulated);
}

std::span<const StepWay> StepWays() { return kWays; }

Statistics ComputeStatistics(std::span<const LedgerRow> ledger, std::span<const NeedRow> needs,
                             const Policy& policy, const StatisticsQuery& query) {
  return Computation(ledger, needs, policy, query).Run();
}

}  // namespace dongxi
