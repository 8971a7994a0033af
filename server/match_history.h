// Answers given earlier: the match log, the occasions that later pages are answered from, and their return
// from disk. Thread-safe.
#pragma once

#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "dongxi/v1/replay.pb.h"
#include "server/deadline.h"
#include "server/generation_watcher.h"
#include "server/live_index.h"
#include "server/occasion.h"
#include "server/operator_log.h"
#include "server/settings_archive.h"
#include "store/catalogue.h"

namespace dongxi {

// How long a page token can be used after its first page was answered.
inline constexpr absl::Duration kPageTokenAgeMax = absl::Hours(24);

// CRC-32C of the deterministic bytes of an answer.
uint32_t AnswerChecksum(const google::protobuf::MessageLite& answer);

// Removes the records of answers from generations built before `oldest_generation_sequence`. Returns how
// many.
absl::StatusOr<uint64_t> PruneMatches(Catalogue& catalogue, uint64_t oldest_generation_sequence,
                                      int64_t now_us);

// What the match log has of an answer.
struct NotedMatch {
  dongxi::v1::MatchRecord record;
  std::optional<uint64_t> ledger, visible_at;  // as in Occasion
  // Hashes (HashBytes) of the names that it lists; none in answers of before they were noted.
  std::optional<std::vector<uint64_t>> listed;
  // Whether it lists the record of that resource name; true where that was not noted.
  bool MayList(std::string_view name) const;
};

// A line of the match log; none if it is no such line.
std::optional<NotedMatch> ReadNotedMatch(const std::string& bytes);

class MatchHistory {
 public:
  // Occasions kept in memory for later pages, and the states of the index that they may be of together;
  // others come back from disk.
  static constexpr size_t kPinnedMax = 4'096;
  static constexpr size_t kPinnedSnapshotsMax = 64;

  // All pointers outlive the history. Writes the key of page tokens to the catalogue, once in its life.
  MatchHistory(Catalogue* catalogue, const ServingState* state, const LiveIndex* live,
               GenerationWatcherOptions generations, SettingsArchive* settings, const OperatorLog* log);

  // Notes an answer made on `occasion` under its match_id; the request and the checksum are in `record`
  // already, `listed` are the names that it lists. Not synced. What fails is logged: the answer is right, but
  // cannot be replayed.
  void Note(const std::string& match_id, const Occasion& occasion, dongxi::v1::MatchRecord record,
            const std::vector<std::string>& listed);
  // Keeps `occasion` in memory for the pages after `match_id`. Answers of one state of the index share it.
  void Pin(const std::string& match_id, const Occasion& occasion) ABSL_LOCKS_EXCLUDED(mutex_);

  // NotFound: no answer has that id, or its record was pruned.
  absl::StatusOr<NotedMatch> Read(const std::string& match_id) const;
  // The occasion of a noted answer, made anew from disk and the change log. FailedPrecondition names what is
  // gone; Cancelled or DeadlineExceeded as `limits` say.
  absl::StatusOr<Occasion> Reopen(const NotedMatch& noted, const RunLimits& limits)
      ABSL_LOCKS_EXCLUDED(mutex_);
  // Whether an answer that `asked` got at `read_time` may be gone on with.
  using Check = absl::FunctionRef<absl::Status(const Viewer& asked, absl::Time read_time)>;
  static absl::Status Always(const Viewer&, absl::Time) { return absl::OkStatus(); }
  // From memory, otherwise Read and Reopen; before anything is made anew `check` is asked, whose errors come
  // back.
  absl::StatusOr<Occasion> OccasionOf(const std::string& match_id, const RunLimits& limits,
                                      Check check = &Always) ABSL_LOCKS_EXCLUDED(mutex_);

  // Page tokens of matches are signed with it. The same after a restart and in a restored backup.
  const std::string& token_key() const { return token_key_; }

 private:
  using State = std::pair<std::string, uint64_t>;  // generation and sequence
  static State StateOf(const Snapshot& snapshot);
  std::shared_ptr<const Generation> InMemory(const State& state) ABSL_LOCKS_EXCLUDED(mutex_);
  absl::StatusOr<std::shared_ptr<const Generation>> GenerationOf(const dongxi::v1::Provenance& provenance,
                                                                 const RunLimits& limits)
      ABSL_LOCKS_EXCLUDED(mutex_);
  absl::StatusOr<std::shared_ptr<const Generation>> Base(const std::string& name) ABSL_LOCKS_EXCLUDED(mutex_);

  Catalogue* const catalogue_;
  const ServingState* const state_;
  const LiveIndex* const live_;
  const GenerationWatcherOptions generations_;
  SettingsArchive* const settings_;
  const OperatorLog* const log_;
  const std::string token_key_;

  absl::Mutex mutex_;
  using Pinned = std::pair<std::string, Occasion>;
  std::list<Pinned> pinned_ ABSL_GUARDED_BY(mutex_);  // used last in front
  std::unordered_map<std::string, std::list<Pinned>::iterator> places_ ABSL_GUARDED_BY(mutex_);
  struct PinnedState {
    std::shared_ptr<const Generation> generation;
    size_t pins = 0;
  };
  std::map<State, PinnedState> states_ ABSL_GUARDED_BY(mutex_);         // of what is pinned
  std::shared_ptr<const Generation> reopened_ ABSL_GUARDED_BY(mutex_);  // the last one that is not served
};

}  // namespace dongxi
