// The ledger in Table::kEngagements, key by key (docs/format/engagements.md): the entries and the ways to
// find them. Functions of a view; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "dongxi/v1/engagement.pb.h"
#include "server/table_overlay.h"

namespace dongxi {

// First byte of a key.
enum class EngagementKey : char {
  kEntry = 'e',      // id: the entry
  kTime = 't',       // event time u64 big-endian, id: empty
  kPair = 'p',       // need 0 offer 0 id: empty
  kCorrected = 'c',  // id: id of the correction or withdrawal
  kNumber = 'n',  // registration number as written: id. Of before: moved to kTenantNumber when a server opens
  kNatural = 'k',          // natural key: id
  kRequest = 'q',          // tenant 0 request id: id of the first answer's entry, hash of the request u64,
                           // its bits turned if that answer was UNCHANGED
  kLast = 'm',             // nothing more: number of the last id, u64
  kBothEnds = 'h',         // need 0 offer 0 id, and offer 0 need 0 id: what server/pair_index.h reads
  kTenantNumber = 'r',     // tenant 0 RegistrationNumberKey: id
  kSimulatedNumber = 's',  // the same of simulated entries
  kComplete = 'v',         // nothing more: the index of pairs has every entry; "2": simulated ones are apart
};

std::string EngagementTableKey(EngagementKey kind, std::string_view rest);
// Times before 1970 do not occur: the rules refuse them.
std::string BigEndian(uint64_t value);
uint64_t FromBigEndian(std::string_view bytes);  // 0 unless it has 8 bytes

// "e-" and 16 hex digits: the time of recording in microseconds, or one more than the last id.
std::string EngagementId(uint64_t number);
uint64_t EngagementNumber(std::string_view id);

// NotFound names the entry; DataLoss if it cannot be read. Fills corrected_by.
absl::StatusOr<dongxi::v1::Engagement> ReadEngagement(const TableOverlay& table, const std::string& id);
// The ids of the entries of a pair (or, with an empty offer, of a need), in order of recording for one pair.
absl::StatusOr<std::vector<std::string>> ReadPairIds(const TableOverlay& table, const std::string& need,
                                                     const std::string& offer);
// The entries of a pair in order of recording.
absl::StatusOr<std::vector<dongxi::v1::Engagement>> ReadPair(const TableOverlay& table,
                                                             const std::string& need,
                                                             const std::string& offer);
// Adds an entry and its keys of time, pair and both ends; `id` is its name's.
void PutEngagement(const std::string& id, const dongxi::v1::Engagement& entry, TableOverlay* table);

}  // namespace dongxi
