// What people say and how terse texts write it: needs without words of comparison, money in 块, what one of
// something is counted on, formulae as names. One table a form.
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

bool Near(double value, double wanted) {
  return std::isinf(wanted) ? value == wanted
                            : std::abs(value - wanted) <= std::max(1e-12, std::abs(wanted) * 1e-6);
}

// One indicator, its name and its bounds.
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

TEST(IndicatorSpeechTest, ANumeralInAQuantityIsNoNumber) {
  const Reading readings[] = {
      {"千粒重≥32g", "千粒重", 0.032, kInf},    {"苗种三倍体率须达98%", "苗种三倍体率", 0.98, kInf},
      {"一次收率≥85%", "一次收率", 0.85, kInf}, {"三年生亩产鲜根≥2000kg", "三年生亩产鲜根", 2000 / kMu, kInf},
      {"误报不多于一次", "误报", -kInf, 1},
  };
  ExpectReadings(readings, Side::kNeed);
}

TEST(IndicatorSpeechTest, SpokenNeedsSayNoComparison) {
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
      {"污泥量减三成", "污泥量", -kInf, -0.3},
      {"2到8度放得住两年", "保存期", 2 * kYear, kInf},
      {"半仁以上的要占八成", "半仁以上占", 0.8, kInf},
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

TEST(IndicatorSpeechTest, WhatANeedHasIsNotAskedFor) {
  for (const char* text :
       {"我社流转了三千亩", "合作社种了三千亩，", "合作社养着两千只", "厂里有五十台机位"}) {
    EXPECT_TRUE(ParseIndicators(text, {}, BuiltInRequirementTables()).empty()) << text;
  }
}

TEST(IndicatorSpeechTest, MoneyIsSpokenInPieces) {
  const Reading readings[] = {
      {"单人份试剂成本五十块以下", "单人份试剂成本", -kInf, 50},
      {"试剂成本不超过50块", "试剂成本", -kInf, 50},
      {"水药钱两块五以内", "水药钱", -kInf, 2.5},
      {"标签一枚五分钱以内", "标签", -kInf, 0.05},
  };
  ExpectReadings(readings, Side::kNeed);
}

TEST(IndicatorSpeechTest, OneInWordsIsWhatTheNextNumberIsCountedOn) {
  const Reading needs[] = {
      {"一吨水用电不过半度", "水用电", -kInf, 1800},
      {"杀青机一小时吃鲜叶一百二十公斤", "杀青机吃鲜叶", 120 / kHour, kInf},
      {"换热站电耗一平米一度五以下", "换热站电耗", -kInf, 5.4e6},
  };
  ExpectReadings(needs, Side::kNeed);
  const Reading offers[] = {
      {"一亩挖得鲜根680kg", "挖得鲜根", 680 / kMu, 680 / kMu},
      {"灌1m³水用电0.21kWh", "水用电", 756000, 756000},
      {"一方氧耗电1.05度", "氧耗电", 3.78e6, 3.78e6},
      {"一方池容一天产气1.4方", "池容产气", 1.4 / 86400, 1.4 / 86400},
      {"国外同类耗时25秒，本系统出报告40秒", "本系统出报告", 40, 40},
      {"自泄漏发生40s后弹出警示", "泄漏发生后弹出警示", 40, 40},
      {"补播机一天能干45亩", "补播机干", 45 * kMu / 86400, 45 * kMu / 86400},
      {"电池组充满后一趟最多跑160km", "电池组充满跑", -kInf, 160000},
      {"检修周期由一年延长到三年", "检修周期", 3 * kYear, 3 * kYear},
  };
  ExpectReadings(offers, Side::kOffer);
}

TEST(IndicatorSpeechTest, FormulaeAndSymbolsAreNames) {
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

TEST(IndicatorSpeechTest, NamesKeepTheirFirstCharacters) {
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

TEST(IndicatorSpeechTest, AMultipleOfAnotherIsARise) {
  const Reading readings[] = {{"污闪电压为裸瓷的1.62倍", "污闪电压", 0.62, 0.62},
                              {"使用寿命是常规刀具的三倍", "使用寿命", 2, 2}};
  ExpectReadings(readings, Side::kOffer);
}

TEST(IndicatorSpeechTest, HowLongAColdIsHeldHasAName) {
  const Reading readings[] = {{"断电后2～8℃保持72小时", "保温时间", 72 * kHour, kInf}};
  ExpectReadings(readings, Side::kNeed);
}

TEST(IndicatorSpeechTest, SymbolsOfElementsBeforeAShareAreContents) {
  const Reading readings[] = {{"P 0.018%", "磷含量", 1.8e-4, 1.8e-4},
                              {"出钢前钢水[P]不高于0.009%", "出钢前钢水磷含量", -kInf, 9e-5},
                              {"产品氧0.042%", "氧含量", 4.2e-4, 4.2e-4}};
  ExpectReadings(readings, Side::kOffer);
}

TEST(IndicatorSpeechTest, WhatFailsBehindATemperatureEndsIt) {
  const Reading readings[] = {{"环境温度超过45℃即线性降额", "环境温度即线性降额", -kInf, 318.15},
                              {"电解液低于-10℃时无法启动", "电解液时无法启动", 263.15, kInf}};
  ExpectReadings(readings, Side::kOffer);
}

}  // namespace
}  // namespace dongxi::requirement
