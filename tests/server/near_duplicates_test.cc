// The threshold of near duplicates on the sample catalogue.
#include "server/near_duplicates.h"

#include <gtest/gtest.h>

#include <random>

#include "engine/policy/policy.h"
#include "engine/text/normalize.h"
#include "indexer/import/importer.h"

namespace dongxi {
namespace {

constexpr size_t kRecordsPerKind = 40;

std::vector<Record> SampleOf(const std::string& file, const Policy& policy) {
  std::vector<Record> records;
  const auto sink = [&records](Record record, const SourcePlace&) {
    if (records.size() < kRecordsPerKind) records.push_back(std::move(record));
    return absl::OkStatus();
  };
  const auto report = ReadRecords({"data/sample/" + file}, {}, policy, sink);
  EXPECT_TRUE(report.ok()) << report.status();
  return records;
}

// A copy in which every `every`th character is replaced by another one of the text.
std::string Edited(const std::string& text, size_t every, std::mt19937& rng) {
  std::u32string characters = NormalizeToUtf32(text);
  std::string edited;
  for (size_t i = 0; i < characters.size(); ++i) {
    if (i % every == every - 1) characters[i] = characters[rng() % characters.size()];
  }
  for (const char32_t c : characters) {
    if (c < 0x80) {
      edited.push_back(static_cast<char>(c));
    } else if (c < 0x800) {
      edited.push_back(static_cast<char>(0xC0 | (c >> 6)));
      edited.push_back(static_cast<char>(0x80 | (c & 0x3F)));
    } else if (c < 0x10000) {
      edited.push_back(static_cast<char>(0xE0 | (c >> 12)));
      edited.push_back(static_cast<char>(0x80 | ((c >> 6) & 0x3F)));
      edited.push_back(static_cast<char>(0x80 | (c & 0x3F)));
    }
  }
  return edited;
}

class NearDuplicatesSampleTest : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    const auto policy = LoadPolicy("data/policy");
    ASSERT_TRUE(policy.ok()) << policy.status();
    records_ = SampleOf(GetParam(), **policy);
    ASSERT_GE(records_.size(), 30u);
  }
  std::vector<Record> records_;
};

TEST_P(NearDuplicatesSampleTest, NoTwoDifferentRecordsReachHalfTheThreshold) {
  for (size_t i = 0; i < records_.size(); ++i) {
    for (size_t j = i + 1; j < records_.size(); ++j) {
      ASSERT_LT(TextSimilarity(records_[i], records_[j]), kNearDuplicateSimilarity / 2)
          << records_[i].id << " " << records_[j].id;
    }
  }
}

TEST_P(NearDuplicatesSampleTest, EveryCopyWithATenthChangedReachesIt) {
  std::mt19937 rng(7);
  for (const Record& record : records_) {
    Record copy = record;
    copy.title = Edited(record.title, 10, rng);
    copy.text = Edited(record.text, 10, rng);
    copy.wanted = Edited(record.wanted, 10, rng);
    EXPECT_GE(TextSimilarity(record, copy), kNearDuplicateSimilarity) << record.id;
    EXPECT_DOUBLE_EQ(TextSimilarity(record, record), 1) << record.id;
  }
}

INSTANTIATE_TEST_SUITE_P(AllKinds, NearDuplicatesSampleTest,
                         testing::Values("institutions.jsonl", "experts.jsonl", "results.jsonl",
                                         "needs.jsonl", "evidence.jsonl"),
                         [](const auto& file) {
                           return std::string(file.param).substr(0, std::string(file.param).find('.'));
                         });

TEST(TextSimilarityTest, OfNothingIsZero) { EXPECT_EQ(TextSimilarity(Record(), Record()), 0); }

}  // namespace
}  // namespace dongxi
