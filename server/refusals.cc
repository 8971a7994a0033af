#include "server/refusals.h"

#include <optional>
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

}  // namespace

absl::StatusOr<std::vector<RecordName>> RefusedFor(const CatalogueReader& catalogue,
                                                   const RecordName& need_or_offer) {
  std::vector<RecordName> refused;
  std::string prefix = Name(need_or_offer);
  prefix.push_back('\0');
  std::string damaged;
  DX_RETURN_IF_ERROR(
      catalogue.ScanTable(Table::kRefusals, prefix, [&](std::string_view key, std::string_view) {
        if (key.substr(0, prefix.size()) != prefix) return false;
        const std::string_view rest = key.substr(prefix.size());
        std::optional<RecordName> name = ParseResourceName(rest.substr(0, rest.find('\0')));
        if (!name) damaged = std::string(rest);
        if (name && (refused.empty() || refused.back() != *name)) refused.push_back(*std::move(name));
        return name.has_value();
      }));
  if (!damaged.empty()) return absl::DataLossError("refusals: the key of '" + damaged + "' names no record");
  return refused;
}

absl::StatusOr<std::vector<RecordName>> RefusedForName(const CatalogueReader& catalogue,
                                                       const std::string& need_or_offer) {
  const std::optional<RecordName> name = ParseResourceName(need_or_offer);
  if (!name) return std::vector<RecordName>();
  return RefusedFor(catalogue, *name);
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
