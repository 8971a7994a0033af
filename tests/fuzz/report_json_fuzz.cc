// Any bytes as a report.json: with the keys that --compare asks for, and as pairs of a plan. What is taken of
// it is what is left of the whole parsed at once; a refusal has a message and leaves the tables as they were.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iterator>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "cli/plan/report_pairs.h"
#include "engine/plan/event_tables.h"
#include "report/json_reader.h"

namespace {

using Json = nlohmann::json;
using dongxi::plan::EventRow;
using dongxi::plan::EventTables;
using dongxi::report::ReportKeys;

// Comparing and writing JSON goes as deep as it does.
constexpr std::ptrdiff_t kDepthMax = 500;

// As in report/compare.cc.
const ReportKeys& Keys() {
  static const auto& keys =
      *new ReportKeys{.report = {"options", "lists", "top"},
                      .item = {"need", "error", "emptied_by_limit", "partners", "experts", "results"},
                      .inner = {"id", "title", "partners", "experts", "results"},
                      .entry = {"adequate", "resource_name", "title", "name"}};
  return keys;
}

bool IsWanted(const std::string& key, int depth) {
  switch (depth) {
    case 1:
      return key == "needs" || Keys().report.contains(key);
    case 3:
      return Keys().item.contains(key);
    case 4:
      return Keys().inner.contains(key);
    case 5:
      return Keys().entry.contains(key);
    default:
      return true;
  }
}

// Leaves what is wanted of a value whose keys, if it is an object, are at `depth`.
void Reduce(int depth, Json* value) {
  if (value->is_object()) {
    for (auto at = value->begin(); at != value->end();)
      at = IsWanted(at.key(), depth) ? std::next(at) : value->erase(at);
  }
  if (!value->is_structured()) return;
  for (Json& inner : *value) Reduce(depth + 1, &inner);
}

// How many keys "needs" the report has: a whole parse keeps the last, the reader takes the items of all.
int NeedsKeys(const std::string& text) {
  int count = 0;
  (void)Json::parse(
      text,
      [&count](int depth, Json::parse_event_t event, Json& read) {
        if (event == Json::parse_event_t::key && depth == 1 && read.get_ref<const std::string&>() == "needs")
          ++count;
        return true;
      },
      /*allow_exceptions=*/false);
  return count;
}

void CheckReader(const std::string& text, Json whole, bool one_needs) {
  std::vector<Json> items;
  std::istringstream in(text);
  const auto rest = dongxi::report::ReadReport(in, Keys(), [&items](size_t place, Json item) {
    if (place != items.size()) std::abort();
    items.push_back(std::move(item));
  });
  if (!rest.ok() || rest->is_discarded() != whole.is_discarded()) std::abort();
  if (whole.is_discarded()) return;
  Reduce(1, &whole);
  std::vector<Json> wanted;
  if (whole.is_object() && whole.contains("needs") && whole["needs"].is_array()) {
    for (Json& item : whole["needs"]) wanted.push_back(std::move(item));
    whole["needs"] = Json::array();
  }
  if (*rest != whole) std::abort();
  if (one_needs ? items != wanted : items.size() < wanted.size()) std::abort();
}

bool Same(const EventTables& a, const EventTables& b) {
  const auto same_row = [](const EventRow& one, const EventRow& other) { return one.values == other.values; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](const auto& one, const auto& other) {
    return one.first == other.first && std::equal(one.second.begin(), one.second.end(), other.second.begin(),
                                                  other.second.end(), same_row);
  });
}

// An event that names an institution, an expert and a need already.
EventTables SomeTables() {
  EventTables tables;
  for (const char* id : {"i-1", "e-1", "n-1"}) {
    EventRow row;
    row.values = {{"id", id}, {"name", std::string("名称") + id}};
    if (id[0] == 'i') row.values["record"] = "institutions/i-1";
    tables["parties"].push_back(row);
  }
  EventRow pair;
  pair.values = {{"need", "n-1"}, {"offer", "i-1"}, {"score", "0.5"}};
  tables["pairs"].push_back(pair);
  return tables;
}

bool Add(const std::string& text, bool near_misses, EventTables* tables) {
  const EventTables before = *tables;
  std::istringstream in(text);
  const absl::Status status = dongxi::cli::AddReport(in, tables, {.near_misses = near_misses});
  if (!status.ok() && (status.message().empty() || !Same(*tables, before))) std::abort();
  return status.ok();
}

void CheckPairs(const std::string& text, const Json& whole, bool one_needs) {
  for (const bool near_misses : {false, true}) {
    EventTables tables = near_misses ? EventTables() : SomeTables();
    EventTables of_whole = tables;
    const bool taken = Add(text, near_misses, &tables);
    if (whole.is_discarded() ? taken : taken != Add(whole.dump(), near_misses, &of_whole)) std::abort();
    if (taken && one_needs && !Same(tables, of_whole)) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  if (std::count_if(text.begin(), text.end(), [](char c) { return c == '[' || c == '{'; }) > kDepthMax)
    return 0;
  const Json whole = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  const bool one_needs = NeedsKeys(text) <= 1;
  CheckReader(text, whole, one_needs);
  CheckPairs(text, whole, one_needs);
  return 0;
}
