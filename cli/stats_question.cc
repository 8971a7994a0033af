#include "cli/stats_question.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "cli/arguments.h"
#include "cli/engagement_words.h"
#include "cli/stats/stats_words.h"
#include "engine/base/files.h"
#include "engine/base/status_macros.h"
#include "engine/record/value_parsers.h"
#include "report/words.h"

namespace dongxi::cli {
namespace {

constexpr size_t kCountiesBytesMax = 1 << 20;
constexpr size_t kLinesShown = 20;

absl::Status SetDays(const StatsOptions& options, StatsQuestion* question) {
  const absl::CivilDay today = ChinaDay(absl::ToUnixMicros(absl::Now()));
  question->date = today;
  if (!options.date.empty() && !absl::ParseCivilTime(options.date, &question->date))
    return WrongOption("--date", options.date, "应为 2026-01-15 这样的日期");
  question->as_of = std::min(question->date, today);
  DX_ASSIGN_OR_RETURN(Period period,
                      ParsePeriod(options.period.empty() ? std::to_string(today.year()) : options.period));
  // Nothing of the period is known on that day, and a period cannot be cut to no day at all.
  if (!options.date.empty() && question->date < period.days.first) {
    return WrongOption("--date", options.date,
                       "早于评估期的第一天 " + absl::FormatCivilTime(period.days.first) +
                           "；改日期，或用 --period 选这一天之前的评估期");
  }
  question->period = AsOf(std::move(period), question->as_of);
  return absl::OkStatus();
}

absl::StatusOr<v1::SimulatedEntries> SimulatedOption(const std::string& word) {
  if (word == "exclude") return v1::SIMULATED_ENTRIES_EXCLUDE;
  if (word == "include") return v1::SIMULATED_ENTRIES_INCLUDE;
  if (word == "only") return v1::SIMULATED_ENTRIES_ONLY;
  return WrongOption("--simulated", word, "应为 exclude、include 或 only");
}

bool IsCode(std::string_view digits) {
  return (digits.size() == 4 || digits.size() == 6) && CheckRegionCode("", std::string(digits)).ok();
}

// Records have 63, never 630000.
std::string WithoutFillingZeros(const std::string& code) { return ParseRegionCode(code).value_or(code); }

// 序号 1101 to 1599 and others of a long list look like codes. There are a few hundred codes of 4 digits:
// none stands on a line of so high a number.
bool CountsLines(std::string_view run, size_t line_number) {
  size_t value = 0;
  return run.size() == 4 && absl::SimpleAtoi({run.data(), run.size()}, &value) && value <= line_number;
}

// The code of a line, without filling zeros: its first run of 4 or 6 digits that a province has; of 12, as
// statistics offices write codes, the first 6. That of a whole province only if there is no other. Empty if
// there is none: a number in front of it is no code.
std::string CodeIn(std::string_view line, size_t line_number) {
  constexpr std::string_view kDigits = "0123456789";
  std::string province;
  size_t begin = line.find_first_of(kDigits);
  while (begin != std::string_view::npos) {
    const size_t end = std::min(line.find_first_not_of(kDigits, begin), line.size());
    const std::string_view run = line.substr(begin, end - begin);
    const std::string_view code = run.size() == 12 ? run.substr(0, 6) : run;
    if (IsCode(code) && !CountsLines(run, line_number)) {
      std::string found = WithoutFillingZeros(std::string(code));
      if (found.size() > 2) return found;
      province = std::move(found);
    }
    begin = line.find_first_of(kDigits, end);
  }
  return province;
}

std::string PassedOver(const std::string& file, const std::vector<size_t>& lines, const char* why) {
  const size_t shown = std::min(lines.size(), kLinesShown);
  std::string text = "--counties " + file + "：第 ";
  for (size_t i = 0; i < shown; ++i) absl::StrAppend(&text, i == 0 ? "" : "、", lines[i]);
  if (shown < lines.size()) absl::StrAppend(&text, " 等 ", lines.size());
  return text + why;
}

// The codes of a file, one of each line; lines without any, a header among them, and those of a province are
// passed over and named.
absl::Status ReadCounties(const std::string& file, StatsQuestion* question) {
  if (file.empty()) return absl::OkStatus();
  const absl::StatusOr<std::string> text = ReadFile(file, kCountiesBytesMax);
  if (!text.ok())
    return absl::InvalidArgumentError(
        absl::StrCat("读不了 --counties 指定的文件：", text.status().message()));
  std::vector<size_t> without, provinces;
  size_t number = 0;
  for (size_t begin = 0; begin < text->size();) {
    const size_t end = std::min(text->find('\n', begin), text->size());
    const std::string_view line = std::string_view(*text).substr(begin, end - begin);
    begin = end + 1;
    ++number;
    if (std::string code = CodeIn(line, number); code.size() == 2) {
      provinces.push_back(number);
    } else if (!code.empty()) {
      question->expected_regions.push_back(std::move(code));
    } else if (line.find_first_not_of(" \t\r,;") != std::string_view::npos) {
      without.push_back(number);
    }
  }
  if (!without.empty()) {
    question->notices.push_back(
        PassedOver(file, without, " 行没有 4 位或 6 位的行政区划代码，未计入；是表头就不必改"));
  }
  if (!provinces.empty())
    question->notices.push_back(PassedOver(file, provinces, " 行是省级的代码，未计入：只看地州市和县"));
  if (!question->expected_regions.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError("--counties " + file +
                                    "：没有行政区划代码；每行写一个地州市或县的代码，4 位或 6 位");
}

}  // namespace

absl::Status WrongOption(const std::string& option, const std::string& found, const std::string& expected) {
  return absl::InvalidArgumentError(option + " 的值“" + found + "”不对：" + expected);
}

absl::StatusOr<StatsQuestion> QuestionOf(const StatsOptions& options) {
  StatsQuestion question;
  DX_RETURN_IF_ERROR(SetDays(options, &question));
  for (const auto& [option, code] :
       {std::pair{"--region", &options.region}, std::pair{"--offer-region", &options.offer_region}}) {
    if (!code->empty()) DX_RETURN_IF_ERROR(CheckRegionCode(option, *code));
  }
  v1::StatisticsFilter& filter = question.filter;
  filter.set_need_region_code(WithoutFillingZeros(options.region));
  filter.set_offer_region_code(WithoutFillingZeros(options.offer_region));
  filter.set_channel(ChannelOfWord(options.channel));
  filter.set_task(options.task);
  filter.set_field(options.field);
  if (!options.mode.empty()) {
    filter.set_mode(options.mode == "none" ? options.mode : report::ModeCodeOf(options.mode));
    if (filter.mode().empty())
      return WrongOption("--mode", options.mode, "应为合作方式，如 转让、许可、联合攻关");
  }
  DX_ASSIGN_OR_RETURN(const v1::SimulatedEntries simulated, SimulatedOption(options.simulated));
  filter.set_simulated(simulated);
  for (const std::string& word : options.by) {
    const auto dimension = DimensionOfWord(word);
    if (!dimension) return WrongOption("--by", word, "应为 " + DimensionWords());
    if (std::find(question.dimensions.begin(), question.dimensions.end(), *dimension) ==
        question.dimensions.end())
      question.dimensions.push_back(*dimension);
  }
  if (question.dimensions.empty()) question.dimensions = {v1::STATISTICS_DIMENSION_TASK};
  DX_RETURN_IF_ERROR(ReadCounties(options.counties, &question));
  return question;
}

}  // namespace dongxi::cli
