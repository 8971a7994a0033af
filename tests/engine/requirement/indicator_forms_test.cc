// Forms of numbers, units and comparisons that officials use and that once were read wrongly, one table a
// form.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <span>

#include "engine/requirement/indicator.h"

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

TEST(IndicatorFormsTest, WhatStandsInBracketsBesideANameAsksForNothing) {
  const Form forms[] = {{"出苗率（3‰盐分）≥85%", 0.85, kInf}, {"感官膻味评分≤2（5分制）", -kInf, 2}};
  ExpectForms(forms);
}

TEST(IndicatorFormsTest, RowsAndColonsBeforeWordsOfComparisonAreNames) {
  const Form forms[] = {
      {"合格率：由70%升至85%", 0.85, kInf},
      {"单件重量：不超过6.5 kg", -kInf, 6.5},
      {"滤料再生间隔|不短于6个月", kYear / 2, kInf},
      {"最低检出浓度|不高于25 IU/mL", -kInf, 2.5e7},
      {"作业效率|每小时15亩以上", 15 * kMu / kHour, kInf},
      {"吨盐价格|由6500元降至5000元以下", -kInf, 5},
      {"吨碳酸锂淡水|120m³|≤80m³", -kInf, 0.08},
  };
  ExpectForms(forms);
}

TEST(IndicatorFormsTest, ANameIsReadThroughABracketWithNumbers) {
  const Form forms[] = {
      {"短绒率（15 mm以下）不大于10%", -kInf, 0.1},
      {"压缩永久变形(150 ℃，70 h)≤25%", -kInf, 0.25},
      {"原料出酒率（以60度计）不低于42%", 0.42, kInf},
  };
  ExpectForms(forms);
}

TEST(IndicatorFormsTest, WhatIsCountedMayStandBeforeTheBound) {
  const Form forms[] = {
      {"型腔数128腔以上", 128, kInf},        {"设置岗亭20个以内", -kInf, 20},
      {"吊装能力128吊以上", 128, kInf},      {"模具寿命不少于十二万模次", 1.2e5, kInf},
      {"炉龄不低于一万二千炉", 1.2e4, kInf},
  };
  ExpectForms(forms);
}

TEST(IndicatorFormsTest, GradesAndScalesOfHardness) {
  const Form forms[] = {
      {"抗冻等级不低于F200", 200, kInf},
      {"抗渗等级P8以上", 8, kInf},
      {"布氏硬度≤95HB", -kInf, 95},
      {"硬度HRC50以上", 50, kInf},
      {"显微硬度≥1250HV0.3", 1250, kInf},
      {"电通量≤1000C", -kInf, 1000},
      {"抗风能力不低于6级", 6, kInf},
      {"抗七级风", 7, kInf},
      {"停机抗风十一级", 11, kInf},
      {"吨水成本六角以内", -kInf, 6e-4},
      {"电压衰减率5μV/h以内", -kInf, 5e-6 / kHour},
      {"过渡电阻≥2000欧", 2000, kInf},
  };
  ExpectForms(forms);
}

TEST(IndicatorFormsTest, HalvedAndDoubled) {
  const Form offers[] = {
      {"抗生素用量减半", -0.5, -0.5}, {"产量翻番", 1, 1}, {"产量翻两番", 3, 3}, {"用量减少一半", -0.5, -0.5}};
  ExpectForms(offers, Side::kOffer);
}

TEST(IndicatorFormsTest, APowerBehindABracketHoldsForValueAndTolerance) {
  const auto read =
      ParseIndicators("线膨胀系数(3.3±0.1)×10-6/K", {.side = Side::kOffer}, BuiltInRequirementTables());
  ASSERT_EQ(read.size(), 1u);
  EXPECT_TRUE(Near(read[0].low, 3.3e-6));
  EXPECT_TRUE(Near(read[0].tolerance * 1e6, 0.1));
}

TEST(IndicatorFormsTest, BetterThanIsReadAsItsQuantityServes) {
  const Form forms[] = {{"空间分辨率优于10 m", -kInf, 10},
                        {"定位精度优于0.5 m", -kInf, 0.5},
                        {"产品网格细于1 km", -kInf, 1000},
                        {"裂缝计分辨率不低于0.1 mm", -kInf, 1e-4}};
  ExpectForms(forms);
}

TEST(IndicatorFormsTest, ANeedAsksByWordsOfAbilityAndExtremes) {
  const Form forms[] = {{"能爬20%的坡", 0.2, kInf},
                        {"额定机械负荷420kN", 4.2e5, kInf},
                        {"能用十年以上", 10 * kYear, kInf},
                        {"冲次0.5～4次/min可调", 0.5 / 60, 4.0 / 60}};
  ExpectForms(forms);
}

