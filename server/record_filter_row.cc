#include "server/record_filter_row.h"

#include <algorithm>
#include <string>
#include <vector>

#include "engine/text/normalize.h"

namespace dongxi {
namespace {

bool Contains(const std::vector<std::string>& codes, std::string_view code) {
  return std::find(codes.begin(), codes.end(), code) != codes.end();
}

}  // namespace

bool RecordFilterRow::HasFieldContaining(std::string_view normalized) const {
  return std::any_of(record_.fields.begin(), record_.fields.end(), [normalized](const std::string& field) {
    return Normalize(field).find(normalized) != std::string::npos;
  });
}

bool RecordFilterRow::HasMode(std::string_view code) const {
  return Contains(record_.modes, code) || Contains(record_.availability, code);
}

bool RecordFilterRow::HasCondition(std::string_view code) const { return Contains(record_.conditions, code); }

}  // namespace dongxi
