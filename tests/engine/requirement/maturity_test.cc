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
      // Of fruit, a share, another word, a version, a level still to come.
      {"果实成熟度7成时采收", 0, 0},
      {"成熟度70%", 0, 0},
      {"ctrl7", 0, 0},
      {"成熟度7.5级", 0, 0},
      {"TRL 10", 0, 0},
      {"计划达到TRL 8", 0, 0},
      {"起点TRL 3，任务书验收目标TRL 8；2026年中期评估认定为TRL 5。", 5, 5},
      {"考核指标：TRL 8", 0, 0},
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
