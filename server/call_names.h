// Ids that come with a call or are made for it. Pure functions, but for NewRequestId; any thread.
#pragma once

#include <string>
#include <string_view>

namespace dongxi {

inline constexpr char kRequestIdKey[] = "x-request-id";
inline constexpr char kTraceparentKey[] = "traceparent";
inline constexpr size_t kRequestIdBytesMax = 64;

// 1..64 letters, digits, '-', '_' and '.': what may stand in a log line.
bool IsRequestId(std::string_view text);
// Unique for all practical purposes, not secret.
std::string NewRequestId();

// W3C Trace Context, version 00: "00-<32 hex>-<16 hex>-<2 hex>", neither id all zero.
bool IsTraceparent(std::string_view text);

}  // namespace dongxi
