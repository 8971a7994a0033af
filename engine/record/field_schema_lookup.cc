// From a header as somebody wrote it to the field it means.
#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <unordered_map>

#include "engine/record/field_schema.h"
#include "engine/text/normalize.h"

namespace dongxi {
namespace {

// A header in normal form: without spaces, '*', '_', '-', ':' and remarks in parentheses, which are kept
// apart.
struct CanonicalHeader {
  std::string name;
  std::string remark;
};

CanonicalHeader Canonical(std::string_view header) {
  CanonicalHeader canonical;
  int depth = 0;
  for (const char c : Normalize(header)) {
    if (c == '(' || c == '[') {
      ++depth;
    } else if (c == ')' || c == ']') {
      depth = std::max(0, depth - 1);
    } else if (c != ' ' && c != '*' && c != '_' && c != '-' && c != ':') {
      (depth > 0 ? canonical.remark : canonical.name) += c;
    }
  }
  for (const std::string_view bracket : {"【", "】"}) {
    for (size_t at; (at = canonical.name.find(bracket)) != std::string::npos;)
      canonical.name.erase(at, bracket.size());
  }
  return canonical;
}

using HeaderMap = std::unordered_map<std::string, const FieldSpec*>;

HeaderMap MakeHeaderMap(RecordKind kind) {
  HeaderMap map;
  const auto add = [&map](std::string_view header, const FieldSpec& spec) {
    map.emplace(Canonical(header).name, &spec);
  };
  for (const FieldSpec& spec : FieldsOf(kind)) add(spec.json, spec);
  for (const FieldSpec& spec : FieldsOf(kind)) {
    for (const std::string_view header : spec.headers) add(header, spec);
  }
  return map;
}

const HeaderMap& HeaderMapOf(RecordKind kind) {
  static const auto& maps = *new std::array<HeaderMap, 6>{HeaderMap(),
                                                          MakeHeaderMap(RecordKind::kInstitution),
                                                          MakeHeaderMap(RecordKind::kExpert),
                                                          MakeHeaderMap(RecordKind::kResult),
                                                          MakeHeaderMap(RecordKind::kNeed),
                                                          MakeHeaderMap(RecordKind::kEvidence)};
  const size_t at = static_cast<size_t>(kind);
  return maps[at < maps.size() ? at : 0];
}

// 预算（元） must not be read as 万元: a unit that differs from the field's makes the header unknown.
bool HasOtherUnit(const CanonicalHeader& header, FieldId id) {
  if (id != FieldId::kBudgetWan) return false;
  const bool says_money = header.remark.find("元") != std::string::npos;
  return says_money && header.remark.find("万元") == std::string::npos;
}

}  // namespace

const FieldSpec* FindField(RecordKind kind, std::string_view header) {
  const CanonicalHeader canonical = Canonical(header);
  const HeaderMap& map = HeaderMapOf(kind);
  const auto found = map.find(canonical.name);
  if (found == map.end() || HasOtherUnit(canonical, found->second->id)) return nullptr;
  return found->second;
}

bool IsContactHeader(std::string_view header) {
  const std::string name = Canonical(header).name;
  static constexpr std::string_view kWhole[] = {"mail",    "tel",      "fax",           "qq",        "mobile",
                                                "contact", "contacts", "contactperson", "cellphone", "微信",
                                                "手机",    "电话",     "住址",          "家庭住址",  "qq号"};
  static constexpr std::string_view kParts[] = {"电话",     "手机",     "邮箱",     "邮件",   "微信",
                                                "传真",     "联系人",   "联系方式", "身份证", "通讯地址",
                                                "通信地址", "联系地址", "email",    "phone",  "wechat"};
  if (std::find(std::begin(kWhole), std::end(kWhole), name) != std::end(kWhole)) return true;
  return std::any_of(std::begin(kParts), std::end(kParts),
                     [&name](std::string_view part) { return name.find(part) != std::string::npos; });
}

}  // namespace dongxi
