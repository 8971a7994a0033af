// The needs of --needs-file: nothing is left out unsaid, and what is said can be done.
#include "cli/report_needs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "cli/plan/xlsx_book.h"

namespace dongxi::cli {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const std::vector<std::string>& Headers() {
  static const auto& headers = *new std::vector<std::string>{"标题", "希望得到", "地区"};
  return headers;
}

class ReportNeedsTest : public testing::Test {
 protected:
  ReportNeedsTest() { std::filesystem::create_directories(folder_); }
  ~ReportNeedsTest() override { std::filesystem::remove_all(folder_); }

  void WriteCsv(const std::string& text) {
    options_.needs_file = (folder_ / "需求表.csv").string();
    std::ofstream(options_.needs_file) << text;
  }
  // Sheets by name, each with one need of that title.
  void WriteBook(const std::vector<std::pair<std::string, std::string>>& sheets) {
    options_.needs_file = (folder_ / "需求表.xlsx").string();
    XlsxBook book(options_.needs_file);
    for (const auto& [name, title] : sheets) {
      book.Sheet(name, Headers(), {});
      book.Text(0, title);
      book.Text(1, "低溶损吸附剂");
      book.Text(2, "青海");
      book.NextRow();
    }
    const absl::Status status = book.Close();
    ASSERT_TRUE(status.ok()) << status;
  }
  absl::StatusOr<std::vector<ReportNeed>> Read() {
    std::ostringstream out, err;
    absl::StatusOr<std::vector<ReportNeed>> needs = NeedsOfFile(options_, Io{out, err});
    said_ = err.str();
    titles_.clear();
    if (!needs.ok()) return needs;
    for (const ReportNeed& need : *needs) titles_.push_back(need.need.title());
    return needs;
  }

  const std::filesystem::path folder_ = std::filesystem::path(testing::TempDir()) / "report_needs_test";
  ReportOptions options_;
  std::string said_;
  std::vector<std::string> titles_;
};

TEST_F(ReportNeedsTest, ASheetNamedAfterThoseWhoseNeedsItHoldsIsRead) {
  WriteBook({{"企业", "老卤提锂"}, {"科研机构", "盐湖镁资源"}});
  const auto needs = Read();
  ASSERT_TRUE(needs.ok()) << needs.status();
  EXPECT_THAT(titles_, ElementsAre("老卤提锂", "盐湖镁资源"));
  EXPECT_THAT(said_, IsEmpty());
}

TEST_F(ReportNeedsTest, ASheetOfAnotherKindBesideThatOfTheNeedsIsLeftOutAndSaid) {
  WriteBook({{"需求", "老卤提锂"}, {"机构", "某盐湖研究院"}});
  const auto needs = Read();
  ASSERT_TRUE(needs.ok()) << needs.status();
  EXPECT_THAT(titles_, ElementsAre("老卤提锂"));
  EXPECT_THAT(said_, AllOf(HasSubstr("“机构”已跳过"), HasSubstr("--needs-file"), Not(HasSubstr("--kind"))));
}

TEST_F(ReportNeedsTest, AnUnknownColumnIsRefusedWithARemedyThatThereIs) {
  WriteCsv("标题,希望得到,地区,备注\n老卤提锂,吸附剂,青海,急\n");
  EXPECT_THAT(std::string(Read().status().message()), HasSubstr("--ignore-unknown-columns"));
  options_.ignore_unknown_columns = true;
  const auto needs = Read();
  ASSERT_TRUE(needs.ok()) << needs.status();
  EXPECT_THAT(titles_, ElementsAre("老卤提锂"));
  EXPECT_THAT(said_, HasSubstr("“备注”"));
}

TEST_F(ReportNeedsTest, ManyWrongRowsAreNotSaidToStandInAListThatThereIsNot) {
  std::string text = "标题,希望得到,地区,成熟度\n";
  for (int i = 0; i < 60; ++i) text += "老卤提锂" + std::to_string(i) + ",吸附剂,青海,很高\n";
  WriteCsv(text);
  EXPECT_THAT(std::string(Read().status().message()),
              AllOf(HasSubstr("还有 10 处没有列出"), Not(HasSubstr("错误清单"))));
}

TEST_F(ReportNeedsTest, RowsOfTheSameTitleAreNeedsOfTheirOwn) {
  WriteCsv("标题,希望得到,地区\n污水处理,除氟,青海\n污水处理,除磷,西藏\n污水处理,除氮,甘肃\n");
  const auto needs = Read();
  ASSERT_TRUE(needs.ok()) << needs.status();
  ASSERT_EQ(needs->size(), 3u);
  const std::string first = (*needs)[0].need.name();
  EXPECT_EQ((*needs)[1].need.name(), first + "-2");
  EXPECT_EQ((*needs)[2].need.name(), first + "-3");
}

TEST_F(ReportNeedsTest, ARowWithoutATitleIsNotToldOfAnOptionOfAnotherProgram) {
  WriteCsv("标题,希望得到,地区\n,除氟,青海\n");
  EXPECT_THAT(std::string(Read().status().message()), AllOf(HasSubstr("办法"), Not(HasSubstr("--generate"))));
}

}  // namespace
}  // namespace dongxi::cli
