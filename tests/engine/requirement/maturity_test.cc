// What texts say of a technology's readiness, and what they only seem to say.
#include "engine/requirement/maturity.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/requirement/assess.h"

namespace dongxi::requirement {
namespace {

const RequirementTables& Tables() { return BuiltInRequirementTables(); }

int LevelOf(const Record& record) {
  const auto read = ReadMaturity(record, ScanRecord(record), Tables());
  return read ? read->low : 0;
}

Record Offer(const std::string& text) {
  Record offer{.kind = RecordKind::kResult, .id = "r-1", .title = "成果"};
  offer.text = text;
  return offer;
}

Record Need(const std::string& wanted, const std::string& text = "") {
  Record need{.kind = RecordKind::kNeed, .id = "n-1", .title = "需求"};
  need.wanted = wanted;
  need.text = text;
  return need;
}

TEST(MaturityTest, AnOfferIsReadByWhatWasDone) {
  struct Case {
    std::string text;
    int want;
  };
  const Case cases[] = {
      {"已完成中试，三千吨示范线运行两年。", 7},
      {"板材仅做到小试。", 4},
      {"已随两家整机厂量产。", 8},
      {"已推广六百多台。", 9},
      {"实现产业化，建成生产线。", 8},
      {"已完成中试的工艺包。", 6},
      {"完成碳四分离中试。", 6},
      // Something else is named.
      {"化工新材料模块化中试平台。", 0},
      {"中试工程化方向的研究。", 0},
      {"由上市公司提供。", 0},
      {"推广应用前景广阔。", 0},
      {"具有产业化前景。", 0},
      {"具有较高推广应用价值。", 0},
      {"为产业化应用奠定基础。", 0},
      {"为其产业化推广提供技术支撑。", 0},
      {"研究耕作对烤烟产量产值的影响。", 0},
      // Not yet.
      {"有望实现产业化。", 0},
      {"便于推广应用。", 0},
      {"适合生产上大规模推广应用。", 0},
      {"可批量生产。", 0},
      {"准备在海拔四千米以上的矿点做工业试验。", 0},
      {"已完成小试，尚未中试，计划明年量产。", 4},
      {"正在办理第三类医疗器械注册证。", 0},
      {"尚未取得新兽药注册证书。", 0},
      {"完成小试，中试未开展，示范线正在建设。", 4},
      {"中试将于明年启动。", 0},
      {"中试正在进行。", 5},
      {"所处阶段：□小试 □中试 □量产", 0},
      // Said of another thing; the offer itself may be named behind it.
      {"第一代产品已累计推广2300台。样机正在做台架试验。", 4},
      {"上一代割台已停产；本代割台2023年起批量供货。", 8},
      {"上一代（第二代）产品已推广，第三代仅在实验室烧杯运行。", 4},
      {"配套使用的环氧涂料已量产十年；机器人处于方案设计阶段。", 1},
      {"其中位移雷达为成熟商品，已量产；整套系统仍是实验室样机。", 4},
      {"共开发五种药剂，其中3种已量产。", 8},
      {"国外同类系统早已商品化。", 0},
      {"对照品种为大面积推广的陇薯3号。", 0},
      {"替代进口产品，已批量供货。", 8},
      {"比对照品种增产12%的新品种已大面积推广。", 9},
  };
  for (const Case& one : cases) {
    SCOPED_TRACE(one.text);
    EXPECT_EQ(LevelOf(Offer(one.text)), one.want);
  }
}

TEST(MaturityTest, WordsOfEachFieldOfWorkSayALevel) {
  struct Case {
    std::string text;
    int want;
  };
  const Case cases[] = {
      {"停留在设想，未制作样机。", 1},
      {"在实验室小试条件下解聚率95%。", 4},
      {"以烧杯级、坩埚级试验确定了配方。", 4},
      {"完成公斤级制备。", 4},
      {"目前为原型系统，尚未部署上线。", 4},
      {"完成小动物药效学评价，毒理研究正在进行。", 4},
      {"当前为高代品系，正在参加第一年品系比较试验。", 4},
      {"已完成扩大试验。", 5},
      {"完成实车测试3万公里。", 6},
      {"已建成示范区3处。", 7},
      {"2023年取得第三类医疗器械注册证。", 8},
      {"已在40余家医院装机销售。", 8},
      {"已在32家县级医院常规使用。", 8},
      {"已在两条高速公路投入业务化运行。", 8},
      {"通过国家审定，已累计销售种子30万公斤。", 8},
      {"机子在邻省三个县卖了四年。", 8},
      {"这套软件外省31个县的卫生院都在用。", 8},
      {"周边农户都在用老办法。", 0},
      {"三个乡的合作社在用。", 8},
      {"一亩多卖了三百块。", 0},
      {"通过型式检验，已应用于三家矿山。", 7},
      {"还没有成功案例。", 0},
      {"技术仍停留在实验室。", 4},
      {"现有百公斤级反应釜。", 0},
      {"列入省级主推技术。", 9},
  };
  for (const Case& one : cases) {
    SCOPED_TRACE(one.text);
    EXPECT_EQ(LevelOf(Offer(one.text)), one.want);
  }
}

TEST(MaturityTest, WhatFirmsAndOfficesWriteOfStages) {
  struct Case {
    std::string text;
    int want;
  };
  const Case cases[] = {
      {"完成小试，正在开展扩试。", 5},
      {"已完成工程化验证，进入示范阶段。", 7},
      {"列入国家首台（套）重大技术装备。", 7},
      {"正式列装12个支队。", 8},
      {"获国家二类新兽药证书。", 8},
      {"处于论文阶段。", 1},
      {"仅完成仿真，未制作样机。", 3},
      {"样机已在三家企业试用。", 6},
      {"已制得样品并送样测试。", 5},
      {"由小试到中试，历时三年。", 6},
      {"量产出货超过10万台。", 8},
      {"2024年投入使用。", 8},
      {"小试（ ） 中试（√） 量产（ ）", 6},
      {"○小试 ●中试 ○量产", 6},
      // Words around it that say nothing against it.
      {"国家重点研发计划支持下完成中试。", 6},
      {"在省专项支持下完成中试。", 6},
      {"承担国家课题并完成中试。", 6},
      {"已将该技术产业化应用。", 8},
      {"达到预期目标并批量生产。", 8},
      {"按客户需求批量供货。", 8},
      {"表面缺陷检测仪已量产。", 8},
      {"完成缓释剂中试。", 6},
      {"完成微生物中试。", 6},
      // Not yet, no more, or another thing.
      {"享受首台套保险补偿政策。", 0},
      {"由省概念验证中心支持。", 0},
      {"中试效果不理想。", 0},
      {"中试前的准备。", 0},
      {"上市前研究。", 0},
      {"产业化程度不高。", 0},
      {"投产后年产值1亿元。", 0},
      {"可承接医药中试。", 0},
      {"适宜在甘肃中部干旱半干旱地区及相似生态区推广种植。", 0},
      {"竞品已上市。", 0},
      {"传统工艺早已产业化。", 0},
      {"市面上的产品已批量供货。", 0},
      {"较上一代产品提高20%，已批量供货。", 8},
      {"上一代产品销售2000台。", 0},
      {"在国内同类产品中首家量产。", 8},
      {"业内领先的机型已批量供货。", 8},
      {"利用现有设备完成中试。", 6},
      // A word inside another word.
      {"其中试验组增产12%。", 0},
      {"过程中试剂用量少。", 0},
      {"产品已在线上市场推出。", 0},
      {"以上市级龙头企业为主。", 0},
      {"测量产品适用范围广。", 0},
      {"高中试卷阅卷系统。", 0},
  };
  for (const Case& one : cases) {
    SCOPED_TRACE(one.text);
    EXPECT_EQ(LevelOf(Offer(one.text)), one.want);
  }
}

TEST(MaturityTest, UseThatIsCountedSaysALevel) {
  struct Case {
    std::string text;
    int want;
  };
  const Case cases[] = {
      {"在五县推广12万亩。", 9},
      {"在8个县市示范12.3万亩。", 7},
      {"销售1200台。", 8},
      {"安装56套，运行正常。", 7},
      {"已在两座煤矿应用，运行良好。", 7},
      {"在黔南7座隧道应用，准确率91%。", 7},
      {"在40户牧民家使用。", 7},
      {"两条线上都装着，到今年已经跑了三年整。", 7},
      {"两千吨线连续运行14个月。", 7},
      {"计划销售1200台。", 0},
      {"可应用于12座变电站。", 0},
      {"尚未在两座煤矿应用。", 0},
      {"可连续运行三年免维护。", 0},
      {"设计使用20年。", 0},
      {"在三个数据集上应用。", 0},
      {"已在农业领域应用。", 0},
      {"机架上安装2台电机。", 0},
      {"交付样机2台。", 0},
      {"中试装置连续运行两年。", 6},
      {"国外已在20座电站应用。", 0},
  };
  for (const Case& one : cases) {
    SCOPED_TRACE(one.text);
    EXPECT_EQ(LevelOf(Offer(one.text)), one.want);
  }
  EXPECT_EQ(LevelOf(Need("在我县推广12万亩。")), 0) << "of a need it is what is to be done";
}

TEST(MaturityTest, WhatWasWorkedWithOrIsNotDoneYetSaysALevel) {
  struct Case {
    std::string text;
    int want;
  };
  const Case cases[] = {
      {"现阶段只在烧杯和小柱上用配制溶液做过，还没有接触真实卤水。", 4},
      {"小型猪试验已结束，伦理审查通过，首例受试者预计明年3月入组。", 4},
      {"未在任何库区铺设过，仅做了室内模型箱试验。", 4},
      {"离体灌注模型上封堵成功率90%。", 4},
      {"刚完成台架标定，未装车。", 4},
      {"温室里长势好，大田还没种过。", 4},
      {"电堆还未组装。", 4},
      {"配方定了，还没拿到厂里试过。", 4},
      {"目前停留在理论推导。", 3},
      {"第一台样机9月刚装好，还没有到场站里跑过。", 4},
      {"加工出3副原理样件，正在台架上测泄漏量。", 4},
      // Inside other words, of troubles, of others.
      {"采用平台架构，可测六项指标。", 0},
      {"罐体外测温，误差0.5度。", 0},
      {"对大小试样均适用。", 0},
      {"没有在现场发生过故障。", 0},
      {"交付样机2台。", 0},
      {"室内空气监测精度高。", 0},
      {"合作院所的方案仍停在图纸上。本技术已在18公里管线上连续运行三年。", 7},
      {"我公司一代轨道式清扫车已交付九座电站。此次推介的二代机器人，第一台样机刚装好。", 4},
      {"统一代码已上线运行两年。", 8},
  };
  for (const Case& one : cases) EXPECT_EQ(LevelOf(Offer(one.text)), one.want) << one.text;
}

TEST(MaturityTest, SalesPlacesAndListingsSayALevel) {
  struct Case {
    std::string text;
    int want;
  };
  const Case cases[] = {
      {"这东西早就不是实验室里的玩意儿了：去年一年卖出去二百一十万枚。", 8},
      {"年销四千台。", 8},
      {"已装到八百多辆矿卡上。", 7},
      {"三座万吨级工厂采用本工艺。", 7},
      {"在全县十七个乡镇卫生院配备使用。", 7},
      {"在青藏铁路沿线服役八年。", 7},
      {"在北方十一个风电场过了四个冬天。", 7},
      {"在我省挂网销售。", 8},
      {"列入国家医保目录。", 8},
      {"有现货，七天到货。", 8},
      {"可供三家企业使用。", 0},
      {"一座塔吊装用8天。", 0},
      {"通过了三年期考核。", 0},
      {"一亩多卖了三百块。", 0},
      {"电力现货市场出清算法。", 0},
      {"依托市级应用示范项目立项。", 0},
  };
  for (const Case& one : cases) EXPECT_EQ(LevelOf(Offer(one.text)), one.want) << one.text;
}

TEST(MaturityTest, TheLevelOfTheWholeGoesBeforeThatOfItsParts) {
  EXPECT_EQ(LevelOf(Offer("割台，TRL8；揉切装置，TRL7；底盘与整机集成，TRL4。")), 4);
  EXPECT_EQ(LevelOf(Offer("各分系统：激光源TRL 8，光路TRL 6，控制TRL 4。")), 4) << "the least ripe part";
  EXPECT_EQ(LevelOf(Offer("自评TRL 8，专家复核为TRL 5。")), 5) << "a review goes before its own";
  EXPECT_EQ(LevelOf(Offer("原为TRL 7，复核下调为TRL 5。")), 5);
  EXPECT_EQ(LevelOf(Offer("标签TRL 9，毫米波雷达TRL 9，二者融合后的车载系统TRL 4。")), 4);
  EXPECT_EQ(LevelOf(Offer("动态称重TRL 9；面部识别TRL 8；整机集成TRL 8。")), 8);
  EXPECT_EQ(LevelOf(Offer("整机集成技术就绪度为4级，2025年评价为7级。")), 7);
  EXPECT_EQ(LevelOf(Offer("就绪度由立项时的3级升到验收时的8级。")), 8);
  EXPECT_EQ(LevelOf(Offer("成熟度评价为九级。")), 9);
}

TEST(MaturityTest, LevelsInDigitsAreReadAnywhere) {
  struct Case {
    std::string text;
    int low, high;
  };
  const Case cases[] = {
      {"目前达到TRL 7。", 7, 7},
      {"TRL7级", 7, 7},
      {"技术就绪度8级", 8, 8},
      {"技术就绪度达到八级", 8, 8},
      {"成熟度≥7级", 7, 7},
      {"技术成熟度：TRL6–7", 6, 7},
      {"TRL 4级至6级", 4, 6},
      {"由 TRL 4 提升到 TRL 6", 6, 6},
      {"ＴＲＬ　５", 5, 5},
      {"技术就绪度达到TRL 7级要求", 7, 7},
      {"已达到TRL 8级标准", 8, 8},
      {"TRL 8级成果", 8, 8},
      {"TRL 8级尚未完成", 0, 0},
      {"技术就绪度（TRL）：7级", 7, 7},
      {"技术成熟度：8级", 8, 8},
      {"技术就绪度由4级提升到7级", 7, 7},
      {"由TRL3到TRL6", 6, 6},
      {"计划将技术就绪度由4级提升到7级", 4, 4},
      {"立项时技术就绪度为4级，2025年12月经第三方机构评价为7级", 7, 7},
      {"技术就绪度5级，抗震达到8级，防护等级达到6级", 5, 5},
      {"技术就绪度一般", 0, 0},
      {"技术成熟度3个等级", 0, 0},
      // Of fruit, a share, another word, a version, a level still to come.
      {"果实成熟度7成时采收", 0, 0},
      {"成熟度70%", 0, 0},
      {"ctrl7", 0, 0},
      {"制造成熟度7级", 0, 0},
      {"技术就绪度较高，能效达到一级", 0, 0},
      {"成熟度7.5级", 0, 0},
      {"TRL 10", 0, 0},
      {"计划达到TRL 8", 0, 0},
      {"起点TRL 3，任务书验收目标TRL 8；2026年中期评估认定为TRL 5。", 5, 5},
      {"考核指标：TRL 8", 0, 0},
      // The scale, the name at a distance, an arrow.
      {"TRL（1—9级）：6级", 6, 6},
      {"技术就绪度按九级划分，经专家评定为七级", 7, 7},
      {"TRL 3→6", 6, 6},
      {"技术就绪度7级，出水达到一级A标准", 7, 7},
      {"已达到验收目标TRL 8", 8, 8},
  };
  for (const Case& one : cases) {
    SCOPED_TRACE(one.text);
    const Record offer = Offer(one.text);
    const auto read = ReadMaturity(offer, ScanRecord(offer), Tables());
    EXPECT_EQ(read ? read->low : 0, one.low);
    EXPECT_EQ(read ? read->high : 0, one.high);
  }
  Record listed = Offer("方法新颖。");
  listed.indicators = {"收率≥85%", "技术就绪度≥7级"};
  EXPECT_EQ(LevelOf(listed), 7);
  EXPECT_EQ(LevelOf(Offer("TRL 5，三家企业试用，可望推广应用，已推广两台样机。")), 5)
      << "digits go before words";
}

TEST(MaturityTest, ANeedIsReadByWhatItDemands) {
  EXPECT_EQ(LevelOf(Need("希望引进已完成中试的工艺。")), 6);
  EXPECT_EQ(LevelOf(Need("求一种可量产的改性工艺。")), 8);
  EXPECT_EQ(LevelOf(Need("找有经验的院所共建中试与检测服务平台。")), 0);
  EXPECT_EQ(LevelOf(Need("希望化工园把我们当作自己的中试分园区。")), 0);
  EXPECT_EQ(LevelOf(Need("想请平台来共建研发中试基地。")), 0);
  EXPECT_EQ(LevelOf(Need("先做千吨级中试再谈技术许可。")), 0);
  EXPECT_EQ(LevelOf(Need("要拿来就能用的脱皮机，别再让我们当试验田。")), 8);
  EXPECT_EQ(LevelOf(Need("要求系统已在生产环境上线运行过，不做原型。")), 8);
  EXPECT_EQ(LevelOf(Need("要求有建成的示范点。")), 7);
  EXPECT_EQ(LevelOf(Need("至少做过田间小区试验。")), 5);
  EXPECT_EQ(LevelOf(Need("要求已完成中试或小批试制以上。")), 6) << "either serves";
  EXPECT_EQ(LevelOf(Need("已示范或完成中试的都可以。")), 6);
  EXPECT_EQ(LevelOf(Need("不接受实验室阶段的成果。")), 0) << "what is refused is not asked for";
  EXPECT_EQ(LevelOf(Need("帮我们办理医疗器械注册证。")), 0) << "what is to be done is not asked for";
  EXPECT_EQ(LevelOf(Need("新建千吨级中试线。")), 0);
  EXPECT_EQ(LevelOf(Need("还停留在实验室的不要。")), 0);
  EXPECT_EQ(LevelOf(Need("要在别的地方用过的机器。")), 7);
  EXPECT_EQ(LevelOf(Need("希望三年内实现产业化。")), 0);
  EXPECT_EQ(LevelOf(Need("希望合作。", "要求完成中试。")), 0) << "the text tells the situation";
}

TEST(MaturityTest, WhatNeedsWriteOfStages) {
  struct Case {
    std::string wanted;
    int want;
  };
  const Case cases[] = {
      {"要在生产线上真正用过的", 7},
      {"要求有油田现场示范", 7},
      {"要求已在工业现场示范", 7},
      {"须有同类矿山应用业绩", 7},
      {"成熟技术", 8},
      {"要求已推广应用", 8},
      {"要可直接投产的工艺", 8},
      {"寻求先进的已完成中试的工艺", 6},
      // Whatever serves, preferences, what is refused.
      {"成熟度不限，处于实验室阶段的成果也欢迎", 0},
      {"小试、中试均可", 4},
      {"要求完成中试，小试的也可以", 4},
      {"要求完成小试，已中试的优先", 4},
      {"最好已量产", 0},
      {"中试以下的不要", 6},
      {"不接受中试以下成果", 6},
      // To be done, its own, or another thing.
      {"希望开展现场示范", 0},
      {"有意在我县示范", 0},
      {"联合攻关，最终实现量产", 0},
      {"希望推动成果产业化应用", 0},
      {"我厂已量产的产品配套检测", 0},
      {"没有先例也可以", 0},
      {"所有设备运行数据接入平台", 0},
      {"水质现场测试仪", 0},
      {"要定型的整机", 8},
      {"各阶段成果不拘成熟度，小试的想法也欢迎", 0},
      {"要求品种已通过国家登记", 8},
  };
  for (const Case& one : cases) {
    SCOPED_TRACE(one.wanted);
    EXPECT_EQ(LevelOf(Need(one.wanted)), one.want);
  }
}

TEST(MaturityTest, RefusingWhatIsNewAsksForUse) {
  EXPECT_EQ(LevelOf(Need("拒绝试验品。")), 8);
  EXPECT_EQ(LevelOf(Need("要成熟稳定的工艺。")), 8);
  EXPECT_EQ(LevelOf(Need("样机也行。")), 5);
}

TEST(MaturityTest, AFreeTextNeedIsReadByTheSentencesThatDemand) {
  EXPECT_EQ(LevelOf(Need("", "我厂已量产碳酸锂。希望引进已完成中试的除镁技术。")), 6);
  EXPECT_EQ(LevelOf(Need("", "要求技术就绪度不低于7级。")), 7);
  EXPECT_EQ(LevelOf(Need("", "我厂已量产碳酸锂，收率只有六成。")), 0);
  EXPECT_EQ(LevelOf(Need("", "高原牧区需求旺盛，产品已推广到三县。")), 0);
}

TEST(MaturityTest, InstitutionsAndExpertsSayNoLevel) {
  Record expert = Offer("主持过两套膜堆中试。");
  expert.kind = RecordKind::kExpert;
  EXPECT_EQ(LevelOf(expert), 0);
  Record institution = Offer("建有吨级中试线，产品已上市。");
  institution.kind = RecordKind::kInstitution;
  EXPECT_EQ(LevelOf(institution), 0);
  institution.maturity = 6;
  EXPECT_EQ(LevelOf(institution), 6) << "the field says it";
}

TEST(MaturityTest, APaperShowsTrialsAtMost) {
  Record paper = Offer("基因编辑已广泛应用于育种。本研究开展田间试验。");
  EXPECT_EQ(LevelOf(paper), 9);
  paper.kind = RecordKind::kEvidence;
  paper.type = "publication";
  EXPECT_EQ(LevelOf(paper), 6);
}

TEST(MaturityTest, TheSpanHoldsTheLevelAsWritten) {
  const Record offer = Offer("目前达到TRL 7级。");
  const auto read = ReadMaturity(offer, ScanRecord(offer), Tables());
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->span, (FieldSpan{"text", 4, 10}));
}

}  // namespace
}  // namespace dongxi::requirement
