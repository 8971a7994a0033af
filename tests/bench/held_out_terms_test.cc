#include "bench/held_out_terms.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace dongxi::bench {
namespace {

constexpr char kTopics[] =
    "# 说明\ntask\tterm\tweight\tvalid_from\tvalid_to\n"
    "3.2\t盐湖\t3\t2021-01-01\t-\n"
    "3.2\t提锂\t3\t2021-01-01\t-\n"
    "3.3\t枸杞\t3\t2021-01-01\t-\n"
    "1.1\tGW级\t3\t2021-01-01\t-\n";

TEST(HeldOutTermsTest, FindsTheOnlyTextOfATerm) {
  EXPECT_THAT(OnlyTextOfTerms(kTopics, {"盐湖提锂", "盐湖钾肥", "ＧＷ级光伏"}),
              testing::ElementsAre(kNowhere, kNowhere, kSeveral, 0, kNowhere, 2));
}

TEST(HeldOutTermsTest, RemovesTheTermsOfOneTextOnly) {
  const auto only = OnlyTextOfTerms(kTopics, {"盐湖提锂", "盐湖钾肥", "ＧＷ级光伏"});
  const std::string kept = WithoutTermsOnlyIn(kTopics, only, 0);
  EXPECT_THAT(kept, testing::Not(testing::HasSubstr("提锂")));
  for (const char* stays : {"# 说明", "task\tterm", "盐湖", "枸杞", "GW级"})
    EXPECT_THAT(kept, testing::HasSubstr(stays));
  EXPECT_EQ(WithoutTermsOnlyIn(kTopics, only, 1), kTopics);
}

}  // namespace
}  // namespace dongxi::bench
