// A server with the small catalogue, its ledger and its statistics, and dongxi run against it.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "dongxi/v1/catalogue.grpc.pb.h"
#include "dongxi/v1/engagement.grpc.pb.h"
#include "dongxi/v1/statistics.grpc.pb.h"
#include "engine/base/files.h"
#include "nlohmann/json.hpp"
#include "tests/cli/run_cli.h"
#include "tests/server/served_catalogue.h"

namespace dongxi {

inline constexpr char kHeader[] =
    "需求编号,供给方编号,步骤,日期,金额（万元）,登记编号,拒绝原因,凭据,备注,登记单位,任务,模拟数据\n";
// The life of one pair, and of another one that was refused.
inline constexpr char kLife[] =
    "n-lithium,results/r-lithium,推荐,2025-01-10,,,,,,青海省科技厅,,\n"
    "n-lithium,results/r-lithium,会谈,2025-02-10,,,,,,青海省科技厅,,\n"
    "n-lithium,results/r-lithium,签约,2025-03-10,120,,,青科发〔2025〕7号,,青海省科技厅,,\n"
    "n-lithium,results/r-lithium,技术合同登记,2025-04-10,120,2025630001,,,,青海省科技厅,,\n"
    "n-lithium,results/r-lithium,到账,2025-06-10,80万元,,,,,青海省科技厅,,\n"
    "n-lithium,results/r-lithium,验收,2025-11-10,,,,验收意见书,,青海省科技厅,,\n"
    "n-lithium,institutions/js,拒绝,2025-05-10,,,无经费,,,青海省科技厅,,\n";

class StatisticsServiceTest : public ServedCatalogueTest {
 protected:
  void Connect() override {
    statistics_ = pb::StatisticsService::NewStub(running_.channel);
    engagements_ = pb::EngagementService::NewStub(running_.channel);
  }

  // Runs `dongxi ARGUMENTS`; its output is in out_ and err_.
  int Dongxi(std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--server", "127.0.0.1:" + std::to_string(running_.server->port())});
    const cli::CliRun run = cli::Dongxi(arguments);
    out_ = run.out;
    err_ = run.err;
    return run.exit_code;
  }
  std::string File(const std::string& name, const std::string& text) {
    const std::filesystem::path file = folder_.path() / name;
    std::ofstream(file, std::ios::binary) << text;
    return file.string();
  }
  int Import(const std::string& rows, std::vector<std::string> more = {}) {
    std::vector<std::string> arguments = {"engage", "import", File("台账.csv", kHeader + rows)};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return Dongxi(arguments);
  }

  static absl::CivilDay Today() { return absl::ToCivilDay(absl::Now(), absl::FixedTimeZone(8 * 3600)); }
  static pb::ComputeStatisticsRequest Year(int year) {
    pb::ComputeStatisticsRequest request;
    request.mutable_start_time()->set_seconds(Seconds(year));
    request.mutable_end_time()->set_seconds(Seconds(year + 1));
    return request;
  }
  static int64_t Seconds(int year) {
    return absl::ToUnixSeconds(absl::FromCivil(absl::CivilDay(year, 1, 1), absl::FixedTimeZone(8 * 3600)));
  }
  grpc::Status Compute(const pb::ComputeStatisticsRequest& request, pb::Statistics* statistics) {
    grpc::ClientContext context;
    return statistics_->ComputeStatistics(&context, request, statistics);
  }
  pb::Statistics MustCompute(const pb::ComputeStatisticsRequest& request) {
    pb::Statistics statistics;
    const grpc::Status status = Compute(request, &statistics);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return statistics;
  }
  static const pb::Figure& Figure(const pb::StatisticsGroup& group, pb::FigureKind kind) {
    return group.figures(static_cast<int>(kind) - 1);
  }
  std::vector<pb::Engagement> Ledger(bool whole = true) {
    std::vector<pb::Engagement> entries;
    grpc::ClientContext context;
    pb::ExportEngagementsRequest request;
    request.mutable_filter()->set_whole_ledger(whole);
    const auto reader = engagements_->ExportEngagements(&context, request);
    pb::ExportEngagementsResponse part;
    while (reader->Read(&part))
      entries.insert(entries.end(), part.engagements().begin(), part.engagements().end());
    EXPECT_TRUE(reader->Finish().ok());
    return entries;
  }
  nlohmann::json Json() const { return nlohmann::json::parse(out_); }

  std::unique_ptr<pb::StatisticsService::Stub> statistics_;
  std::unique_ptr<pb::EngagementService::Stub> engagements_;
  std::string out_, err_;
};

}  // namespace dongxi
