#include "server/call_note.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <new>
#include <nlohmann/json.hpp>

#include "dongxi/v1/catalogue.grpc.pb.h"
#include "server/audit_line.h"
#include "server/call_gate.h"
#include "tests/server/server_testing.h"

namespace dongxi {
namespace {

using ::testing::ElementsAre;
using Json = nlohmann::json;

class CallNoteTest : public testing::Test {
 protected:
  void SetUp() override {
    auto trail = AuditTrail::Open({.directory = folder_.path() / "audit"});
    ASSERT_TRUE(trail.ok()) << trail.status();
    trail_ = *std::move(trail);
  }
  AuditEvent Call() const {
    AuditEvent event;
    event.method = "CatalogueService.BatchUpsertRecords";
    event.request_id = "request-1";
    return event;
  }
  std::vector<Json> Lines() const {
    std::vector<Json> lines;
    std::ifstream stream(AuditFile(folder_.path() / "audit", 1));
    for (std::string line; std::getline(stream, line);) lines.push_back(Json::parse(line));
    return lines;
  }

  TemporaryFolder folder_;
  std::unique_ptr<AuditTrail> trail_;
};

TEST_F(CallNoteTest, AnEndlessNameIsCutBetweenCharacters) {
  AuditedNote note(trail_.get(), Call(), /*always=*/true);
  std::string name = "operations/";
  for (int i = 0; i < 100'000; ++i) name += "锂";
  note.Touched(name);
  ASSERT_TRUE(note.Finish(absl::OkStatus()).ok());
  ASSERT_EQ(Lines().size(), 1u);
  const std::string written = Lines()[0]["written"][0];
  EXPECT_LT(written.size(), 300u);
  EXPECT_TRUE(written.starts_with("operations/锂锂"));
  EXPECT_TRUE(written.ends_with("锂…"));
}

TEST_F(CallNoteTest, EveryNameOfALargeCallIsInTheLog) {
  constexpr int kNames = 2 * static_cast<int>(kAuditNamesMax) + 50;
  AuditedNote note(trail_.get(), Call(), /*always=*/true);
  std::vector<std::string> wanted;
  for (int i = 0; i < kNames; ++i) {
    wanted.push_back("needs/n-" + std::to_string(i));
    note.Touched(wanted.back());
  }
  ASSERT_TRUE(note.Finish(absl::OkStatus()).ok());
  std::vector<std::string> found, codes;
  for (const Json& line : Lines()) {
    EXPECT_EQ(line["request"], "request-1");
    EXPECT_EQ(line["written"].size(), line["written_total"].get<size_t>());
    codes.push_back(line["code"]);
    for (const Json& name : line["written"]) found.push_back(name);
  }
  EXPECT_EQ(found, wanted);
  EXPECT_THAT(codes, ElementsAre("PARTIAL", "PARTIAL", "OK"));
}

TEST_F(CallNoteTest, EveryDisclosedNameIsInTheLogWithItsLevel) {
  AuditedNote note(trail_.get(), Call(), /*always=*/false);
  for (size_t i = 0; i <= kAuditNamesMax; ++i)
    note.Disclosed("results/r-" + std::to_string(i), Disclosure::kOrganiser);
  ASSERT_TRUE(note.Finish(absl::OkStatus()).ok());
  const std::vector<Json> lines = Lines();
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(lines[0]["disclosed"].size(), kAuditNamesMax);
  EXPECT_THAT(lines[1]["disclosed"].get<std::vector<std::string>>(), ElementsAre("results/r-100"));
  EXPECT_EQ(lines[1]["level"], "organiser");
}

TEST_F(CallNoteTest, ACallOfAsManyNamesAsALineHoldsHasOneLine) {
  AuditedNote note(trail_.get(), Call(), /*always=*/true);
  for (size_t i = 0; i < kAuditNamesMax; ++i) note.Touched("needs/n-" + std::to_string(i));
  ASSERT_TRUE(note.Finish(absl::OkStatus()).ok());
  EXPECT_EQ(Lines().size(), 1u);
}

// Its write is done when its handler throws, as where the memory ends behind it.
class ThrowingService final : public v1::CatalogueService::Service {
 public:
  explicit ThrowingService(const CallGate* gate) : gate_(gate) {}
  grpc::Status DeleteNeed(grpc::ServerContext* context, const v1::DeleteNeedRequest*, v1::Need*) override {
    return gate_->Run(*context, "CatalogueService.DeleteNeed", [](const Caller& caller) -> absl::Status {
      caller.Touched("needs/n-1");
      throw std::bad_alloc();
    });
  }

 private:
  const CallGate* const gate_;
};

TEST_F(CallNoteTest, WhatAHandlerWroteBeforeItThrewIsInTheLog) {
  const OperatorLog log(nullptr);
  const auto tokens = TokenStore::Open(folder_.path() / "tokens", "", &log);
  ASSERT_TRUE(tokens.ok()) << tokens.status();
  GateParts parts;
  parts.tokens = tokens->get();
  parts.log = &log;
  parts.audit = trail_.get();
  const CallGate gate(parts);
  ThrowingService service(&gate);
  grpc::ServerBuilder builder;
  builder.RegisterService(&service);
  const std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  ASSERT_NE(server, nullptr);
  const auto stub = v1::CatalogueService::NewStub(server->InProcessChannel(grpc::ChannelArguments()));
  grpc::ClientContext context;
  v1::Need need;
  EXPECT_EQ(stub->DeleteNeed(&context, v1::DeleteNeedRequest(), &need).error_code(),
            grpc::StatusCode::INTERNAL);
  const std::vector<Json> lines = Lines();
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_EQ(lines[0]["code"].get<std::string>(), "INTERNAL");
  EXPECT_THAT(lines[0]["written"].get<std::vector<std::string>>(), ElementsAre("needs/n-1"));
}

}  // namespace
}  // namespace dongxi
