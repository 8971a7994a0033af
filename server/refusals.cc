#include "server/refusals.h"

#include <map>
#include <optional>
#include <span>
#include <utility>

#include "engine/base/status_macros.h"

namespace dongxi {
namespace {

namespace pb = dongxi::v1;

std::string Key(const std::string& from, const std::string& to, const std::string& tenant) {
  std::string key = from;
  key.push_back('\0');
  key += to;
  key.push_back('\0');
  return key + tenant;
}

std::string Name(const RecordName& name) { return ResourceName(name.kind, name.id); }

// One key of the table, seen from one end.
struct Refused {
  RecordName name;
  std::string tenant;
};

absl::StatusOr<std::vector<Refused>> ReadRefused(const CatalogueReader& catalogue,
                                                 const RecordName& need_or_offer) {
  std::vector<Refused> refused;
  std::string prefix = Name(need_or_offer);
  prefix.push_back('\0');
  std::string damaged;
  DX_RETURN_IF_ERROR(
      catalogue.ScanTable(Table::kRefusals, prefix, [&](std::string_view key, std::string_view) {
        if (key.substr(0, prefix.size()) != prefix) return false;
        const std::string_view rest = key.substr(prefix.size());
        const size_t end = rest.find('\0');
        std::optional<RecordName> name = ParseResourceName(rest.substr(0, end));
        if (!name || end == std::string_view::npos) {
          damaged = std::string(rest);
          return false;
        }
        refused.push_back({*std::move(name), std::string(rest.substr(end + 1))});
        return true;
      }));
  if (!damaged.empty()) return absl::DataLossError("refusals: the key of '" + damaged + "' names no record");
  return refused;
}

// By who refused alone, whosever the records are.
bool HoldsByTenant(const Viewer& viewer, std::string_view tenant) {
  return tenant.empty() || tenant == viewer.tenant;
}

// Whose records are.
class Owners {
 public:
  static absl::StatusOr<Owners> Read(const CatalogueReader& catalogue, std::span<const RecordName> names) {
    DX_ASSIGN_OR_RETURN(const auto records, catalogue.GetMany(names));
    Owners owners;
    for (const std::optional<Record>& record : records) {
      if (record) owners.tenants_[{record->kind, record->id}] = record->tenant;
    }
    return owners;
  }
  // Whether a refusal by `tenant` holds for everybody because of one of the two.
  bool MakeHold(const std::string& tenant, const RecordName& a, const RecordName& b) const {
    return Makes(tenant, a) || Makes(tenant, b);
  }

 private:
  bool Makes(const std::string& tenant, const RecordName& name) const {
    const auto found = tenants_.find(name);
    return found == tenants_.end() || found->second == tenant;
  }
  std::map<RecordName, std::string> tenants_;
};

}  // namespace

absl::StatusOr<std::vector<RecordName>> RefusedFor(const CatalogueReader& catalogue,
                                                   const RecordName& need_or_offer, const Viewer& viewer) {
  DX_ASSIGN_OR_RETURN(std::vector<Refused> refused, ReadRefused(catalogue, need_or_offer));
  if (refused.empty()) return std::vector<RecordName>();
  const auto by_others = [&](const Refused& one) { return !HoldsByTenant(viewer, one.tenant); };
  std::vector<RecordName> names = {need_or_offer};
  for (const Refused& one : refused) {
    if (by_others(one)) names.push_back(one.name);
  }
  DX_ASSIGN_OR_RETURN(const Owners owners, Owners::Read(catalogue, names));
  std::vector<RecordName> found;
  for (Refused& one : refused) {
    if (by_others(one) && !owners.MakeHold(one.tenant, need_or_offer, one.name)) continue;
    if (found.empty() || found.back() != one.name) found.push_back(std::move(one.name));
  }
  return found;
}

absl::StatusOr<std::vector<RecordName>> RefusedForName(const CatalogueReader& catalogue,
                                                       const std::string& need_or_offer,
                                                       const Viewer& viewer) {
  const std::optional<RecordName> name = ParseResourceName(need_or_offer);
  if (!name) return std::vector<RecordName>();
  return RefusedFor(catalogue, *name, viewer);
}

absl::StatusOr<std::vector<pb::Engagement>> HoldingFor(const Viewer& viewer, const CatalogueReader& catalogue,
                                                       const RecordName& need, const RecordName& offer,
                                                       std::vector<pb::Engagement> refusals) {
  if (refusals.empty()) return refusals;
  const RecordName both[] = {need, offer};
  DX_ASSIGN_OR_RETURN(const Owners owners, Owners::Read(catalogue, both));
  std::erase_if(refusals, [&](const pb::Engagement& refusal) {
    return !HoldsByTenant(viewer, refusal.tenant()) && !owners.MakeHold(refusal.tenant(), need, offer);
  });
  return refusals;
}

absl::StatusOr<std::vector<pb::Engagement>> RefusalsOf(const TableOverlay& refusals, const RecordName& need,
                                                       const RecordName& offer) {
  std::vector<pb::Engagement> found;
  bool damaged = false;
  DX_RETURN_IF_ERROR(
      refusals.Scan(Key(Name(need), Name(offer), ""), [&](std::string_view, std::string_view value) {
        damaged = !found.emplace_back().ParseFromArray(value.data(), static_cast<int>(value.size()));
        return !damaged;
      }));
  if (damaged) {
    return absl::DataLossError("refusals: the entry of " + Name(need) + " and " + Name(offer) +
                               " cannot be read; run dongxi-indexer verify");
  }
  return found;
}

absl::StatusOr<std::vector<pb::Engagement>> RefusalsOf(const CatalogueReader& catalogue,
                                                       const RecordName& need, const RecordName& offer) {
  return RefusalsOf(TableOverlay(catalogue, Table::kRefusals), need, offer);
}

void PutRefusal(const pb::Engagement& entry, TableOverlay* refusals) {
  pb::Engagement stored;
  stored.set_name(entry.name());
  stored.set_tenant(entry.tenant());
  stored.set_refusal_reason(entry.refusal_reason());
  *stored.mutable_event_time() = entry.event_time();
  const std::string bytes = stored.SerializeAsString();
  refusals->Put(Key(entry.need(), entry.offer(), entry.tenant()), bytes);
  refusals->Put(Key(entry.offer(), entry.need(), entry.tenant()), bytes);
}

void RemoveRefusal(const std::string& need, const std::string& offer, const std::string& tenant,
                   TableOverlay* refusals) {
  refusals->Remove(Key(need, offer, tenant));
  refusals->Remove(Key(offer, need, tenant));
}

}  // namespace dongxi
