// The folder of generations while a build runs: its lock, the hidden folder, publication and removal of old
// generations. Internal to indexer/build. Not thread-safe.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engine/index/manifest.h"
#include "indexer/build/generation_builder.h"

namespace dongxi {

// "g-<catalogue sequence>-<crc32c>": the checksum is that of the manifest's bytes without a name, so it
// covers the checksum of every file as well as model, policy and options. The same content has the same name
// everywhere.
std::string GenerationNameOf(Manifest manifest);

class BuildFolder {
 public:
  // Makes `generations` if it is missing, takes the lock of builders and removes what a killed build left
  // behind. FailedPrecondition: another build holds the lock.
  static absl::StatusOr<std::unique_ptr<BuildFolder>> Open(const std::filesystem::path& generations);
  // Removes the hidden folder if it was not published, and gives the lock back.
  ~BuildFolder();
  BuildFolder(const BuildFolder&) = delete;
  BuildFolder& operator=(const BuildFolder&) = delete;

  // Makes the hidden folder, empty.
  absl::StatusOr<std::filesystem::path> MakeHidden();
  // Renames the finished hidden folder to its generation's name, then makes it CURRENT if `options` say so at
  // that moment, which `published` tells. A sound generation of the same name is kept, a damaged one
  // replaced. On error all published generations and CURRENT are as they were.
  absl::StatusOr<std::filesystem::path> Publish(const Manifest& manifest, const BuildOptions& options,
                                                bool* published);
  // Removes published generations other than CURRENT's, the one that was current before, `keep_too` and the
  // newest, down to `keep`. Returns their names.
  std::vector<std::string> RemoveOld(int keep, const std::string& keep_too = "");
  // Removes one of ListGenerations.
  absl::Status Remove(const std::string& name);

 private:
  BuildFolder(std::filesystem::path generations, int lock);
  void RemoveLeftovers() const;
  absl::Status MakeCurrent(const Manifest& manifest, const BuildOptions& options, bool* published) const;
  absl::Status MoveIntoPlace(const Manifest& manifest, const std::filesystem::path& place);

  const std::filesystem::path generations_;
  const int lock_;
  std::string previous_;  // what CURRENT named before Publish; empty: nothing
};

// Published generations in `generations`, newest first (by the time of their manifests, then by name).
std::vector<std::string> ListGenerations(const std::filesystem::path& generations);

}  // namespace dongxi
