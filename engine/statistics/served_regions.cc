#include "engine/statistics/served_regions.h"

#include "absl/strings/str_format.h"

namespace dongxi {
namespace {

constexpr char kWest[] = "西部";

bool IsWest(const Policy& policy, const std::string& code) {
  return code.size() >= 2 && policy.InGroup(kWest, code);
}

// The prefectures of the tables: codes whose name is not that of the province.
void AddPrefectures(const Policy& policy, const std::string& region, std::set<std::string>* codes) {
  for (int province = 11; province <= 65; ++province) {
    const std::string code = std::to_string(province);
    if (!IsWest(policy, code)) continue;
    const std::string name = policy.RegionName(code);
    for (int prefecture = 1; prefecture <= 99; ++prefecture) {
      const std::string four = code + absl::StrFormat("%02d", prefecture);
      if (four.starts_with(region) && policy.RegionName(four) != name) codes->insert(four);
    }
  }
}

std::string LabelOf(const Policy& policy, const std::string& code) {
  const std::string province = policy.RegionName(code.substr(0, 2));
  const std::string city = policy.RegionName(code.substr(0, 4));
  const std::string county = policy.RegionName(code);
  std::string label = province;
  if (city != province) label += city;
  if (county != city) {
    label += county;
  } else if (code.size() == 6 || city == province) {
    label += "（" + code + "）";
  }
  return label;
}

}  // namespace

std::vector<ServedRegion> UnservedRegions(std::span<const LedgerRow* const> rows,
                                          std::span<const NeedRow> needs, const Policy& policy,
                                          const std::string& region, std::span<const std::string> expected) {
  std::set<std::string> codes;
  AddPrefectures(policy, region, &codes);
  const auto add = [&](const std::string& code) {
    if (code.size() >= 4 && code.starts_with(region) && IsWest(policy, code)) codes.insert(code);
  };
  for (const NeedRow& need : needs) add(need.region);
  for (const std::string& code : expected) add(code);
  std::vector<ServedRegion> unserved;
  for (const std::string& code : codes) {
    ServedRegion one{code, LabelOf(policy, code)};
    bool served = false;
    for (const LedgerRow* row : rows) {
      if (!row->need_region.starts_with(code)) continue;
      served = served || (row->step >= Step::kMet && row->step <= Step::kDelivered);
      ++one.shown;
    }
    if (served) continue;
    for (const NeedRow& need : needs) one.needs += need.region.starts_with(code) ? 1 : 0;
    unserved.push_back(std::move(one));
  }
  return unserved;
}

}  // namespace dongxi
