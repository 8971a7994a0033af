// What the institutions behind a result or an expert say of it, and that the marks which an index keeps agree
// with the verdicts on the records.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/requirement/liveness.h"
#include "engine/requirement/standing.h"

namespace dongxi::requirement {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const absl::CivilDay kToday(2026, 11, 26);
const RequirementTables& Tables() { return BuiltInRequirementTables(); }

Record Institution(const char* title, const char* text, const char* valid_until = "") {
  Record record{.kind = RecordKind::kInstitution, .id = "i", .title = title, .text = text};
  record.valid_until = valid_until;
  return record;
}

std::vector<RequirementVerdict> Judge(const std::vector<Record>& institutions) {
  std::vector<const Record*> all;
  for (const Record& one : institutions) all.push_back(&one);
  return JudgeOwners(all, kToday, Tables());
}

TEST(JudgeOwnersTest, ARenamedAndAnExpiredInstitutionAreToBeClearedByName) {
  const auto verdicts =
      Judge({Institution("甲所", "2024年更名为丙所"), Institution("乙所", "", "2026-01-01")});
  ASSERT_THAT(verdicts, SizeIs(2));
  for (const RequirementVerdict& verdict : verdicts) {
    EXPECT_EQ(verdict.kind, RequirementKind::kLiveness);
    EXPECT_EQ(verdict.outcome, Outcome::kShort);
    EXPECT_FALSE(verdict.offer_span.has_value()) << "the words stand in another record";
  }
  EXPECT_THAT(verdicts[0].reason, HasSubstr("所属机构 甲所：机构已更名或合并"));
  EXPECT_THAT(verdicts[1].reason, HasSubstr("所属机构 乙所：供方信息的有效期已过"));
}

TEST(JudgeOwnersTest, AClosedInstitutionBlocksOnlyIfNoOtherIsLeft) {
  const Record closed = Institution("甲所", "已注销");
  ASSERT_THAT(Judge({closed}), SizeIs(1));
  EXPECT_EQ(Judge({closed})[0].outcome, Outcome::kContradictory);
  const auto shared = Judge({closed, Institution("乙所", "研究盐湖")});
  ASSERT_THAT(shared, SizeIs(1));
  EXPECT_EQ(shared[0].outcome, Outcome::kShort);
}

TEST(JudgeOwnersTest, InstitutionsInGoodOrderSayNothing) {
  EXPECT_THAT(Judge({}), IsEmpty());
  EXPECT_THAT(Judge({Institution("甲所", "研究盐湖", "2026-12-20")}), IsEmpty());
}

TEST(LivenessTest, AWordCountsOnlyWhereItIsSaidOfTheRecordItself) {
  struct Case {
    RecordKind kind;
    const char* text;
    Standing standing;
  };
  constexpr RecordKind kResult = RecordKind::kResult, kExpert = RecordKind::kExpert,
                       kInstitution = RecordKind::kInstitution;
  constexpr Standing kUnsaid = Standing::kUnsaid, kFine = Standing::kFine, kLowered = Standing::kLowered,
                     kBlocked = Standing::kBlocked;
  constexpr Case kCases[] = {
      {kResult, "尚未独占许可给任何企业", kUnsaid},
      {kResult, "可独占许可给西部企业", kUnsaid},
      {kResult, "已独占许可给某公司", kBlocked},
      {kResult, "未被宣告无效，维持有效", kFine},
      {kResult, "被宣告无效", kBlocked},
      {kResult, "授权发明专利，保护期届满日2041-05-20", kFine},
      {kResult, "保护期届满", kBlocked},
      {kResult, "复审后撤销驳回决定，已授权", kFine},
      {kResult, "申请被驳回", kBlocked},
      {kResult, "因未缴年费专利权终止", kBlocked},
      {kResult, "已授权，无质押、无诉讼", kFine},
      {kResult, "已授权，质押给银行", kLowered},
      {kResult, "授权发明专利，2024年已到期", kBlocked},
      {kResult, "授权发明专利，专利权已终止", kBlocked},
      {kResult, "授权发明专利，已独占实施许可给甲公司", kBlocked},
      {kResult, "授权发明专利，因未缴年费失效", kBlocked},
      {kResult, "授权发明专利，未到期", kFine},
      {kResult, "授权有效；已独占许可给甲公司，期限2023年6月至2028年5月", kLowered},
      {kResult, "独占许可给甲公司，许可期至2027年3月31日，到期不续，之后可对外许可", kLowered},
      {kResult, "已独占许可给甲公司，为期五年", kLowered},
      {kResult, "已独占许可给甲公司，期限至专利权届满", kBlocked},
      {kResult, "已独占许可给甲公司，年费已缴至2027年", kBlocked},
      {kResult, "授权有效。曾独占许可给甲公司，该独占许可已于2025年12月到期终止", kFine},
      {kResult, "授权有效；独占许可已到期", kFine},
      {kResult, "授权有效；质押已解除", kFine},
      {kResult, "美国同族专利已失效；中国专利授权有效", kFine},
      {kResult, "中国、美国专利均已失效", kBlocked},
      {kResult, "曾因未缴年费终止，2024年5月已恢复权利，现专利权有效", kFine},
      {kResult, "因未缴年费终止，恢复期已过，未办恢复", kBlocked},
      {kResult, "因未缴年费终止，未准予恢复", kBlocked},
      {kInstitution, "企业登记状态：注销（2025年8月）", kBlocked},
      {kInstitution, "企业登记状态：存续", kFine},
      {kInstitution, "2023年被市场监管部门吊销营业执照，至今未恢复", kBlocked},
      {kInstitution, "2025年9月因逾期未年报被吊销营业执照", kBlocked},
      {kInstitution, "该公司已于2024年11月办理注销登记", kBlocked},
      {kInstitution, "其子公司2024年11月办理注销登记", kUnsaid},
      {kInstitution, "代办企业注销登记", kUnsaid},
      {kInstitution, "早期合作单位乙电池公司已注销", kUnsaid},
      {kInstitution, "现设森林保护学科，常年面向社会承接科研项目", kFine},
      {kInstitution, "该公司2023年被吊销营业执照", kBlocked},
      {kInstitution, "该中心2022年已注销登记", kBlocked},
      {kInstitution, "承担已关停盐田的生态修复", kUnsaid},
      {kInstitution, "从事已停业矿山的尾矿治理", kUnsaid},
      {kInstitution, "该公司2023年已注销", kBlocked},
      {kInstitution, "已停业（2022年）", kBlocked},
      {kInstitution, "2003年更名为甲所", kUnsaid},
      {kInstitution, "2003年更名为现名", kUnsaid},
      {kInstitution, "2024年更名为“乙所”", kLowered},
      {kInstitution, "由三个研究室合并组建", kUnsaid},
      {kInstitution, "2000年湖北医科大学并入本校", kUnsaid},
      {kInstitution, "2000年武汉测绘科技大学、湖北医科大学等并入。", kUnsaid},
      {kInstitution, "2000年湖北医科大学整体并入，组建医学部", kUnsaid},
      {kInstitution, "2003年整体并入。", kLowered},
      {kInstitution, "甲所2003年随省化工研究院并入。", kLowered},
      {kInstitution, "随省化工研究院并入。", kLowered},
      {kInstitution, "本所2003年并入该院", kLowered},
      {kInstitution, "2003年并入省化工研究院", kLowered},
      {kInstitution, "湖北医科大学并入本校，2020年更名为“乙大学”", kLowered},
      {kInstitution, "1998年划转教育部管理", kUnsaid},
      {kInstitution, "1998年划转至教育部，为直属高校", kUnsaid},
      {kInstitution, "1999年划转教育部直属的乙大学", kLowered},
      {kInstitution, "1999年划转甲集团", kLowered},
      {kExpert, "与已退休的老工程师一起编写规程", kUnsaid},
      {kExpert, "带过的学生多人已离职创业", kUnsaid},
      {kExpert, "研究盐湖化工，已退休", kBlocked},
      {kExpert, "2024年已调离原单位", kBlocked},
      {kExpert, "长期研究盐湖化工，已退休多年", kBlocked},
      {kExpert, "盐湖化工专家，2023年病逝", kBlocked},
      {kExpert, "2023年已退休，现返聘在岗", kUnsaid},
      {kExpert, "已退休（返聘），研究盐湖化工", kUnsaid},
      {kExpert, "已退休。仍可提供技术指导", kUnsaid},
      {kExpert, "已退休，不再返聘", kBlocked},
      {kExpert, "已退休，研究盐湖化工，同事返聘在岗", kBlocked},
      {kExpert, "2023年已调离，现返聘在岗", kBlocked},
      {kExpert, "2025年3月因病逝世，本页保留供查阅", kBlocked},
      {kExpert, "2025年3月因病去世。", kBlocked},
      {kExpert, "师从已故兽医学家，其导师2010年去世后整理遗著", kUnsaid},
      {kExpert, "博士生导师，2024年12月退休", kBlocked},
      {kExpert, "研究退休、养老政策，再过5年退休", kUnsaid},
      {kExpert, "将于2027年退休", kUnsaid},
      {kExpert, "2024年已退休，可以顾问身份参与，须先与原单位商定", kLowered},
      {kExpert, "2024年12月退休；身体健康，可以返聘方式参与，须先征得原单位同意", kLowered},
      {kExpert, "已退休，不能以顾问身份参与", kBlocked},
      {kExpert, "其导师张三已退休。本人在岗", kFine},
      {kExpert, "2022年出国定居，明确表示不再接国内项目", kBlocked},
      {kExpert, "现移居国外", kLowered},
      {kExpert, "2026年出国访学一年", kLowered},
      {kExpert, "2019年出国访学一年，2020年按期回国", kUnsaid},
      {kExpert, "2019年出国访学一年，现全职在岗", kFine},
      {kExpert, "有出国访学经历", kUnsaid},
      {kExpert, "不可承接新项目", kLowered},
  };
  for (const Case& one : kCases) {
    Record record{.kind = one.kind, .id = "r", .title = "甲所"};
    (one.kind == kResult ? record.ip_status : record.text) = one.text;
    EXPECT_EQ(ReadStanding(record, Tables()).words, one.standing) << one.text;
  }
}

Outcome Heaviest(const std::vector<RequirementVerdict>& verdicts) {
  Outcome heaviest = Outcome::kUnknown;
  for (const RequirementVerdict& verdict : verdicts) {
    if (verdict.outcome == Outcome::kContradictory) return Outcome::kContradictory;
    if (verdict.outcome == Outcome::kShort || heaviest == Outcome::kUnknown) heaviest = verdict.outcome;
  }
  return heaviest;
}

TEST(StandingTest, AgreesWithTheVerdictsForEveryWordYearAndDay) {
  const char* const words[] = {"",         "授权发明专利，有效", "发明专利实质审查中", "专利权终止",
                               "实用新型", "外观设计已授权",     "已独占许可给他方",   "软件著作权登记"};
  const int32_t today = static_cast<int32_t>(kToday - absl::CivilDay(1970, 1, 1));
  for (const char* word : words) {
    for (const int year : {0, 2005, 2006, 2010, 2011, 2015, 2016, 2025}) {
      for (const int days : {-1, 0, 89, 90, 4000}) {
        Record result{.kind = RecordKind::kResult, .id = "r", .title = "t", .text = "已注销，已退休"};
        result.ip_status = word;
        result.year = year;
        const absl::CivilDay until = kToday + days;
        result.valid_until = absl::FormatCivilTime(until);
        SCOPED_TRACE(result.ip_status + " " + std::to_string(year) + " " + result.valid_until);
        const Outcome outcome = Heaviest(JudgeLiveness(result, {.today = kToday}, Tables()));
        const Standing standing = StandingOn(ReadStanding(result, Tables()), year, today + days, today, 2026);
        EXPECT_EQ(standing == Standing::kBlocked, outcome == Outcome::kContradictory);
        EXPECT_EQ(standing == Standing::kLowered, outcome == Outcome::kShort);
      }
    }
  }
}

TEST(StandingTest, NeedsAndEvidenceHaveNone) {
  for (const RecordKind kind : {RecordKind::kNeed, RecordKind::kEvidence}) {
    Record record{.kind = kind, .id = "x", .title = "已注销", .text = "已注销"};
    record.ip_status = "已失效";
    record.type = "patent";
    EXPECT_EQ(ReadStanding(record, Tables()), StandingMark{});
  }
}

}  // namespace
}  // namespace dongxi::requirement
