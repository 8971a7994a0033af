#include "engine/embed/builtin_embedder.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/base/status_macros.h"

namespace dongxi {
namespace {

constexpr double kShareMin = 1e-4;

class BuiltInEmbedder : public Embedder {
 public:
  BuiltInEmbedder(std::shared_ptr<const StaticModel> model, std::unique_ptr<Embedder> collection,
                  std::shared_ptr<const Lexicon> lexicon)
      : model_(std::move(model)), collection_(std::move(collection)), lexicon_(std::move(lexicon)) {
    model_id_ = model_->model_id() + "+" + collection_->model_id();
  }

  const std::string& model_id() const override { return model_id_; }
  int dim() const override { return model_->dim() + collection_->dim(); }

  absl::StatusOr<Matrix> Embed(std::span<const EmbedInput> inputs, absl::Time deadline) const override {
    DX_ASSIGN_OR_RETURN(const Matrix collection, collection_->Embed(inputs, deadline));
    Matrix matrix;
    matrix.dim = dim();
    matrix.values.resize(inputs.size() * static_cast<size_t>(dim()));
    const auto general_dim = static_cast<size_t>(model_->dim());
    for (size_t i = 0; i < inputs.size(); ++i) {
      const std::span<float> row = matrix.row(i);
      const CountedText texts[] = {{inputs[i].title, 1}, {inputs[i].text, 1}};
      const std::vector<TermCount> terms = CountTerms(texts, *lexicon_);
      model_->Embed(terms, row.first(general_dim));
      std::copy(collection.row(i).begin(), collection.row(i).end(), row.begin() + model_->dim());
      Weigh(row.first(general_dim), (1 - kCollectionShare) * ChineseShare(terms));
      Weigh(row.subspan(general_dim), kCollectionShare);
      // One part is empty where the other alone knows the words.
      double squares = 0;
      for (const float x : row) squares += double{x} * x;
      if (squares > 0) Weigh(row, 1 / squares);
    }
    return matrix;
  }

 private:
  // Of the occurrences of characters and words; concepts and bigrams repeat them.
  static double ChineseShare(std::span<const TermCount> terms) {
    double chinese = 0, other = 0;
    for (const auto& [term, count] : terms) {
      if (term.starts_with('#')) continue;
      (IsChineseTerm(term) ? chinese : other) += count;
    }
    // Never nothing: where the collection does not know the words at all, the model is better than no vector.
    return std::max(chinese / std::max(1.0, chinese + 2 * other), kShareMin);
  }

  // Multiplies by the square root, since a cosine multiplies two of them.
  static void Weigh(std::span<float> part, double share) {
    const double factor = std::sqrt(share);
    for (float& x : part) x = static_cast<float>(x * factor);
  }

  std::shared_ptr<const StaticModel> model_;
  std::unique_ptr<Embedder> collection_;
  std::shared_ptr<const Lexicon> lexicon_;
  std::string model_id_;
};

}  // namespace

std::unique_ptr<Embedder> NewBuiltInEmbedder(std::shared_ptr<const StaticModel> model,
                                             std::unique_ptr<Embedder> collection,
                                             std::shared_ptr<const Lexicon> lexicon) {
  return std::make_unique<BuiltInEmbedder>(std::move(model), std::move(collection), std::move(lexicon));
}

}  // namespace dongxi
