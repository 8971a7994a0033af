// Layout of the static model file, version 1 (docs/format/static-model.md). Private to
// engine/embed/static_*.cc.
#pragma once

#include <array>
#include <bit>
#include <cstdint>

namespace dongxi::static_format {

static_assert(std::endian::native == std::endian::little,
              "the files are mapped as they are: little-endian only");

inline constexpr std::array<char, 4> kMagic = {'D', 'X', 'S', 'M'};
inline constexpr uint32_t kVersion = 1;
inline constexpr uint32_t kSizesMax = 4;

// The sections follow in this order: scales (f32 a token), token begins (u32, tokens + 1), token bytes,
// vectors (i8, dim a token); the first three padded to 8 bytes.
struct Header {
  std::array<char, 4> magic = kMagic;
  uint32_t version = kVersion;
  uint32_t content_crc32c = 0;  // of every byte after this field
  uint32_t dim = 0;
  uint32_t tokens = 0;
  uint32_t sizes_count = 0;
  std::array<uint32_t, kSizesMax> sizes = {};
  uint64_t token_bytes = 0;
  std::array<uint64_t, 2> reserved = {};
};
static_assert(sizeof(Header) == 64);
inline constexpr size_t kCrcCoversFrom = 12;

constexpr uint64_t PaddedTo8(uint64_t bytes) { return (bytes + 7) / 8 * 8; }

}  // namespace dongxi::static_format
