// Whether a sentence that counts what is in use (use_mention.h) tells of trials. Private to
// engine/requirement. Pure functions; any thread.
#pragma once

#include <cstddef>
#include <string_view>

namespace dongxi::requirement {

// Whether the sentence at `at` of `text` (ScannedField::folded) speaks of others at large (国外), or of
// things that are tried, or the same step of it of a trial: 完成中试，2022年起在12家矿山应用 goes on to use.
// Of what ran for long (`lasted`) a trial may stand in any step (中试装置2023年建成，已连续运行两年); a
// history (2018年做出样机，2022年在…) leaves the things of its earlier years behind.
bool IsOfTrials(std::u32string_view text, size_t at, bool lasted);

}  // namespace dongxi::requirement
