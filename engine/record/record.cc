#include "engine/record/record.h"

#include <unicode/uchar.h>

#include "engine/text/normalize.h"

namespace dongxi {
namespace {

struct KindNames {
  RecordKind kind;
  std::string_view collection;
  std::string_view chinese;
};
constexpr KindNames kKindNames[] = {
    {RecordKind::kInstitution, "institutions", "机构"}, {RecordKind::kExpert, "experts", "专家"},
    {RecordKind::kResult, "results", "成果"},           {RecordKind::kNeed, "needs", "需求"},
    {RecordKind::kEvidence, "evidence", "佐证"},
};

// Marks too: vowel signs of Tibetan and Mongolian words are marks, not letters.
bool IsIdCharacter(UChar32 c) {
  if (c == '-' || c == '_' || c == '.') return true;
  return u_isalnum(c) || (U_GET_GC_MASK(c) & U_GC_M_MASK) != 0;
}

}  // namespace

std::string_view CollectionOf(RecordKind kind) {
  for (const KindNames& names : kKindNames) {
    if (names.kind == kind) return names.collection;
  }
  return "";
}

std::optional<RecordKind> KindOfCollection(std::string_view collection) {
  for (const KindNames& names : kKindNames) {
    if (names.collection == collection) return names.kind;
  }
  return std::nullopt;
}

std::string_view ChineseNameOf(RecordKind kind) {
  for (const KindNames& names : kKindNames) {
    if (names.kind == kind) return names.chinese;
  }
  return "";
}

bool IsValidRecordId(std::string_view id) {
  if (id.empty() || id.size() > kIdBytesMax) return false;
  for (const char32_t c : DecodeUtf8(id)) {  // invalid bytes become U+FFFD, which is neither
    if (!IsIdCharacter(static_cast<UChar32>(c))) return false;
  }
  return true;
}

std::string ResourceName(RecordKind kind, std::string_view id) {
  std::string name(CollectionOf(kind));
  name += '/';
  name += id;
  return name;
}

std::optional<RecordName> ParseResourceName(std::string_view name) {
  const size_t slash = name.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const std::optional<RecordKind> kind = KindOfCollection(name.substr(0, slash));
  const std::string_view id = name.substr(slash + 1);
  if (!kind || !IsValidRecordId(id)) return std::nullopt;
  return RecordName{*kind, std::string(id)};
}

}  // namespace dongxi
