// Keeps the policy tables and the ranking files that answers were made with, so that an answer can be
// replayed after they were changed: DATA/settings/policy-<version>/ and DATA/settings/ranking-<digest>/, each
// with its list of checksums (docs/format/settings.md). Thread-safe.
#pragma once

#include <filesystem>
#include <memory>
#include <set>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "engine/base/checksum_list.h"
#include "engine/match/ranking_config.h"
#include "engine/policy/policy.h"

namespace dongxi {

class SettingsArchive {
 public:
  // `root` is made when the first copy is. The other two are where the server loads its settings from.
  SettingsArchive(std::filesystem::path root, std::filesystem::path policy_directory,
                  std::filesystem::path ranking_file);

  // Copies both unless they are there; durable. At most one attempt for each version. Errors: those of the
  // files; FailedPrecondition if they have been changed since they were loaded.
  absl::Status Keep(const Policy& policy, const RankingConfig& ranking) ABSL_LOCKS_EXCLUDED(mutex_);

  // FailedPrecondition names the version that was not kept.
  absl::StatusOr<std::shared_ptr<const Policy>> OpenPolicy(const std::string& version) const;
  absl::StatusOr<std::shared_ptr<const RankingConfig>> OpenRanking(const std::string& digest) const;

  // Reads every file of `root` and compares checksums; folders that an earlier version kept without a list
  // must have the content that their name says. Problems name the file and the remedy; none are unlisted.
  static ListedFolders Verify(const std::filesystem::path& root);

 private:
  absl::Status KeepPolicy(const std::string& version) const;
  absl::Status KeepRanking(const RankingConfig& ranking) const;

  const std::filesystem::path root_, policy_directory_, ranking_file_;
  absl::Mutex mutex_;
  std::set<std::string> tried_ ABSL_GUARDED_BY(mutex_);  // versions and digests
};

}  // namespace dongxi
