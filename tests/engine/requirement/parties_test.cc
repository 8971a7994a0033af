// Which parties a need asks for in words, and what words say of being one.
#include <gtest/gtest.h>

#include <string>

#include "engine/requirement/modes.h"
#include "engine/requirement/party_words.h"

namespace dongxi::requirement {
namespace {

const RequirementTables& Tables() { return BuiltInRequirementTables(); }

Record NeedOf(const char* title, const char* wanted) {
  Record need{.kind = RecordKind::kNeed, .id = "n", .title = title};
  need.wanted = wanted;
  return need;
}

PartiesAsked Asked(const Record& need) { return ReadParties(need, ScanRecord(need), Tables()); }

std::string CodesOf(const PartiesAsked& asked) {
  std::string codes;
  for (size_t row = 0; row < Tables().parties().size(); ++row) {
    for (const PartyAsked& one : asked.parties) {
      if (one.row == row) codes += (codes.empty() ? "" : " ") + Tables().parties()[row].code;
    }
  }
  return codes;
}

Record InstitutionOf(const char* type, const char* text) {
  Record record{.kind = RecordKind::kInstitution, .id = "i", .title = "示例机构", .text = text};
  record.type = type;
  return record;
}

TEST(PartyWordsTest, ANeedNamesThePartyInTheWordsOfOffices) {
  struct Case {
    const char *wanted, *codes;
  };
  constexpr Case kCases[] = {
      {"想引进运营团队，把园区管起来。", "park_operator"},
      {"委托招商，找管园区的团队。", "park_operator"},
      {"寻求沿海开发区结对，共建产业园。", "park"},
      {"只找可合作设飞地的园区，不需要软件和技术。", "park"},
      {"找一处能落地的园区。", "park"},
      {"找落地园区。", "park"},
      {"招商合作，引进龙头。", "investor"},
      {"找基金投二期，可增资扩股。", "investor"},
      {"引进社会资本入股。", "investor"},
      {"与东部高校共建联合实验室。", "platform"},
      {"寻找可共享的检测平台。", "platform"},
      {"大型仪器开放共享，送样检测。", "platform"},
      {"招聘牧草机械工程师一名。", "people"},
      {"急需麻醉科医生组团式帮扶。", "people"},
      {"请专家驻点指导一年。", "people"},
      {"想请人带一带县里的化验员。", "people"},
      {"乡村教师轮训，请人授课。", "trainer"},
      {"委托培养二十名技术员。", "trainer"},
      {"引进技术转移服务平台。", "platform"},
      {"只欢迎能独立出报告的检测服务平台，不购买设备。", "platform"},
      {"只招护理人才，设备类请勿推荐。", "people"},
      {"招收麻醉专业人才两名。", "people"},
      {"想请省城儿科大夫每月坐诊。", "people"},
      {"诚聘冷链物流总监。", "people"},
      {"引进学科带头人。", "people"},
      {"希望同东部一家园区结成长期对子。", "park"},
      {"找有闲置厂房的产业园落户。", "park"},
      {"盼有实力的老板入股。", "investor"},
      {"想引入战略股东。", "investor"},
      {"想请人托管开发区。", "park_operator"},
      {"办一期电焊取证班。", "trainer"},
      {"培训用虚拟仿真软件。", ""},
      {"人才公寓节能改造技术。", ""},
      {"园区污水处理技术。", ""},
      {"采油平台防腐涂层。", ""},
      {"需要高效选矿药剂。", ""},
      {"开发园区能耗监测软件。", ""},
      {"采茶缺人手，想要采茶机。", ""},
      {"引进全自动包装生产线。", ""},
  };
  for (const Case& one : kCases)
    EXPECT_EQ(CodesOf(Asked(NeedOf("需求", one.wanted))), one.codes) << one.wanted;
}

TEST(PartyWordsTest, APatentIsNoParkWhereTechnologyIsDeclined) {
  const Record need = NeedOf("寻找飞地合作园区", "只找可合作设飞地的园区，不需要软件和技术");
  const Record software{.kind = RecordKind::kResult, .id = "r", .title = "智慧园区能耗管理平台软件"};
  const auto verdicts = JudgeParties(Asked(need), software, Tables());
  ASSERT_EQ(verdicts.size(), 1u);
  EXPECT_EQ(verdicts[0].outcome, Outcome::kContradictory);
  const auto park = JudgeParties(Asked(need), InstitutionOf("park", "国家级园区"), Tables());
  EXPECT_EQ(park[0].outcome, Outcome::kMet);
}

TEST(PartyWordsTest, APartyIsSoughtAloneWhereNoGoodsAreWantedBesides) {
  struct Case {
    const char *party, *word, *field;
    bool alone;
  };
  const Case cases[] = {
      {"people", "招聘", "招聘机电方面人才，到矿工作", true},
      {"people", "招聘", "招聘会操作无人矿卡系统的工程师", true},
      {"people", "招聘", "招聘设备工程师两名", true},
      {"people", "招聘", "招聘工程师，同时采购检测设备", false},
      {"people", "方向人才", "引进催化方向人才", false},
      {"park_operator", "园区运营方", "寻找专业园区运营方，负责招商和物业", true},
      {"park_operator", "园区运营方", "园区运营方案编制", false},
      {"park", "结对园区", "寻找结对园区", true},
      {"platform", "可共享的", "寻找可共享的检测平台", true},
      {"platform", "中试基地", "寻找中试基地合作", false},
      {"investor", "投资方", "寻找投资方入股", false},
  };
  for (const Case& one : cases) {
    const std::u32string field = ScanWord(one.field), word = ScanWord(one.word);
    const size_t begin = field.find(word);
    ASSERT_NE(begin, std::u32string::npos) << one.field;
    EXPECT_EQ(IsSoughtAlone(one.party, field, begin, begin + word.size()), one.alone) << one.field;
  }
}

TEST(PartyWordsTest, APersonIsSoughtByWhatHeKnows) {
  for (const char* field : {"缺个懂水肥一体化的人", "想找会修采棉机的人来教", "请一位熟悉冷链的人，常驻半年"})
    EXPECT_TRUE(PersonSought(ScanWord(field)).has_value()) << field;
  for (const char* field : {"村里懂技术的人少", "需要适合老人用的轮椅", "懂水肥一体化的人工智能系统"})
    EXPECT_FALSE(PersonSought(ScanWord(field)).has_value()) << field;
}

TEST(PartyWordsTest, AnInstitutionSaysWhatItIsWhereItsTypeLeavesItOpen) {
  struct Case {
    const char *party, *type, *text;
    PartySaid said;
  };
  const Case cases[] = {
      {"park_operator", "enterprise", "受托运营产业园区14个，含招商、物业", PartySaid::kIs},
      {"park_operator", "enterprise", "生产喷气织机", PartySaid::kNothing},
      {"park_operator", "enterprise", "开发园区运营管理系统", PartySaid::kNothing},
      {"park_operator", "enterprise", "目前无园区运营业务", PartySaid::kNothing},
      {"investor", "enterprise", "设有产业基金，重点投向西部食品加工", PartySaid::kIs},
      {"investor", "enterprise", "曾获创业投资大赛二等奖", PartySaid::kNothing},
      {"investor", "enterprise", "国有全资，不对外投资", PartySaid::kIsNot},
      {"platform", "enterprise", "具备CMA资质，检验检测面向社会", PartySaid::kIs},
      {"trainer", "enterprise", "年培训电商主播三千人次", PartySaid::kIs},
      {"trainer", "other", "暂停培训业务", PartySaid::kIsNot},
      {"people", "enterprise", "从事人力资源服务和专家团队派遣", PartySaid::kIs},
      {"park", "enterprise", "园区运营", PartySaid::kNothing},
  };
  for (const Case& one : cases)
    EXPECT_EQ(PartyInWords(one.party, InstitutionOf(one.type, one.text)), one.said) << one.text;
}

TEST(PartyWordsTest, ADutyIsNoOtherParty) {
  const std::u32string field = ScanWord("寻找运营方，负责招商引资；招商引资");
  EXPECT_TRUE(IsDutyOfAnother(field, field.find(ScanWord("招商引资"))));
  EXPECT_FALSE(IsDutyOfAnother(field, field.rfind(ScanWord("招商引资"))));
}

TEST(PartyWordsTest, WhoHiresOrLooksForAPartyAloneIsNotServedByATechnology) {
  struct Case {
    const char *title, *wanted, *codes;
    bool only;
  };
  const Case cases[] = {
      {"招聘矿山机电工程师", "招聘机电方面人才，到矿工作", "people", true},
      {"招聘工程师", "招聘工程师，同时采购检测设备", "people", false},
      {"园区招运营商", "寻找专业园区运营方，负责招商引资和物业", "park_operator", true},
      {"寻找共享平台", "寻找可共享的检测平台", "platform", true},
      {"项目招商", "招商引资，引进龙头企业", "investor", false},
      {"水肥一体化推不开", "缺个懂水肥一体化的人", "people", false},
  };
  for (const Case& one : cases) {
    const PartiesAsked asked = Asked(NeedOf(one.title, one.wanted));
    EXPECT_EQ(CodesOf(asked), one.codes) << one.wanted;
    EXPECT_EQ(asked.only, one.only) << one.wanted;
  }
}

TEST(PartyWordsTest, ANeedThatRefusesTheRestIsServedByThePartyAlone) {
  for (const char* wanted : {"只招护理人才，设备类请勿推荐。", "引进投资方，只谈出资，其他合作暂不考虑。",
                             "只欢迎能独立出报告的检测服务平台，不购买设备。", "找结对园区，别的不需要。",
                             "只与投资机构洽谈。", "寻求投资方，自然人免谈。", "就缺一家运营公司。",
                             "寻求投资机构参股，技术和设备均已落实。", "找培训方，软件不在征集之列。"})
    EXPECT_TRUE(Asked(NeedOf("需求", wanted)).only) << wanted;
  for (const char* wanted :
       {"引进节水设备，请专家安装，其他不考虑。", "引进投资方，其他条件不限。",
        "需要专家指导，采购滴灌设备。", "只缺设备和运营公司。", "引进投资方，进口设备不考虑。"})
    EXPECT_FALSE(Asked(NeedOf("需求", wanted)).only) << wanted;
}

TEST(PartyWordsTest, WhomANeedWantsAloneItsTextMaySay) {
  Record need = NeedOf("成果对接", "只要机构落户，软件不在征集之列。");
  need.text = "县里想请一家技术转移机构设站，长期派驻经纪人。";
  EXPECT_EQ(CodesOf(Asked(need)), "platform");
  EXPECT_TRUE(Asked(need).only);
  need.wanted = "软件不在征集之列。";
  EXPECT_EQ(CodesOf(Asked(need)), "") << "nobody is wanted alone";
}

TEST(PartyWordsTest, ATypeThatMayBeThePartyIsJudgedByItsWordsAndNeverBarred) {
  const PartiesAsked asked = Asked(NeedOf("招运营方", "只寻找园区运营方"));
  const auto outcome = [&](const char* type, const char* text) {
    return JudgeParties(asked, InstitutionOf(type, text), Tables()).front().outcome;
  };
  EXPECT_EQ(outcome("enterprise", "受托运营产业园区14个"), Outcome::kMet);
  EXPECT_EQ(outcome("enterprise", "生产喷气织机"), Outcome::kUnknown);
  EXPECT_EQ(outcome("park_operator", "生产喷气织机"), Outcome::kMet);
  EXPECT_EQ(outcome("hospital", "受托运营产业园区14个"), Outcome::kContradictory);
  EXPECT_EQ(outcome("", "受托运营产业园区14个"), Outcome::kUnknown);
  EXPECT_FALSE(IsNoneOf(asked, RecordKind::kInstitution, "enterprise", Tables()));
  EXPECT_TRUE(IsNoneOf(asked, RecordKind::kInstitution, "hospital", Tables()));
  const PartiesAsked investor = Asked(NeedOf("寻求投资", "只寻找投资方"));
  const Record state_owned = InstitutionOf("enterprise", "国有全资，不对外投资");
  EXPECT_EQ(JudgeParties(investor, state_owned, Tables()).front().outcome, Outcome::kContradictory);
}

}  // namespace
}  // namespace dongxi::requirement
