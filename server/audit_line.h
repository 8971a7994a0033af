// One line of the audit log as bytes, and what the chain needs of one. Pure functions; any thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "server/audit_trail.h"

namespace dongxi {

inline constexpr char kAuditHeadName[] = "HEAD";
// Methods of lines that the log writes about itself.
inline constexpr char kAuditCut[] = "AuditTrail.Cut";      // the end of a line was missing and was cut off
inline constexpr char kAuditGap[] = "AuditTrail.Gap";      // HEAD knew lines that are gone
inline constexpr char kAuditAgain[] = "AuditTrail.Again";  // lines can be written again after an error
// The files before a line are about to be removed; its code: what AuditRemovedCode makes.
inline constexpr char kAuditRemoved[] = "AuditTrail.Removed";

// Without the newline. `key` empty: without "mac".
std::string EncodeAuditLine(const AuditEvent& event, uint64_t sequence, const std::string& previous_hash,
                            const std::string& key);

struct AuditLink {
  uint64_t sequence = 0;
  std::string previous_hash;
  std::string method;
  uint64_t removed_before = 0;  // of kAuditRemoved: number of the first line that stays; else 0
};
// DataLoss if it is no line of an audit log.
absl::StatusOr<AuditLink> DecodeAuditLink(const std::string& line);
// True if the line carries the HMAC that `key` makes of it.
bool HasRightMac(const std::string& line, const std::string& key);

// "audit-000000000001.jsonl": named after its first line.
std::filesystem::path AuditFile(const std::filesystem::path& directory, uint64_t first_sequence);
// The number in such a name; 0 if there is none.
uint64_t AuditFirstSequence(const std::filesystem::path& file);
// "BEFORE n".
std::string AuditRemovedCode(uint64_t first_kept);
// All of them, oldest first.
std::vector<std::filesystem::path> AuditFiles(const std::filesystem::path& directory);

// "SEQUENCE HASH": the last line known to be on the disk.
struct AuditHead {
  uint64_t sequence = 0;
  std::string hash;
};
std::string EncodeAuditHead(const AuditHead& head);
// Sequence 0 if there is none.
absl::StatusOr<AuditHead> ReadAuditHead(const std::filesystem::path& directory);

}  // namespace dongxi
