// What the values of each attribute may be.
#include <algorithm>
#include <charconv>

#include "absl/time/civil_time.h"
#include "engine/base/status_macros.h"
#include "engine/filter/filter_tree.h"
#include "engine/record/value_parsers.h"
#include "engine/text/normalize.h"

namespace dongxi {
namespace {

struct KindName {
  RecordKind kind;
  std::string_view name;  // as in the API's enum
};
constexpr KindName kKindNames[] = {{RecordKind::kInstitution, "INSTITUTION"},
                                   {RecordKind::kExpert, "EXPERT"},
                                   {RecordKind::kResult, "RESULT"},
                                   {RecordKind::kNeed, "NEED"},
                                   {RecordKind::kEvidence, "EVIDENCE"}};

absl::Status Unexpected(const std::string& attribute, const std::string& found, const std::string& expected) {
  return absl::InvalidArgumentError("value of " + attribute + ": found '" + CutCharacters(found, 40) +
                                    "', expected " + expected);
}

void AddToList(std::string_view item, std::string& list) {
  if (!list.empty()) list += ", ";
  list += item;
}

absl::Status ResolveKind(const std::string& value, FilterComparison& comparison) {
  const std::string folded = Normalize(value);
  std::string known;
  for (const KindName& kind : kKindNames) {
    if (folded == Normalize(kind.name) || folded == ChineseNameOf(kind.kind)) {
      comparison.kind = kind.kind;
      comparison.text = kind.name;
      return absl::OkStatus();
    }
    AddToList(kind.name, known);
  }
  return Unexpected("kind", value, "one of " + known);
}

absl::Status ResolveType(const std::string& value, FilterComparison& comparison) {
  std::string known;
  std::vector<std::string_view> listed;
  for (const RecordKind kind : kAllRecordKinds) {
    const std::string_view code = CodeOf(TypeWords(kind), value);
    if (!code.empty()) {
      comparison.text = code;
      return absl::OkStatus();
    }
    for (const CodeWords& type : TypeWords(kind)) {
      if (std::find(listed.begin(), listed.end(), type.code) != listed.end()) continue;
      listed.push_back(type.code);
      AddToList(type.code, known);
    }
  }
  return Unexpected("type", value, "one of " + known);
}

absl::Status ResolveCondition(const std::string& value, FilterComparison& comparison) {
  comparison.text = CodeOf(ConditionWords(), value);
  if (!comparison.text.empty()) return absl::OkStatus();
  std::string known;
  for (const CodeWords& condition : ConditionWords()) AddToList(condition.code, known);
  return Unexpected("condition", value, "one of " + known);
}

absl::Status ResolveMode(const std::string& value, const ImportVocabulary& vocabulary,
                         FilterComparison& comparison) {
  comparison.text = vocabulary.ModeCode(value);
  if (!comparison.text.empty()) return absl::OkStatus();
  // The vocabulary cannot list its modes; the page of the policy tables does.
  return Unexpected("mode", value,
                    "a cooperation mode, its code or Chinese word as in docs/format/policy.md, such as "
                    "transfer or 转让");
}

absl::Status ResolveRegion(const std::string& value, const ImportVocabulary& vocabulary,
                           FilterComparison& comparison) {
  // 630000 and 6300 are the full spellings of 63.
  const bool digits = value.find_first_not_of("0123456789") == std::string::npos;
  comparison.text = digits ? ParseRegionCode(value).value_or("") : vocabulary.RegionCode(value);
  if (!comparison.text.empty()) return absl::OkStatus();
  return Unexpected("region", value,
                    "a GB/T 2260 code of 2, 4 or 6 digits that begins with a province's, or the name of one "
                    "region");
}

absl::Status ResolveNumber(const std::string& attribute, const std::string& value, int min, int max,
                           FilterComparison& comparison) {
  const char* end = value.data() + value.size();
  const auto [rest, error] = std::from_chars(value.data(), end, comparison.number);
  if (error != std::errc() || rest != end || comparison.number < min || comparison.number > max) {
    return Unexpected(attribute, value,
                      "a whole number from " + std::to_string(min) + " to " + std::to_string(max));
  }
  comparison.text = std::to_string(comparison.number);
  return absl::OkStatus();
}

absl::Status ResolveField(const std::string& value, FilterComparison& comparison) {
  comparison.op = FilterOperator::kHas;  // of a list, '=' says the same
  comparison.text = value;
  comparison.normalized = Normalize(value);
  const size_t first = comparison.normalized.find_first_not_of(' ');
  if (first == std::string::npos)
    return Unexpected("field", value, "a text that a field contains, such as 盐湖");
  const size_t last = comparison.normalized.find_last_not_of(' ');
  comparison.normalized = comparison.normalized.substr(first, last - first + 1);
  return absl::OkStatus();
}

absl::Status ResolveName(const std::string& value, FilterComparison& comparison) {
  comparison.text = value;
  comparison.normalized = value;
  if (const std::optional<RecordName> name = ParseResourceName(value)) {
    comparison.has_kind = true;
    comparison.kind = name->kind;
    comparison.normalized = name->id;
    return absl::OkStatus();
  }
  if (IsValidRecordId(value)) return absl::OkStatus();
  return Unexpected("name", value, "a resource name such as results/r-1, or an id alone");
}

absl::Status ResolveDay(const std::string& value, FilterComparison& comparison) {
  const auto digits = [&value](size_t begin, size_t count) {
    int number = -1;
    const char* first = value.data() + begin;
    const auto [rest, error] = std::from_chars(first, first + count, number);
    return error == std::errc() && rest == first + count ? number : -1;
  };
  const bool has_shape = value.size() == 10 && value[4] == '-' && value[7] == '-';
  const int year = has_shape ? digits(0, 4) : -1, month = has_shape ? digits(5, 2) : -1,
            day = has_shape ? digits(8, 2) : -1;
  const absl::CivilDay date(std::max(year, 1), month, day);
  if (year < 1 || month < 1 || day < 1 || date.month() != month || date.day() != day) {
    return Unexpected("valid_until", value, "a date such as 2026-12-31");
  }
  comparison.text = value;
  comparison.number = static_cast<int>(date - absl::CivilDay(1970, 1, 1));
  return absl::OkStatus();
}

absl::Status ResolveTenant(const std::string& value, FilterComparison& comparison) {
  if (value.empty()) return Unexpected("tenant", value, "the name of a tenant");
  comparison.text = value;
  return absl::OkStatus();
}

absl::Status ResolveFlag(const std::string& value, FilterComparison& comparison) {
  if (value != "true" && value != "false") return Unexpected("illustrative", value, "true or false");
  comparison.text = value;
  comparison.flag = value == "true";
  return absl::OkStatus();
}

}  // namespace

absl::Status ResolveFilterValue(const std::string& value, const ImportVocabulary& vocabulary,
                                FilterComparison& comparison) {
  switch (comparison.attribute) {
    case FilterAttribute::kRegion:
      return ResolveRegion(value, vocabulary, comparison);
    case FilterAttribute::kKind:
      return ResolveKind(value, comparison);
    case FilterAttribute::kType:
      return ResolveType(value, comparison);
    case FilterAttribute::kField:
      return ResolveField(value, comparison);
    case FilterAttribute::kMaturity:
      return ResolveNumber("maturity", value, 1, 9, comparison);
    case FilterAttribute::kYear:
      return ResolveNumber("year", value, 1, 9999, comparison);
    case FilterAttribute::kMode:
      comparison.op = FilterOperator::kHas;
      return ResolveMode(value, vocabulary, comparison);
    case FilterAttribute::kCondition:
      comparison.op = FilterOperator::kHas;
      return ResolveCondition(value, comparison);
    case FilterAttribute::kIllustrative:
      return ResolveFlag(value, comparison);
    case FilterAttribute::kName:
      return ResolveName(value, comparison);
    case FilterAttribute::kTenant:
      return ResolveTenant(value, comparison);
    case FilterAttribute::kValidUntil:
      return ResolveDay(value, comparison);
  }
  return absl::InternalError("filter: unknown attribute");
}

}  // namespace dongxi
