#include "engine/text/normalize.h"

#include <unicode/normalizer2.h>
#include <unicode/unistr.h>
#include <unicode/utf8.h>

#include <cstdio>
#include <cstdlib>

namespace dongxi {
namespace {

constexpr char32_t kReplacement = 0xFFFD;
constexpr char32_t kIdeographicSpace = 0x3000;
constexpr char32_t kFullWidthOffset = 0xFEE0;  // from ！ to !, from ａ to a

// The next character at `*position`, which moves on; ill-formed sequences give U+FFFD.
char32_t NextCharacter(std::string_view utf8, size_t* position) {
  const auto* bytes = reinterpret_cast<const uint8_t*>(utf8.data());
  const uint8_t lead = bytes[*position];
  if (lead < 0x80) {
    ++*position;
    return lead;
  }
  UChar32 c = 0;
  size_t i = *position;
  U8_NEXT(bytes, i, utf8.size(), c);
  *position = i;
  return c < 0 ? kReplacement : static_cast<char32_t>(c);
}

bool IsControl(char32_t c) { return c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0x2028 || c == 0x2029; }

// Characters whose normal form needs no table: ASCII, common ideographs and punctuation, full-width ASCII.
// None of them ever joins the character before it. A test compares each one with ICU.
bool IsSimple(char32_t c) {
  return c < 0x80 || (c >= 0x4E00 && c <= 0x9FFF) || (c >= kIdeographicSpace && c <= 0x3029) ||
         (c >= 0xFF01 && c <= 0xFF5E);
}

char32_t NormalizeSimple(char32_t c) {
  if (c >= 0xFF01) c -= kFullWidthOffset;
  if (c >= U'A' && c <= U'Z') return c + 0x20;
  return c < 0x20 || c == 0x7F || c == kIdeographicSpace ? U' ' : c;
}

const icu::Normalizer2& CaseFoldingNormalizer() {
  static const icu::Normalizer2* const instance = [] {
    UErrorCode error = U_ZERO_ERROR;
    const icu::Normalizer2* found = icu::Normalizer2::getNFKCCasefoldInstance(error);
    if (U_SUCCESS(error)) return found;
    // Only a broken installation lacks this table, and nothing can be indexed or searched without it.
    std::fprintf(stderr, "ICU: no NFKC_Casefold data: %s; reinstall the ICU library\n", u_errorName(error));
    std::abort();
  }();
  return *instance;
}

// Normalises UTF-8 piece by piece. A piece begins where nothing that follows can change what stands before.
class Scanner {
 public:
  Scanner(std::string_view utf8, std::u32string* text, std::vector<uint32_t>* origin)
      : utf8_(utf8), text_(*text), origin_(origin) {
    text_.reserve(utf8.size() / 2);
    if (origin_ != nullptr) origin_->reserve(utf8.size() / 2);
  }

  void Run() {
    while (position_ < utf8_.size()) {
      const size_t begin = position_;
      const char32_t c = NextCharacter(utf8_, &position_);
      if (IsSimple(c)) {
        piece_ = {begin, source_, text_.size()};
        Put(NormalizeSimple(c), source_++);
      } else {
        ScanOther(begin, c);
      }
    }
  }

 private:
  struct Piece {
    size_t byte = 0;
    uint32_t source = 0;
    size_t output = 0;
  };

  void Put(char32_t c, uint32_t source) {
    text_.push_back(c);
    if (origin_ != nullptr) origin_->push_back(source);
  }

  // `c` (at byte `begin`) and all that may join it, with the piece before it if it joins that.
  void ScanOther(size_t begin, char32_t c) {
    const icu::Normalizer2& normalizer = CaseFoldingNormalizer();
    if (normalizer.hasBoundaryBefore(static_cast<UChar32>(c))) {
      piece_ = {begin, source_, text_.size()};
    } else {
      text_.resize(piece_.output);
      if (origin_ != nullptr) origin_->resize(piece_.output);
    }
    position_ = piece_.byte;
    source_ = piece_.source;
    icu::UnicodeString raw;
    while (position_ < utf8_.size()) {
      size_t next = position_;
      const auto following = static_cast<UChar32>(NextCharacter(utf8_, &next));
      if (source_ != piece_.source && normalizer.hasBoundaryBefore(following)) break;
      raw.append(following);
      position_ = next;
      ++source_;
    }
    Append(normalizer, raw);
  }

