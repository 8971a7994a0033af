#include "bench/held_out_terms.h"

#include "engine/text/normalize.h"

namespace dongxi::bench {
namespace {

std::vector<std::string_view> LinesOf(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const size_t end = text.find('\n');
    const size_t size = end == std::string_view::npos ? text.size() : end + 1;
    lines.push_back(text.substr(0, size));
    text.remove_prefix(size);
  }
  return lines;
}

// The second cell; empty for a line that is no row.
std::string_view TermOf(std::string_view line) {
  const size_t begin = line.find('\t');
  if (line.starts_with('#') || begin == std::string_view::npos) return {};
  return line.substr(begin + 1, line.find('\t', begin + 1) - begin - 1);
}

int OnlyTextWith(const std::string& term, const std::vector<std::string>& texts) {
  int only = kNowhere;
  for (size_t i = 0; i < texts.size(); ++i) {
    if (texts[i].find(term) == std::string::npos) continue;
    if (only != kNowhere) return kSeveral;
    only = static_cast<int>(i);
  }
  return only;
}

}  // namespace

std::vector<int> OnlyTextOfTerms(std::string_view topics, const std::vector<std::string>& texts) {
  std::vector<std::string> normalised;
  for (const std::string& text : texts) normalised.push_back(Normalize(text));
  std::vector<int> only;
  for (const std::string_view line : LinesOf(topics)) {
    const std::string term = Normalize(TermOf(line));
    only.push_back(term.empty() ? kNowhere : OnlyTextWith(term, normalised));
  }
  return only;
}

std::string WithoutTermsOnlyIn(std::string_view topics, const std::vector<int>& only, int text) {
  std::string kept;
  const std::vector<std::string_view> lines = LinesOf(topics);
  for (size_t i = 0; i < lines.size(); ++i) {
    if (only[i] != text) kept += lines[i];
  }
  return kept;
}

}  // namespace dongxi::bench
