// An event as tables of text, the form that spreadsheets and JSON share: sheets with rows of values by field.
// Sheets and fields are described once (kSheets): templates, readers and error messages are made from that.
// Pure functions; any thread.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "engine/plan/event.h"

namespace dongxi::plan {

struct FieldSpec {
  std::string_view key;     // in JSON
  std::string_view header;  // in a spreadsheet
  bool required = false;
  std::string_view help;
  std::string_view example;
};

struct SheetSpec {
  std::string_view key;
  std::string_view name;
  std::string_view help;
  std::span<const FieldSpec> fields;
};

std::span<const SheetSpec> Sheets();
const SheetSpec& SheetOf(std::string_view key);  // REQUIRES: there is one

struct EventRow {
  Place place;
  std::map<std::string, std::string, std::less<>> values;  // by field key; empty ones may be missing
};
using EventTables = std::map<std::string, std::vector<EventRow>, std::less<>>;  // by sheet key

// The event; what cannot be read is a fatal problem and left out. Validate is not called.
Event DecodeEvent(const EventTables& tables, std::vector<Problem>* problems);
// The tables that DecodeEvent makes the same event of (places are renumbered).
EventTables EncodeEvent(const Event& event);

inline constexpr size_t kEventBytesMax = size_t{256} << 20;

// {"parties": [{"id": "…", …}, …], …}; values may be strings, numbers, booleans and arrays of strings.
// Errors: InvalidArgument with the place in the text; an unknown sheet or field with the ones that exist.
absl::StatusOr<EventTables> TablesFromJson(std::string_view text);
std::string TablesToJson(const EventTables& tables);

}  // namespace dongxi::plan
