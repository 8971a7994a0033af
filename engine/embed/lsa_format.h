// Layout of the LSA model file, version 1 (docs/format/lsa-model.md), and the arithmetic that trainer and
// embedder must share. Private to engine/embed/lsa_*.cc.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <span>

#include "engine/embed/embedder.h"
#include "engine/embed/stable_math.h"
#include "engine/text/terms.h"

namespace dongxi::lsa {

static_assert(std::endian::native == std::endian::little,
              "the files are mapped as they are: little-endian only");

inline constexpr std::array<char, 4> kMagic = {'D', 'X', 'L', 'S'};
inline constexpr uint32_t kVersion = 1;

// The sections follow in this order: idf, term begins, term bytes, vectors; the first three padded to 8
// bytes.
struct Header {
  std::array<char, 4> magic = kMagic;
  uint32_t version = kVersion;
  uint32_t content_crc32c = 0;  // of every byte after this field
  uint32_t dim = 0;
  uint32_t terms = 0;
  uint32_t lexicon_crc32c = 0;
  uint64_t documents = 0;  // trained on
  uint64_t term_bytes = 0;
  std::array<uint64_t, 3> reserved = {};
};
static_assert(sizeof(Header) == 64);
inline constexpr size_t kCrcCoversFrom = 12;

constexpr uint64_t PaddedTo8(uint64_t bytes) { return (bytes + 7) / 8 * 8; }

// Upper half of an IEEE 754 single, rounded to nearest, ties to even.
inline uint16_t ToBfloat16(float value) {
  const auto bits = std::bit_cast<uint32_t>(value);
  return static_cast<uint16_t>((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
}
inline float FromBfloat16(uint16_t half) { return std::bit_cast<float>(uint32_t{half} << 16); }

// Terms of a title count twice: it says in few words what the text is about.
inline std::vector<TermCount> CountEmbedTerms(const EmbedInput& input, const Lexicon& lexicon) {
  const CountedText texts[] = {{input.title, 2}, {input.text, 1}};
  return CountTerms(texts, lexicon);
}

inline float FrequencyWeight(uint32_t frequency) { return static_cast<float>(1 + StableLog(frequency)); }
inline float Idf(double documents, double document_frequency) {
  return static_cast<float>(StableLog((1 + documents) / (1 + document_frequency)) + 1);
}

}  // namespace dongxi::lsa
