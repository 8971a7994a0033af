// The filter of ListOperations: what it takes, and where it says that it is wrong.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <initializer_list>

#include "server/grpc_status.h"
#include "server/operations_service.h"

namespace dongxi {
namespace {

using ::testing::HasSubstr;
using State = v1::OperationMetadata;

struct FilterCase {
  std::string_view filter;
  bool takes_running_build, takes_ended_build, takes_running_plan;
};
constexpr FilterCase kFilters[] = {
    {"", true, true, true},
    {"done = false", true, false, true},
    {"done=true", false, true, false},
    {"kind = \"build\"", true, true, false},
    {"kind = build AND done = false", true, false, false},
};
TEST(OperationFilterTest, TakesWhatItSays) {
  v1::OperationMetadata running, ended, plan;
  running.set_kind("build");
  running.set_state(State::RUNNING);
  ended.set_kind("build");
  ended.set_state(State::FAILED);
  plan.set_kind("plan");
  plan.set_state(State::QUEUED);
  for (const FilterCase& c : kFilters) {
    SCOPED_TRACE(c.filter);
    const auto filter = OperationFilter::Parse(std::string(c.filter));
    ASSERT_TRUE(filter.ok()) << filter.status();
    EXPECT_EQ(filter->Takes(running), c.takes_running_build);
    EXPECT_EQ(filter->Takes(ended), c.takes_ended_build);
    EXPECT_EQ(filter->Takes(plan), c.takes_running_plan);
  }
}
TEST(OperationFilterTest, SaysWhereItIsWrong) {
  struct WrongCase {
    const char *filter, *position;
  };
  for (const WrongCase& c : std::initializer_list<WrongCase>{{"name = 3", "position 1"},
                                                             {"done > true", "position 6"},
                                                             {"done = maybe", "position 8"},
                                                             {"done = true OR kind = x", "position 13"},
                                                             {"done = true AND", "position 13"}}) {
    const absl::Status status = OperationFilter::Parse(c.filter).status();
    EXPECT_EQ(FieldOf(status), "filter") << c.filter;
    EXPECT_THAT(std::string(status.message()), HasSubstr(c.position));
  }
}

}  // namespace
}  // namespace dongxi
