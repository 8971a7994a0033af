#include "server/call_note.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "server/audit_line.h"
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

}  // namespace
}  // namespace dongxi
