// The oracle: slow and obvious. It shares no arithmetic with the fast index.
#include <algorithm>
#include <cmath>
#include <map>

#include "engine/index/lexical_index.h"

namespace dongxi {
namespace {

class ExactLexicalIndex : public LexicalIndex {
 public:
  ExactLexicalIndex(std::vector<std::vector<std::pair<std::string, uint32_t>>> documents,
                    Bm25Parameters parameters)
      : parameters_(parameters), documents_(documents.size()), lengths_(documents.size()) {
    for (size_t doc = 0; doc < documents.size(); ++doc) {
      for (const auto& [term, frequency] : documents[doc]) {
        if (frequency == 0) continue;
        documents_[doc][term] += frequency;
        lengths_[doc] += frequency;
        mean_length_ += frequency;
      }
      for (const auto& [term, frequency] : documents_[doc]) ++document_frequencies_[term];
    }
    with_terms_ = std::count_if(lengths_.begin(), lengths_.end(), [](double length) { return length > 0; });
    if (with_terms_ > 0) mean_length_ /= static_cast<double>(with_terms_);
  }

  size_t documents() const override { return documents_.size(); }
  size_t vocabulary() const override { return document_frequencies_.size(); }

  uint32_t document_frequency(std::string_view term) const override {
    const auto found = document_frequencies_.find(term);
    return found == document_frequencies_.end() ? 0 : found->second;
  }

  double Idf(std::string_view term) const override {
    const double df = document_frequency(term);
    return std::log(1 + (static_cast<double>(with_terms_) - df + 0.5) / (df + 0.5));
  }

  absl::StatusOr<LexicalScores> Score(std::span<const WeightedTerm> query,
                                      const std::function<bool()>& cancelled,
                                      int idf_quarters) const override {
    LexicalScores result;
    const auto power = [&](std::string_view term, double exponent) { return std::pow(Idf(term), exponent); };
    for (size_t doc = 0; doc < documents_.size(); ++doc) {
      if (cancelled && cancelled()) return absl::CancelledError("lexical search cancelled");
      double score = 0;
      for (const WeightedTerm& term : query)
        score += term.weight * TermScore(term.term, static_cast<DocId>(doc)) *
                 power(term.term, idf_quarters / 4.0 - 1);
      result.scores.push_back(static_cast<float>(score));
    }
    for (const WeightedTerm& term : query)
      result.ceiling += term.weight * power(term.term, idf_quarters / 4.0) * (parameters_.k1 + 1);
    std::vector<double> counted;  // of documents that have terms
    for (size_t doc = 0; doc < documents_.size(); ++doc) {
      if (lengths_[doc] > 0) counted.push_back(result.scores[doc]);
    }
    const auto count = static_cast<double>(counted.size());
    for (const double score : counted) result.mean += score / count;
    for (const double score : counted) result.deviation += std::pow(score - result.mean, 2) / count;
    const auto is_first = [&](double score) { return score == counted[0]; };
    const bool all_equal = std::all_of(counted.begin(), counted.end(), is_first);
    result.deviation = all_equal ? 0 : std::sqrt(result.deviation);
    return result;
  }

  uint32_t TermFrequency(std::string_view term, DocId doc) const override {
    if (doc >= documents_.size()) return 0;
    const auto found = documents_[doc].find(term);
    return found == documents_[doc].end() ? 0 : std::min(found->second, kTermFrequencyMax);
  }

  double TermScore(std::string_view term, DocId doc) const override {
    const double tf = TermFrequency(term, doc);
    if (tf == 0) return 0;
    const double relative_length = lengths_[doc] / mean_length_;
    const double norm = parameters_.k1 * (1 - parameters_.b + parameters_.b * relative_length);
    return Idf(term) * tf * (parameters_.k1 + 1) / (tf + norm);
  }

  float k1_plus_1() const override { return static_cast<float>(parameters_.k1 + 1); }
  float NormOf(uint32_t length) const override {
    const double relative_length = mean_length_ > 0 ? length / mean_length_ : 1;
    return static_cast<float>(parameters_.k1 * (1 - parameters_.b + parameters_.b * relative_length));
  }

 private:
  Bm25Parameters parameters_;
  std::vector<std::map<std::string, uint32_t, std::less<>>> documents_;
  std::vector<double> lengths_;
  double mean_length_ = 0;
  std::ptrdiff_t with_terms_ = 0;
  std::map<std::string, uint32_t, std::less<>> document_frequencies_;
};

}  // namespace

std::unique_ptr<LexicalIndex> NewExactLexicalIndex(
    std::vector<std::vector<std::pair<std::string, uint32_t>>> documents, Bm25Parameters parameters) {
  return std::make_unique<ExactLexicalIndex>(std::move(documents), parameters);
}

}  // namespace dongxi
