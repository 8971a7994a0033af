// Calls that last: what happens to them when their token is revoked meanwhile. Streams of watches and
// imports: security_test.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "dongxi/storage/report.pb.h"
#include "tests/server/report_service_fixture.h"
#include "tests/server/tenant_tokens.h"

namespace dongxi {
namespace {

using RevokedCallsTest = ReportServiceTest;

constexpr int kManyNeeds = 2'000;  // so that a report of them takes longer than a revocation

TEST_F(RevokedCallsTest, AWaitForAnOperationEndsWithItsToken) {
  Prepare(kManyNeeds);
  const std::string other = NewTokenOf("park", "write"), token = NewTokenOf("park", "write");
  Start();
  token_ = token;
  pb::RunReportRequest request;
  request.add_formats(pb::REPORT_FORMAT_JSON);
  const std::string name = Started(request);
  AwaitTheMiddle(name);
  RevokeLastTokenIn(folder_.path());
  google::longrunning::WaitOperationRequest wait;
  wait.set_name(name);
  wait.mutable_timeout()->set_seconds(60);
  grpc::ClientContext context;
  Show(&context);
  Operation operation;
  const grpc::Status status = operations_->WaitOperation(&context, wait, &operation);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAUTHENTICATED) << status.error_message();
  EXPECT_EQ(DetailsOf(status).reason, "TOKEN_REVOKED");
  token_ = other;
  EXPECT_FALSE(Now(name).done()) << "the wait was to end before the operation";
  grpc::ClientContext cancel_context;
  Show(&cancel_context);
  google::longrunning::CancelOperationRequest cancel;
  cancel.set_name(name);
  google::protobuf::Empty empty;
  EXPECT_TRUE(operations_->CancelOperation(&cancel_context, cancel, &empty).ok());
}

TEST_F(RevokedCallsTest, ADownloadEndsWithItsToken) {
  constexpr size_t kFileBytes = size_t{64} << 20;  // more than lies between a server and a reader who waits
  Prepare();
  const std::string token = NewTokenOf("", "read");
  storage::ReportManifest manifest;
  manifest.mutable_report()->set_name("reports/r-0000000000000001");
  manifest.mutable_report()->add_files()->set_name("large.csv");
  {
    ReportStore store({.root = Root()});
    ASSERT_TRUE(store.BeginDraft(manifest.report().name()).ok());
    const std::filesystem::path file = store.DraftOf(manifest.report().name()) / "large.csv";
    std::ofstream(file) << "a,b\n";
    std::filesystem::resize_file(file, kFileBytes);
    ASSERT_TRUE(store.Publish(manifest).ok());
  }
  Start();
  token_ = token;
  pb::DownloadReportRequest request;
  request.set_name(manifest.report().name());
  request.set_file("large.csv");
  grpc::ClientContext context;
  Show(&context);
  const auto reader = reports_->DownloadReport(&context, request);
  pb::DownloadReportResponse piece;
  ASSERT_TRUE(reader->Read(&piece));
  RevokeLastTokenIn(folder_.path());
  // Until new calls are refused: then the server has seen it.
  pb::Report report;
  while (Get(manifest.report().name(), &report).ok()) {
  }
  size_t bytes = piece.data().size();
  while (reader->Read(&piece)) bytes += piece.data().size();
  EXPECT_EQ(DetailsOf(reader->Finish()).reason, "TOKEN_REVOKED");
  EXPECT_LT(bytes, kFileBytes);
}

}  // namespace
}  // namespace dongxi
