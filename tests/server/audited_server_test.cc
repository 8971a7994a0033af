// What the audit log of a whole server tells: writes, disclosures of every kind of call, tokens.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "dongxi/v1/catalogue.grpc.pb.h"
#include "dongxi/v1/match.grpc.pb.h"
#include "dongxi/v1/watch.grpc.pb.h"
#include "tests/server/security_fixture.h"

namespace dongxi {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

using AuditedServerTest = SecurityTest;

TEST_F(AuditedServerTest, WritesAndDisclosuresAreAuditedAndReadsOfPublicRecordsAreNot) {
  Start();
  grpc::ClientContext context;
  context.AddMetadata("authorization", "Bearer " + operator_);
  context.AddMetadata("x-request-id", "import-1");
  const auto stream = pb::CatalogueService::NewStub(running_.channel)->ImportRecords(&context);
  pb::ImportRecordsRequest request;
  request.add_records()->mutable_result()->set_name("results/written");
  request.mutable_records(0)->mutable_result()->set_title("甲");
  pb::ImportRecordsResponse response;
  ASSERT_TRUE(stream->Write(request));
  ASSERT_TRUE(stream->Read(&response));
  // The line is there before the stream ends: as soon as its answer is.
  EXPECT_THAT(AuditText(), HasSubstr("\"written\":[\"results/written\"]"));
  stream->WritesDone();
  EXPECT_TRUE(stream->Finish().ok());

  grpc::ClientContext get_context;
  get_context.AddMetadata("authorization", "Bearer " + operator_);
  pb::GetResultRequest get;
  get.set_name("results/secret");
  pb::Result result;
  ASSERT_TRUE(pb::CatalogueService::NewStub(running_.channel)->GetResult(&get_context, get, &result).ok());
  EXPECT_TRUE(GetInstitution("tj", operator_).ok());
  Stop();
  const std::string audit = AuditText();
  EXPECT_THAT(audit, HasSubstr("\"request\":\"import-1\""));
  EXPECT_THAT(audit, HasSubstr("\"disclosed\":[\"results/secret\"]"));
  EXPECT_THAT(audit, HasSubstr("\"level\":\"organiser\""));
  EXPECT_EQ(audit.find("institutions/tj"), std::string::npos);
  const auto report = VerifyAudit(data() / kAuditFolderName, kAuditKey, false);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_THAT(report->findings, IsEmpty());
}

TEST_F(AuditedServerTest, RecordsLeaveAStreamOnlyAfterTheirLineIsInTheAuditLog) {
  Start();
  grpc::ClientContext context;
  context.AddMetadata("authorization", "Bearer " + operator_);
  pb::ExportRecordsRequest request;
  pb::ExportRecordsResponse response;
  const auto stream = pb::CatalogueService::NewStub(running_.channel)->ExportRecords(&context, request);
  while (stream->Read(&response)) {
  }
  ASSERT_TRUE(stream->Finish().ok());
  // A line of what was shown before the call's end, which had nothing to add.
  EXPECT_THAT(AuditText(), HasSubstr("\"code\":\"PARTIAL\",\"disclosed\":[\"results/secret\"]"));
}

TEST_F(AuditedServerTest, ABatchWritesItsLineBeforeEachAnswer) {
  Build(data());
  Start();
  grpc::ClientContext batch_context;
  batch_context.AddMetadata("authorization", "Bearer " + operator_);
  pb::BatchMatchRequest batch;
  batch.add_need_names("needs/n-lithium");
  batch.mutable_match()->set_page_size(50);
  pb::BatchMatchResponse answer;
  const auto matches = pb::MatchService::NewStub(running_.channel)->BatchMatch(&batch_context, batch);
  bool shown = false;
  while (matches->Read(&answer)) {
    for (const pb::MatchEntry& entry : answer.match().results().entries())
      shown = shown || entry.name() == "results/secret";
  }
  ASSERT_TRUE(matches->Finish().ok());
  ASSERT_TRUE(shown) << "the case needs a match that discloses";
  EXPECT_THAT(AuditText(), HasSubstr("\"method\":\"MatchService.BatchMatch\""));
  EXPECT_THAT(AuditText(), HasSubstr("\"code\":\"PARTIAL\",\"disclosed\":[\"results/secret\"]"));
}

// A name alone tells that the record is there and fits.
TEST_F(AuditedServerTest, NamesWithoutTextsAreDisclosuresToo) {
  Build(data());
  Start();
  const auto with_token = [this](grpc::ClientContext* context) {
    context->AddMetadata("authorization", "Bearer " + operator_);
  };
  const auto disclosed = [this](const std::string& method) {
    const std::string audit = AuditText();
    for (size_t at = 0; (at = audit.find("\"method\":\"" + method + "\"", at)) != std::string::npos; ++at) {
      if (audit.substr(at, audit.find('\n', at) - at).find("results/secret") != std::string::npos)
        return true;
    }
    return false;
  };
  const auto matches = pb::MatchService::NewStub(running_.channel);
  grpc::ClientContext match_context, explain_context, create_context, poll_context;
  with_token(&match_context);
  pb::MatchRequest match;
  match.set_need_name("needs/n-lithium");
  match.set_page_size(50);
  match.set_view(pb::MATCH_VIEW_ID_ONLY);
  pb::MatchResponse answer;
  ASSERT_TRUE(matches->Match(&match_context, match, &answer).ok());
  std::string after_secret;  // the result that stands next in the list
  for (int i = 0; i + 1 < answer.results().entries_size(); ++i) {
    if (answer.results().entries(i).name() == "results/secret")
      after_secret = answer.results().entries(i + 1).name();
  }
  ASSERT_FALSE(after_secret.empty()) << "the case needs a match that discloses";

  with_token(&explain_context);
  pb::ExplainMatchRequest explain;
  explain.mutable_match()->set_need_name("needs/n-lithium");
  explain.mutable_match()->set_page_size(50);
  explain.set_candidate(after_secret);
  pb::ExplainMatchResponse explained;
  ASSERT_TRUE(matches->ExplainMatch(&explain_context, explain, &explained).ok());

  const auto watches = pb::WatchService::NewStub(running_.channel);
  with_token(&create_context);
  pb::CreateWatchRequest create;
  create.mutable_watch()->set_need("needs/n-lithium");
  create.mutable_watch()->set_min_adequacy(0.001);
  pb::Watch watch;
  ASSERT_TRUE(watches->CreateWatch(&create_context, create, &watch).ok());
  with_token(&poll_context);
  pb::PollWatchRequest poll;
  poll.set_name(watch.name());
  poll.set_view(pb::MATCH_VIEW_ID_ONLY);
  poll.set_page_size(100);
  pb::PollWatchResponse polled;
  ASSERT_TRUE(watches->PollWatch(&poll_context, poll, &polled).ok());
  ASSERT_THAT(polled.ShortDebugString(), HasSubstr("results/secret"));
  Stop();
  EXPECT_TRUE(disclosed("MatchService.Match"));
  EXPECT_TRUE(disclosed("MatchService.ExplainMatch"));
  EXPECT_TRUE(disclosed("WatchService.PollWatch"));
}

TEST_F(AuditedServerTest, AWatchTellsOfTheRecordsOfItsPageAndOfNoOthers) {
  Build(data());
  Start();
  const auto watches = pb::WatchService::NewStub(running_.channel);
  const auto with_token = [this](grpc::ClientContext* context) {
    context->AddMetadata("authorization", "Bearer " + operator_);
  };
  grpc::ClientContext create_context, first_context, rest_context;
  with_token(&create_context);
  pb::CreateWatchRequest create;
  create.mutable_watch()->set_need("needs/n-lithium");
  create.mutable_watch()->add_kinds(pb::RESULT);
  create.mutable_watch()->set_min_adequacy(0.001);
  pb::Watch watch;
  ASSERT_TRUE(watches->CreateWatch(&create_context, create, &watch).ok());
  pb::PollWatchRequest poll;
  poll.set_name(watch.name());
  poll.set_page_size(1);
  pb::PollWatchResponse polled;
  with_token(&first_context);
  ASSERT_TRUE(watches->PollWatch(&first_context, poll, &polled).ok());
  ASSERT_EQ(polled.items_size(), 1);
  ASSERT_THAT(polled.ShortDebugString(), Not(HasSubstr("results/secret")));
  EXPECT_THAT(AuditText(), Not(HasSubstr("results/secret")));
  poll.set_page_size(100);
  poll.set_cursor(polled.next_cursor());
  with_token(&rest_context);
  ASSERT_TRUE(watches->PollWatch(&rest_context, poll, &polled).ok());
  ASSERT_THAT(polled.ShortDebugString(), HasSubstr("results/secret"));
  EXPECT_THAT(AuditText(), HasSubstr("results/secret"));
}

TEST_F(AuditedServerTest, AStreamedWatchWritesItsLineWhileItIsOpen) {
  Build(data());
  Start();
  const auto with_token = [this](grpc::ClientContext* context) {
    context->AddMetadata("authorization", "Bearer " + operator_);
    context->set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(60));
  };
  const auto watches = pb::WatchService::NewStub(running_.channel);
  grpc::ClientContext create_context, stream_context, import_context;
  with_token(&create_context);
  pb::CreateWatchRequest create;
  create.mutable_watch()->set_need("needs/n-lithium");
  create.mutable_watch()->set_min_adequacy(0.2);
  pb::Watch watch;
  ASSERT_TRUE(watches->CreateWatch(&create_context, create, &watch).ok());
  with_token(&stream_context);
  pb::StreamWatchRequest request;
  request.set_name(watch.name());
  request.set_cursor(watch.creation_cursor());
  const auto stream = watches->StreamWatch(&stream_context, request);
  pb::PollWatchResponse news;
  ASSERT_TRUE(stream->Read(&news));
  with_token(&import_context);
  const auto import = pb::CatalogueService::NewStub(running_.channel)->ImportRecords(&import_context);
  pb::ImportRecordsRequest records;
  pb::Result* const result = records.add_records()->mutable_result();
  result->set_name("results/secret-2");
  result->set_title("高镁锂比盐湖卤水提锂吸附剂");
  result->set_disclosure(pb::ORGANISER);
  ASSERT_TRUE(import->Write(records));
  import->WritesDone();
  pb::ImportRecordsResponse imported;
  while (import->Read(&imported)) {
  }
  ASSERT_TRUE(import->Finish().ok());
  ASSERT_TRUE(stream->Read(&news));
  ASSERT_EQ(news.items_size(), 1);
  const std::string audit = AuditText();
  EXPECT_THAT(audit, HasSubstr("\"disclosed\":[\"results/secret-2\"]"));
  stream_context.TryCancel();
  while (stream->Read(&news)) {
  }
  stream->Finish();
}

TEST_F(AuditedServerTest, TokensThatComeAndGoAreInTheAuditLogWithoutTheirSecrets) {
  const std::string first = Create("read");
  Start();
  const std::string late = Create("read");
  AwaitAdmitted(late);
  RevokeLastTokenIn(data());
  AwaitRefused(late);
  Stop();
  const auto id = [](const std::string& text) { return "tokens/" + text.substr(3, 12); };
  const std::string audit = AuditText();
  const auto line = [&](const char* method) {
    const size_t at = audit.find("\"method\":\"" + std::string(method) + "\"");
    return at == std::string::npos ? "" : audit.substr(at, audit.find('\n', at) - at);
  };
  EXPECT_THAT(line("Tokens.Valid"), HasSubstr(id(first)));
  EXPECT_THAT(line("Tokens.Added"), HasSubstr(id(late)));
  EXPECT_THAT(line("Tokens.Revoked"), HasSubstr(id(late)));
  EXPECT_EQ(audit.find(late.substr(late.rfind('-') + 1)), std::string::npos);
}

}  // namespace
}  // namespace dongxi
