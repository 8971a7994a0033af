// Text of a cell, as people type it. Pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace dongxi::plan {

// Without blanks around it, those of a Chinese keyboard (U+3000) and those that do not break (U+00A0) too.
std::string Trimmed(std::string_view text);

// The same for names of one person: people pad names of two characters so that they stand under those of
// three. Without blanks around it and between Chinese characters; other blanks are one ("Li Wei").
std::string PersonKey(std::string_view name);
// True for names that look like two with a blank between them: 张工 李工.
bool MayBeSeveral(std::string_view name);

// What a Chinese keyboard writes for digits, colons and signs, as the narrow ones: nobody sees the
// difference.
std::string Narrow(std::string_view text);

// Splits at 、 ， ； , ; | and line breaks.
std::vector<std::string> Items(std::string_view text);

// REQUIRES: 1 <= month <= 12.
int DaysIn(int year, int month);

}  // namespace dongxi::plan
