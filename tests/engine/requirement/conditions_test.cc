// Conditions of a site: what a text validates, plans or denies, how far an offer is from the site.
#include "engine/requirement/conditions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "engine/record/field_schema.h"
#include "engine/requirement/assess.h"

namespace dongxi::requirement {
namespace {

using testing::HasSubstr;

const RequirementTables& Tables() { return BuiltInRequirementTables(); }

Record Offer(const std::string& text) {
  Record offer{.kind = RecordKind::kResult, .id = "r-1", .title = "成果"};
  offer.text = text;
  return offer;
}

Record Need(std::vector<std::string> conditions, std::vector<std::string> indicators = {}) {
  Record need{.kind = RecordKind::kNeed, .id = "n-1", .title = "需求"};
  need.wanted = "希望合作。";
  need.conditions = std::move(conditions);
  need.indicators = std::move(indicators);
  return need;
}

std::vector<RequirementVerdict> Judge(const Record& need, const Record& offer) {
  return JudgeConditions(ReadNeed(need, Tables()).conditions, ReadOffer(offer, Tables()).conditions,
                         Tables());
}

RequirementVerdict JudgeOne(const std::string& code, const std::string& text) {
  const auto verdicts = Judge(Need({code}), Offer(text));
  EXPECT_EQ(verdicts.size(), 1u);
  return verdicts.front();
}

TEST(ConditionsTest, OnlyWhatWasDoneThereIsValidated) {
  struct Case {
    std::string code, text;
    Outcome want;
  };
  const Case cases[] = {
      // Said to be so.
      {"high_altitude", "已在高海拔地区应用三年。", Outcome::kMet},
      {"high_altitude", "模拟高海拔环境下通过测试。", Outcome::kMet},
      {"remote", "为没有大电网的偏远牧区供电。", Outcome::kMet},
      {"cold", "解决电池难以在高寒启动的问题。", Outcome::kMet},
      {"cold", "克服了普通机型无法在严寒地区作业的缺点。", Outcome::kMet},
      {"remote", "在无人值守站点运行两年，不需要值班。", Outcome::kMet},
      {"weak_grid", "在没拉电线的村寨用了一年。", Outcome::kMet},
      {"weak_grid", "无需市电，光伏直接驱动。", Outcome::kMet},
      {"remote", "由人背马驮送到点上安装。", Outcome::kMet},
      {"karst", "探明暗河六条。", Outcome::kMet},
      {"high_altitude", "深受欢迎的高海拔机型。", Outcome::kMet},
      // Said to be planned, or not to have been done yet.
      {"high_altitude", "没有高海拔应用案例。", Outcome::kUnknown},
      {"cold", "缺少高寒运行数据。", Outcome::kUnknown},
      {"cold", "高寒数据空白。", Outcome::kUnknown},
      {"high_altitude", "欢迎高海拔地区单位试用。", Outcome::kUnknown},
      {"high_altitude", "高海拔试验还在进行中。", Outcome::kUnknown},
      {"high_altitude", "高海拔地区请选用增压型。", Outcome::kUnknown},
      {"high_altitude", "有望用于高海拔地区。", Outcome::kUnknown},
      {"high_altitude", "拟在高海拔地区示范。", Outcome::kUnknown},
      {"high_altitude", "面向未来高海拔工程。", Outcome::kUnknown},
      {"high_altitude", "高海拔地区应用前景好。", Outcome::kUnknown},
      {"cold", "严寒地区尚未试用。", Outcome::kUnknown},
      {"humid_heat", "尚未在湿热环境试验，计划明年送湿热试验站。", Outcome::kUnknown},
      {"high_altitude", "高海拔试验段尚未铺设，拟于2027年在海拔4500 m区段试铺。", Outcome::kUnknown},
      {"high_altitude", "有望用于高海拔，已在海拔2000 m应用。", Outcome::kUnknown},
      // Said not to be so.
      {"high_altitude", "不适用于高海拔地区。", Outcome::kContradictory},
      {"high_altitude", "未在高海拔地区验证。", Outcome::kContradictory},
      {"high_altitude", "没有在高海拔用过。", Outcome::kContradictory},
      {"cold", "熟悉消防验收，没有做过离网和严寒环境。", Outcome::kContradictory},
      {"high_altitude", "严禁在高海拔地区使用。", Outcome::kContradictory},
      {"weak_grid", "离网状态下不能自启。", Outcome::kContradictory},
      {"weak_grid", "启动须有稳定市电。", Outcome::kContradictory},
      {"weak_grid", "须接市电或柴油机。", Outcome::kUnknown},
      {"cold", "本品种不能越冬。", Outcome::kContradictory},
      {"cold", "高寒地区试种失败。", Outcome::kContradictory},
      {"high_altitude", "高海拔不在适用范围。", Outcome::kContradictory},
      {"strong_uv", "只宜室内使用。", Outcome::kContradictory},
      // Said of others, for or against.
      {"high_altitude", "同类进口设备不适用于高海拔；本机在海拔4600 m露天矿作业。", Outcome::kMet},
      {"high_altitude", "业内曾认为两级增压不适用于高海拔。已在海拔4800 m矿区装机。", Outcome::kMet},
      {"cold", "一代油品不适用于-30 ℃以下；二代油品在高寒矿区-42 ℃启动成功。", Outcome::kMet},
      {"cold", "新一代产品在高寒矿区启动成功。", Outcome::kMet},
      {"high_altitude", "替代进口设备在高海拔矿区运行。", Outcome::kMet},
      {"strong_uv", "作为对照的丙烯酸类材料在强紫外下半年即黄变。", Outcome::kUnknown},
      // Another thing.
      {"cold", "供试羊为“高寒山区羊”羔羊120只。", Outcome::kUnknown},
      {"cold", "参编《高寒地区施工规程》。", Outcome::kUnknown},
      {"cold", "耐受“高寒地区”的考验。", Outcome::kMet},
      {"saline", "色彩取自盐碱湖景区的湖面。", Outcome::kUnknown},
      {"cold", "高寒草甸土壤微生物多样性研究。", Outcome::kUnknown},
      {"cold", "在高寒草甸示范五万亩。", Outcome::kMet},
      {"high_altitude", "在黄土高原推广五万亩。", Outcome::kUnknown},
  };
  for (const Case& one : cases) {
    SCOPED_TRACE(one.text);
    EXPECT_EQ(JudgeOne(one.code, one.text).outcome, one.want);
  }
}

TEST(ConditionsTest, WordsOfASiteAreNotSoughtInsideOtherWords) {
  struct Case {
    std::string code, text;
    Outcome want;
  };
  const Case cases[] = {
      {"high_altitude", "提高原料利用率15%。", Outcome::kUnknown},
      {"high_altitude", "采用厌氧—缺氧—好氧工艺，缺氧池停留4 h。", Outcome::kUnknown},
      {"high_altitude", "低气压等离子处理。", Outcome::kUnknown},
      {"high_altitude", "在云贵高原示范。", Outcome::kUnknown},
      {"arid", "若干旱地块。", Outcome::kUnknown},
      {"arid", "减少雨水径流。", Outcome::kUnknown},
      {"arid", "干旱监测预警平台。", Outcome::kUnknown},
      {"arid", "抗旱品种，已推广。", Outcome::kMet},
      {"saline", "提高盐酸浓度。", Outcome::kUnknown},
      {"saline", "盐渍菜发酵。", Outcome::kUnknown},
      {"saline", "耐盐苜蓿已示范。", Outcome::kMet},
      {"sand", "隧道穿越流沙层。", Outcome::kUnknown},
      {"sand", "出风口风速可调。", Outcome::kUnknown},
      {"weak_grid", "无电解液泄漏。", Outcome::kUnknown},
      {"weak_grid", "距离网点近。", Outcome::kUnknown},
      {"weak_grid", "楼宇弱电网络布线。", Outcome::kUnknown},
      {"weak_grid", "用户离网预测模型。", Outcome::kUnknown},
      {"remote", "无信号灯路口。", Outcome::kUnknown},
      {"cold", "越冬虫源监测。", Outcome::kUnknown},
      {"strong_uv", "紫外线强度传感器。", Outcome::kUnknown},
      {"weak_grid", "为供电不稳的牧区供电。", Outcome::kMet},
      {"remote", "周边远程监控。", Outcome::kUnknown},
      {"humid_heat", "用于肝胆湿热证。", Outcome::kUnknown},
      {"humid_heat", "湿热灭菌30 min。", Outcome::kUnknown},
      {"humid_heat", "除湿热泵机组。", Outcome::kUnknown},
      {"karst", "页岩溶胀抑制剂。", Outcome::kUnknown},
      {"strong_uv", "增强紫外吸收。", Outcome::kUnknown},
      {"strong_uv", "强辐射制冷膜。", Outcome::kUnknown},
  };
  for (const Case& one : cases) {
    SCOPED_TRACE(one.text);
    EXPECT_EQ(JudgeOne(one.code, one.text).outcome, one.want);
  }
}

TEST(ConditionsTest, WhatBrokeInATrialIsDenied) {
  EXPECT_EQ(JudgeOne("strong_uv", "挂片试验表明，强紫外线下半年表面龟裂。").outcome, Outcome::kContradictory);
  EXPECT_EQ(JudgeOne("strong_uv", "挂片试验表明，强紫外线下三年未开裂。").outcome, Outcome::kMet);
  EXPECT_EQ(JudgeOne("cold", "试验表明，严寒下失效率0.3%。").outcome, Outcome::kMet);
  EXPECT_EQ(JudgeOne("cold", "试用发现严寒下管路冻裂，改进后连续运行两冬。").outcome, Outcome::kMet)
      << "mended since";
  EXPECT_EQ(JudgeOne("cold", "传统设备在严寒下冻裂。").outcome, Outcome::kUnknown) << "of others";
}

TEST(ConditionsTest, WhatAnotherVersionDidIsNotTheOffers) {
  const auto outcome = [](const char* title, const char* text) {
    Record offer = Offer(text);
    offer.title = title;
    return Judge(Need({"high_altitude"}), offer)[0].outcome;
  };
  EXPECT_EQ(outcome("第三代钻机", "第二代在海拔4200米用了两年。第三代换了电机。"), Outcome::kUnknown);
  EXPECT_EQ(outcome("第三代钻机", "第三代在海拔4200米用了两年。"), Outcome::kMet);
  EXPECT_EQ(outcome("第三代钻机", "比第二代轻三成，在海拔4200米用了两年。"), Outcome::kMet);
  EXPECT_EQ(outcome("B型巡检车", "A型在高海拔电站运行。"), Outcome::kUnknown);
  EXPECT_EQ(outcome("巡检系统V3.0", "V2.0在高海拔电站运行。"), Outcome::kUnknown);
  EXPECT_EQ(outcome("钻机", "2号矿井在海拔4200米，已投用。"), Outcome::kMet);
}

TEST(ConditionsTest, APlaceSaysWhatANumberIsOf) {
  EXPECT_EQ(JudgeOne("high_altitude", "装在坝顶高程3700米的电站。").outcome, Outcome::kMet);
  EXPECT_EQ(JudgeOne("high_altitude", "高程精度4毫米。").outcome, Outcome::kUnknown);
  EXPECT_EQ(JudgeOne("high_altitude", "安装在4700米的哨所，运行正常。").outcome, Outcome::kMet);
  EXPECT_EQ(JudgeOne("high_altitude", "钻出4700米的水平井。").outcome, Outcome::kUnknown);
  EXPECT_EQ(JudgeOne("cold", "在-38℃的露天煤矿随车使用。").outcome, Outcome::kMet);
  EXPECT_EQ(JudgeOne("cold", "甲工地，-21℃，合格；乙工地，-29℃，合格。").outcome, Outcome::kMet);
  EXPECT_EQ(JudgeOne("cold", "在-38℃的冷库贮存。").outcome, Outcome::kUnknown);
  EXPECT_EQ(JudgeOne("saline", "在pH 9.4的退化草场试种四年。").outcome, Outcome::kMet);
  EXPECT_EQ(JudgeOne("saline", "以pH 9.4的缓冲溶液浸提土样。").outcome, Outcome::kUnknown);
}

TEST(ConditionsTest, ANeedDoesNotAskForWhatIsElsewhere) {
  const auto asked = [](const char* text) {
    Record need = Need({});
    need.text = text;
    return ReadNeed(need, Tables()).conditions.contains("high_altitude");
  };
  EXPECT_FALSE(asked("邻县的高海拔项目由他方实施。"));
  EXPECT_FALSE(asked("高海拔段已另行招标。"));
  EXPECT_FALSE(asked("本项目不涉及高海拔。"));
  EXPECT_TRUE(asked("本项目位于高海拔地区。"));
}

TEST(ConditionsTest, WhatOffersWriteOfASite) {
  struct Case {
    std::string code, text;
    Outcome want;
  };
  const Case cases[] = {
      {"high_altitude", "高海拔地区不可选用。", Outcome::kContradictory},
      {"high_altitude", "非高海拔地区使用。", Outcome::kContradictory},
      {"high_altitude", "不推荐在高海拔使用。", Outcome::kContradictory},
      {"high_altitude", "在高海拔以外的地区使用。", Outcome::kContradictory},
      {"high_altitude", "高海拔地区无法启动。", Outcome::kContradictory},
      {"cold", "不耐寒冷。", Outcome::kContradictory},
      {"cold", "抗寒性差。", Outcome::kContradictory},
      {"cold", "高寒地区未开展试验。", Outcome::kContradictory},
      {"cold", "高寒地区尚未开展试验。", Outcome::kUnknown},
      {"high_altitude", "高海拔验证正在进行。", Outcome::kUnknown},
      // The trouble that is removed, what is left out, a plan's name.
      {"high_altitude", "解决了高海拔地区设备无法启动的难题。", Outcome::kMet},
      {"cold", "严寒地区未做保温即可越冬。", Outcome::kMet},
      {"cold", "不惧严寒。", Outcome::kMet},
      {"high_altitude", "国家重点研发计划支持下在高海拔地区应用。", Outcome::kMet},
      // Others, and what the offer is compared with.
      {"high_altitude", "竞品在高海拔地区用过。", Outcome::kUnknown},
      {"high_altitude", "上一代产品停产，共销往高海拔地区30台。", Outcome::kUnknown},
      {"high_altitude", "与进口设备相比，本机在高海拔不降额。", Outcome::kMet},
      {"high_altitude", "首次在同类产品中实现高海拔不降额。", Outcome::kMet},
  };
  for (const Case& one : cases) {
    SCOPED_TRACE(one.text);
    EXPECT_EQ(JudgeOne(one.code, one.text).outcome, one.want);
  }
}

TEST(ConditionsTest, WhatIsKeptColdBearsNoCold) {
  const char* const kept[] = {"菌种于-80 ℃保存。", "样品于零下80摄氏度保存。", "-196 ℃液氮速冻。",
                              "凝点-45 ℃。", "低温环境下贮藏。"};
  for (const char* text : kept) EXPECT_EQ(JudgeOne("cold", text).outcome, Outcome::kUnknown) << text;
  EXPECT_EQ(JudgeOne("cold", "零下30度启动成功。").outcome, Outcome::kMet);
  const auto asked = [](const char* text) {
    Record need = Need({});
    need.wanted = text;
    return ReadNeed(need, Tables()).conditions.contains("cold");
  };
  EXPECT_FALSE(asked("菌种零下80度保存，复苏率高。"));
  EXPECT_FALSE(ReadNeed(Need({}, {"-80℃保存12个月后活性≥90%"}), Tables()).conditions.contains("cold"));
  EXPECT_TRUE(asked("设备零下30度能启动。"));
}

TEST(ConditionsTest, ALimitOfUseExcludesWhatIsHarder) {
  const Record high = Need({"high_altitude"}, {"运行海拔≥4100 m"});
  const auto outcome = [&](const std::string& text) { return Judge(high, Offer(text))[0].outcome; };
  EXPECT_EQ(outcome("仅适用于海拔2000 m以下地区。"), Outcome::kContradictory);
  EXPECT_EQ(outcome("仅适用于海拔2000 m以下地区，高海拔地区不可选用。"), Outcome::kContradictory);
  EXPECT_EQ(JudgeOne("high_altitude", "仅适用于海拔2000 m以下地区。").outcome, Outcome::kContradictory)
      << "高海拔 begins above";
  EXPECT_EQ(JudgeOne("cold", "不得在气温5 ℃以下施工。").outcome, Outcome::kUnknown) << "work, not use";
  EXPECT_EQ(outcome("使用海拔不超过2000 m。"), Outcome::kContradictory);
  EXPECT_EQ(outcome("正常使用条件：海拔不超过1000 m。"), Outcome::kContradictory);
  EXPECT_EQ(outcome("已用于海拔3000 m以下牧区。"), Outcome::kShort) << "where it was used is no limit";
  // What is milder is denied.
  EXPECT_EQ(outcome("已在海拔4200 m种植，不适宜海拔2500 m以下地区。"), Outcome::kMet);
}

TEST(ConditionsTest, WindClassesAreSpeeds) {
  Record need = Need({"sand"});
  need.wanted = "自动气象站，能抵抗10级风沙";
  const RequirementVerdict milder = Judge(need, Offer("在沙漠边缘6级风沙天气下测试3个月。"))[0];
  EXPECT_EQ(milder.outcome, Outcome::kShort);
  EXPECT_THAT(milder.reason, HasSubstr("验证到 10.8 m/s，要求 24.5 m/s"));
  EXPECT_EQ(Judge(need, Offer("在沙漠经受11级大风。"))[0].outcome, Outcome::kMet);
}

TEST(ConditionsTest, AChamberIsNoSite) {
  EXPECT_EQ(JudgeOne("high_altitude", "在低压舱里做到高海拔环境。").outcome, Outcome::kShort);
  EXPECT_EQ(JudgeOne("cold", "低温箱里耐寒试验合格。").outcome, Outcome::kShort);
  EXPECT_EQ(JudgeOne("sand", "只在风洞吹过风沙。").outcome, Outcome::kShort);
  EXPECT_EQ(JudgeOne("high_altitude", "低压舱试验合格，已在高海拔电站投用。").outcome, Outcome::kMet);
  EXPECT_EQ(JudgeOne("humid_heat", "经交变湿热试验，绝缘合格。").outcome, Outcome::kShort);
}

TEST(ConditionsTest, WhoDidItAndWhatElseIsSoldIsNotTheOffer) {
  EXPECT_EQ(JudgeOne("high_altitude", "完成人曾在海拔4700米的矿山工作十一年。").outcome, Outcome::kUnknown);
  EXPECT_EQ(JudgeOne("strong_uv", "反应器内置强紫外灯管。").outcome, Outcome::kUnknown);
  EXPECT_EQ(JudgeOne("high_altitude", "平原机型，功率200千瓦。").outcome, Outcome::kContradictory);
  EXPECT_EQ(JudgeOne("cold", "冬季须停用。").outcome, Outcome::kContradictory);
}

TEST(ConditionsTest, AListOfSitesGoesOnWithoutItsName) {
  const auto verdicts =
      Judge(Need({"high_altitude"}, {"海拔4500米"}),
            Offer("考核地点：①甲矿，海拔3120 m，供气4.1小时；②乙矿，4015 m，4.0小时；③丙矿，4680 m。"));
  ASSERT_EQ(verdicts.size(), 1u);
  EXPECT_EQ(verdicts.front().outcome, Outcome::kMet) << verdicts.front().reason;
  const auto depth = Judge(Need({"high_altitude"}, {"海拔4500米"}), Offer("海拔3120 m；巷道长4680 m。"));
  EXPECT_EQ(depth.front().outcome, Outcome::kShort);
}

TEST(ConditionsTest, SaltInAProductIsNoSaltOfTheSoil) {
  EXPECT_EQ(Judge(Need({"saline"}), Offer("于含盐量0.4%的河滩地造林六百亩。")).front().outcome,
            Outcome::kMet);
  Record need = Need({"saline"});
  need.wanted = "在全盐量8 g/kg的盐碱地能收获。";
  const auto outcome = [&](const std::string& text) { return Judge(need, Offer(text))[0].outcome; };
  EXPECT_EQ(outcome("经盐碱地种植，酱菜含盐量9%。"), Outcome::kShort) << "no number of the soil";
  EXPECT_EQ(outcome("经盐碱地种植，土壤含盐量0.9%。"), Outcome::kMet);
}

TEST(ConditionsTest, EveryMentionCountsAndTheStrongestWins) {
  EXPECT_EQ(JudgeOne("high_altitude", "有望用于高海拔电站，已在高原牧场用了两年。").outcome, Outcome::kMet);
  EXPECT_EQ(JudgeOne("high_altitude", "高原型机组。不适用于高海拔隧道。").outcome, Outcome::kContradictory);
  Record offer = Offer("有望用于高海拔。");
  offer.conditions = {"high_altitude"};
  EXPECT_EQ(Judge(Need({"high_altitude"}), offer)[0].outcome, Outcome::kMet) << "the field says it";
}

TEST(ConditionsTest, ANeedAsksByEveryMention) {
  Record need = Need({});
  need.text = "现有设备不适用于高海拔，拟在严寒地区建站。";
  const auto asked = ReadNeed(need, Tables()).conditions;
  EXPECT_TRUE(asked.contains("high_altitude"));
  EXPECT_TRUE(asked.contains("cold"));
}

TEST(ConditionsTest, AWordWithoutItsNumberIsShortOfANumber) {
  const Record need = Need({"high_altitude"}, {"运行海拔≥4500 m"});
  const RequirementVerdict bare = Judge(need, Offer("已在高海拔地区应用。"))[0];
  EXPECT_EQ(bare.outcome, Outcome::kShort);
  EXPECT_THAT(bare.reason, HasSubstr("没有说明验证到多少，要求 4500 m"));
  const RequirementVerdict reached = Judge(need, Offer("已在海拔4600米的矿山应用。"))[0];
  EXPECT_EQ(reached.outcome, Outcome::kMet);
  EXPECT_THAT(reached.reason, HasSubstr("已验证到 4600 m"));
  EXPECT_EQ(Judge(need, Offer("拟在海拔4600米的矿山示范。"))[0].outcome, Outcome::kUnknown);
  EXPECT_EQ(Judge(need, Offer("准备在海拔四千米以上的矿点做工业试验。"))[0].outcome, Outcome::kUnknown);
  const RequirementVerdict low = Judge(need, Offer("已在高海拔地区应用，运行海拔2000米。"))[0];
  EXPECT_THAT(low.reason, HasSubstr("验证到 2000 m，要求 4500 m，差 2500 m"));
}

TEST(ConditionsTest, AMilderNumberIsShort) {
  struct Case {
    std::string code, wanted, offer;
    Outcome want;
  };
  const Case cases[] = {
      {"cold", "要求在-40 ℃环境下能放电。", "在高寒地区-25 ℃实车测试。", Outcome::kShort},
      {"cold", "要求在-40 ℃环境下能放电。", "高寒地区用，种子在-80 ℃冻存。", Outcome::kShort},
      {"cold", "要求在-40 ℃环境下能放电。", "在高寒矿区-42 ℃实车测试。", Outcome::kMet},
      {"arid", "适合年降水200 mm地区的技术。", "在年降水量450 mm的半干旱区示范。", Outcome::kShort},
      {"arid", "适合年降水200 mm地区的技术。", "在年降水量不足100 mm的荒漠造林。", Outcome::kMet},
      {"arid", "适合年降水200 mm地区的技术。", "日降雨量50 mm不垮塌。", Outcome::kUnknown},
      {"saline", "在全盐量8 g/kg的盐碱地能收获。", "在全盐量3 g/kg的盐碱地示范。", Outcome::kShort},
      {"saline", "在全盐量8 g/kg的盐碱地能收获。", "在含盐量0.9%的盐碱地定植。", Outcome::kMet},
      {"saline", "在全盐量8 g/kg的盐碱地能收获。", "经盐碱地种植表现良好。", Outcome::kShort},
      {"saline", "在全盐量8 g/kg的盐碱地能收获。", "酱菜含盐量9%。", Outcome::kUnknown},
      {"weak_grid", "在短路比1.5条件下运行。", "已在短路比为2.5的弱电网运行。", Outcome::kShort},
      {"weak_grid", "在短路比1.5条件下运行。", "已在短路比低至1.2的弱电网运行。", Outcome::kMet},
      {"strong_uv", "年紫外辐照量300 MJ/m²下不失色。", "在年紫外辐照量180 MJ/m²的场地试验。",
       Outcome::kShort},
      {"high_altitude", "在海拔4500 m的牧场防病。", "每年在海拔4500 m以上的牧场驻点。", Outcome::kMet},
  };
  for (const Case& one : cases) {
    SCOPED_TRACE(one.offer);
    Record need = Need({one.code});
    need.wanted = one.wanted;
    const auto verdicts = Judge(need, Offer(one.offer));
    ASSERT_FALSE(verdicts.empty());
    const auto verdict = std::find_if(verdicts.begin(), verdicts.end(), [&](const RequirementVerdict& any) {
      return any.requirement.starts_with(WordOf(ConditionWords(), one.code));
    });
    ASSERT_NE(verdict, verdicts.end());
    EXPECT_EQ(verdict->outcome, one.want) << verdict->reason;
  }
}

TEST(ConditionsTest, TheSiteOfADescriptionCountsAgainstANumberAlone) {
  Record need = Need({"high_altitude"});
  need.text = "乡镇海拔4200 m，转运途中病人缺氧。";
  const auto outcome = [&](const std::string& text) { return Judge(need, Offer(text))[0].outcome; };
  EXPECT_EQ(outcome("已在高海拔地区应用。"), Outcome::kMet);
  EXPECT_EQ(outcome("已在海拔4300 m应用。"), Outcome::kMet);
  EXPECT_EQ(outcome("已在海拔3000 m应用。"), Outcome::kShort);
  EXPECT_EQ(outcome("说明书载明：本机不得用于海拔3000 m以上地区。"), Outcome::kContradictory);
  need.text = "海拔高，病人缺氧。";
  EXPECT_EQ(outcome("本机不得用于海拔3000 m以上地区。"), Outcome::kUnknown) << "no number is asked for";
}

TEST(ConditionsTest, OnlyAMeasureInItsOwnDimensionIsANumber) {
  const auto offer = ReadOffer(Offer("雄花粉低温干燥至百分之六含水，严寒时耐用。"), Tables());
  ASSERT_TRUE(offer.conditions.contains("cold"));
  EXPECT_FALSE(offer.conditions.at("cold").number.has_value());
}

TEST(ConditionsTest, TheColdThatANumberIsAskedUnderIsAskedFor) {
  const auto reading = ReadNeed(Need({}, {"-30℃条件下电池容量保持率≥80%"}), Tables());
  ASSERT_TRUE(reading.conditions.contains("cold"));
  EXPECT_NEAR(*reading.conditions.at("cold").number, 273.15 - 30, 0.01);
  EXPECT_FALSE(ReadNeed(Need({}, {"25℃条件下电池容量保持率≥80%"}), Tables()).conditions.contains("cold"));
}

TEST(ConditionsTest, ADifferenceInKelvinsIsNoFrost) {
  const auto read = ReadNeed(Need({}, {"电机温升不大于20K"}), Tables());
  EXPECT_FALSE(read.conditions.contains("cold"));
  ASSERT_EQ(read.indicators.size(), 1u);
  EXPECT_NE(read.indicators[0].name.quantity, "环境温度");
  const auto cold = ReadNeed(Need({}, {"在77K低温下工作"}), Tables());
  EXPECT_TRUE(cold.conditions.contains("cold"));
}

TEST(ConditionsTest, ADeniedNumberExcludesWhatIsAsHardOnly) {
  const Record offer = Offer("已在海拔4600米应用，不适用于海拔5000米以上。");
  EXPECT_EQ(Judge(Need({"high_altitude"}, {"海拔≥4500 m"}), offer)[0].outcome, Outcome::kMet);
  EXPECT_EQ(Judge(Need({"high_altitude"}, {"海拔≥5200 m"}), offer)[0].outcome, Outcome::kContradictory);
}

TEST(ConditionsTest, NumbersArePrintedInTheirOwnUnit) {
  const auto wind = Judge(Need({"sand"}, {"抗风能力≥30 m/s"}), Offer("抗风沙，抗风能力25 m/s。"));
  ASSERT_EQ(wind.size(), 1u);
  EXPECT_EQ(wind[0].requirement, "风沙 30 m/s");
  EXPECT_THAT(wind[0].shortfall_text, HasSubstr("验证到 25 m/s，要求 30 m/s，差 5 m/s"));
  const auto cold = Judge(Need({"cold"}, {"最低工作温度≤-40℃"}), Offer("最低工作温度-25℃，严寒可用。"));
  ASSERT_EQ(cold.size(), 1u);
  EXPECT_THAT(cold[0].shortfall_text, HasSubstr("验证到 -25℃，要求 -40℃，差 15℃"));
}

TEST(AdaptationDistanceTest, GrowsWithTheMetresThatAreMissing) {
  const Record need = Need({"high_altitude"}, {"运行海拔≥4500 m"});
  const auto distance = [&](const std::string& text) { return *DistanceToSite(Judge(need, Offer(text))); };
  const AdaptationDistance near = distance("已在海拔4400米应用。"), far = distance("已在海拔2600米应用。");
  EXPECT_NEAR(near.value, 0.05, 1e-9);
  EXPECT_NEAR(far.value, 0.9, 1e-9);
  EXPECT_THAT(far.reason, HasSubstr("差 1900 m"));
  EXPECT_LT(far.value, distance("实验室性能好。").value) << "silence is farther than any validation";
  EXPECT_EQ(distance("已在海拔4700米应用。").value, 0);
}

TEST(AdaptationDistanceTest, IsTheMeanOfTheConditionsWithAReasonForEachMissing) {
  const auto verdicts =
      Judge(Need({"high_altitude", "sand"}, {"海拔≥4500 m"}), Offer("已在海拔3600米的高寒地区应用。"));
  const auto distance = DistanceToSite(verdicts);
  ASSERT_TRUE(distance.has_value());
  EXPECT_NEAR(distance->value, (0.45 + 1) / 2, 1e-9);
  EXPECT_THAT(distance->reason, HasSubstr("差 900 m；风沙：供方没有说明。"));
  EXPECT_FALSE(DistanceToSite({}).has_value()) << "nothing is asked for";
}

}  // namespace
}  // namespace dongxi::requirement
