// What the pairings of the plan give a candidate.
#include <gtest/gtest.h>

#include <chrono>
#include <iostream>
#include <random>

#include "engine/policy/policy.h"

namespace dongxi {
namespace {

constexpr absl::CivilDay kToday(2026, 3, 1);

const Policy& ProductPolicy() {
  static const auto policy = LoadPolicy("data/policy");
  EXPECT_TRUE(policy.ok()) << policy.status();
  return **policy;
}

// A need that is certainly of one task.
PolicyReading CertainlyOf(std::string_view task) {
  return {.channel = "", .channel_name = "", .tasks = {{std::string(task), 1.0}}};
}

PolicyBoost BoostOf(std::string_view task, std::string_view need_region, std::string_view region,
                    std::string_view institution) {
  const CandidateEnd end{.region = region, .institution_name = institution};
  return ProductPolicy().Boost(CertainlyOf(task), need_region, end, kToday);
}

struct BoostCase {
  std::string_view name, task, need_region, region, institution;
  double amount;
  std::string_view reason;
};
constexpr BoostCase kCases[] = {
    // 科技援疆
    {"CottonInstituteOfTheAcademy", "1.2", "6529", "4105", "中国农业科学院棉花研究所", 1,
     "通过科技援疆: 新疆 ↔ 中国农业科学院, 棉花林果"},
    {"AcademyInsideTheWest", "1.2", "6529", "6523", "中国农业科学院西部农业研究中心", 1,
     "通过科技援疆: 新疆 ↔ 中国农业科学院, 棉花林果"},
    {"AcademyWithoutRegion", "1.2", "65", "", "中国农科院植保所", 1,
     "通过科技援疆: 新疆 ↔ 中国农业科学院, 棉花林果"},
    {"MarkedSampleName", "1.2", "65", "11", "示例·中国农业科学院某研究所", 1,
     "通过科技援疆: 新疆 ↔ 中国农业科学院, 棉花林果"},
    {"AcademyOfAProvinceIsAnother", "1.2", "65", "32", "江苏省农业科学院", 0, ""},
    {"NameInTheMiddleIsAnother", "1.2", "65", "37", "山东与中国农业科学院联合中心", 0, ""},
    {"NoPairingOfCarbonTask", "1.1", "65", "32", "某大学", 0, ""},
    // 科技援藏
    {"LhasaAndTheEast", "2.3", "5401", "32", "某大学", 0.5,
     "通过科技援藏: 拉萨 ↔ 江苏（东部地区创新型城市、国家高新区）, 高原医学和藏医药"},
    {"CountyOfLhasa", "2.3", "540102", "4403", "某大学", 0.5,
     "通过科技援藏: 拉萨 ↔ 广东（东部地区创新型城市、国家高新区）, 高原医学和藏医药"},
    {"TibetOutsideLhasaIsInferred", "2.3", "5405", "32", "某大学", 0.25,
     "通过科技援藏: 西藏 ↔ 江苏（东部地区创新型城市、国家高新区）（推定）, 高原医学和藏医药"},
    // 科技援青
    {"SaltLakeAndTianjin", "3.2", "6328", "12", "某学院", 1, "通过科技援青: 青海 ↔ 天津, 盐湖产业"},
    {"SaltLakeAndChongqingInTheWest", "3.2", "63", "5001", "某所", 1, "通过科技援青: 青海 ↔ 重庆, 盐湖产业"},
    {"SaltLakeAndJiangsu", "3.2", "63", "32", "某所", 0, ""},
    {"GojiAndTianjin", "3.3", "6328", "12", "某学院", 0, ""},
    {"GojiAndJiangsu", "3.3", "6328", "32", "某所", 1, "通过科技援青: 青海 ↔ 江苏, “青字号”农畜产品"},
    {"GojiAndTibet", "3.3", "63", "5402", "某所", 1, "通过科技援青: 青海 ↔ 西藏, “青字号”农畜产品"},
    {"SourceOfTheRiversAndShandong", "3.1", "6325", "3705", "某所", 0.5,
     "通过科技援青: 青海 ↔ 山东（沿黄河省区）, 三江源生态"},
    {"GroupDoesNotPairAProvinceWithItself", "3.1", "6325", "6301", "某大学", 0, ""},
    {"HainanPrefectureIsNotTheProvince", "3.1", "6325", "46", "海南某大学", 0, ""},
    {"HainanProvinceHasNoSaltLakes", "3.2", "46", "12", "某学院", 0, ""},
    // 科技入滇
    {"KunmingAndZhangjiang", "4.2", "5301", "31", "上海张江某公司", 1,
     "通过科技入滇: 昆明 ↔ 张江, 滇中清洁能源"},
    {"ChuxiongAndItsCity", "4.2", "5323", "4403", "深圳大学", 0.5,
     "通过科技入滇: 楚雄州 ↔ 深圳（深圳高新区所在地）, 滇中清洁能源"},
    {"ShenzhenPark", "4.2", "5304", "4403", "深圳高新区某公司", 1,
     "通过科技入滇: 玉溪 ↔ 深圳高新区, 滇中清洁能源"},
    {"RestOfGuangdongIsNotShenzhen", "4.2", "5301", "4401", "某大学", 0, ""},
    {"OtherPlacesOfYunnanAreInferred", "4.2", "5326", "11", "中关村某公司", 0.25,
     "通过科技入滇: 云南 ↔ 中关村（推定）, 滇中清洁能源"},
    {"LincangAndTheEast", "4.3", "5309", "44", "某大学", 0.25,
     "通过科技入滇: 临沧 ↔ 广东（东西部科研力量）（推定）, 临沧可持续发展"},
    // 科技支宁, 科技兴蒙
    {"NingxiaAndTheEast", "5.2", "6404", "35", "某园区", 0.5,
     "通过科技支宁: 宁夏 ↔ 福建（东部省市）, 园区合作"},
    {"NingxiaAndLiaoningOutsideTheEast", "5.2", "6404", "21", "某园区", 0, ""},
    {"YellowRiver", "6.1", "1508", "41", "某所", 0.5,
     "通过科技兴蒙: 内蒙古 ↔ 河南（沿黄河省区）, 北方生态屏障"},
    {"DeltaDemonstrationZone", "6.3", "1509", "3705", "黄河三角洲农业高新技术产业示范区某公司", 1,
     "通过科技兴蒙: 内蒙古 ↔ 黄河三角洲农业高新技术产业示范区, 现代农牧业"},
    {"CityOfTheZone", "6.3", "1509", "3705", "某公司", 0.5,
     "通过科技兴蒙: 内蒙古 ↔ 东营（黄河三角洲农业高新技术产业示范区所在地）, 现代农牧业"},
    {"ProvinceOfTheZoneIsInferred", "6.3", "1509", "3701", "某大学", 0.25,
     "通过科技兴蒙: 内蒙古 ↔ 山东（推定）, 现代农牧业"},
    // 科技入黔, 兰白—上海张江
    {"GuiyangAndZhongguancun", "7.1", "5201", "11", "北京中关村科技公司", 1,
     "通过科技入黔: 贵阳 ↔ 中关村, 数字创新"},
    {"GuiyangAndBeijing", "7.1", "520103", "1101", "某大学", 0.5,
     "通过科技入黔: 贵阳 ↔ 北京（中关村所在地）, 数字创新"},
    {"ZunyiAndZhongguancunIsInferred", "7.1", "5203", "11", "北京中关村科技公司", 0.25,
     "通过科技入黔: 贵州 ↔ 中关村（推定）, 数字创新"},
    {"ParkOfThatNameInGuiyang", "7.1", "5201", "5201", "中关村贵阳科技园", 0, ""},
    {"GuizhouAndGuangdong", "7.1", "5203", "4419", "某厂", 1, "通过科技入黔: 贵州 ↔ 广东, 数字创新"},
    {"LanzhouAndZhangjiang", "7.2", "6201", "31", "上海张江药谷某公司", 1,
     "通过兰白—上海张江: 兰州 ↔ 张江, 结对合作"},
    {"GansuAndShanghai", "7.2", "6205", "31", "某大学", 1, "通过兰白—上海张江: 甘肃 ↔ 上海, 结对合作"},
    {"LanzhouAndBeijing", "7.2", "6201", "11", "某大学", 0, ""},
    // No task, no region.
    {"NoTask", "", "63", "12", "某学院", 0, ""},
    {"NeedWithoutRegion", "3.2", "", "12", "某学院", 0, ""},
    {"CandidateWithoutRegionAndName", "3.2", "63", "", "", 0, ""},
};

TEST(BoosterTest, ThePairingsOfThePlan) {
  for (const BoostCase& c : kCases) {
    SCOPED_TRACE(c.name);
    const PolicyBoost boost = BoostOf(c.task, c.need_region, c.region, c.institution);
    EXPECT_DOUBLE_EQ(boost.amount, c.amount);
    EXPECT_EQ(boost.reason, c.reason);
    EXPECT_EQ(boost.task, c.amount > 0 ? c.task : "");
    EXPECT_EQ(boost.quote.empty(), c.amount == 0);
  }
}

PolicyBoost BoostOfNeed(std::string_view region, std::string_view title, std::string_view candidate_region) {
  const PolicyReading reading = ProductPolicy().Read(region, "", title, "", kToday);
  return ProductPolicy().Boost(reading, region, {.region = candidate_region, .institution_name = "某大学"},
                               kToday);
}

TEST(BoosterTest, AGojiNeedOfQinghaiGetsNothingFromTianjinAndSomethingFromJiangsu) {
  EXPECT_EQ(BoostOfNeed("6328", "枸杞鲜果制干与多糖提取", "12").amount, 0);
  EXPECT_GT(BoostOfNeed("6328", "枸杞鲜果制干与多糖提取", "32").amount, 0.7);
}

TEST(BoosterTest, ASaltLakeNeedOfQinghaiIsPairedWithTianjinWithItsSentence) {
  const PolicyBoost boost = BoostOfNeed("6328", "盐湖卤水提锂", "12");
  EXPECT_GT(boost.amount, 0.7);
  EXPECT_EQ(boost.reason, "通过科技援青: 青海 ↔ 天津, 盐湖产业");
  EXPECT_EQ(boost.quote.find("深化青海与天津、山东、安徽、重庆等省市合作"), 0u) << boost.quote;
  EXPECT_EQ(boost.strength, PairingStrength::kNamed);
}

TEST(BoosterTest, ANeedOfGuangxiHasNoBoost) {
  for (std::string_view region : {"11", "12", "44", "45", "46"}) {
    EXPECT_EQ(BoostOfNeed("4501", "甘蔗糖厂与盐湖储能", region).amount, 0) << region;
  }
}

TEST(BoosterTest, AnAliasIsAsGoodAsTheName) {
  const std::vector<std::string> aliases = {"棉花所", "中国农科院棉花所"};
  const CandidateEnd end{.region = "41", .institution_name = "棉花研究所", .aliases = &aliases};
  EXPECT_EQ(ProductPolicy().Boost(CertainlyOf("1.2"), "65", end, kToday).amount, 1);
}

TEST(BoosterTest, TheAmountIsTheProbabilityTimesTheStrength) {
  const CandidateEnd end{.region = "12", .institution_name = "某学院"};
  const PolicyReading reading{.channel = "", .channel_name = "", .tasks = {{"", 0.6}, {"3.2", 0.4}}};
  EXPECT_DOUBLE_EQ(ProductPolicy().Boost(reading, "63", end, kToday).amount, 0.4);
  const PolicyReading unlikely{.channel = "", .channel_name = "", .tasks = {{"", 0.91}, {"3.2", 0.09}}};
  EXPECT_EQ(ProductPolicy().Boost(unlikely, "63", end, kToday).amount, 0);
}

TEST(BoosterTest, TheBestOfSeveralPairingsCounts) {
  // 3.1 gives 山东 half of 0.6, 3.2 the whole of 0.4.
  const PolicyReading reading{.channel = "", .channel_name = "", .tasks = {{"3.1", 0.6}, {"3.2", 0.4}}};
  const PolicyBoost boost =
      ProductPolicy().Boost(reading, "63", {.region = "37", .institution_name = "某"}, kToday);
  EXPECT_EQ(boost.task, "3.2");
  EXPECT_DOUBLE_EQ(boost.amount, 0.4);
}

TEST(BoosterTest, RowsOutsideTheirPeriodDoNotApply) {
  const auto policy = LoadPolicy("tests/engine/policy/fixtures/format-1");
  ASSERT_TRUE(policy.ok()) << policy.status();
  struct DayCase {
    absl::CivilDay day;
    std::string_view region;
    double amount;
  };
  const DayCase cases[] = {
      {absl::CivilDay(2020, 12, 31), "12", 0},
      {absl::CivilDay(2021, 1, 1), "12", 1},
      {absl::CivilDay(2025, 12, 31), "12", 1},
      {absl::CivilDay(2026, 1, 1), "12", 0.25},  // the successor's row; 天津 has left the group
      {absl::CivilDay(2021, 12, 31), "37", 0},
      {absl::CivilDay(2022, 1, 1), "37", 0.5},
      {absl::CivilDay(2026, 1, 1), "37", 0.5},
      {absl::CivilDay(2025, 12, 31), "11", 0.5},
      {absl::CivilDay(2026, 1, 1), "11", 0},
  };
  for (const DayCase& c : cases) {
    const CandidateEnd end{.region = c.region, .institution_name = "某"};
    EXPECT_DOUBLE_EQ((*policy)->Boost(CertainlyOf("3.2"), "63", end, c.day).amount, c.amount)
        << c.day << c.region;
  }
}

TEST(BoosterTest, TheAmountStaysBetweenZeroAndOneAndEqualsTheSlowSearch) {
  constexpr unsigned kSeed = 7;
  std::mt19937 rng(kSeed);
  const char* const regions[] = {"",   "11",   "12", "31", "32", "3705", "37",
                                 "44", "4403", "50", "51", "62", "63",   "5402"};
  const char* const needs[] = {"15", "5201", "5203", "53", "5301", "5309",
                               "54", "5401", "6201", "63", "64",   "65"};
  for (int round = 0; round < 3000; ++round) {
    SCOPED_TRACE(round);
    const Task& task = ProductPolicy().tasks()[rng() % ProductPolicy().tasks().size()];
    const std::string region = needs[rng() % std::size(needs)];
    const CandidateEnd end{.region = regions[rng() % std::size(regions)], .institution_name = "某大学"};
    const double probability = static_cast<double>(rng() % 101) / 100;
    const PolicyReading reading{.channel = "", .channel_name = "", .tasks = {{task.id, probability}}};
    double slow = 0;
    for (const Pairing& pairing : ProductPolicy().pairings()) {
      if (pairing.task != task.id || probability < 0.1 || pairing.east.empty()) continue;
      if (!region.starts_with(pairing.west) || !end.region.starts_with(pairing.east)) continue;
      const double strength =
          pairing.strength == PairingStrength::kInferred                                            ? 0.25
          : pairing.strength == PairingStrength::kGroup || pairing.match != InstitutionMatch::kNone ? 0.5
                                                                                                    : 1;
      slow = std::max(slow, probability * strength);
    }
    EXPECT_DOUBLE_EQ(ProductPolicy().Boost(reading, region, end, kToday).amount, slow);
  }
}

// The goal is 1 microsecond; the test allows twenty, for sanitizers and busy machines.
TEST(BoosterTest, ABoostIsFast) {
  const PolicyReading reading = ProductPolicy().Read("5301", "", "储能与水风光互补", "", kToday);
  constexpr int kRounds = 100'000;
  double total = 0;
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < kRounds; ++i) {
    const CandidateEnd end{.region = i % 2 ? "31" : "37", .institution_name = "上海张江某某科技有限公司"};
    total += ProductPolicy().Boost(reading, "5301", end, kToday).amount;
  }
  const std::chrono::duration<double, std::micro> spent = std::chrono::steady_clock::now() - start;
  std::cout << "Boost: " << spent.count() / kRounds << " us\n";
  EXPECT_GT(total, 0);
  EXPECT_LT(spent.count() / kRounds, 20);
}

}  // namespace
}  // namespace dongxi
