// The labelled elements and judgements are read rightly, and the rules stay as good as they were on them.
#include "bench/requirement/element_scores.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "bench/sample.h"

namespace dongxi::bench {
namespace {

// Of either half; the second, which the rules were not made on, is the lower one.
constexpr double kElementPrecisionMin = 0.60, kElementRecallMin = 0.66;
constexpr double kCoverPrecisionMin = 0.90, kCoverRecallMin = 0.48;

class NoVocabulary : public ImportVocabulary {
 public:
  std::string RegionCode(std::string_view) const override { return ""; }
  std::string ModeCode(std::string_view) const override { return "transfer"; }
};

class ElementScoresTest : public testing::Test {
 protected:
  static RecordsByName SampleRecords() {
    RecordsByName records;
    auto sample = ReadSample("data/sample", NoVocabulary());
    EXPECT_TRUE(sample.ok()) << sample.status();
    for (auto& [kind, of_kind] : sample->records) {
      for (Record& record : of_kind) records.emplace(RecordName{kind, record.id}, std::move(record));
    }
    return records;
  }
  const requirement::RequirementTables& tables_ = requirement::BuiltInRequirementTables();
};

// Floors a little below what was measured (tests/requirement/README.md).
TEST_F(ElementScoresTest, ElementsAndCoversStayAsGoodAsTheyWere) {
  const RecordsByName records = SampleRecords();
  const auto needs = ReadLabelledNeeds("tests/requirement/elements.jsonl");
  const auto covers = ReadLabelledCovers("tests/requirement/element_offers.jsonl");
  const auto model = StaticModel::Open("models/dongxi-static.dxm");
  ASSERT_TRUE(needs.ok() && covers.ok() && model.ok()) << needs.status() << covers.status() << model.status();
  EXPECT_GE(needs->size(), 40u);
  EXPECT_GE(covers->size(), 60u);
  const requirement::TermIdf idf = IdfOf(records);
  for (const int half : {1, 2}) {
    const ElementScores elements = ScoreElements(*needs, half, records, tables_);
    EXPECT_GE(elements.all.precision(), kElementPrecisionMin) << ScoresText(elements, true);
    EXPECT_GE(elements.all.recall(), kElementRecallMin) << ScoresText(elements, true);
    const CoverScores covered = ScoreCovers(*covers, half, records, idf, model->get(), tables_);
    EXPECT_GE(covered.all.precision(), kCoverPrecisionMin) << ScoresText(covered, true);
    EXPECT_GE(covered.all.recall(), kCoverRecallMin) << ScoresText(covered, true);
  }
}

TEST_F(ElementScoresTest, AWrongKindAWrongPlaceAndAnUnlabelledElementCount) {
  RecordsByName records;
  Record need{.kind = RecordKind::kNeed, .id = "n", .wanted = "寻求固沙植被技术；提高牧草产量"};
  records.emplace(RecordName{RecordKind::kNeed, "n"}, need);
  LabelledNeed label{.need = "n"};
  label.elements = {{requirement::TextElementKind::kMethod, "wanted", "固沙植被技术"},
                    {requirement::TextElementKind::kMethod, "wanted", "提高牧草产量"},
                    {requirement::TextElementKind::kEffect, "wanted", "不在文中"}};
  const ElementScores scores = ScoreElements(std::span(&label, 1), 1, records, tables_);
  EXPECT_EQ(scores.all.right, 1u);
  EXPECT_EQ(scores.all.labelled, 3u);
  EXPECT_EQ(scores.all.predicted, 2u);
  EXPECT_EQ(scores.any_kind.right, 2u);
  EXPECT_EQ(scores.errors.size(), 3u) << ScoresText(scores, true);
  EXPECT_EQ(ScoreElements(std::span(&label, 1), 2, records, tables_).all.labelled, 0u) << "another half";
}

TEST_F(ElementScoresTest, ABadLineIsNamed) {
  const auto file =
      std::filesystem::temp_directory_path() / ("elements-" + std::to_string(getpid()) + ".jsonl");
  const auto message = [&](const char* line, auto read) {
    std::ofstream(file) << "\n" << line << "\n";
    const auto labels = read(file);
    EXPECT_FALSE(labels.ok()) << line;
    return std::string(labels.status().message());
  };
  for (const char* line :
       {R"({"need":"n","half":3})", R"({"half":1})",
        R"({"need":"n","half":1,"elements":[{"kind":"thing","field":"wanted","text":"x"}]})",
        R"({"need":"n","half":1,"elements":[{"kind":"method","text":"x"}]})"})
    EXPECT_THAT(message(line, ReadLabelledNeeds), testing::HasSubstr(":2"));
  for (const char* line : {R"({"need":"n","half":1,"element":"x","offer":"r"})",
                           R"({"need":"n","half":1,"element":"x","offer":"r","covers":1})",
                           R"({"need":"n","element":"x","offer":"r","covers":true})"})
    EXPECT_THAT(message(line, ReadLabelledCovers), testing::HasSubstr(":2"));
  std::filesystem::remove(file);
}

}  // namespace
}  // namespace dongxi::bench
