#include "cli/stats/stats_words.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "cli/engagement_words.h"
#include "engine/engagement/engagement.h"
#include "engine/statistics/compute.h"

namespace dongxi::cli {
namespace {

struct DimensionWord {
  v1::StatisticsDimension dimension;
  const char *chinese, *code;
};
constexpr DimensionWord kDimensionWords[] = {
    {v1::STATISTICS_DIMENSION_YEAR, "年份", "year"},
    {v1::STATISTICS_DIMENSION_CHANNEL, "通道", "channel"},
    {v1::STATISTICS_DIMENSION_TASK, "任务", "task"},
    {v1::STATISTICS_DIMENSION_PROVINCE_PAIR, "省际", "province-pair"},
    {v1::STATISTICS_DIMENSION_PROVINCE, "省区", "province"},
    {v1::STATISTICS_DIMENSION_CITY, "市州", "city"},
    {v1::STATISTICS_DIMENSION_MODE, "方式", "mode"},
    {v1::STATISTICS_DIMENSION_FIELD, "领域", "field"},
    {v1::STATISTICS_DIMENSION_PAIRING, "结对", "pairing"},
};

std::string Grouped(std::string digits) {
  const size_t point = std::min(digits.find('.'), digits.size());
  const size_t begin = digits.starts_with("-") ? 1 : 0;
  for (size_t at = point; at > begin + 3;) {
    at -= 3;
    digits.insert(at, ",");
  }
  return digits;
}

const v1::Figure& Find(const google::protobuf::RepeatedPtrField<v1::Figure>& figures, v1::FigureKind kind) {
  for (const v1::Figure& figure : figures) {
    if (figure.kind() == kind) return figure;
  }
  return v1::Figure::default_instance();
}

}  // namespace

std::string DimensionName(v1::StatisticsDimension dimension) {
  for (const DimensionWord& word : kDimensionWords) {
    if (word.dimension == dimension) return word.chinese;
  }
  return "合计";
}

std::optional<v1::StatisticsDimension> DimensionOfWord(const std::string& word) {
  for (const DimensionWord& known : kDimensionWords) {
    if (word == known.chinese || word == known.code) return known.dimension;
  }
  return std::nullopt;
}

std::string DimensionWords() {
  std::string words;
  for (const DimensionWord& known : kDimensionWords)
    absl::StrAppend(&words, words.empty() ? "" : "、", known.chinese, "（", known.code, "）");
  return words;
}

std::string FigureName(v1::FigureKind kind) {
  return std::string(ChineseNameOf(static_cast<FigureKind>(kind)));
}

std::optional<v1::FigureKind> FigureOfWord(const std::string& word) {
  if (const std::optional<Step> step = StepOf(word)) return static_cast<v1::FigureKind>(*step);
  for (int kind = 1; kind <= kFigures; ++kind) {
    if (word == FigureName(static_cast<v1::FigureKind>(kind))) return static_cast<v1::FigureKind>(kind);
  }
  return std::nullopt;
}

std::string StepName(v1::EngagementStep step) { return std::string(ChineseNameOf(static_cast<Step>(step))); }

const v1::Figure& FigureOf(const v1::StatisticsGroup& group, v1::FigureKind kind) {
  return Find(group.figures(), kind);
}
const v1::Figure& EarlierFigureOf(const v1::StatisticsGroup& group, v1::FigureKind kind) {
  return Find(group.earlier_figures(), kind);
}

std::string Amount(double wan) {
  std::string digits = absl::StrFormat("%.2f", wan);
  while (digits.back() == '0') digits.pop_back();
  if (digits.back() == '.') digits.pop_back();
  return Grouped(digits);
}
std::string Count(int64_t count) { return Grouped(std::to_string(count)); }
std::string Share(double share) { return absl::StrFormat("%.1f%%", 100 * share); }
std::string Days(double days) { return absl::StrFormat("%.4g", std::round(10 * days) / 10); }

std::string Change(double now, double before) {
  if (before <= 0) return now > 0 ? "新增" : "—";
  const double change = now / before - 1;
  if (std::abs(change) < 5e-4) return "持平";
  return absl::StrFormat("%+.1f%%", 100 * change);
}

bool IsCompared(const v1::Statistics& statistics) { return statistics.total().earlier_figures_size() > 0; }

bool HasSimulated(const v1::Statistics& statistics) {
  return statistics.simulated_entries() > 0 || statistics.earlier_simulated_entries() > 0;
}

std::string Marked(const std::string& words, bool simulated) {
  return simulated ? words + "［含模拟数据］" : words;
}

double ReachedShare(const v1::StepConversion& conversion) {
  return static_cast<double>(conversion.reached()) / static_cast<double>(conversion.began());
}

std::string DaysWords(const v1::StepDuration& duration) {
  return absl::StrCat(Days(duration.median_days()), "（", Days(duration.lower_quartile_days()), " – ",
                      Days(duration.upper_quartile_days()), "）");
}

std::string RefusalWords(const v1::StatisticsGroup& group) {
  std::string words;
  for (const v1::RefusalCount& count : group.refusals())
    absl::StrAppend(&words, words.empty() ? "" : "、", ChineseReason(count.reason()), " ", count.entries());
  return words;
}

std::string ForecastsWords(const v1::SigningEstimate& estimate, int shown_max) {
  const int64_t shown = std::min(estimate.forecasts_size(), shown_max);
  const int64_t left_out = std::max<int64_t>(estimate.open_pairs() - shown, 0);
  const std::string open = absl::StrCat("进行中的 ", Count(estimate.open_pairs()), " 对");
  if (left_out == 0) return "以下为" + open + "至登记满两年时签约的概率";
  return absl::StrCat("以下为", open, "中至登记满两年时签约概率最高的 ", Count(shown), " 对，另有 ",
                      Count(left_out), " 对未列出");
}

std::string TooFewWords(const v1::SigningEstimate& estimate) {
  std::vector<std::string> few;
  const auto add = [&](const char* what, int64_t found, int64_t least) {
    if (found < least) few.push_back(absl::StrCat(what, " ", Count(found), " 对，不到 ", least, " 对"));
  };
  add("登记满两年的", estimate.decided_pairs(), estimate.decided_pairs_min());
  add("两年内签约的", estimate.signed_pairs(), estimate.signed_pairs_min());
  add("两年内未签约的", estimate.decided_pairs() - estimate.signed_pairs(), estimate.signed_pairs_min());
  return absl::StrJoin(few, "；");
}

std::string SimulatedPairsWords(const v1::SigningEstimate& estimate) {
  if (estimate.simulated_pairs() == 0) return "";
  return absl::StrCat("登记满两年的和未满两年的各对里，模拟数据 ", Count(estimate.simulated_pairs()), " 对");
}

std::string SimulatedLeftOutWords(const v1::SigningEstimate& estimate) {
  if (estimate.simulated_pairs_left_out() == 0) return "";
  return absl::StrCat("另有模拟数据 ", Count(estimate.simulated_pairs_left_out()),
                      " 对未计入；要看用 --simulated include 或 only");
}

std::vector<std::string> Remarks(const v1::Statistics& statistics) {
  std::vector<std::string> remarks;
  if (statistics.simulated_entries() > 0) {
    remarks.push_back(absl::StrCat("含模拟数据 ", statistics.simulated_entries(), " 条（共 ",
                                   statistics.entries(), " 条），不代表真实发生的事"));
  }
  if (statistics.earlier_simulated_entries() > 0) {
    remarks.push_back(absl::StrCat("上期的数字含模拟数据 ", statistics.earlier_simulated_entries(),
                                   " 条，不代表真实发生的事"));
  }
  if (statistics.simulated_left_out() > 0) {
    remarks.push_back(absl::StrCat("另有模拟数据 ", statistics.simulated_left_out(),
                                   " 条未计入；要看用 --simulated include 或 only"));
  }
  if (statistics.illustrative_entries() > 0) {
    remarks.push_back(absl::StrCat("含示例数据 ", statistics.illustrative_entries(), " 条，仅用于演示"));
  }
  if (statistics.deleted_need_entries() > 0) {
    remarks.push_back(absl::StrCat("有 ", statistics.deleted_need_entries(),
                                   " 条记录的需求已从目录删除，仍按登记时的内容计入"));
  }
  return remarks;
}

}  // namespace dongxi::cli
