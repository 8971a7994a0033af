// dongxi report --job: the server makes the report (ReportService), this program waits and downloads it.
#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "cli/client.h"
#include "cli/commands.h"
#include "cli/io.h"
#include "dongxi/v1/report.pb.h"
#include "google/longrunning/operations.pb.h"

namespace dongxi::cli {

// InvalidArgument names an option that a job does not take.
absl::Status CheckJob(const ReportOptions& options);

// What the options ask of the server. Reads --needs-file as NeedsOfFile does, with its errors.
absl::StatusOr<v1::RunReportRequest> JobRequestOf(const ReportOptions& options, const Io& io);

// Waits with a progress bar for the operation that makes a report.
absl::StatusOr<v1::Report> WaitForReport(const Client& client, google::longrunning::Operation operation,
                                         const Io& io);

// REQUIRES: CheckJob(options). Without --detach the paths of the files go to `io.out`.
int RunReportJob(const Client& client, const ReportOptions& options, const Io& io);

}  // namespace dongxi::cli
