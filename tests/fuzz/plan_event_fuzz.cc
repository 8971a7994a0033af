// Any bytes as the JSON of an event. What is read, written and read again, is the same.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "engine/plan/event_tables.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  const auto tables = dongxi::plan::TablesFromJson(bytes);
  if (!tables.ok()) return 0;
  std::vector<dongxi::plan::Problem> problems;
  const dongxi::plan::Event event = DecodeEvent(*tables, &problems);
  (void)Validate(event);
  if (!problems.empty()) return 0;
  const std::string once = TablesToJson(EncodeEvent(event));
  const auto again = dongxi::plan::TablesFromJson(once);
  if (!again.ok()) std::abort();
  const std::string twice = TablesToJson(EncodeEvent(DecodeEvent(*again, &problems)));
  if (once != twice) std::abort();
  return 0;
}
