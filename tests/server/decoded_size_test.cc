// How much memory requests may take: the measure against protobuf's own decoder, and the bound at both doors.
#include "server/decoded_size.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <httplib.h>

#include <random>

#include "dongxi/v1/catalogue.grpc.pb.h"
#include "dongxi/v1/match.pb.h"
#include "dongxi/v1/plan.pb.h"
#include "tests/server/decoded_size_check.h"
#include "tests/server/server_testing.h"

namespace dongxi {
namespace {

using grpc::StatusCode;
using ::testing::HasSubstr;

constexpr uint32_t kSeed = 20251127;
constexpr int kEmptyRecords = 2'000'000;  // 4 MB on the wire, 122 MiB as measured

pb::BatchUpsertRecordsRequest SomeRecords() {
  pb::BatchUpsertRecordsRequest request;
  request.set_mode(pb::BatchUpsertRecordsRequest::PARTIAL);
  for (int i = 0; i < 5; ++i) {
    pb::Result& result = *request.add_records()->mutable_result();
    result.set_name("results/r-" + std::to_string(i));
    result.set_title("高镁锂比卤水吸附提锂工艺");
    result.set_abstract(std::string(static_cast<size_t>(100 * i), 'x'));
    result.add_fields("盐湖");
    result.add_fields("a");
    result.set_maturity(7);
    result.mutable_create_time()->set_seconds(1'760'000'000);
    request.add_records()->mutable_need()->add_modes("transfer");
  }
  return request;
}

pb::MakePlanRequest PlanOf(int pairs) {
  pb::MakePlanRequest request;
  for (int i = 0; i < pairs; ++i) {
    pb::PlanPair& pair = *request.mutable_event()->add_pairs();
    pair.set_need("N" + std::to_string(i % 500));
    pair.set_offer("O" + std::to_string(i % 9'000));
    pair.set_score(0.5);
  }
  return request;
}

absl::StatusOr<size_t> SizeOf(const google::protobuf::Message& message) {
  const std::string bytes = message.SerializeAsString();
  google::protobuf::io::ArrayInputStream stream(bytes.data(), static_cast<int>(bytes.size()));
  return DecodedSize(*message.GetDescriptor(), stream, kDecodedBytesMax);
}

TEST(DecodedSizeTest, WhateverProtobufDecodesWasMeasuredAndTakesNoMore) {
  std::mt19937 random(kSeed);
  for (const google::protobuf::Message* message :
       {static_cast<const google::protobuf::Message*>(new pb::BatchUpsertRecordsRequest(SomeRecords())),
        static_cast<const google::protobuf::Message*>(new pb::MakePlanRequest(PlanOf(20)))}) {
    const std::unique_ptr<const google::protobuf::Message> owned(message);
    const std::string whole = message->SerializeAsString();
    ASSERT_EQ(FaultOfMeasure(*message, whole), "");
    for (int round = 0; round < 20'000; ++round) {
      std::string bytes = whole;
      for (uint32_t changes = 1 + random() % 4; changes > 0; --changes) {
        const size_t at = random() % bytes.size();
        if (random() % 8 == 0) {
          bytes.insert(at, std::string(1 + random() % 8, static_cast<char>(random())));
        } else {
          bytes[at] = static_cast<char>(random() % 2 == 0 ? random() : random() % 32);
        }
      }
      ASSERT_EQ(FaultOfMeasure(*message, bytes), "") << "seed " << kSeed << " round " << round;
    }
  }
}

TEST(DecodedSizeTest, RandomBytesAreMeasuredToo) {
  std::mt19937 random(kSeed);
  for (int round = 0; round < 50'000; ++round) {
    std::string bytes(random() % 24, '\0');
    for (char& byte : bytes) byte = static_cast<char>(random() % 3 == 0 ? random() : random() % 64);
    ASSERT_EQ(FaultOfMeasure(pb::MakePlanRequest::default_instance(), bytes), "") << "round " << round;
  }
}

TEST(DecodedSizeTest, UnknownFieldsGroupsAndListsOfNumbersCount) {
  const pb::MakePlanRequest& type = pb::MakePlanRequest::default_instance();
  std::string unknown, group, nested;
  for (int i = 0; i < 1'000; ++i) {
    unknown += "\xF8\x3F\x01";                  // number 1023, a varint
    unknown += std::string("\xFA\x3F\x00", 3);  // … and an empty text
    group += "\xFB\x3F\xFC\x3F";                // a group that is empty
  }
  for (int i = 0; i < 90; ++i) nested = "\xFB\x3F" + nested + "\xFC\x3F";
  for (const std::string& bytes : {unknown, group, nested}) EXPECT_EQ(FaultOfMeasure(type, bytes), "");
}

TEST(DecodedSizeTest, AShortListOfNumbersTakesNoMoreThanIsMeasured) {
  pb::MatchRequest request;
  for (int i = 0; i < 40; ++i) {
    EXPECT_EQ(FaultOfMeasure(request, request.SerializeAsString()), "") << i << " packed";
    std::string unpacked;
    for (int j = 0; j < i; ++j) unpacked += "\x28\x01";
    EXPECT_EQ(FaultOfMeasure(request, unpacked), "") << i << " unpacked";
    request.add_kinds(pb::RESULT);
  }
  EXPECT_EQ(FaultOfMeasure(request, "\x28\xca\xc6\xce\xf5\x11"), "");
}

TEST(DecodedSizeTest, TheLargestRequestsThatAreOfUseFit) {
  const auto event = SizeOf(PlanOf(200'000));
  ASSERT_TRUE(event.ok()) << event.status();
  EXPECT_LT(*event, kDecodedBytesMax * 3 / 4);
  pb::BatchUpsertRecordsRequest texts;
  for (int i = 0; i < 8; ++i)
    texts.add_records()->mutable_result()->set_abstract(std::string(size_t{1} << 20, 'x'));
  const auto size = SizeOf(texts);
  ASSERT_TRUE(size.ok()) << size.status();
  EXPECT_LT(*size, size_t{9} << 20);
}

TEST(DecodedSizeTest, TheFieldWithTooManyPartsIsNamed) {
  pb::MakePlanRequest request;
  for (int i = 0; i < 1'000'000; ++i) request.mutable_event()->add_pairs();
  const absl::Status status = SizeOf(request).status();
  EXPECT_TRUE(absl::IsInvalidArgument(status));
  EXPECT_THAT(std::string(status.message()), HasSubstr("event.pairs: "));
  EXPECT_THAT(std::string(status.message()), HasSubstr("96 MiB"));
}

TEST(DecodedSizeTest, MasksListsOfKindsAndUnknownFieldsAreBounded) {
  pb::UpdateResultRequest update;
  pb::MatchRequest match;
  for (size_t i = 0; i < kMaskPathsMax; ++i) update.mutable_update_mask()->add_paths("*");
  for (size_t i = 0; i < kEnumsMax; ++i) match.add_kinds(pb::RESULT);
  match.GetReflection()->MutableUnknownFields(&match)->AddLengthDelimited(1023, std::string(60'000, 'x'));
  EXPECT_TRUE(SizeOf(update).ok());
  EXPECT_TRUE(SizeOf(match).ok());
  update.mutable_update_mask()->add_paths("title");
  EXPECT_THAT(std::string(SizeOf(update).status().message()), HasSubstr("update_mask.paths: "));
  pb::MatchRequest kinds = match;
  kinds.add_kinds(pb::EXPERT);
  EXPECT_THAT(std::string(SizeOf(kinds).status().message()), HasSubstr("kinds: "));
  match.GetReflection()->MutableUnknownFields(&match)->AddLengthDelimited(1024, std::string(6'000, 'x'));
  EXPECT_THAT(std::string(SizeOf(match).status().message()), HasSubstr("does not know"));
}

class RequestSizeTest : public testing::Test {
 protected:
  void SetUp() override {
    WriteCatalogue(folder_.path(), SmallCatalogue());
    ServerOptions options = OptionsFor(folder_.path());
    options.http.listen = "127.0.0.1:0";
    running_ = StartServer(options);
    ASSERT_NE(running_.server, nullptr);
    stub_ = pb::CatalogueService::NewStub(running_.channel);
  }
  static void ExpectTooLarge(const grpc::Status& status) {
    EXPECT_EQ(status.error_code(), StatusCode::INVALID_ARGUMENT) << status.error_message();
    EXPECT_EQ(DetailsOf(status).reason, "REQUEST_TOO_LARGE");
    EXPECT_EQ(DetailsOf(status).field, "records");
    EXPECT_FALSE(DetailsOf(status).request_id.empty());
  }

  TemporaryFolder folder_;
  Running running_;
  std::unique_ptr<pb::CatalogueService::Stub> stub_;
};

TEST_F(RequestSizeTest, ABatchOfMillionsOfEmptyRecordsIsRefusedUndecoded) {
  pb::BatchUpsertRecordsRequest request;
  for (int i = 0; i < kEmptyRecords; ++i) request.add_records();
  pb::BatchUpsertRecordsResponse response;
  grpc::ClientContext first, second;
  ExpectTooLarge(stub_->BatchUpsertRecords(&first, request, &response));
  request = SomeRecords();
  EXPECT_TRUE(stub_->BatchUpsertRecords(&second, request, &response).ok())
      << "the next request is judged anew";
}

TEST_F(RequestSizeTest, AMessageOfAStreamLikewise) {
  grpc::ClientContext context;
  const auto stream = stub_->ImportRecords(&context);
  pb::ImportRecordsRequest request;
  pb::ImportRecordsResponse response;
  *request.mutable_records() = SomeRecords().records();
  ASSERT_TRUE(stream->Write(request));
  ASSERT_TRUE(stream->Read(&response));
  EXPECT_EQ(response.outcomes_size(), 10);
  for (int i = 0; i < kEmptyRecords; ++i) request.add_records();
  stream->Write(request);
  EXPECT_FALSE(stream->Read(&response));
  ExpectTooLarge(stream->Finish());
}

TEST_F(RequestSizeTest, TheHttpDoorHasTheSameBound) {
  std::string json = R"({"records":[{})";
  for (int i = 0; i < kEmptyRecords; ++i) json += ",{}";
  json += "]}";
  httplib::Client client("127.0.0.1", running_.server->http_port());
  client.set_read_timeout(60);
  const auto answer = client.Post("/v1/batchUpsertRecords", json, "application/json");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 400) << answer->body;
  EXPECT_THAT(answer->body, HasSubstr("REQUEST_TOO_LARGE"));
  EXPECT_EQ(client
                .Post("/v1/batchUpsertRecords",
                      R"({"records":[{"result":{"name":"results/a","title":"甲"}}]})", "application/json")
                ->status,
            200);
}

TEST_F(RequestSizeTest, EmbeddingsOfMillionsOfValuesAreRefusedUnread) {
  std::string json = R"({"input":[[])";
  for (int i = 0; i < kEmptyRecords; ++i) json += ",[]";
  json += "]}";
  httplib::Client client("127.0.0.1", running_.server->http_port());
  const auto answer = client.Post("/v1/embeddings", json, "application/json");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 400);
  EXPECT_THAT(answer->body, HasSubstr("request_too_large"));
}

}  // namespace
}  // namespace dongxi
