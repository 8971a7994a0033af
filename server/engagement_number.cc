#include "server/engagement_number.h"

#include <utility>
#include <vector>

#include "engine/base/status_macros.h"
#include "engine/engagement/registration_number.h"
#include "server/engagement_convert.h"
#include "server/engagement_table.h"

namespace dongxi {
namespace {

namespace pb = dongxi::v1;

constexpr size_t kMovedAWrite = 2'000;

std::string KeyOf(const pb::Engagement& entry, EngagementKey kind) {
  return EngagementTableKey(
      kind, entry.tenant() + std::string(1, '\0') + RegistrationNumberKey(entry.registration_number()));
}
std::string KeyOf(const pb::Engagement& entry) {
  return KeyOf(entry, entry.simulated() ? EngagementKey::kSimulatedNumber : EngagementKey::kTenantNumber);
}

// Up to kMovedAWrite keys of before.
absl::StatusOr<std::vector<std::string>> OldKeys(const CatalogueReader& reader) {
  const std::string prefix = EngagementTableKey(EngagementKey::kNumber, "");
  std::vector<std::string> keys;
  DX_RETURN_IF_ERROR(
      reader.ScanTable(Table::kEngagements, prefix, [&](std::string_view key, std::string_view) {
        if (!key.starts_with(prefix)) return false;
        keys.emplace_back(key);
        return keys.size() < kMovedAWrite;
      }));
  return keys;
}

absl::Status Move(const std::string& old_key, TableOverlay* table) {
  DX_ASSIGN_OR_RETURN(const std::optional<std::string> id, table->Get(old_key));
  table->Remove(old_key);
  if (!id) return absl::OkStatus();
  DX_ASSIGN_OR_RETURN(const pb::Engagement entry, ReadEngagement(*table, *id));
  DX_ASSIGN_OR_RETURN(const std::optional<std::string> holder, FindNumber(*table, entry));
  if (!holder || *id < *holder) PutNumber(*id, entry, table);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::optional<std::string>> FindNumber(const TableOverlay& table,
                                                      const pb::Engagement& entry) {
  if (entry.registration_number().empty()) return std::optional<std::string>();
  return table.Get(KeyOf(entry));
}

void PutNumber(const std::string& id, const pb::Engagement& entry, TableOverlay* table) {
  if (!entry.registration_number().empty()) table->Put(KeyOf(entry), id);
}

absl::Status ForgetNumber(const pb::Engagement& entry, TableOverlay* table) {
  DX_ASSIGN_OR_RETURN(const std::optional<std::string> holder, FindNumber(*table, entry));
  if (holder && EngagementName(*holder) == entry.name()) table->Remove(KeyOf(entry));
  return absl::OkStatus();
}

absl::Status SetNumberApart(const std::string& id, const pb::Engagement& simulated, TableOverlay* table) {
  if (simulated.registration_number().empty()) return absl::OkStatus();
  for (const std::string& key :
       {KeyOf(simulated, EngagementKey::kTenantNumber),
        EngagementTableKey(EngagementKey::kNumber, simulated.registration_number())}) {
    DX_ASSIGN_OR_RETURN(const std::optional<std::string> holder, table->Get(key));
    if (holder != id) continue;
    table->Remove(key);
    PutNumber(id, simulated, table);
  }
  return absl::OkStatus();
}

absl::Status MoveRegistrationNumbers(Catalogue& catalogue, int64_t now_us) {
  while (true) {
    DX_ASSIGN_OR_RETURN(const std::vector<std::string> waiting, OldKeys(*catalogue.Snapshot()));
    if (waiting.empty()) return absl::OkStatus();
    const auto plan = [&](const CatalogueReader& reader) -> absl::StatusOr<WriteBatch> {
      TableOverlay engagements(reader, Table::kEngagements);
      for (const std::string& key : waiting) DX_RETURN_IF_ERROR(Move(key, &engagements));
      WriteBatch batch;
      engagements.AppendTo(&batch.puts);
      return batch;
    };
    DX_RETURN_IF_ERROR(catalogue.Write(plan, now_us).status());
  }
}

}  // namespace dongxi
