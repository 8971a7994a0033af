// Verdicts on single pairs; the labelled pairs of tests/requirement measure them at large.
#include "engine/requirement/compare_indicators.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "engine/embed/static_model.h"

namespace dongxi::requirement {
namespace {

NameForms* Names() {
  static const auto& names = *new std::shared_ptr<NameForms>([] {
    auto opened = StaticModel::Open("models/dongxi-static.dxm");
    EXPECT_TRUE(opened.ok()) << opened.status();
    return NewNameForms(*std::move(opened));
  }());
  return names.get();
}

std::vector<IndicatorVerdict> All(std::string_view need, std::string_view offer, NameForms* names) {
  const RequirementTables& tables = BuiltInRequirementTables();
  const auto asked = ParseIndicators(need, {.side = Side::kNeed}, tables);
  const auto given = ParseIndicators(offer, {.side = Side::kOffer}, tables);
  return CompareIndicators(asked, given, names);
}

IndicatorVerdict Only(std::string_view need, std::string_view offer) {
  const auto verdicts = All(need, offer, Names());
  return verdicts.size() == 1 ? verdicts[0] : IndicatorVerdict{.reason = "not one indicator"};
}

struct VerdictCase {
  const char* name;
  const char* need;
  const char* offer;
  Outcome outcome;
};

TEST(CompareIndicatorsTest, Table) {
  const VerdictCase cases[] = {
      {"Equal", "锂收率≥85%", "锂收率85%", Outcome::kMet},
      {"OtherUnit", "亩用水量≤300立方米", "用水量4.2吨/吨产品", Outcome::kUnknown},
      {"Hectares", "亩产≥400公斤", "平均单产6.3吨/公顷", Outcome::kMet},
      {"RangeReachesOver", "收率≥85%", "收率82%～88%", Outcome::kShort},
      {"EachItsOwnQuantity", "氨氮≤5mg/L", "COD、氨氮、总氮分别为38 mg/L、2.6 mg/L和17.5 mg/L",
       Outcome::kMet},
      {"TheLastOfThem", "总氮≤15mg/L", "COD、氨氮、总氮分别为38 mg/L、2.6 mg/L和17.5 mg/L", Outcome::kShort},
      {"SubstancesInOneWord", "锌回收率不低于90%", "铅锌回收率分别达到93%、88%", Outcome::kShort},
      {"SubstanceAlone", "铅残留低于0.5mg/kg", "铅0.12 mg/kg，镉未检出", Outcome::kMet},
      {"OtherSubstanceAlone", "铅残留低于0.5mg/kg", "镉0.12 mg/kg", Outcome::kUnknown},
      {"AllIsNotOne", "杂质总量不超过0.1%", "单一最大杂质0.04%", Outcome::kUnknown},
      {"RowOfATable", "处理量|≥200 t/d", "处理量 | 240 t/d", Outcome::kMet},
      {"WhatTheTonneIsOf", "直流电耗降至12800 kWh/t以下", "直流电耗从13150 kWh/t-Al降至12680 kWh/t-Al",
       Outcome::kMet},
      {"PlantSaysItsOutput", "年产2万吨氢氧化镁阻燃剂生产线", "已建成2000吨/年氢氧化镁阻燃剂示范线",
       Outcome::kShort},
      {"OnlyOfAnOfferIsNoPresentState", "孵化率≥85%", "孵化率仅为70%左右，亩产18kg", Outcome::kShort},
      {"RoseInstead", "药剂成本下降20%", "药剂成本反增6%", Outcome::kContradictory},
      {"ElementSymbol", "铁含量≤0.4%", "Fe 0.35%、Al 0.42%", Outcome::kMet},
      {"OtherElementSymbol", "铁含量≤0.4%", "Al 0.35%", Outcome::kUnknown},
      {"RepeatedIsAnother", "定位精度≤5μm", "重复定位精度±3μm", Outcome::kUnknown},
      {"LongEndAlike", "藏语识别字错误率低于10%", "方言字错误率8.3%", Outcome::kMet},
      {"UseIsNoVerb", "最高使用温度≥565℃", "最高使用温度600℃", Outcome::kMet},
      {"EachPieceCosts", "制砖成本每块控制在0.3元以下", "单块成本约0.26元", Outcome::kMet},
      {"AndWithinAWord", "平台支持并发用户不少于5000", "并发用户8000", Outcome::kMet},
      {"OtherSubstance", "锂收率≥85%", "镁收率92%", Outcome::kUnknown},
      {"OtherQuantity", "灵敏度≥90%", "特异度95%", Outcome::kUnknown},
      {"OppositeChange", "能耗降低30%", "能耗提高8%", Outcome::kContradictory},
      {"BoundAway", "收率≥90%", "收率不超过80%", Outcome::kContradictory},
      {"RangesApart", "发酵温度18~22℃", "发酵温度28~32℃", Outcome::kContradictory},
      {"NotYetReached", "回收率≥85%", "回收率尚未达到85%", Outcome::kContradictory},
      {"LimitedLossAndGain", "锅炉热效率下降不超过0.3个百分点", "锅炉热效率提高0.5个百分点", Outcome::kMet},
      {"ChangeFromOwnBaseline", "繁活率提高10个百分点", "繁活率由48%提高到60%", Outcome::kMet},
      {"ColderIsHarder", "-40℃稳定工作", "-45℃工作", Outcome::kMet},
      {"NotAsCold", "-40℃稳定工作", "-30℃工作", Outcome::kShort},
      {"WarmIsAnotherCircumstance", "-30℃放电容量≥80%", "常温放电容量98%", Outcome::kUnknown},
      {"RangeIsCovered", "工作温度-20~50℃", "工作温度-40~60℃", Outcome::kMet},
      {"BreaksAtTheBoundItself", "使用温度≤-30℃", "-30℃即出现开裂", Outcome::kContradictory},
      {"BreaksFurtherOn", "使用温度≤-30℃", "-40℃即出现开裂", Outcome::kMet},
      {"WarmthThatIsKeptIsNoReach", "地表最低温≥-8℃", "地表最低温不低于-6.5℃", Outcome::kMet},
      {"HigherIsHarder", "适用海拔4500米", "适用海拔5000米", Outcome::kMet},
      {"ExcludedAltitude", "适用海拔4500米", "不适用于海拔3000米以上地区", Outcome::kContradictory},
      {"Tolerance", "丸重差异≤±5%", "丸重差异±3.5%", Outcome::kMet},
      {"OffersToleranceIsWider", "粒径45~55μm", "粒径50±10μm", Outcome::kShort},
      {"OffersToleranceIsInside", "粒径45~55μm", "粒径50±4μm", Outcome::kMet},
      {"NeedsToleranceHasTwoEnds", "粗糙度1.3±0.2μm", "粗糙度2.5μm", Outcome::kContradictory},
      {"AdjustableAtLeast", "可调范围±20%", "可调范围±25%", Outcome::kMet},
      {"AdjustableTooLittle", "可调范围±20%", "可调范围±10%", Outcome::kShort},
      {"LoadIsAdjustableAtLeast", "负荷可调范围±20%", "调负荷范围±22%", Outcome::kMet},
      {"LoadRangeIsCovered", "单槽负荷范围20%~110%", "负荷范围18%~115%", Outcome::kMet},
      {"MeasuringRangeIsCovered", "量程0~10MPa", "量程0~16MPa", Outcome::kMet},
      {"MeasuringRangeIsTooSmall", "量程0~10MPa", "量程0~6MPa", Outcome::kShort},
      {"SymmetricDegrees", "控温精度±0.5℃", "控温精度0.3℃", Outcome::kMet},
      {"ChainAgainstRange", "90%≤纯度≤99%", "纯度80%~85%", Outcome::kContradictory},
      {"ChainAgainstChain", "6≤pH≤9", "6.5≤pH≤8", Outcome::kMet},
      {"DeniedSmaller", "抗压强度不应小于30MPa", "抗压强度42MPa", Outcome::kMet},
      {"DeniedMoreAgainstMore", "含水率不应大于12%", "含水率不低于15%", Outcome::kContradictory},
      {"ThousandTonnes", "产能不低于5千吨", "产能不超过3千吨", Outcome::kContradictory},
      {"WaterATonne", "用水量不超过4立方米/吨", "用水量3.5吨水/吨", Outcome::kMet},
      {"WhatTheShareIsOf", "除冰耗电不超过额定功率的3%", "除冰耗电占额定功率的2.1%", Outcome::kMet},
      {"ComparedWithWhatHasAHead", "发电量损失减少60%以上", "发电量损失较未处理机组减少72%", Outcome::kMet},
      {"MoreThanIsBorne", "电耗增加不超过0.05kWh", "电耗增加0.12kWh以上", Outcome::kContradictory},
      {"SymmetricAtLeast", "波束扫描角不小于±60°", "波束扫描范围±60°", Outcome::kMet},
      {"Titre", "抗体效价不低于1:64", "抗体效价1:128", Outcome::kMet},
      {"Knots", "航速≥16km/h", "航速8节", Outcome::kShort},
      {"LastedSoLong", "不复燃时间24h以上", "36h内未复燃", Outcome::kMet},
      {"NotForUse", "适用海拔5000m以上", "海拔4000m以上不适用", Outcome::kContradictory},
      {"OneCharacter", "厚度不大于12μm", "厚0.010mm的薄膜", Outcome::kMet},
      {"OwnPresentState", "误报率≤1%", "目前误报率仍在3%以上", Outcome::kContradictory},
      {"PresentStateOfOthers", "误报率≤1%", "目前国内同类产品误报率在3%以上", Outcome::kUnknown},
      {"OtherCode", "粒径D90≤200nm", "粒径D50为110nm", Outcome::kUnknown},
      {"OtherCycle", "WLTC工况油耗≤4.8L", "NEDC工况百公里油耗3.9L", Outcome::kUnknown},
      {"OtherGreek", "总β活度≤10Bq/L", "总α活度0.4Bq/L", Outcome::kUnknown},
      {"OtherElement", "硒直收率≥90%", "碲直收率91%", Outcome::kUnknown},
      {"SubstanceIntoTheHead", "枸杞多糖含量≥5%", "枸杞黄酮含量6%", Outcome::kUnknown},
      {"OtherLoad", "满载航程≥50km", "空载航程120km", Outcome::kUnknown},
      {"MonthsOfAYear", "质保期不少于3年", "质保期36个月", Outcome::kMet},
      {"MonthsInDays", "使用寿命不少于3个月", "使用寿命90天", Outcome::kMet},
      {"LevelIsNoDifference", "恒温25±0.5℃", "控温精度±0.1℃", Outcome::kUnknown},
      {"ColdEnough", "能在-30℃下连续工作", "可在-40℃下连续工作", Outcome::kMet},
      {"NotColdEnough", "能在-30℃下连续工作", "可在-20℃下连续工作", Outcome::kShort},
      {"UpperLimitBelow", "耐温160℃以上", "耐温上限为150℃", Outcome::kContradictory},
      {"NotForUseAbove", "工作静压40 MPa", "静压高于25 MPa不适用", Outcome::kContradictory},
      {"GoesTheOtherWay", "铸造周期由280 s缩到260 s以内", "铸造周期由280 s延长至310 s",
       Outcome::kContradictory},
      {"CountUnsaid", "单价不高于260元", "单价238元/只", Outcome::kMet},
      {"TeslaAndGauss", "剩磁≥1.35T", "剩磁13.8 kGs", Outcome::kMet},
      {"FromRestIsCovered", "主轴转速0~220 r/min", "主轴转速0~180 r/min", Outcome::kShort},
      {"PerTonneInWords", "吨渣电耗≤1100 kWh", "处理每吨渣耗电1260千瓦时", Outcome::kShort},
      {"ProtectionClass", "防护等级不低于IP54", "外壳防护等级IP65", Outcome::kMet},
      {"RangesApartOfWhatServesHigh", "养分释放期90~120天", "养分释放期55~65天", Outcome::kContradictory},
      {"OneValueBelowARangeIsShort", "养分释放期90~120天", "养分释放期80天", Outcome::kShort},
      {"RangesThatOverlap", "养分释放期90~120天", "养分释放期80~100天", Outcome::kShort},
      {"HighestIsABound", "采样率≥1000点/s", "采样率最高300点/s", Outcome::kContradictory},
      {"HighestBeyondIsMet", "采样率≥1000点/s", "采样率最高1200点/s", Outcome::kMet},
      {"LowestIsABound", "蒸汽单耗≤4.5t/t", "蒸汽单耗最低也要5.1t/t", Outcome::kContradictory},
      {"StillAbove", "噪声不高于55dB(A)", "噪声仍在60dB(A)以上", Outcome::kContradictory},
      {"GrewInstead", "吨产品废水产生量不大于8吨", "吨产品废水产生量由9吨增为12吨", Outcome::kContradictory},
      {"ShrankNotEnough", "吨产品废水产生量不大于8吨", "吨产品废水产生量由12吨降至9吨", Outcome::kShort},
      {"NeedsMoreThanIsBorne", "亩施药液量不超过3L", "每亩须喷药液4~5L", Outcome::kContradictory},
      {"AboutAsDeep", "井深2500m左右", "井深2510m", Outcome::kMet},
      {"BannedBelow", "-5℃可施工", "环境低于5℃时不得施工", Outcome::kContradictory},
      {"RoseToInstead", "菌渣含水率≤60%", "菌渣含水率反升到84%", Outcome::kContradictory},
      {"FailsBeyond", "适用海拔3000米", "海拔2000米以上需降容使用", Outcome::kContradictory},
      {"FailsAtSoMany", "抗冻融不少于300次", "抗冻融200次即破坏", Outcome::kContradictory},
      {"StopsInTheCold", "装置-40℃可正常工作", "装置在-30℃以下即停机", Outcome::kContradictory},
      {"ServiceRangeTooShort", "工作结温-40~150℃", "工作结温-40~125℃", Outcome::kShort},
      {"AdjustableRange", "步速0.2~1.0m/s可调", "步速0.1~1.2m/s无级可调", Outcome::kMet},
      {"AdjustableFromTooHighOn", "潮气量20~2000mL", "潮气量50~2000mL可调", Outcome::kShort},
      {"ErrorOfFullScale", "综合精度0.1%FS以内", "综合精度0.075%FS", Outcome::kMet},
      {"AlmostTheSameWord", "毒杂草盖度不超过10%", "植被盖度78%，毒害草盖度13%", Outcome::kShort},
  };
  for (const VerdictCase& one : cases) {
    SCOPED_TRACE(one.name);
    const IndicatorVerdict verdict = Only(one.need, one.offer);
    EXPECT_EQ(verdict.outcome, one.outcome) << verdict.reason;
    EXPECT_EQ(verdict.offer.has_value(), one.outcome != Outcome::kUnknown);
  }
}

TEST(CompareIndicatorsTest, NamesOfOtherWordsThatVeryLikelyMeanTheSameAreCompared) {
  const VerdictCase cases[] = {
      {"EndsDiffer", "单景解缠时间≤10分钟", "影像解缠耗时6.5分钟", Outcome::kMet},
      {"BeginningsDiffer", "系谱完整率≥90%", "系谱补全率85%", Outcome::kShort},
      {"Short", "主轴端面窜动≤3μm", "轴端窜动5μm", Outcome::kShort},
      {"RareUnit", "蜡层持粘性≥12N·m/kg", "蜡膜粘持能力15N·m/kg", Outcome::kMet},
      {"Bound", "系谱完整率≥90%", "系谱补全率不超过80%", Outcome::kContradictory},
  };
  for (const VerdictCase& one : cases) {
    SCOPED_TRACE(one.name);
    const IndicatorVerdict verdict = Only(one.need, one.offer);
    EXPECT_EQ(verdict.outcome, one.outcome) << verdict.reason;
    const auto alone = All(one.need, one.offer, nullptr);
    ASSERT_EQ(alone.size(), 1u);
    EXPECT_EQ(alone[0].outcome, Outcome::kUnknown) << "the model alone tells: " << alone[0].reason;
  }
  const IndicatorVerdict doubtful = Only("脱硝催化剂再生后活性恢复率≥90%", "催化剂活性恢复程度95%");
  EXPECT_TRUE(doubtful.likely);
  EXPECT_THAT(doubtful.reason, testing::HasSubstr("供方 催化剂活性恢复程度 95%"));
}

TEST(CompareIndicatorsTest, NamesThatOnlyLookAlikeAreNot) {
  const VerdictCase cases[] = {
      {"OppositeWords", "籽粒冷榨出油率≥42%", "压榨饼残油率6%", Outcome::kUnknown},
      {"InAndOut", "进风露滴量≤3 g/h", "出风露滴量2 g/h", Outcome::kUnknown},
      {"OtherDimension", "系谱完整率≥90%", "系谱补全时间3天", Outcome::kUnknown},
      {"LevelAndChange", "系谱完整率≥90%", "系谱补全率提高20%", Outcome::kUnknown},
      {"BothInTheTable", "抗压强度≥30MPa", "抗拉强度40MPa", Outcome::kUnknown},
      {"OtherSubstance", "锂溶出比率≥90%", "镁溶出比例95%", Outcome::kUnknown},
  };
  for (const VerdictCase& one : cases) {
    SCOPED_TRACE(one.name);
    const IndicatorVerdict verdict = Only(one.need, one.offer);
    EXPECT_EQ(verdict.outcome, one.outcome) << verdict.reason;
  }
}

TEST(CompareIndicatorsTest, ANumberThatIsNamedAnswersForNoOther) {
  const auto verdicts = All("系谱完整率≥90%，系谱补全率≥80%", "系谱补全率85%", Names());
  ASSERT_EQ(verdicts.size(), 2u);
  EXPECT_EQ(verdicts[0].outcome, Outcome::kUnknown) << verdicts[0].reason;
  EXPECT_EQ(verdicts[1].outcome, Outcome::kMet) << verdicts[1].reason;
  EXPECT_FALSE(verdicts[1].likely);
}

// With the model of names this pair is taken for one quantity (docs/requirements.md: one verdict in seven).
TEST(CompareIndicatorsTest, ByWordsAloneAMeasureOfAnotherThingIsAnother) {
  const auto verdicts = All("灌溉均匀度≥90%", "播种均匀度92%", nullptr);
  ASSERT_EQ(verdicts.size(), 1u);
  EXPECT_EQ(verdicts[0].outcome, Outcome::kUnknown) << verdicts[0].reason;
}

TEST(CompareIndicatorsTest, AQuantityAndAKindOfItAreCompared) {
  EXPECT_EQ(Only("强度≥30MPa", "抗压强度35MPa").outcome, Outcome::kMet);
  EXPECT_EQ(Only("抗压强度≥30MPa", "强度28MPa").outcome, Outcome::kShort);
  // Of two, the one that is the kind asked for.
  const auto verdicts = All("抗压强度≥30MPa", "强度50MPa，抗压强度28MPa", Names());
  ASSERT_EQ(verdicts.size(), 1u);
  EXPECT_EQ(verdicts[0].outcome, Outcome::kShort) << verdicts[0].reason;
}

TEST(CompareIndicatorsTest, WhatIsLostSaysWhatIsLeft) {
  const VerdictCase cases[] = {
      {"Met", "花青素保留率80%以上", "花青素损失率低于15%", Outcome::kMet},
      {"Short", "羔羊成活率≥95%", "羔羊死亡率8%", Outcome::kShort},
      {"TheOtherWay", "羔羊死亡率≤5%", "羔羊成活率96%", Outcome::kMet},
      {"Bound", "羔羊成活率≥95%", "羔羊死亡率不低于8%", Outcome::kContradictory},
      {"AYearIsNoLife", "容量保持率≥80%", "年衰减率2%", Outcome::kUnknown},
      {"NoShare", "羔羊成活率≥95%", "羔羊死亡率降低8%", Outcome::kUnknown},
      {"OtherThing", "花青素保留率80%以上", "多糖损失率低于15%", Outcome::kUnknown},
  };
  for (const VerdictCase& one : cases) {
    SCOPED_TRACE(one.name);
    const IndicatorVerdict verdict = Only(one.need, one.offer);
    EXPECT_EQ(verdict.outcome, one.outcome) << verdict.reason;
  }
  EXPECT_THAT(Only(cases[1].need, cases[1].offer).reason,
              testing::AllOf(testing::HasSubstr("死亡率 8%"), testing::HasSubstr("低 3 个百分点")));
}

TEST(CompareIndicatorsTest, ALevelAnswersForALevelThoughTheTextAlsoSaysTheChange) {
  const IndicatorVerdict verdict =
      Only("犊牛成活率由85%提高到95%以上", "犊牛成活率提高了7个百分点，达到92.5%");
  EXPECT_EQ(verdict.outcome, Outcome::kShort);
  ASSERT_TRUE(verdict.offer.has_value());
  EXPECT_EQ(*verdict.offer, 1u);
}

TEST(CompareIndicatorsTest, AShortfallSaysHowMuch) {
  const IndicatorVerdict verdict = Only("锂收率≥85%", "锂收率80%");
  EXPECT_EQ(verdict.outcome, Outcome::kShort);
  EXPECT_NEAR(verdict.shortfall, 5.0 / 85, 1e-9);
  EXPECT_THAT(verdict.shortfall_text, testing::HasSubstr("低 5 个百分点（5.88%）"));
  EXPECT_THAT(verdict.reason, testing::HasSubstr("锂收率"));
}

TEST(CompareIndicatorsTest, AUnitThatDoesNotFitItsQuantityIsSaid) {
  for (const char* need : {"收率≥85公斤", "亩产30℃", "收率≥150%", "适用海拔5000公斤", "工作电压≥20吨"}) {
    SCOPED_TRACE(need);
    const IndicatorVerdict verdict = Only(need, "收率90%，亩产400公斤，适用海拔5200米，工作电压380V");
    EXPECT_EQ(verdict.outcome, Outcome::kUnknown);
    EXPECT_THAT(verdict.reason, testing::HasSubstr("单位与指标不符，请核对"));
  }
  for (const char* need : {"收率≥85%", "收率提高150%", "收率提高5个百分点", "亩产400公斤", "收率≥85"}) {
    SCOPED_TRACE(need);
    EXPECT_THAT(Only(need, "").reason, testing::Not(testing::HasSubstr("请核对")));
  }
}

// The law of the header: with the same quantity and unit, a bound that excludes what is asked is never
// unknown.
TEST(CompareIndicatorsTest, AContradictionIsNeverUnknown) {
  for (const char* quantity : {"锂收率", "溶损率", "使用寿命指数", "白度", "含杂率", "能量效率"}) {
    for (int asked = 10; asked <= 90; asked += 20) {
      const std::string name = quantity;
      const IndicatorVerdict above =
          Only(name + "≥" + std::to_string(asked) + "%", name + "不超过" + std::to_string(asked - 5) + "%");
      EXPECT_EQ(above.outcome, Outcome::kContradictory) << name << asked << above.reason;
      const IndicatorVerdict below =
          Only(name + "≤" + std::to_string(asked) + "%", name + "不低于" + std::to_string(asked + 5) + "%");
      EXPECT_EQ(below.outcome, Outcome::kContradictory) << name << asked << below.reason;
    }
  }
}

}  // namespace
}  // namespace dongxi::requirement
