// SHA-256, HMAC and random bytes from OpenSSL, as hex texts. Pure functions but for RandomHex; any thread.
#pragma once

#include <string>
#include <string_view>

namespace dongxi {

inline constexpr size_t kSha256HexSize = 64;

std::string Sha256Hex(std::string_view bytes);
std::string HmacSha256Hex(std::string_view key, std::string_view bytes);

// `bytes` random bytes of the operating system's generator, in two lower-case hex digits each.
std::string RandomHex(size_t bytes);

// Takes as long for a wrong text as for a nearly right one, so that time tells nothing about it.
bool SameSecret(std::string_view a, std::string_view b);

}  // namespace dongxi
