// One row of the ordinal table with the strings it refers to (docs/format/documents.md), as the file and the
// delta both hold it. Plain data and pure functions; DocumentHeap is not thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "absl/status/statusor.h"
#include "engine/index/types.h"
#include "engine/record/record.h"
#include "engine/requirement/standing.h"

namespace dongxi {

// Offsets point into the heap; offset 0 is the empty string and the empty list.
struct DocumentRow {
  uint32_t id;
  uint32_t region;
  uint32_t type;
  uint32_t institution;
  uint32_t tenant;
  uint32_t names;
  uint32_t modes;
  uint32_t conditions;
  uint32_t fields;
  uint32_t owners_begin;  // index into the owners
  uint32_t owners_count;
  int32_t valid_until_day;
  uint16_t year;
  uint8_t kind;
  uint8_t maturity;
  uint8_t illustrative;
  uint8_t disclosure;
  uint8_t shared;
  uint8_t gone;               // in a delta only: the record was deleted
  uint8_t standing;           // requirement::Standing of its words
  uint8_t term_years;         // of protection
  uint16_t open_matches_max;  // of an expert; 0: not said
};
static_assert(sizeof(DocumentRow) == 60);

// What the table keeps of a record.
struct DocumentFields {
  RecordKind kind = RecordKind::kResult;
  std::string id, region, type, institution, tenant;
  std::vector<RecordName> owners;
  std::vector<std::string> names, modes, conditions, fields;
  int maturity = 0, year = 0, open_matches_max = 0;
  bool illustrative = false, shared = false;
  Disclosure disclosure = Disclosure::kPublic;
  int32_t valid_until_day = 0;
  requirement::StandingMark standing;
};
// The standing is read by the built-in tables.
DocumentFields FieldsOf(const Record& record);

// Strings and lists, each stored once.
class DocumentHeap {
 public:
  DocumentHeap() : bytes_(sizeof(uint16_t), '\0') {}
  // InvalidArgument for a string over 65,535 bytes; ResourceExhausted beyond 4 GiB in all.
  absl::StatusOr<uint32_t> Add(std::string_view text);
  absl::StatusOr<uint32_t> AddList(const std::vector<std::string>& items);
  const std::string& bytes() const { return bytes_; }

 private:
  absl::StatusOr<uint32_t> Place(const std::string& encoded);
  std::string bytes_;
  std::unordered_map<std::string, uint32_t> places_;
};

// The row without its owners. `region`: where the fields have none. Errors: those of the heap.
absl::StatusOr<DocumentRow> EncodeRow(const DocumentFields& fields, std::string_view region,
                                      DocumentHeap& heap);

// A row in memory with its own heap and owners.
struct EncodedDocument {
  DocumentRow row{};
  std::string heap;
  std::vector<DocId> owners;
};

// Days since 1970-01-01 of an ISO date; INT32_MAX for an empty or malformed one.
int32_t DayNumber(std::string_view iso_date);

}  // namespace dongxi
