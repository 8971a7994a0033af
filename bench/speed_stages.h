// The stages of dongxi-bench speed; each measures one size and adds its figures to the report.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "bench/json_lines.h"
#include "bench/papers.h"
#include "bench/report.h"
#include "bench/served_data.h"

namespace dongxi::bench {

struct SpeedOptions {
  std::vector<size_t> sizes = {10'000, 20'000, 100'000};  // evidence records
  std::string papers;
  std::string need_result;  // empty: no results, so that list stays empty
  std::string queries;      // empty: every kHoldOutNth paper is kept out and asked instead
  std::string out;          // empty: a temporary folder
  std::string server_program;
  int calls = 1000;
  int threads = 0;  // of the build; 0: all cores
  ProgramTables tables;
  std::string json;
};

inline constexpr size_t kHoldOutNth = 50;
// The sizes that two of the bars are about.
inline constexpr size_t kMatchBarSize = 20'000;
inline constexpr size_t kReadyBarSize = 100'000;

// One size: its folders and the records in it.
struct SpeedRun {
  size_t evidence = 0;
  size_t records = 0;          // of all kinds
  std::filesystem::path rows;  // import files
  std::filesystem::path data;  // catalogue and generations
  std::string title;           // "20000 evidence records"
};

// The folder of a whole run; a temporary one is removed at the end.
class WorkFolder {
 public:
  // `out` empty: a temporary one. Internal if it cannot be made.
  static absl::StatusOr<std::unique_ptr<WorkFolder>> Make(const std::string& out);
  ~WorkFolder();
  WorkFolder(const WorkFolder&) = delete;
  WorkFolder& operator=(const WorkFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  WorkFolder(std::filesystem::path path, bool temporary);
  const std::filesystem::path path_;
  const bool temporary_;
};

// Makes the folder size-EVIDENCE of `work`. FailedPrecondition if it is there already.
absl::StatusOr<SpeedRun> RunOf(size_t evidence, const std::filesystem::path& work);
// Writes the import files of the run and imports them.
absl::Status MeasureImport(const SpeedOptions& options, const PaperCorpus& corpus, SpeedRun& run,
                           Report& report);
// Trains, builds, builds again with nothing changed, and weighs what lies on disk.
absl::Status MeasureBuild(const SpeedOptions& options, const SpeedRun& run, Report& report);
// Opens the generation in this process: time to open, three-list matches on one thread, recall.
absl::Status MeasureEngine(const SpeedOptions& options, const SpeedRun& run,
                           const std::vector<TextQuery>& queries, Report& report);
// Starts the server as a child: time to be ready, calls over gRPC, memory afterwards.
absl::Status MeasureServer(const SpeedOptions& options, const SpeedRun& run,
                           const std::vector<TextQuery>& queries, Report& report);

}  // namespace dongxi::bench
