// Changes of single records, and watches, under dongxi-bench crash: what a server has acknowledged of them,
// and what it may have done when it was killed in the middle. Written by one thread at a time, checked while
// nobody writes.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "bench/crash_promises.h"
#include "dongxi/v1/records.pb.h"
#include "dongxi/v1/watch.pb.h"

namespace dongxi::bench {

inline constexpr size_t kCrashSingles = 20;  // records that are changed one by one

// "results/s-<number>".
std::string CrashSingleName(size_t number);

enum class ChangeStep { kUpdate, kDelete, kUndelete };

struct SingleChange {
  ChangeStep step = ChangeStep::kUpdate;
  v1::Result record;  // name and present etag; of an update the rest as well
};

class ChangePromises {
 public:
  // All of them are there in version 0.
  ChangePromises();
  // The next change: of each record two updates, then it is deleted and undeleted; of one record after the
  // other.
  SingleChange Send();
  // The answer to the change that was sent last.
  void Acknowledge(const v1::Result& answer);
  // There was no such answer. A refusal is told by the next Check: whoever is the only writer and sends the
  // etag of the last answer is never refused.
  void Fail(const absl::Status& why);
  // Every record is as acknowledged or as sent last, and whole: there, or deleted. What is found becomes what
  // is promised. Both by name.
  Violations Check(const std::map<std::string, v1::Result>& live,
                   const std::map<std::string, v1::Result>& deleted);
  // By name: false if it has to be deleted.
  std::map<std::string, bool> Live() const;
  uint64_t acknowledged(ChangeStep step) const { return acknowledged_[static_cast<size_t>(step)]; }

 private:
  struct State {
    bool live = true;
    uint64_t version = 0;
    std::string etag;  // empty: not known yet
  };
  struct Single {
    State promised;
    std::optional<State> sent;  // without an answer
    uint64_t turns = 0;
  };
  static std::string Describe(const State& state);
  void CheckOne(const std::string& name, Single* single, const State& found, Violations* violations);

  std::array<Single, kCrashSingles> singles_;
  size_t last_ = 0, next_ = 0;
  ChangeStep last_step_ = ChangeStep::kUpdate;
  uint64_t next_version_ = 1;
  std::array<uint64_t, 3> acknowledged_ = {};
  Violations refusals_;
};

class WatchPromises {
 public:
  // The next watch of kCrashNeed; the same request again until it is acknowledged.
  v1::CreateWatchRequest Send();
  void Acknowledge(const v1::Watch& watch);
  // Every acknowledged watch is there as it was answered, none twice; others are watches that were sent.
  Violations Check(const std::vector<v1::Watch>& watches);
  uint64_t acknowledged() const { return promised_.size(); }

 private:
  uint64_t next_ = 0;
  std::optional<v1::CreateWatchRequest> unanswered_;
  std::map<std::string, std::string> promised_;  // name: title and etag
};

}  // namespace dongxi::bench
