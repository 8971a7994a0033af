// Cooperation modes by the matrix, and the parties that a free-text need asks for.
#include "engine/requirement/modes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "engine/requirement/assess.h"
#include "engine/requirement/mode_phrases.h"
#include "engine/requirement/mode_words.h"

namespace dongxi::requirement {
namespace {

using testing::HasSubstr;

const RequirementTables& Tables() { return BuiltInRequirementTables(); }

RequirementVerdict Judge(const std::string& wanted, const std::vector<std::string>& offered) {
  return JudgeModes(
             {wanted}, offered, [](std::string_view code) { return std::string(code); }, Tables())
      .front();
}

TEST(ModesTest, WhatCanBeAgreedOnIsNoContradiction) {
  const std::pair<std::string, std::string> pairs[] = {{"license", "joint_rd"},
                                                       {"commissioned_rd", "conversion"},
                                                       {"pilot_platform", "resource_sharing"},
                                                       {"technical_service", "talent_exchange"},
                                                       {"joint_platform", "technical_service"}};
  for (const auto& [wanted, offered] : pairs) {
    SCOPED_TRACE(wanted + " " + offered);
    EXPECT_EQ(Judge(wanted, {offered}).outcome, Outcome::kShort);
    EXPECT_FALSE(Judge(wanted, {offered}).shortfall_text.empty());
  }
  EXPECT_EQ(Judge("training", {"mutual_secondment"}).outcome, Outcome::kMet);
  EXPECT_EQ(Judge("training", {"flexible_hiring"}).outcome, Outcome::kMet);
}

TEST(ModesTest, APairThatTheTableDoesNotHaveIsOpen) {
  ASSERT_EQ(Tables().FitOf("apprenticeship", "transfer"), nullptr);
  const RequirementVerdict open = Judge("apprenticeship", {"transfer", "license"});
  EXPECT_EQ(open.outcome, Outcome::kUnknown);
  EXPECT_EQ(open.reason, "合作方式 apprenticeship：供方只说愿transfer、license，要商谈");
  EXPECT_EQ(Judge("apprenticeship", {}).outcome, Outcome::kUnknown);
  EXPECT_THAT(Judge("apprenticeship", {}).reason, HasSubstr("没有说明"));
}

TEST(ModesTest, OnlyTheTableContradictsAndAnOpenModeGoesBeforeIt) {
  EXPECT_EQ(Judge("joint_rd", {"license"}).outcome, Outcome::kContradictory);
  ASSERT_EQ(Tables().FitOf("joint_rd", "popularisation"), nullptr);
  EXPECT_EQ(Judge("joint_rd", {"license", "popularisation"}).outcome, Outcome::kUnknown);
  EXPECT_EQ(Judge("joint_rd", {"license", "popularisation", "demonstration"}).outcome, Outcome::kShort);
  EXPECT_EQ(Judge("joint_rd", {"license", "joint_rd"}).outcome, Outcome::kMet);
}

TEST(ModesTest, ALicenceSaysNothingOfDemonstrationTrainingAndPilots) {
  for (const char* wanted : {"demonstration", "training", "pilot_platform"})
    EXPECT_EQ(Judge(wanted, {"license"}).outcome, Outcome::kUnknown) << wanted;
}

TEST(ModesTest, WhatTheTextRefusesIsContradictoryWhateverTheTableSays) {
  struct Case {
    std::string wanted, text;
    bool refused;
  };
  const Case cases[] = {
      {"transfer", "权利人保留专利权，只作普通许可，不转让。", true},
      {"transfer", "品种权永不转让，仅发放普通许可", true},
      {"transfer", "未经质权人同意不得转让", false},
      {"transfer", "技术已公开，不收取转让费", false},
      {"transfer", "不转让给境外企业", false},
      {"transfer", "该线不对外转让设备", false},
      {"transfer", "不仅转让，还可入股", false},
      {"license", "仅以作价入股方式合作，不单独许可、不转让", true},
      {"license", "可核验运输许可证，未经许可不得使用", false},
      {"equity", "一次性买断，不以技术入股", true},
      {"dual_appointment", "在编人员不得在外单位双聘，可来讲课", true},
      {"dual_appointment", "本人不接受双聘", true},
      {"joint_rd", "现不再承接任何研发课题", true},
      {"joint_rd", "也不参加联合攻关，只作科普报告", true},
      {"mutual_secondment", "可接收人员来台挂职，不能派人外出挂职", false},
  };
  for (const Case& one : cases) {
    const Record offer{.kind = RecordKind::kResult, .id = "r", .title = "t", .text = one.text};
    const std::vector<std::string> refused = ModesRefused({one.wanted}, offer);
    EXPECT_EQ(!refused.empty(), one.refused) << one.text;
    const auto name = [](std::string_view code) { return std::string(code); };
    const RequirementVerdict verdict = JudgeModes({one.wanted}, {}, name, Tables(), refused).front();
    EXPECT_EQ(verdict.outcome, one.refused ? Outcome::kContradictory : Outcome::kUnknown) << one.text;
    EXPECT_EQ(JudgeModes({one.wanted}, {one.wanted}, name, Tables(), refused).front().outcome, Outcome::kMet);
  }
}

TEST(ModesTest, WhatTextsOfferRefuseAndLimit) {
  struct Case {
    std::string mode, wanted;
    std::vector<std::string> offered;
    std::string text;
    Outcome want;
  };
  const Case cases[] = {
      // Refused, kept at home, or excluded by another one alone.
      {"mutual_secondment", "互派挂职", {"training"}, "不接受任何形式挂职。", Outcome::kContradictory},
      {"equity", "技术入股", {"transfer"}, "入股免谈。", Outcome::kContradictory},
      {"license", "许可", {"equity"}, "许可方式不予考虑。", Outcome::kContradictory},
      {"transfer", "转让", {"license"}, "无意转让。", Outcome::kContradictory},
      {"transfer", "转让", {"license"}, "若不转让，可许可。", Outcome::kShort},
      {"offsite_conversion", "异地转化", {"license"}, "只可在本省内实施。", Outcome::kContradictory},
      {"offsite_conversion", "异地转化", {"license"}, "不得向省外转化。", Outcome::kContradictory},
      {"offsite_conversion", "异地转化", {"license"}, "面向全国转化。", Outcome::kShort},
      {"transfer", "受让专利", {"license"}, "只作普通许可。", Outcome::kContradictory},
      {"license", "许可使用", {"equity"}, "只接受作价入股合办公司。", Outcome::kContradictory},
      {"license", "许可使用", {"transfer"}, "只转让专利权。", Outcome::kMet},
      {"transfer", "受让专利", {"license"}, "仅限本省企业许可。", Outcome::kShort},
      {"transfer", "受让专利", {"license"}, "只许可给两家企业。", Outcome::kShort},
      {"transfer", "受让专利", {"license"}, "优先转让。", Outcome::kShort},
      // The need refuses what is offered.
      {"license", "许可，不接受入股", {"equity"}, "作价入股。", Outcome::kContradictory},
      {"license", "许可", {"equity"}, "作价入股。", Outcome::kShort},
      // From afar alone.
      {"training", "到站实操", {"training"}, "不安排现场教学。", Outcome::kShort},
      {"training", "到站实操", {"training"}, "仅提供线上课程。", Outcome::kShort},
      {"training", "到站实操", {"training"}, "仅线上授课。", Outcome::kShort},
      {"training", "办培训班", {"training"}, "不安排现场教学。", Outcome::kMet},
      {"technical_service", "到厂指导", {"technical_service"}, "可远程，也可到现场。", Outcome::kMet},
      // In words where the field is empty.
      {"license", "许可", {}, "可许可使用。", Outcome::kMet},
      {"equity", "入股", {}, "合作方式：转让、许可或作价入股。", Outcome::kMet},
      {"technical_service", "服务", {}, "可提供全程技术服务。", Outcome::kMet},
      {"training", "培训", {}, "愿意来院授课。", Outcome::kMet},
      {"license", "许可", {}, "学校拟于2027年研究是否对外许可。", Outcome::kUnknown},
      {"license", "许可", {}, "取得生产许可证，可对运输许可、从业资格进行核验。", Outcome::kUnknown},
      {"transfer", "转让", {}, "支持经营权转让、互换、入股三类合同。", Outcome::kUnknown},
      {"pilot_platform", "中试", {}, "已完成中试。", Outcome::kUnknown},
      // A licence says nothing of an industry that moves.
      {"industry_transfer", "产业转移", {"license"}, "普通许可。", Outcome::kUnknown},
  };
  for (const Case& one : cases) {
    SCOPED_TRACE(one.mode + " " + one.text);
    Record need{.kind = RecordKind::kNeed, .id = "n", .title = "t", .text = ""};
    need.wanted = one.wanted;
    need.modes = {one.mode};
    Record offer{.kind = RecordKind::kResult, .id = "r", .title = "t", .text = one.text};
    offer.modes = one.offered;
    const AssessContext context{.today = absl::CivilDay(2026, 11, 28),
                                .mode_name = [](std::string_view code) { return std::string(code); }};
    const auto verdicts = AssessRequirements(ReadNeed(need, Tables()), offer, offer,
                                             ReadOffer(offer, Tables()), context, Tables());
    const auto mode = std::find_if(verdicts.begin(), verdicts.end(), [](const RequirementVerdict& verdict) {
      return verdict.kind == RequirementKind::kMode;
    });
    ASSERT_NE(mode, verdicts.end());
    EXPECT_EQ(mode->outcome, one.want) << mode->reason;
  }
}

TEST(ModesTest, PhrasesThatNameNoModeOfferRefuseAndLimit) {
  struct Case {
    std::string mode, wanted, text;
    RecordKind kind;
    Outcome want;
  };
  constexpr RecordKind kResult = RecordKind::kResult, kExpert = RecordKind::kExpert,
                       kInstitution = RecordKind::kInstitution;
  const Case cases[] = {
      {"license", "许可", "三项发明专利打包出让，受让方可自由实施。", kResult, Outcome::kMet},
      {"license", "许可", "可授权贵公司使用，交提成就行。", kResult, Outcome::kMet},
      {"license", "许可", "专利已独占许可给一家药剂厂至2031年，期内不能再许第三方。", kResult,
       Outcome::kContradictory},
      {"license", "许可", "目前不考虑授权。", kResult, Outcome::kContradictory},
      {"license", "许可", "获得授权发明专利六项，持有排污许可证。", kResult, Outcome::kUnknown},
      {"transfer", "转让", "愿把专利过户给受让企业。", kResult, Outcome::kMet},
      {"transfer", "转让", "我所对外只收许可费，所有权一律不动。", kResult, Outcome::kContradictory},
      {"transfer", "转让", "2018年登记时注明不转让；去年改了办法，本专利现已挂牌出让。", kResult,
       Outcome::kMet},
      {"transfer", "转让", "公司股权于2023年转让给市国资平台。", kResult, Outcome::kUnknown},
      {"transfer", "转让", "不卖设备，只收加工费。", kResult, Outcome::kUnknown},
      {"joint_rd", "联合攻关", "欢迎贵方共同立项、共担经费。", kResult, Outcome::kMet},
      {"joint_rd", "联合攻关", "本成果由两家单位共同研究取得。", kResult, Outcome::kUnknown},
      {"flexible_hiring", "柔性引进", "人事关系留在学校不动，我每年可以到队里蹲三四个月。", kExpert,
       Outcome::kMet},
      {"flexible_hiring", "每年在岗不少于六个月", "人事关系不动，一年顶多来三个月。", kExpert,
       Outcome::kShort},
      {"flexible_hiring", "每年在岗不少于60天", "人事关系不动，每年能来三个月。", kExpert, Outcome::kMet},
      {"flexible_hiring", "柔性引进", "单位不同意外出兼职。", kExpert, Outcome::kContradictory},
      {"technical_service", "每月到炉台上看看", "视频会诊随叫随到，到不了现场。", kExpert, Outcome::kShort},
      {"dual_appointment", "双聘", "在编人员不得在外任职。", kExpert, Outcome::kContradictory},
      {"mutual_secondment", "互派", "可派科主任到对方挂任副院长，请对方医生来院挂职锻炼。", kInstitution,
       Outcome::kMet},
      {"mutual_secondment", "互派", "可派两名工程师挂职；对方人员来院挂职一事办不了。", kInstitution,
       Outcome::kShort},
      {"mutual_secondment", "互派", "不派人也不收人。", kInstitution, Outcome::kContradictory},
      {"park_operation", "托管", "只卖系统，不承接实体园区的托管运营。", kInstitution,
       Outcome::kContradictory},
      {"park_operation", "托管", "可受托管理园区，招商、物业一并负责。", kInstitution, Outcome::kMet},
      {"transfer", "转让", "现将专利所有权整体出售。", kResult, Outcome::kMet},
      {"license", "许可", "现将专利所有权整体出售。", kResult, Outcome::kMet},
      {"transfer", "转让", "学校明确专利一律不对外出售。", kResult, Outcome::kContradictory},
      {"transfer", "转让", "产权归属不作变更，企业可付费使用。", kResult, Outcome::kContradictory},
      {"transfer", "转让", "所有权归国家，承担单位无权转让。", kResult, Outcome::kContradictory},
      {"transfer", "转让", "羊肉可卖到每公斤90元，技术成熟。", kResult, Outcome::kUnknown},
      {"transfer", "转让", "样机可以转让给用户试用。", kResult, Outcome::kUnknown},
      // Another's, and what is only a condition or not yet allowed.
      {"transfer", "转让", "合作企业名下的外观专利可以转让，本专利的去向学校未定。", kResult,
       Outcome::kUnknown},
      {"transfer", "转让", "发明人愿意转让，但学校尚未批准。", kResult, Outcome::kUnknown},
      {"transfer", "转让", "未经主管部门批准，不得转让。", kResult, Outcome::kUnknown},
      {"license", "许可", "早年独占许可给一家药企，合同去年已解除，目前可授权多家。", kResult, Outcome::kMet},
      {"license", "许可", "该软件支持多级用户授权，可按角色授权访问。", kResult, Outcome::kUnknown},
      {"transfer", "转让", "本院另有一件蒸发器专利可以转让，与本项技术无关。", kResult, Outcome::kUnknown},
      {"transfer", "转让", "以前可以转让，现已改为只许可。", kResult, Outcome::kContradictory},
      {"pilot_platform", "中试", "中试平台明年建成后对外开放。", kInstitution, Outcome::kUnknown},
      {"dual_appointment", "双聘", "学校允许双聘，但本人时间安排不开，谢绝。", kExpert,
       Outcome::kContradictory},
      {"flexible_hiring", "柔性引进", "原单位不同意兼职，现已调入高校，可柔性服务。", kExpert, Outcome::kMet},
      {"license", "许可", "已有企业洽谈独占许可，未签。", kResult, Outcome::kUnknown},
      // What stands between, and what stands behind.
      {"training", "培训", "可为基层农技人员开展培训。", kExpert, Outcome::kMet},
      {"technical_service", "咨询", "已退休，不能再承接企业咨询。", kExpert, Outcome::kUnknown},
      {"equity", "入股", "入股、转让、许可三种方式都可以谈。", kResult, Outcome::kMet},
      // For a part.
      {"transfer", "转让", "三件专利中，一件可以转让，另两件只能实施许可。", kResult, Outcome::kShort},
      {"transfer", "转让", "软件著作权可以转让；发明专利不卖。", kResult, Outcome::kShort},
      {"license", "许可", "用于饲料的随时可签实施许可；用于医药的已被另一家独占，不能再许。", kResult,
       Outcome::kShort},
      {"license", "许可", "青海省内已独占许可，其他省份可许可。", kResult, Outcome::kShort},
      {"equity", "入股", "学校规定不得以无形资产投资入股。", kResult, Outcome::kContradictory},
      {"equity", "入股", "技术入股可以，最多占股两成。", kResult, Outcome::kMet},
      {"joint_rd", "联合攻关", "愿派博士到企业，一起把样机改成产品。", kResult, Outcome::kMet},
      {"joint_rd", "联合攻关", "签有排他研发协议，2029年前不得与第三方合作研发。", kResult,
       Outcome::kContradictory},
      {"joint_rd", "联合攻关", "与企业的排他协议已到期，现可与各方合作研发。", kResult, Outcome::kMet},
      {"joint_rd", "联合攻关", "兼任协同创新中心副主任。", kExpert, Outcome::kUnknown},
      {"commissioned_rd", "委托开发", "只做标准产品，不接外来委托。", kInstitution, Outcome::kContradictory},
      {"technical_service", "科技服务", "可检测12种农残，提供诊断依据。", kResult, Outcome::kUnknown},
      {"training", "培训", "可承办各类培训班。", kInstitution, Outcome::kMet},
      {"training", "培训", "不对外办班。", kInstitution, Outcome::kContradictory},
      {"resource_sharing", "资源共享", "大型仪器向社会开放。", kInstitution, Outcome::kMet},
      {"flexible_hiring", "每年到岗不少于90天", "人事关系不动，每年至多到岗40个工作日。", kExpert,
       Outcome::kShort},
      {"flexible_hiring", "柔性引进", "国家级首席专家，兼任学会理事。", kExpert, Outcome::kUnknown},
      {"dual_appointment", "双聘", "人事制度不允许教师在校外双聘。", kExpert, Outcome::kContradictory},
      {"dual_appointment", "双聘", "学院同意保留原岗位，同时到西部一所高校受聘。", kExpert, Outcome::kMet},
      {"dual_appointment", "双聘", "学校支持教师双聘。", kExpert, Outcome::kMet},
      {"mutual_secondment", "互派", "可选派教师任教；宿舍在改造，暂不能接收外校教师来校挂职。", kInstitution,
       Outcome::kShort},
      {"mutual_secondment", "互派", "编制紧张，互派一事无法开展。", kInstitution, Outcome::kContradictory},
  };
  for (const Case& one : cases) {
    SCOPED_TRACE(one.mode + " " + one.text);
    Record need{.kind = RecordKind::kNeed, .id = "n", .title = "t", .text = ""};
    need.wanted = one.wanted;
    need.modes = {one.mode};
    const Record offer{.kind = one.kind, .id = "r", .title = "t", .text = one.text};
    const AssessContext context{.today = absl::CivilDay(2026, 11, 28),
                                .mode_name = [](std::string_view code) { return std::string(code); }};
    const auto verdicts = AssessRequirements(ReadNeed(need, Tables()), offer, offer,
                                             ReadOffer(offer, Tables()), context, Tables());
    const auto mode = std::find_if(verdicts.begin(), verdicts.end(), [](const RequirementVerdict& verdict) {
      return verdict.kind == RequirementKind::kMode;
    });
    ASSERT_NE(mode, verdicts.end());
    EXPECT_EQ(mode->outcome, one.want) << mode->reason;
  }
}

TEST(ModesTest, ThePhrasesThatMayStandInATextReadItAsAllOfThemDo) {
  const std::vector<std::string> modes = {"transfer", "license", "equity", "joint_rd", "mutual_secondment"};
  const ModePhraseTable& all = Tables().mode_phrases();
  for (const char* text :
       {"", "专", "三项发明专利打包出让，受让方可自由实施。", "我所对外只收许可费，所有权一律不动。",
        "可派两名工程师挂职；对方人员来院挂职一事办不了。",
        "愿以专利作价入股，欢迎贵方共同立项、共担经费。"}) {
    const ModePhraseTable within = all.Within(text);
    const ModePhrases some = ReadModePhrases(text, RecordKind::kInstitution, modes, within);
    const ModePhrases every = ReadModePhrases(text, RecordKind::kInstitution, modes, all);
    EXPECT_EQ(some.offered, every.offered) << text;
    EXPECT_EQ(some.refused, every.refused) << text;
    EXPECT_EQ(some.one_way, every.one_way) << text;
    EXPECT_LT(within.words(PhraseClass::kOthers).size(), all.words(PhraseClass::kOthers).size()) << text;
  }
}

TEST(PartiesTest, ANeedSaysInWordsWhetherItWantsPartiesAlone) {
  struct Case {
    const char *title, *wanted;
    std::vector<std::string> modes;
    bool only;
  };
  const Case cases[] = {
      {"急聘水文地质工程师", "只招人，不要技术成果。", {}, true},
      {"地热供暖项目寻求投资", "只寻找投资方。", {}, true},
      {"光热电站扩建融资", "仅寻求投资方，技术路线已定，不再引进技术。", {}, true},
      {"寻找投资方", "寻找投资方入股。", {}, false},
      {"寻找投资方", "不仅寻求投资方，也要提锂技术。", {}, false},
      {"寻找投资方", "寻求投资方，引进无需催化剂的工艺。", {}, false},
      {"检测平台共享及提纯技术", "既要共享检测平台，也要高纯氧化镧提纯技术。", {"resource_sharing"}, false},
      {"仪器共享", "寻找可共享大型仪器的平台。", {"resource_sharing"}, true},
      {"兽医培训", "每年办两期防疫技术培训班，讲授防疫技术。", {"training"}, true},
      {"托管空置园区", "仅寻求园区运营方，不引进技术。", {"park_operation"}, true},
  };
  for (const Case& one : cases) {
    Record need{.kind = RecordKind::kNeed, .id = "n", .title = one.title};
    need.wanted = one.wanted;
    need.modes = one.modes;
    EXPECT_EQ(ReadParties(need, ScanRecord(need), Tables()).only, one.only) << one.wanted;
  }
}

TEST(PartiesTest, RunningAnEnclaveParkAsksForItsOperatorAlone) {
  Record need{.kind = RecordKind::kNeed, .id = "n", .title = "飞地园区运营"};
  need.wanted = "找一家园区运营方整体托管。";
  need.modes = {"park_operation"};
  const PartiesAsked asked = ReadParties(need, ScanRecord(need), Tables());
  ASSERT_EQ(asked.parties.size(), 1u);
  EXPECT_EQ(Tables().parties()[asked.parties[0].row].code, "park_operator");
}

TEST(PartiesTest, AFreeTextNeedAsksForPartiesInTheSentencesThatDemand) {
  Record need{.kind = RecordKind::kNeed, .id = "n-1", .title = "县医院胸痛救治能力弱"};
  need.text = "县医院去年派驻过两名医生。希望有专家团队常年带我们做介入手术。";
  const PartiesAsked asked = ReadParties(need, ScanRecord(need), Tables());
  ASSERT_EQ(asked.parties.size(), 1u);
  EXPECT_EQ(Tables().parties()[asked.parties[0].row].code, "people");
  EXPECT_EQ(asked.parties[0].span->field, "text");
  EXPECT_EQ(asked.parties[0].span->begin, 16u) << "not the 派驻 of last year";
  need.wanted = "希望有设备。";
  EXPECT_TRUE(ReadParties(need, ScanRecord(need), Tables()).parties.empty());
}

}  // namespace
}  // namespace dongxi::requirement
