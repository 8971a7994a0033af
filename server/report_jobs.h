// The operation that makes a report: kind "report", stages "match" and "write". Thread-safe.
#pragma once

#include <cstdint>

#include "absl/status/statusor.h"
#include "dongxi/storage/report.pb.h"
#include "google/protobuf/any.pb.h"
#include "server/match_runner.h"
#include "server/operations.h"
#include "server/report_match.h"
#include "server/report_store.h"
#include "server/serving_state.h"
#include "server/spare_time.h"
#include "store/catalogue.h"

namespace dongxi {

inline constexpr char kReportKind[] = "report";

struct ReportJobsOptions {
  // Of all answers of a report as they stand in its journal; more is refused. While a report is written, it
  // takes up to 27 times as much memory (docs/operations.md).
  uint64_t answer_bytes_max = uint64_t{64} << 20;
  bool gives_way = true;  // files are written with a small share where calls want the processor
};

class ReportJobs {
 public:
  // All outlive it.
  ReportJobs(ReportJobsOptions options, const ServingState* state, const CatalogueReader* catalogue,
             MatchRunner* matches, ReportStore* store, SpareTime spare)
      : options_(options),
        state_(state),
        catalogue_(catalogue),
        matches_(matches),
        store_(store),
        spare_(spare) {}

  // Makes the kind known to the runner, which outlives it. The job may run again after a crash or a restart:
  // it goes on with what its journal does not have, and a report that is there already is the answer. A job
  // that fails or is cancelled leaves nothing.
  void RegisterWith(OperationRunner* runner);

  // True while the operation that makes the report waits or runs: its draft and its journal are needed.
  bool Pending(const std::string& report) const;

 private:
  using Any = google::protobuf::Any;
  absl::StatusOr<Any> Make(const Any& request, OperationContext& context);
  absl::StatusOr<dongxi::v1::Report> MakeReport(const storage::ReportJob& job, const std::string& name,
                                                OperationContext& context);
  absl::StatusOr<std::vector<dongxi::v1::ReportFile>> WriteFiles(const storage::ReportJob& job,
                                                                 const report::MatchReport& report,
                                                                 const std::string& name,
                                                                 OperationContext& context);
  bool StopsForRestart(const absl::Status& status, const OperationContext& context) const;

  const ReportJobsOptions options_;
  const ServingState* const state_;
  const CatalogueReader* const catalogue_;
  MatchRunner* const matches_;
  ReportStore* const store_;
  const SpareTime spare_;
  OperationRunner* runner_ = nullptr;
};

}  // namespace dongxi
