#include "report/html_text.h"

#include <algorithm>

#include "engine/text/noncharacters.h"
#include "engine/text/normalize.h"
#include "report/overview.h"

namespace dongxi::report {
namespace {

constexpr size_t kTermCharactersMin = 2;

bool ChangesThePage(char32_t c) {
  if (c < 0x20) return c != U'\t' && c != U'\n';
  if (c == 0x7F || (c >= 0x80 && c <= 0x9F)) return true;
  return c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) ||
         IsNoncharacter(c);
}

void AppendEscaped(char32_t c, std::string* out) {
  switch (c) {
    case U'<':
      *out += "&lt;";
      return;
    case U'>':
      *out += "&gt;";
      return;
    case U'&':
      *out += "&amp;";
      return;
    case U'"':
      *out += "&quot;";
      return;
    case U'\'':
      *out += "&#39;";
      return;
    case U'\r':
      *out += ' ';
      return;  // of CR LF; a lone CR is rare enough to be a space too
    default:
      AppendUtf8(ChangesThePage(c) ? U'\uFFFD' : c, out);
  }
}

void AddNeedIntervals(const v1::MatchList& list, bool adequate_only,
                      const std::vector<std::string_view>& fields, std::vector<Interval>* intervals) {
  for (const v1::MatchEntry& entry : list.entries()) {
    if (adequate_only && !entry.adequate()) continue;
    for (const v1::MatchedTerm& term : entry.matched_terms()) {
      if (CountCharacters(term.term()) < kTermCharactersMin) continue;
      for (const v1::TextSpan& span : term.need_spans()) {
        if (std::find(fields.begin(), fields.end(), span.field()) == fields.end()) continue;
        intervals->push_back({span.begin(), span.end()});
      }
    }
  }
}

}  // namespace

std::string EscapeHtml(std::string_view text) {
  std::string out;
  for (const char32_t c : DecodeUtf8(text)) AppendEscaped(c, &out);
  return out;
}

std::vector<Interval> MergedIntervals(std::vector<Interval> intervals, int64_t size) {
  std::sort(intervals.begin(), intervals.end(),
            [](const Interval& a, const Interval& b) { return a.begin < b.begin; });
  std::vector<Interval> merged;
  for (Interval interval : intervals) {
    interval.begin = std::max<int64_t>(interval.begin, 0);
    interval.end = std::min(interval.end, size);
    if (interval.begin >= interval.end) continue;
    if (!merged.empty() && interval.begin <= merged.back().end) {
      merged.back().end = std::max(merged.back().end, interval.end);
    } else {
      merged.push_back(interval);
    }
  }
  return merged;
}

std::string MarkIntervals(std::string_view text, std::vector<Interval> intervals) {
  const std::u32string characters = DecodeUtf8(text);
  const int64_t size = static_cast<int64_t>(characters.size());
  std::string out;
  int64_t position = 0;
  const auto append_until = [&](int64_t end) {
    for (; position < end; ++position) AppendEscaped(characters[static_cast<size_t>(position)], &out);
  };
  for (const Interval& interval : MergedIntervals(std::move(intervals), size)) {
    append_until(interval.begin);
    out += "<mark>";
    append_until(interval.end);
    out += "</mark>";
  }
  append_until(size);
  return out;
}

std::string MarkTerms(std::string_view text, const std::vector<std::string>& terms) {
  const NormalizedText normal = NormalizeWithOrigin(text);
  std::vector<Interval> intervals;
  for (const std::string& term : terms) {
    const std::u32string wanted = NormalizeToUtf32(term);
    if (wanted.size() < kTermCharactersMin) continue;
    for (size_t at = normal.text.find(wanted); at != std::u32string::npos;
         at = normal.text.find(wanted, at + 1)) {
      intervals.push_back({normal.origin[at], int64_t{normal.origin[at + wanted.size() - 1]} + 1});
    }
  }
  return MarkIntervals(text, std::move(intervals));
}

std::vector<Interval> NeedIntervals(const v1::MatchResponse& answer,
                                    const std::vector<std::string_view>& fields) {
  const bool adequate_only = HasAdequateMatch(answer);
  std::vector<Interval> intervals;
  for (const v1::MatchList* list : {&answer.partners(), &answer.experts(), &answer.results()}) {
    AddNeedIntervals(*list, adequate_only, fields, &intervals);
  }
  return intervals;
}

std::vector<std::string> TermsOf(const v1::MatchEntry& entry) {
  std::vector<std::string> terms;
  for (const v1::MatchedTerm& term : entry.matched_terms()) terms.push_back(term.term());
  return terms;
}

}  // namespace dongxi::report
