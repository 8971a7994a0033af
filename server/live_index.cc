#include "server/live_index.h"

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "engine/base/status_macros.h"

namespace dongxi {
namespace {

// A remote embedder that does not answer must not hold up writes for longer. A model of ours has its time:
// the answers of a replay, and of pages made anew, have its vectors as well.
constexpr absl::Duration kEmbedTimeMax = absl::Seconds(1);
// Records read and embedded at a time when the log is caught up with.
constexpr size_t kChunkRecords = 512;
// After an embedder failed, changes are taken without it for so long, so that not every write waits for it.
constexpr absl::Duration kEmbedPause = absl::Seconds(10);
// Rounds of catching up beside the writers; what is written during the last one is applied under the lock.
constexpr int kRoundsMax = 20;

// The names in order of their first change, each once.
class ChangedNames {
 public:
  void Add(const RecordName& name) {
    if (seen_.insert(name).second) names_.push_back(name);
  }
  const std::vector<RecordName>& names() const { return names_; }

 private:
  std::set<RecordName> seen_;
  std::vector<RecordName> names_;
};

// Applies changes of a catalogue to a builder. What the embedder cannot do is told and no error: the record
// is found by its words.
class Applier {
 public:
  // `remote`: the builder's embedder may fail. `log` and `stop` may be null. All outlive the applier.
  Applier(const CatalogueReader& catalogue, const OperatorLog* log, DeltaBuilder* builder, bool remote,
          std::function<bool()> stop = nullptr)
      : catalogue_(catalogue), log_(log), builder_(builder), remote_(remote), stop_(std::move(stop)) {}

  // The records of `names` as they were at `sequence`. Without a remote embedder before `embed_after`, which
  // moves on if it fails.
  absl::Status Names(std::span<const RecordName> names, uint64_t sequence, absl::Time* embed_after) {
    for (size_t begin = 0; begin < names.size(); begin += kChunkRecords) {
      if (stop_ && stop_()) return Stopped();
      const auto chunk = names.subspan(begin, std::min(kChunkRecords, names.size() - begin));
      DX_ASSIGN_OR_RETURN(std::vector<std::optional<Record>> records, catalogue_.GetManyAt(chunk, sequence));
      std::vector<RecordChange> changes;
      changes.reserve(chunk.size());
      for (size_t i = 0; i < chunk.size(); ++i) changes.push_back({chunk[i], std::move(records[i])});
      DX_RETURN_IF_ERROR(AdoptWhatTheyConcern(changes, sequence));
      const bool embed = !remote_ || absl::Now() >= *embed_after;
      const absl::Status applied = builder_->Apply(changes, embed ? EmbedDeadline() : absl::InfinitePast());
      if (applied.ok() || !embed) continue;
      if (remote_) *embed_after = absl::Now() + kEmbedPause;
      Tell(applied, sequence);
    }
    return absl::OkStatus();
  }

  // The changes of the log after `from` up to `to`.
  absl::Status Log(uint64_t from, uint64_t to, absl::Time* embed_after) {
    if (from >= to) return absl::OkStatus();
    ChangedNames changed;
    size_t seen = 0;
    bool stopped = false;
    DX_RETURN_IF_ERROR(catalogue_.ScanChanges(from, [&](const Change& change) {
      stopped = stop_ && seen++ % kChunkRecords == 0 && stop_();
      if (stopped || change.sequence > to) return false;
      changed.Add(change.name);
      return true;
    }));
    if (stopped) return Stopped();
    return Names(changed.names(), to, embed_after);
  }

 private:
  absl::Status AdoptWhatTheyConcern(std::span<const RecordChange> changes, uint64_t sequence) {
    const std::vector<RecordName> names = builder_->Concerned(changes);
    for (size_t begin = 0; begin < names.size(); begin += kChunkRecords) {
      if (stop_ && stop_()) return Stopped();
      const auto chunk = std::span(names).subspan(begin, std::min(kChunkRecords, names.size() - begin));
      DX_ASSIGN_OR_RETURN(const std::vector<std::optional<Record>> records,
                          catalogue_.GetManyAt(chunk, sequence));
      builder_->Adopt(records);
    }
    return absl::OkStatus();
  }

  absl::Time EmbedDeadline() const { return remote_ ? absl::Now() + kEmbedTimeMax : absl::InfiniteFuture(); }

