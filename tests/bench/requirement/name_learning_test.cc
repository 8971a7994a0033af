#include "bench/requirement/name_learning.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "bench/requirement/pair_scores.h"

namespace dongxi::bench {
namespace {

class NameLearningTest : public testing::Test {
 protected:
  void SetUp() override {
    auto pairs = ReadLabelledPairs("tests/requirement/pairs.jsonl");
    ASSERT_TRUE(pairs.ok()) << pairs.status();
    pairs_ = *std::move(pairs);
    auto model = StaticModel::Open("models/dongxi-static.dxm");
    ASSERT_TRUE(model.ok()) << model.status();
    model_ = *std::move(model);
    auto files = requirement::ReadTableFiles("data/requirement");
    ASSERT_TRUE(files.ok()) << files.status();
    files_ = *std::move(files);
  }

  std::shared_ptr<const requirement::RequirementTables> TablesWith(const std::string& model) {
    requirement::TableFiles files = files_;
    files["same_quantity.tsv"] = model;
    auto tables = requirement::ParseRequirementTables(files);
    EXPECT_TRUE(tables.ok()) << tables.status();
    return *std::move(tables);
  }
  // Of the pairs that `parts` have, or all others.
  std::vector<LabelledPair> PairsOf(const std::set<int>& parts, bool others) const {
    std::vector<LabelledPair> some;
    std::copy_if(pairs_.begin(), pairs_.end(), std::back_inserter(some),
                 [&](const LabelledPair& pair) { return parts.contains(pair.half) != others; });
    return some;
  }
  TreeRows RowsBut(const std::set<int>& parts) {
    return NameRows(PairsOf(parts, /*others=*/true), *TablesWith(NoNameModel()), model_);
  }

  std::vector<LabelledPair> pairs_;
  std::shared_ptr<const StaticModel> model_;
  requirement::TableFiles files_;
};

TEST_F(NameLearningTest, AuthorsThatWereNotSeenAreReadMuchBetterThanByWordsAlone) {
  const std::set<int> unseen = {16, 17, 18};
  const auto learned = LearnNames(RowsBut(unseen));
  ASSERT_TRUE(learned.ok()) << learned.status();
  const auto tables = TablesWith(*learned);
  const std::vector<LabelledPair> theirs = PairsOf(unseen, /*others=*/false);
  const PairScores scores = ScorePairs(theirs, /*half=*/0, *tables, model_);
  const PairScores by_words = ScorePairs(theirs, /*half=*/0, *tables, nullptr);
  EXPECT_GT(scores.recall(), by_words.recall() + 0.2) << ScoresText(scores, true);
  EXPECT_GT(scores.precision(), by_words.precision()) << ScoresText(scores, true);
  EXPECT_GT(scores.sure_precision(), scores.precision()) << "what is called without doubt is surer";
}

TEST_F(NameLearningTest, TheShippedModelIsWhatTheCommandTrains) {
  const auto learned = LearnNames(RowsBut({}));
  ASSERT_TRUE(learned.ok()) << learned.status();
  EXPECT_EQ(*learned, files_["same_quantity.tsv"])
      << "pairs, tables or features have changed: run dongxi-bench train-names --out "
         "data/requirement/same_quantity.tsv";
}

TEST_F(NameLearningTest, WithoutRowsThereIsNothingToLearn) {
  EXPECT_EQ(LearnNames(NameRows({}, *TablesWith(NoNameModel()), model_)).status().code(),
            absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace dongxi::bench
