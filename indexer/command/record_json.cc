#include "indexer/command/record_json.h"

#include <nlohmann/json.hpp>

#include "absl/time/time.h"
#include "engine/record/field_schema.h"

namespace dongxi {
namespace {

using Json = nlohmann::ordered_json;

Json ListOf(const std::vector<std::string>& items) { return items.empty() ? Json() : Json(items); }
Json TextOf(const std::string& text) { return text.empty() ? Json() : Json(text); }
Json NumberOf(int number) { return number == 0 ? Json() : Json(number); }

Json OwnersOf(const std::vector<RecordName>& owners) {
  std::vector<std::string> names;
  for (const RecordName& owner : owners) names.push_back(ResourceName(owner.kind, owner.id));
  return ListOf(names);
}

std::string_view CodeOf(Disclosure disclosure) {
  switch (disclosure) {
    case Disclosure::kPublic:
      return "public";
    case Disclosure::kRegistered:
      return "registered";
    case Disclosure::kOrganiser:
      return "organiser";
  }
  return "";
}

// Null for an empty field.
Json ValueOf(const Record& record, FieldId field) {
  switch (field) {
    case FieldId::kId:
      return TextOf(record.id);
    case FieldId::kTitle:
      return TextOf(record.title);
    case FieldId::kText:
      return TextOf(record.text);
    case FieldId::kWanted:
      return TextOf(record.wanted);
    case FieldId::kType:
      return TextOf(record.type);
    case FieldId::kRegion:
      return TextOf(record.region);
    case FieldId::kInstitution:
      return TextOf(record.institution);
    case FieldId::kOwners:
      return OwnersOf(record.owners);
    case FieldId::kAliases:
      return ListOf(record.aliases);
    case FieldId::kFields:
      return ListOf(record.fields);
    case FieldId::kKeywords:
      return ListOf(record.keywords);
    case FieldId::kModes:
      return ListOf(record.modes);
    case FieldId::kConditions:
      return ListOf(record.conditions);
    case FieldId::kIndicators:
      return ListOf(record.indicators);
    case FieldId::kAvailability:
      return ListOf(record.availability);
    case FieldId::kOpenMatchesMax:
      return NumberOf(record.open_matches_max);
    case FieldId::kMaturity:
      return NumberOf(record.maturity);
    case FieldId::kYear:
      return NumberOf(record.year);
    case FieldId::kIpStatus:
      return TextOf(record.ip_status);
    case FieldId::kTask:
      return TextOf(record.task);
    case FieldId::kBudgetWan:
      return record.budget_wan ? Json(*record.budget_wan) : Json();
    case FieldId::kDeadline:
      return TextOf(record.deadline);
    case FieldId::kValidUntil:
      return TextOf(record.valid_until);
    case FieldId::kDisclosure:
      return record.disclosure == Disclosure::kPublic ? Json() : Json(std::string(CodeOf(record.disclosure)));
    case FieldId::kIllustrative:
      return record.illustrative ? Json(true) : Json();
    case FieldId::kSource:
      return TextOf(record.source);
  }
  return {};
}

std::string TimeText(int64_t micros) {
  return absl::FormatTime(absl::RFC3339_full, absl::FromUnixMicros(micros), absl::UTCTimeZone());
}

}  // namespace

std::string RecordToJson(const Record& record, int indent, bool with_history) {
  Json object = Json::object();
  object["kind"] = std::string(CollectionOf(record.kind));
  for (const FieldSpec& spec : FieldsOf(record.kind)) {
    Json value = ValueOf(record, spec.id);
    if (!value.is_null()) object[std::string(spec.json)] = std::move(value);
  }
  if (with_history) {
    object["revision"] = record.revision;
    object["create_time"] = TimeText(record.create_time_us);
    object["update_time"] = TimeText(record.update_time_us);
  }
  return object.dump(indent > 0 ? indent : -1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace dongxi
