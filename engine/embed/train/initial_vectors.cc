#include "engine/embed/train/initial_vectors.h"

#include <algorithm>
#include <cmath>

#include "engine/base/parallel.h"
#include "engine/base/status_macros.h"
#include "engine/embed/lsa_format.h"

namespace dongxi::train {
namespace {

using lsa::SparseMatrix;

constexpr size_t kParagraphsMax = 80'000;  // about: every n-th paragraph is taken
constexpr size_t kRowsAChunk = 1024;
constexpr size_t kOversampling = 10;  // Halko, Martinsson, Tropp 2011, section 1.3: 5 or 10 suffice
constexpr int kPowerIterations = 2;
constexpr float kFillScale = 1e-3F;  // of values that no singular vector gives

// The texts that the matrix has rows for: sampled paragraphs, then all titles.
std::vector<TokenSpan> RowTexts(const TokenCorpus& corpus) {
  std::vector<TokenSpan> paragraphs;
  for (const TokenText& text : corpus.texts) {
    for (size_t i = 0; i < text.paragraphs(); ++i) paragraphs.push_back(text.Paragraph(i));
  }
  const size_t stride = std::max<size_t>(1, paragraphs.size() / kParagraphsMax);
  std::vector<TokenSpan> rows;
  for (size_t i = 0; i < paragraphs.size(); i += stride) rows.push_back(paragraphs[i]);
  for (const TokenText& text : corpus.texts) rows.emplace_back(text.title);
  return rows;
}

// Appends the unit TF-IDF row of `text`.
void AppendRow(TokenSpan text, const std::vector<float>& idf, SparseMatrix* rows) {
  Tokens tokens(text.begin(), text.end());
  std::sort(tokens.begin(), tokens.end());
  const size_t begin = rows->column.size();
  double squares = 0;
  for (size_t i = 0; i < tokens.size();) {
    size_t end = i;
    while (end < tokens.size() && tokens[end] == tokens[i]) ++end;
    const float weight = lsa::FrequencyWeight(static_cast<uint32_t>(end - i)) * idf[tokens[i]];
    rows->column.push_back(tokens[i]);
    rows->value.push_back(weight);
    squares += double{weight} * weight;
    i = end;
  }
  const auto scale = static_cast<float>(squares > 0 ? 1 / std::sqrt(squares) : 0);
  for (size_t i = begin; i < rows->value.size(); ++i) rows->value[i] *= scale;
  rows->row_begin.push_back(rows->column.size());
}

std::vector<float> IdfOf(const TokenCorpus& corpus) {
  std::vector<float> idf;
  idf.reserve(corpus.tokens.size());
  for (const uint32_t df : corpus.document_frequency) {
    idf.push_back(lsa::Idf(static_cast<double>(corpus.documents), df));
  }
  return idf;
}

SparseMatrix TfIdfRows(const TokenCorpus& corpus, const std::vector<float>& idf, int threads) {
  const std::vector<TokenSpan> texts = RowTexts(corpus);
  std::vector<SparseMatrix> parts((texts.size() + kRowsAChunk - 1) / kRowsAChunk);
  ParallelChunks(texts.size(), kRowsAChunk, threads, [&](size_t begin, size_t end) {
    for (size_t i = begin; i < end; ++i) AppendRow(texts[i], idf, &parts[begin / kRowsAChunk]);
  });
  SparseMatrix rows;
  rows.columns = corpus.tokens.size();
  for (SparseMatrix& part : parts) {
    const size_t before = rows.column.size();
    for (size_t i = 1; i < part.row_begin.size(); ++i) rows.row_begin.push_back(before + part.row_begin[i]);
    rows.column.insert(rows.column.end(), part.column.begin(), part.column.end());
    rows.value.insert(rows.value.end(), part.value.begin(), part.value.end());
    part = {};
  }
  return rows;
}

// The right singular vectors of `a`, one row a token.
absl::StatusOr<DenseMatrix> RightSingularVectors(const SparseMatrix& a, const TrainOptions& options,
                                                 const GoOn& go_on) {
  constexpr uint64_t kSteps = 2 * kPowerIterations + 2;
  const absl::Status cancelled = absl::CancelledError("training cancelled");
  const auto dim = static_cast<size_t>(options.dim);
  // A multiple of 8 keeps the rows aligned for the sums.
  const size_t wide = std::min({lsa::PaddedTo8(dim + kOversampling), a.rows(), a.columns});
  if (!go_on("start", 0, kSteps)) return cancelled;
  const SparseMatrix transposed = lsa::Transposed(a);
  DenseMatrix basis = lsa::Multiply(a, lsa::RandomMatrix(a.columns, wide, options.threads), options.threads);
  lsa::Orthonormalise(&basis, options.threads);
  for (uint64_t i = 1; i <= kPowerIterations; ++i) {
    if (!go_on("start", 2 * i - 1, kSteps)) return cancelled;
    basis = lsa::Multiply(transposed, basis, options.threads);
    lsa::Orthonormalise(&basis, options.threads);
    if (!go_on("start", 2 * i, kSteps)) return cancelled;
    basis = lsa::Multiply(a, basis, options.threads);
    lsa::Orthonormalise(&basis, options.threads);
  }
  if (!go_on("start", kSteps - 1, kSteps)) return cancelled;
  return lsa::LeftSingularVectors(lsa::Multiply(transposed, basis, options.threads), dim, options.threads);
}

// Adds to the rows of new tokens the unit vectors of the texts in which they stand.
void AddDirections(const SparseMatrix& texts, size_t first_new, DenseMatrix* vectors) {
  Eigen::RowVectorXf sum(vectors->cols());
  for (size_t row = 0; row < texts.rows(); ++row) {
    const size_t begin = texts.row_begin[row], end = texts.row_begin[row + 1];
    // Columns ascend: what is new stands at the end.
    if (begin == end || texts.column[end - 1] < first_new) continue;
    sum.setZero();
    size_t i = begin;
    for (; i < end && texts.column[i] < first_new; ++i) sum += texts.value[i] * vectors->row(texts.column[i]);
    const float length = sum.norm();
    if (!(length > 0)) continue;
    for (; i < end; ++i) vectors->row(texts.column[i]) += texts.value[i] / length * sum;
  }
}

}  // namespace

absl::StatusOr<DenseMatrix> InitialFromCorpus(const TokenCorpus& corpus, const TrainOptions& options,
                                              const GoOn& go_on) {
  const std::vector<float> idf = IdfOf(corpus);
  DX_ASSIGN_OR_RETURN(const DenseMatrix singular,
                      RightSingularVectors(TfIdfRows(corpus, idf, options.threads), options, go_on));
  DenseMatrix vectors =
      kFillScale * lsa::RandomMatrix(corpus.tokens.size(), static_cast<size_t>(options.dim), options.threads);
  vectors.leftCols(singular.cols()) = singular;
  for (Eigen::Index i = 0; i < vectors.rows(); ++i) vectors.row(i) *= idf[static_cast<size_t>(i)];
  return vectors;
}

DenseMatrix InitialFromModel(const TokenCorpus& corpus, const TrainOptions& options) {
  const auto tokens = static_cast<Eigen::Index>(corpus.tokens.size());
  const auto known = static_cast<Eigen::Index>(corpus.initial_tokens);
  DenseMatrix vectors = DenseMatrix::Zero(tokens, options.dim);
  double lengths = 0;
  for (Eigen::Index i = 0; i < known; ++i) {
    const std::span<float> row(vectors.row(i).data(), static_cast<size_t>(options.dim));
    options.initial->Add(static_cast<uint32_t>(i), 1, row);
    lengths += vectors.row(i).norm();
  }
  if (known == tokens || known == 0) return vectors;
  // The model's lengths are weights already: no idf on top.
  const std::vector<float> equal(corpus.tokens.size(), 1);
  AddDirections(TfIdfRows(corpus, equal, options.threads), corpus.initial_tokens, &vectors);
  const auto mean_length = static_cast<float>(lengths / static_cast<double>(known));
  for (Eigen::Index i = known; i < tokens; ++i) {
    const float length = vectors.row(i).norm();
    if (length > 0) vectors.row(i) *= mean_length / length;
  }
  return vectors;
}

}  // namespace dongxi::train
