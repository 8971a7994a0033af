// The folders that dongxi-bench speed and report work in.
#include <stdlib.h>

#include <utility>

#include "bench/speed_stages.h"

namespace dongxi::bench {

absl::StatusOr<std::unique_ptr<WorkFolder>> WorkFolder::Make(const std::string& out) {
  if (!out.empty()) return std::unique_ptr<WorkFolder>(new WorkFolder(out, /*temporary=*/false));
  std::string path = (std::filesystem::temp_directory_path() / "dongxi-bench-XXXXXX").string();
  if (mkdtemp(path.data()) == nullptr)
    return absl::InternalError(path + ": cannot be made; name a folder with --out");
  return std::unique_ptr<WorkFolder>(new WorkFolder(path, /*temporary=*/true));
}

WorkFolder::WorkFolder(std::filesystem::path path, bool temporary)
    : path_(std::move(path)), temporary_(temporary) {}

WorkFolder::~WorkFolder() {
  std::error_code ignored;
  if (temporary_) std::filesystem::remove_all(path_, ignored);
}

absl::StatusOr<SpeedRun> RunOf(size_t evidence, const std::filesystem::path& work) {
  SpeedRun run;
  run.evidence = evidence;
  run.title = std::to_string(evidence) + " evidence records";
  const std::filesystem::path folder = work / ("size-" + std::to_string(evidence));
  if (std::filesystem::exists(folder)) {
    return absl::FailedPreconditionError(folder.string() +
                                         ": is there already; name another folder with --out");
  }
  run.rows = folder / "rows";
  run.data = folder / "data";
  std::error_code error;
  std::filesystem::create_directories(run.data, error);
  if (error) return absl::InternalError(folder.string() + ": " + error.message());
  return run;
}

}  // namespace dongxi::bench
