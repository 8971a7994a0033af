// The pairings of the plan as an office lists them: one line a task, western end and other end, a group of
// provinces being one line. Immutable; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/time/civil_time.h"
#include "engine/policy/policy.h"

namespace dongxi {

struct PairingLine {
  std::string key;    // "3.2|63|天津"; stays the same as long as the tables name it so
  std::string task;   // Task::id
  std::string label;  // 青海 ↔ 天津
  PairingStrength strength = PairingStrength::kNamed;
};

class PairingLines {
 public:
  explicit PairingLines(const Policy& policy);

  const std::vector<PairingLine>& lines() const { return lines_; }
  // Null if no line has the key.
  const PairingLine* Find(std::string_view key) const;

  // The line that a need of the task and an offer fall under on that day, as Policy::Boost chooses it; empty
  // if none. `policy` is the one of the constructor.
  std::string KeyOf(const Policy& policy, const std::string& task, std::string_view need_region,
                    const CandidateEnd& candidate, absl::CivilDay day) const;

 private:
  std::vector<PairingLine> lines_;           // in order of the plan's tables
  std::vector<std::string> key_of_pairing_;  // by place in Policy::pairings()
};

}  // namespace dongxi
