// Bytes of a fuzzer as small decisions. At the end all bytes are 0, which every reader takes for "nothing
// more", so that each input ends. One thread at a time.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>

namespace dongxi::fuzz {

class ByteSource {
 public:
  // `bytes` outlives the source.
  explicit ByteSource(std::string_view bytes) : bytes_(bytes) {}

  bool empty() const { return bytes_.empty(); }
  uint8_t Take8() {
    if (bytes_.empty()) return 0;
    const uint8_t byte = static_cast<uint8_t>(bytes_.front());
    bytes_.remove_prefix(1);
    return byte;
  }
  // Little-endian.
  uint16_t Take16() {
    const uint16_t low = Take8();
    return static_cast<uint16_t>(low | (Take8() << 8));
  }
  uint64_t Take64() {
    uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 8) value |= uint64_t{Take8()} << shift;
    return value;
  }
  // At most `size` bytes: fewer at the end.
  std::string_view Take(size_t size) {
    const std::string_view taken = bytes_.substr(0, std::min(size, bytes_.size()));
    bytes_.remove_prefix(taken.size());
    return taken;
  }

 private:
  std::string_view bytes_;
};

}  // namespace dongxi::fuzz
