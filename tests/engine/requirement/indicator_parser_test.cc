// What is read of a text: values in base units, ranges, changes, names, spans.
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "engine/requirement/indicator.h"
#include "engine/text/normalize.h"

namespace dongxi::requirement {
namespace {

std::vector<Indicator> Need(std::string_view text) {
  return ParseIndicators(text, {.side = Side::kNeed}, BuiltInRequirementTables());
}
std::vector<Indicator> Offer(std::string_view text) {
  return ParseIndicators(text, {.side = Side::kOffer}, BuiltInRequirementTables());
}

struct ReadCase {
  const char* text;
  const char* quantity;
  double low, high;  // base units
};
constexpr double kInf = kUnbounded;

TEST(IndicatorParserTest, ReadsNumbersUnitsAndComparisonsOfANeed) {
  const ReadCase cases[] = {
      {"锂收率≥85%", "收率", 0.85, kInf},
      {"锂收率不低于８５％", "收率", 0.85, kInf},
      {"锂收率达到百分之八十五以上", "收率", 0.85, kInf},
      {"锂收率八成五以上", "收率", 0.85, kInf},
      {"含水率不超过12%", "含水率", -kInf, 0.12},
      {"用水量降到350立方米以下", "用水量", -kInf, 350},
      {"使用寿命二十年", "寿命", 20 * 31536000.0, kInf},
      {"产能三千二百吨", "产能", 3.2e6, kInf},
      {"示范面积1.2万亩", "面积", 8e6, kInf},
      {"粒径3~5微米", "粒径", 3e-6, 5e-6},
      {"海拔4500米以上地区", "海拔", 4500, kInf},
      {"电耗小于12800千瓦时/吨", "电耗", -kInf, 12800 * 3.6e6 / 1000},
      {"亩产400公斤", "产量", 400 / 666.6666667, kInf},
      {"出水总氮≤15mg/L", "总氮", -kInf, 0.015},
      {"镁锂比小于40:1", "镁锂比", -kInf, 40},
      {"吸附容量2.5×10² mg/g", "吸附容量", 0.25, kInf},
      {"PUE不高于1.2", "pue", -kInf, 1.2},
      {"白度≥94", "白度", 94, kInf},
      {"导热系数小于0.03 W/(m·K)", "导热系数", -kInf, 0.03},
  };
  for (const ReadCase& one : cases) {
    SCOPED_TRACE(one.text);
    const std::vector<Indicator> read = Need(one.text);
    ASSERT_EQ(read.size(), 1u);
    EXPECT_EQ(read[0].name.quantity, one.quantity);
    const auto near = [](double value, double wanted) {
      return std::isinf(wanted) ? value == wanted : std::abs(value - wanted) <= std::abs(wanted) * 1e-6;
    };
    EXPECT_TRUE(near(read[0].low, one.low)) << read[0].low;
    EXPECT_TRUE(near(read[0].high, one.high)) << read[0].high;
  }
}

TEST(IndicatorParserTest, AChangeIsSignedAndAValueReachedIsNot) {
  const std::vector<Indicator> saved = Need("能耗降低20%以上");
  ASSERT_EQ(saved.size(), 1u);
  EXPECT_TRUE(saved[0].change);
  EXPECT_NEAR(saved[0].high, -0.2, 1e-9);
  EXPECT_EQ(saved[0].low, -kInf);

  const std::vector<Indicator> cut = Need("节水30%");
  ASSERT_EQ(cut.size(), 1u);
  EXPECT_EQ(cut[0].name.quantity, "用水量");
  EXPECT_NEAR(cut[0].high, -0.3, 1e-9);

  const std::vector<Indicator> reached = Need("植被盖度由15%提高到45%以上");
  ASSERT_EQ(reached.size(), 1u);
  EXPECT_FALSE(reached[0].change);
  EXPECT_NEAR(reached[0].low, 0.45, 1e-9);
  ASSERT_TRUE(reached[0].baseline.has_value());
  EXPECT_NEAR(*reached[0].baseline, 0.15, 1e-9);
}

TEST(IndicatorParserTest, ThePresentStateIsNotAskedFor) {
  EXPECT_TRUE(Need("目前收率只有60%，能耗高。").empty());
  const std::vector<Indicator> read = Need("现有工艺收率60%，希望提高到85%以上。");
  ASSERT_EQ(read.size(), 1u);
  EXPECT_NEAR(read[0].low, 0.85, 1e-9);
}

TEST(IndicatorParserTest, NumbersOfNamesDatesAndFormulasAreNoIndicators) {
  for (const char* text :
       {"GB/T 22900-2022要求", "2027年6月30日前完成", "煤灰中Na2O和CO2", "5G通信与3D打印",
        "三元材料与二氧化碳", "新一代一体化平台", "SUS316L不锈钢", "第三代半导体", "两三年内"}) {
    SCOPED_TRACE(text);
    EXPECT_TRUE(Need(text).empty());
  }
}

TEST(IndicatorParserTest, CircumstancesStayWithTheValue) {
  const std::vector<Indicator> read = Need("在-35℃条件下可用容量保持率不低于80%");
  ASSERT_EQ(read.size(), 1u);
  ASSERT_EQ(read[0].circumstances.size(), 1u);
  EXPECT_NEAR(read[0].circumstances[0].value, 238.15, 1e-6);
}

TEST(IndicatorParserTest, ACircumstanceBesideOneQuantityHoldsForThatOne) {
  for (const char* need : {"-30℃放电容量保持率≥80%，循环寿命不少于6000次，能量效率≥85%",
                           "混凝土：28d抗压强度≥50MPa，含气量4%～6%，弹性模量≥30GPa",
                           "300次冻融循环后相对动弹性模量≥80%，含气量4%～6%，抗压强度≥50MPa"}) {
    SCOPED_TRACE(need);
    const std::vector<Indicator> read = Need(need);
    ASSERT_EQ(read.size(), 3u);
    EXPECT_EQ(read[0].circumstances.size(), 1u);
    EXPECT_TRUE(read[1].circumstances.empty());
    EXPECT_TRUE(read[2].circumstances.empty());
  }
  // Said of all that follows in the sentence.
  const std::vector<Indicator> all = Need("在-30℃条件下，容量保持率≥80%，能量效率≥85%");
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].circumstances.size(), 1u);
  EXPECT_EQ(all[1].circumstances.size(), 1u);
}

