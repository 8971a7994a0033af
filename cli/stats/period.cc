#include "cli/stats/period.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace dongxi::cli {
namespace {

constexpr int kYearMin = 1990, kYearMax = 2100;

// The number that all of `text` is.
std::optional<int> NumberOf(const std::string& text) {
  if (text.empty() || text.size() > 4 || text.find_first_not_of("0123456789") != std::string::npos)
    return std::nullopt;
  return std::stoi(text);
}

std::optional<int> YearOf(const std::string& text) {
  const std::optional<int> year = text.size() == 4 ? NumberOf(text) : std::nullopt;
  return year && *year >= kYearMin && *year <= kYearMax ? year : std::nullopt;
}

std::string Words(absl::CivilDay day, bool with_year) {
  return with_year ? absl::StrFormat("%d年%d月%d日", day.year(), day.month(), day.day())
                   : absl::StrFormat("%d月%d日", day.month(), day.day());
}

std::string RangeWords(const DayRange& days) {
  const absl::CivilDay last = days.end - 1;
  return Words(days.first, true) + "至" + Words(last, last.year() != days.first.year());
}

absl::CivilDay YearsBefore(absl::CivilDay day, int years) {
  return absl::CivilDay(day.year() - years, day.month(), day.day());
}

// For a first day: 29 February becomes the 28th where there is none. As 1 March it could lie behind the end.
absl::CivilDay FirstDayBefore(absl::CivilDay day, int years) {
  const absl::CivilDay before = YearsBefore(day, years);
  return before.day() == day.day() ? before : before - 1;
}

// For an end. Whole years and a few days reach back into the period, whose days are not compared with
// themselves.
absl::CivilDay EndBefore(absl::CivilDay end, int years, absl::CivilDay first) {
  return std::min(YearsBefore(end, years), first);
}

Period Years(int first, int last) {
  const int years = last - first + 1;
  const auto label = [](int from, int to) {
    return from == to ? absl::StrFormat("%d年", to) : absl::StrFormat("%d—%d年", from, to);
  };
  return {{absl::CivilDay(first, 1, 1), absl::CivilDay(last + 1, 1, 1)},
          label(first, last),
          {absl::CivilDay(first - years, 1, 1), absl::CivilDay(first, 1, 1)},
          label(first - years, last - years)};
}

Period Months(int year, int month, int months, const std::string& what) {
  const auto range = [&](int of) {
    const absl::CivilMonth first(of, month);
    return DayRange{absl::CivilDay(first), absl::CivilDay(first + months)};
  };
  return {range(year), absl::StrFormat("%d年%s", year, what), range(year - 1),
          absl::StrFormat("%d年%s", year - 1, what)};
}

std::optional<Period> Days(const std::string& text) {
  const size_t dots = text.find("..");
  if (dots == std::string::npos) return std::nullopt;
  absl::CivilDay first, last;
  if (!absl::ParseCivilTime(text.substr(0, dots), &first) ||
      !absl::ParseCivilTime(text.substr(dots + 2), &last))
    return std::nullopt;
  if (last < first || first.year() < kYearMin || last.year() > kYearMax) return std::nullopt;
  const int years = static_cast<int>((last - first) / 366) + 1;
  Period period{{first, last + 1}, "", {FirstDayBefore(first, years), EndBefore(last + 1, years, first)}, ""};
  period.label = RangeWords(period.days);
  period.earlier_label = RangeWords(period.earlier);
  return period;
}

std::optional<Period> Parse(const std::string& text) {
  if (const auto year = YearOf(text)) return Years(*year, *year);
  if (text.size() == 9 && text[4] == '-') {
    const auto first = YearOf(text.substr(0, 4)), last = YearOf(text.substr(5));
    if (first && last && *first <= *last) return Years(*first, *last);
  }
  const auto year = YearOf(text.substr(0, 4));
  if (year && text.size() == 6 && (text[4] == 'Q' || text[4] == 'q') && text[5] >= '1' && text[5] <= '4') {
    const int quarter = text[5] - '0';
    return Months(*year, 3 * quarter - 2, 3, absl::StrFormat("第%d季度", quarter));
  }
  if (year && text.size() == 7 && text[4] == '-') {
    const auto month = NumberOf(text.substr(5));
    if (month && *month >= 1 && *month <= 12)
      return Months(*year, *month, 1, absl::StrFormat("%d月", *month));
  }
  return Days(text);
}

}  // namespace

absl::StatusOr<Period> ParsePeriod(const std::string& text) {
  std::optional<Period> period = Parse(text);
  if (period) return *std::move(period);
  return absl::InvalidArgumentError("--period 的值“" + text +
                                    "”不对：应为 2026、2024-2026、2026Q3、2026-03 或 2026-01-01..2026-06-30");
}

Period AsOf(Period period, absl::CivilDay day) {
  period.begun = period.days.first <= day;
  period.running = period.begun && day < period.days.end - 1;
  if (!period.running) return period;
  const auto years = static_cast<int>(period.days.first.year() - period.earlier.first.year());
  period.days.end = day + 1;
  period.earlier.end = EndBefore(day + 1, years, period.days.first);
  period.label = RangeWords(period.days);
  period.earlier_label = RangeWords(period.earlier);
  return period;
}

std::string RunningWords(const Period& period, bool compared) {
  if (!period.begun) return "本期尚未开始，不作同比";
  if (!period.running) return "";
  const absl::CivilDay last = period.days.end - 1;
  return absl::StrCat("本期未完，统计至", Words(last, last.year() != period.days.first.year()),
                      compared ? "，同比同期（" + period.earlier_label + "）" : "");
}

}  // namespace dongxi::cli
