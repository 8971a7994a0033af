#include "bench/learn/folds.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace dongxi::bench {
namespace {

TEST(FoldsTest, DependOnIdsAloneAndUseAllFolds) {
  std::vector<TextQuery> queries;
  for (int i = 0; i < 200; ++i)
    queries.push_back({.id = "q" + std::to_string(i), .title = "需求 " + std::to_string(i)});
  const auto folds = FoldsOf(queries, 5);
  std::set<size_t> used;
  for (const auto& [id, fold] : folds) used.insert(fold);
  EXPECT_EQ(used, (std::set<size_t>{0, 1, 2, 3, 4}));
  std::reverse(queries.begin(), queries.end());
  EXPECT_EQ(FoldsOf(queries, 5), folds);
  EXPECT_EQ(FoldsOf({queries[7]}, 5).at(queries[7].id), folds.at(queries[7].id));
}

TEST(FoldsTest, QueriesOfOneNormalisedTitleStayTogether) {
  std::vector<TextQuery> queries;
  for (int i = 0; i < 30; ++i)
    queries.push_back({.id = "q" + std::to_string(i), .title = i % 2 == 0 ? "ＡＩ 芯片" : "ai芯片"});
  queries.push_back({.id = "untitled-1", .text = "a"});
  queries.push_back({.id = "untitled-2", .text = "b"});
  std::set<size_t> used;
  const auto folds = FoldsOf(queries, 7);
  for (int i = 0; i < 30; ++i) used.insert(folds.at("q" + std::to_string(i)));
  EXPECT_EQ(used.size(), 1u);
  EXPECT_EQ(folds.size(), 32u);
}

}  // namespace
}  // namespace dongxi::bench
