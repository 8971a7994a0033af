// Layout of the postings file, version 1 (docs/format/postings.md). Private to
// engine/index/lexical_index*.cc.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "engine/base/crc32c.h"
#include "engine/index/lexical_index.h"

namespace dongxi::postings {

static_assert(std::endian::native == std::endian::little,
              "the files are mapped as they are: little-endian only");

inline constexpr std::array<char, 4> kMagic = {'D', 'X', 'P', 'I'};
inline constexpr uint32_t kVersion = 1;

// The sections follow in this order: lengths, term table, term bytes, postings; the first three padded to 8
// bytes.
struct Header {
  std::array<char, 4> magic = kMagic;
  uint32_t version = kVersion;
  uint32_t documents = 0;
  uint32_t terms = 0;
  double k1 = 0;
  double b = 0;
  uint64_t total_length = 0;    // sum of all document lengths
  uint64_t term_bytes = 0;      // before padding
  uint64_t postings_bytes = 0;  // no padding: the file ends here
  uint32_t reserved = 0;
  uint32_t header_crc32c = 0;  // of the 60 bytes before
};
static_assert(sizeof(Header) == 64);

// One a term in byte order of the terms, and one more that gives the ends.
struct TermEntry {
  uint64_t postings_begin = 0;
  uint32_t term_begin = 0;
  uint32_t document_frequency = 0;
};
static_assert(sizeof(TermEntry) == 16);

constexpr uint64_t PaddedTo8(uint64_t bytes) { return (bytes + 7) / 8 * 8; }

inline uint32_t HeaderCrc(const Header& header) {
  return Crc32c({reinterpret_cast<const char*>(&header), offsetof(Header, header_crc32c)});
}

// Appends what one document adds to a term's postings: the distance to the document before, less one, as a
// varint (7 bits a byte, lowest first, high bit: more follow), then the frequency as one byte.
inline void AppendPosting(uint32_t distance_less_one, uint8_t frequency, std::string* bytes) {
  uint32_t rest = distance_less_one;
  for (; rest >= 0x80; rest >>= 7) bytes->push_back(static_cast<char>(rest | 0x80));
  bytes->push_back(static_cast<char>(rest));
  bytes->push_back(static_cast<char>(frequency));
}

// Reads the postings of one term; stops at the end or at damage, whichever comes first, and never reads
// outside.
class Cursor {
 public:
  Cursor(std::string_view bytes, uint32_t documents)
      : at_(reinterpret_cast<const uint8_t*>(bytes.data())),
        end_(at_ + bytes.size()),
        documents_(documents) {}

  // False at the end or at damage.
  bool Next() {
    if (at_ == end_) return false;
    uint64_t distance = *at_;
    if (distance < 0x80 && end_ - at_ >= 2) {
      ++at_;  // by far the most
    } else if (!LongDistance(&distance)) {
      return Damage();
    }
    next_ += distance;
    if (next_ >= documents_) return Damage();
    doc_ = static_cast<DocId>(next_++);
    frequency_ = *at_++;
    return frequency_ != 0 || Damage();
  }
  DocId doc() const { return doc_; }
  uint32_t frequency() const { return frequency_; }
  bool damaged() const { return damaged_; }

 private:
  bool LongDistance(uint64_t* distance) {
    *distance = 0;
    for (int shift = 0;; shift += 7) {
      if (shift > 28 || end_ - at_ < 2) return false;  // a frequency must follow
      const uint8_t byte = *at_++;
      *distance |= uint64_t{byte & 0x7FU} << shift;
      if (byte < 0x80) return true;
    }
  }
  bool Damage() {
    damaged_ = true;
    at_ = end_;
    return false;
  }

  const uint8_t* at_;
  const uint8_t* end_;
  uint64_t documents_;
  uint64_t next_ = 0;  // lowest document that can come
  DocId doc_ = 0;
  uint32_t frequency_ = 0;
  bool damaged_ = false;
};

}  // namespace dongxi::postings
