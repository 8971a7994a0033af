// Writing through the catalogue service, over gRPC on loopback with a real catalogue and generation.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "dongxi/v1/catalogue.grpc.pb.h"
#include "dongxi/v1/match.grpc.pb.h"
#include "tests/server/catalogue_fixture.h"

namespace dongxi {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kUuid[] = "0b8f1c7e-5d2a-4c3b-9e6f-112233445566";

using CatalogueWriteServiceTest = CatalogueFixture;

TEST_F(CatalogueWriteServiceTest, CreateStoresTheRecordUnderTheChosenId) {
  pb::Result created;
  pb::CreateResultRequest request = NewResult("r-new", "锂云母焙烧提锂");
  request.mutable_result()->set_etag("77");  // output only: passed over
  request.mutable_result()->set_tenant("somebody");
  ASSERT_TRUE(Create(request, &created).ok());
  EXPECT_EQ(created.name(), "results/r-new");
  EXPECT_EQ(created.tenant(), "");
  EXPECT_TRUE(created.has_create_time());
  pb::Result stored;
  ASSERT_TRUE(Get("results/r-new", &stored).ok());
  created.clear_warnings();
  EXPECT_EQ(stored.SerializeAsString(), created.SerializeAsString());
}

TEST_F(CatalogueWriteServiceTest, CreateWithoutAnIdMakesOneAndATakenIdIsRefused) {
  pb::Result first, second;
  ASSERT_TRUE(Create(NewResult("", "甲"), &first).ok());
  ASSERT_TRUE(Create(NewResult("", "甲"), &second).ok());
  EXPECT_NE(first.name(), second.name());
  EXPECT_TRUE(Get(first.name(), &first).ok());

  const grpc::Status taken = Create(NewResult("r-goji", "乙"), &first);
  EXPECT_EQ(taken.error_code(), grpc::StatusCode::ALREADY_EXISTS);
  EXPECT_EQ(DetailsOf(taken).reason, "RECORD_EXISTS");
}

TEST_F(CatalogueWriteServiceTest, WrongFieldIsNamedAsTheApiCallsIt) {
  pb::Result result;
  pb::CreateResultRequest request = NewResult("r-new", "甲");
  request.mutable_result()->set_region_code("99");
  EXPECT_EQ(DetailsOf(Create(request, &result)).field, "result.region_code");
  EXPECT_EQ(DetailsOf(Create(NewResult("r-new", ""), &result)).field, "result.title");
  EXPECT_EQ(DetailsOf(Create(NewResult("a b", "甲"), &result)).field, "result_id");
  EXPECT_EQ(Get("results/r-new", &result).error_code(), grpc::StatusCode::NOT_FOUND);
}

// What proto/dongxi/v1/records.proto says of a need's title.
TEST_F(CatalogueWriteServiceTest, AStoredNeedHasATitleAndSaysWhatItIsAbout) {
  const auto create = [&](const std::string& title, const std::string& wanted) {
    pb::CreateNeedRequest request;
    request.mutable_need()->set_title(title);
    request.mutable_need()->set_wanted(wanted);
    request.mutable_need()->set_region_code("63");
    pb::Need need;
    return DetailsOf(Call(&pb::CatalogueService::Stub::CreateNeed, request, &need)).field;
  };
  EXPECT_EQ(create("", "提锂吸附剂"), "need.title");
  EXPECT_EQ(create("盐湖提锂", ""), "need.description");
  EXPECT_EQ(create("盐湖提锂", "提锂吸附剂"), "");
  // An inline need of a match needs one of the three.
  pb::MatchRequest inline_need;
  inline_need.mutable_need()->set_wanted("盐湖提锂吸附剂");
  pb::MatchResponse answer;
  grpc::ClientContext context;
  EXPECT_TRUE(pb::MatchService::NewStub(running_.channel)->Match(&context, inline_need, &answer).ok());
}

TEST_F(CatalogueWriteServiceTest, ValidateOnlyAnswersTheSameAndWritesNothing) {
  pb::CreateResultRequest request = NewResult("r-new", "锂云母焙烧提锂");
  request.set_validate_only(true);
  pb::Result dry;
  ASSERT_TRUE(Create(request, &dry).ok());
  pb::Result stored;
  EXPECT_EQ(Get("results/r-new", &stored).error_code(), grpc::StatusCode::NOT_FOUND);
  request.set_validate_only(false);
  pb::Result wet;
  ASSERT_TRUE(Create(request, &wet).ok());
  for (pb::Result* result : {&dry, &wet}) {
    result->clear_create_time();
    result->clear_update_time();
  }
  EXPECT_EQ(dry.SerializeAsString(), wet.SerializeAsString());
}

TEST_F(CatalogueWriteServiceTest, RepeatedRequestIdReturnsTheFirstAnswerOnce) {
  pb::CreateResultRequest request = NewResult("", "锂云母焙烧提锂");
  request.set_request_id(kUuid);
  pb::Result first, second;
  ASSERT_TRUE(Create(request, &first).ok());
  const size_t before = NamesOf(false).size();
  ASSERT_TRUE(Create(request, &second).ok());
  EXPECT_EQ(first.SerializeAsString(), second.SerializeAsString());
  EXPECT_EQ(NamesOf(false).size(), before);

  // A repeat is a repeat also when the record was changed since.
  pb::DeleteResultRequest deletion;
  deletion.set_name(first.name());
  ASSERT_TRUE(Delete(deletion, &second).ok());
  ASSERT_TRUE(Create(request, &second).ok());
  EXPECT_EQ(first.SerializeAsString(), second.SerializeAsString());
  EXPECT_EQ(Get(first.name(), &second).error_code(), grpc::StatusCode::NOT_FOUND);
}

TEST_F(CatalogueWriteServiceTest, RequestIdOfAnotherRequestOrOfAWrongFormIsRefused) {
  pb::CreateResultRequest request = NewResult("r-new", "甲");
  request.set_request_id(kUuid);
  pb::Result result;
  ASSERT_TRUE(Create(request, &result).ok());
  request.mutable_result()->set_title("乙");
  grpc::Status status = Create(request, &result);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(DetailsOf(status).reason, "REQUEST_ID_REUSED");
  pb::DeleteResultRequest deletion;  // another method
  deletion.set_name("results/r-new");
  deletion.set_request_id(kUuid);
  EXPECT_EQ(DetailsOf(Delete(deletion, &result)).reason, "REQUEST_ID_REUSED");
  for (const char* wrong :
       {"1", "0b8f1c7e-5d2a-1c3b-9e6f-112233445566", "0b8f1c7e5d2a4c3b9e6f112233445566"}) {
    request.set_request_id(wrong);
    status = Create(request, &result);
    EXPECT_EQ(DetailsOf(status).field, "request_id") << wrong;
  }
}

TEST_F(CatalogueWriteServiceTest, UpdateChangesWhatTheMaskNames) {
  pb::UpdateResultRequest request;
  request.mutable_result()->set_name("results/r-goji");
  request.mutable_result()->set_title("枸杞低温干燥装备");
  request.mutable_result()->set_maturity(9);
  request.mutable_update_mask()->add_paths("title");
  request.mutable_update_mask()->add_paths("abstract");  // unset: cleared
  pb::Result result;
  ASSERT_TRUE(Update(request, &result).ok());
  EXPECT_EQ(result.title(), "枸杞低温干燥装备");
  EXPECT_EQ(result.abstract(), "");
  EXPECT_EQ(result.maturity(), 7);
  EXPECT_THAT(result.owners(), ElementsAre("institutions/js"));

  request.mutable_update_mask()->clear_paths();  // what is set
  ASSERT_TRUE(Update(request, &result).ok());
  EXPECT_EQ(result.maturity(), 9);
  EXPECT_THAT(result.owners(), ElementsAre("institutions/js"));

  request.mutable_update_mask()->add_paths("*");
  ASSERT_TRUE(Update(request, &result).ok());
  EXPECT_THAT(result.owners(), IsEmpty());
  pb::Result stored;
  ASSERT_TRUE(Get("results/r-goji", &stored).ok());
  EXPECT_EQ(stored.SerializeAsString(), result.SerializeAsString());

  request.mutable_update_mask()->add_paths("colour");
  EXPECT_EQ(DetailsOf(Update(request, &result)).field, "update_mask");
}

TEST_F(CatalogueWriteServiceTest, EtagOfAnOlderReadIsAborted) {
  pb::Result read;
  ASSERT_TRUE(Get("results/r-goji", &read).ok());
  pb::UpdateResultRequest request;
  *request.mutable_result() = read;
  request.mutable_result()->set_title("第二版");
  pb::Result updated;
  ASSERT_TRUE(Update(request, &updated).ok());
  request.mutable_result()->set_title("第三版");
  const grpc::Status status = Update(request, &updated);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::ABORTED);
  EXPECT_EQ(DetailsOf(status).reason, "ETAG_MISMATCH");
  EXPECT_EQ(DetailsOf(status).domain, "dongxi");
  pb::DeleteResultRequest deletion;
  deletion.set_name("results/r-goji");
  deletion.set_etag(read.etag());
  EXPECT_EQ(Delete(deletion, &updated).error_code(), grpc::StatusCode::ABORTED);
  ASSERT_TRUE(Get("results/r-goji", &read).ok());
  EXPECT_EQ(read.title(), "第二版");
}

