// A text as the indicator parser reads it: NFKC with ASCII case kept, each character with its place in the
// source. Private to engine/requirement. Immutable; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace dongxi::requirement {

struct ScanText {
  // NFKC characters. Capital ASCII letters stay capitals (MW is not mW); dashes are '-', '~' is every wave;
  // enclosed and Roman numbers (①) are ';', so that they are never read as part of a quantity.
  std::u32string text;
  std::vector<uint32_t> bytes;    // byte offset of each character in the source, and of the end
  std::vector<bool> superscript;  // the source character stands raised: m² has text "m2"
  std::vector<bool> subscript;    // or lowered: CO₂ has text "CO2"

  // Byte offset where the characters [.., end) of `text` end.
  uint32_t EndByte(size_t end) const;
};

// Empty for ill-formed UTF-8.
ScanText MakeScanText(std::string_view utf8);

// The same form for a word of a table.
std::u32string ScanWord(std::string_view utf8);
// ASCII letters in lower case.
std::u32string FoldAscii(std::u32string_view text);
bool IsAsciiLetter(char32_t c);
bool IsAsciiDigit(char32_t c);

// 0 behind the end.
inline char32_t CharacterAt(const ScanText& scan, size_t at) {
  return at < scan.text.size() ? scan.text[at] : 0;
}
// The first character from `at` on that is no space.
inline size_t SkipSpaces(const ScanText& scan, size_t at) {
  while (CharacterAt(scan, at) == U' ') ++at;
  return at;
}

}  // namespace dongxi::requirement
