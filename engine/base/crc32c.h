// CRC-32C (Castagnoli), the checksum of every on-disk format of Dongxi. Source: RFC 3720, appendix B.4.
#pragma once

#include <cstdint>
#include <string_view>

namespace dongxi {

// The checksum of `bytes`, continuing from `crc` (0 starts). Thread-safe. Crc32c("123456789") == 0xE3069283.
uint32_t Crc32c(std::string_view bytes, uint32_t crc = 0);

}  // namespace dongxi
