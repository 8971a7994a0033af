// Words and numbers of statistics for people. Pure functions; any thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "dongxi/v1/statistics.pb.h"

namespace dongxi::cli {

// 年份, 通道, 任务, 省际, 省区, 市州, 方式, 领域, 结对.
std::string DimensionName(v1::StatisticsDimension dimension);
// Reads these words, and year, channel, task, province-pair, province, city, mode, field, pairing.
std::optional<v1::StatisticsDimension> DimensionOfWord(const std::string& word);
std::string DimensionWords();  // for error messages

std::string FigureName(v1::FigureKind kind);  // 签约（经推荐） …
std::optional<v1::FigureKind> FigureOfWord(const std::string& word);
std::string StepName(v1::EngagementStep step);

// The figure of a kind, an empty one if the group has none; of the earlier period likewise.
const v1::Figure& FigureOf(const v1::StatisticsGroup& group, v1::FigureKind kind);
const v1::Figure& EarlierFigureOf(const v1::StatisticsGroup& group, v1::FigureKind kind);

// 1,234.5: at most two decimals.
std::string Amount(double wan);
std::string Count(int64_t count);
std::string Share(double share);  // 12.3%
std::string Days(double days);    // 35.5

// +12.5%, -3.0%, 持平; 新增 from nothing to something; — if both are nothing.
std::string Change(double now, double before);

bool IsCompared(const v1::Statistics& statistics);  // with an earlier period

// 任务［含模拟数据］: the words of a table whose figures, or those of the earlier period beside them, count
// simulated entries.
bool HasSimulated(const v1::Statistics& statistics);
std::string Marked(const std::string& words, bool simulated);

// Of the pairs that began, which share went on; REQUIRES: some began.
double ReachedShare(const v1::StepConversion& conversion);
std::string DaysWords(const v1::StepDuration& duration);     // 35.5（20 – 61.3）: median and quartiles
std::string RefusalWords(const v1::StatisticsGroup& group);  // 无经费 3、其他 1
// How many open pairs have a forecast below, and how many are left out; `shown_max` where a paper shows fewer
// than it was given.
std::string ForecastsWords(const v1::SigningEstimate& estimate, int shown_max);
// Which of what P(signed) needs is too little: 两年内未签约的 10 对，不到 40 对; empty if there is enough.
std::string TooFewWords(const v1::SigningEstimate& estimate);
// 登记满两年的和未满两年的各对里，模拟数据 30 对; empty if there are none.
std::string SimulatedPairsWords(const v1::SigningEstimate& estimate);
// 另有模拟数据 30 对未计入 …; empty if none were left out.
std::string SimulatedLeftOutWords(const v1::SigningEstimate& estimate);

// What has to be said above any figures: simulated or sample data, deleted needs, what was left out. A
// sentence each.
std::vector<std::string> Remarks(const v1::Statistics& statistics);

}  // namespace dongxi::cli
