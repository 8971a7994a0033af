// Any bytes as a page token, as they are and with the checksum and the spelling put right, which a fuzzer
// would hardly ever guess. What is taken has one spelling and belongs to one request.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "absl/strings/escaping.h"
#include "engine/base/crc32c.h"
#include "server/page_token.h"

namespace {

void Check(std::string_view text, uint64_t request_hash) {
  const std::string match_id = dongxi::MatchIdOfPageToken(text);
  const auto token = dongxi::DecodePageToken(text, request_hash);
  if (!token.ok()) return;
  if (token->match_id != match_id || dongxi::EncodePageToken(*token) != text) std::abort();
  if (dongxi::DecodePageToken(text, request_hash + 1).ok()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string bytes(reinterpret_cast<const char*>(data), size);
  Check(bytes, 0);
  uint64_t hash = 0;  // the token's own, which stands after its version
  for (size_t i = 0; i < 8 && i + 1 < size; ++i) hash |= uint64_t{data[i + 1]} << (8 * i);
  const uint32_t checksum = dongxi::Crc32c(bytes);
  for (int shift = 0; shift < 32; shift += 8) bytes += static_cast<char>(checksum >> shift & 0xFF);
  Check(absl::WebSafeBase64Escape(bytes), hash);
  return 0;
}
