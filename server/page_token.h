// Page tokens: where the next page of an answer begins, opaque to clients (AIP-158). Pure functions; any
// thread. Layout before base64url without padding, integers little-endian: version u8, request hash u64,
// offset u64, length u8 and bytes each of the generation, the last id, the match id and, in version 3, the
// signature, CRC-32C u32 of all before it. Version 2 has no signature. A token that names a match opens the
// occasion of its first page, so it counts only if it is signed.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace dongxi {

struct PageToken {
  uint64_t request_hash = 0;  // of the request that the token continues: another request must not use it
  uint64_t offset = 0;        // entries before the page, for answers that are ranked
  std::string generation;     // that ranked them; empty for lists of the catalogue. At most 255 bytes
  std::string after;          // last id of the page before, for lists of the catalogue. At most 255 bytes
  std::string match_id;       // of the first page, for answers that are noted. At most 255 bytes
  std::string signature;      // of all the above (PageTokenSignature); empty: unsigned. At most 255 bytes
  bool operator==(const PageToken&) const = default;
};

std::string EncodePageToken(const PageToken& token);

// InvalidArgument about the field page_token if it is none of ours, damaged, or belongs to another request.
absl::StatusOr<PageToken> DecodePageToken(std::string_view text, uint64_t request_hash);

// The match id of a token, whatever request it belongs to; empty if it has none or is none of ours.
std::string MatchIdOfPageToken(std::string_view text);

// HMAC-SHA-256 with `key` of everything in the token but its signature, the first 128 bits in hex.
std::string PageTokenSignature(const PageToken& token, std::string_view key);
// True if the token is ours and signed with `key`, whatever request it belongs to.
bool IsSignedPageToken(std::string_view text, std::string_view key);

// FNV-1a, 64 bit: the same on every machine and in every run. Continues from `hash`.
inline constexpr uint64_t kHashStart = 0xcbf29ce484222325;
uint64_t HashBytes(std::string_view bytes, uint64_t hash = kHashStart);

}  // namespace dongxi
