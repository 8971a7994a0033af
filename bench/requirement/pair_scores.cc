#include "bench/requirement/pair_scores.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace dongxi::bench {
namespace {

using requirement::ByteSpan;
using requirement::CompareIndicators;
using requirement::Indicator;
using requirement::IndicatorVerdict;
using requirement::Outcome;
using requirement::ParseIndicators;
using requirement::Side;

constexpr std::array<Outcome, 4> kShown = {Outcome::kMet, Outcome::kShort, Outcome::kContradictory,
                                           Outcome::kUnknown};

bool Overlap(ByteSpan a, ByteSpan b) { return a.begin < b.end && b.begin < a.end; }
size_t Place(Outcome outcome) { return static_cast<size_t>(outcome); }

std::string TextOf(const std::string& text, ByteSpan span) {
  return text.substr(span.begin, span.end - span.begin);
}

class Scorer {
 public:
  Scorer(const requirement::RequirementTables& tables, requirement::NameForms* names, PairScores& scores)
      : tables_(tables), names_(names), scores_(scores) {}

  void Score(const LabelledPair& pair) {
    ++scores_.pairs;
    const std::vector<Indicator> need = ParseIndicators(pair.need, {.side = Side::kNeed}, tables_);
    const std::vector<Indicator> offer = ParseIndicators(pair.result, {.side = Side::kOffer}, tables_);
    const std::vector<IndicatorVerdict> verdicts = CompareIndicators(need, offer, names_);
    std::vector<bool> used(verdicts.size(), false);
    for (const LabelledIndicator& label : pair.indicators) {
      size_t found = verdicts.size();
      for (size_t i = 0; i < verdicts.size() && found == verdicts.size(); ++i) {
        if (!used[i] && Overlap(need[i].value_span, label.need)) found = i;
      }
      if (found < verdicts.size()) used[found] = true;
      Count(pair, label, found < verdicts.size() ? &verdicts[found] : nullptr, offer);
    }
    for (size_t i = 0; i < verdicts.size(); ++i) {
      if (used[i] || verdicts[i].outcome == Outcome::kUnknown) continue;
      ++scores_.unlabelled;
      ++scores_.predicted;
      scores_.sure += !verdicts[i].likely;
      scores_.errors.push_back(absl::StrCat(pair.id, " 未标注: ", TextOf(pair.need, need[i].span), " → ",
                                            LabelOf(verdicts[i].outcome), " | ", verdicts[i].reason));
    }
  }

 private:
  void Count(const LabelledPair& pair, const LabelledIndicator& label, const IndicatorVerdict* verdict,
             const std::vector<Indicator>& offer) {
    const Outcome outcome = verdict == nullptr ? Outcome::kUnknown : verdict->outcome;
    ++scores_.confusion[Place(label.label)][Place(outcome)];
    const bool decided = outcome != Outcome::kUnknown, labelled = label.label != Outcome::kUnknown;
    scores_.predicted += decided;
    scores_.labelled += labelled;
    scores_.need_unread += labelled && verdict == nullptr;
    const bool unread = labelled && std::none_of(offer.begin(), offer.end(), [&](const Indicator& one) {
                          return Overlap(one.value_span, *label.result);
                        });
    scores_.offer_unread += unread;
    const bool same_place =
        !decided || !label.result.has_value() || Overlap(offer[*verdict->offer].value_span, *label.result);
    const bool right = outcome == label.label && same_place;
    if (right) ++scores_.right_by_label[Place(outcome)];
    if (right && decided) ++scores_.right;
    scores_.sure += decided && !verdict->likely;
    scores_.sure_right += decided && right && !verdict->likely;
    if (label.label == Outcome::kContradictory && !decided) ++scores_.contradictions_unknown;
    if (right) return;
    scores_.errors.push_back(
        absl::StrCat(pair.id, " ", TextOf(pair.need, label.need), " | ",
                     label.result ? TextOf(pair.result, *label.result) : std::string("—"), ": 应为 ",
                     LabelOf(label.label), "，得到 ", LabelOf(outcome),
                     verdict == nullptr ? std::string("（没有读出）") : " | " + verdict->reason,
                     unread ? "（供方没有读出）" : "", same_place ? "" : " | 位置不对"));
  }

