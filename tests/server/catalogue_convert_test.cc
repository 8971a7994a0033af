#include "server/catalogue_convert.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/grpc_status.h"
#include "tests/server/server_testing.h"

namespace dongxi {
namespace {

using ::testing::HasSubstr;

absl::StatusOr<ListCall> Decode(int32_t page_size, const std::string& token, const std::string& filter,
                                RecordKind kind = RecordKind::kResult) {
  return DecodeList(kind, page_size, token, filter, FewWords());
}

TEST(DecodeListTest, PageSizes) {
  EXPECT_EQ(Decode(0, "", "")->limit, 50);
  EXPECT_EQ(Decode(7, "", "")->limit, 7);
  EXPECT_EQ(Decode(1'000, "", "")->limit, 1'000);
  EXPECT_EQ(Decode(2'000'000'000, "", "")->limit, 1'000);
  EXPECT_EQ(FieldOf(Decode(-1, "", "").status()), "page_size");
}

TEST(DecodeListTest, TokenContinuesBehindItsIdInTheSameList) {
  const auto first = Decode(10, "", "year > 2020");
  const std::string token = NextListToken(*first, "示例-1");
  EXPECT_EQ(Decode(20, token, "year > 2020")->after, "示例-1");
  EXPECT_EQ(FieldOf(Decode(10, token, "year > 2021").status()), "page_token");
  EXPECT_EQ(FieldOf(Decode(10, token, "year > 2020", RecordKind::kNeed).status()), "page_token");
  EXPECT_EQ(FieldOf(Decode(10, "foreign", "").status()), "page_token");
}

TEST(DecodeListTest, FilterErrorNamesTheField) {
  const auto call = Decode(10, "", "year >");
  EXPECT_EQ(FieldOf(call.status()), "filter");
  EXPECT_THAT(std::string(call.status().message()), HasSubstr("filter"));
}

google::protobuf::FieldMask Mask(std::initializer_list<const char*> paths) {
  google::protobuf::FieldMask mask;
  for (const char* path : paths) mask.add_paths(path);
  return mask;
}

TEST(ReadMaskTest, KnownPathsPassAndUnknownOnesAreNamed) {
  const google::protobuf::Descriptor& result = *pb::Result::descriptor();
  for (const auto& mask : {Mask({}), Mask({"*"}), Mask({"name", "title"}), Mask({"create_time.seconds"})}) {
    EXPECT_TRUE(CheckReadMask(mask, result).ok());
  }
  for (const char* path : {"display_name", "titel", "title.x", "", "name.", "keywords.0"}) {
    const absl::Status status = CheckReadMask(Mask({"name", path}), result);
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << path;
    EXPECT_EQ(FieldOf(status), "read_mask");
    EXPECT_THAT(std::string(status.message()), HasSubstr("'" + std::string(path) + "'"));
    EXPECT_THAT(std::string(status.message()), HasSubstr("maturity"));
  }
}

TEST(ReadMaskTest, OnlyNamedFieldsStay) {
  pb::Result result;
  result.set_name("results/r");
  result.set_title("题目");
  result.set_maturity(7);
  pb::Result whole = result;
  ApplyReadMask(Mask({}), &whole);
  EXPECT_EQ(whole.maturity(), 7);
  ApplyReadMask(Mask({"name", "*"}), &whole);
  EXPECT_EQ(whole.maturity(), 7);
  ApplyReadMask(Mask({"name", "title"}), &result);
  EXPECT_EQ(result.name(), "results/r");
  EXPECT_EQ(result.title(), "题目");
  EXPECT_EQ(result.maturity(), 0);
}

TEST(CheckImportRequestTest, LimitsNameRecords) {
  pb::ImportRecordsRequest request;
  for (int i = 0; i < 1'000; ++i) request.add_records();
  EXPECT_TRUE(CheckImportRequest(request).ok());
  request.add_records();
  EXPECT_EQ(FieldOf(CheckImportRequest(request)), "records");
  request.clear_records();
  request.add_records()->mutable_need()->set_description(std::string(4 << 20, 'a'));
  EXPECT_EQ(FieldOf(CheckImportRequest(request)), "records");
}

TEST(EncodeCodecProblemTest, SplitsWhatTheCodecSays) {
  pb::Record record;
  record.mutable_result()->set_name("results/r");
  record.mutable_result()->add_owners("somebody");
  pb::FieldProblem problem;
  EncodeCodecProblem(FromProto(record).status(), &problem);
  EXPECT_EQ(problem.field(), "owners");
  EXPECT_EQ(problem.found(), "somebody");
  EXPECT_THAT(problem.expected(), HasSubstr("institutions/{id}"));
  EXPECT_FALSE(problem.remedy().empty());

  EncodeCodecProblem(FromProto(pb::Record()).status(), &problem);
  EXPECT_THAT(problem.found(), HasSubstr("record"));
}

}  // namespace
}  // namespace dongxi
