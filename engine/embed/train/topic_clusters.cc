#include "engine/embed/train/topic_clusters.h"

#include <algorithm>

#include "engine/base/parallel.h"
#include "engine/embed/train/random.h"

namespace dongxi::train {
namespace {

constexpr size_t kTopics = 64;
constexpr int kRounds = 15;
constexpr size_t kRowsAChunk = 512;
constexpr uint64_t kStream = 1;      // of random numbers
constexpr float kLengthMin = 1e-9F;  // against division by zero

void Add(TokenSpan tokens, const DenseMatrix& vectors, DenseMatrix* sums, Eigen::Index row) {
  for (const uint32_t token : tokens) sums->row(row) += vectors.row(token);
}

DenseMatrix TextVectors(const TokenCorpus& corpus, const std::vector<uint32_t>& texts,
                        const DenseMatrix& vectors, int threads) {
  DenseMatrix result = DenseMatrix::Zero(static_cast<Eigen::Index>(texts.size()), vectors.cols());
  ParallelChunks(texts.size(), kRowsAChunk, threads, [&](size_t begin, size_t end) {
    for (size_t i = begin; i < end; ++i) {
      const auto row = static_cast<Eigen::Index>(i);
      Add(corpus.texts[texts[i]].title, vectors, &result, row);
      Add(corpus.texts[texts[i]].Paragraph(0), vectors, &result, row);
      result.row(row) /= result.row(row).norm() + kLengthMin;
    }
  });
  return result;
}

// The nearest centre of each row.
std::vector<Eigen::Index> Nearest(const DenseMatrix& rows, const DenseMatrix& centres, int threads) {
  std::vector<Eigen::Index> nearest(static_cast<size_t>(rows.rows()));
  ParallelChunks(nearest.size(), kRowsAChunk, threads, [&](size_t begin, size_t end) {
    const auto first = static_cast<Eigen::Index>(begin);
    const auto count = static_cast<Eigen::Index>(end - begin);
    const DenseMatrix similarity = rows.middleRows(first, count) * centres.transpose();
    for (Eigen::Index i = 0; i < count; ++i)
      similarity.row(i).maxCoeff(&nearest[begin + static_cast<size_t>(i)]);
  });
  return nearest;
}

}  // namespace

std::vector<std::vector<uint32_t>> TopicClusters(const TokenCorpus& corpus, const DenseMatrix& vectors,
                                                 const TrainOptions& options) {
  std::vector<uint32_t> texts;
  for (uint32_t i = 0; i < corpus.texts.size(); ++i) {
    if (corpus.texts[i].paragraphs() > 0) texts.push_back(i);
  }
  const size_t topics = std::min(kTopics, texts.size() / kTopicTextsMin);
  if (topics == 0) return {};
  const DenseMatrix rows = TextVectors(corpus, texts, vectors, options.threads);
  DenseMatrix centres(static_cast<Eigen::Index>(topics), vectors.cols());
  Random random(options.seed, kStream);
  for (Eigen::Index k = 0; k < centres.rows(); ++k) centres.row(k) = rows.row(random.Below(texts.size()));
  std::vector<Eigen::Index> topic_of;
  for (int round = 0; round < kRounds; ++round) {
    topic_of = Nearest(rows, centres, options.threads);
    centres.setZero();
    for (size_t i = 0; i < texts.size(); ++i)
      centres.row(topic_of[i]) += rows.row(static_cast<Eigen::Index>(i));
    for (Eigen::Index k = 0; k < centres.rows(); ++k) centres.row(k) /= centres.row(k).norm() + kLengthMin;
  }
  std::vector<std::vector<uint32_t>> clusters(topics);
  for (size_t i = 0; i < texts.size(); ++i) clusters[static_cast<size_t>(topic_of[i])].push_back(texts[i]);
  std::erase_if(clusters, [](const auto& cluster) { return cluster.size() < kTopicTextsMin; });
  return clusters;
}

}  // namespace dongxi::train