TEST_F(CatalogueWriteServiceTest, UpdateOfWhatIsNotThereIsNotFoundUnlessAllowed) {
  pb::UpdateResultRequest request;
  request.mutable_result()->set_name("results/r-new");
  request.mutable_result()->set_title("甲");
  pb::Result result;
  EXPECT_EQ(Update(request, &result).error_code(), grpc::StatusCode::NOT_FOUND);
  request.set_allow_missing(true);
  request.mutable_result()->set_etag("\"of a record that was there\"");
  EXPECT_EQ(Update(request, &result).error_code(), grpc::StatusCode::NOT_FOUND);
  request.mutable_result()->clear_etag();
  EXPECT_TRUE(Update(request, &result).ok());
  EXPECT_TRUE(Get("results/r-new", &result).ok());
}

TEST_F(CatalogueWriteServiceTest, DeletedRecordIsOutOfReadsUntilItIsUndeleted) {
  pb::DeleteResultRequest deletion;
  deletion.set_name("results/r-goji");
  pb::Result result;
  ASSERT_TRUE(Delete(deletion, &result).ok());
  EXPECT_TRUE(result.has_delete_time());
  EXPECT_EQ(result.expire_time().seconds() - result.delete_time().seconds(), 30 * 24 * 3600);
  EXPECT_EQ(Get("results/r-goji", &result).error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_TRUE(Get("results/r-goji", &result, /*show_deleted=*/true).ok());
  EXPECT_THAT(NamesOf(false), ElementsAre("results/r-blade", "results/r-lithium", "results/r-magnesium"));
  EXPECT_THAT(NamesOf(true),
              ElementsAre("results/r-blade", "results/r-goji", "results/r-lithium", "results/r-magnesium"));
  EXPECT_EQ(Create(NewResult("r-goji", "甲"), &result).error_code(), grpc::StatusCode::ALREADY_EXISTS);

  EXPECT_EQ(Delete(deletion, &result).error_code(), grpc::StatusCode::NOT_FOUND);
  deletion.set_allow_missing(true);
  ASSERT_TRUE(Delete(deletion, &result).ok());
  EXPECT_EQ(result.name(), "results/r-goji");

  ASSERT_TRUE(Undelete("results/r-goji", &result).ok());
  EXPECT_FALSE(result.has_delete_time());
  pb::Result stored;
  ASSERT_TRUE(Get("results/r-goji", &stored).ok());
  EXPECT_EQ(stored.SerializeAsString(), result.SerializeAsString());
  EXPECT_EQ(Undelete("results/r-goji", &result).error_code(), grpc::StatusCode::ALREADY_EXISTS);
  EXPECT_EQ(Undelete("results/none", &result).error_code(), grpc::StatusCode::NOT_FOUND);
}

TEST_F(CatalogueWriteServiceTest, WhatTheCallerMayNotSeeIsNotFoundInEveryMethod) {
  pb::Result result;
  pb::UpdateResultRequest update;
  update.mutable_result()->set_name("results/secret");
  update.mutable_result()->set_title("改");
  EXPECT_EQ(Update(update, &result).error_code(), grpc::StatusCode::NOT_FOUND);
  pb::DeleteResultRequest deletion;
  deletion.set_name("results/secret");
  EXPECT_EQ(Delete(deletion, &result).error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(Undelete("results/secret", &result).error_code(), grpc::StatusCode::NOT_FOUND);
  pb::BatchGetResultsRequest batch;
  batch.add_names("results/r-goji");
  batch.add_names("results/secret");
  pb::BatchGetResultsResponse results;
  const grpc::Status status = Call(&pb::CatalogueService::Stub::BatchGetResults, batch, &results);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(DetailsOf(status).field, "names[1]");
}

TEST_F(CatalogueWriteServiceTest, BatchGetKeepsTheOrder) {
  pb::BatchGetResultsRequest request;
  for (const char* name : {"results/r-magnesium", "results/r-blade"}) request.add_names(name);
  request.mutable_read_mask()->add_paths("name");
  pb::BatchGetResultsResponse response;
  ASSERT_TRUE(Call(&pb::CatalogueService::Stub::BatchGetResults, request, &response).ok());
  ASSERT_EQ(response.results_size(), 2);
  EXPECT_EQ(response.results(0).name(), "results/r-magnesium");
  EXPECT_EQ(response.results(1).title(), "");
  EXPECT_EQ(
      DetailsOf(Call(&pb::CatalogueService::Stub::BatchGetResults, pb::BatchGetResultsRequest(), &response))
          .field,
      "names");
}

TEST_F(CatalogueWriteServiceTest, BatchGetOfEveryOtherKindGivesItsRecordsInTheOrderAsked) {
  using Stub = pb::CatalogueService::Stub;
  pb::BatchGetInstitutionsRequest institutions;
  for (const char* name : {"institutions/js", "institutions/bj"}) institutions.add_names(name);
  pb::BatchGetInstitutionsResponse of_institutions;
  ASSERT_TRUE(Call(&Stub::BatchGetInstitutions, institutions, &of_institutions).ok());
  ASSERT_EQ(of_institutions.institutions_size(), 2);
  EXPECT_EQ(of_institutions.institutions(0).display_name(), "示例·江苏枸杞加工研究所");
  EXPECT_EQ(of_institutions.institutions(1).display_name(), "示例·北京风电研究所");
  pb::BatchGetExpertsRequest experts;
  experts.add_names("experts/e-lithium");
  pb::BatchGetExpertsResponse of_experts;
  ASSERT_TRUE(Call(&Stub::BatchGetExperts, experts, &of_experts).ok());
  ASSERT_EQ(of_experts.experts_size(), 1);
  EXPECT_EQ(of_experts.experts(0).display_name(), "示例专家·提锂方向研究员");
  pb::BatchGetNeedsRequest needs;
  for (const char* name : {"needs/n-lithium", "needs/n-goji"}) needs.add_names(name);
  pb::BatchGetNeedsResponse of_needs;
  ASSERT_TRUE(Call(&Stub::BatchGetNeeds, needs, &of_needs).ok());
  ASSERT_EQ(of_needs.needs_size(), 2);
  EXPECT_EQ(of_needs.needs(0).wanted(), "希望得到低溶损的提锂吸附剂和工艺");
  EXPECT_EQ(of_needs.needs(1).title(), "枸杞干燥能耗高");
  pb::BatchGetEvidenceRequest evidence;
  evidence.add_names("evidence/p-1");
  pb::BatchGetEvidenceResponse of_evidence;
  ASSERT_TRUE(Call(&Stub::BatchGetEvidence, evidence, &of_evidence).ok());
  ASSERT_EQ(of_evidence.evidence_size(), 1);
  EXPECT_EQ(of_evidence.evidence(0).title(), "盐湖卤水提锂研究");
  // A name of another kind, and one that is not there, are told by their place.
  needs.add_names("results/r-goji");
  EXPECT_EQ(DetailsOf(Call(&Stub::BatchGetNeeds, needs, &of_needs)).field, "names[2]");
  evidence.add_names("evidence/none");
  const grpc::Status absent = Call(&Stub::BatchGetEvidence, evidence, &of_evidence);
  EXPECT_EQ(absent.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(DetailsOf(absent).field, "names[1]");
}

// The same templates serve all kinds; what differs is which messages they are given.
template <typename Message, typename CreateRequest, typename GetRequest>
void ExpectRoundTrip(pb::CatalogueService::Stub* stub,
                     grpc::Status (pb::CatalogueService::Stub::*create)(grpc::ClientContext*,
                                                                        const CreateRequest&, Message*),
                     grpc::Status (pb::CatalogueService::Stub::*get)(grpc::ClientContext*, const GetRequest&,
                                                                     Message*),
                     const CreateRequest& request, const std::string& name) {
  grpc::ClientContext create_context, get_context;
  Message created, stored;
  const grpc::Status status = (stub->*create)(&create_context, request, &created);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(created.name(), name);
  GetRequest read;
  read.set_name(name);
  ASSERT_TRUE((stub->*get)(&get_context, read, &stored).ok());
  created.clear_warnings();
  EXPECT_EQ(created.SerializeAsString(), stored.SerializeAsString());
}

TEST_F(CatalogueWriteServiceTest, EveryKindIsCreatedAndRead) {
  using Stub = pb::CatalogueService::Stub;
  pb::CreateInstitutionRequest institution;
  institution.set_institution_id("new");
  institution.mutable_institution()->set_display_name("新研究所");
  institution.mutable_institution()->set_type("research_institute");
  ExpectRoundTrip(stub_.get(), &Stub::CreateInstitution, &Stub::GetInstitution, institution,
                  "institutions/new");
  pb::CreateExpertRequest expert;
  expert.set_expert_id("new");
  expert.mutable_expert()->set_display_name("新专家");
  expert.mutable_expert()->set_institution("institutions/new");
  ExpectRoundTrip(stub_.get(), &Stub::CreateExpert, &Stub::GetExpert, expert, "experts/new");
  pb::CreateNeedRequest need;
  need.set_need_id("new");
  need.mutable_need()->set_title("需要新工艺");
  need.mutable_need()->set_wanted("低能耗的新工艺");
  ExpectRoundTrip(stub_.get(), &Stub::CreateNeed, &Stub::GetNeed, need, "needs/new");
  pb::CreateEvidenceRequest evidence;
  evidence.set_evidence_id("new");
  evidence.mutable_evidence()->set_title("论文");
  evidence.mutable_evidence()->set_type("publication");
  evidence.mutable_evidence()->add_owners("institutions/new");
  ExpectRoundTrip(stub_.get(), &Stub::CreateEvidence, &Stub::GetEvidence, evidence, "evidence/new");
}

TEST_F(CatalogueWriteServiceTest, NearlyTheSameTextIsWrittenWithAWarning) {
  pb::CreateResultRequest request = NewResult("r-copy", "高镁锂比卤水吸附提锂工艺");
  request.mutable_result()->set_abstract("颗粒吸附剂从盐湖卤水中提锂，溶损低，已经中试");
  pb::Result result;
  ASSERT_TRUE(Create(request, &result).ok());
  ASSERT_EQ(result.warnings_size(), 1);
  EXPECT_EQ(result.warnings(0).reason(), "NEAR_DUPLICATE");
  EXPECT_EQ(result.warnings(0).name(), "results/r-lithium");
  EXPECT_THAT(result.warnings(0).message(), HasSubstr("高镁锂比卤水吸附提锂工艺"));
  ASSERT_TRUE(Create(NewResult("r-other", "马铃薯脱毒种薯繁育"), &result).ok());
  EXPECT_THAT(result.warnings(), IsEmpty());
}

TEST_F(CatalogueWriteServiceTest, ExpiredOfferIsOutOfMatchesAtOnceAndStillInLists) {
  const auto matches = pb::MatchService::NewStub(running_.channel);
  const auto matched = [&](const std::string& name) {
    grpc::ClientContext context;
    pb::MatchRequest request;
    request.set_need_name("needs/n-goji");
    pb::MatchResponse response;
    const grpc::Status status = matches->Match(&context, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response.DebugString().find(name) != std::string::npos;
  };
  EXPECT_TRUE(matched("results/r-goji"));
  pb::ExpireResultRequest request;
  request.set_name("results/r-goji");
  pb::Result result;
  ASSERT_TRUE(Call(&pb::CatalogueService::Stub::ExpireResult, request, &result).ok());
  EXPECT_FALSE(result.valid_until().empty());
  EXPECT_FALSE(matched("results/r-goji"));
  EXPECT_TRUE(Get("results/r-goji", &result).ok());
}

TEST_F(CatalogueWriteServiceTest, BatchUpsertTellsEachRecordAndWritesAllOrThoseThatAreRight) {
  pb::BatchUpsertRecordsRequest request;
  for (const char* id : {"b-1", "r-goji", "b-2", "b-1"}) {
    request.add_records()->mutable_result()->set_name(std::string("results/") + id);
    request.mutable_records(request.records_size() - 1)->mutable_result()->set_title("批量写入的成果");
  }
  request.mutable_records(2)->mutable_result()->set_maturity(12);
  pb::BatchUpsertRecordsResponse response;
  const auto upsert = [&] {
    ASSERT_TRUE(Call(&pb::CatalogueService::Stub::BatchUpsertRecords, request, &response).ok());
    ASSERT_EQ(response.outcomes_size(), 4);
  };
  const auto codes = [&] {
    std::vector<int> found;
    for (const pb::ImportOutcome& outcome : response.outcomes()) found.push_back(outcome.status().code());
    return found;
  };
  upsert();
  EXPECT_THAT(codes(), ElementsAre(grpc::StatusCode::ABORTED, grpc::StatusCode::ABORTED,
                                   grpc::StatusCode::INVALID_ARGUMENT, grpc::StatusCode::INVALID_ARGUMENT));
  pb::Result result;
  EXPECT_EQ(Get("results/b-1", &result).error_code(), grpc::StatusCode::NOT_FOUND);

  request.set_mode(pb::BatchUpsertRecordsRequest::PARTIAL);
  request.set_validate_only(true);
  upsert();
  const std::string dry = response.outcomes(0).SerializeAsString();
  EXPECT_EQ(Get("results/b-1", &result).error_code(), grpc::StatusCode::NOT_FOUND);
  request.set_validate_only(false);
  request.set_request_id(kUuid);
  upsert();
  EXPECT_EQ(response.outcomes(0).SerializeAsString(), dry);
  EXPECT_EQ(response.outcomes(0).state(), pb::ImportOutcome::CREATED);
  EXPECT_EQ(response.outcomes(1).state(), pb::ImportOutcome::UPDATED);
  EXPECT_EQ(response.outcomes(2).state(), pb::ImportOutcome::REFUSED);
  EXPECT_EQ(response.outcomes(2).problems(0).field(), "maturity");
  EXPECT_THAT(codes(),
              ElementsAre(0, 0, grpc::StatusCode::INVALID_ARGUMENT, grpc::StatusCode::INVALID_ARGUMENT));
  ASSERT_TRUE(Get("results/b-1", &result).ok());
  EXPECT_EQ(result.etag(), response.outcomes(0).etag());
  const std::string first = response.SerializeAsString();
  upsert();  // a repeat: not UNCHANGED, but the first answer
  EXPECT_EQ(response.SerializeAsString(), first);
}

TEST_F(CatalogueWriteServiceTest, ARefusedBatchIsNotRememberedAndCanBeMendedUnderItsRequestId) {
  pb::BatchUpsertRecordsRequest request;
  request.set_request_id(kUuid);
  for (const char* name : {"results/b-1", "results/b-2"}) {
    pb::Result* const result = request.add_records()->mutable_result();
    result->set_name(name);
    result->set_title("批量写入的成果");
  }
  pb::Result* const wrong = request.mutable_records(1)->mutable_result();
  wrong->set_maturity(12);
  pb::BatchUpsertRecordsResponse response;
  ASSERT_TRUE(Call(&pb::CatalogueService::Stub::BatchUpsertRecords, request, &response).ok());
  EXPECT_EQ(response.outcomes(0).state(), pb::ImportOutcome::REFUSED);
  wrong->set_maturity(5);
  const grpc::Status status = Call(&pb::CatalogueService::Stub::BatchUpsertRecords, request, &response);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(response.outcomes(0).state(), pb::ImportOutcome::CREATED);
  EXPECT_EQ(response.outcomes(1).state(), pb::ImportOutcome::CREATED);
  wrong->set_maturity(6);
  EXPECT_EQ(DetailsOf(Call(&pb::CatalogueService::Stub::BatchUpsertRecords, request, &response)).reason,
            "REQUEST_ID_REUSED")
      << "what was written is remembered";
}

TEST_F(CatalogueWriteServiceTest, BatchUpsertChecksEtagsAndLimits) {
  pb::BatchUpsertRecordsRequest request;
  pb::BatchUpsertRecordsResponse response;
  EXPECT_EQ(DetailsOf(Call(&pb::CatalogueService::Stub::BatchUpsertRecords, request, &response)).field,
            "records");
  pb::Result* result = request.add_records()->mutable_result();
  ASSERT_TRUE(Get("results/r-goji", result).ok());
  result->set_title("第二版");
  const auto outcome = [&] {
    EXPECT_TRUE(Call(&pb::CatalogueService::Stub::BatchUpsertRecords, request, &response).ok());
    return response.outcomes(0);
  };
  EXPECT_EQ(outcome().state(), pb::ImportOutcome::UPDATED);
  result->set_title("第三版");
  EXPECT_EQ(outcome().status().code(), grpc::StatusCode::ABORTED);
  while (request.records_size() <= 1'000) *request.add_records() = request.records(0);
  EXPECT_EQ(DetailsOf(Call(&pb::CatalogueService::Stub::BatchUpsertRecords, request, &response)).field,
            "records");
}

TEST_F(CatalogueWriteServiceTest, ExportIsOfOneMomentAndShowsWhatTheCallerMaySee) {
  pb::ExportRecordsRequest request;
  request.add_kinds(pb::NEED);
  request.add_kinds(pb::RESULT);
  grpc::ClientContext context;
  const auto reader = stub_->ExportRecords(&context, request);
  std::vector<std::string> names;
  uint64_t sequence = 0;
  pb::ExportRecordsResponse message;
  while (reader->Read(&message)) {
    sequence = message.catalogue_sequence();
    for (const pb::Record& record : message.records())
      names.push_back(record.has_need() ? record.need().name() : record.result().name());
  }
  ASSERT_TRUE(reader->Finish().ok());
  EXPECT_GT(sequence, 0u);
  EXPECT_THAT(names, ElementsAre("results/r-blade", "results/r-goji", "results/r-lithium",
                                 "results/r-magnesium", "needs/n-goji", "needs/n-lithium"));
  request.add_kinds(static_cast<pb::RecordKind>(9));
  grpc::ClientContext wrong;
  const auto refused = stub_->ExportRecords(&wrong, request);
  EXPECT_FALSE(refused->Read(&message));
  EXPECT_EQ(DetailsOf(refused->Finish()).field, "kinds[2]");
}

}  // namespace
}  // namespace dongxi
