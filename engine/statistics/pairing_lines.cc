#include "engine/statistics/pairing_lines.h"

#include <algorithm>

namespace dongxi {
namespace {

// 东部省市 of 江苏（东部省市): what the tables call the group that the region is a member of.
std::string OtherEnd(const Pairing& pairing) {
  constexpr std::string_view kOpen = "（", kClose = "）";
  const size_t open = pairing.east_name.find(kOpen);
  if (pairing.group.empty() || open == std::string::npos || !pairing.east_name.ends_with(kClose))
    return pairing.east_name;
  const size_t begin = open + kOpen.size();
  return pairing.east_name.substr(begin, pairing.east_name.size() - kClose.size() - begin);
}

}  // namespace

PairingLines::PairingLines(const Policy& policy) {
  for (const Pairing& pairing : policy.pairings()) {
    const std::string other = OtherEnd(pairing);
    PairingLine line{pairing.task + "|" + pairing.west + "|" + other, pairing.task,
                     policy.RegionName(pairing.west) + " ↔ " + other, pairing.strength};
    key_of_pairing_.push_back(line.key);
    if (Find(line.key) == nullptr) lines_.push_back(std::move(line));
  }
}

const PairingLine* PairingLines::Find(std::string_view key) const {
  const auto found =
      std::find_if(lines_.begin(), lines_.end(), [&](const PairingLine& line) { return line.key == key; });
  return found == lines_.end() ? nullptr : &*found;
}

std::string PairingLines::KeyOf(const Policy& policy, const std::string& task, std::string_view need_region,
                                const CandidateEnd& candidate, absl::CivilDay day) const {
  if (task.empty()) return "";
  PolicyReading reading;
  reading.tasks.push_back({task, 1.0});
  const PolicyBoost boost = policy.Boost(reading, need_region, candidate, day);
  const bool found = boost.pairing >= 0 && static_cast<size_t>(boost.pairing) < key_of_pairing_.size();
  return found ? key_of_pairing_[static_cast<size_t>(boost.pairing)] : "";
}

}  // namespace dongxi
