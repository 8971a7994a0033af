// Labelled verdicts are read as import reads records, and counted rightly.
#include "bench/requirement/verdict_scores.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "engine/policy/policy.h"

namespace dongxi::bench {
namespace {

using requirement::Outcome;
using requirement::RequirementKind;
using testing::HasSubstr;

constexpr char kMaturity[] =
    R"({"id":"m","part":"a","kind":"maturity","need":{"id":"n","title":"提锂","wanted":"要吸附剂","maturity":7},)"
    R"("offer_kind":"result","offer":{"id":"r","title":"吸附剂","abstract":"一种吸附剂","maturity":5},)"
    R"("verdicts":[{"about":"","label":"short"}],"hard":""})";
// 高海拔 is met, nothing is said of 盐碱, and nobody labelled 喀斯特, which is met.
constexpr char kConditions[] =
    R"({"id":"c","part":"b","kind":"condition","need":{"id":"n","title":"作业机","wanted":"要作业机",)"
    R"("conditions":["高海拔","盐碱","喀斯特"]},"offer_kind":"result","offer":{"id":"r","title":"作业机",)"
    R"("abstract":"一种作业机","conditions":["高海拔","喀斯特"]},"verdicts":[)"
    R"({"about":"高海拔","label":"met"},{"about":"盐碱","label":"contradictory"}]})";
// The file says nothing of it: unknown. The program takes 已失效 for the end.
constexpr char kLiveness[] =
    R"({"id":"l","part":"b","kind":"liveness","need":{"id":"n","title":"提锂","wanted":"要吸附剂"},)"
    R"("offer_kind":"result","offer":{"id":"r","title":"吸附剂","abstract":"一种吸附剂","ip_status":"已失效"},)"
    R"("verdicts":[]})";

class VerdictScoresTest : public testing::Test {
 protected:
  void SetUp() override {
    auto policy = LoadPolicy("data/policy");
    ASSERT_TRUE(policy.ok()) << policy.status();
    policy_ = *std::move(policy);
  }
  void TearDown() override { std::filesystem::remove(file_); }

  absl::StatusOr<std::vector<VerdictCase>> Read(const std::vector<std::string>& lines) const {
    std::ofstream out(file_);
    for (const std::string& line : lines) out << line << "\n";
    out.close();
    return ReadVerdictCases(file_, *policy_);
  }
  VerdictScores Score(const std::vector<VerdictCase>& cases, std::string_view part) const {
    return ScoreVerdicts(
        cases, part, [&](std::string_view code) { return policy_->ModeName(code); }, tables_);
  }
  // A line of the file for a need, an institution and one label.
  static std::string Line(const std::string& kind, const std::string& need, const std::string& offer,
                          const std::string& about) {
    return R"({"id":"x","part":"c","kind":")" + kind + R"(","need":{"id":"n","title":"需求",)" + need +
           R"(},"offer_kind":"institution","offer":{"id":"i","title":"示例机构甲",)" + offer +
           R"(},"verdicts":[{"about":")" + about + R"(","label":"met"}]})";
  }
  std::string ErrorOf(const std::string& line) const {
    const auto cases = Read({"", line});
    EXPECT_FALSE(cases.ok()) << line;
    return std::string(cases.status().message());
  }

