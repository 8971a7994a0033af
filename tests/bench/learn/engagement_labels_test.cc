#include "bench/learn/engagement_labels.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace dongxi::bench {
namespace {

using testing::HasSubstr;

Engagement Step(const std::string& candidate, const std::string& step, const std::string& position) {
  std::string line = R"({"need":"n","candidate":")" + candidate + "\"";
  if (!position.empty()) line += ",\"position\":" + position;
  return {.need = "n", .candidate = candidate, .step = step, .place = "eng.jsonl:7", .line = line + "}"};
}

TEST(EngagementLabelsTest, HighestStepAndInversePropensityOfTheFirstPosition) {
  const auto labels =
      LabelEngagements({Step("a", "shown", "4"), Step("a", "met", "1"), Step("b", "shown", "50"),
                        Step("b", "signed", ""), Step("c", "viewed", ""), Step("d", "interested", "")},
                       {.eta = 0.5, .weight_max = 5});
  ASSERT_TRUE(labels.ok()) << labels.status();
  const auto& of_need = labels->needs.at("n");
  EXPECT_EQ(of_need.at("a").grade, 2);
  EXPECT_DOUBLE_EQ(of_need.at("a").weight, 2) << "4^0.5";
  EXPECT_EQ(of_need.at("b").grade, 3);
  EXPECT_DOUBLE_EQ(of_need.at("b").weight, 5) << "clipped";
  EXPECT_EQ(of_need.at("c").grade, 0);
  EXPECT_DOUBLE_EQ(of_need.at("d").weight, 1);
  EXPECT_EQ(labels->without_position, 1u) << "d; c was not engaged";
}

TEST(EngagementLabelsTest, ABadPositionIsNamed) {
  for (const char* position : {"0", "-1", "1.5", "\"3\"", "null"}) {
    const auto labels = LabelEngagements({Step("a", "shown", position)}, {});
    EXPECT_THAT(std::string(labels.status().message()), HasSubstr("eng.jsonl:7: \"position\" is"))
        << position;
  }
}

}  // namespace
}  // namespace dongxi::bench
