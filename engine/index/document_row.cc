#include "engine/index/document_row.h"

#include <climits>

#include "absl/time/civil_time.h"
#include "engine/base/status_macros.h"
#include "engine/text/normalize.h"

namespace dongxi {
namespace {

void PutLength(size_t length, std::string* out) {
  out->push_back(static_cast<char>(length & 0xFF));
  out->push_back(static_cast<char>(length >> 8 & 0xFF));
}

absl::Status PutString(std::string_view text, std::string* out) {
  if (text.size() > UINT16_MAX)
    return absl::InvalidArgumentError("an attribute of a record is longer than 65,535 bytes");
  PutLength(text.size(), out);
  out->append(text);
  return absl::OkStatus();
}

}  // namespace

int32_t DayNumber(std::string_view iso_date) {
  absl::CivilDay day;
  if (iso_date.empty() || !absl::ParseCivilTime(std::string(iso_date), &day)) return INT32_MAX;
  return static_cast<int32_t>(day - absl::CivilDay(1970, 1, 1));
}

DocumentFields FieldsOf(const Record& record) {
  using requirement::BuiltInRequirementTables, requirement::ReadStanding;
  DocumentFields fields{.kind = record.kind,
                        .id = record.id,
                        .region = record.region,
                        .type = record.type,
                        .institution = record.institution,
                        .tenant = record.tenant,
                        .owners = record.owners,
                        .names = {},
                        .modes = record.modes,
                        .conditions = record.conditions,
                        .fields = {},
                        .maturity = record.maturity,
                        .year = record.year,
                        .illustrative = record.illustrative,
                        .shared = record.shared,
                        .disclosure = record.disclosure,
                        .valid_until_day = DayNumber(record.valid_until),
                        .standing = ReadStanding(record, BuiltInRequirementTables())};
  if (record.kind == RecordKind::kInstitution) {
    fields.names.push_back(record.title);
    fields.names.insert(fields.names.end(), record.aliases.begin(), record.aliases.end());
  }
  if (record.kind == RecordKind::kExpert) {
    fields.modes = record.availability;
    fields.open_matches_max = record.open_matches_max;
  }
  for (const std::string& field : record.fields) fields.fields.push_back(Normalize(field));
  return fields;
}

absl::StatusOr<uint32_t> DocumentHeap::Add(std::string_view text) {
  std::string encoded;
  DX_RETURN_IF_ERROR(PutString(text, &encoded));
  return Place(encoded);
}

absl::StatusOr<uint32_t> DocumentHeap::AddList(const std::vector<std::string>& items) {
  std::string encoded;
  PutLength(items.size(), &encoded);
  for (const std::string& item : items) DX_RETURN_IF_ERROR(PutString(item, &encoded));
  return Place(encoded);
}

absl::StatusOr<uint32_t> DocumentHeap::Place(const std::string& encoded) {
  if (encoded == std::string_view("\0\0", 2)) return uint32_t{0};
  const auto [found, added] = places_.try_emplace(encoded, static_cast<uint32_t>(bytes_.size()));
  if (added) bytes_ += encoded;
  if (bytes_.size() > UINT32_MAX)
    return absl::ResourceExhaustedError("the ordinal table is larger than 4 GiB");
  return found->second;
}

absl::StatusOr<DocumentRow> EncodeRow(const DocumentFields& fields, std::string_view region,
                                      DocumentHeap& heap) {
  DocumentRow row{};
  DX_ASSIGN_OR_RETURN(row.id, heap.Add(fields.id));
  DX_ASSIGN_OR_RETURN(row.region, heap.Add(fields.region.empty() ? region : fields.region));
  DX_ASSIGN_OR_RETURN(row.type, heap.Add(fields.type));
  DX_ASSIGN_OR_RETURN(row.institution, heap.Add(fields.institution));
  DX_ASSIGN_OR_RETURN(row.tenant, heap.Add(fields.tenant));
  DX_ASSIGN_OR_RETURN(row.names, heap.AddList(fields.names));
  DX_ASSIGN_OR_RETURN(row.modes, heap.AddList(fields.modes));
  DX_ASSIGN_OR_RETURN(row.conditions, heap.AddList(fields.conditions));
  DX_ASSIGN_OR_RETURN(row.fields, heap.AddList(fields.fields));
  row.valid_until_day = fields.valid_until_day;
  row.year = static_cast<uint16_t>(fields.year);
  row.kind = static_cast<uint8_t>(fields.kind);
  row.maturity = static_cast<uint8_t>(fields.maturity);
  row.illustrative = fields.illustrative ? 1 : 0;
  row.disclosure = static_cast<uint8_t>(fields.disclosure);
  row.shared = fields.shared ? 1 : 0;
  row.standing = static_cast<uint8_t>(fields.standing.words);
  row.term_years = fields.standing.term_years;
  row.open_matches_max = static_cast<uint16_t>(fields.open_matches_max);
  return row;
}

}  // namespace dongxi
