#include "indexer/import/header_row.h"

#include <gtest/gtest.h>

namespace dongxi {
namespace {

GridRow Row(uint64_t number, const std::vector<std::string>& cells) {
  GridRow row;
  row.number = number;
  for (size_t i = 0; i < cells.size(); ++i) {
    if (!cells[i].empty()) row.cells.push_back({i, cells[i], false, {}});
  }
  return row;
}

TEST(KindOfNameTest, Table) {
  const std::pair<std::string_view, std::optional<RecordKind>> cases[] = {
      {"机构", RecordKind::kInstitution},
      {"2027年技术需求汇总", RecordKind::kNeed},
      {"institutions-a", RecordKind::kInstitution},
      {"Experts", RecordKind::kExpert},
      {"evidence_2027", RecordKind::kEvidence},
      {"results", RecordKind::kResult},
      {"需求与成果", std::nullopt},
      {"unneeded", std::nullopt},
      {"Sheet1", std::nullopt},
      {"", std::nullopt},
  };
  for (const auto& [name, kind] : cases) EXPECT_EQ(KindOfName(name), kind) << name;
}

TEST(KindOfWordTest, WordsAsAColumnWouldHaveThem) {
  EXPECT_EQ(KindOfWord(" Need "), RecordKind::kNeed);
  EXPECT_EQ(KindOfWord("成果"), RecordKind::kResult);
  EXPECT_EQ(KindOfWord("成果表"), std::nullopt);
}

TEST(FindHeaderTest, SkipsTitleRows) {
  const std::vector<GridRow> rows = {Row(1, {"2027 年需求征集表"}), Row(2, {"填报单位：", "", "某厅"}),
                                     Row(4, {"序号", "需求编号", "需求名称", "备注"}),
                                     Row(5, {"1", "n-1", "编号"})};
  const auto header = FindHeader(rows, RecordKind::kNeed);
  ASSERT_TRUE(header);
  EXPECT_EQ(header->row, 4u);
  EXPECT_EQ(header->recognised, 3u);
  EXPECT_EQ(header->names, (std::vector<std::string>{"序号", "需求编号", "需求名称", "备注"}));
}

TEST(FindHeaderTest, NeedsTwoKnownCellsAndTheIdOrTitle) {
  EXPECT_FALSE(FindHeader(std::vector<GridRow>{Row(1, {"名称", "备注"})}, RecordKind::kNeed));
  EXPECT_FALSE(FindHeader(std::vector<GridRow>{Row(1, {"年份", "关键词"})}, RecordKind::kResult));
  EXPECT_TRUE(FindHeader(std::vector<GridRow>{Row(1, {"名称", "联系人"})}, RecordKind::kNeed));
  EXPECT_FALSE(FindHeader({}, RecordKind::kNeed));
}

TEST(FindHeaderTest, LooksAtTwentyRowsOnly) {
  EXPECT_TRUE(FindHeader(std::vector<GridRow>{Row(20, {"编号", "名称"})}, {}));
  EXPECT_FALSE(FindHeader(std::vector<GridRow>{Row(21, {"编号", "名称"})}, {}));
}

TEST(FindHeaderTest, HeaderOfTwoStoreysTakesTheLowerNames) {
  const std::vector<GridRow> rows = {Row(1, {"编号", "名称", "指标与条件"}),
                                     Row(2, {"", "", "考核指标", "适用条件"})};
  const std::vector<MergedRange> merges = {{1, 2, 0, 0}, {1, 2, 1, 1}, {1, 1, 2, 3}};
  const auto header = FindHeader(rows, RecordKind::kNeed, merges);
  ASSERT_TRUE(header);
  EXPECT_EQ(header->last_row, 2u);
  EXPECT_EQ(header->names, (std::vector<std::string>{"编号", "名称", "考核指标", "适用条件"}));
}

TEST(NearestHeadersTest, FindsTheOneMeant) {
  const auto nearest = NearestHeaders(RecordKind::kNeed, "截至日期");
  ASSERT_FALSE(nearest.empty());
  EXPECT_EQ(nearest[0], "截止日期");
  EXPECT_LE(NearestHeaders(RecordKind::kNeed, "名").size(), 3u);
  EXPECT_TRUE(NearestHeaders(RecordKind::kNeed, "完全无关的一个很长的列名啊").empty());
}

TEST(ColumnLettersTest, AsSpreadsheetsCountThem) {
  EXPECT_EQ(ColumnLetters(0), "A");
  EXPECT_EQ(ColumnLetters(25), "Z");
  EXPECT_EQ(ColumnLetters(26), "AA");
  EXPECT_EQ(ColumnLetters(16'383), "XFD");
}

}  // namespace
}  // namespace dongxi
