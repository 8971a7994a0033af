// A repeated request_id shows no more than the token that repeats may see, and what it shows is audited.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "dongxi/v1/catalogue.grpc.pb.h"
#include "tests/server/security_fixture.h"

namespace dongxi {
namespace {

using grpc::StatusCode;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kUuid[] = "0b8f1c7e-5d2a-4c3b-9e6f-112233445566";

class RepeatedAnswerTest : public SecurityTest {
 protected:
  void SetUp() override {
    SecurityTest::SetUp();
    Build(data());
    closed_ = Create("write", [](Token* token) { token->disclosure = Disclosure::kOrganiser; });
    open_ = Create("write");
  }
  template <typename Request, typename Response>
  grpc::Status Call(const std::string& token, const std::string& id,
                    grpc::Status (pb::CatalogueService::Stub::*method)(grpc::ClientContext*, const Request&,
                                                                       Response*),
                    const Request& request, Response* response) {
    grpc::ClientContext context;
    context.AddMetadata("authorization", "Bearer " + token);
    context.AddMetadata("x-request-id", id);
    response->Clear();
    const auto stub = pb::CatalogueService::NewStub(running_.channel);
    return (stub.get()->*method)(&context, request, response);
  }
  // The line of that call in the audit log.
  std::string AuditOf(const std::string& id) const {
    const std::string audit = AuditText();
    const size_t at = audit.find("\"request\":\"" + id + "\"");
    if (at == std::string::npos) return "";
    const size_t begin = audit.rfind('\n', at) + 1;
    return audit.substr(begin, audit.find('\n', at) - begin);
  }
  pb::CreateResultRequest NewResult(const std::string& id, const std::string& title) const {
    pb::CreateResultRequest request;
    request.set_result_id(id);
    request.set_request_id(kUuid);
    request.mutable_result()->set_title(title);
    request.mutable_result()->set_abstract("盐湖卤水提锂用电渗析膜，仅组织方可见");
    request.mutable_result()->add_owners("institutions/tj");
    return request;
  }

