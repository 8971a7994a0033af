// Keeps the policy tables and the ranking files that answers were made with, so that an answer can be
// replayed after they were changed: DATA/settings/policy-<version>/ and DATA/settings/ranking-<digest>/, each
// with its list of checksums (docs/format/settings.md). Thread-safe.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "engine/base/checksum_list.h"
#include "engine/match/ranking_config.h"
#include "engine/policy/policy.h"

namespace dongxi {

class SettingsArchive {
 public:
  // `root` is made when the first copy is. The other two are where the server loads its settings from.
  SettingsArchive(std::filesystem::path root, std::filesystem::path policy_directory,
                  std::filesystem::path ranking_file, std::function<absl::Time()> now = &absl::Now);

  // Copies both unless they are there; durable. After an error, which is returned once, not tried again
  // for ten seconds. Errors: those of the files; FailedPrecondition if they have been changed since they were
  // loaded.
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

  absl::Status KeepOnce(const std::string& version, absl::FunctionRef<absl::Status()> keep)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const std::filesystem::path root_, policy_directory_, ranking_file_;
  const std::function<absl::Time()> now_;
  absl::Mutex mutex_;
  // When a version or digest is looked at again: never once it is kept.
  std::map<std::string, absl::Time> next_try_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace dongxi