TEST(IndicatorFormsTest, ATemperatureOfUseIsAskedForItself) {
  const auto read = ParseIndicators("可在-40～125 ℃下工作，零点温漂0.03%FS", {.side = Side::kOffer},
                                    BuiltInRequirementTables());
  ASSERT_EQ(read.size(), 2u);
  EXPECT_EQ(read[0].name.quantity, "环境温度");
  EXPECT_TRUE(Near(read[0].high, 398.15));
  EXPECT_TRUE(read[1].circumstances.empty());
}

TEST(IndicatorFormsTest, WhatIsBoundedAfterThePresentStateIsAskedFor) {
  const Form needs[] = {{"亩产油只有15 kg左右，求配套技术，盛产期亩产油60 kg以上", 60 / kMu, kInf},
                        {"传统蒙古文错码自动纠正率≥95%", 0.95, kInf},
                        {"透气率保持原来的90%以上", 0.9, kInf},
                        {"静态投资回收期不超过四年半", -kInf, 4.5 * kYear},
                        {"玻璃目前依赖进口，求国产化：厚度在50 μm以内", -kInf, 5e-5}};
  ExpectForms(needs);
  const Form offers[] = {{"现有搅拌头不适用于厚度大于8 mm的板材", -kInf, 0.008},
                         {"加工效率为原工艺的1.7倍，壁厚误差±0.05 mm", -kInf, 5e-5},
                         {"平均日增重0.305 kg（对照组0.221 kg），料肉比6.1∶1", 6.1, 6.1}};
  for (const Form& form : offers) {
    SCOPED_TRACE(form.text);
    const auto read = ParseIndicators(form.text, {.side = Side::kOffer}, BuiltInRequirementTables());
    ASSERT_FALSE(read.empty());
    EXPECT_TRUE(Near(read.back().low, form.low)) << read.back().low;
    EXPECT_TRUE(Near(read.back().high, form.high)) << read.back().high;
  }
}

TEST(IndicatorFormsTest, WhatANeedHasBeforeAndWantsBehindACommaIsOneIndicator) {
  const auto read = ParseIndicators("排水含铀约2mg/L，须降到0.05mg/L以下", {.side = Side::kNeed},
                                    BuiltInRequirementTables());
  ASSERT_EQ(read.size(), 1u);
  EXPECT_TRUE(Near(read[0].high, 5e-5));
  ASSERT_TRUE(read[0].baseline.has_value());
  EXPECT_TRUE(Near(*read[0].baseline, 2e-3));
}

TEST(IndicatorFormsTest, AMarkOfAListIsNoPartOfAName) {
  const auto read =
      ParseIndicators("(1)收率≥85%;(2)直肠温度≤39℃;(三)判读时间≤20min", {}, BuiltInRequirementTables());
  ASSERT_EQ(read.size(), 3u);
  EXPECT_EQ(read[1].name.text, U"直肠温度");
  EXPECT_EQ(read[2].name.text, U"判读时间");
}

TEST(IndicatorFormsTest, ARowWithThePresentStateAsksForTheBoundBehindIt) {
  const auto read = ParseIndicators("全流程锂收率|65%|≥80%", {}, BuiltInRequirementTables());
  ASSERT_EQ(read.size(), 1u);
  EXPECT_TRUE(Near(read[0].low, 0.8));
  EXPECT_EQ(read[0].baseline, 0.65);
}

TEST(IndicatorFormsTest, WhatServesWhenSmallIsAskedForAtMost) {
  const Form forms[] = {
      {"负荷可低至50%", -kInf, 0.5},
      {"最小可检缺陷0.1mm", -kInf, 1e-4},
      {"断奶日龄提前到90天", -kInf, 7776000},
      {"渗透率1 Lu以下", -kInf, 1},
  };
  ExpectForms(forms);
}

TEST(IndicatorFormsTest, NumbersOfOthersAreNotTheOffers) {
  for (const char* text :
       {"对照工况出水总氮11 mg/L", "被替换的老系列槽龄2650天", "改造之前水耗0.75 L", "进口刀具寿命65 min"})
    EXPECT_TRUE(ParseIndicators(text, {.side = Side::kOffer}, BuiltInRequirementTables()).empty()) << text;
  EXPECT_EQ(
      ParseIndicators("替代进口设备，寿命65 min", {.side = Side::kOffer}, BuiltInRequirementTables()).size(),
      1u);
}

}  // namespace
}  // namespace dongxi::requirement