  std::string closed_, open_;
};

TEST_F(RepeatedAnswerTest, ARecordAboveTheCallersLevelIsNotFound) {
  Start();
  using Stub = pb::CatalogueService::Stub;
  pb::ExpireResultRequest expire;
  expire.set_name("results/secret");
  expire.set_request_id(kUuid);
  pb::Result result;
  ASSERT_TRUE(Call(closed_, "first", &Stub::ExpireResult, expire, &result).ok());
  const std::string answer = result.SerializeAsString();
  const grpc::Status hidden = Call(open_, "hidden", &Stub::ExpireResult, expire, &result);
  EXPECT_EQ(hidden.error_code(), StatusCode::NOT_FOUND);
  EXPECT_EQ(DetailsOf(hidden).reason, "RECORD_NOT_FOUND");
  EXPECT_THAT(result.SerializeAsString(), IsEmpty());
  ASSERT_TRUE(Call(closed_, "again", &Stub::ExpireResult, expire, &result).ok());
  EXPECT_EQ(result.SerializeAsString(), answer);
  Stop();
  EXPECT_THAT(AuditOf("again"), HasSubstr("\"disclosed\":[\"results/secret\"]"));
  EXPECT_EQ(AuditOf("hidden").find("disclosed\":["), std::string::npos) << AuditOf("hidden");
}

TEST_F(RepeatedAnswerTest, ARecordThatWasClosedSinceIsNotFound) {
  Start();
  using Stub = pb::CatalogueService::Stub;
  pb::UpdateResultRequest update;
  update.mutable_result()->set_name("results/r-blade");
  update.mutable_result()->set_title("风机叶片涂层");
  update.mutable_update_mask()->add_paths("title");
  update.set_request_id(kUuid);
  pb::Result result;
  ASSERT_TRUE(Call(open_, "first", &Stub::UpdateResult, update, &result).ok());
  ASSERT_TRUE(Call(open_, "second", &Stub::UpdateResult, update, &result).ok());
  pb::UpdateResultRequest close;
  close.mutable_result()->set_name("results/r-blade");
  close.mutable_result()->set_disclosure(pb::ORGANISER);
  close.mutable_update_mask()->add_paths("disclosure");
  ASSERT_TRUE(Call(closed_, "close", &Stub::UpdateResult, close, &result).ok());
  EXPECT_EQ(Call(open_, "third", &Stub::UpdateResult, update, &result).error_code(), StatusCode::NOT_FOUND);
}

TEST_F(RepeatedAnswerTest, ADeletedRecordIsShownToThoseWhoMaySeeIt) {
  Start();
  using Stub = pb::CatalogueService::Stub;
  pb::DeleteResultRequest remove;
  remove.set_name("results/secret");
  remove.set_request_id(kUuid);
  pb::Result result;
  ASSERT_TRUE(Call(closed_, "first", &Stub::DeleteResult, remove, &result).ok());
  EXPECT_EQ(Call(open_, "hidden", &Stub::DeleteResult, remove, &result).error_code(), StatusCode::NOT_FOUND);
  EXPECT_TRUE(Call(closed_, "again", &Stub::DeleteResult, remove, &result).ok());
}

TEST_F(RepeatedAnswerTest, ABatchOfDeletionsTellsOfNoHiddenOne) {
  Start();
  using Stub = pb::CatalogueService::Stub;
  for (const auto& [missing, id] : {std::pair(false, "0b8f1c7e-5d2a-4c3b-9e6f-112233445501"),
                                    std::pair(true, "0b8f1c7e-5d2a-4c3b-9e6f-112233445502")}) {
    pb::BatchDeleteRecordsRequest remove;
    remove.add_names("results/r-goji");
    remove.add_names("results/secret");
    remove.set_allow_missing(missing);
    remove.set_request_id(id);
    pb::BatchDeleteRecordsResponse response;
    ASSERT_TRUE(Call(closed_, "first", &Stub::BatchDeleteRecords, remove, &response).ok());
    const grpc::Status status = Call(open_, "second", &Stub::BatchDeleteRecords, remove, &response);
    EXPECT_EQ(status.ok(), missing) << status.error_message();
    EXPECT_EQ(DetailsOf(status).field, missing ? "" : "names[1]");
    EXPECT_TRUE(!missing || response.deleted(1).etag().empty());
    for (const char* name : {"results/r-goji", "results/secret"}) {
      pb::UndeleteResultRequest undelete;
      undelete.set_name(name);
      pb::Result result;
      ASSERT_TRUE(Call(closed_, "undelete", &Stub::UndeleteResult, undelete, &result).ok());
    }
  }
}

TEST_F(RepeatedAnswerTest, ABatchOfUpsertsTellsOfNoHiddenRecordThatItWroteOver) {
  Start();
  using Stub = pb::CatalogueService::Stub;
  pb::BatchUpsertRecordsRequest upsert;
  upsert.set_request_id(kUuid);
  pb::Result* const open = upsert.add_records()->mutable_result();
  open->set_name("results/r-goji");
  open->set_title("枸杞热泵干燥装备第二代");
  pb::Result* const secret = upsert.add_records()->mutable_result();
  secret->set_name("results/secret");
  secret->set_title("盐湖提锂电渗析膜第二代");
  secret->set_disclosure(pb::ORGANISER);
  pb::BatchUpsertRecordsResponse response;
  ASSERT_TRUE(Call(closed_, "first", &Stub::BatchUpsertRecords, upsert, &response).ok());
  ASSERT_EQ(response.outcomes(1).state(), pb::ImportOutcome::UPDATED);
  const std::string answer = response.SerializeAsString();
  ASSERT_TRUE(Call(open_, "open", &Stub::BatchUpsertRecords, upsert, &response).ok());
  EXPECT_EQ(response.outcomes(0).state(), pb::ImportOutcome::UPDATED);
  EXPECT_EQ(response.outcomes(1).state(), pb::ImportOutcome::REFUSED);
  EXPECT_EQ(response.outcomes(1).status().code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_THAT(response.outcomes(1).etag(), IsEmpty());
  ASSERT_TRUE(Call(closed_, "again", &Stub::BatchUpsertRecords, upsert, &response).ok());
  EXPECT_EQ(response.SerializeAsString(), answer);
}

// Who repeats a creation sends all of the record himself.
TEST_F(RepeatedAnswerTest, ACreationIsAnsweredAgainButWithoutHiddenDuplicates) {
  Start();
  using Stub = pb::CatalogueService::Stub;
  pb::CreateResultRequest create = NewResult("r-twin", "盐湖提锂电渗析膜");
  create.mutable_result()->set_disclosure(pb::ORGANISER);
  pb::Result result;
  ASSERT_TRUE(Call(closed_, "first", &Stub::CreateResult, create, &result).ok());
  std::vector<std::string> warned;
  for (const pb::RecordWarning& warning : result.warnings()) warned.push_back(warning.name());
  ASSERT_THAT(warned, ElementsAre("results/secret"));
  ASSERT_TRUE(Call(closed_, "again", &Stub::CreateResult, create, &result).ok());
  EXPECT_EQ(result.warnings_size(), 1);
  ASSERT_TRUE(Call(open_, "open", &Stub::CreateResult, create, &result).ok());
  EXPECT_EQ(result.title(), "盐湖提锂电渗析膜");
  EXPECT_EQ(result.warnings_size(), 0);
}

}  // namespace
}  // namespace dongxi
