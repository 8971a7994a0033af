#include "engine/requirement/offer_readings.h"

#include <thread>
#include <vector>

#include "engine/requirement/requirement_tables.h"
#include "gtest/gtest.h"

namespace dongxi::requirement {
namespace {

Record Result(const std::string& id, const std::string& text) {
  Record record;
  record.kind = RecordKind::kResult;
  record.id = id;
  record.title = "吸附剂";
  record.text = text;
  return record;
}

TEST(OfferReadingsTest, TheSameRecordIsReadOnce) {
  OfferReadings readings(BuiltInRequirementTables(), 10);
  const auto first = readings.Of(Result("r-1", "锂回收率达到92%"));
  ASSERT_EQ(first->indicators.size(), 1u);
  EXPECT_EQ(readings.Of(Result("r-1", "锂回收率达到92%")), first);
  EXPECT_EQ(readings.size(), 1u);
}

TEST(OfferReadingsTest, AChangedRecordIsReadAgain) {
  OfferReadings readings(BuiltInRequirementTables(), 10);
  const auto before = readings.Of(Result("r-1", "锂回收率达到92%"));
  Record changed = Result("r-1", "锂回收率达到95%，运行温度不超过60℃");
  EXPECT_EQ(readings.Of(changed)->indicators.size(), 2u);
  EXPECT_EQ(before->indicators.size(), 1u);  // who still holds the old reading keeps it
  changed.maturity = 7;
  const auto ripe = readings.Of(changed);
  ASSERT_TRUE(ripe->maturity.has_value());
  EXPECT_EQ(readings.size(), 1u);
}

TEST(OfferReadingsTest, TheWordOfAStatusIsReadOnceAndAgainWhenItChanges) {
  OfferReadings readings(BuiltInRequirementTables(), 10);
  Record result = Result("r-1", "锂回收率达到92%");
  result.ip_status = "专利已失效";
  const auto first = readings.LivenessWordOf(result);
  ASSERT_TRUE(first->has_value());
  EXPECT_EQ((*first)->row, HeaviestLivenessWord(result, BuiltInRequirementTables())->row);
  EXPECT_EQ(readings.LivenessWordOf(result), first);
  result.ip_status = "";
  EXPECT_FALSE(readings.LivenessWordOf(result)->has_value());
}

TEST(OfferReadingsTest, TheOneThatWasNotAskedForLongestIsForgotten) {
  OfferReadings readings(BuiltInRequirementTables(), 2);
  const auto first = readings.Of(Result("r-1", ""));
  const auto second = readings.Of(Result("r-2", ""));
  readings.Of(Result("r-1", ""));
  readings.Of(Result("r-3", ""));
  EXPECT_EQ(readings.size(), 2u);
  EXPECT_EQ(readings.Of(Result("r-1", "")), first);
  EXPECT_NE(readings.Of(Result("r-2", "")), second);
}

TEST(OfferReadingsTest, ManyCallersGetTheReadingsOfTheirRecords) {
  OfferReadings readings(BuiltInRequirementTables(), 8);
  std::vector<std::thread> threads;
  for (int caller = 0; caller < 4; ++caller) {
    threads.emplace_back([&readings] {
      for (int i = 0; i < 200; ++i) {
        const int count = i % 12;
        std::string text;
        for (int j = 0; j < count % 3; ++j) text += j == 0 ? "锂回收率达到92%，" : "运行温度不超过60℃";
        EXPECT_EQ(readings.Of(Result("r-" + std::to_string(count), text))->indicators.size(),
                  static_cast<size_t>(count % 3));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(readings.size(), 8u);
}

}  // namespace
}  // namespace dongxi::requirement
