// The parts of the RPC fuzzer alone: sequences of calls, requests made of bytes, what is held against an
// answer.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <map>
#include <set>

#include "dongxi/v1/catalogue.pb.h"
#include "dongxi/v1/engagement.pb.h"
#include "dongxi/v1/match.pb.h"
#include "google/protobuf/stubs/logging.h"
#include "google/rpc/error_details.pb.h"
#include "server/grpc_status.h"
#include "tests/fuzz/rpc/answer_check.h"
#include "tests/fuzz/rpc/call_counts.h"
#include "tests/fuzz/rpc/call_sequence.h"
#include "tests/fuzz/rpc/request_maker.h"

namespace dongxi::fuzz {
namespace {

namespace pb = dongxi::v1;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const std::vector<std::string> kServices = {"dongxi.v1.CatalogueService", "dongxi.v1.MatchService",
                                            "dongxi.v1.EngagementService"};

// Requests are made with texts that are not UTF-8, of which protobuf would tell each time.
google::protobuf::LogHandler* const kHandlerBefore = google::protobuf::SetLogHandler(nullptr);

const Method& MethodNamed(const std::string& name) {
  return *google::protobuf::DescriptorPool::generated_pool()->FindMethodByName("dongxi.v1." + name);
}

std::string RandomBytes(size_t size, std::mt19937& random) {
  std::string bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random());
  return bytes;
}

TEST(CallSequenceTest, CallsSurviveJoiningAndSplitting) {
  const std::vector<std::string> calls = {"abc", "", std::string(300, 'x')};
  EXPECT_EQ(SplitCalls(JoinCalls(calls, 10'000)), calls);
}

TEST(CallSequenceTest, ACallThatDoesNotFitIsLeftOutWhole) {
  EXPECT_THAT(SplitCalls(JoinCalls({"abc", "defg"}, 10)), ElementsAre("abc"));
  EXPECT_THAT(SplitCalls(std::string("\x05\0ab", 4)), ElementsAre("ab")) << "cut short";
}

TEST(CallSequenceTest, EveryMutationKeepsTheBounds) {
  std::mt19937 random(7);
  std::string input;
  size_t longest = 0;
  const MutateBytes grow = [](std::string* bytes, size_t size_max) {
    if (bytes->size() < size_max) *bytes += 'x';
  };
  for (int i = 0; i < 3'000; ++i) {
    const std::string other = MutateCalls("", 1'000, random, grow);
    input = i % 3 == 0 ? CrossCalls(input, other, 1'000, random) : MutateCalls(input, 1'000, random, grow);
    EXPECT_LE(input.size(), 1'000u);
    EXPECT_EQ(JoinCalls(SplitCalls(input), 1'000), input);
    longest = std::max(longest, SplitCalls(input).size());
  }
  EXPECT_EQ(longest, kCallsMax);
}

TEST(RpcMethodsTest, OnlyUnaryOnesAreTakenAndUnknownServicesAreNamed) {
  const auto methods = UnaryMethods(kServices);
  ASSERT_TRUE(methods.ok());
  std::set<std::string> names;
  for (const Method* const method : *methods) names.insert(GateNameOf(*method));
  EXPECT_TRUE(names.contains("MatchService.Match"));
  EXPECT_FALSE(names.contains("MatchService.BatchMatch")) << "streams its answers";
  EXPECT_FALSE(names.contains("CatalogueService.ImportRecords")) << "streams both ways";
  const std::vector<std::string> unknown = {"dongxi.v1.NoService"};
  EXPECT_THAT(std::string(UnaryMethods(unknown).status().message()), HasSubstr("dongxi.v1.NoService"));
}

TEST(RpcMethodsTest, NumbersReachEveryMethodAlikeAndANewOneLeavesTheRest) {
  const auto all = *UnaryMethods(kServices);
  const std::vector<const Method*> without(all.begin() + 1, all.end());
  std::map<const Method*, int> share;
  for (int number = 0; number < 65'536; ++number) {
    const Method* const method = PickMethod(all, static_cast<uint16_t>(number));
    ++share[method];
    if (method != all.front()) {
      ASSERT_EQ(PickMethod(without, static_cast<uint16_t>(number)), method);
    }
  }
  for (const Method* const method : all)
    EXPECT_GT(share[method], 65'536 / static_cast<int>(all.size()) / 2) << method->full_name();
}

TEST(RequestMakerTest, TheSameBytesAreTheSameRequestAndNoneAreAnEmptyOne) {
  const LiveValues values;
  std::mt19937 random(11);
  const Method& method = MethodNamed("MatchService.Match");
  for (int i = 0; i < 200; ++i) {
    const std::string bytes = RandomBytes(150, random);
    ByteSource first(bytes), second(bytes);
    EXPECT_EQ(RequestMaker(&values, &method, &first, i % 2 == 0).Make()->SerializePartialAsString(),
              RequestMaker(&values, &method, &second, i % 2 == 0).Make()->SerializePartialAsString());
  }
  ByteSource nothing("");
  EXPECT_EQ(RequestMaker(&values, &method, &nothing, false).Make()->ByteSizeLong(), 0u);
}

void NoteFields(const google::protobuf::Message& message, std::set<std::string>* seen) {
  std::vector<const google::protobuf::FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);
  for (const auto* const field : fields) {
    seen->insert(field->full_name());
    if (field->message_type() == nullptr) continue;
    if (!field->is_repeated()) {
      NoteFields(message.GetReflection()->GetMessage(message, field), seen);
    } else if (message.GetReflection()->FieldSize(message, field) > 0) {
      NoteFields(message.GetReflection()->GetRepeatedMessage(message, field, 0), seen);
    }
  }
}

// A field that is never set is a field that is never fuzzed.
TEST(RequestMakerTest, EveryFieldOfEveryRequestIsSetSometime) {
  const LiveValues values;
  std::mt19937 random(13);
  const auto methods = *UnaryMethods(kServices);
  for (const Method* const method : methods) {
    std::set<std::string> seen;
    for (int i = 0; i < 400; ++i) {
      const std::string bytes = RandomBytes(400, random);
      ByteSource source(bytes);
      NoteFields(*RequestMaker(&values, method, &source, i % 2 == 0).Make(), &seen);
    }
    for (int i = 0; i < method->input_type()->field_count(); ++i) {
      const auto* const field = method->input_type()->field(i);
      EXPECT_TRUE(seen.contains(field->full_name())) << field->full_name();
      for (int j = 0; field->message_type() != nullptr && j < field->message_type()->field_count(); ++j) {
        const std::string& inner = field->message_type()->field(j)->full_name();
        EXPECT_TRUE(seen.contains(inner)) << inner;
      }
    }
  }
}

TEST(RequestMakerTest, RequestsStayWithinWhatTheServerReads) {
  const LiveValues values;
  std::mt19937 random(17);
  const auto methods = *UnaryMethods(kServices);
  for (int i = 0; i < 2'000; ++i) {
    const std::string bytes = RandomBytes(kCallBytesMax, random);
    ByteSource source(bytes);
    EXPECT_LT(RequestMaker(&values, methods[i % methods.size()], &source, false).Make()->ByteSizeLong(),
              8u << 20);
  }
}

TEST(LiveValuesTest, WhatAnAnswerSaysIsAskedForInFieldsOfTheSameMeaning) {
  LiveValues values;
  pb::ListNeedsResponse answer;
  answer.add_needs()->set_name("needs/n-1");
  answer.set_next_page_token("the-next");
  values.StartSequence();
  values.Learn(answer);
  const auto texts = [&values](const google::protobuf::Descriptor& type, const char* field) {
    std::set<std::string> found;
    for (uint16_t pick = 0; pick < 200; ++pick)
      found.insert(values.TextFor(*type.FindFieldByName(field), pick));
    return found;
  };
  EXPECT_TRUE(texts(*pb::ListNeedsRequest::descriptor(), "page_token").contains("the-next"));
  EXPECT_TRUE(texts(*pb::GetNeedRequest::descriptor(), "name").contains("needs/n-1"));
  EXPECT_TRUE(texts(*pb::MatchRequest::descriptor(), "need_name").contains("needs/n-1"));
  EXPECT_FALSE(texts(*pb::GetExpertRequest::descriptor(), "name").contains("the-next"));
  ASSERT_NE(values.Example(*pb::Need::descriptor(), 0), nullptr);
  values.StartSequence();
  EXPECT_FALSE(texts(*pb::ListNeedsRequest::descriptor(), "page_token").contains("the-next"));
  EXPECT_EQ(values.Example(*pb::Need::descriptor(), 0), nullptr);
}

std::string Wrong(const Answer& answer, const Viewer& viewer = {}, const pb::GetNeedRequest& request = {}) {
  pb::Need response;
  return WhatIsWrong(MethodNamed("CatalogueService.GetNeed"), viewer, request, answer, &response);
}

TEST(AnswerCheckTest, ErrorsOfTheGateAreRightAndOthersAreFindings) {
  EXPECT_EQ(Wrong({ToGrpc(absl::NotFoundError("needs/x: no such record"), "id"), ""}), "");
  EXPECT_EQ(Wrong({grpc::Status(grpc::StatusCode::DEADLINE_EXCEEDED, "Deadline Exceeded"), ""}), "");
  EXPECT_THAT(Wrong({ToGrpc(absl::InternalError("unexpected"), "id"), ""}), HasSubstr("must not come"));
  EXPECT_THAT(Wrong({ToGrpc(absl::DataLossError("damaged"), "id"), ""}), HasSubstr("must not come"));
  EXPECT_THAT(Wrong({grpc::Status(grpc::StatusCode::UNKNOWN, "?"), ""}), HasSubstr("must not come"));
  EXPECT_THAT(Wrong({grpc::Status(grpc::StatusCode::NOT_FOUND, "bare"), ""}), HasSubstr("another code"));
  google::rpc::Status envelope;
  envelope.set_code(5);  // NOT_FOUND
  const grpc::Status without_info(grpc::StatusCode::NOT_FOUND, "x", envelope.SerializeAsString());
  EXPECT_THAT(Wrong({without_info, ""}), HasSubstr("ErrorInfo"));
  EXPECT_THAT(Wrong({grpc::Status(grpc::StatusCode::NOT_FOUND, "bare", "\xFF"), ""}), HasSubstr("Status"));
  EXPECT_THAT(Wrong({ToGrpc(absl::NotFoundError("x")), ""}), HasSubstr("RequestInfo"));
  EXPECT_THAT(Wrong({ToGrpc(absl::NotFoundError(""), "id"), ""}), HasSubstr("without a message"));
}

TEST(AnswerCheckTest, AResponseMustBeReadableAndHaveAJsonForm) {
  EXPECT_EQ(Wrong({grpc::Status::OK, ""}), "");
  EXPECT_THAT(Wrong({grpc::Status::OK, "\xFF\xFF"}), HasSubstr("cannot be read"));
  pb::Need need;
  need.mutable_create_time()->set_seconds(253'402'300'800);  // year 10000
  EXPECT_THAT(Wrong({grpc::Status::OK, need.SerializeAsString()}), HasSubstr("JSON"));
}

TEST(AnswerCheckTest, NothingOfAnotherTenantOrLessOpenThanTheCallerMaySee) {
  const Viewer park = {Disclosure::kRegistered, "park", false};
  const Viewer boss = {Disclosure::kOrganiser, "", true};
  pb::Need need;
  need.set_tenant("other");
  const auto answer = [&need] { return Answer{grpc::Status::OK, need.SerializeAsString()}; };
  EXPECT_THAT(Wrong(answer(), park), HasSubstr("may not see"));
  EXPECT_EQ(Wrong(answer(), boss), "");
  pb::GetNeedRequest masked;
  masked.mutable_read_mask()->add_paths("tenant");
  EXPECT_EQ(Wrong(answer(), park, masked), "") << "it may be shared";
  need.set_shared(true);
  EXPECT_EQ(Wrong(answer(), park), "");
  need.set_disclosure(pb::ORGANISER);
  EXPECT_THAT(Wrong(answer(), park), HasSubstr("may not see"));
  pb::Pair pair;
  pair.add_history()->set_tenant("other");
  const Answer within = {grpc::Status::OK, pair.SerializeAsString()};
  pb::Pair response;
  EXPECT_THAT(
      WhatIsWrong(MethodNamed("EngagementService.GetPair"), park, pb::GetPairRequest(), within, &response),
      HasSubstr("may not see"));
}

TEST(CallCountsTest, TheTableHasEveryMethodAndTheSum) {
  const auto methods = *UnaryMethods(kServices);
  CallCounts counts(methods);
  const Method& match = MethodNamed("MatchService.Match");
  counts.Add(match, grpc::StatusCode::OK);
  counts.Add(match, grpc::StatusCode::NOT_FOUND);
  counts.AddUnreadable(match);
  EXPECT_THAT(counts.Of(match), SizeIs(3));
  EXPECT_THAT(counts.Of(MethodNamed("MatchService.ReverseMatch")), IsEmpty());
  EXPECT_THAT(counts.Table(), HasSubstr("3 calls: NOT_FOUND 1, OK 1, unreadable 1"));
  EXPECT_THAT(counts.Table(), HasSubstr("total: 3 calls of 1 of " + std::to_string(methods.size())));
}

}  // namespace
}  // namespace dongxi::fuzz
