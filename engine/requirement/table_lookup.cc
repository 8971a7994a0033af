// Words found in texts and rows of the tables found by words: what requirement_tables.h offers once they are
// read.
#include <algorithm>
#include <utility>

#include "engine/requirement/requirement_tables.h"
#include "engine/requirement/scan_text.h"

namespace dongxi::requirement {
namespace {

constexpr size_t kWordCharactersMax = 40;

bool IsWordLike(char32_t c) { return IsAsciiLetter(c) || IsAsciiDigit(c); }

bool StandsAlone(std::u32string_view text, size_t begin, size_t end) {
  const bool open = begin > 0 && IsWordLike(text[begin]) && IsWordLike(text[begin - 1]);
  const bool close = end < text.size() && IsWordLike(text[end - 1]) && IsWordLike(text[end]);
  return !open && !close;
}

// mPa written with both cases is not MPa; mpa and MPA may be.
bool TurnsMilliToMega(std::u32string_view written, std::string_view unit) {
  const bool capitals =
      std::any_of(written.begin(), written.end(), [](char32_t c) { return c >= U'A' && c <= U'Z'; });
  const bool smalls =
      std::any_of(written.begin(), written.end(), [](char32_t c) { return c >= U'a' && c <= U'z'; });
  const bool prefix = unit[0] == 'm' || unit[0] == 'M';
  return capitals && smalls && prefix && written.front() != static_cast<char32_t>(unit[0]);
}

}  // namespace

bool WordFinder::Add(std::u32string word, size_t id) {
  if (word.empty() || word.size() > kWordCharactersMax) return false;
  uint8_t& from = longest_from_[Slot(word.front())];
  from = std::max(from, static_cast<uint8_t>(word.size()));
  uint8_t& to = longest_to_[Slot(word.back())];
  to = std::max(to, static_cast<uint8_t>(word.size()));
  const auto [place, added] = words_.emplace(std::move(word), id);
  return added || place->second == id;
}

WordFinder::Hit WordFinder::At(std::u32string_view text, size_t at, bool joined) const {
  const size_t first = joined ? at : 0;
  const size_t longest = at < text.size() ? longest_from_[Slot(text[at])] : 0;
  for (size_t length = std::min(longest, text.size() - std::min(at, text.size())); length > 0; --length) {
    const auto found = words_.find(text.substr(at, length));
    if (found != words_.end() && StandsAlone(text.substr(first), at - first, at - first + length))
      return {at, at + length, found->second};
  }
  return {at, at, 0};
}

WordFinder::Hit WordFinder::EndingAt(std::u32string_view text, size_t end) const {
  const size_t longest = end > 0 ? longest_to_[Slot(text[end - 1])] : 0;
  for (size_t length = std::min(longest, end); length > 0; --length) {
    const auto found = words_.find(text.substr(end - length, length));
    if (found != words_.end() && StandsAlone(text, end - length, end))
      return {end - length, end, found->second};
  }
  return {end, end, 0};
}

std::vector<WordFinder::Hit> WordFinder::FindAll(std::u32string_view text) const {
  std::vector<Hit> hits;
  for (size_t at = 0; at < text.size();) {
    const Hit hit = At(text, at);
    if (hit.end > hit.begin) hits.push_back(hit);
    at = std::max(hit.end, at + 1);
  }
  return hits;
}

WordFinder::Hit RequirementTables::UnitAt(std::u32string_view text, size_t at) const {
  constexpr size_t kUnitCharactersMax = 16;
  const std::u32string_view place = text.substr(at, kUnitCharactersMax);
  const WordFinder::Hit exact = unit_words_.At(place, 0, true);
  const WordFinder::Hit folded = unit_words_folded_.At(FoldAscii(place), 0, true);
  if (folded.end <= exact.end || TurnsMilliToMega(place.substr(0, folded.end), units_[folded.id].unit))
    return {at, at + exact.end, exact.id};
  return {at, at + folded.end, folded.id};
}

const UnitFitRow* RequirementTables::UnitFitOf(std::u32string_view word) const {
  const WordFinder::Hit hit = unit_fit_words_.At(word, 0);
  return hit.end > 0 && hit.end == word.size() ? &unit_fits_[hit.id] : nullptr;
}

const ModeFitRow* RequirementTables::FitOf(std::string_view wanted, std::string_view offered) const {
  const auto row = modes_.find(wanted);
  if (row == modes_.end()) return nullptr;
  const auto found = row->second.find(offered);
  return found == row->second.end() ? nullptr : &found->second;
}

}  // namespace dongxi::requirement
