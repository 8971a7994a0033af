// 考核指标: what a text says in numbers, as quantities that can be compared: 锂收率不低于85%,
// 亩产400公斤以上, 植被盖度由15%提高到45%, -35℃可用容量≥80%, 能耗降低三成. Pure functions; any thread.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/requirement/dimension.h"
#include "engine/requirement/quantity_name.h"
#include "engine/requirement/requirement_tables.h"
#include "engine/requirement/scan_text.h"

namespace dongxi::requirement {

inline constexpr double kUnbounded = std::numeric_limits<double>::infinity();

// Bytes [begin, end) of the text that was parsed.
struct ByteSpan {
  uint32_t begin = 0, end = 0;
  bool operator==(const ByteSpan&) const = default;
};

enum class Side { kNeed, kOffer };

// Where a measured value stands: at -35 ℃, at 4500 m, after 1000 cycles. Base units.
struct Circumstance {
  Dimension dimension;
  double value = 0;
  bool operator==(const Circumstance&) const = default;
};

struct Indicator {
  QuantityName name;
  // What is asked for or stated, in base units (units.tsv): closed range, ±infinity where it is open. Of a
  // change
  // (`change`): signed, -0.2 is 20 % less; relative unless `points` or a dimension says otherwise.
  double low = -kUnbounded, high = kUnbounded;
  bool explicit_low = false, explicit_high = false;  // the text itself sets that bound with a comparison
  bool open_low = false, open_high = false;          // the bound itself is left out: 小于1, 未达到85%
  bool change = false;
  bool points = false;             // percentage points
  std::optional<double> baseline;  // 由15%: the value before, base units
  double tolerance = 0;            // ± of the value, base units
  Dimension dimension;
  std::string unit;               // as written; empty: a plain number
  double factor = 1, offset = 0;  // base = number * factor + offset, for printing
  std::vector<Circumstance> circumstances;
  bool negated = false;  // 未达到, 不适用于
  bool covers = false;   // 量程 0–10 MPa: all of the range is wanted, not a value in it
  bool range = false;    // of a need: written as a range without words of comparison, 90~120天
  bool misfit = false;   // the unit cannot be one of this quantity: 收率 85 kg
  ByteSpan span;         // name, comparison, number and unit
  ByteSpan value_span;   // number and unit
};

struct ParseOptions {
  Side side = Side::kNeed;
  // The text describes a situation: only what the text demands in words (要求, 需要, 不低于 …) is taken.
  bool demands_only = false;
  // Each text is an indicator (the field 考核指标): values without a known quantity are taken as well.
  bool indicator_list = false;
};

// Indicators in the order of the text, at most kIndicatorsMax. What a text says of the present state or of
// other methods (目前, 传统工艺 …) is left out. A need's value without a comparison is read as its quantity
// serves: 收率 85% as at least, 能耗 50 kWh/t as at most. Empty for ill-formed UTF-8. Never fails.
inline constexpr size_t kIndicatorsMax = 200;
std::vector<Indicator> ParseIndicators(std::string_view text, const ParseOptions& options,
                                       const RequirementTables& tables);

// The same of a text that is scanned already.
std::vector<Indicator> ParseIndicators(const ScanText& scan, const ParseOptions& options,
                                       const RequirementTables& tables);

// "85 %", "≥85 %", "82–88 %", "降低 20 %": the range in the indicator's own unit.
std::string RangeText(const Indicator& indicator);
// A value or difference in the indicator's own unit; differences leave out the offset of ℃.
std::string ValueText(const Indicator& indicator, double base_value, bool difference = false);

}  // namespace dongxi::requirement
