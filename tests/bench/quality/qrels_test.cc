#include "bench/quality/qrels.h"

#include <filesystem>
#include <fstream>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace dongxi::bench {
namespace {

using testing::HasSubstr;
using testing::Pair;
using testing::UnorderedElementsAre;

TEST(ParseQrelsTest, ReadsGradesByQueryAndDocument) {
  const auto qrels = ParseQrels("q.txt", "N1 0 R1 2\nN1 0 R2 0\n\n  N2\t0\tR1 -1\r\n");
  ASSERT_TRUE(qrels.ok()) << qrels.status();
  EXPECT_THAT(*qrels, UnorderedElementsAre(Pair("N1", UnorderedElementsAre(Pair("R1", 2), Pair("R2", 0))),
                                           Pair("N2", UnorderedElementsAre(Pair("R1", -1)))));
}

TEST(ParseQrelsTest, ChineseNamesByteOrderMarkAndNoLastLineBreak) {
  const auto qrels = ParseQrels("q.txt", "\xEF\xBB\xBF需求1 0 成果1 3");
  ASSERT_TRUE(qrels.ok()) << qrels.status();
  EXPECT_EQ(qrels->at("需求1").at("成果1"), 3);
}

struct BadQrels {
  const char* name;
  std::string content;
  std::vector<const char*> says;
};
const BadQrels kBadQrels[] = {
    {"Empty", "", {"q.txt:1: ", "no judgement"}},
    {"OnlyBlankLines", "\n \n", {"q.txt:1: ", "no judgement"}},
    {"ThreeFields", "N1 0 R1 1\nN1 R2 1\n", {"q.txt:2: ", "3 fields", "expected 4"}},
    {"FiveFields", "N1 0 R1 1 x\n", {"q.txt:1: ", "5 fields"}},
    {"GradeIsAWord", "N1 0 R1 good\n", {"q.txt:1: ", "\"good\" is no integer"}},
    {"GradeIsAFraction", "N1 0 R1 1.5\n", {"no integer"}},
    {"GradeDoesNotFit", "N1 0 R1 99999999999\n", {"no integer"}},
    {"GradeTooHigh", "N1 0 R1 21\n", {"above 20"}},
    {"JudgedTwice", "N1 0 R1 1\nN1 0 R2 1\n\nN1 0 R1 2\n", {"q.txt:4: ", "grade 1 in line 1, here 2"}},
    {"JudgedTwiceAlike", "N1 0 R1 1\nN1 0 R1 1\n", {"q.txt:2: ", "judged twice"}},
    {"NotUtf8", "N1 0 R1 1\nN1 0 R\xFF 1\n", {"q.txt:2: ", "UTF-8"}},
    {"Utf16", std::string("\xFF\xFEN\0", 4), {"q.txt:1: ", "UTF-8"}},
};
TEST(ParseQrelsTest, BadInputNamesFileLineAndReason) {
  for (const BadQrels& c : kBadQrels) {
    SCOPED_TRACE(c.name);
    const auto qrels = ParseQrels("q.txt", c.content);
    EXPECT_EQ(qrels.status().code(), absl::StatusCode::kInvalidArgument);
    for (const char* part : c.says) EXPECT_THAT(std::string(qrels.status().message()), HasSubstr(part));
  }
}

TEST(ReadQrelsTest, ReadsAFileAndNamesOneThatIsAbsent) {
  const std::filesystem::path file = std::filesystem::path(testing::TempDir()) / "qrels_test.txt";
  std::ofstream(file) << "N1 0 R1 1\n";
  EXPECT_TRUE(ReadQrels(file).ok());
  const auto absent = ReadQrels("/nowhere/qrels.txt");
  EXPECT_EQ(absent.status().code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(absent.status().message()), HasSubstr("/nowhere/qrels.txt"));
}

}  // namespace
}  // namespace dongxi::bench
