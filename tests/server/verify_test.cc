// dongxi admin verify on a real server: one flipped bit in each kind of file of the data folder is named.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <functional>

#include "dongxi/v1/admin.grpc.pb.h"
#include "dongxi/v1/engagement.grpc.pb.h"
#include "dongxi/v1/match.grpc.pb.h"
#include "dongxi/v1/report.grpc.pb.h"
#include "dongxi/v1/watch.grpc.pb.h"
#include "engine/base/files.h"
#include "google/longrunning/operations.grpc.pb.h"
#include "server/engagement_table.h"
#include "server/settings_archive.h"
#include "server/table_check.h"
#include "server/table_overlay.h"
#include "server/token_file.h"
#include "tests/server/server_testing.h"

namespace dongxi {
namespace {

namespace fs = std::filesystem;
namespace lro = google::longrunning;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// Flips a bit; a second time puts it back.
void Flip(const fs::path& file, std::streamoff place) {
  std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
  ASSERT_TRUE(stream.good()) << file;
  stream.seekg(place);
  const char byte = static_cast<char>(stream.peek() ^ 0x10);
  stream.seekp(place);
  stream.put(byte);
}

// The first file below `folder`, by name, whose name contains `part`. Of the data files of the catalogue that
// is one of records, which nothing here writes: those of tables are merged into others at any time.
fs::path FileLike(const fs::path& folder, const std::string& part) {
  fs::path found;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file() || entry.path().filename().string().find(part) == std::string::npos)
      continue;
    if (found.empty() || entry.path() < found) found = entry.path();
  }
  EXPECT_FALSE(found.empty()) << part << " in " << folder;
  return found;
}

class VerifyTest : public testing::Test {
 protected:
  void SetUp() override {
    WriteCatalogue(data(), SmallCatalogue());
    generation_ = Build(data());
    Token wanted;
    wanted.permissions = *ParsePermissions("admin");
    const NewTokenResult made = NewToken(wanted);
    token_ = made.text;
    ASSERT_TRUE(ChangeTokens(data() / kTokenFileName, [&](std::vector<Token>* tokens) {
                  tokens->push_back(made.token);
                  return absl::OkStatus();
                }).ok());
    ServerOptions options = OptionsFor(data());
    options.audit_sync = true;
    running_ = StartServer(options);
    ASSERT_NE(running_.server, nullptr);
    Use();
  }
  const fs::path& data() const { return folder_.path(); }
  void ShowToken(grpc::ClientContext* context) const {
    context->AddMetadata("authorization", "Bearer " + token_);
  }

  // Something in every table and in the audit log.
  void Use() {
    v1::MatchRequest match;
    match.set_need_name("needs/n-lithium");
    v1::MatchResponse answer;
    grpc::ClientContext match_context;
    ShowToken(&match_context);
    ASSERT_TRUE(v1::MatchService::NewStub(running_.channel)->Match(&match_context, match, &answer).ok());
    v1::RecordEngagementRequest record;
    record.mutable_engagement()->set_need("needs/n-lithium");
    record.mutable_engagement()->set_offer("results/r-lithium");
    record.mutable_engagement()->set_step(v1::ENGAGEMENT_STEP_REFUSED);
    record.mutable_engagement()->set_refusal_reason(v1::REFUSAL_REASON_NO_BUDGET);
    record.set_request_id("0b8f1c7e-5d2a-4c3b-9e6f-112233445566");
    v1::RecordEngagementResponse recorded;
    grpc::ClientContext record_context;
    ShowToken(&record_context);
    const grpc::Status status = v1::EngagementService::NewStub(running_.channel)
                                    ->RecordEngagement(&record_context, record, &recorded);
    ASSERT_TRUE(status.ok()) << status.error_message();
    v1::CreateWatchRequest create;
    create.mutable_watch()->set_need("needs/n-lithium");
    v1::Watch watch;
    grpc::ClientContext watch_context;
    ShowToken(&watch_context);
    ASSERT_TRUE(
        v1::WatchService::NewStub(running_.channel)->CreateWatch(&watch_context, create, &watch).ok());
    MakeReport();
  }
  void MakeReport() {
    grpc::ClientContext start_context, wait_context;
    ShowToken(&start_context);
    ShowToken(&wait_context);
    v1::RunReportRequest request;
    request.add_formats(v1::REPORT_FORMAT_JSON);
    lro::Operation operation;
    ASSERT_TRUE(
        v1::ReportService::NewStub(running_.channel)->RunReport(&start_context, request, &operation).ok());
    lro::WaitOperationRequest wait;
    wait.set_name(operation.name());
    ASSERT_TRUE(
        lro::Operations::NewStub(running_.channel)->WaitOperation(&wait_context, wait, &operation).ok());
    ASSERT_TRUE(operation.has_response()) << operation.ShortDebugString();
  }

