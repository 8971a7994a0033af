// The words right after a number: 以上, 以内, 可调, and those that deny its use (即失效, 不适用). Private to
// engine/requirement. Pure functions; any thread.
#pragma once

#include <cstddef>

#include "engine/requirement/comparison_words.h"
#include "engine/requirement/scan_text.h"

namespace dongxi::requirement {

struct AfterNumber {
  size_t end = 0;  // character after the words
  Compare compare = Compare::kNone;
  bool adjustable = false;  // 0.2–1.0 m/s可调: of a range, every value of it
};
// What stands before `at`. Only a time goes on behind 内 (24小时内不复燃), only a number without a unit may
// have a word for what it counts before its bound (128腔以上).
enum class NumberIs { kPlain, kTime, kWithoutUnit };
AfterNumber ReadAfterNumber(const ScanText& scan, size_t at, NumberIs is);

// 静压高于25 MPa不适用, 半径小于400 m的曲线桥不适用: use is denied in the clause right behind the number,
// whose words of comparison say for what.
bool DeniesUseBehind(const ScanText& scan, size_t at);

}  // namespace dongxi::requirement
