#include "server/audit_line.h"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "engine/base/files.h"
#include "engine/base/status_macros.h"
#include "server/digest.h"

namespace dongxi {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kMacStart = ",\"mac\":\"";
constexpr std::string_view kMacEnd = "\"}";

// Of a line with a MAC: what the MAC is of. Empty if it has none.
std::string WithoutMac(const std::string& line, std::string* mac) {
  const size_t tail = kMacStart.size() + kSha256HexSize + kMacEnd.size();
  if (line.size() < tail || line.compare(line.size() - tail, kMacStart.size(), kMacStart) != 0) return "";
  *mac = line.substr(line.size() - tail + kMacStart.size(), kSha256HexSize);
  return line.substr(0, line.size() - tail) + "}";
}

// The other direction of AuditRemovedCode; 0 if it is none.
uint64_t RemovedBefore(const std::string& code) {
  unsigned long long first = 0;
  return std::sscanf(code.c_str(), "BEFORE %llu", &first) == 1 ? first : 0;
}

}  // namespace

std::string AuditGenesisHash() { return std::string(kSha256HexSize, '0'); }

std::string EncodeAuditLine(const AuditEvent& event, uint64_t sequence, const std::string& previous_hash,
                            const std::string& key) {
  Json json = {{"seq", sequence},
               {"time", absl::FormatTime("%Y-%m-%dT%H:%M:%E6SZ", event.time, absl::UTCTimeZone())},
               {"token", event.token_id},
               {"tenant", event.tenant},
               {"peer", event.peer},
               {"method", event.method},
               {"request", event.request_id},
               {"code", event.code}};
  if (event.written_total > 0) {
    json["written"] = event.written;
    json["written_total"] = event.written_total;
  }
  if (event.disclosed_total > 0) {
    json["disclosed"] = event.disclosed;
    json["disclosed_total"] = event.disclosed_total;
    json["level"] = event.level;
  }
  json["prev"] = previous_hash;
  // Peers and ids come from outside: bytes that are not UTF-8 are replaced, not refused.
  std::string line = json.dump(-1, ' ', false, Json::error_handler_t::replace);
  if (key.empty()) return line;
  const std::string mac = HmacSha256Hex(key, line);
  line.pop_back();
  return line.append(kMacStart).append(mac).append(kMacEnd);
}

absl::StatusOr<AuditLink> DecodeAuditLink(const std::string& line) {
  const Json json = Json::parse(line, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object() || !json.contains("seq") || !json["seq"].is_number_unsigned() ||
      !json.contains("prev") || !json["prev"].is_string() || !json.contains("method") ||
      !json["method"].is_string()) {
    return absl::DataLossError("not a line of an audit log");
  }
  AuditLink link = {json["seq"].get<uint64_t>(), json["prev"].get<std::string>(),
                    json["method"].get<std::string>()};
  if (link.method == kAuditRemoved && json.contains("code") && json["code"].is_string())
    link.removed_before = RemovedBefore(json["code"].get<std::string>());
  return link;
}

bool HasRightMac(const std::string& line, const std::string& key) {
  std::string mac;
  const std::string plain = WithoutMac(line, &mac);
  return !plain.empty() && SameSecret(HmacSha256Hex(key, plain), mac);
}

std::filesystem::path AuditFile(const std::filesystem::path& directory, uint64_t first_sequence) {
  char name[48];
  std::snprintf(name, sizeof(name), "audit-%012llu.jsonl", static_cast<unsigned long long>(first_sequence));
  return directory / name;
}

uint64_t AuditFirstSequence(const std::filesystem::path& file) {
  unsigned long long first = 0;
  return std::sscanf(file.filename().c_str(), "audit-%llu.jsonl", &first) == 1 ? first : 0;
}

std::string AuditRemovedCode(uint64_t first_kept) { return "BEFORE " + std::to_string(first_kept); }

std::vector<std::filesystem::path> AuditFiles(const std::filesystem::path& directory) {
  std::vector<std::filesystem::path> files;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(directory, error)) {
    const std::string name = entry.path().filename().string();
    if (name.rfind("audit-", 0) == 0 && entry.path().extension() == ".jsonl") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string EncodeAuditHead(const AuditHead& head) {
  return std::to_string(head.sequence) + " " + head.hash + "\n";
}

absl::StatusOr<AuditHead> ReadAuditHead(const std::filesystem::path& directory) {
  constexpr size_t kHeadBytesMax = 256;
  const std::filesystem::path file = directory / kAuditHeadName;
  if (!std::filesystem::exists(file)) return AuditHead();
  DX_ASSIGN_OR_RETURN(const std::string text, ReadFile(file, kHeadBytesMax));
  AuditHead head;
  char hash[kSha256HexSize + 1] = {};
  unsigned long long sequence = 0;
  if (std::sscanf(text.c_str(), "%llu %64[0-9a-f]", &sequence, hash) != 2 || text.back() != '\n') {
    return absl::DataLossError(file.string() + ": expected a line of a number and a SHA-256");
  }
  head.sequence = sequence;
  head.hash = hash;
  return head;
}

}  // namespace dongxi
