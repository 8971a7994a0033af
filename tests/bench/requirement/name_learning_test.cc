#include "bench/requirement/name_learning.h"

#include <gtest/gtest.h>

#include <algorithm>

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
  TreeRows RowsBut(int part) {
    std::vector<LabelledPair> others;
    std::copy_if(pairs_.begin(), pairs_.end(), std::back_inserter(others),
                 [&](const LabelledPair& pair) { return pair.half != part; });
    return NameRows(others, *TablesWith(NoNameModel()), model_);
  }

  std::vector<LabelledPair> pairs_;
  std::shared_ptr<const StaticModel> model_;
  requirement::TableFiles files_;
};

TEST_F(NameLearningTest, AnAuthorThatWasNotSeenIsReadMuchBetterThanByWordsAlone) {
  constexpr int kUnseen = 17;
  const auto learned = LearnNames(RowsBut(kUnseen));
  ASSERT_TRUE(learned.ok()) << learned.status();
  const auto tables = TablesWith(*learned);
  const PairScores scores = ScorePairs(pairs_, kUnseen, *tables, model_);
  const PairScores by_words = ScorePairs(pairs_, kUnseen, *tables, nullptr);
  EXPECT_GT(scores.recall(), by_words.recall() + 0.2) << ScoresText(scores, true);
  EXPECT_GT(scores.precision(), by_words.precision()) << ScoresText(scores, true);
  EXPECT_GT(scores.sure_precision(), scores.precision()) << "what is called without doubt is surer";
}

TEST_F(NameLearningTest, TheShippedModelIsWhatTheCommandTrains) {
  const auto learned = LearnNames(RowsBut(0));
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
