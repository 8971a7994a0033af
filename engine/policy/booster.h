// The best pairing of the plan between a need and a candidate. Immutable; any thread.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/policy/region_names.h"
#include "engine/policy/tables.h"

namespace dongxi {

class Booster {
 public:
  Booster(const PolicyTables& tables, std::vector<Pairing> pairings, const RegionNames& names);
  const std::vector<Pairing>& pairings() const { return pairings_; }

  // As Policy::Boost says.
  PolicyBoost Boost(const PolicyReading& reading, std::string_view need_region, const CandidateEnd& candidate,
                    absl::CivilDay today) const;

 private:
  // What an answer says of a pairing, made once: Boost runs for every candidate.
  struct Reasons {
    std::string named;   // 通过科技入黔: 贵阳 ↔ 中关村, 数字创新
    std::string nearby;  // 通过科技入黔: 贵阳 ↔ 北京（中关村所在地）, 数字创新
  };
  static Reasons MakeReasons(const PolicyTables& tables, const Pairing& pairing, const RegionNames& names);

  std::vector<Pairing> pairings_;
  std::vector<Reasons> reasons_;  // by place in pairings_
  std::map<std::string, std::vector<size_t>, std::less<>> by_task_;
};

}  // namespace dongxi