  // A model of ours does not fail: then it is a record that cannot be indexed.
  void Tell(const absl::Status& why, uint64_t sequence) const {
    if (log_ == nullptr) return;
    const std::string what = remote_ ? " on are found by their words alone until the next build: "
                                     : " on are not matched as they should be until the next build: ";
    log_->Warning("changed records from sequence " + std::to_string(sequence) + what +
                  std::string(why.message()));
  }

  static absl::Status Stopped() {
    return absl::CancelledError("the caller went away while the changes since the generation were read");
  }

  const CatalogueReader& catalogue_;
  const OperatorLog* const log_;
  DeltaBuilder* const builder_;
  const bool remote_;
  const std::function<bool()> stop_;
};

}  // namespace

absl::StatusOr<std::shared_ptr<const Generation>> GenerationAt(const CatalogueReader& catalogue,
                                                               std::shared_ptr<const Generation> base,
                                                               uint64_t sequence,
                                                               const std::function<bool()>& stop) {
  const uint64_t from = base->manifest.catalogue_sequence;
  const bool remote = base->embedder->optional();
  DeltaBuilder builder(std::move(base));
  absl::Time embed_after = absl::InfinitePast();
  DX_RETURN_IF_ERROR(Applier(catalogue, nullptr, &builder, remote, stop).Log(from, sequence, &embed_after));
  return builder.Overlay();
}

LiveIndex::LiveIndex(Catalogue* catalogue, ServingState* state, const OperatorLog* log)
    : catalogue_(catalogue), state_(state), log_(log) {
  catalogue_->SetListener(
      [this](uint64_t sequence, std::span<const Change> changes) { OnCommit(sequence, changes); });
}

LiveIndex::~LiveIndex() { catalogue_->SetListener(nullptr); }

std::shared_ptr<const Generation> LiveIndex::base() const {
  const absl::MutexLock lock(&mutex_);
  return base_;
}

absl::Status LiveIndex::Serve(std::shared_ptr<const Generation> base, absl::Time build_time,
                              Verification verification, const std::string& message) {
  auto builder = std::make_unique<DeltaBuilder>(base);
  Applier apply(*catalogue_, log_, builder.get(), base->embedder->optional());
  absl::Time embed_after = absl::InfinitePast();
  // A generation of another catalogue may be ahead of this one: then all that comes is new to it.
  uint64_t applied = std::min(base->manifest.catalogue_sequence, catalogue_->sequence());
  for (int round = 0; round < kRoundsMax && applied < catalogue_->sequence(); ++round) {
    const uint64_t now = catalogue_->sequence();
    DX_RETURN_IF_ERROR(apply.Log(applied, now, &embed_after));
    applied = now;
  }
  const absl::MutexLock lock(&mutex_);
  // A commit that is not in `now` waits for the lock in OnCommit, and comes after.
  const uint64_t now = catalogue_->sequence();
  DX_RETURN_IF_ERROR(apply.Log(applied, now, &embed_after));
  embed_after_ = embed_after;
  base_ = std::move(base);
  builder_ = std::move(builder);
  applied_ = now;
  state_->Serve(builder_->Overlay(), build_time, verification, message,
                LiveExtent{.sequence = applied_, .delta_size = builder_->size()});
  return absl::OkStatus();
}

void LiveIndex::OnCommit(uint64_t sequence, std::span<const Change> changes) {
  const absl::MutexLock lock(&mutex_);
  if (builder_ == nullptr || sequence <= applied_) return;
  Applier apply(*catalogue_, log_, builder_.get(), base_->embedder->optional());
  absl::Status status;
  if (sequence == applied_ + 1) {
    ChangedNames changed;
    for (const Change& change : changes) changed.Add(change.name);
    status = apply.Names(changed.names(), sequence, &embed_after_);
  } else {  // an earlier commit could not be read: all of it again
    status = apply.Log(applied_, sequence, &embed_after_);
  }
  if (!status.ok()) {
    log_->Error("sequence " + std::to_string(sequence) +
                " is not matched yet, the next write tries again: " + std::string(status.message()));
    return;
  }
  applied_ = sequence;
  state_->Advance(builder_->Overlay(), LiveExtent{.sequence = applied_, .delta_size = builder_->size()});
}

}  // namespace dongxi
