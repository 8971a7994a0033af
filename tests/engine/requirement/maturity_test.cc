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
