#include "server/request_memory.h"

#include <string_view>
#include <utility>

#include "engine/base/status_macros.h"
#include "server/grpc_status.h"
#include "server/page_token.h"

namespace dongxi {
namespace {

constexpr size_t kHeadBytes = 16;
// More than one request adds, so that what has expired goes away while requests come.
constexpr int kPurgedPerRequest = 8;

std::string BigEndian(uint64_t value) {
  std::string bytes;
  for (int shift = 56; shift >= 0; shift -= 8) bytes.push_back(static_cast<char>((value >> shift) & 0xff));
  return bytes;
}

uint64_t ReadBigEndian(std::string_view bytes) {
  uint64_t value = 0;
  for (const char byte : bytes) value = (value << 8) | static_cast<unsigned char>(byte);
  return value;
}

std::string ScopedId(const RequestKey& key) { return key.tenant + "\n" + key.id; }

bool IsUuid4(std::string_view id) {
  constexpr std::string_view kForm = "xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx";
  if (id.size() != kForm.size()) return false;
  for (size_t i = 0; i < id.size(); ++i) {
    const bool hex = (id[i] >= '0' && id[i] <= '9') || (id[i] >= 'a' && id[i] <= 'f');
    if (kForm[i] == 'x' && !hex) return false;
    if (kForm[i] == 'y' && std::string_view("89ab").find(id[i]) == std::string_view::npos) return false;
    if ((kForm[i] == '-' || kForm[i] == '4') && id[i] != kForm[i]) return false;
  }
  return true;
}

}  // namespace

absl::StatusOr<RequestKey> MakeRequestKey(const std::string& tenant, const std::string& request_id,
                                          const std::string& method, const std::string& request_bytes) {
  RequestKey key{.tenant = tenant, .id = request_id, .fingerprint = 0};
  if (request_id.empty()) return key;
  for (char& c : key.id) {
    if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
  }
  if (!IsUuid4(key.id)) {
    return WithReason(FieldError("request_id",
                                 "is no UUID of version 4; send one such as "
                                 "0b8f1c7e-5d2a-4c3b-9e6f-112233445566, a new one for every new request"),
                      "REQUEST_ID_INVALID");
  }
  key.fingerprint = HashBytes(request_bytes, HashBytes(method + "\n"));
  return key;
}

absl::StatusOr<std::optional<std::string>> RecallAnswer(const CatalogueReader& newest, const RequestKey& key,
                                                        int64_t now_us) {
  if (key.id.empty()) return std::optional<std::string>();
  DX_ASSIGN_OR_RETURN(const std::optional<std::string> row,
                      newest.GetTable(Table::kRequests, "k" + ScopedId(key)));
  if (!row) return std::optional<std::string>();
  if (row->size() < kHeadBytes) {
    return absl::DataLossError("request " + key.id + ": the kept answer is damaged; use a new request_id");
  }
  const auto time_us = static_cast<int64_t>(ReadBigEndian(std::string_view(*row).substr(0, 8)));
  if (time_us + kRequestKeptUs <= now_us) return std::optional<std::string>();
  if (ReadBigEndian(std::string_view(*row).substr(8, 8)) != key.fingerprint) {
    return WithReason(FieldError("request_id",
                                 "was used for another request within 24 hours; send a new one, or repeat "
                                 "the first request unchanged"),
                      "REQUEST_ID_REUSED");
  }
  return std::optional<std::string>(row->substr(kHeadBytes));
}

absl::StatusOr<bool> AnswerAgain(const CatalogueReader& newest, const RequestKey& key, int64_t now_us,
                                 google::protobuf::Message* answer) {
  DX_ASSIGN_OR_RETURN(const std::optional<std::string> bytes, RecallAnswer(newest, key, now_us));
  if (!bytes) return false;
  if (answer->ParseFromString(*bytes)) return true;
  return absl::DataLossError("request " + key.id + ": the kept answer is damaged; use a new request_id");
}

absl::Status RememberAnswer(const CatalogueReader& newest, const RequestKey& key, const std::string& answer,
                            int64_t now_us, std::vector<TablePut>* puts) {
  if (key.id.empty()) return absl::OkStatus();
  int left = kPurgedPerRequest;
  DX_RETURN_IF_ERROR(
      newest.ScanTable(Table::kRequests, "t", [&](std::string_view time_key, std::string_view) {
        if (time_key.size() < 9 || time_key[0] != 't' || left-- == 0) return false;
        const auto time_us = static_cast<int64_t>(ReadBigEndian(time_key.substr(1, 8)));
        if (time_us + kRequestKeptUs > now_us) return false;
        puts->push_back({Table::kRequests, std::string(time_key), std::nullopt});
        const std::string answer_key = "k" + std::string(time_key.substr(9));
        // The id may have been used again since: then it has another answer, of another time.
        const absl::StatusOr<std::optional<std::string>> kept = newest.GetTable(Table::kRequests, answer_key);
        const bool is_of_then = kept.ok() && *kept && (*kept)->substr(0, 8) == time_key.substr(1, 8);
        if (is_of_then) puts->push_back({Table::kRequests, answer_key, std::nullopt});
        return true;
      }));
  // After the removals, one of which may be that of the same id, expired.
  const std::string time = BigEndian(static_cast<uint64_t>(now_us));
  puts->push_back({Table::kRequests, "k" + ScopedId(key), time + BigEndian(key.fingerprint) + answer});
  puts->push_back({Table::kRequests, "t" + time + ScopedId(key), ""});
  return absl::OkStatus();
}

}  // namespace dongxi
