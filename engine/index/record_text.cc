#include "engine/index/record_text.h"

namespace dongxi {
namespace {

void AppendLine(std::string& text, std::string_view line) {
  if (line.empty()) return;
  if (!text.empty()) text += '\n';
  text += line;
}

}  // namespace

EmbedInput TextOf(const Record& record) {
  EmbedInput input{record.title, {}};
  AppendLine(input.text, record.text);
  AppendLine(input.text, record.wanted);
  for (const std::vector<std::string>* list :
       {&record.aliases, &record.fields, &record.keywords, &record.indicators}) {
    for (const std::string& item : *list) AppendLine(input.text, item);
  }
  return input;
}

std::vector<TermCount> LexicalTermsOf(const EmbedInput& text, const Lexicon& lexicon) {
  const CountedText texts[] = {{text.title}, {text.text}};
  return CountTerms(texts, lexicon);
}

}  // namespace dongxi
