#include "cli/stats_question.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "cli/arguments.h"
#include "cli/engagement_words.h"
#include "cli/stats/stats_words.h"
#include "engine/base/files.h"
#include "engine/base/status_macros.h"
#include "report/words.h"

namespace dongxi::cli {
namespace {

constexpr size_t kCountiesBytesMax = 1 << 20;

absl::StatusOr<v1::SimulatedEntries> SimulatedOption(const std::string& word) {
  if (word == "exclude") return v1::SIMULATED_ENTRIES_EXCLUDE;
  if (word == "include") return v1::SIMULATED_ENTRIES_INCLUDE;
  if (word == "only") return v1::SIMULATED_ENTRIES_ONLY;
  return WrongOption("--simulated", word, "应为 exclude、include 或 only");
}

// The codes of a file: the first run of 4 or 6 digits of each line; other lines (a header) are passed over.
absl::StatusOr<std::vector<std::string>> Counties(const std::string& file) {
  std::vector<std::string> codes;
  if (file.empty()) return codes;
  const absl::StatusOr<std::string> text = ReadFile(file, kCountiesBytesMax);
  if (!text.ok())
    return absl::InvalidArgumentError(
        absl::StrCat("读不了 --counties 指定的文件：", text.status().message()));
  size_t begin = 0;
  while (begin < text->size()) {
    const size_t end = std::min(text->find('\n', begin), text->size());
    const std::string line = text->substr(begin, end - begin);
    begin = end + 1;
    const size_t first = line.find_first_of("0123456789");
    if (first == std::string::npos) continue;
    const std::string code = line.substr(first, line.find_first_not_of("0123456789", first) - first);
    if (code.size() == 4 || code.size() == 6) codes.push_back(code);
  }
  if (!codes.empty()) return codes;
  return absl::InvalidArgumentError("--counties " + file +
                                    "：没有行政区划代码；每行写一个 4 位或 6 位的代码");
}

}  // namespace

absl::Status WrongOption(const std::string& option, const std::string& found, const std::string& expected) {
  return absl::InvalidArgumentError(option + " 的值“" + found + "”不对：" + expected);
}

absl::StatusOr<StatsQuestion> QuestionOf(const StatsOptions& options) {
  StatsQuestion question;
  const std::string this_year = std::to_string(ChinaDay(absl::ToUnixMicros(absl::Now())).year());
  DX_ASSIGN_OR_RETURN(question.period, ParsePeriod(options.period.empty() ? this_year : options.period));
  for (const auto& [option, code] :
       {std::pair{"--region", &options.region}, std::pair{"--offer-region", &options.offer_region}}) {
    if (!code->empty()) DX_RETURN_IF_ERROR(CheckRegionCode(option, *code));
  }
  v1::StatisticsFilter& filter = question.filter;
  filter.set_need_region_code(options.region);
  filter.set_offer_region_code(options.offer_region);
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
  DX_ASSIGN_OR_RETURN(question.expected_regions, Counties(options.counties));
  return question;
}

}  // namespace dongxi::cli
