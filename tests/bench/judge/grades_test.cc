#include "bench/judge/grades.h"

#include "bench/judge/csv_text.h"
#include "gmock/gmock.h"
#include "judge_testing.h"

namespace dongxi::bench {
namespace {

using testing::AllOf;
using testing::HasSubstr;

using Rows = std::vector<std::vector<std::string>>;

Pool FourPairs() {
  Pool pool;
  pool.pairs = {{"N1", "R1", {}}, {"N1", "-R2", {}}, {"N2", "R1", {}}, {"N2", "R3", {}}};
  return pool;
}
std::string Number(size_t place) { return PairNumber(PoolId(FourPairs()), place); }

// Filled sheets: titles above the header, other columns than ours, another order.
Rows Filled(const std::vector<std::string>& grades) {
  Rows rows = {{"某单位评判表"}, {"等级", "编号", "需求编号", "候选编号", "候选标题", "备注"}};
  const Pool pool = FourPairs();
  for (size_t i = 0; i < grades.size(); ++i)
    rows.push_back({grades[i], Number(i), pool.pairs[i].need, pool.pairs[i].candidate, "标题", ""});
  return rows;
}

absl::StatusOr<JudgeGrades> Check(const TestFolder& folder, const Rows& rows, bool complete = false,
                                  const std::string& name = "a.xlsx") {
  const auto sheet = ReadGradeSheet(WriteXlsx(folder / name, rows));
  if (!sheet.ok()) return sheet.status();
  return CheckGrades(*sheet, FourPairs(), complete);
}

TEST(GradesTest, ReadsWhatJudgesSendBack) {
  const TestFolder folder;
  Rows rows = Filled({"3", "０", "", " 2 "});
  rows[3][3] = "'-R2";  // as the CSV sheet shows it
  const auto judge = Check(folder, rows);
  ASSERT_TRUE(judge.ok()) << judge.status();
  ASSERT_EQ(judge->judgements.size(), 3u);
  EXPECT_EQ(judge->judgements.at(0).grade, 3);
  EXPECT_EQ(judge->judgements.at(1).grade, 0);
  EXPECT_EQ(judge->judgements.at(3).grade, 2);
  ASSERT_EQ(judge->missing.size(), 1u);
  EXPECT_THAT(judge->missing[0], AllOf(HasSubstr("第 5 行 A 列"), HasSubstr(Number(2)), HasSubstr("空")));
}

TEST(GradesTest, AMissingRowIsAMissingGradeAndFatalIfComplete) {
  const TestFolder folder;
  const auto judge = Check(folder, Filled({"3", "0", "1"}));
  ASSERT_TRUE(judge.ok());
  EXPECT_THAT(judge->missing, testing::ElementsAre(HasSubstr("没有这一行")));
  const auto complete = Check(folder, Filled({"3", "0", ""}), /*complete=*/true);
  EXPECT_THAT(std::string(complete.status().message()),
              AllOf(HasSubstr("第 5 行 A 列"), HasSubstr("没有这一行"), HasSubstr("--complete")));
  EXPECT_TRUE(Check(folder, Filled({"3", "0", "1", "1"}), /*complete=*/true).ok());
}

struct BadSheet {
  const char* name;
  Rows rows;
  std::vector<const char*> says;
};

Rows With(size_t row, size_t column, const std::string& cell) {
  Rows rows = Filled({"3", "0", "1", "1"});
  rows[row][column] = cell;
  return rows;
}
Rows WithTwice() {
  Rows rows = Filled({"3", "0", "1", "1"});
  rows.push_back(rows[2]);
  return rows;
}

TEST(GradesTest, ErrorsHaveTheirPlace) {
  const TestFolder folder;
  const BadSheet cases[] = {
      {"GradeTooHigh", With(3, 0, "4"), {"［评判］ 第 4 行 A 列（等级）", "“4”", "应为：0、1、2 或 3"}},
      {"GradeBetween", With(3, 0, "2.5"), {"第 4 行 A 列（等级）", "“2.5”"}},
      {"GradeInWords", With(3, 0, "强"), {"第 4 行 A 列（等级）", "“强”"}},
      {"UnknownNumber",
       With(4, 1, PairNumber(PoolId(FourPairs()), 4)),
       {"第 5 行 B 列（编号）", "没有这一对"}},
      {"NoNumber", With(4, 1, ""), {"第 5 行 B 列（编号）", "空格"}},
      {"OtherCandidate", With(4, 3, "R7"), {"第 5 行 D 列（候选编号）", "“R7”", "“R1”"}},
      {"OtherNeed", With(4, 2, "N1"), {"第 5 行 C 列（需求编号）", "“N1”", "“N2”"}},
      {"Twice", WithTwice(), {"第 7 行 B 列（编号）", "第二次", "第 3 行"}},
      {"OtherPool",
       With(2, 1, "Pdeadbeef-0001"),
       {"第 3 行 B 列（编号）", "另一份评判表 Pdeadbeef", "--key"}},
      {"NoGrade", Filled({"", "", "", ""}), {"没有一个等级"}},
      {"NoHeader", {{"编号", "等级"}, {"1", "2"}}, {"没有表头", "需求编号"}},
      {"HeaderTwice", {{"编号", "需求编号", "候选编号", "等级", "等级"}, {"1"}}, {"第 1 行", "两个“等级”列"}},
      {"NoRows", {{"编号", "需求编号", "候选编号", "等级"}}, {"没有一行"}},
  };
  for (const BadSheet& c : cases) {
    SCOPED_TRACE(c.name);
    const auto judge = Check(folder, c.rows);
    EXPECT_EQ(judge.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(std::string(judge.status().message()), AllOf(HasSubstr("a.xlsx"), HasSubstr("办法：")));
    for (const char* says : c.says) EXPECT_THAT(std::string(judge.status().message()), HasSubstr(says));
  }
}

TEST(GradesTest, AllErrorsOfAFileTogether) {
  const TestFolder folder;
  Rows rows = Filled({"7", "8", "9", "1"});
  const auto judge = Check(folder, rows);
  for (const char* row : {"第 3 行", "第 4 行", "第 5 行"})
    EXPECT_THAT(std::string(judge.status().message()), HasSubstr(row));
}

TEST(GradesTest, CsvWithAnyDelimiterAndNoOtherFormat) {
  const TestFolder folder;
  std::string csv = "编号;需求编号;候选编号;等级\n" + Number(0) + ";N1;R1;2\n" + Number(1) + ";N1;'-R2;5\n";
  const auto sheet = ReadGradeSheet(folder.Write("a.csv", csv));
  ASSERT_TRUE(sheet.ok()) << sheet.status();
  const auto judge = CheckGrades(*sheet, FourPairs(), false);
  EXPECT_THAT(std::string(judge.status().message()), HasSubstr("a.csv 第 3 行 D 列（等级）：发现：“5”"));
  EXPECT_FALSE(ReadGradeSheet(folder.Write("a.xls", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 old")).ok());
  EXPECT_FALSE(ReadGradeSheet(folder.Write("b.xlsx", "PK broken")).ok());
  EXPECT_FALSE(ReadGradeSheet(folder / "absent.xlsx").ok());
}

JudgeGrades Judge(const std::string& file, const std::vector<int>& grades) {
  JudgeGrades judge{file, {}, {}};
  for (size_t i = 0; i < grades.size(); ++i) {
    if (grades[i] >= 0) judge.judgements[i] = {grades[i], "=需求", "候选", ""};
  }
  return judge;
}

TEST(MergeTest, MeanRoundsHalvesUp) {
  const JudgeGrades judges[] = {Judge("a", {3, 1, 0, -1}), Judge("b", {2, 0, 0, -1}),
                                Judge("c", {-1, 0, 2, -1})};
  const Pool pool = FourPairs();
  EXPECT_EQ(QrelsLines(MergeGrades(judges, pool, MergeRule::kMean)), "N1 0 -R2 0\nN1 0 R1 3\nN2 0 R1 1\n");
  EXPECT_EQ(QrelsLines(MergeGrades(judges, pool, MergeRule::kMax)), "N1 0 -R2 1\nN1 0 R1 3\nN2 0 R1 2\n");
  EXPECT_EQ(QrelsLines(MergeGrades(judges, pool, MergeRule::kMin)), "N1 0 -R2 0\nN1 0 R1 2\nN2 0 R1 0\n");
}

TEST(MergeTest, BothAndDisagreements) {
  const JudgeGrades judges[] = {Judge("x/a.xlsx", {3, 1, 0, 2}), Judge("b.xlsx", {2, 1, 3, -1})};
  const Pool pool = FourPairs();
  const std::vector<DoubleGrade> both = GradesOfBoth(judges[0], judges[1], pool);
  ASSERT_EQ(both.size(), 3u);
  EXPECT_EQ(both[2].need, "N2");
  EXPECT_EQ(both[2].second, 3);
  EXPECT_EQ(DisagreementsCsv(judges, pool), std::string(kUtf8Mark) +
                                                "差距,编号,需求编号,需求标题,候选编号,候选标题,等级：a.xlsx,"
                                                "备注：a.xlsx,等级：b.xlsx,备注：b.xlsx\r\n" +
                                                "3," + Number(2) + ",N2,'=需求,R1,候选,0,,3,\r\n1," +
                                                Number(0) + ",N1,'=需求,R1,候选,3,,2,\r\n");
}

}  // namespace
}  // namespace dongxi::bench
