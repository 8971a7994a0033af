// How many entries a tenant has in a table, where it may have so many: a row of the table itself, 'c' and the
// tenant (docs/format/plan.md, engagements.md), put in the write of what it counts. Any thread.
#pragma once

#include <string>
#include <string_view>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "store/catalogue.h"

namespace dongxi {

inline constexpr char kTenantCountKey = 'c';

// The number that is put; where none was put yet, how many of the rows whose keys begin with `first` are the
// tenant's by `is_of_tenant`, which reads them all.
absl::StatusOr<int> TenantCount(const CatalogueReader& reader, Table table, const std::string& tenant,
                                char first, absl::FunctionRef<bool(std::string_view value)> is_of_tenant);
void PutTenantCount(Table table, const std::string& tenant, int count, WriteBatch* batch);
// One less, if there is a number.
absl::Status CountOneLess(const CatalogueReader& reader, Table table, const std::string& tenant,
                          WriteBatch* batch);

// Whether it is the row of a number.
bool IsTenantCount(std::string_view key, std::string_view value);

}  // namespace dongxi
