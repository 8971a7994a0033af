#include "bench/requirement/element_scores.h"

#include <algorithm>
#include <memory>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "engine/index/lexical_index.h"
#include "engine/index/record_text.h"
#include "engine/text/normalize.h"

namespace dongxi::bench {
namespace {

using requirement::FieldSpan;
using requirement::TextElement;

std::optional<FieldSpan> SpanOf(const LabelledElement& label, const Record& need) {
  const std::string& text = label.field == "title" ? need.title : need.wanted;
  const size_t place = text.find(label.text);
  if (place == std::string::npos) return std::nullopt;
  const auto begin = static_cast<uint32_t>(CountCharacters(text.substr(0, place)));
  return FieldSpan{label.field, begin, begin + static_cast<uint32_t>(CountCharacters(label.text))};
}

bool ShareHalf(const FieldSpan& a, const FieldSpan& b) {
  if (a.field != b.field) return false;
  const uint32_t begin = std::max(a.begin, b.begin), end = std::min(a.end, b.end);
  return end > begin && 2 * (end - begin) >= std::min(a.end - a.begin, b.end - b.begin);
}

class ElementScorer {
 public:
  explicit ElementScorer(ElementScores& scores) : scores_(scores) {}

  void Score(const LabelledNeed& labels, const Record& need, const std::vector<TextElement>& read) {
    std::vector<bool> used(read.size(), false);
    for (const LabelledElement& label : labels.elements) {
      const std::optional<FieldSpan> span = SpanOf(label, need);
      bool any = false, right = false;
      for (size_t i = 0; i < read.size() && span && !right; ++i) {
        if (used[i] || !ShareHalf(*span, read[i].span)) continue;
        any = true;
        right = read[i].kind == label.kind;
        if (right) used[i] = true;
      }
      Count(label, right, any);
      if (!right)
        scores_.errors.push_back(
            absl::StrCat(labels.need, " 没有读出 ", LabelOf(label.kind), " ", label.text));
    }
    for (size_t i = 0; i < read.size(); ++i) {
      ++scores_.all.predicted;
      ++scores_.any_kind.predicted;
      ++scores_.by_kind[LabelOf(read[i].kind)].predicted;
      if (!used[i])
        scores_.errors.push_back(
            absl::StrCat(labels.need, " 未标注 ", LabelOf(read[i].kind), " ", read[i].text));
    }
  }

 private:
  void Count(const LabelledElement& label, bool right, bool any) {
    Found& kind = scores_.by_kind[LabelOf(label.kind)];
    ++scores_.all.labelled;
    ++scores_.any_kind.labelled;
    ++kind.labelled;
    scores_.all.right += right;
    kind.right += right;
    scores_.any_kind.right += any;
  }

  ElementScores& scores_;
};

std::string Line(const std::string& name, const Found& found) {
  return absl::StrFormat("%-12s labelled %3d  read %3d  right %3d  precision %.3f  recall %.3f\n", name,
                         found.labelled, found.predicted, found.right, found.precision(), found.recall());
}

void AppendErrors(const std::vector<std::string>& errors, bool shown, std::string* text) {
  if (!shown) return;
  for (const std::string& error : errors) absl::StrAppend(text, "  ", error, "\n");
}

}  // namespace

ElementScores ScoreElements(std::span<const LabelledNeed> needs, int half, const RecordsByName& records,
                            const requirement::RequirementTables& tables) {
  ElementScores scores;
  ElementScorer scorer(scores);
  for (const LabelledNeed& labels : needs) {
    if (labels.half != half) continue;
    const auto need = records.find({RecordKind::kNeed, labels.need});
    if (need == records.end()) {
      scores.errors.push_back(labels.need + " 不在样例里");
      continue;
    }
    const requirement::NeedReading reading = requirement::ReadNeed(need->second, tables);
    scorer.Score(labels, need->second, requirement::ReadTextElements(need->second, reading, tables));
  }
  return scores;
}

CoverScores ScoreCovers(std::span<const LabelledCover> covers, int half, const RecordsByName& records,
                        const requirement::TermIdf& idf, const StaticModel* model,
                        const requirement::RequirementTables& tables) {
  CoverScores scores;
  requirement::PhraseOf phrase;
  if (model != nullptr)
    phrase = [model](const std::string& text) { return requirement::MakePhraseVector(text, *model); };
  for (const LabelledCover& label : covers) {
    if (label.half != half) continue;
    const auto offer = records.find({RecordKind::kResult, label.offer});
    if (offer == records.end()) {
      scores.errors.push_back(label.offer + " 不在样例里");
      continue;
    }
    const requirement::ElementCover cover(std::span(&label.element, 1), idf, phrase, tables);
    const auto clauses = requirement::ReadOfferClauses(offer->second, model, tables);
    const bool covered = cover.CoveredBy(clauses) != 0;
    scores.all.labelled += label.covers;
    scores.all.predicted += covered;
    scores.all.right += covered && label.covers;
    if (covered == label.covers) continue;
    scores.errors.push_back(absl::StrFormat("%s %s | %s: %.2f，应为%s", label.need, label.element,
                                            label.offer, cover.Closeness(0, clauses),
                                            label.covers ? "覆盖" : "不覆盖"));
  }
  return scores;
}

requirement::TermIdf IdfOf(const RecordsByName& records) {
  std::vector<std::vector<TermCount>> documents;
  for (const auto& [name, record] : records) {
    if (name.kind != RecordKind::kNeed) documents.push_back(LexicalTermsOf(TextOf(record), *EmptyLexicon()));
  }
  const std::shared_ptr<const LexicalIndex> index = NewExactLexicalIndex(std::move(documents), {});
  return [index](std::string_view term) { return index->Idf(term); };
}

std::string ScoresText(const ElementScores& scores, bool errors) {
  std::string text = Line("elements", scores.all);
  for (const auto& [kind, found] : scores.by_kind) text += Line("  " + kind, found);
  text += Line("any kind", scores.any_kind);
  AppendErrors(scores.errors, errors, &text);
  return text;
}

std::string ScoresText(const CoverScores& scores, bool errors) {
  std::string text = Line("covered", scores.all);
  AppendErrors(scores.errors, errors, &text);
  return text;
}

}  // namespace dongxi::bench
