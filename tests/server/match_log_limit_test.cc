#include "server/match_log_limit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "dongxi/v1/replay.pb.h"
#include "tests/server/server_testing.h"

namespace dongxi {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const absl::Time kNow = absl::FromUnixSeconds(1'800'000'000);

class MatchLogLimitTest : public testing::Test {
 protected:
  MatchLogLimitTest() {
    auto opened = Catalogue::Open(folder_.path() / "catalogue");
    EXPECT_TRUE(opened.ok()) << opened.status();
    catalogue_ = *std::move(opened);
  }
  void Note(const std::string& id, absl::Duration age, size_t bytes = 0) {
    v1::MatchRecord record;
    record.set_degraded(std::string(bytes, 'x'));
    record.mutable_provenance()->mutable_read_time()->set_seconds(absl::ToUnixSeconds(kNow - age));
    ASSERT_TRUE(catalogue_->NoteMatch(id, record.SerializeAsString()).ok());
  }
  MatchLogSize Trim() {
    const auto left = TrimMatches(*catalogue_, limits_, kNow, [] { return false; });
    EXPECT_TRUE(left.ok()) << left.status();
    return left.value_or(MatchLogSize());
  }
  std::vector<std::string> Ids() const {
    std::vector<std::string> ids;
    EXPECT_TRUE(catalogue_
                    ->ScanTable(Table::kMatches, "",
                                [&](std::string_view key, std::string_view) {
                                  ids.emplace_back(key);
                                  return true;
                                })
                    .ok());
    return ids;
  }

  TemporaryFolder folder_;
  std::unique_ptr<Catalogue> catalogue_;
  MatchLogLimits limits_{.age_max = absl::Hours(24), .bytes_max = 100'000};
};

TEST_F(MatchLogLimitTest, AnswersPastTheirAgeGoWithoutAnyBuild) {
  Note("a-old", absl::Hours(25));
  Note("b-new", absl::Hours(23));
  Note("c-old", absl::Hours(1'000));
  EXPECT_EQ(Trim().rows, 1u);
  EXPECT_THAT(Ids(), ElementsAre("b-new"));
}

TEST_F(MatchLogLimitTest, BeyondItsSizeTheOldestGoWhateverTheirKeys) {
  Note("a", absl::Minutes(10), 40'000);
  Note("b", absl::Minutes(30), 40'000);
  Note("c", absl::Minutes(20), 40'000);
  const MatchLogSize left = Trim();
  EXPECT_THAT(Ids(), ElementsAre("a", "c"));
  EXPECT_EQ(left.rows, 2u);
  EXPECT_GE(left.bytes, 80'000u);
  EXPECT_LE(left.bytes, limits_.bytes_max);
}

TEST_F(MatchLogLimitTest, WithinItsLimitsNothingIsRemoved) {
  Note("a", absl::Minutes(10), 40'000);
  Note("b", absl::Minutes(30), 40'000);
  EXPECT_EQ(Trim().rows, 2u);
  EXPECT_THAT(Ids(), ElementsAre("a", "b"));
}

TEST_F(MatchLogLimitTest, MoreThanOneBatchIsRemoved) {
  for (int i = 0; i < 2'500; ++i) Note("m-" + std::to_string(i), absl::Hours(30));
  EXPECT_EQ(Trim().rows, 0u);
  EXPECT_THAT(Ids(), IsEmpty());
}

TEST_F(MatchLogLimitTest, RowsThatCannotBeReadAreTheOldest) {
  ASSERT_TRUE(catalogue_->NoteMatch("damaged", "\xFF").ok());
  Note("new", absl::Minutes(1));
  EXPECT_EQ(Trim().rows, 1u);
  EXPECT_THAT(Ids(), ElementsAre("new"));
}

TEST_F(MatchLogLimitTest, AStoppingServerIsNotKept) {
  Note("a", absl::Hours(30));
  EXPECT_TRUE(absl::IsCancelled(TrimMatches(*catalogue_, limits_, kNow, [] { return true; }).status()));
}

}  // namespace
}  // namespace dongxi