  std::vector<std::string> Verify() {
    grpc::ClientContext start_context, wait_context;
    ShowToken(&start_context);
    ShowToken(&wait_context);
    lro::Operation operation;
    EXPECT_TRUE(v1::AdminService::NewStub(running_.channel)
                    ->Verify(&start_context, v1::VerifyRequest(), &operation)
                    .ok());
    lro::WaitOperationRequest wait;
    wait.set_name(operation.name());
    EXPECT_TRUE(
        lro::Operations::NewStub(running_.channel)->WaitOperation(&wait_context, wait, &operation).ok());
    v1::VerifyResponse found;
    EXPECT_TRUE(operation.response().UnpackTo(&found)) << operation.ShortDebugString();
    return {found.problems().begin(), found.problems().end()};
  }

  // One flipped bit of `file` is named by its place; put back, nothing is.
  void ExpectFound(const fs::path& file, const std::string& place) {
    SCOPED_TRACE(file.string());
    const auto middle = static_cast<std::streamoff>(fs::file_size(file) / 2);  // it may grow meanwhile
    Flip(file, middle);
    EXPECT_THAT(Verify(), Contains(HasSubstr(place)));
    Flip(file, middle);
    EXPECT_THAT(Verify(), IsEmpty());
  }

  TemporaryFolder folder_;
  std::string generation_, token_;
  Running running_;
};

TEST_F(VerifyTest, AWholeFolderHasNoProblems) { EXPECT_THAT(Verify(), IsEmpty()); }

TEST_F(VerifyTest, AFlippedBitOfEachKindOfFileIsNamed) {
  ExpectFound(FileLike(data() / "settings", "topics.tsv"), "topics.tsv");
  ExpectFound(FileLike(data() / "settings", "ranking.json"), "ranking.json");
  ExpectFound(FileLike(data() / "settings", "CHECKSUMS"), "CHECKSUMS");
  ExpectFound(FileLike(data() / "reports", "report.json"), "report.json");
  ExpectFound(FileLike(data() / "reports", "MANIFEST"), "reports/r-");
  ExpectFound(FileLike(data() / "audit", "audit-"), "audit-000000000001.jsonl");
  ExpectFound(data() / kTokenFileName, "/tokens");
  ExpectFound(data() / "generations" / "CURRENT", "CURRENT");
  ExpectFound(FileLike(data() / "generations", "postings.dxp"), "postings.dxp");
}

TEST_F(VerifyTest, AFlippedBitUnderTheRunningDatabaseIsNamedThoughMemoryIsWhole) {
  EXPECT_THAT(Verify(), IsEmpty());  // flushes: all is in data files
  ExpectFound(FileLike(data() / "catalogue", ".sst"), ".sst");
  ExpectFound(FileLike(data() / "catalogue", "MANIFEST-"), "a restart would fail");
}

TEST_F(VerifyTest, SettingsKeptWithoutAListMustBeWhatTheirNamesSay) {
  const fs::path table = FileLike(data() / "settings", "topics.tsv");
  fs::remove(table.parent_path() / "CHECKSUMS");
  EXPECT_THAT(SettingsArchive::Verify(data() / "settings").problems, IsEmpty());
  std::ofstream(table, std::ios::app) << "# another version\n";
  EXPECT_THAT(SettingsArchive::Verify(data() / "settings").problems,
              Contains(HasSubstr(table.parent_path().filename().string())));
}

