// Character classes that the lexicon and the term extractor share; both see normalised text only.
#pragma once

namespace dongxi {

inline bool IsDigit(char32_t c) { return c >= U'0' && c <= U'9'; }

// A letter or digit of which Latin words are made. Greek and Cyrillic letters count: β-, μm and names keep
// their sense.
inline bool IsWordCharacter(char32_t c) {
  if (c < 0x80) return (c >= U'a' && c <= U'z') || IsDigit(c);
  if (c >= 0xC0 && c <= 0x24F) return c != 0xD7 && c != 0xF7;  // × and ÷ are signs
  return (c >= 0x370 && c <= 0x52F && c != 0x37E && c != 0x387) || (c >= 0x1E00 && c <= 0x1FFF);
}

}  // namespace dongxi
