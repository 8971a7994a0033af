// Forms of numbers, units and comparisons that officials use and that once were read wrongly, one table a
// form.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <span>

#include "engine/requirement/indicator.h"
#include "engine/text/normalize.h"

namespace dongxi::requirement {
namespace {

constexpr double kInf = kUnbounded;
constexpr double kMu = 666.6666667, kYear = 31536000, kHour = 3600;

struct Form {
  const char* text;
  double low, high;  // base units
};

bool Near(double value, double wanted) {
  return std::isinf(wanted) ? value == wanted
                            : std::abs(value - wanted) <= std::max(1e-12, std::abs(wanted) * 1e-6);
}

// Each text holds one indicator with these bounds.
void ExpectForms(std::span<const Form> forms, Side side = Side::kNeed) {
  for (const Form& form : forms) {
    SCOPED_TRACE(form.text);
    const std::vector<Indicator> read =
        ParseIndicators(form.text, {.side = side}, BuiltInRequirementTables());
    EXPECT_EQ(read.size(), 1u);
    if (read.size() != 1) continue;
    EXPECT_TRUE(Near(read[0].low, form.low)) << read[0].low << " is not " << form.low;
    EXPECT_TRUE(Near(read[0].high, form.high)) << read[0].high << " is not " << form.high;
  }
}

TEST(IndicatorFormsTest, ADeniedComparisonIsTheOtherOne) {
  const Form forms[] = {
      {"抗压强度不应小于30MPa", 3e7, kInf},   {"抗压强度不应低于30MPa", 3e7, kInf},
      {"收率不得少于85%", 0.85, kInf},        {"寿命不得短于10年", 10 * kYear, kInf},
      {"收率不会低于85%", 0.85, kInf},        {"收率不能低于85%", 0.85, kInf},
      {"收率不宜低于85%", 0.85, kInf},        {"收率不可低于85%", 0.85, kInf},
      {"收率不允许低于85%", 0.85, kInf},      {"含水率不应大于12%", -kInf, 0.12},
      {"含水率不应多于12%", -kInf, 0.12},     {"响应时间不得长于2小时", -kInf, 2 * kHour},
      {"响应时间不得迟于2小时", -kInf, 7200}, {"含水率不会超过12%", -kInf, 0.12},
      {"含水率不要超过12%", -kInf, 0.12},     {"含水率不允许超过12%", -kInf, 0.12},
      {"含水率严禁超过12%", -kInf, 0.12},     {"含水率禁止高于12%", -kInf, 0.12},
      {"含水率不需超过12%", -kInf, 0.12},     {"含水率不许高于12%", -kInf, 0.12},
      {"含水率 不应 大于 12%", -kInf, 0.12},  {"含水率不应当大于12%", -kInf, 0.12},
      {"含水率从未超过12%", -kInf, 0.12},     {"含水率应小于12%", -kInf, 0.12},
      {"收率应大于85%", 0.85, kInf},
  };
  ExpectForms(forms);
}

TEST(IndicatorFormsTest, ADeniedComparisonTakesItsBoundIn) {
  const auto read = ParseIndicators("抗压强度不应小于30MPa", {}, BuiltInRequirementTables());
  ASSERT_EQ(read.size(), 1u);
  EXPECT_FALSE(read[0].open_low);
  EXPECT_FALSE(read[0].negated);
  EXPECT_TRUE(read[0].explicit_low);
}

TEST(IndicatorFormsTest, AChainHasBothEnds) {
  const Form forms[] = {
      {"90%≤纯度≤99%", 0.9, 0.99},
      {"6≤pH≤9", 6, 9},
      {"6 < pH < 9", 6, 9},
      {"-40℃≤环境温度≤60℃", 233.15, 333.15},
      {"60℃≥环境温度≥-40℃", 233.15, 333.15},
      {"50≤出水浓度≤80mg/L", 0.05, 0.08},
      {"90%≤纯度（干基）≤99%", 0.9, 0.99},
      {"90%<=纯度<=99%", 0.9, 0.99},
  };
  ExpectForms(forms);
  ExpectForms(forms, Side::kOffer);
  const Form mirrored[] = {{"85%≤锂收率", 0.85, kInf}, {"5%≥含水率", -kInf, 0.05}};
  ExpectForms(mirrored);
}

TEST(IndicatorFormsTest, AChainTakesNothingFromTheIndicatorBefore) {
  const auto read = ParseIndicators("锂收率≥85%，90%≤纯度≤99%，6≤pH≤9", {}, BuiltInRequirementTables());
  ASSERT_EQ(read.size(), 3u);
  EXPECT_EQ(read[0].name.quantity, "收率");
  EXPECT_TRUE(Near(read[0].low, 0.85));
  EXPECT_EQ(read[1].name.quantity, "纯度");
  EXPECT_TRUE(Near(read[1].low, 0.9));
  EXPECT_TRUE(Near(read[1].high, 0.99));
  EXPECT_EQ(read[2].name.quantity, "ph");
}

TEST(IndicatorFormsTest, PowersOfTenAndFractions) {
  const Form forms[] = {
      {"菌落总数≤10^4 CFU/g", -kInf, 1e7},          {"菌落总数≤10⁶CFU/g", -kInf, 1e9},
      {"渗透系数≤10⁻⁷cm/s", -kInf, 1e-9},           {"渗透系数≤1×10⁻⁷cm/s", -kInf, 1e-9},
      {"渗透系数≤10^-7cm/s", -kInf, 1e-9},          {"菌落总数10^3~10^4CFU/g以内", -kInf, 1e7},
      {"菌落总数不超过10的4次方CFU/g", -kInf, 1e7}, {"用水量减少1/3", -kInf, -1.0 / 3},
      {"用水量减少1/3以上", -kInf, -1.0 / 3},       {"掺烧比例不低于1/2", 0.5, kInf},
  };
  ExpectForms(forms);
  // Of texts that lost their raised figures.
  const Form lowered[] = {
      {"渗透系数≤5×10-3cm/s", -kInf, 5e-5},       {"渗透系数≤1.0×10-7 cm/s", -kInf, 1e-9},
      {"渗透系数≤3*10-5cm/s", -kInf, 3e-7},       {"线膨胀系数≤12×10-6/K", -kInf, 12e-6},
      {"渗透系数1×10-7~5×10-7cm/s", -kInf, 5e-9}, {"菌落总数≤2×10^4 CFU/g", -kInf, 2e7},
  };
  ExpectForms(lowered);
  // Sizes, whose numbers are millimetres and more.
  for (const char* text : {"板材尺寸100×10-12mm", "尺寸5×10×20mm", "孔径2×10-3-5mm", "厚度5×10-15mm"}) {
    SCOPED_TRACE(text);
    for (const Indicator& one : ParseIndicators(text, {.indicator_list = true}, BuiltInRequirementTables()))
      EXPECT_GT(std::isinf(one.high) ? one.low : one.high, 1e-3);
  }
  for (const char* text : {"24/7运行", "2025/6/30前完成", "6/10kV线路"}) {
    SCOPED_TRACE(text);
    for (const Indicator& one : ParseIndicators(text, {.side = Side::kOffer}, BuiltInRequirementTables()))
      EXPECT_NE(one.unit, "%");
  }
}

TEST(IndicatorFormsTest, AFractionOfAUnitIsANumberAndOneOfAThingAShare) {
  const Form forms[] = {
      {"亩产1/2吨以上", 500 / kMu, kInf},        {"亩产1/2吨", 500 / kMu, kInf},
      {"建设周期不超过1/2年", -kInf, kYear / 2}, {"检测时间≤1/4小时", -kInf, kHour / 4},
      {"用工减少1/3人工", -kInf, -1.0 / 3},      {"检测时间缩短1/2时间", -kInf, -0.5},
      {"用水量减少1/3", -kInf, -1.0 / 3},
  };
  ExpectForms(forms);
}

TEST(IndicatorFormsTest, TheAgeOfAStrengthIsNoDuration) {
  const Form forms[] = {
      {"抗压强度28天≥30MPa", 3e7, kInf},
      {"抗压强度（28天）≥30MPa", 3e7, kInf},
      {"28天抗压强度≥30MPa", 3e7, kInf},
      {"抗压强度28d不低于30MPa", 3e7, kInf},
      {"混凝土抗折强度7天不小于4.5MPa", 4.5e6, kInf},
  };
  for (const Side side : {Side::kNeed, Side::kOffer}) ExpectForms(forms, side);
  for (const char* text : {"抗压强度28天", "满足抗压强度28天要求"}) {
    SCOPED_TRACE(text);
    EXPECT_TRUE(ParseIndicators(text, {.indicator_list = true}, BuiltInRequirementTables()).empty());
  }
  const auto read = ParseIndicators("抗压强度28天≥30MPa", {}, BuiltInRequirementTables());
  ASSERT_EQ(read.size(), 1u);
  ASSERT_EQ(read[0].circumstances.size(), 1u) << "under which the strength is stated";
  const auto ages = ParseIndicators("3天抗压强度≥20MPa、28天≥50MPa", {}, BuiltInRequirementTables());
  ASSERT_EQ(ages.size(), 2u);
  for (const auto& [one, days] : {std::pair(ages[0], 3), std::pair(ages[1], 28)}) {
    ASSERT_EQ(one.circumstances.size(), 1u) << days;
    EXPECT_EQ(one.circumstances[0].value, days * 24 * kHour);
  }
  // Several ages before one value: the last one holds.
  const auto last = ParseIndicators("3天7天抗压强度28天≥50MPa", {}, BuiltInRequirementTables());
  ASSERT_EQ(last.size(), 1u);
  ASSERT_FALSE(last[0].circumstances.empty());
  EXPECT_EQ(last[0].circumstances[0].value, 28 * 24 * kHour);
}

TEST(IndicatorFormsTest, AWindOfTheSiteHasToBeBorneAndOneOfAMachineIsItself) {
  const Form forms[] = {
      {"风速30m/s", 30, kInf},   {"抗风能力30m/s", 30, kInf}, {"适应最大风速30 m/s", 30, kInf},
      {"启动风速3m/s", 3, 3},    {"出口风速12m/s", 12, 12},   {"适用风速3~25 m/s", 3, 25},
      {"风速≤12m/s", -kInf, 12},
  };
  ExpectForms(forms);
  const Form offered[] = {{"抗风速30m/s", 30, 30}, {"风速30m/s", 30, 30}};
  ExpectForms(offered, Side::kOffer);
}

TEST(IndicatorFormsTest, AToleranceKeepsBothEnds) {
  for (const char* text : {"粗糙度 1.3±0.2μm", "波长532±2nm", "转速3000±50"}) {
    SCOPED_TRACE(text);
    const auto read = ParseIndicators(text, {}, BuiltInRequirementTables());
    ASSERT_EQ(read.size(), 1u);
    EXPECT_EQ(read[0].low, read[0].high);
    EXPECT_GT(read[0].tolerance, 0);
  }
  const Form forms[] = {
      {"波长532 nm", 532e-9, 532e-9}, {"可调范围±20%", 0.2, kInf},  {"偏差范围±2%", -kInf, 0.02},
      {"控温精度±0.5℃", -kInf, 0.5},  {"控温精度0.3℃", -kInf, 0.3}, {"温升不超过40℃", -kInf, 40},
      {"温差≤2℃", -kInf, 2},
  };
  ExpectForms(forms);
}

TEST(IndicatorFormsTest, NumbersOfStandardsAreNoIndicators) {
  for (const char* text :
       {"出水达到GB 18918-2002一级A标准", "符合GB/T 22900-2022要求", "执行HJ 2.3-2018", "满足NY/T 1668—2008",
        "符合DB65/T 4321-2020", "达到DB14 726要求", "通过ISO 9001:2015认证", "按IEC 61215-1-2:2021检测",
        "达到T/CSEA 12-2021", "HG/T 2225-2018", "YS 582-2013", "JB/T 10001", "QB 1234"}) {
    SCOPED_TRACE(text);
    EXPECT_TRUE(ParseIndicators(text, {}, BuiltInRequirementTables()).empty());
    EXPECT_TRUE(ParseIndicators(text, {.side = Side::kOffer}, BuiltInRequirementTables()).empty());
  }
  const Form forms[] = {{"按GB/T 22900-2022，收率≥85%", 0.85, kInf}, {"存储容量≥16GB", 16 * 8.59e9, kInf}};
  ExpectForms(forms);
}

TEST(IndicatorFormsTest, ThousandsAndTensOfThousandsBeforeAUnit) {
  const Form forms[] = {
      {"产能5千吨以上", 5e6, kInf},
      {"示范面积8千亩", 8e3 * kMu, kInf},
      {"成本不高于3千元/吨", -kInf, 3},
      {"装机功率不低于3千瓦", 3000, kInf},
      {"产能5千克以上", 5, kInf},
      {"产能万吨级以上", 1e7, kInf},
      {"示范面积万亩以上", 1e4 * kMu, kInf},
      {"示范面积十万亩", 1e5 * kMu, kInf},
      {"产值达到亿元以上", 1e8, kInf},
      {"寿命3百小时以上", 300 * kHour, kInf},
  };
  ExpectForms(forms);
  EXPECT_TRUE(ParseIndicators("投资（万元）", {}, BuiltInRequirementTables()).empty());
}

TEST(IndicatorFormsTest, UnitsThatDifferByCase) {
  const Form forms[] = {
      {"粘度≤50mPa·s", -kInf, 0.05}, {"脉冲能量≥20mJ", 0.02, kInf},      {"脉冲能量≥20MJ", 2e7, kInf},
      {"输出电压≥30mV", 0.03, kInf}, {"冲击电压≥2MV", 2e6, kInf},        {"离子浓度≤5mM", -kInf, 5},
      {"抗压强度≥30mpa", 3e7, kInf}, {"抗压强度≥30Mpa", 3e7, kInf},      {"抗压强度≥30MPA", 3e7, kInf},
      {"电导率≤2mS/cm", -kInf, 0.2}, {"变压器容量≥630kVA", 6.3e5, kInf}, {"变压器容量≥2MVA", 2e6, kInf},
      {"产能≥5kt", 5e6, kInf},       {"装机功率≥10mw", 1e7, kInf},
  };
  ExpectForms(forms);
}

TEST(IndicatorFormsTest, ADegreeIsAnAngleUnlessItIsColdOrATemperature) {
  const Form forms[] = {
      {"坡度≥15°", 15, kInf},
      {"接触角≤10°", -kInf, 10},
      {"作业坡度≥15度", 15, kInf},
      {"零下20°可正常启动", -kInf, 253.15},
      {"气温20°以上", 293.15, kInf},
      {"糖度≥12°Brix", 12, kInf},
      {"环境温度零下40度至零上50度", 233.15, 323.15},
      {"环境温度-40~60°", 233.15, 333.15},
  };
  ExpectForms(forms);
}

TEST(IndicatorFormsTest, PowersOfPartsOfUnits) {
  const Form forms[] = {
      {"产量≥9000kg·hm⁻²", 0.9, kInf},
      {"产量≥9000kg·hm-2", 0.9, kInf},
      {"排放≤5g·m⁻³", -kInf, 0.005},
      {"用水量≤4吨水/吨", -kInf, 4},
      {"膜通量≥20L·m⁻²·h⁻¹", 0.02 / kHour, kInf},
  };
  ExpectForms(forms);
}

TEST(IndicatorFormsTest, HalvesAndGroupsOfThree) {
  const Form forms[] = {
      {"建设周期一年半以内", -kInf, 1.5 * kYear},
      {"检测时间不超过两个半小时", -kInf, 2.5 * kHour},
      {"建设周期不超过一个半月", -kInf, 1.5 * kYear / 12},
      {"产能5 000 t以上", 5e6, kInf},
      {"产能12 000吨", 1.2e7, kInf},
      {"产能 1 250 000吨", 1.25e9, kInf},
      {"建设周期不超过半年", -kInf, 0.5 * kYear},
      {"收率两成半以上", 0.25, kInf},
      {"收率八成半导体企业都能达到", 0.8, kInf},
  };
  ExpectForms(forms);
}

TEST(IndicatorFormsTest, ALevelOfReadinessIsNoIndicator) {
  const RequirementTables& tables = BuiltInRequirementTables();
  for (const char* text : {"TRL≥7", "成熟度≥7级", "技术就绪度不低于6级", "提供TRL 8级以上技术"}) {
    EXPECT_TRUE(ParseIndicators(text, {.indicator_list = true}, tables).empty()) << text;
  }
  const std::vector<Indicator> read = ParseIndicators("技术就绪度≥7级，收率≥85%", {}, tables);
  ASSERT_EQ(read.size(), 1u);
  EXPECT_EQ(read[0].name.quantity, "收率");
  EXPECT_EQ(ParseIndicators("果实成熟度≥80%", {.indicator_list = true}, tables).size(), 1u);
}

TEST(IndicatorFormsTest, WhatANumberIsCountedOnDividesIt) {
  constexpr double kDay = 86400, kMonth = 2628000, kKWh = 3.6e6;
  const Form forms[] = {
      {"每处理1 m³耗电2.6 kWh", 2.6 * kKWh, 2.6 * kKWh},
      {"每生产1吨碳酸锂耗新鲜水72立方米", 0.072, 0.072},
      {"每100 km耗氢8 kg", 8e-5, 8e-5},
      {"航磁系统一天可测测线60公里", 60'000 / kDay, 60'000 / kDay},
      {"制取1 t碳酸锂用淡水72 m³", 0.072, 0.072},
      {"吨渣总电耗1260 kWh", 1260 * kKWh / 1000, 1260 * kKWh / 1000},
      {"每枝成本0.05元", 0.05, 0.05},
      {"日补饲投入3元/头", 3 / kDay, 3 / kDay},
      {"亩均年灌水量150 m³", 150 / kMu / kYear, 150 / kMu / kYear},
      {"每月成洞52米", 52 / kMonth, 52 / kMonth},
      {"每小时过料3.6 t", 1, 1},
      {"每批288小时即可出堆", 288 * kHour, 288 * kHour},
      {"每亩用工由12个减至8个", 8 / kMu, 8 / kMu},
      {"24 h能耗3 kWh", 3 * kKWh, 3 * kKWh},
  };
  for (const Form& form : forms) {
    SCOPED_TRACE(form.text);
    const auto read = ParseIndicators(form.text, {.side = Side::kOffer}, BuiltInRequirementTables());
    ASSERT_FALSE(read.empty());
    EXPECT_TRUE(Near(read.back().low, form.low)) << read.back().low << " is not " << form.low;
  }
}

TEST(IndicatorFormsTest, ABoundBeforeTheVerbBounds) {
  const Form forms[] = {{"每秒最多处理8个", -kInf, 8},
                        {"至多乘坐10人", -kInf, 10},
                        {"吸附剂至少再生20次", 20, kInf},
                        {"平台最多可设讲解点200处", 200, 200}};
  ExpectForms(forms, Side::kOffer);
}

TEST(IndicatorFormsTest, UseThatIsDeniedBehindTheNumberTurnsItsBoundRound) {
  const Form forms[] = {{"静压高于25 MPa不适用", -kInf, 25e6},
                        {"半径小于400 m的曲线桥不适用本机", 400, kInf}};
  ExpectForms(forms, Side::kOffer);
}

TEST(IndicatorFormsTest, UnitsAndNumbersOfSpecifications) {
  const Form forms[] = {
      {"剩磁1.42 T", 1.42, 1.42},
      {"剩磁13.8 kGs", 1.38, 1.38},
      {"待机电流1.1 μA", 1.1e-6, 1.1e-6},
      {"重均分子量为(8~12)×10⁴ Da", 8e4, 12e4},
      {"原奶体细胞17.6万/毫升", 17.6e4 / 1e-6, 17.6e4 / 1e-6},
      {"外壳防护等级IP55", 55, 55},
      {"功率因数由0.65升至0.92", 0.92, 0.92},
      {"酒精度从15%vol降到12.5%vol", 0.125, 0.125},
      {"普通话字准确率98.1%", 0.981, 0.981},
      {"氮肥利用率反而低了2个百分点", -0.02, -0.02},
      {"能耗低30%", -0.3, -0.3},
      {"比清洁前多发电4.7%", 0.047, 0.047},
  };
  ExpectForms(forms, Side::kOffer);
}

TEST(IndicatorFormsTest, WhatANeedHasBeforeAndWantsBehindACommaIsOneIndicator) {
  const auto read = ParseIndicators("排水含铀约2mg/L，须降到0.05mg/L以下", {.side = Side::kNeed},
                                    BuiltInRequirementTables());
  ASSERT_EQ(read.size(), 1u);
  EXPECT_TRUE(Near(read[0].high, 5e-5));
  ASSERT_TRUE(read[0].baseline.has_value());
  EXPECT_TRUE(Near(*read[0].baseline, 2e-3));
}

TEST(IndicatorFormsTest, NumbersOfOthersAreNotTheOffers) {
  for (const char* text :
       {"对照工况出水总氮11 mg/L", "被替换的老系列槽龄2650天", "改造之前水耗0.75 L", "进口刀具寿命65 min"})
    EXPECT_TRUE(ParseIndicators(text, {.side = Side::kOffer}, BuiltInRequirementTables()).empty()) << text;
  EXPECT_EQ(
      ParseIndicators("替代进口设备，寿命65 min", {.side = Side::kOffer}, BuiltInRequirementTables()).size(),
      1u);
}

// Names and bounds of what a text says; the reading of spoken and of terse texts.
struct Reading {
  const char* text;
  const char* name;
  double low, high;  // base units
};
void ExpectReadings(std::span<const Reading> readings, Side side) {
  for (const Reading& one : readings) {
    SCOPED_TRACE(one.text);
    const std::vector<Indicator> read = ParseIndicators(one.text, {.side = side}, BuiltInRequirementTables());
    EXPECT_EQ(read.size(), 1u);
    if (read.size() != 1) continue;
    EXPECT_EQ(EncodeUtf8(read[0].name.text), one.name);
    EXPECT_TRUE(Near(read[0].low, one.low)) << read[0].low << " is not " << one.low;
    EXPECT_TRUE(Near(read[0].high, one.high)) << read[0].high << " is not " << one.high;
  }
}

TEST(IndicatorFormsTest, ANumeralInAQuantityIsNoNumber) {
  const Reading readings[] = {
      {"千粒重≥32g", "千粒重", 0.032, kInf},    {"苗种三倍体率须达98%", "苗种三倍体率", 0.98, kInf},
      {"一次收率≥85%", "一次收率", 0.85, kInf}, {"三年生亩产鲜根≥2000kg", "三年生亩产鲜根", 2000 / kMu, kInf},
      {"误报不多于一次", "误报", -kInf, 1},
  };
  ExpectReadings(readings, Side::kNeed);
}

TEST(IndicatorFormsTest, SpokenNeedsSayNoComparison) {
  constexpr double kDay = 24 * kHour;
  const Reading readings[] = {
      {"连阴雨没太阳要撑七天", "连阴雨没太阳", 7 * kDay, kInf},
      {"涂层耐雨蚀要顶住三十个小时", "涂层耐雨蚀", 30 * kHour, kInf},
      {"数据存够五年", "数据存", 5 * kYear, kInf},
      {"一块电池用半年", "一块电池用", kYear / 2, kInf},
      {"灭火后24h不复燃", "灭火不复燃", kDay, kInf},
      {"抓东西的劲五十牛", "抓东西的劲", 50, kInf},
      {"旧砂回用九成", "旧砂回用", 0.9, kInf},
      {"党参炔苷保住九成", "党参炔苷保留率", 0.9, kInf},
      {"呕吐毒素要降掉七成", "呕吐毒素去除率", 0.7, kInf},
      {"污泥产量减三成", "污泥产量", -kInf, -0.3},
      {"整站占地莫超过一百平", "整站占地", -kInf, 100},
      {"烂薯不过百分之三", "烂薯", -kInf, 0.03},
      {"滴头堵塞率百分之五内", "滴头堵塞率", -kInf, 0.05},
      {"绒长损失压在两毫米内", "绒长损失", -kInf, 0.002},
      {"氯降到百分之一以下", "氯", -kInf, 0.01},
      {"副反应千分之三内", "副反应", -kInf, 0.003},
      {"转速上两万四", "转速", 24000, kInf},
      {"料肉比不高于七比一", "料肉比", -kInf, 7},
      {"环境五十度不降额", "环境不降额", 323.15, kInf},
      {"接触池出口总余氯2～8 mg/L", "接触池出口总余氯", 0.002, 0.008},
  };
  ExpectReadings(readings, Side::kNeed);
}

TEST(IndicatorFormsTest, WhatANeedHasIsNotAskedFor) {
  for (const char* text :
       {"我社流转了三千亩", "合作社种了三千亩，", "合作社养着两千只", "厂里有五十台机位"}) {
    EXPECT_TRUE(ParseIndicators(text, {}, BuiltInRequirementTables()).empty()) << text;
  }
}

TEST(IndicatorFormsTest, MoneyIsSpokenInPieces) {
  const Reading readings[] = {
      {"单人份试剂成本五十块以下", "单人份试剂成本", -kInf, 50},
      {"试剂成本不超过50块", "试剂成本", -kInf, 50},
      {"水药钱两块五以内", "水药钱", -kInf, 2.5},
      {"标签成本五分钱以内", "标签成本", -kInf, 0.05},
  };
  ExpectReadings(readings, Side::kNeed);
}

TEST(IndicatorFormsTest, OneInWordsIsWhatTheNextNumberIsCountedOn) {
  const Reading needs[] = {
      {"一吨水用电不过半度", "水用电", -kInf, 1800},
      {"杀青机一小时吃鲜叶一百二十公斤", "杀青机吃鲜叶", 120 / kHour, kInf},
      {"换热站电耗一平米一度五以下", "换热站电耗", -kInf, 5.4e6},
  };
  ExpectReadings(needs, Side::kNeed);
  const Reading offers[] = {
      {"一亩挖得鲜根680kg", "挖得鲜根", 680 / kMu, 680 / kMu},
      {"补播机一天能干45亩", "补播机干", 45 * kMu / 86400, 45 * kMu / 86400},
      {"电池组充满后一趟最多跑160km", "电池组充满跑", -kInf, 160000},
      {"检修周期由一年延长到三年", "检修周期", 3 * kYear, 3 * kYear},
  };
  ExpectReadings(offers, Side::kOffer);
}

TEST(IndicatorFormsTest, FormulaeAndSymbolsAreNames) {
  const Reading readings[] = {
      {"CH₄占55%～63%", "CH4占", 0.55, 0.63},
      {"SO₂实测3mg/kg", "SO2实测", 3e-6, 3e-6},
      {"N+P₂O₅+K₂O合计5.6%", "N+P2O5+K2O", 0.056, 0.056},
      {"Aw为0.70～0.72", "Aw", 0.7, 0.72},
      {"表面Ra0.6μm", "表面Ra", 6e-7, 6e-7},
  };
  ExpectReadings(readings, Side::kOffer);
  const Reading need[] = {{"表面粗糙度Ra0.8以内", "表面粗糙度Ra", -kInf, 8e-7}};
  ExpectReadings(need, Side::kNeed);
}

TEST(IndicatorFormsTest, NamesKeepTheirFirstCharacters) {
  const Reading readings[] = {
      {"装置效率≥75%", "装置效率", 0.75, kInf},
      {"有氧稳定性≥120h", "有氧稳定性", 120 * kHour, kInf},
      {"当季残膜回收率≥85%", "当季残膜回收率", 0.85, kInf},
      {".亩产鲜归≥600kg", "亩产鲜归", 600 / kMu, kInf},
      {"屠宰率52%起", "屠宰率", 0.52, kInf},
      {"饵料系数由现在的1.4降到1.2以下", "饵料系数", -kInf, 1.2},
      {"最高烧成温度由1220℃调至1185℃", "最高烧成温度", 1458.15, 1458.15},
      {"最高出水温度≥55℃", "最高出水温度", 328.15, kInf},
      {"太阳能保证率≥80%", "太阳能保证率", 0.8, kInf},
      {"除冰功耗≤机组额定功率的3%", "除冰功耗", -kInf, 0.03},
      {"4 mm以上结节检出灵敏度不低于95%", "结节检出灵敏度", 0.95, kInf},
      {"30%负荷NOx排放≤50mg/m³", "负荷NOx排放", -kInf, 5e-5},
  };
  ExpectReadings(readings, Side::kOffer);
}

TEST(IndicatorFormsTest, AMultipleOfAnotherIsARise) {
  const Form forms[] = {{"污闪电压为裸瓷的1.62倍", 0.62, 0.62}, {"使用寿命是常规刀具的三倍", 2, 2}};
  ExpectForms(forms, Side::kOffer);
}

TEST(IndicatorFormsTest, WhatFailsBehindATemperatureEndsIt) {
  const Form forms[] = {{"环境温度超过45℃即线性降额", -kInf, 318.15},
                        {"电解液低于-10℃时无法启动", 263.15, kInf}};
  ExpectForms(forms, Side::kOffer);
}

}  // namespace
}  // namespace dongxi::requirement
