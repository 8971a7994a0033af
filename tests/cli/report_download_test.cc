// Downloading against a server whose streams break, and one that gives bad names or bad bytes.
#include "cli/report_download.h"

#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

#include "cli/folder_lock.h"
#include "dongxi/v1/report.grpc.pb.h"
#include "report/file_digest.h"

namespace dongxi::cli {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::Ge;
using testing::HasSubstr;

constexpr size_t kPiece = 1'000;

// Gives one file in pieces and breaks every stream after so many of them.
struct BreakingService final : v1::ReportService::Service {
  std::string bytes;
  int pieces_a_stream = 1'000'000;
  grpc::StatusCode broken = grpc::StatusCode::UNAVAILABLE;
  std::vector<int64_t> offsets;

  grpc::Status DownloadReport(grpc::ServerContext*, const v1::DownloadReportRequest* request,
                              grpc::ServerWriter<v1::DownloadReportResponse>* writer) override {
    offsets.push_back(request->offset());
    auto at = static_cast<size_t>(request->offset());
    for (int sent = 0; at < bytes.size(); ++sent) {
      if (sent == pieces_a_stream) return {broken, "broken off"};
      v1::DownloadReportResponse piece;
      piece.set_data(bytes.substr(at, kPiece));
      at += piece.data().size();
      writer->Write(piece);
    }
    return grpc::Status::OK;
  }
};

class ReportDownloadTest : public testing::Test {
 protected:
  ReportDownloadTest() {
    for (int i = 0; i < 9'500; ++i) service_.bytes.push_back(static_cast<char>(i * i % 251));
    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(&service_);
    server_ = builder.BuildAndStart();
    ConnectionOptions connection;
    connection.server = "127.0.0.1:" + std::to_string(port);
    client_ = *Client::Open(connection);
    folder_ = fs::path(testing::TempDir()) / ("report_download_" + std::to_string(port));
    fs::create_directories(folder_);
    std::ofstream(folder_ / "sample", std::ios::binary) << service_.bytes;
    report_.set_name("reports/r-1");
    v1::ReportFile& file = *report_.add_files();
    file.set_name("csv/数据.csv");
    file.set_size_bytes(static_cast<int64_t>(service_.bytes.size()));
    file.set_sha256(report::DigestOf(folder_ / "sample")->sha256);
  }
  ~ReportDownloadTest() override { fs::remove_all(folder_); }

  absl::StatusOr<std::vector<std::string>> Download() {
    std::ostringstream out, err;
    return DownloadReport(*client_, report_, (folder_ / "got").string(), Io{out, err});
  }
  fs::path Target() const { return folder_ / "got" / "csv" / "数据.csv"; }
  static std::string ReadAll(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  BreakingService service_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<Client> client_;
  fs::path folder_;
  v1::Report report_;
};

TEST_F(ReportDownloadTest, GoesOnAtTheByteWhereEachStreamBroke) {
  service_.pieces_a_stream = 4;
  const auto names = Download();
  ASSERT_TRUE(names.ok()) << names.status();
  EXPECT_THAT(*names, ElementsAre("csv/数据.csv"));
  EXPECT_THAT(service_.offsets, ElementsAre(0, 4'000, 8'000));
  EXPECT_TRUE(ReadAll(Target()) == service_.bytes);
}

TEST_F(ReportDownloadTest, WhatCameIsKeptWhenNothingMoreComesAndUsedByTheNextRun) {
  service_.pieces_a_stream = 2;
  service_.broken = grpc::StatusCode::PERMISSION_DENIED;
  EXPECT_EQ(Download().status().code(), absl::StatusCode::kPermissionDenied);
  EXPECT_FALSE(fs::exists(Target()));
  service_.pieces_a_stream = 1'000'000;
  ASSERT_TRUE(Download().ok());
  EXPECT_THAT(service_.offsets, ElementsAre(0, 2'000));
  EXPECT_TRUE(ReadAll(Target()) == service_.bytes);
  ASSERT_TRUE(Download().ok());
  EXPECT_THAT(service_.offsets, testing::SizeIs(2)) << "what is there and fits is not fetched again";
}

TEST_F(ReportDownloadTest, CsvFilesOfAnEarlierReportDoNotStayBesideTheNewOne) {
  service_.pieces_a_stream = 1'000'000;
  fs::create_directories(Target().parent_path());
  const fs::path earlier = Target().parent_path() / "changes.csv", own = Target().parent_path() / "my.csv";
  std::ofstream(earlier) << "变化";
  std::ofstream(own) << "别人的";
  ASSERT_TRUE(Download().ok());
  EXPECT_FALSE(fs::exists(earlier));
  EXPECT_TRUE(fs::exists(own));
  EXPECT_TRUE(fs::exists(Target()));
}

TEST_F(ReportDownloadTest, OtherFormatsOfAnEarlierReportDoNotStayBesideTheNewOne) {
  const fs::path earlier = folder_ / "got" / "report.json", own = folder_ / "got" / "my.json";
  fs::create_directories(folder_ / "got");
  std::ofstream(earlier) << "{}";
  std::ofstream(own) << "{}";
  ASSERT_TRUE(Download().ok());
  EXPECT_FALSE(fs::exists(earlier));
  EXPECT_TRUE(fs::exists(own));
}

TEST_F(ReportDownloadTest, NothingIsFetchedWhileAnotherCommandWritesTheFolder) {
  const std::string folder = (folder_ / "got").string();
  std::ostringstream out, err;
  {
    const absl::StatusOr<FolderLock> first = TakeFolder(folder);
    ASSERT_TRUE(first.ok()) << first.status();
    EXPECT_EQ(SaveReport(*client_, report_, folder, Io{out, err}), kExitFailed);
    EXPECT_THAT(err.str(), HasSubstr("另一个 dongxi 命令正在写"));
    EXPECT_TRUE(service_.offsets.empty());
  }
  EXPECT_EQ(SaveReport(*client_, report_, folder, Io{out, err}), kExitOk);
}

TEST_F(ReportDownloadTest, GivesUpWhenNothingComes) {
  service_.pieces_a_stream = 0;
  EXPECT_EQ(Download().status().code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(service_.offsets.size(), Ge(2u));
}

TEST_F(ReportDownloadTest, BytesThatDoNotFitAreNeverPutInPlace) {
  service_.bytes[5'000] = static_cast<char>(service_.bytes[5'000] ^ 1);
  const absl::Status status = Download().status();
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(std::string(status.message()), HasSubstr("SHA-256"));
  EXPECT_FALSE(fs::exists(Target()));
  EXPECT_THAT(service_.offsets, ElementsAre(0, 0)) << "once more from the beginning";
}

TEST_F(ReportDownloadTest, NamesThatLeadOutOfTheFolderAreRefused) {
  for (const char* const name : {"../escape", "/tmp/escape", "csv/../../escape", "", "csv/", "./x"}) {
    report_.mutable_files(0)->set_name(name);
    EXPECT_EQ(Download().status().code(), absl::StatusCode::kInvalidArgument) << name;
  }
  EXPECT_TRUE(service_.offsets.empty());
}

}  // namespace
}  // namespace dongxi::cli
