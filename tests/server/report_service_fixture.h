// A server with a small catalogue, for the tests of reports over gRPC.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "dongxi/v1/catalogue.grpc.pb.h"
#include "dongxi/v1/operations.pb.h"
#include "dongxi/v1/report.grpc.pb.h"
#include "google/longrunning/operations.grpc.pb.h"
#include "server/digest.h"
#include "server/report_store.h"
#include "server/token_file.h"
#include "tests/server/server_testing.h"

namespace dongxi {

using google::longrunning::Operation;

class ReportServiceTest : public testing::Test {
 protected:
  using Stub = pb::ReportService::Stub;

  // `more_needs` beside those of the small catalogue: how long a report takes.
  void Prepare(int more_needs = 0) {
    std::vector<Record> records = SmallCatalogue();
    const Record like = *std::find_if(records.begin(), records.end(),
                                      [](const Record& record) { return record.kind == RecordKind::kNeed; });
    for (int i = 0; i < more_needs; ++i) {
      records.push_back(like);
      records.back().id = "n-more-" + std::to_string(10'000 + i);
    }
    for (const char* const tenant : {"park", "other"}) {
      Record own = records[3];  // r-lithium
      own.id += std::string("-") + tenant;
      own.title += std::string("（") + tenant + "）";
      own.tenant = tenant;
      records.push_back(std::move(own));
    }
    WriteCatalogue(folder_.path(), records);
    ASSERT_FALSE(Build(folder_.path()).empty());
  }
  void Start() {
    ServerOptions options = OptionsFor(folder_.path());
    options.build.idle_priority = false;  // on a busy machine a report would be written for long
    running_ = StartServer(options);
    ASSERT_NE(running_.server, nullptr);
    reports_ = pb::ReportService::NewStub(running_.channel);
    operations_ = google::longrunning::Operations::NewStub(running_.channel);
  }
  void Stop() {
    ASSERT_TRUE(running_.server->Shutdown(absl::Seconds(5)).ok());
    running_.server.reset();
  }
  std::string NewTokenOf(const std::string& tenant, const std::string& permissions,
                         Disclosure disclosure = Disclosure::kPublic) {
    Token wanted;
    wanted.permissions = *ParsePermissions(permissions);
    wanted.create_time = absl::UnixEpoch();
    wanted.tenant = tenant;
    wanted.disclosure = disclosure;
    const NewTokenResult made = NewToken(wanted);
    EXPECT_TRUE(ChangeTokens(folder_.path() / kTokenFileName, [&](std::vector<Token>* tokens) {
                  tokens->push_back(made.token);
                  return absl::OkStatus();
                }).ok());
    return made.text;
  }
  void Show(grpc::ClientContext* context) const {
    if (!token_.empty()) context->AddMetadata("authorization", "Bearer " + token_);
  }

  // Any unary method of the service, with `token_` if there is one.
  template <typename Request, typename Response>
  grpc::Status Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                    const Request& request, Response* response) {
    grpc::ClientContext context;
    Show(&context);
    response->Clear();
    return (reports_.get()->*method)(&context, request, response);
  }
  // A small report that is quickly written.
  static pb::RunReportRequest Small() {
    pb::RunReportRequest request;
    request.add_needs("needs/n-lithium");
    request.add_formats(pb::REPORT_FORMAT_JSON);
    return request;
  }
  std::string Started(const pb::RunReportRequest& request) {
    Operation operation;
    const grpc::Status status = Call(&Stub::RunReport, request, &operation);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return operation.name();
  }
  Operation Now(const std::string& name) {
    google::longrunning::GetOperationRequest request;
    request.set_name(name);
    grpc::ClientContext context;
    Show(&context);
    Operation operation;
    const grpc::Status status = operations_->GetOperation(&context, request, &operation);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return operation;
  }
  static pb::OperationMetadata MetadataOf(const Operation& operation) {
    pb::OperationMetadata metadata;
    EXPECT_TRUE(operation.metadata().UnpackTo(&metadata));
    return metadata;
  }
  // Until some needs are matched, but not all.
  void AwaitTheMiddle(const std::string& name) {
    while (MetadataOf(Now(name)).progress() <= 0) {
      ASSERT_FALSE(Now(name).done()) << "it was over before its middle";
    }
  }
  Operation Ended(const std::string& name) {
    google::longrunning::WaitOperationRequest request;
    request.set_name(name);
    request.mutable_timeout()->set_seconds(60);
    grpc::ClientContext context;
    Show(&context);
    Operation operation;
    const grpc::Status status = operations_->WaitOperation(&context, request, &operation);
    EXPECT_TRUE(status.ok()) << status.error_message();
    EXPECT_TRUE(operation.done());
    return operation;
  }
  pb::Report ReportOf(const Operation& ended) {
    pb::Report report;
    EXPECT_TRUE(ended.response().UnpackTo(&report)) << ended.ShortDebugString();
    return report;
  }
  pb::Report Made(const pb::RunReportRequest& request) { return ReportOf(Ended(Started(request))); }

  struct Downloaded {
    grpc::Status status;
    std::string bytes;
    size_t largest = 0;  // piece
  };
  Downloaded Download(const std::string& name, const std::string& file, int64_t offset = 0) {
    pb::DownloadReportRequest request;
    request.set_name(name);
    request.set_file(file);
    request.set_offset(offset);
    grpc::ClientContext context;
    Show(&context);
    const auto reader = reports_->DownloadReport(&context, request);
    Downloaded got;
    pb::DownloadReportResponse piece;
    while (reader->Read(&piece)) {
      got.bytes += piece.data();
      got.largest = std::max(got.largest, piece.data().size());
    }
    got.status = reader->Finish();
    return got;
  }
  std::string Text(const pb::Report& report, const std::string& file) {
    const Downloaded got = Download(report.name(), file);
    EXPECT_TRUE(got.status.ok()) << got.status.error_message();
    return got.bytes;
  }
  std::vector<std::string> Listed() {
    std::vector<std::string> names;
    pb::ListReportsRequest request;
    pb::ListReportsResponse page;
    const grpc::Status status = Call(&Stub::ListReports, request, &page);
    EXPECT_TRUE(status.ok()) << status.error_message();
    for (const pb::Report& report : page.reports()) names.push_back(report.name());
    return names;
  }
  grpc::Status Get(const std::string& name, pb::Report* report) {
    pb::GetReportRequest request;
    request.set_name(name);
    return Call(&Stub::GetReport, request, report);
  }
  grpc::Status Delete(const std::string& name) {
    pb::DeleteReportRequest request;
    request.set_name(name);
    google::protobuf::Empty empty;
    return Call(&Stub::DeleteReport, request, &empty);
  }
  std::filesystem::path Root() const { return folder_.path() / kReportsFolderName; }
  // What is in the folder of reports.
  std::set<std::string> Entries() const {
    std::set<std::string> entries;
    if (!std::filesystem::exists(Root())) return entries;
    for (const auto& entry : std::filesystem::directory_iterator(Root()))
      entries.insert(entry.path().filename().string());
    return entries;
  }

  TemporaryFolder folder_;
  Running running_;
  std::string token_;
  std::unique_ptr<Stub> reports_;
  std::unique_ptr<google::longrunning::Operations::Stub> operations_;
};

}  // namespace dongxi
