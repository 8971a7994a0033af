// The RPC fuzzer on the real server, without libFuzzer: which RPCs it reaches, that the committed corpus and
// inputs of a fixed seed find nothing, and that it does find what is wrong.
#include "tests/fuzz/rpc/rpc_fuzzer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <set>

#include "server/access.h"
#include "tests/fuzz/rpc/call_sequence.h"

namespace dongxi::fuzz {
namespace {

using ::testing::IsEmpty;
using ::testing::Not;

class RpcFuzzerTest : public testing::Test {
 protected:
  void SetUp() override {
    auto started = RpcFuzzer::Start({.inputs_a_server = 100});
    ASSERT_TRUE(started.ok()) << started.status();
    fuzzer_ = *std::move(started);
  }
  // Bytes that begin a careful call of the method by the operator: the first number that picks it.
  std::string HeadOf(const Method* method) const {
    uint16_t number = 0;
    while (PickMethod(fuzzer_->methods(), number) != method) ++number;
    return {static_cast<char>(number & 0xFF), static_cast<char>(number >> 8), 0, 0};
  }
  std::set<std::string> Names() const {
    std::set<std::string> names;
    for (const Method* const method : fuzzer_->methods()) names.insert(GateNameOf(*method));
    return names;
  }

  std::unique_ptr<RpcFuzzer> fuzzer_;
};

TEST_F(RpcFuzzerTest, EveryUnaryRpcOfTheServerIsFuzzed) {
  // Each RPC of the server has its row in the table of access; those that are no unary RPC stand here.
  const std::set<std::string> streams = {"CatalogueService.ExportRecords",
                                         "CatalogueService.ImportRecords",
                                         "EngagementService.ExportEngagements",
                                         "MatchService.BatchMatch",
                                         "ReportService.DownloadReport",
                                         "ServerReflection.ServerReflectionInfo",
                                         "WatchService.StreamWatch"};
  std::set<std::string> expected;
  for (const Access& access : AllAccess()) {
    const std::string name(access.method);
    if (!streams.contains(name) && name != "Metrics.Scrape") expected.insert(name);
  }
  EXPECT_EQ(Names(), expected) << "a new RPC is fuzzed by itself; a new stream belongs into `streams` above";
}

TEST_F(RpcFuzzerTest, InputsOfAFixedSeedCallEveryRpcAndFindNothing) {
  std::mt19937 random(19);
  size_t answered = 0;
  for (const Method* const method : fuzzer_->methods()) {
    for (int i = 0; i < 6; ++i) {
      std::vector<std::string> calls;
      for (int call = 0; call < 3; ++call) {
        std::string bytes = HeadOf(method);
        bytes[2] = static_cast<char>(i < 3 ? 0 : random());
        bytes[3] = static_cast<char>(i < 3 ? 0 : random());
        for (int j = 0; j < 90 && i > 0; ++j) bytes += static_cast<char>(random());
        calls.push_back(bytes);
      }
      EXPECT_EQ(fuzzer_->Run(JoinCalls(calls, 10'000)), "");
    }
    EXPECT_THAT(fuzzer_->counts().Of(*method), Not(IsEmpty())) << method->full_name();
    answered += fuzzer_->counts().Of(*method).contains("OK") ? 1 : 0;
  }
  // What is refused by the decoder alone would test little.
  EXPECT_GT(answered, fuzzer_->methods().size() / 2) << fuzzer_->counts().Table();
}

TEST_F(RpcFuzzerTest, TheCommittedCorpusFindsNothing) {
  size_t inputs = 0;
  for (const auto& entry : std::filesystem::directory_iterator("tests/fuzz/corpus/rpc")) {
    std::ifstream stream(entry.path(), std::ios::binary);
    const std::string input((std::istreambuf_iterator<char>(stream)), {});
    EXPECT_EQ(fuzzer_->Run(input), "") << entry.path();
    ++inputs;
  }
  EXPECT_GT(inputs, 0u);
}

TEST_F(RpcFuzzerTest, TheTableTellsTheCallsThatWereMade) {
  const Method* const health = *std::ranges::find_if(
      fuzzer_->methods(), [](const Method* m) { return m->name() == "GetServerStatus"; });
  EXPECT_EQ(fuzzer_->Run(JoinCalls({HeadOf(health), HeadOf(health)}, 100)), "");
  EXPECT_EQ(fuzzer_->counts().Of(*health).at("OK"), 2u);
  EXPECT_EQ(fuzzer_->counts().total(), 2u);
}

TEST_F(RpcFuzzerTest, ABrokenRequestIsRefusedAndCounted) {
  const Method* const get = *std::ranges::find_if(
      fuzzer_->methods(), [](const Method* m) { return m->name() == "GetServerStatus"; });
  std::string call = HeadOf(get);
  call[3] = 31;            // broken …
  call += '\0';            // … nothing to start from
  call += "\xFF\xFF\xFF";  // and no message either
  EXPECT_EQ(fuzzer_->Run(JoinCalls({call}, 100)), "");
  EXPECT_EQ(fuzzer_->counts().Of(*get).at("unreadable"), 1u);
}

}  // namespace
}  // namespace dongxi::fuzz
