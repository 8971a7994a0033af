// Text into HTML: escaping and highlighting. Pure functions; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "dongxi/v1/match.pb.h"

namespace dongxi::report {

// `text` for an element's content or a quoted attribute. Markup characters become entities; controls other
// than tab and line break, and the characters that reverse the direction of writing, become U+FFFD: none may
// change how the page around them reads.
std::string EscapeHtml(std::string_view text);

// Code points [begin, end).
struct Interval {
  int64_t begin = 0;
  int64_t end = 0;
  bool operator==(const Interval&) const = default;
};

// The same code points in order, clipped to [0, size), without overlap, touching ones joined, no empty one.
std::vector<Interval> MergedIntervals(std::vector<Interval> intervals, int64_t size);

// Escaped `text` with the intervals in <mark>. They may overlap, touch, be out of order, empty or out of
// range.
std::string MarkIntervals(std::string_view text, std::vector<Interval> intervals);

// Escaped `text` with every occurrence of the terms in <mark>; width and case of letters do not matter. Terms
// of one character are passed over: marked, they would cover half of a Chinese sentence.
std::string MarkTerms(std::string_view text, const std::vector<std::string>& terms);

// Where the matched terms (again of two characters or more) of the adequate entries stand in one field of the
// need; of all entries if none is adequate, so that near misses do not blur what was found. `fields` are the
// names that the field goes by.
std::vector<Interval> NeedIntervals(const v1::MatchResponse& answer,
                                    const std::vector<std::string_view>& fields);

// The terms of an entry, for MarkTerms.
std::vector<std::string> TermsOf(const v1::MatchEntry& entry);

}  // namespace dongxi::report
