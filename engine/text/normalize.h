// Text normalisation shared by indexing and search. Pure functions; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace dongxi {

// Normalised text with the way back to the original, for highlighting.
struct NormalizedText {
  // NFKC, case folded; controls and line breaks become spaces; invisible characters (zero-width space, soft
  // hyphen, byte order mark and the like: Unicode's Default_Ignorable_Code_Point) are dropped.
  std::u32string text;
  // For each character of `text`, the index of its source character (Unicode code points, not bytes) in the
  // input; same length as `text`, never decreasing. All of "(1)" from one ⑴ point to it; where several source
  // characters become fewer (e and a combining accent), the result points to the first.
  std::vector<uint32_t> origin;
};

// An ill-formed UTF-8 sequence (its longest valid beginning, at least one byte) is one character U+FFFD, here
// and in every function below. Traditional characters are kept as they are. Normalising twice changes nothing
// more.
NormalizedText NormalizeWithOrigin(std::string_view utf8);
std::u32string NormalizeToUtf32(std::string_view utf8);  // the text alone
std::string Normalize(std::string_view utf8);            // the text alone, as UTF-8

bool IsValidUtf8(std::string_view bytes);
size_t CountCharacters(std::string_view utf8);                        // code points
std::string CutCharacters(std::string_view utf8, size_t characters);  // first code points, with … if cut
std::u32string DecodeUtf8(std::string_view utf8);
std::string EncodeUtf8(std::u32string_view text);       // surrogates and values over U+10FFFF become U+FFFD
void AppendUtf8(char32_t character, std::string* out);  // the same of one character
bool IsHan(char32_t c);                                 // ideographs of all planes, 〇 and 々

}  // namespace dongxi
