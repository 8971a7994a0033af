#include "bench/quality/trec_lines.h"

#include "engine/text/normalize.h"

namespace dongxi::bench {
namespace {

constexpr std::string_view kSpaces = " \t\r\v\f";
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr size_t kQuotedCharactersMax = 60;

void SplitWords(std::string_view line, TrecWords* words) {
  words->clear();
  size_t begin = line.find_first_not_of(kSpaces);
  while (begin != std::string_view::npos) {
    const size_t end = std::min(line.find_first_of(kSpaces, begin), line.size());
    words->push_back(line.substr(begin, end - begin));
    begin = line.find_first_not_of(kSpaces, end);
  }
}

absl::Status At(std::string_view file_name, size_t line, const absl::Status& status) {
  return absl::Status(status.code(), std::string(file_name) + ":" + std::to_string(line) + ": " +
                                         std::string(status.message()));
}

}  // namespace

absl::Status VisitTrecLines(std::string_view file_name, std::string_view content,
                            const std::function<absl::Status(const TrecWords& words, size_t line)>& visit) {
  if (content.substr(0, kByteOrderMark.size()) == kByteOrderMark)
    content.remove_prefix(kByteOrderMark.size());
  TrecWords words;
  for (size_t number = 1; !content.empty(); ++number) {
    const size_t end = std::min(content.find('\n'), content.size());
    const std::string_view line = content.substr(0, end);
    content.remove_prefix(std::min(end + 1, content.size()));
    if (!IsValidUtf8(line)) {
      return At(file_name, number,
                absl::InvalidArgumentError("not UTF-8; save the file as UTF-8 without conversion errors"));
    }
    SplitWords(line, &words);
    if (words.empty()) continue;
    if (const absl::Status status = visit(words, number); !status.ok()) return At(file_name, number, status);
  }
  return absl::OkStatus();
}

std::string WrongFields(const TrecWords& words, std::string_view expected) {
  return std::to_string(words.size()) + (words.size() == 1 ? " field" : " fields") + " (the first is " +
         Quoted(words.front()) + "), expected " + std::string(expected);
}

std::string Quoted(std::string_view word) { return "\"" + CutCharacters(word, kQuotedCharactersMax) + "\""; }

}  // namespace dongxi::bench
