// Fetching the files of a report that the server made.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "cli/client.h"
#include "cli/io.h"
#include "dongxi/v1/report.pb.h"

namespace dongxi::cli {

// Writes every file of the report into `folder` (made if missing), each whole, compared with its SHA-256 and
// in its place, or beside it as NAME.part. An interrupted download goes on where it stopped, within one call
// and over two: what is there and fits is not fetched again. What an earlier report left goes
// (report/write_files.h, RemoveEarlierFiles). The files' names, in the report's order. Errors:
// those of the server, of the file system, DataLoss if what came does not fit twice; a name that leads out of
// the folder is refused.
absl::StatusOr<std::vector<std::string>> DownloadReport(const Client& client, const v1::Report& report,
                                                        const std::string& folder, const Io& io);

// DownloadReport as a command ends, with the lock of the folder: the paths to `io.out`, figures to `io.err`;
// the exit code. Refused while another command writes the folder.
int SaveReport(const Client& client, const v1::Report& report, const std::string& folder, const Io& io);

}  // namespace dongxi::cli
