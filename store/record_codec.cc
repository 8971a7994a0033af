#include "store/record_codec.h"

#include <charconv>
#include <utility>
#include <vector>

#include "engine/base/status_macros.h"
#include "store/timestamp.h"

namespace dongxi {
namespace {

using Strings = google::protobuf::RepeatedPtrField<std::string>;

absl::Status FieldError(const std::string& field, const std::string& found, const std::string& expected) {
  return absl::InvalidArgumentError(field + ": found '" + found + "', expected " + expected);
}

void PutStrings(const std::vector<std::string>& values, Strings* out) {
  out->Reserve(static_cast<int>(values.size()));
  for (const std::string& value : values) *out->Add() = value;
}

std::vector<std::string> TakeStrings(const Strings& values) { return {values.begin(), values.end()}; }

pb::Disclosure DisclosureToProto(Disclosure disclosure) {
  switch (disclosure) {
    case Disclosure::kPublic:
      return pb::PUBLIC;
    case Disclosure::kRegistered:
      return pb::REGISTERED;
    case Disclosure::kOrganiser:
      return pb::ORGANISER;
  }
  return pb::ORGANISER;  // A value that is none of the three must not widen who sees the record.
}

absl::StatusOr<Disclosure> DisclosureFromProto(pb::Disclosure disclosure) {
  switch (disclosure) {
    case pb::DISCLOSURE_UNSPECIFIED:
    case pb::PUBLIC:
      return Disclosure::kPublic;
    case pb::REGISTERED:
      return Disclosure::kRegistered;
    case pb::ORGANISER:
      return Disclosure::kOrganiser;
    default:
      return FieldError("disclosure", std::to_string(disclosure), "PUBLIC, REGISTERED or ORGANISER");
  }
}

absl::StatusOr<uint64_t> RevisionOf(const std::string& etag) {
  uint64_t revision = 0;
  const char* end = etag.data() + etag.size();
  const auto [rest, error] = std::from_chars(etag.data(), end, revision, 16);
  if (error == std::errc() && rest == end && EtagOf(revision) == etag) return revision;
  return FieldError("etag", etag, "an etag as this catalogue gave it");
}

// The id in a reference to `kind`; empty stays empty.
absl::StatusOr<std::string> IdOf(RecordKind kind, const std::string& field, const std::string& name) {
  if (name.empty()) return std::string();
  std::optional<RecordName> parsed = ParseResourceName(name);
  if (parsed && parsed->kind == kind) return std::move(parsed->id);
  return FieldError(field, name,
                    std::string(CollectionOf(kind)) + "/{id}, an id of letters, digits, '-', '_', '.'");
}

std::string ReferenceTo(RecordKind kind, const std::string& id) {
  return id.empty() ? std::string() : ResourceName(kind, id);
}

void PutOwners(const std::vector<RecordName>& owners, Strings* out) {
  for (const RecordName& owner : owners) *out->Add() = ResourceName(owner.kind, owner.id);
}

absl::StatusOr<std::vector<RecordName>> OwnersOf(const Strings& names) {
  std::vector<RecordName> owners;
  owners.reserve(static_cast<size_t>(names.size()));
  for (int i = 0; i < names.size(); ++i) {
    std::optional<RecordName> owner = ParseResourceName(names[i]);
    if (!owner || (owner->kind != RecordKind::kInstitution && owner->kind != RecordKind::kExpert)) {
      return FieldError("owners[" + std::to_string(i) + "]", names[i], "institutions/{id} or experts/{id}");
    }
    owners.push_back(*std::move(owner));
  }
  return owners;
}

// What every kind has.
template <typename Message>
void PutCommon(const Record& record, Message* message) {
  message->Clear();
  message->set_name(ReferenceTo(record.kind, record.id));
  PutStrings(record.fields, message->mutable_fields());
  message->set_disclosure(DisclosureToProto(record.disclosure));
  message->set_illustrative(record.illustrative);
  message->set_source(record.source);
  message->set_tenant(record.tenant);
  message->set_shared(record.shared);
  message->set_etag(EtagOf(record.revision));
  if (record.create_time_us != 0) EncodeMicros(record.create_time_us, message->mutable_create_time());
  if (record.update_time_us != 0) EncodeMicros(record.update_time_us, message->mutable_update_time());
  if (record.delete_time_us != 0) {
    EncodeMicros(record.delete_time_us, message->mutable_delete_time());
    EncodeMicros(record.delete_time_us + kDeletedKeptUs, message->mutable_expire_time());
  }
}

template <typename Message>
absl::StatusOr<Record> TakeCommon(RecordKind kind, const Message& message) {
  Record record;
  record.kind = kind;
  DX_ASSIGN_OR_RETURN(record.id, IdOf(kind, "name", message.name()));
  record.fields = TakeStrings(message.fields());
  DX_ASSIGN_OR_RETURN(record.disclosure, DisclosureFromProto(message.disclosure()));
  record.illustrative = message.illustrative();
  record.source = message.source();
  record.tenant = message.tenant();
  record.shared = message.shared();
  if (!message.etag().empty()) {
    DX_ASSIGN_OR_RETURN(record.revision, RevisionOf(message.etag()));
  }
  if (message.has_create_time()) record.create_time_us = MicrosOf(message.create_time());
  if (message.has_update_time()) record.update_time_us = MicrosOf(message.update_time());
  if (message.has_delete_time()) record.delete_time_us = MicrosOf(message.delete_time());
  return record;
}

}  // namespace

std::string EtagOf(uint64_t revision) {
  if (revision == 0) return "";
  char digits[16];
  const auto [end, error] = std::to_chars(std::begin(digits), std::end(digits), revision, 16);
  return std::string(digits, end);
}

void ToProto(const Record& record, pb::Institution* message) {
  PutCommon(record, message);
  message->set_display_name(record.title);
  PutStrings(record.aliases, message->mutable_aliases());
  message->set_type(record.type);
  message->set_region_code(record.region);
  message->set_statement(record.text);
  PutStrings(record.modes, message->mutable_modes());
  message->set_valid_until(record.valid_until);
}

void ToProto(const Record& record, pb::Expert* message) {
  PutCommon(record, message);
  message->set_display_name(record.title);
  message->set_institution(ReferenceTo(RecordKind::kInstitution, record.institution));
  message->set_region_code(record.region);
  message->set_statement(record.text);
  PutStrings(record.availability, message->mutable_availability());
  message->set_open_matches_max(record.open_matches_max);
  message->set_valid_until(record.valid_until);
}

void ToProto(const Record& record, pb::Result* message) {
  PutCommon(record, message);
  message->set_title(record.title);
  message->set_abstract(record.text);
  message->set_type(record.type);
  PutOwners(record.owners, message->mutable_owners());
  message->set_region_code(record.region);
  PutStrings(record.keywords, message->mutable_keywords());
  message->set_maturity(record.maturity);
  message->set_ip_status(record.ip_status);
  PutStrings(record.modes, message->mutable_modes());
  PutStrings(record.conditions, message->mutable_conditions());
  PutStrings(record.indicators, message->mutable_indicators());
  message->set_year(record.year);
  message->set_valid_until(record.valid_until);
}

void ToProto(const Record& record, pb::Need* message) {
  PutCommon(record, message);
  message->set_title(record.title);
  message->set_description(record.text);
  message->set_wanted(record.wanted);
  message->set_institution(ReferenceTo(RecordKind::kInstitution, record.institution));
  message->set_region_code(record.region);
  PutStrings(record.keywords, message->mutable_keywords());
  message->set_task(record.task);
  PutStrings(record.modes, message->mutable_modes());
  message->set_maturity(record.maturity);
  PutStrings(record.conditions, message->mutable_conditions());
  PutStrings(record.indicators, message->mutable_indicators());
  if (record.budget_wan) message->set_budget_wan(*record.budget_wan);
  message->set_deadline(record.deadline);
  message->set_valid_until(record.valid_until);
}

void ToProto(const Record& record, pb::Evidence* message) {
  PutCommon(record, message);
  message->set_title(record.title);
  message->set_abstract(record.text);
  message->set_type(record.type);
  PutOwners(record.owners, message->mutable_owners());
  PutStrings(record.keywords, message->mutable_keywords());
  message->set_year(record.year);
  message->set_valid_until(record.valid_until);
}

void ToProto(const Record& record, pb::Record* message) {
  message->Clear();
  switch (record.kind) {
    case RecordKind::kInstitution:
      return ToProto(record, message->mutable_institution());
    case RecordKind::kExpert:
      return ToProto(record, message->mutable_expert());
    case RecordKind::kResult:
      return ToProto(record, message->mutable_result());
    case RecordKind::kNeed:
      return ToProto(record, message->mutable_need());
    case RecordKind::kEvidence:
      return ToProto(record, message->mutable_evidence());
  }
}

absl::StatusOr<Record> FromProto(const pb::Institution& message) {
  DX_ASSIGN_OR_RETURN(Record record, TakeCommon(RecordKind::kInstitution, message));
  record.title = message.display_name();
  record.aliases = TakeStrings(message.aliases());
  record.type = message.type();
  record.region = message.region_code();
  record.text = message.statement();
  record.modes = TakeStrings(message.modes());
  record.valid_until = message.valid_until();
  return record;
}

absl::StatusOr<Record> FromProto(const pb::Expert& message) {
  DX_ASSIGN_OR_RETURN(Record record, TakeCommon(RecordKind::kExpert, message));
  record.title = message.display_name();
  DX_ASSIGN_OR_RETURN(record.institution,
                      IdOf(RecordKind::kInstitution, "institution", message.institution()));
  record.region = message.region_code();
  record.text = message.statement();
  record.availability = TakeStrings(message.availability());
  record.open_matches_max = message.open_matches_max();
  record.valid_until = message.valid_until();
  return record;
}

absl::StatusOr<Record> FromProto(const pb::Result& message) {
  DX_ASSIGN_OR_RETURN(Record record, TakeCommon(RecordKind::kResult, message));
  record.title = message.title();
  record.text = message.abstract();
  record.type = message.type();
  DX_ASSIGN_OR_RETURN(record.owners, OwnersOf(message.owners()));
  record.region = message.region_code();
  record.keywords = TakeStrings(message.keywords());
  record.maturity = message.maturity();
  record.ip_status = message.ip_status();
  record.modes = TakeStrings(message.modes());
  record.conditions = TakeStrings(message.conditions());
  record.indicators = TakeStrings(message.indicators());
  record.year = message.year();
  record.valid_until = message.valid_until();
  return record;
}

absl::StatusOr<Record> FromProto(const pb::Need& message) {
  DX_ASSIGN_OR_RETURN(Record record, TakeCommon(RecordKind::kNeed, message));
  record.title = message.title();
  record.text = message.description();
  record.wanted = message.wanted();
  DX_ASSIGN_OR_RETURN(record.institution,
                      IdOf(RecordKind::kInstitution, "institution", message.institution()));
  record.region = message.region_code();
  record.keywords = TakeStrings(message.keywords());
  record.task = message.task();
  record.modes = TakeStrings(message.modes());
  record.maturity = message.maturity();
  record.conditions = TakeStrings(message.conditions());
  record.indicators = TakeStrings(message.indicators());
  if (message.has_budget_wan()) record.budget_wan = message.budget_wan();
  record.deadline = message.deadline();
  record.valid_until = message.valid_until();
  return record;
}

absl::StatusOr<Record> FromProto(const pb::Evidence& message) {
  DX_ASSIGN_OR_RETURN(Record record, TakeCommon(RecordKind::kEvidence, message));
  record.title = message.title();
  record.text = message.abstract();
  record.type = message.type();
  DX_ASSIGN_OR_RETURN(record.owners, OwnersOf(message.owners()));
  record.keywords = TakeStrings(message.keywords());
  record.year = message.year();
  record.valid_until = message.valid_until();
  return record;
}

absl::StatusOr<Record> FromProto(const pb::Record& message) {
  switch (message.kind_case()) {
    case pb::Record::kInstitution:
      return FromProto(message.institution());
    case pb::Record::kExpert:
      return FromProto(message.expert());
    case pb::Record::kResult:
      return FromProto(message.result());
    case pb::Record::kNeed:
      return FromProto(message.need());
    case pb::Record::kEvidence:
      return FromProto(message.evidence());
    case pb::Record::KIND_NOT_SET:
      break;
  }
  return absl::InvalidArgumentError(
      "record: empty, expected one of institution, expert, result, need, evidence");
}

}  // namespace dongxi
