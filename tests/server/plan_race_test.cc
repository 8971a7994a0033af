// Two who replan one plan at the same time, over gRPC: nothing that was answered as done is lost.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <barrier>
#include <thread>

#include "tests/server/plan_service_fixture.h"

namespace dongxi {
namespace {

constexpr int kRounds = 10;  // one round may find the two one after the other

class PlanRaceTest : public PlanServiceTest {
 protected:
  void SetUp() override {
    PlanServiceTest::SetUp();
    ServerOptions options = OptionsFor(folder_.path());
    options.heavy_slots = 8;  // of which a quarter may replan at a time; on few cores it would be one
    running_ = StartServer(options);
    ASSERT_NE(running_.server, nullptr);
    plans_ = pb::PlanService::NewStub(running_.channel);
    operations_ = google::longrunning::Operations::NewStub(running_.channel);
  }
  static pb::ReplanRequest Without(const char* party, const std::string& plan, const std::string& etag) {
    pb::ReplanRequest request;
    request.set_name(plan);
    request.set_etag(etag);
    request.add_absences()->set_party(party);
    return request;
  }
  grpc::Status Replan(const pb::ReplanRequest& request) {
    pb::ReplanResponse response;
    return Call(&pb::PlanService::Stub::Replan, request, &response);
  }
  // Both at the same time.
  std::array<grpc::Status, 2> Both(const std::array<pb::ReplanRequest, 2>& requests) {
    std::array<grpc::Status, 2> statuses;
    std::barrier together(2);
    const auto call = [&](size_t i) {
      together.arrive_and_wait();
      statuses[i] = Replan(requests[i]);
    };
    std::thread other(call, 1);
    call(0);
    other.join();
    return statuses;
  }
  static bool LostTheRace(const grpc::Status& status) {
    return status.error_code() == grpc::StatusCode::ABORTED && DetailsOf(status).reason == "PLAN_CHANGED";
  }
  static bool Meets(const pb::Plan& plan, const std::string& party) {
    return std::any_of(plan.meetings().begin(), plan.meetings().end(),
                       [&](const pb::PlanMeeting& meeting) { return meeting.offer() == party; });
  }
};

constexpr const char* kAbsent[] = {"O1", "O3"};

TEST_F(PlanRaceTest, OfTwoReplansOfOneStateOneIsDoneAndTheOtherIsToldAndCanBeRepeated) {
  for (int round = 0; round < kRounds; ++round) {
    const pb::Plan before = Get(Made(SmallEvent()).name());
    const auto statuses = Both({Without(kAbsent[0], before.name(), before.etag()),
                                Without(kAbsent[1], before.name(), before.etag())});
    ASSERT_NE(statuses[0].ok(), statuses[1].ok())
        << statuses[0].error_message() << "; " << statuses[1].error_message();
    const size_t winner = statuses[0].ok() ? 0 : 1, loser = 1 - winner;
    EXPECT_TRUE(LostTheRace(statuses[loser])) << statuses[loser].error_message();
    const pb::Plan between = Get(before.name());
    EXPECT_EQ(between.revision(), before.revision() + 1);
    EXPECT_FALSE(Meets(between, kAbsent[winner]));
    EXPECT_TRUE(Meets(between, kAbsent[loser])) << "what was refused has no effect";
    ASSERT_TRUE(Replan(Without(kAbsent[loser], before.name(), between.etag())).ok());
    const pb::Plan after = Get(before.name());
    EXPECT_EQ(after.revision(), before.revision() + 2);
    for (const char* absent : kAbsent) EXPECT_FALSE(Meets(after, absent)) << absent;
  }
}

// Who sends no etag takes the newest state, and is not to overwrite what came in while it was planned.
TEST_F(PlanRaceTest, WithoutAnEtagEveryReplanThatWasDoneStays) {
  for (int round = 0; round < kRounds; ++round) {
    const pb::Plan before = Get(Made(SmallEvent()).name());
    const auto statuses =
        Both({Without(kAbsent[0], before.name(), ""), Without(kAbsent[1], before.name(), "")});
    const pb::Plan after = Get(before.name());
    int done = 0;
    for (const size_t i : {0, 1}) {
      EXPECT_TRUE(statuses[i].ok() || LostTheRace(statuses[i])) << statuses[i].error_message();
      EXPECT_EQ(Meets(after, kAbsent[i]), !statuses[i].ok()) << kAbsent[i];
      done += statuses[i].ok();
    }
    EXPECT_GE(done, 1);
    EXPECT_EQ(after.revision(), before.revision() + done);
  }
}

}  // namespace
}  // namespace dongxi
