// Text of a cell, as people type it. Pure; any thread. Internal to engine/plan.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace dongxi::plan {

std::string Trimmed(std::string_view text);

// What a Chinese keyboard writes for digits, colons and signs, as the narrow ones: nobody sees the
// difference.
std::string Narrow(std::string_view text);

// Splits at 、 ， ； , ; | and line breaks.
std::vector<std::string> Items(std::string_view text);

// REQUIRES: 1 <= month <= 12.
int DaysIn(int year, int month);

}  // namespace dongxi::plan
