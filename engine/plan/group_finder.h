// Which parties belong to a province, a county or an institution, by what the organiser wrote. Pure; any
// thread. Internal to engine/plan.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/plan/event.h"

namespace dongxi::plan {

class GroupFinder {
 public:
  explicit GroupFinder(const std::vector<Party>& parties);
  // The parties of the quota's group on its sides, ascending. A region has those whose region begins with its
  // name: 湖北 has 湖北武汉 and 湖北省武汉市洪山区; by codes 42 and 420000 have 420111. Provinces and what
  // else data/policy/regions.tsv names have codes too, and the other way round: 6328 has 青海海西 and 632821.
  std::vector<int> Of(const Quota& quota) const;

 private:
  const std::vector<Party>& parties_;
  std::map<std::string, std::vector<int>, std::less<>> by_region_, by_institution_;
};

// 湖北省武汉市 as 湖北武汉, 420100 too, 420111 as 湖北武汉420111: what regions are compared by. No place: "".
std::string RegionKey(std::string_view region);

}  // namespace dongxi::plan
