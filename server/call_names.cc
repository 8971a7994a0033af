#include "server/call_names.h"

#include <cinttypes>
#include <cstdio>
#include <random>

namespace dongxi {
namespace {

constexpr std::string_view kHex = "0123456789abcdef";

bool IsHexId(std::string_view text) {
  return text.find_first_not_of(kHex) == std::string_view::npos &&
         text.find_first_not_of('0') != std::string_view::npos;
}

}  // namespace

bool IsRequestId(std::string_view text) {
  constexpr std::string_view kAllowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.";
  return !text.empty() && text.size() <= kRequestIdBytesMax &&
         text.find_first_not_of(kAllowed) == std::string_view::npos;
}

std::string NewRequestId() {
  thread_local std::mt19937_64 random{std::random_device{}() * uint64_t{0x9E3779B97F4A7C15} +
                                      std::random_device{}()};
  char text[40];
  std::snprintf(text, sizeof(text), "%016" PRIx64 "%016" PRIx64, random(), random());
  return text;
}

bool IsTraceparent(std::string_view text) {
  return text.size() == 55 && text.substr(0, 3) == "00-" && text[35] == '-' && text[52] == '-' &&
         IsHexId(text.substr(3, 32)) && IsHexId(text.substr(36, 16)) &&
         text.substr(53).find_first_not_of(kHex) == std::string_view::npos;
}

}  // namespace dongxi
