#include "engine/plan/cell_text.h"

namespace dongxi::plan {
namespace {

bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

}  // namespace

std::string Trimmed(std::string_view text) {
  while (!text.empty() && IsSpace(text.front())) text.remove_prefix(1);
  while (!text.empty() && IsSpace(text.back())) text.remove_suffix(1);
  return std::string(text);
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
