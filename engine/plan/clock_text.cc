#include "engine/plan/clock_text.h"

#include <charconv>
#include <cmath>
#include <cstdio>

#include "engine/plan/cell_text.h"

namespace dongxi::plan {
namespace {

bool IsDigit(char c) { return '0' <= c && c <= '9'; }

// Takes one to `digits_max` digits from the beginning of `text`. None: it begins with something else.
std::optional<int> TakeNumber(std::string_view* text, size_t digits_max) {
  int value = 0;
  size_t digits = 0;
  while (digits < text->size() && IsDigit((*text)[digits])) {
    if (digits == digits_max) return std::nullopt;
    value = value * 10 + ((*text)[digits++] - '0');
  }
  if (digits == 0) return std::nullopt;
  text->remove_prefix(digits);
  return value;
}

bool TakeMark(std::string_view* text, std::string_view mark) {
  if (!text->starts_with(mark)) return false;
  text->remove_prefix(mark.size());
  return true;
}

// The part of the day that a word names: hours as a clock of twelve shows them, from which on they are in
// the afternoon.
struct DayPart {
  std::string_view word;
  int first, last;  // hours that people write after it
  int noon_below;   // such hours below this one are twelve later
  int twelve;       // what its 12 means
};
constexpr DayPart kDayParts[] = {
    {"上午", 0, 11, 0, 12}, {"早上", 0, 11, 0, 12},  {"早晨", 0, 11, 0, 12},  {"凌晨", 0, 12, 0, 0},
    {"中午", 1, 14, 3, 12}, {"下午", 1, 23, 12, 12}, {"傍晚", 1, 23, 12, 12}, {"晚上", 1, 23, 12, -1},
    {"AM", 0, 12, 0, 0},    {"PM", 1, 23, 12, 12},
};

// A word for the part of the day before or after the time, without regard to case.
const DayPart* TakeDayPart(std::string* text) {
  for (char& c : *text) {
    if ('a' <= c && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  for (const DayPart& part : kDayParts) {
    const bool is_before = text->starts_with(part.word);
    if (!is_before && !text->ends_with(part.word)) continue;
    *text = Trimmed(is_before ? text->substr(part.word.size())
                              : text->substr(0, text->size() - part.word.size()));
    return &part;
  }
  return nullptr;
}

// -1: that part of the day has no such hour.
int HourOf(const DayPart& part, int hour) {
  if (hour < part.first || hour > part.last) return -1;
  if (hour == 12) return part.twelve;
  return hour < part.noon_below ? hour + 12 : hour;
}

// Of 09:30 and 09:30:00 and nothing else; 24:00 is the last.
std::optional<int> ClockMinute(std::string_view text, const DayPart* part) {
  const std::optional<int> written = TakeNumber(&text, 2);
  if (!written || !TakeMark(&text, ":") || text.size() < 2) return std::nullopt;
  const std::optional<int> minute = TakeNumber(&text, 2);
  std::optional<int> second = 0;
  if (TakeMark(&text, ":")) second = TakeNumber(&text, 2);
  if (!minute || !second || *minute > 59 || *second > 59 || !text.empty()) return std::nullopt;
  const int hour = part != nullptr ? HourOf(*part, *written) : *written;
  if (hour < 0 || hour > 24 || (hour == 24 && (*minute > 0 || *second > 0))) return std::nullopt;
  return hour * 60 + *minute;
}

// A date at the beginning of `text`, which is taken.
std::optional<std::string> TakeDate(std::string_view* text) {
  const std::optional<int> year = TakeNumber(text, 4);
  if (!year) return std::nullopt;
  const bool is_chinese = TakeMark(text, "年");
  const char mark = text->empty() ? ' ' : text->front();
  if (!is_chinese && (mark != '-' && mark != '/' && mark != '.')) return std::nullopt;
  if (!is_chinese) text->remove_prefix(1);
  const std::optional<int> month = TakeNumber(text, 2);
  if (!month || !TakeMark(text, is_chinese ? "月" : std::string_view(&mark, 1))) return std::nullopt;
  const std::optional<int> day = TakeNumber(text, 2);
  if (!day) return std::nullopt;
  if (is_chinese && !TakeMark(text, "日")) TakeMark(text, "号");
  if (*year < 2000 || *month < 1 || *month > 12 || *day < 1 || *day > DaysIn(*year, *month))
    return std::nullopt;
  char date[32];
  std::snprintf(date, sizeof(date), "%04d-%02d-%02d", *year, *month, *day);
  return date;
}

}  // namespace

std::optional<int> MinuteOfDay(std::string_view text) {
  std::string clock(text);
  if (const DayPart* part = TakeDayPart(&clock); part != nullptr) return ClockMinute(clock, part);
  double share = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), share);
  if (error == std::errc() && end == text.data() + text.size() && share > 0 && share < 1)
    return static_cast<int>(std::lround(share * 24 * 60));
  if (std::string_view moment = text; TakeDate(&moment) && (TakeMark(&moment, "T") || TakeMark(&moment, " ")))
    return ClockMinute(moment, nullptr);
  return ClockMinute(text, nullptr);
}

std::optional<std::string> DateOf(std::string_view text) {
  const std::optional<std::string> date = TakeDate(&text);
  const bool is_moment = TakeMark(&text, "T") || TakeMark(&text, " ");
  if (is_moment ? !ClockMinute(text, nullptr) : !text.empty()) return std::nullopt;
  return date;
}

}  // namespace dongxi::plan
