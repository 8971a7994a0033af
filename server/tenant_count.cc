#include "server/tenant_count.h"

#include <algorithm>
#include <cstdlib>
#include <optional>

#include "engine/base/status_macros.h"

namespace dongxi {
namespace {

constexpr size_t kDigitsMax = 9;  // an int holds them
constexpr int kNone = -1;

std::string CountKey(const std::string& tenant) { return kTenantCountKey + tenant; }

bool IsNumber(std::string_view text) {
  return !text.empty() && text.size() <= kDigitsMax &&
         text.find_first_not_of("0123456789") == std::string_view::npos;
}

// kNone also where the row is no number: then it is counted anew.
absl::StatusOr<int> Kept(const CatalogueReader& reader, Table table, const std::string& tenant) {
  DX_ASSIGN_OR_RETURN(const std::optional<std::string> text, reader.GetTable(table, CountKey(tenant)));
  return text && IsNumber(*text) ? std::atoi(text->c_str()) : kNone;
}

}  // namespace

absl::StatusOr<int> TenantCount(const CatalogueReader& reader, Table table, const std::string& tenant,
                                char first, absl::FunctionRef<bool(std::string_view value)> is_of_tenant) {
  DX_ASSIGN_OR_RETURN(const int kept, Kept(reader, table, tenant));
  if (kept != kNone) return kept;
  int count = 0;
  DX_RETURN_IF_ERROR(
      reader.ScanTable(table, std::string(1, first), [&](std::string_view key, std::string_view value) {
        if (key.empty() || key.front() != first) return false;
        if (is_of_tenant(value)) ++count;
        return true;
      }));
  return count;
}

void PutTenantCount(Table table, const std::string& tenant, int count, WriteBatch* batch) {
  batch->puts.push_back({table, CountKey(tenant), std::to_string(count)});
}

absl::Status CountOneLess(const CatalogueReader& reader, Table table, const std::string& tenant,
                          WriteBatch* batch) {
  DX_ASSIGN_OR_RETURN(const int kept, Kept(reader, table, tenant));
  if (kept != kNone) PutTenantCount(table, tenant, std::max(0, kept - 1), batch);
  return absl::OkStatus();
}

bool IsTenantCount(std::string_view key, std::string_view value) {
  return !key.empty() && key.front() == kTenantCountKey && IsNumber(value);
}

}  // namespace dongxi
