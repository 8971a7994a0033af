#include "server/engagement_table.h"

#include <cinttypes>
#include <cstdio>
#include <cstdlib>

#include "engine/base/status_macros.h"
#include "server/engagement_convert.h"
#include "server/grpc_status.h"
#include "server/pair_index.h"

namespace dongxi {
namespace {

namespace pb = dongxi::v1;

std::string PairKey(const std::string& need, const std::string& offer) {
  std::string key = EngagementTableKey(EngagementKey::kPair, need);
  key.push_back('\0');
  if (offer.empty()) return key;
  key += offer;
  key.push_back('\0');
  return key;
}

}  // namespace

std::string EngagementTableKey(EngagementKey kind, std::string_view rest) {
  return static_cast<char>(kind) + std::string(rest);
}

std::string BigEndian(uint64_t value) {
  std::string bytes;
  for (int shift = 56; shift >= 0; shift -= 8) bytes.push_back(static_cast<char>(value >> shift & 0xFF));
  return bytes;
}

uint64_t FromBigEndian(std::string_view bytes) {
  if (bytes.size() != 8) return 0;
  uint64_t value = 0;
  for (const char byte : bytes) value = value << 8 | static_cast<unsigned char>(byte);
  return value;
}

std::string EngagementId(uint64_t number) {
  char text[24];
  std::snprintf(text, sizeof(text), "e-%016" PRIx64, number);
  return text;
}

uint64_t EngagementNumber(std::string_view id) {
  return id.size() < 3 ? 0 : std::strtoull(std::string(id.substr(2)).c_str(), nullptr, 16);
}

absl::StatusOr<pb::Engagement> ReadEngagement(const TableOverlay& table, const std::string& id) {
  DX_ASSIGN_OR_RETURN(const std::optional<std::string> bytes,
                      table.Get(EngagementTableKey(EngagementKey::kEntry, id)));
  if (!bytes) {
    return WithReason(absl::NotFoundError(EngagementName(id) + ": no such entry in the ledger"),
                      "ENGAGEMENT_NOT_FOUND");
  }
  pb::Engagement entry;
  if (!entry.ParseFromString(*bytes)) {
    return absl::DataLossError(EngagementName(id) + ": the entry cannot be read; run dongxi-indexer verify");
  }
  DX_ASSIGN_OR_RETURN(const std::optional<std::string> corrected,
                      table.Get(EngagementTableKey(EngagementKey::kCorrected, id)));
  if (corrected) entry.set_corrected_by(EngagementName(*corrected));
  return entry;
}

absl::StatusOr<std::vector<std::string>> ReadPairIds(const TableOverlay& table, const std::string& need,
                                                     const std::string& offer) {
  std::vector<std::string> ids;
  DX_RETURN_IF_ERROR(table.Scan(PairKey(need, offer), [&](std::string_view key, std::string_view) {
    ids.emplace_back(key.substr(key.rfind('\0') + 1));
    return true;
  }));
  return ids;
}

absl::StatusOr<std::vector<pb::Engagement>> ReadPair(const TableOverlay& table, const std::string& need,
                                                     const std::string& offer) {
  DX_ASSIGN_OR_RETURN(const std::vector<std::string> ids, ReadPairIds(table, need, offer));
  std::vector<pb::Engagement> entries;
  for (const std::string& id : ids) {
    DX_ASSIGN_OR_RETURN(pb::Engagement entry, ReadEngagement(table, id));
    entries.push_back(std::move(entry));
  }
  return entries;
}

void PutEngagement(const std::string& id, const pb::Engagement& entry, TableOverlay* table) {
  table->Put(EngagementTableKey(EngagementKey::kEntry, id), entry.SerializeAsString());
  const uint64_t time = static_cast<uint64_t>(MicrosOf(entry.event_time()));
  table->Put(EngagementTableKey(EngagementKey::kTime, BigEndian(time) + id), "");
  table->Put(PairKey(entry.need(), entry.offer()) + id, "");
  PutInPairIndex(id, entry, table);
}

}  // namespace dongxi
