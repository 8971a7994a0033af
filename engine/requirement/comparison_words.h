// The words between a quantity's name and its number: 不低于, 提高到, 较…降低. A comparison that is denied
// (不应小于, 严禁超过) is the other one and takes the number itself in.
// Private to engine/requirement. Pure functions; any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "engine/requirement/requirement_tables.h"
#include "engine/requirement/scan_text.h"

namespace dongxi::requirement {

enum class Compare { kNone, kAtLeast, kMoreThan, kAtMost, kLessThan, kAbout, kReach };

// What 不 makes of it: of kMoreThan kAtMost.
Compare Denied(Compare compare);

struct BeforeNumber {
  size_t name_end = 0;  // the name is the text up to here
  Compare compare = Compare::kNone;
  int change = 0;        // +1 提高, -1 降低
  bool to = false;       // …到, …至: the number is the value reached, not the difference
  bool against = false;  // 反升, 反降: the change is against what was wished for
  bool must = false;     // 须: of an offer, what it cannot do with less
  bool negated = false;  // 未达到
  bool each = false;     // 分别, 均: the names before it share the numbers
  bool respectively = false;
  std::optional<size_t> per;  // row of the unit of 每米, 每小时 right before the number
  bool anything = false;      // some word was read
  size_t multiple_end = 0;  // not 0: the name's end if the number is a multiple of something (为…的1.6倍)
  bool multiple = false;    // it is
  bool covers = false;      // the name is a 量程 or 可调范围: the number says what must be covered
};
// `text` is what stands in the clause before the number.
BeforeNumber ReadBeforeNumber(std::u32string_view text, const RequirementTables& tables);

// 每秒最多处理8个, 每克至少吸附8毫克: a bound before the verb that the name ends in. Moves it from `name`
// into `before`, unless that has a comparison.
void TakeInnerBound(std::u32string& name, BeforeNumber& before);

// A verb of change that a name begins with (降低能耗, 提高锂收率): its length and direction; length 0 if
// none.
struct LeadingVerb {
  size_t length = 0;
  int change = 0;
};
LeadingVerb ReadLeadingVerb(std::u32string_view name);

}  // namespace dongxi::requirement
