// Whether a number with its name is an indicator at all, or only part of what a text tells. Private to
// engine/requirement. Pure functions; any thread.
#pragma once

#include <string_view>

#include "engine/requirement/after_number.h"
#include "engine/requirement/comparison_words.h"
#include "engine/requirement/indicator.h"
#include "engine/requirement/quantity_name.h"
#include "engine/requirement/quantity_scan.h"
#include "engine/requirement/requirement_tables.h"
#include "engine/requirement/scan_text.h"

namespace dongxi::requirement {

struct NumberInText {
  const ScanText& scan;
  const QuantityToken& token;
  const QuantityName& name;
  const BeforeNumber& before;
  const AfterNumber& after;
  std::u32string_view sentence;  // up to the number
  std::u32string_view clause;    // from where the name begins up to the number
  bool counted = false;          // 每处理1 m³, 一天: another number stands before that it is counted on
  bool divided = false;          // … which divides it
};

// An offer's number is taken with any name that measures something. A need's only where it is asked for: by a
// comparison, a known quantity, a change, a word of ability or extremes (能爬20%的坡, 额定负荷420kN), or the
// form of an indicator (options).
bool IsWorthTaking(const NumberInText& number, const ParseOptions& options, const RequirementTables& tables);

}  // namespace dongxi::requirement
