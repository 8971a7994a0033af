#include "engine/requirement/comparison_chain.h"

#include <algorithm>
#include <string_view>

#include "engine/requirement/clause.h"

namespace dongxi::requirement {
namespace {

// The sign that stands at `at`, as the number before it is seen from the name behind it; moves `at` behind
// it.
Compare ReadMirroredSign(std::u32string_view text, size_t& at) {
  const char32_t sign = at < text.size() ? text[at] : 0;
  const bool equal = at + 1 < text.size() && text[at + 1] == U'=';
  switch (sign) {
    case U'≤':
      ++at;
      return Compare::kAtLeast;
    case U'≥':
      ++at;
      return Compare::kAtMost;
    case U'<':
      at += equal ? 2 : 1;
      return equal ? Compare::kAtLeast : Compare::kMoreThan;
    case U'>':
      at += equal ? 2 : 1;
      return equal ? Compare::kAtMost : Compare::kLessThan;
    default:
      return Compare::kNone;
  }
}

bool IsLower(Compare compare) { return compare == Compare::kAtLeast || compare == Compare::kMoreThan; }

size_t SkipSpaces(std::u32string_view text, size_t at, size_t end) {
  while (at < end && text[at] == U' ') ++at;
  return at;
}

}  // namespace

std::optional<ComparisonChain> ReadComparisonChain(const ScanText& scan, size_t at, size_t next) {
  const std::u32string_view text = scan.text;
  size_t place = SkipSpaces(text, at, next);
  ComparisonChain chain;
  if (place < next) chain.compare = ReadMirroredSign(text, place);
  if (chain.compare == Compare::kNone) return std::nullopt;
  Compare second = Compare::kNone;
  for (int depth = 0; place < next; ++place) {
    const char32_t c = text[place];
    if (c == U'(' || c == U')') {
      depth += c == U'(' ? 1 : -1;
      continue;
    }
    if (depth > 0) continue;
    chain.end = place;
    second = ReadMirroredSign(text, place);
    if (second != Compare::kNone || IsSeparator(c)) break;
    chain.name.push_back(c);
    chain.end = place + 1;
  }
  while (!chain.name.empty() && chain.name.front() == U' ') chain.name.erase(0, 1);
  while (!chain.name.empty() && chain.name.back() == U' ') chain.name.pop_back();
  if (chain.name.empty()) return std::nullopt;
  if (second == Compare::kNone) {
    // 85%≤收率达到90%: the next number is of the same name already.
    if (place >= next && next < text.size()) return std::nullopt;
    return chain;
  }
  chain.closed = SkipSpaces(text, place, next) == next && next < text.size();
  if (!chain.closed || IsLower(second) != IsLower(chain.compare)) return std::nullopt;
  return chain;
}

bool JoinEnds(const QuantityToken& second, QuantityToken& token) {
  if (second.range || second.symmetric) return false;
  if (token.has_unit && second.has_unit && !(token.unit.dimension == second.unit.dimension)) return false;
  double low = token.low, high = second.high;
  if (!token.has_unit && second.has_unit) {
    low = low * second.unit.factor + second.unit.offset;
    token.unit = second.unit;
  } else if (token.has_unit && !second.has_unit) {
    high = high * token.unit.factor + token.unit.offset;
  }
  token.low = std::min(low, high);
  token.high = std::max(low, high);
  token.end = second.end;
  token.has_unit = token.has_unit || second.has_unit;
  token.weak = token.weak && second.weak;
  token.range = token.both_ends = true;
  return true;
}

}  // namespace dongxi::requirement
