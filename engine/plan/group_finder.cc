#include "engine/plan/group_finder.h"

#include <algorithm>

#include "engine/policy/word_table.h"

namespace dongxi::plan {
namespace {

struct Province {
  std::string_view code, name, kind;  // 42, 湖北, 省
};
constexpr Province kProvinces[] = {
    {"11", "北京", "市"},           {"12", "天津", "市"},         {"13", "河北", "省"},
    {"14", "山西", "省"},           {"15", "内蒙古", "自治区"},   {"21", "辽宁", "省"},
    {"22", "吉林", "省"},           {"23", "黑龙江", "省"},       {"31", "上海", "市"},
    {"32", "江苏", "省"},           {"33", "浙江", "省"},         {"34", "安徽", "省"},
    {"35", "福建", "省"},           {"36", "江西", "省"},         {"37", "山东", "省"},
    {"41", "河南", "省"},           {"42", "湖北", "省"},         {"43", "湖南", "省"},
    {"44", "广东", "省"},           {"45", "广西", "壮族自治区"}, {"46", "海南", "省"},
    {"50", "重庆", "市"},           {"51", "四川", "省"},         {"52", "贵州", "省"},
    {"53", "云南", "省"},           {"54", "西藏", "自治区"},     {"61", "陕西", "省"},
    {"62", "甘肃", "省"},           {"63", "青海", "省"},         {"64", "宁夏", "回族自治区"},
    {"65", "新疆", "维吾尔自治区"}, {"71", "台湾", "省"},         {"81", "香港", "特别行政区"},
    {"82", "澳门", "特别行政区"},
};

bool IsCode(std::string_view text) {
  return text.size() >= 2 && text.size() <= 12 &&
         std::all_of(text.begin(), text.end(), [](char c) { return '0' <= c && c <= '9'; });
}

// 青海海西州632821: as the longest beginning that has a name is written out, with the code where that says
// more.
std::string KeyOfCode(std::string_view code) {
  while (code.size() > 2 && code.size() % 2 == 0 && code.substr(code.size() - 2) == "00")
    code.remove_suffix(2);
  for (const Province& province : kProvinces) {
    if (code.substr(0, 2) != province.code) continue;
    const size_t known = std::max<size_t>(2, KnownRegionDigits(code));
    std::string key(province.name);
    if (known > 2) key += RegionWords().NameOf(code.substr(0, known));
    return code.size() > known ? key.append(code) : key;
  }
  return std::string(code);
}

// A place of the province at the beginning of `rest` or, with its province, of `whole`: in the form that
// codes are written out in (海西州 for 海西 and 海西蒙古族藏族自治州).
std::string WithKnownName(const Province& province, std::string_view whole, std::string_view rest) {
  size_t shortest = rest.size();  // what is left behind the longest name
  std::string key(rest);
  for (const auto& [word, code] : RegionWords().code_of_word) {
    if (code.size() <= 2 || !code.starts_with(province.code)) continue;
    for (const std::string_view text : {rest, whole}) {
      if (!text.starts_with(word) || text.size() - word.size() >= shortest) continue;
      shortest = text.size() - word.size();
      key = RegionWords().NameOf(code).append(text.substr(word.size()));
    }
  }
  return key;
}

}  // namespace

std::string RegionKey(std::string_view region) {
  if (IsCode(region)) return KeyOfCode(region);
  for (const Province& province : kProvinces) {
    if (region.substr(0, province.name.size()) != province.name) continue;
    std::string_view rest = region.substr(province.name.size());
    if (rest.substr(0, province.kind.size()) == province.kind) rest.remove_prefix(province.kind.size());
    return std::string(province.name) + WithKnownName(province, region, rest);
  }
  return std::string(region);
}

GroupFinder::GroupFinder(const std::vector<Party>& parties) : parties_(parties) {
  for (size_t p = 0; p < parties.size(); ++p) {
    const Party& party = parties[p];
    by_region_[RegionKey(party.region)].push_back(static_cast<int>(p));
    by_institution_[party.institution.empty() ? party.name : party.institution].push_back(
        static_cast<int>(p));
  }
}

std::vector<int> GroupFinder::Of(const Quota& quota) const {
  std::vector<int> all;
  if (quota.kind == QuotaKind::kInstitution) {
    const auto found = by_institution_.find(quota.group);
    if (found != by_institution_.end()) all = found->second;
  } else {
    const std::string key = RegionKey(quota.group);
    for (auto at = by_region_.lower_bound(key); at != by_region_.end() && at->first.starts_with(key); ++at)
      all.insert(all.end(), at->second.begin(), at->second.end());
    std::sort(all.begin(), all.end());
  }
  std::erase_if(all,
                [&](int p) { return !(parties_[p].side == Side::kNeed ? quota.of_needs : quota.of_offers); });
  return all;
}

}  // namespace dongxi::plan
