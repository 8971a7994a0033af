#include "bench/learn/folds.h"

#include <cstdint>
#include <string_view>

#include "engine/text/normalize.h"

namespace dongxi::bench {
namespace {

uint64_t Hash(std::string_view text) {
  uint64_t hash = 0xCBF29CE484222325u;  // FNV-1a
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3u;
  return hash ^ (hash >> 32);
}

std::string TitleKey(const std::string& title) {
  std::u32string text = NormalizeToUtf32(title);
  std::erase_if(text, [](char32_t c) { return c == U' ' || c == U'\u3000'; });
  return EncodeUtf8(text);
}

}  // namespace

std::map<std::string, size_t> FoldsOf(const std::vector<TextQuery>& queries, size_t folds) {
  std::map<std::string, std::string> first_of_title;
  for (const TextQuery& query : queries) {
    const std::string title = TitleKey(query.title);
    if (title.empty()) continue;
    std::string& first = first_of_title.try_emplace(title, query.id).first->second;
    if (query.id < first) first = query.id;
  }
  std::map<std::string, size_t> fold_of;
  for (const TextQuery& query : queries) {
    const auto first = first_of_title.find(TitleKey(query.title));
    const std::string& key = first == first_of_title.end() ? query.id : first->second;
    fold_of[query.id] = static_cast<size_t>(Hash(key) % folds);
  }
  return fold_of;
}

}  // namespace dongxi::bench
