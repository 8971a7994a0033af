#include "engine/policy/word_table.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_split.h"
#include "engine/policy/policy_words.h"

namespace dongxi {
namespace {

// Reads a table of data/policy as far as names go: `word_columns` columns after the code hold words, "-" is
// none, and the first word is the name. What is wrong with a table is the policy loader's to say; here it is
// passed over.
WordTable ReadWords(const char* tsv, size_t word_columns) {
  WordTable table;
  for (const std::string& line : std::vector<std::string>(absl::StrSplit(tsv, '\n'))) {
    if (line.empty() || line[0] == '#' || line.rfind("code\t", 0) == 0 || line.rfind("id\t", 0) == 0)
      continue;
    const std::vector<std::string> cells = absl::StrSplit(line, '\t');
    for (size_t column = 1; column < std::min(cells.size(), word_columns + 1); ++column) {
      for (const std::string& word : std::vector<std::string>(absl::StrSplit(cells[column], '|'))) {
        if (word.empty() || word == "-") continue;
        table.name_of_code.try_emplace(cells[0], word);
        table.code_of_word.try_emplace(word, cells[0]);
      }
    }
  }
  return table;
}

}  // namespace

std::string WordTable::NameOf(std::string_view code) const {
  const auto found = name_of_code.find(code);
  return found == name_of_code.end() ? "" : found->second;
}

std::string WordTable::CodeOf(std::string_view word) const {
  if (name_of_code.contains(word)) return std::string(word);
  const auto found = code_of_word.find(word);
  return found == code_of_word.end() ? "" : found->second;
}

const WordTable& RegionWords() {
  static const WordTable& table = *new WordTable(ReadWords(kRegionsTsv, 2));
  return table;
}

const WordTable& ModeWords() {
  static const WordTable& table = *new WordTable(ReadWords(kModesTsv, 1));
  return table;
}

const WordTable& ChannelWords() {
  static const WordTable& table = *new WordTable(ReadWords(kChannelsTsv, 1));
  return table;
}

size_t KnownRegionDigits(std::string_view code) {
  for (const size_t length : {size_t{6}, size_t{4}, size_t{2}}) {
    if (code.size() >= length && RegionWords().name_of_code.contains(code.substr(0, length))) return length;
  }
  return 0;
}

std::string RegionPath(std::string_view code) {
  const std::string province = RegionWords().NameOf(code.substr(0, 2));
  if (province.empty()) return "";
  const std::string name = RegionWords().NameOf(code.substr(0, KnownRegionDigits(code)));
  return name == province ? province : province + name;
}

}  // namespace dongxi
