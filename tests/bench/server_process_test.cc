#include "bench/server_process.h"

#include <unistd.h>

#include <fstream>
#include <sstream>

#include "gtest/gtest.h"

namespace dongxi::bench {
namespace {

TEST(SmapsRollupTest, SplitsResidentIntoOwnAndFilePages) {
  const auto memory = ParseSmapsRollup(
      "5581-7ffc [rollup]\nRss:  100 kB\nPss_Anon: 7 kB\nAnonymous:   30 kB\nLazyFree: 0 kB\n");
  ASSERT_TRUE(memory.ok()) << memory.status();
  EXPECT_EQ(memory->resident, 102'400u);
  EXPECT_EQ(memory->anonymous, 30'720u);
  EXPECT_EQ(memory->file_pages(), 71'680u);
}

TEST(SmapsRollupTest, AMissingLineIsAnError) {
  EXPECT_FALSE(ParseSmapsRollup("").ok());
  EXPECT_FALSE(ParseSmapsRollup("Rss: 1 kB\n").ok());
}

TEST(SmapsRollupTest, ReadsThisProcess) {
  std::ifstream in("/proc/self/smaps_rollup");
  std::stringstream text;
  text << in.rdbuf();
  const auto memory = ParseSmapsRollup(text.str());
  ASSERT_TRUE(memory.ok()) << memory.status();
  EXPECT_GT(memory->anonymous, 0u);
  EXPECT_GT(memory->resident, memory->anonymous);
}

TEST(PeakMemoryTest, ReadsTheHighWaterMark) {
  const auto peak = ParsePeakMemory("Name:\tdongxi\nVmPeak:\t  900 kB\nVmHWM:\t   100 kB\nVmRSS:\t 30 kB\n");
  ASSERT_TRUE(peak.ok()) << peak.status();
  EXPECT_EQ(*peak, 102'400u);
  EXPECT_FALSE(ParsePeakMemory("Name:\tzombie\nState:\tZ (zombie)\n").ok());
}

TEST(PeakMemoryTest, OfThisProcessIsThereAndOfNoneIsNot) {
  const auto own = PeakMemoryOf(getpid());
  ASSERT_TRUE(own.ok()) << own.status();
  EXPECT_GT(*own, 1'000'000u);
  EXPECT_FALSE(PeakMemoryOf(-1).ok());
}

TEST(ServerProcessTest, AProgramThatIsNotThereIsNamed) {
  const auto server = ServerProcess::Start("/nowhere/dongxi-server", testing::TempDir(), {},
                                           std::filesystem::path(testing::TempDir()) / "no_server.log");
  EXPECT_NE(std::string(server.status().message()).find("/nowhere/dongxi-server"), std::string::npos);
}

TEST(ServerProcessTest, AProgramThatEndsAtOnceIsNotWaitedFor) {
  const auto server = ServerProcess::Start("/bin/false", testing::TempDir(), {},
                                           std::filesystem::path(testing::TempDir()) / "false.log");
  ASSERT_TRUE(server.ok()) << server.status();
  EXPECT_EQ((*server)->WaitUntilReady(absl::Minutes(1)).status().code(), absl::StatusCode::kAborted);
}

}  // namespace
}  // namespace dongxi::bench
