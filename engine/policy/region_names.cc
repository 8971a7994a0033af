#include "engine/policy/region_names.h"

#include <algorithm>

#include "engine/text/normalize.h"

namespace dongxi {
namespace {

constexpr size_t kCodeDigitsMax = 6;
constexpr size_t kNameBytesMax = 300;  // longer is a sentence, not a name
constexpr int kLevelsMax = 3;          // province, city, county
constexpr std::string_view kFullSuffixes[] = {"省", "市", "自治区", "特别行政区", "州", "盟", "地区", "兵团"};
constexpr std::string_view kCountySuffixes[] = {"区", "县", "市", "旗"};

template <size_t N>
bool EndsWithAny(std::string_view text, const std::string_view (&suffixes)[N]) {
  return std::any_of(std::begin(suffixes), std::end(suffixes),
                     [text](std::string_view suffix) { return text.ends_with(suffix); });
}

// Normalised without spaces: officials pad short names for alignment.
std::string NormalName(std::string_view name) {
  std::string normal = Normalize(name);
  normal.erase(std::remove(normal.begin(), normal.end(), ' '), normal.end());
  return normal;
}

bool IsCharacterStart(std::string_view text, size_t at) {
  return at >= text.size() || (static_cast<unsigned char>(text[at]) & 0xC0) != 0x80;
}

}  // namespace

RegionNames::RegionNames(const PolicyTables& tables) {
  for (const auto& lined : tables.regions) {
    const RegionRow& row = lined.row;
    name_of_code_.emplace(row.code, row.name);
    code_of_word_.emplace(NormalName(row.name), row.code);
    for (const std::string& word : row.words) code_of_word_.emplace(NormalName(word), row.code);
  }
  for (const auto& [word, code] : code_of_word_) word_bytes_max_ = std::max(word_bytes_max_, word.size());
  for (const auto& lined : tables.groups) {
    const GroupRow& row = lined.row;
    if (row.valid.to == absl::CivilDay::max()) groups_[row.group].push_back(row.region);
  }
}

std::string RegionNames::Name(std::string_view code) const {
  for (size_t digits = std::min(code.size(), kCodeDigitsMax); digits >= 2; --digits) {
    const auto at = name_of_code_.find(std::string(code.substr(0, digits)));
    if (at != name_of_code_.end()) return at->second;
  }
  return std::string(code);
}

std::string RegionNames::Code(std::string_view name) const {
  if (name.size() > kNameBytesMax) return "";
  return CodeOfNormal(NormalName(name), kLevelsMax);
}

// 青海省海南州贵德县: the longest known name in front, then the rest, which must lie inside it.
std::string RegionNames::CodeOfNormal(std::string_view name, int levels) const {
  const auto whole = code_of_word_.find(std::string(name));
  if (whole != code_of_word_.end()) return whole->second;
  if (levels == 1) return "";
  for (size_t bytes = std::min(word_bytes_max_, name.size()); bytes > 0; --bytes) {
    if (bytes == name.size() || !IsCharacterStart(name, bytes)) continue;
    const std::string_view front = name.substr(0, bytes);
    const auto at = code_of_word_.find(std::string(front));
    if (at == code_of_word_.end()) continue;
    const std::string_view rest = name.substr(bytes);
    const std::string inner = CodeOfNormal(rest, levels - 1);
    if (!inner.empty()) return inner.starts_with(at->second) ? inner : "";
    // 海南贵德县 might be either 海南: only a name with its suffix vouches for an unknown county.
    const bool vouched = EndsWithAny(front, kFullSuffixes) && EndsWithAny(rest, kCountySuffixes);
    if (vouched) return at->second;
  }
  return "";
}

bool RegionNames::InGroup(std::string_view group, std::string_view code) const {
  const auto members = groups_.find(group);
  if (members == groups_.end()) return false;
  return std::any_of(members->second.begin(), members->second.end(),
                     [code](const std::string& member) { return code.starts_with(member); });
}

}  // namespace dongxi
