#include "bench/judge/leaks.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <utility>

#include "absl/strings/str_format.h"
#include "bench/bigrams.h"
#include "engine/text/normalize.h"

namespace dongxi::bench {
namespace {

using PairName = std::pair<std::string, std::string>;

std::string StepText(const Engagement& engagement) {
  return engagement.place + " (" + engagement.step + " " + engagement.date + ")";
}

std::string NormalTitle(const std::string& title) {
  std::u32string text = NormalizeToUtf32(title);
  std::erase_if(text, [](char32_t c) { return c == U' ' || c == U'\u3000'; });
  return EncodeUtf8(text);
}

// The needs of the history, to be asked for the one most like another.
class HistoryNeeds {
 public:
  HistoryNeeds(const FirstSteps& ids, const NeedTexts& texts) {
    for (const auto& [id, step] : ids) {
      const auto found = texts.find(id);
      if (found == texts.end()) continue;
      const auto number = static_cast<uint32_t>(needs_.size());
      const std::string title = NormalTitle(found->second.title);
      if (!title.empty()) by_title_.emplace(title, number);
      const std::vector<uint64_t> bigrams = BigramsOf(found->second.title + "\n" + found->second.text);
      for (const uint64_t bigram : bigrams) by_bigram_[bigram].push_back(number);
      needs_.push_back({id, found->second.place, bigrams.size()});
    }
  }

  // "place (id), same title", or nothing.
  std::optional<std::string> Like(const NeedText& need) const {
    const auto titled = by_title_.find(NormalTitle(need.title));
    if (titled != by_title_.end()) return Named(titled->second) + ", the same title";
    const std::vector<uint64_t> bigrams = BigramsOf(need.title + "\n" + need.text);
    std::vector<uint32_t> shared(needs_.size(), 0);
    for (const uint64_t bigram : bigrams) {
      const auto list = by_bigram_.find(bigram);
      if (list == by_bigram_.end()) continue;
      for (const uint32_t number : list->second) ++shared[number];
    }
    double best = 0;
    size_t place = 0;
    for (size_t i = 0; i < needs_.size(); ++i) {
      const double alike = shared[i] == 0
                               ? 0
                               : static_cast<double>(shared[i]) /
                                     static_cast<double>(bigrams.size() + needs_[i].bigrams - shared[i]);
      if (alike > best) best = alike, place = i;
    }
    if (best < kNearDuplicate) return std::nullopt;
    return Named(place) + absl::StrFormat(", %.2f of the bigrams in common", best);
  }

 private:
  std::string Named(size_t place) const { return "need " + needs_[place].id + " at " + needs_[place].place; }

  struct Need {
    std::string id, place;
    size_t bigrams = 0;
  };
  std::vector<Need> needs_;
  std::map<std::string, uint32_t> by_title_;
  std::unordered_map<uint64_t, std::vector<uint32_t>> by_bigram_;
};

}  // namespace

std::vector<Leak> PairLeaks(std::span<const Engagement> history, std::span<const Engagement> after) {
  std::map<PairName, const Engagement*> first;
  for (const Engagement& one : history) first.emplace(PairName(one.need, one.candidate), &one);
  std::vector<Leak> leaks;
  std::set<PairName> seen;
  for (const Engagement& one : after) {
    const PairName pair(one.need, one.candidate);
    const auto found = first.find(pair);
    if (found == first.end() || !seen.insert(pair).second) continue;
    leaks.push_back({LeakKind::kPair, one.need,
                     "pair " + one.need + ", " + one.candidate + " at " + StepText(one) + " has history at " +
                         StepText(*found->second)});
  }
  return leaks;
}

std::vector<Leak> NeedLeaks(const FirstSteps& history, const FirstSteps& after, const NeedTexts& texts) {
  const HistoryNeeds needs(history, texts);
  std::vector<Leak> leaks;
  for (const auto& [id, step] : after) {
    if (const auto before = history.find(id); before != history.end()) {
      leaks.push_back(
          {LeakKind::kNeed, id,
           "need " + id + " at " + StepText(*step) + " has history itself at " + StepText(*before->second)});
      continue;
    }
    const auto found = texts.find(id);
    if (found == texts.end()) continue;
    const std::optional<std::string> like = needs.Like(found->second);
    if (like)
      leaks.push_back(
          {LeakKind::kNeed, id, "need " + id + " at " + found->second.place + " is like " + *like});
  }
  return leaks;
}

std::vector<Leak> DocumentLeaks(std::span<const LateDocument> late, std::span<const Engagement> after) {
  std::map<std::string, std::set<std::string>> needs_of;  // by candidate
  for (const Engagement& one : after) needs_of[one.candidate].insert(one.need);
  std::vector<Leak> leaks;
  for (const LateDocument& document : late) {
    const std::string text = "document " + document.id + " at " + document.place + " is of " + document.date;
    const auto found = needs_of.find(document.id);
    if (found == needs_of.end()) {
      leaks.push_back({LeakKind::kDocument, "", text});
      continue;
    }
    for (const std::string& need : found->second)
      leaks.push_back({LeakKind::kDocument, need, text + ", judged for need " + need});
  }
  return leaks;
}

}  // namespace dongxi::bench
