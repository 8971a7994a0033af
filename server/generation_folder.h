// What an operator does with the folder of generations beside building: look, publish, roll back, delete.
// Thread-safe: each call reads the folder anew.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "engine/index/manifest.h"

namespace dongxi {

struct GenerationInfo {
  std::string name;
  bool current = false;  // CURRENT names it
  absl::Time build_time;
  absl::StatusOr<Manifest> manifest = Manifest();
  uint64_t bytes = 0;
};

class GenerationFolder {
 public:
  explicit GenerationFolder(std::filesystem::path directory) : directory_(std::move(directory)) {}
  const std::filesystem::path& directory() const { return directory_; }

  std::vector<GenerationInfo> List() const;  // newest first
  // NotFound with the names that there are.
  absl::StatusOr<GenerationInfo> Get(const std::string& name) const;
  // Reads every file. DataLoss names the first that is damaged.
  absl::Status Verify(const std::string& name) const;
  // Makes it CURRENT after Verify; nothing changes on an error.
  absl::Status Publish(const std::string& name) const;
  // The newest generation of a lower catalogue sequence than CURRENT's, or built before it.
  // FailedPrecondition: none.
  absl::StatusOr<std::string> Previous() const;
  // FailedPrecondition: it is CURRENT or `served`, or a build runs (BUILD_RUNNING, with a delay until another
  // try).
  absl::Status Delete(const std::string& name, const std::string& served) const;
  // Removes the oldest beyond `keep`, never CURRENT nor `served`; their names. FailedPrecondition: a build
  // runs, as in Delete.
  absl::StatusOr<std::vector<std::string>> RemoveOld(int keep, const std::string& served) const;
  // Lowest catalogue sequence of the generations there are; NotFound if there is none that can be read.
  absl::StatusOr<uint64_t> OldestSequence() const;

 private:
  const std::filesystem::path directory_;
};

}  // namespace dongxi
