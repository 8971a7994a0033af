// Figures of the ledger over a period: what was reached, how long it took, which share went on, by group.
// Pure functions; any thread.
//
// What is counted. A figure counts entries of one step whose event lies in the period. Its pairs and needs
// are the distinct ones of those entries. kMatched counts the entries that first tell of their pair's
// recommendation (TellsOfRecommendation): its needs are those that were recommended something (得到推荐). A
// conversion from A to B follows the pairs whose first entry of A lies in the period: how many have an entry
// of B on the same day or later, before the period's end; from 推荐 it follows the pairs of kMatched, since
// RecommendedAtUs. A duration is that from the first A to that B, counted where B lies in the period: in
// whole days where one of the two is a date alone. Days are those of China; within one no order is known, as
// some entries have a clock time and others do not. What happens after the end never changes the figures of a
// period, what is corrected later does. A signature counts as recommended if its pair was recommended on its
// day or before.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/policy/policy.h"
#include "engine/statistics/group_key.h"
#include "engine/statistics/ledger_row.h"
#include "engine/statistics/measures.h"
#include "engine/statistics/served_regions.h"

namespace dongxi {

// The first nine are the steps, with their numbers; numbers are those of dongxi.v1.FigureKind.
enum class FigureKind : uint8_t {
  kShown = 1,
  kViewed = 2,
  kInterested = 3,
  kMet = 4,
  kSigned = 5,
  kRegistered = 6,
  kPaid = 7,
  kDelivered = 8,
  kRefused = 9,
  kSignedRecommended = 10,    // signed after a recommendation
  kSignedUnrecommended = 11,  // signed without
  kMatched = 12,              // first to tell of the pair's recommendation
};
inline constexpr int kFigures = 12;
// 推荐, 签约（经推荐） …
std::string_view ChineseNameOf(FigureKind kind);

struct Figure {
  std::vector<uint32_t> entries;  // places in the ledger given, ascending
  int64_t pairs = 0, needs = 0;
  double amount_wan = 0;    // sum of the amounts that are known
  int64_t with_amount = 0;  // entries that have one
};

struct StepDuration {
  Step from = Step::kShown, to = Step::kShown;
  std::vector<uint32_t> entries;  // the later ones
  Quartiles days;                 // zeros without entries
};

struct StepConversion {
  Step from = Step::kShown, to = Step::kShown;
  // One a pair: the entry with which it entered, and of those that went on the one with which they did.
  std::vector<uint32_t> began, reached;
  Interval95 interval;  // of reached / began
};

// From, to: the steps of a match in order, and the two long ways.
struct StepWay {
  Step from, to;
};
std::span<const StepWay> StepWays();

struct Group {
  std::string key, label;
  // Open at some time of the period (by year: of the year's part of it), or with entries in it.
  int64_t needs = 0;
  std::array<Figure, kFigures> figures;                             // by FigureKind - 1
  std::array<std::vector<uint32_t>, kRefusalReasons + 1> refusals;  // entries by RefusalReason
  std::vector<StepDuration> durations;                              // one a way
  std::vector<StepConversion> conversions;                          // one a way
  // Of the earlier period, as if it were asked for alone: what came after it changes nothing. None if it was
  // not asked for, nor for a year, which the earlier one does not have.
  std::optional<std::array<Figure, kFigures>> earlier;
  int64_t earlier_needs = 0;

  const Figure& figure(FigureKind kind) const { return figures[static_cast<size_t>(kind) - 1]; }
};

struct GroupTable {
  Dimension dimension = Dimension::kYear;
  std::vector<Group> groups;  // those that the plan expects in its order, then others by key
};

enum class Simulated : uint8_t { kExclude = 0, kInclude = 1, kOnly = 2 };

struct StatisticsQuery {
  DayRange period;
  std::optional<DayRange> earlier;        // to compare with
  std::string need_region, offer_region;  // beginnings of codes; empty: any
  std::string channel, task, field, mode;
  Simulated simulated = Simulated::kExclude;
  std::vector<Dimension> dimensions;
  std::vector<std::string> expected_regions;  // codes that should have been served, beside those known
};

// Whether the conditions of the query that concern single entries hold, mode apart: regions, channel, task,
// field, and whether it is simulated.
bool PassesFilter(const LedgerRow& row, const StatisticsQuery& query);

struct Statistics {
  Group total;                              // key ""
  std::vector<GroupTable> tables;           // one a dimension, in order
  std::vector<std::string> inactive_tasks;  // Task::id of the plan's tasks without any entry in the period
  // Whether a region was ever met with does not depend on channel, task, field, mode or offer of the query.
  std::vector<ServedRegion> unserved;
  int64_t entries = 0, illustrative = 0, simulated = 0, need_deleted = 0;  // of the period, by their marks
  int64_t simulated_left_out = 0;           // entries of the period not counted because they are simulated
  std::vector<uint32_t> simulated_entries;  // places of those counted in either period, ascending
};

// `ledger` in any order; rows after the period's end are ignored. The same rows in another order give the
// same figures with other places.
Statistics ComputeStatistics(std::span<const LedgerRow> ledger, std::span<const NeedRow> needs,
                             const Policy& policy, const StatisticsQuery& query);

}  // namespace dongxi
