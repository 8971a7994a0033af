#include "server/auto_build.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "engine/base/status_macros.h"

namespace dongxi {

AutoBuild::AutoBuild(AutoBuildOptions options, GenerationFolder folder, const Catalogue* catalogue,
                     Hooks hooks, const OperatorLog* log)
    : options_(std::move(options)),
      folder_(std::move(folder)),
      catalogue_(catalogue),
      hooks_(std::move(hooks)),
      log_(log),
      failure_gap_(options_.gap_min) {}

AutoBuild::~AutoBuild() { Stop(); }

// Counts what is new since the last call only.
absl::StatusOr<uint64_t> AutoBuild::ChangesSince(uint64_t base) {
  if (base != base_) {
    base_ = counted_ = base;
    changes_ = 0;
  }
  DX_RETURN_IF_ERROR(catalogue_->ScanChanges(counted_, [this](const Change& change) {
    ++changes_;
    counted_ = std::max(counted_, change.sequence);
    return true;
  }));
  return changes_;
}

std::string AutoBuild::DueForFirst(uint64_t sequence, uint64_t records) {
  const bool paused = sequence == std::exchange(last_seen_, sequence);
  if (records == 0) return "";
  first_seen_ = std::min(first_seen_, options_.now());
  if (!paused && options_.now() - first_seen_ < options_.first_wait_max) return "";
  return "there are " + std::to_string(records) + " records and no generation yet";
}

std::string AutoBuild::Due() {
  const uint64_t sequence = catalogue_->sequence();
  const RecordCounts counts = catalogue_->Counts();
  const uint64_t records = std::accumulate(counts.begin(), counts.end(), uint64_t{0});
  const absl::StatusOr<std::string> current = ReadCurrent(folder_.directory());
  if (!current.ok()) return DueForFirst(sequence, records);
  const absl::StatusOr<GenerationInfo> info = folder_.Get(*current);
  if (!info.ok() || !info->manifest.ok()) return "the current generation " + *current + " is damaged";
  const absl::StatusOr<uint64_t> changes = ChangesSince(info->manifest->catalogue_sequence);
  if (!changes.ok()) return "the changes since the current generation are not known any more";
  if (*changes == 0) return "";
  const auto share = static_cast<uint64_t>(options_.changes_share * static_cast<double>(records));
  if (*changes > std::max(options_.changes_min, share)) {
    return std::to_string(*changes) + " records have changed since the current generation";
  }
  if (options_.now() - info->build_time > options_.age_max) return "the current generation is old";
  return "";
}

std::string AutoBuild::Step() {
  if (!hooks_.may_build()) return "";
  std::string why = Due();
  if (why.empty()) return "";
  const bool failed = last_start_ != absl::InfinitePast() && hooks_.last_failed();
  if (options_.now() - last_start_ < (failed ? failure_gap_ : options_.gap_min)) return "";
  failure_gap_ = failed ? std::min(2 * failure_gap_, options_.gap_max) : options_.gap_min;
  last_start_ = options_.now();
  log_->Info("a build is started: " + why);
  const absl::Status started = hooks_.start();
  if (!started.ok()) log_->Warning("a build could not be started: " + std::string(started.message()));
  return why;
}

void AutoBuild::Start() {
  if (options_.on) thread_ = std::thread([this] { Run(); });
}

void AutoBuild::Run() {
  while (true) {
    {
      const absl::MutexLock lock(&mutex_);
      if (mutex_.AwaitWithTimeout(absl::Condition(&stopping_), options_.interval)) return;
    }
    Step();
  }
}

void AutoBuild::Stop() {
  {
    const absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  if (thread_.joinable()) thread_.join();
}

}  // namespace dongxi
