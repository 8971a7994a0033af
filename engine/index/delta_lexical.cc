#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "engine/base/status_macros.h"
#include "engine/index/bm25.h"
#include "engine/index/delta_indexes.h"

namespace dongxi {
namespace {

class DeltaLexicalIndex final : public LexicalIndex {
 public:
  DeltaLexicalIndex(std::shared_ptr<const LexicalIndex> base, std::shared_ptr<const CollectionDelta> delta)
      : base_(std::move(base)), delta_(std::move(delta)) {}

  size_t documents() const override { return delta_->size; }
  size_t vocabulary() const override { return base_->vocabulary(); }
  uint32_t document_frequency(std::string_view term) const override {
    return base_->document_frequency(term);
  }
  double Idf(std::string_view term) const override { return base_->Idf(term); }
  float k1_plus_1() const override { return base_->k1_plus_1(); }
  float NormOf(uint32_t length) const override { return base_->NormOf(length); }

  absl::StatusOr<LexicalScores> Score(std::span<const WeightedTerm> query,
                                      const std::function<bool()>& cancelled,
                                      int idf_quarters) const override {
    DX_ASSIGN_OR_RETURN(LexicalScores result, base_->Score(query, cancelled, idf_quarters));
    result.scores.resize(delta_->size, 0.0F);
    delta_->pages.ForEach([&](DocId doc, const DeltaDocument&) { result.scores[doc] = 0; });
    // Terms outside, so that every document adds them in the order of the query.
    for (const WeightedTerm& term : query) {
      if (cancelled && cancelled()) return absl::CancelledError("lexical search cancelled");
      AddTerm(term, idf_quarters, &result.scores);
    }
    if (result.deviation <= 0) SetMoments(&result);
    return result;
  }

  uint32_t TermFrequency(std::string_view term, DocId doc) const override {
    if (const DeltaDocument* changed = delta_->pages.Find(doc)) return changed->text->FrequencyOf(term);
    return doc < delta_->base_size ? base_->TermFrequency(term, doc) : 0;
  }

  double TermScore(std::string_view term, DocId doc) const override {
    const DeltaDocument* changed = delta_->pages.Find(doc);
    if (changed == nullptr) return doc < delta_->base_size ? base_->TermScore(term, doc) : 0;
    const uint32_t frequency = changed->text->FrequencyOf(term);
    if (frequency == 0) return 0;
    return static_cast<double>(
        Bm25Part(static_cast<float>(Idf(term)), frequency, k1_plus_1(), NormOf(changed->text->length)));
  }

 private:
  void AddTerm(const WeightedTerm& term, int idf_quarters, std::vector<float>* scores) const {
    const float k1_plus_1 = base_->k1_plus_1();
    std::optional<float> weighted_idf;  // most terms are in no document of the delta
    delta_->postings.ForEach(term.term, [&](const DeltaPostings::Entry& entry, uint32_t frequency) {
      if (!delta_->IsLive(entry)) return;
      if (!weighted_idf)
        weighted_idf = term.weight * static_cast<float>(IdfPower(Idf(term.term), idf_quarters));
      (*scores)[entry.doc] += Bm25Part(*weighted_idf, frequency, k1_plus_1, entry.norm);
    });
  }

  void SetMoments(LexicalScores* result) const {
    std::vector<double> counted;
    for (DocId doc = 0; doc < result->scores.size(); ++doc) {
      const DeltaDocument* changed = delta_->pages.Find(doc);
      if (changed == nullptr || changed->text->length > 0)
        counted.push_back(static_cast<double>(result->scores[doc]));
    }
    const auto [low, high] = std::minmax_element(counted.begin(), counted.end());
    if (counted.empty() || *low == *high) return;
    const auto count = static_cast<double>(counted.size());
    double sum = 0, squares = 0;
    for (const double score : counted) sum += score;
    for (const double score : counted) squares += (score - sum / count) * (score - sum / count);
    result->mean = sum / count;
    result->deviation = std::sqrt(squares / count);
  }

  std::shared_ptr<const LexicalIndex> base_;
  std::shared_ptr<const CollectionDelta> delta_;
};

}  // namespace

std::unique_ptr<LexicalIndex> NewDeltaLexicalIndex(std::shared_ptr<const LexicalIndex> base,
                                                   std::shared_ptr<const CollectionDelta> delta) {
  return std::make_unique<DeltaLexicalIndex>(std::move(base), std::move(delta));
}

}  // namespace dongxi
