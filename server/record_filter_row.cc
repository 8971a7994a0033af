#include "server/record_filter_row.h"

#include <algorithm>
#include <limits>
#include <string>
#include <vector>

#include "engine/index/document_table.h"
#include "engine/text/normalize.h"

namespace dongxi {
namespace {

bool Contains(const std::vector<std::string>& codes, std::string_view code) {
  if (code.empty()) return !codes.empty();
  return std::find(codes.begin(), codes.end(), code) != codes.end();
}

}  // namespace

bool RecordFilterRow::HasFieldContaining(std::string_view normalized) const {
  return std::any_of(record_.fields.begin(), record_.fields.end(), [normalized](const std::string& field) {
    return Normalize(field).find(normalized) != std::string::npos;
  });
}

std::optional<int32_t> RecordFilterRow::valid_until_day() const {
  const int32_t day = DayNumber(record_.valid_until);
  return day == std::numeric_limits<int32_t>::max() ? std::nullopt : std::optional(day);
}

bool RecordFilterRow::HasMode(std::string_view code) const {
  return Contains(record_.modes, code) || Contains(record_.availability, code);
}

bool RecordFilterRow::HasCondition(std::string_view code) const { return Contains(record_.conditions, code); }

}  // namespace dongxi