TEST(IndicatorParserTest, NounsThatBeginLikeParticlesStayWhole) {
  for (const char* name : {"有效积温", "可溶性糖比", "在线滴定率", "经济作物占有度"}) {
    const std::vector<Indicator> read = Need(std::string(name) + "≥80%");
    ASSERT_EQ(read.size(), 1u) << name;
    EXPECT_EQ(read[0].name.text, DecodeUtf8(name));
  }
}

TEST(IndicatorParserTest, AnAccuracyInUnitsIsAnError) {
  const std::vector<Indicator> read = Need("装配精度优于0.1mm，辨别精度优于90%");
  ASSERT_EQ(read.size(), 2u);
  EXPECT_TRUE(std::isinf(read[0].low));
  EXPECT_NEAR(read[0].high, 1e-4, 1e-12);
  EXPECT_NEAR(read[1].low, 0.9, 1e-12);
}

TEST(IndicatorParserTest, ListsWithRespectivelyAreDealtOut) {
  const std::vector<Indicator> read = Need("铜、锌回收率分别达到88%和92%");
  ASSERT_EQ(read.size(), 2u);
  EXPECT_TRUE(read[0].name.qualifiers.at("substance").contains("铜"));
  EXPECT_NEAR(read[0].low, 0.88, 1e-9);
  EXPECT_TRUE(read[1].name.qualifiers.at("substance").contains("锌"));
  EXPECT_NEAR(read[1].low, 0.92, 1e-9);
}

TEST(IndicatorParserTest, NegationTurnsTheBound) {
  const std::vector<Indicator> read = Offer("回收率尚未达到85%");
  ASSERT_EQ(read.size(), 1u);
  EXPECT_TRUE(read[0].negated);
  EXPECT_NEAR(read[0].high, 0.85, 1e-9);
  EXPECT_EQ(read[0].low, -kInf);
}

TEST(IndicatorParserTest, SpansAreTheBytesOfTheText) {
  const std::string text = "要求：锂收率≥８５％，其他。";
  const std::vector<Indicator> read = Need(text);
  ASSERT_EQ(read.size(), 1u);
  EXPECT_EQ(text.substr(read[0].span.begin, read[0].span.end - read[0].span.begin), "锂收率≥８５％");
  EXPECT_EQ(text.substr(read[0].value_span.begin, read[0].value_span.end - read[0].value_span.begin),
            "８５％");
}

TEST(IndicatorParserTest, IllFormedTextGivesNothing) { EXPECT_TRUE(Need("收率≥85%\xff").empty()); }

TEST(IndicatorParserTest, AnyMixOfItsWordsGivesOrderedRangesAndSpansInTheText) {
  const std::vector<std::string> words = {
      "收率", "≥",    "85",   "%",    "，",   "由",   "提高到", "降低", "-",   "~",    "海拔", "米",
      "万",   "三千", "分别", "、",   "（",   "）",   "±",      "℃",    "不",  "达到", "以上", "条件下",
      "/",    "每",   "亩",   ":",    "×",    "10",   "≤",      "<",    "千",  "半",   "个",   "°",
      "1/3",  "⁻⁷",   "^4",   "不应", "大于", "范围", "GB",     "吨",   " 000"};
  std::mt19937 random(7);
  for (int round = 0; round < 3000; ++round) {
    std::string text;
    for (int i = 0; i < 14; ++i) text += words[random() % words.size()];
    SCOPED_TRACE(text);
    for (const Side side : {Side::kNeed, Side::kOffer}) {
      for (const Indicator& one : ParseIndicators(text, {.side = side}, BuiltInRequirementTables())) {
        ASSERT_LE(one.low, one.high);
        ASSERT_GE(one.tolerance, 0);
        ASSERT_LT(one.span.begin, one.span.end);
        ASSERT_LE(one.span.end, text.size());
      }
    }
  }
}

}  // namespace
}  // namespace dongxi::requirement