  void Append(const icu::Normalizer2& normalizer, const icu::UnicodeString& raw) {
    UErrorCode error = U_ZERO_ERROR;
    const icu::UnicodeString folded = normalizer.normalize(raw, error);
    const icu::UnicodeString& result = U_SUCCESS(error) ? folded : raw;  // fails only without memory
    // As many out as in: one for one (marks that were only reordered or kept).
    const uint32_t length = source_ - piece_.source;
    const bool one_for_one = static_cast<uint32_t>(result.countChar32()) == length;
    uint32_t index = 0;
    for (int32_t i = 0; i < result.length(); ++index) {
      const UChar32 c = result.char32At(i);
      i += U16_LENGTH(c);
      const auto character = static_cast<char32_t>(c);
      Put(IsControl(character) ? U' ' : character, piece_.source + (one_for_one ? index : 0));
    }
  }

  std::string_view utf8_;
  std::u32string& text_;
  std::vector<uint32_t>* origin_;
  size_t position_ = 0;
  uint32_t source_ = 0;
  Piece piece_;
};

}  // namespace

NormalizedText NormalizeWithOrigin(std::string_view utf8) {
  NormalizedText result;
  Scanner(utf8, &result.text, &result.origin).Run();
  return result;
}

std::u32string NormalizeToUtf32(std::string_view utf8) {
  std::u32string text;
  Scanner(utf8, &text, nullptr).Run();
  return text;
}

std::string Normalize(std::string_view utf8) { return EncodeUtf8(NormalizeToUtf32(utf8)); }

bool IsValidUtf8(std::string_view bytes) {
  const auto* data = reinterpret_cast<const uint8_t*>(bytes.data());
  size_t i = 0;
  while (i < bytes.size()) {
    UChar32 c = 0;
    U8_NEXT(data, i, bytes.size(), c);
    if (c < 0) return false;
  }
  return true;
}

size_t CountCharacters(std::string_view utf8) {
  size_t count = 0;
  for (size_t i = 0; i < utf8.size(); ++count) NextCharacter(utf8, &i);
  return count;
}

std::string CutCharacters(std::string_view utf8, size_t characters) {
  std::string result;
  size_t position = 0;
  for (size_t i = 0; i < characters && position < utf8.size(); ++i) {
    AppendUtf8(NextCharacter(utf8, &position), &result);
  }
  if (position < utf8.size()) result += "…";
  return result;
}

std::u32string DecodeUtf8(std::string_view utf8) {
  std::u32string text;
  text.reserve(utf8.size() / 2);
  for (size_t i = 0; i < utf8.size();) text.push_back(NextCharacter(utf8, &i));
  return text;
}

std::string EncodeUtf8(std::u32string_view text) {
  std::string utf8;
  utf8.reserve(text.size() * 3);
  for (const char32_t c : text) AppendUtf8(c, &utf8);
  return utf8;
}

void AppendUtf8(char32_t character, std::string* out) {
  const bool valid = character <= 0x10FFFF && (character < 0xD800 || character > 0xDFFF);
  const char32_t c = valid ? character : kReplacement;
  const auto tail = [c](int shift) { return static_cast<char>(0x80 | ((c >> shift) & 0x3F)); };
  if (c < 0x80) {
    out->push_back(static_cast<char>(c));
  } else if (c < 0x800) {
    const char bytes[] = {static_cast<char>(0xC0 | (c >> 6)), tail(0)};
    out->append(bytes, sizeof(bytes));
  } else if (c < 0x10000) {
    const char bytes[] = {static_cast<char>(0xE0 | (c >> 12)), tail(6), tail(0)};
    out->append(bytes, sizeof(bytes));
  } else {
    const char bytes[] = {static_cast<char>(0xF0 | (c >> 18)), tail(12), tail(6), tail(0)};
    out->append(bytes, sizeof(bytes));
  }
}

bool IsHan(char32_t c) {
  return (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3400 && c <= 0x4DBF) || (c >= 0x20000 && c <= 0x3FFFF) ||
         (c >= 0xF900 && c <= 0xFAFF) || c == 0x3005 || c == 0x3007;
}

}  // namespace dongxi
