// Requests that were answered: a repeat with the same request_id gets the first answer and has no second
// effect (AIP-155). Kept in Table::kRequests for kRequestKeptUs, written in the same batch as the effect.
// Rows: 'k' tenant LF id -> time u64, fingerprint u64, answer; 't' time u64 tenant LF id -> nothing, for
// removal in order of time. Integers are big-endian.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "google/protobuf/message.h"
#include "store/catalogue.h"

namespace dongxi {

inline constexpr int64_t kRequestKeptUs = int64_t{24} * 3600 * 1'000'000;

struct RequestKey {
  std::string tenant;
  std::string id;            // a UUID in lower case; empty: the request is not remembered
  uint64_t fingerprint = 0;  // of the method and the request without its id
};

// An error about request_id if it is neither empty nor a UUID of version 4.
absl::StatusOr<RequestKey> MakeRequestKey(const std::string& tenant, const std::string& request_id,
                                          const std::string& method, const std::string& request_bytes);

// The first answer, if that request was answered in the last 24 hours. An error about request_id if it came
// with another request.
absl::StatusOr<std::optional<std::string>> RecallAnswer(const CatalogueReader& newest, const RequestKey& key,
                                                        int64_t now_us);

// The same into `answer`; false if there is none, which leaves it as it was.
absl::StatusOr<bool> AnswerAgain(const CatalogueReader& newest, const RequestKey& key, int64_t now_us,
                                 google::protobuf::Message* answer);

// What to put beside the effect of the request: its answer. Removes some of what has expired. Nothing if the
// key has no id.
absl::Status RememberAnswer(const CatalogueReader& newest, const RequestKey& key, const std::string& answer,
                            int64_t now_us, std::vector<TablePut>* puts);

}  // namespace dongxi
