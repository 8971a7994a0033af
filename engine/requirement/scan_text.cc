#include "engine/requirement/scan_text.h"

#include <algorithm>

#include "engine/text/normalize.h"

namespace dongxi::requirement {
namespace {

bool IsSuperscript(char32_t c) {
  return c == 0xB2 || c == 0xB3 || c == 0xB9 || c == 0x2070 || (c >= 0x2074 && c <= 0x207B);
}

bool IsSubscript(char32_t c) { return c >= 0x2080 && c <= 0x2089; }

bool IsPlainDigit(char32_t c) { return IsAsciiDigit(c) || (c >= 0xFF10 && c <= 0xFF19); }

char32_t UnifyMark(char32_t c) {
  switch (c) {
    case 0x2010:
    case 0x2011:
    case 0x2012:
    case 0x2013:
    case 0x2212:
      return U'-';
    case 0x301C:
    case 0x223C:
    case 0x2014:
    case 0x2015:
      return U'~';
    case 0x2236:
      return U':';
    case 0x2A7E:
    case 0x2267:
    case 0x2273:
      return U'≥';
    case 0x2A7D:
    case 0x2266:
    case 0x2272:
      return U'≤';
    case 0xB7:
    case 0x2022:
    case 0x22C5:
    case 0x30FB:
      return U'·';
    case 0xB5:
      return U'μ';
    default:
      return c;
  }
}

char32_t KeptCase(char32_t normal, char32_t source) {
  const bool capital = (source >= U'A' && source <= U'Z') || (source >= 0xFF21 && source <= 0xFF3A);
  return capital && normal >= U'a' && normal <= U'z' ? normal - U'a' + U'A' : normal;
}

uint32_t Utf8Length(char32_t c) { return c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4; }

}  // namespace

uint32_t ScanText::EndByte(size_t end) const {
  if (end == 0) return bytes.front();
  // The next character that comes from a later source character begins where this one ends.
  size_t next = end;
  while (next + 1 < bytes.size() && bytes[next] == bytes[end - 1]) ++next;
  return bytes[next];
}

ScanText MakeScanText(std::string_view utf8) {
  ScanText scan;
  if (!IsValidUtf8(utf8)) {
    scan.bytes.push_back(0);
    return scan;
  }
  const NormalizedText normal = NormalizeWithOrigin(utf8);
  const std::u32string source = DecodeUtf8(utf8);
  std::vector<uint32_t> offsets(source.size() + 1, 0);
  for (size_t i = 0; i < source.size(); ++i) offsets[i + 1] = offsets[i] + Utf8Length(source[i]);
  scan.text.reserve(normal.text.size());
  for (size_t i = 0; i < normal.text.size(); ++i) {
    const uint32_t origin = std::min<uint32_t>(normal.origin[i], static_cast<uint32_t>(source.size() - 1));
    const char32_t from = source[origin];
    char32_t c = UnifyMark(KeptCase(normal.text[i], from));
    if (IsAsciiDigit(c) && !IsPlainDigit(from) && !IsSuperscript(from) && from < 0x3300 && !IsSubscript(from))
      c = U';';
    if (from == U'\n') c = U'\n';
    scan.text.push_back(c);
    scan.bytes.push_back(offsets[origin]);
    scan.superscript.push_back(IsSuperscript(from));
    scan.subscript.push_back(IsSubscript(from));
  }
  scan.bytes.push_back(offsets.back());
  return scan;
}

std::u32string ScanWord(std::string_view utf8) { return MakeScanText(utf8).text; }

std::u32string FoldAscii(std::u32string_view text) {
  std::u32string folded(text);
  for (char32_t& c : folded) {
    if (c >= U'A' && c <= U'Z') c = c - U'A' + U'a';
  }
  return folded;
}

bool IsAsciiLetter(char32_t c) { return (c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z'); }
bool IsAsciiDigit(char32_t c) { return c >= U'0' && c <= U'9'; }

}  // namespace dongxi::requirement
