#include "engine/statistics/group_key.h"

#include <algorithm>

namespace dongxi {
namespace {

std::string OrNone(const std::string& text) { return text.empty() ? kNoGroup : text; }
std::string Province(const std::string& region) { return region.substr(0, 2); }

std::string ProvinceLabel(const std::string& code, const Policy& policy) {
  return code.empty() ? "未注明地区" : policy.RegionName(code);
}

std::string TaskLabel(const std::string& key, const Policy& policy) {
  for (const Task& task : policy.tasks()) {
    if (task.id == key) return task.id + " " + task.title;
  }
  return key == kNoGroup ? "不属于各项任务" : key;
}

std::string ChannelLabel(const std::string& key, const Policy& policy) {
  for (const Channel& channel : policy.channels()) {
    if (channel.id == key) return channel.name;
  }
  return key == kNoGroup ? "无对应通道" : key;
}

std::string CityLabel(const std::string& key, const Policy& policy) {
  if (key == kNoGroup) return "未注明地区";
  const std::string province = policy.RegionName(Province(key));
  if (key.size() <= 2) return province + "（未注明市州）";
  const std::string city = policy.RegionName(key);
  return city == province ? province + key : province + city;
}

bool Overlaps(const Validity& valid, const DayRange& period) {
  return valid.from < period.end && period.first <= valid.to;
}

// A western end is looked at if one of the two codes contains the other.
bool InRegion(const std::string& code, const std::string& region) {
  return region.empty() || code.starts_with(region) || region.starts_with(code);
}

std::vector<std::string> YearsOf(const NeedRow& need, const DayRange& period) {
  std::vector<std::string> years;
  const absl::CivilDay first = std::max(need.first_day, period.first);
  const absl::CivilDay last = std::min(need.last_day, period.end - 1);
  for (auto year = first.year(); year <= last.year() && first <= last; ++year)
    years.push_back(std::to_string(year));
  return years;
}

const Channel* ChannelOf(const Policy& policy, const std::string& id) {
  const auto found = std::find_if(policy.channels().begin(), policy.channels().end(),
                                  [&](const Channel& channel) { return channel.id == id; });
  return found == policy.channels().end() ? nullptr : &*found;
}

}  // namespace

std::string GroupKeyOf(Dimension dimension, const LedgerRow& row, const std::string& mode) {
  switch (dimension) {
    case Dimension::kYear:
      return std::to_string(ChinaDay(row.event_time_us).year());
    case Dimension::kChannel:
      return OrNone(row.channel);
    case Dimension::kTask:
      return OrNone(row.task);
    case Dimension::kProvincePair:
      return Province(row.need_region) + "-" + Province(row.offer_region);
    case Dimension::kProvince:
      return OrNone(Province(row.need_region));
    case Dimension::kCity:
      return OrNone(row.need_region.substr(0, 4));
    case Dimension::kMode:
      return OrNone(mode);
    case Dimension::kField:
      return OrNone(row.field);
    case Dimension::kPairing:
      return OrNone(row.pairing);
  }
  return kNoGroup;
}

std::vector<std::string> GroupKeysOf(Dimension dimension, const NeedRow& need, const DayRange& period) {
  switch (dimension) {
    case Dimension::kYear:
      return YearsOf(need, period);
    case Dimension::kChannel:
      return {OrNone(need.channel)};
    case Dimension::kTask:
      return {OrNone(need.task)};
    case Dimension::kProvince:
      return {OrNone(Province(need.region))};
    case Dimension::kCity:
      return {OrNone(need.region.substr(0, 4))};
    case Dimension::kMode:
      return need.modes.empty() ? std::vector<std::string>{kNoGroup} : need.modes;
    case Dimension::kField:
      return {need.fields.empty() ? kNoGroup : need.fields.front()};
    default:
      return {};
  }
}

std::string GroupLabel(Dimension dimension, const std::string& key, const Policy& policy,
                       const PairingLines& pairings) {
  switch (dimension) {
    case Dimension::kYear:
      return key + "年";
    case Dimension::kChannel:
      return ChannelLabel(key, policy);
    case Dimension::kTask:
      return TaskLabel(key, policy);
    case Dimension::kProvincePair: {
      const size_t dash = key.find('-');
      return ProvinceLabel(key.substr(0, dash), policy) + " ↔ " + ProvinceLabel(key.substr(dash + 1), policy);
    }
    case Dimension::kProvince:
      return key == kNoGroup ? "未注明地区" : policy.RegionName(key);
    case Dimension::kCity:
      return CityLabel(key, policy);
    case Dimension::kMode:
      return key == kNoGroup ? "未注明方式" : policy.ModeName(key);
    case Dimension::kField:
      return key == kNoGroup ? "未注明领域" : key;
    case Dimension::kPairing: {
      const PairingLine* const line = pairings.Find(key);
      return line != nullptr ? line->task + " " + line->label : key == kNoGroup ? "方案结对之外" : key;
    }
  }
  return key;
}

std::vector<std::string> ExpectedKeys(Dimension dimension, const Policy& policy, const PairingLines& pairings,
                                      const DayRange& period, const std::string& region,
                                      const std::string& channel, const std::string& task) {
  std::vector<std::string> keys;
  const auto wanted = [&](const Task& one) {
    const Channel* const of = ChannelOf(policy, one.channel);
    return Overlaps(one.valid, period) && of != nullptr && InRegion(of->region, region) &&
           (channel.empty() || channel == one.channel) && (task.empty() || task == one.id);
  };
  const auto add = [&](const std::string& key) {
    if (std::find(keys.begin(), keys.end(), key) == keys.end()) keys.push_back(key);
  };
  for (const Task& one : policy.tasks()) {
    if (!wanted(one)) continue;
    if (dimension == Dimension::kChannel) add(one.channel);
    if (dimension == Dimension::kTask) add(one.id);
    if (dimension != Dimension::kPairing) continue;
    for (const PairingLine& line : pairings.lines()) {
      const std::string west = line.key.substr(
          line.task.size() + 1, line.key.find('|', line.task.size() + 1) - line.task.size() - 1);
      if (line.task == one.id && InRegion(west, region)) add(line.key);
    }
  }
  return keys;
}

}  // namespace dongxi
