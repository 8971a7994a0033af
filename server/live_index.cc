#include "server/live_index.h"

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "engine/base/status_macros.h"

namespace dongxi {
namespace {

// A remote embedder that does not answer must not hold up writes for longer.
constexpr absl::Duration kEmbedTimeMax = absl::Seconds(1);
// Records read and embedded at a time when the log is caught up with.
constexpr size_t kChunkRecords = 512;
// So few changes are applied under the lock, where commits wait for them.
constexpr uint64_t kSequencesUnderLock = 8;

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

// Applies the records of `names` as they were at `sequence`. What the builder cannot do wholly is told and no
// error: the record is found by its words.
absl::Status ApplyNames(const CatalogueReader& catalogue, std::span<const RecordName> names,
                        uint64_t sequence, const OperatorLog* log, DeltaBuilder* builder) {
  for (size_t begin = 0; begin < names.size(); begin += kChunkRecords) {
    const auto chunk = names.subspan(begin, std::min(kChunkRecords, names.size() - begin));
    DX_ASSIGN_OR_RETURN(std::vector<std::optional<Record>> records, catalogue.GetManyAt(chunk, sequence));
    std::vector<RecordChange> changes;
    changes.reserve(chunk.size());
    for (size_t i = 0; i < chunk.size(); ++i) changes.push_back({chunk[i], std::move(records[i])});
    const absl::Status applied = builder->Apply(changes, absl::Now() + kEmbedTimeMax);
    if (!applied.ok() && log != nullptr) {
      log->Warning("changed records of sequence " + std::to_string(sequence) +
                   " are found by their words alone until the next build: " + std::string(applied.message()));
    }
  }
  return absl::OkStatus();
}

// Applies the changes of the log after `from` up to `to`.
absl::Status ApplyLog(const CatalogueReader& catalogue, uint64_t from, uint64_t to, const OperatorLog* log,
                      DeltaBuilder* builder) {
  if (from >= to) return absl::OkStatus();
  ChangedNames changed;
  DX_RETURN_IF_ERROR(catalogue.ScanChanges(from, [&](const Change& change) {
    if (change.sequence > to) return false;
    changed.Add(change.name);
    return true;
  }));
  return ApplyNames(catalogue, changed.names(), to, log, builder);
}

}  // namespace

absl::StatusOr<std::shared_ptr<const Generation>> GenerationAt(const CatalogueReader& catalogue,
                                                               std::shared_ptr<const Generation> base,
                                                               uint64_t sequence) {
  const uint64_t from = base->manifest.catalogue_sequence;
  DeltaBuilder builder(std::move(base));
  DX_RETURN_IF_ERROR(ApplyLog(catalogue, from, sequence, nullptr, &builder));
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
  // A generation of another catalogue may be ahead of this one: then all that comes is new to it.
  uint64_t applied = std::min(base->manifest.catalogue_sequence, catalogue_->sequence());
  for (uint64_t now = catalogue_->sequence(); now - applied > kSequencesUnderLock;
       now = catalogue_->sequence()) {
    DX_RETURN_IF_ERROR(ApplyLog(*catalogue_, applied, now, log_, builder.get()));
    applied = now;
  }
  const absl::MutexLock lock(&mutex_);
  // A commit that is not in `now` waits for the lock in OnCommit, and comes after.
  const uint64_t now = catalogue_->sequence();
  DX_RETURN_IF_ERROR(ApplyLog(*catalogue_, applied, now, log_, builder.get()));
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
  absl::Status status;
  if (sequence == applied_ + 1) {
    ChangedNames changed;
    for (const Change& change : changes) changed.Add(change.name);
    status = ApplyNames(*catalogue_, changed.names(), sequence, log_, builder_.get());
  } else {  // an earlier commit could not be read: all of it again
    status = ApplyLog(*catalogue_, applied_, sequence, log_, builder_.get());
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