  const std::filesystem::path file_ =
      std::filesystem::temp_directory_path() / ("verdicts-" + std::to_string(getpid()) + ".jsonl");
  const requirement::RequirementTables& tables_ = requirement::BuiltInRequirementTables();
  std::shared_ptr<const Policy> policy_;
};

TEST_F(VerdictScoresTest, CountsByKindAndInAll) {
  const auto cases = Read({kMaturity, kConditions, kLiveness});
  ASSERT_TRUE(cases.ok()) << cases.status();
  const VerdictScores scores = Score(*cases, "");
  SCOPED_TRACE(ScoresText(scores, /*errors=*/true));
  ASSERT_EQ(scores.kinds.size(), 3u);

  const KindScores& maturity = scores.kinds.at(RequirementKind::kMaturity);
  EXPECT_EQ(maturity.Count(Outcome::kShort, Outcome::kShort), 1u);
  EXPECT_DOUBLE_EQ(maturity.precision(), 1);
  EXPECT_DOUBLE_EQ(maturity.recall(), 1);

  const KindScores& condition = scores.kinds.at(RequirementKind::kCondition);
  EXPECT_EQ(condition.labels(), 2u);
  EXPECT_EQ(condition.right(), 1u);
  EXPECT_EQ(condition.Count(Outcome::kContradictory, Outcome::kUnknown), 1u);
  EXPECT_EQ(condition.unlabelled(), 1u);
  EXPECT_DOUBLE_EQ(condition.precision(), 0.5) << "what nobody labelled is wrong";
  EXPECT_DOUBLE_EQ(condition.recall(), 0.5);
  EXPECT_EQ(condition.contradictions(), 1u);
  EXPECT_EQ(condition.contradictions_otherwise(), 1u);

  const KindScores& liveness = scores.kinds.at(RequirementKind::kLiveness);
  EXPECT_EQ(liveness.Count(Outcome::kUnknown, Outcome::kContradictory), 1u);
  EXPECT_DOUBLE_EQ(liveness.recall(), 0) << "no label but unknown";

  EXPECT_EQ(scores.all.cases(), 3u);
  EXPECT_EQ(scores.all.labels(), 4u);
  EXPECT_EQ(scores.all.right(), 2u);
  EXPECT_DOUBLE_EQ(scores.all.precision(), 0.5);
  EXPECT_DOUBLE_EQ(scores.all.recall(), 2.0 / 3);
}

TEST_F(VerdictScoresTest, EachWrongCaseIsListedWithItsReason) {
  const auto cases = Read({kMaturity, kConditions, kLiveness});
  ASSERT_TRUE(cases.ok()) << cases.status();
  const std::string text = ScoresText(Score(*cases, ""), /*errors=*/true);
  EXPECT_THAT(text, HasSubstr("c condition 盐碱: 应为 contradictory，得到 unknown | 环境条件 盐碱："));
  EXPECT_THAT(text, HasSubstr("c condition 喀斯特: 未标注，得到 met | "));
  EXPECT_THAT(text, HasSubstr("l liveness: 应为 unknown，得到 contradictory | 知识产权已失效"));
  EXPECT_THAT(ScoresText(Score(*cases, ""), /*errors=*/false), testing::Not(HasSubstr("应为")));
}

TEST_F(VerdictScoresTest, APartIsMeasuredAlone) {
  const auto cases = Read({kMaturity, kConditions, kLiveness});
  ASSERT_TRUE(cases.ok()) << cases.status();
  EXPECT_EQ(Score(*cases, "a").all.labels(), 1u);
  EXPECT_EQ(Score(*cases, "b").all.labels(), 3u);
  EXPECT_EQ(Score(*cases, "c").all.cases(), 0u);
}

TEST_F(VerdictScoresTest, TheAuthorsWordsMeetVerdictsOfModesAndParties) {
  for (const char* mode : {"许可", "平台共建", "互派挂职", "师带徒"}) {
    const std::string modes = std::string(R"("modes":[")") + mode + R"("])";
    const auto cases = Read({Line("mode", R"("wanted":"要合作",)" + modes, modes, mode)});
    ASSERT_TRUE(cases.ok()) << cases.status();
    EXPECT_EQ(Score(*cases, "").all.right(), 1u) << ScoresText(Score(*cases, ""), true);
  }
  const auto operators = Read({Line("party", R"("wanted":"寻找园区运营方")",
                                    R"("type":"园区运营商","profile":"从事园区运营")", "园区运营方")});
  ASSERT_TRUE(operators.ok()) << operators.status();
  EXPECT_EQ(operators->front().offer.text, "从事园区运营") << "profile is what import calls statement";
  EXPECT_EQ(Score(*operators, "").all.right(), 1u) << ScoresText(Score(*operators, ""), true);
}

TEST_F(VerdictScoresTest, EachPartyOfTheLabelsIsOneOfTheTable) {
  for (const char* name : {"园区", "园区运营方", "平台", "人才", "培训方", "投资方"}) {
    const auto cases = Read({Line("party", R"("wanted":"要合作")", R"("type":"企业")", name)});
    ASSERT_TRUE(cases.ok()) << cases.status();
    const std::string& code = cases->front().verdicts.front().code;
    EXPECT_TRUE(std::any_of(tables_.parties().begin(), tables_.parties().end(),
                            [&](const requirement::PartyRow& party) { return party.code == code; }))
        << name << " " << code;
  }
}

TEST_F(VerdictScoresTest, ABadLineIsNamed) {
  const std::string wanted = R"("wanted":"要合作")", type = R"("type":"企业")";
  const std::string good = Line("party", wanted, type, "园区");
  const auto with = [&](const std::string& what, const std::string& instead) {
    std::string line = good;
    return line.replace(line.find(what), what.size(), instead);
  };
  for (const std::string& line :
       {with(R"("id":"x",)", ""), with(R"("part":"c")", R"("part":"z")"),
        with(R"("kind":"party")", R"("kind":"indicator")"), with(R"("offer_kind":"institution",)", ""),
        with(R"("offer_kind":"institution")", R"("offer_kind":"need")"), with("met", "maybe"),
        with(R"("about":"园区")", R"("about":"人")"), with(R"("verdicts")", R"("verdict")"),
        Line("maturity", wanted, type, "成熟度"), Line("condition", wanted, type, "下雨"),
        Line("mode", wanted, type, "赠送")}) {
    EXPECT_THAT(ErrorOf(line), HasSubstr(".jsonl:2: ")) << line;
  }
  EXPECT_THAT(ErrorOf(with(R"("part":"c")", R"("part":"z")")), HasSubstr("expected a, b, c, d, e, f, g"));
  EXPECT_THAT(ErrorOf(good + "\n" + good), HasSubstr(".jsonl:3: id x stands twice"));
}

TEST_F(VerdictScoresTest, ARecordThatImportRefusesIsNamed) {
  const std::string wanted = R"("wanted":"要合作")";
  EXPECT_THAT(ErrorOf(Line("party", wanted, R"("phase":"中试")", "园区")), HasSubstr("offer, key phase: "));
  EXPECT_THAT(ErrorOf(Line("party", wanted, R"("type":"商会")", "园区")), HasSubstr("offer, key type: 商会"));
  EXPECT_THAT(ErrorOf(Line("party", R"("wanted":"")", R"("type":"企业")", "园区")),
              HasSubstr(":2: need, key "));
  EXPECT_THAT(ErrorOf(Line("mode", wanted + R"(,"modes":["赠送"])", R"("type":"企业")", "许可")),
              HasSubstr("need, key modes: 赠送"));
}

TEST_F(VerdictScoresTest, AMissingFileIsNamed) {
  const auto cases = ReadVerdictCases("/nowhere/verdicts.jsonl", *policy_);
  EXPECT_TRUE(absl::IsNotFound(cases.status()));
  EXPECT_THAT(std::string(cases.status().message()), HasSubstr("/nowhere/verdicts.jsonl"));
}

}  // namespace
}  // namespace dongxi::bench
