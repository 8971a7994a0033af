// Numbers with their units in a text: single values, ranges, tolerances, ratios. Private to
// engine/requirement. Pure functions; any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "engine/requirement/requirement_tables.h"
#include "engine/requirement/scan_text.h"

namespace dongxi::requirement {

// A unit as written, with its parts: 元/亩, mg·L⁻¹, W/(m·K).
struct UnitReading {
  size_t end = 0;  // character after it
  std::string text;
  Dimension dimension;
  double factor = 1, offset = 0;
};
// The unit that begins at `at`; nothing where none does.
std::optional<UnitReading> ReadUnit(const ScanText& scan, size_t at, const RequirementTables& tables);

struct QuantityToken {
  size_t begin = 0, end = 0;  // characters, the unit included
  double low = 0, high = 0;   // base units; equal for a single value
  bool range = false;         // two numbers stand there
  bool both_ends = false;     // the text bounds both sides with signs: 90%≤纯度≤99%
  double tolerance = 0;       // of a ± after the value, base units
  bool symmetric = false;     // ±2: how far it may be off; low = -high
  bool has_unit = false;
  bool weak = false;  // hardly a quantity unless a name and a comparison stand beside it
  UnitReading unit;
};

// All quantities of a text in order. Years, dates, numbers of formulas and standards, and words with numerals
// in them (words.tsv) are left out.
std::vector<QuantityToken> ScanQuantities(const ScanText& scan, const RequirementTables& tables);

}  // namespace dongxi::requirement