  const requirement::RequirementTables& tables_;
  requirement::NameForms* const names_;
  PairScores& scores_;
};

std::string Percent(size_t part, size_t whole) {
  if (whole == 0) return "    –";
  return absl::StrFormat("%5.3f", static_cast<double>(part) / static_cast<double>(whole));
}

}  // namespace

void PairScores::Add(const PairScores& other) {
  pairs += other.pairs;
  labelled += other.labelled;
  predicted += other.predicted;
  right += other.right;
  for (size_t label = 0; label < confusion.size(); ++label) {
    right_by_label[label] += other.right_by_label[label];
    for (size_t verdict = 0; verdict < confusion[label].size(); ++verdict)
      confusion[label][verdict] += other.confusion[label][verdict];
  }
  sure += other.sure;
  sure_right += other.sure_right;
  unlabelled += other.unlabelled;
  contradictions_unknown += other.contradictions_unknown;
  need_unread += other.need_unread;
  offer_unread += other.offer_unread;
  errors.insert(errors.end(), other.errors.begin(), other.errors.end());
}

size_t PairScores::contradictions() const {
  const auto& row = confusion[Place(Outcome::kContradictory)];
  return std::accumulate(row.begin(), row.end(), size_t{0});
}

PairScores ScorePairs(std::span<const LabelledPair> pairs, int half,
                      const requirement::RequirementTables& tables,
                      const std::shared_ptr<const StaticModel>& model) {
  PairScores scores;
  constexpr size_t kNamesMax = 10'000;
  std::optional<requirement::NameForms> names;
  if (model != nullptr) names.emplace(tables, model, kNamesMax);
  Scorer scorer(tables, names ? &*names : nullptr, scores);
  for (const LabelledPair& pair : pairs) {
    if (half == 0 || pair.half == half) scorer.Score(pair);
  }
  return scores;
}

std::string ScoresText(const PairScores& scores, bool errors) {
  std::string text = absl::StrFormat(
      "pairs %d  labels %d  verdicts %d  right %d  precision %.3f  recall %.3f; without doubt %d, right "
      "%.3f\n",
      scores.pairs, scores.labelled, scores.predicted, scores.right, scores.precision(), scores.recall(),
      scores.sure, scores.sure_precision());
  absl::StrAppend(&text, "label            precision  recall   as: met  short  contradictory  unknown\n");
  for (const Outcome label : kShown) {
    const auto& row = scores.confusion[Place(label)];
    size_t labelled = 0, predicted = 0;
    for (const Outcome other : kShown) {
      labelled += row[Place(other)];
      predicted += scores.confusion[Place(other)][Place(label)];
    }
    absl::StrAppend(&text,
                    absl::StrFormat("%-16s %9s  %6s  %7d  %5d  %13d  %7d\n", LabelOf(label),
                                    Percent(scores.right_by_label[Place(label)], predicted),
                                    Percent(scores.right_by_label[Place(label)], labelled),
                                    row[Place(Outcome::kMet)], row[Place(Outcome::kShort)],
                                    row[Place(Outcome::kContradictory)], row[Place(Outcome::kUnknown)]));
  }
  absl::StrAppend(&text, "verdicts on numbers that nobody labelled: ", scores.unlabelled,
                  "; contradictions called unknown: ", scores.contradictions_unknown,
                  "; numbers not read: ", scores.need_unread, " of the need, ", scores.offer_unread,
                  " of the offer\n");
  if (!errors) return text;
  for (const std::string& error : scores.errors) absl::StrAppend(&text, "  ", error, "\n");
  return text;
}

}  // namespace dongxi::bench
