#include "engine/requirement/mode_phrase_table.h"

#include <algorithm>
#include <bitset>
#include <iterator>
#include <optional>
#include <set>
#include <utility>

#include "engine/policy/table_text.h"
#include "engine/policy/word_table.h"

namespace dongxi::requirement {
namespace {

constexpr std::string_view kGap = "…", kNoMode = "-";
constexpr std::string_view kClassNames[kPhraseClasses] = {
    "others",      "others_not", "partner", "past",      "unless", "now",       "but",     "parts",
    "denial",      "no_denial",  "goods",   "right",     "cue",    "wish",      "between", "yes",
    "cannot_come", "way",        "sends",   "sends_not", "takes",  "takes_not", "one_way"};

// They are looked for right before or behind another word.
bool AllowsGap(std::string_view says) {
  constexpr std::string_view kWhole[] = {"acts", "cue", "wish", "between", "yes"};
  return std::find(std::begin(kWhole), std::end(kWhole), says) == std::end(kWhole);
}

// Beginnings of words are told by their first two Chinese characters, those of shorter words by one.
constexpr size_t kLongBytes = 6, kShortBytes = 3;
constexpr size_t kSlots = 65536;
constexpr uint16_t kAnySlot = 0;  // of what is shorter still

uint16_t SlotOfBytes(std::string_view bytes) {
  uint32_t hash = 2166136261U;  // FNV-1a
  for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
  return static_cast<uint16_t>((hash ^ (hash >> 16)) % kSlots);
}

uint16_t SlotOf(std::string_view word) {
  if (word.size() < kShortBytes) return kAnySlot;
  return SlotOfBytes(word.substr(0, word.size() < kLongBytes ? kShortBytes : kLongBytes));
}

std::bitset<kSlots> SlotsIn(std::string_view text) {
  std::bitset<kSlots> slots;
  slots.set(kAnySlot);
  for (size_t at = 0; at + kShortBytes <= text.size(); ++at) {
    slots.set(SlotOfBytes(text.substr(at, kShortBytes)));
    if (at + kLongBytes <= text.size()) slots.set(SlotOfBytes(text.substr(at, kLongBytes)));
  }
  return slots;
}

std::vector<ModePhrase> InSlots(const std::vector<ModePhrase>& phrases, const std::bitset<kSlots>& slots) {
  std::vector<ModePhrase> within;
  std::copy_if(phrases.begin(), phrases.end(), std::back_inserter(within),
               [&](const ModePhrase& phrase) { return slots[phrase.first_slot] && slots[phrase.rest_slot]; });
  return within;
}

std::vector<PhrasesOfMode> InSlots(const std::vector<PhrasesOfMode>& modes,
                                   const std::bitset<kSlots>& slots) {
  std::vector<PhrasesOfMode> within;
  for (const PhrasesOfMode& one : modes) {
    std::vector<ModePhrase> phrases = InSlots(one.phrases, slots);
    if (!phrases.empty()) within.push_back({one.mode, std::move(phrases)});
  }
  return within;
}

absl::Status Wrong(std::string_view file, const TableRow& row, size_t column, std::string_view found,
                   std::string_view expected) {
  constexpr std::string_view kColumns[] = {"mode", "says", "phrases"};
  return TableError({file, row.line}, kColumns[column], found, expected);
}

// None for a phrase with more than one …, or with one at its beginning or end.
std::optional<ModePhrase> PhraseOf(std::string_view text) {
  const size_t cut = text.find(kGap);
  if (cut == std::string_view::npos) return ModePhrase{std::string(text), {}, SlotOf(text), kAnySlot};
  const std::string_view first = text.substr(0, cut), rest = text.substr(cut + kGap.size());
  if (first.empty() || rest.empty() || rest.find(kGap) != std::string_view::npos) return std::nullopt;
  return ModePhrase{std::string(first), std::string(rest), SlotOf(first), SlotOf(rest)};
}

std::vector<ModePhrase>& PhrasesOf(std::string_view mode, std::vector<PhrasesOfMode>& modes) {
  const auto found =
      std::find_if(modes.begin(), modes.end(), [&](const PhrasesOfMode& one) { return one.mode == mode; });
  if (found != modes.end()) return found->phrases;
  modes.push_back({std::string(mode), {}});
  return modes.back().phrases;
}

}  // namespace

// Null if a row with this mode may not say this.
std::vector<ModePhrase>* ModePhraseTable::ListOf(std::string_view mode, std::string_view says) {
  if (mode == kNoMode) {
    const auto* name = std::find(std::begin(kClassNames), std::end(kClassNames), says);
    return name == std::end(kClassNames) ? nullptr : &words_[name - std::begin(kClassNames)];
  }
  if (says == "offers") return &PhrasesOf(mode, offers_);
  if (says == "refuses") return &PhrasesOf(mode, refusals_);
  return says == "acts" ? &PhrasesOf(mode, acts_) : nullptr;
}

absl::StatusOr<ModePhraseTable> ModePhraseTable::FromRows(std::string_view file,
                                                          const std::vector<TableRow>& rows) {
  ModePhraseTable table;
  std::set<std::pair<std::string, std::string>> seen;  // by mode, or class, and phrase
  for (const TableRow& row : rows) {
    const std::string_view mode = row.cells[0], says = row.cells[1];
    if (mode != kNoMode && !dongxi::ModeWords().name_of_code.contains(mode))
      return Wrong(file, row, 0, mode, "a code of data/policy/modes.tsv, or -");
    std::vector<ModePhrase>* const list = table.ListOf(mode, says);
    if (list == nullptr) {
      return Wrong(file, row, 1, says,
                   mode == kNoMode ? "a class named in the file's head" : "offers, refuses or acts");
    }
    for (const std::string& text : SplitWords(row.cells[2])) {
      std::optional<ModePhrase> phrase = PhraseOf(text);
      if (!phrase) return Wrong(file, row, 2, text, "one … at most, between two parts");
      if (!phrase->rest.empty() && !AllowsGap(says)) return Wrong(file, row, 2, text, "a phrase without …");
      if (!seen.emplace(mode == kNoMode ? says : mode, text).second)
        return Wrong(file, row, 2, text, "a phrase that stands once only for this mode or class");
      list->push_back(*std::move(phrase));
    }
  }
  return table;
}

ModePhraseTable ModePhraseTable::Within(std::string_view text) const {
  const std::bitset<kSlots> slots = SlotsIn(text);
  ModePhraseTable within;
  within.offers_ = InSlots(offers_, slots);
  within.refusals_ = InSlots(refusals_, slots);
  within.acts_ = InSlots(acts_, slots);
  for (size_t i = 0; i < kPhraseClasses; ++i) within.words_[i] = InSlots(words_[i], slots);
  return within;
}

}  // namespace dongxi::requirement