// What checksums cannot tell: entries that were written wrong.
TEST(TableCheckTest, KeysOfTheLedgerMustLeadToEntriesAndBack) {
  const TemporaryFolder folder;
  const auto catalogue = Catalogue::Open(folder.path() / "catalogue");
  ASSERT_TRUE(catalogue.ok()) << catalogue.status();
  const auto problems_after = [&](Table table, const std::string& key,
                                  const std::optional<std::string>& value) {
    const auto plan = [&](const CatalogueReader&) -> absl::StatusOr<WriteBatch> {
      WriteBatch batch;
      batch.puts.push_back({table, key, value});
      return batch;
    };
    EXPECT_TRUE((*catalogue)->Write(plan, 1).ok());
    std::vector<std::string> problems;
    CheckTables(**catalogue, nullptr, &problems);
    return problems;
  };
  v1::Engagement entry;
  entry.set_name("engagements/e-1");
  entry.set_need("needs/n");
  entry.set_offer("results/r");
  TableOverlay overlay(**catalogue, Table::kEngagements);
  PutEngagement("e-1", entry, &overlay);
  std::vector<TablePut> puts;
  overlay.AppendTo(&puts);
  for (const TablePut& put : puts) problems_after(put.table, put.key, put.value);
  EXPECT_THAT(problems_after(Table::kEngagements, "m", BigEndian(1)), IsEmpty());
  EXPECT_THAT(problems_after(Table::kEngagements, "v", "1"), IsEmpty()) << "the index of pairs is complete";
  for (const TablePut& put : puts) {
    SCOPED_TRACE(put.key);
    EXPECT_THAT(problems_after(put.table, put.key, std::nullopt), SizeIs(testing::Ge(1u)));
    EXPECT_THAT(problems_after(put.table, put.key, put.value), IsEmpty());
  }
  EXPECT_THAT(problems_after(Table::kWatches, "cpark", "12"), IsEmpty()) << "how many the park has";
  const std::pair<Table, std::string> wrong[] = {
      {Table::kEngagements, "x"}, {Table::kEngagements, "hneeds/n"}, {Table::kRefusals, "needs/n"},
      {Table::kMatches, "m-1"},   {Table::kRequests, "t"},           {Table::kWatches, "watches"},
      {Table::kWatches, "cpark"}};
  for (const auto& [table, key] : wrong) {
    SCOPED_TRACE(key);
    EXPECT_THAT(problems_after(table, key, "\xff"), SizeIs(1));
    EXPECT_THAT(problems_after(table, key, std::nullopt), IsEmpty());
  }
}

TEST(TokenFileTest, AVersionBeyondEveryNumberIsAnotherVersion) {
  for (const char* version : {"1e67", "1.0", "-1", "\"1\""}) {
    const auto read = DecodeTokens(R"({"format":"dongxi-tokens","version":)" + std::string(version) +
                                   R"(,"tokens":[],"crc32c":0})");
    ASSERT_FALSE(read.ok()) << version;
    EXPECT_THAT(std::string(read.status().message()), testing::HasSubstr("version")) << version;
  }
}

TEST(TokenFileTest, EveryFlippedBitIsFound) {
  std::vector<Token> tokens(2);
  tokens[0].label = "门户";
  tokens[0].tenant = "portal";
  for (Token& token : tokens) token = NewToken(token).token;
  const std::string whole = EncodeTokens(tokens);
  ASSERT_TRUE(DecodeTokens(whole).ok()) << DecodeTokens(whole).status();
  for (size_t i = 0; i < whole.size() * 8; ++i) {
    std::string flipped = whole;
    flipped[i / 8] = static_cast<char>(flipped[i / 8] ^ (1 << (i % 8)));
    EXPECT_FALSE(DecodeTokens(flipped).ok()) << "bit " << i << " of " << flipped;
  }
}

}  // namespace
}  // namespace dongxi
