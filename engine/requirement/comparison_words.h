// The words between a quantity's name and its number, and right after the number: 不低于, 提高到, 较…降低,
// 以上. A comparison that is denied (不应小于, 严禁超过) is the other one and takes the number itself in.
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

struct BeforeNumber {
  size_t name_end = 0;  // the name is the text up to here
  Compare compare = Compare::kNone;
  int change = 0;        // +1 提高, -1 降低
  bool to = false;       // …到, …至: the number is the value reached, not the difference
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

struct AfterNumber {
  size_t end = 0;  // character after the words
  Compare compare = Compare::kNone;
};
// What stands before `at`. Only a time goes on behind 内 (24小时内不复燃), only a number without a unit may
// have a word for what it counts before its bound (128腔以上).
enum class NumberIs { kPlain, kTime, kWithoutUnit };
AfterNumber ReadAfterNumber(const ScanText& scan, size_t at, NumberIs is);

// 静压高于25 MPa不适用, 半径小于400 m的曲线桥不适用: use is denied in the clause right behind the number,
// whose words of comparison say for what.
bool DeniesUseBehind(const ScanText& scan, size_t at);

}  // namespace dongxi::requirement
