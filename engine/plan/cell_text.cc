#include "engine/plan/cell_text.h"

#include <algorithm>

namespace dongxi::plan {
namespace {

constexpr size_t kBlankBytesMax = 3;

// The length of the blank that begins there, 0 if there is none: also that of a Chinese keyboard, and the one
// that does not break.
size_t BlankAt(std::string_view text, size_t at) {
  const std::string_view rest = text.substr(at);
  if (rest.empty()) return 0;
  if (rest[0] == ' ' || rest[0] == '\t' || rest[0] == '\n' || rest[0] == '\r') return 1;
  if (rest.starts_with("\xC2\xA0")) return 2;
  return rest.starts_with("\xE3\x80\x80") ? 3 : 0;
}

// Whether the character of this first byte is Chinese or the like: U+3000 to U+DFFF, or one of four bytes.
bool IsChinese(char first) {
  const auto byte = static_cast<unsigned char>(first);
  return (byte >= 0xE3 && byte <= 0xED) || byte >= 0xF0;
}

bool IsInside(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

// Calls `visit(word)` for what stands between blanks.
template <typename Visit>
void ForEachWord(std::string_view text, Visit visit) {
  size_t begin = 0;
  for (size_t i = 0; i <= text.size();) {
    const size_t blank = BlankAt(text, i);
    if (blank == 0 && i < text.size()) {
      ++i;
      continue;
    }
    if (i > begin) visit(text.substr(begin, i - begin));
    i += std::max<size_t>(1, blank);
    begin = i;
  }
}

}  // namespace

std::string Trimmed(std::string_view text) {
  while (const size_t blank = BlankAt(text, 0)) text.remove_prefix(blank);
  for (size_t bytes = 1; bytes <= kBlankBytesMax;) {
    const bool is_blank = text.size() >= bytes && BlankAt(text, text.size() - bytes) == bytes;
    if (is_blank) text.remove_suffix(bytes);
    bytes = is_blank ? 1 : bytes + 1;
  }
  return std::string(text);
}

std::string PersonKey(std::string_view name) {
  std::string key;
  ForEachWord(name, [&key](std::string_view word) {
    size_t last = key.size();
    while (last > 0 && IsInside(key[--last])) continue;
    if (!key.empty() && !(IsChinese(key[last]) && IsChinese(word.front()))) key += ' ';
    key += word;
  });
  return key;
}

bool MayBeSeveral(std::string_view name) {
  constexpr size_t kNameBytesMin = 6;  // two characters
  bool any = false, was_name = false;
  ForEachWord(name, [&](std::string_view word) {
    const bool is_name = word.size() >= kNameBytesMin && std::all_of(word.begin(), word.end(), [](char c) {
                           return IsChinese(c) || IsInside(c);
                         });
    any |= is_name && was_name;
    was_name = is_name;
  });
  return any;
}

std::string Narrow(std::string_view text) {
  std::string narrow;
  for (size_t i = 0; i < text.size(); ++i) {
    const auto byte = [&](size_t at) { return at < text.size() ? static_cast<unsigned char>(text[at]) : 0; };
    const int wide = byte(i) != 0xEF || (byte(i + 1) & 0xFE) != 0xBC
                         ? 0
                         : 0x21 + (byte(i + 1) - 0xBC) * 64 + byte(i + 2) - 0x81;  // U+FF01 is !
    if (wide < 0x21 || wide > 0x7E || (byte(i + 2) & 0xC0) != 0x80) {
      narrow += text[i];
      continue;
    }
    narrow += static_cast<char>(wide);
    i += 2;
  }
  return narrow;
}

int DaysIn(int year, int month) {
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return kDays[month - 1] + (month == 2 && leap ? 1 : 0);
}

std::vector<std::string> Items(std::string_view text) {
  std::vector<std::string> items;
  std::string item;
  const auto end = [&] {
    item = Trimmed(item);
    if (!item.empty()) items.push_back(item);
    item.clear();
  };
  for (size_t i = 0; i < text.size();) {
    const std::string_view three = text.substr(i, 3);
    if (three == "、" || three == "，" || three == "；") {
      end();
      i += 3;
    } else if (text[i] == ',' || text[i] == ';' || text[i] == '|' || text[i] == '\n') {
      end();
      ++i;
    } else {
      item += text[i++];
    }
  }
  end();
  return items;
}

}  // namespace dongxi::plan
