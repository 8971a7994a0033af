#include "indexer/train/retrieval_gain.h"

#include <algorithm>
#include <vector>

#include "engine/base/parallel.h"
#include "engine/base/status_macros.h"
#include "engine/embed/embedder.h"
#include "engine/embed/train/random.h"
#include "engine/index/dot_product.h"

namespace dongxi {
namespace {

constexpr size_t kRecordsMax = 3000;
constexpr size_t kRecordsAChunk = 16;
constexpr int kResamples = 2000;
constexpr double kTail = 0.025;  // of the distribution, on each side
constexpr uint64_t kSeed = 12345;

std::vector<const HeldOutRecord*> Sample(std::span<const HeldOutRecord> records) {
  const size_t count = std::min(records.size(), kRecordsMax);
  std::vector<const HeldOutRecord*> sample;
  for (size_t i = 0; i < count; ++i) sample.push_back(&records[i * records.size() / count]);
  return sample;
}

// The expected reciprocal rank if the order of equals is drawn by lot.
double ReciprocalRank(std::span<const float> similarities, float own) {
  size_t above = 0, equal = 0;
  for (const float other : similarities) {
    above += other > own ? 1 : 0;
    equal += other == own ? 1 : 0;
  }
  double sum = 0;
  for (size_t rank = above + 1; rank <= above + equal; ++rank) sum += 1.0 / static_cast<double>(rank);
  return sum / static_cast<double>(equal);
}

// The sum of the reciprocal ranks of each record's queries.
std::vector<double> ReciprocalRanks(std::span<const HeldOutRecord* const> records, const Lexicon& lexicon,
                                    const StaticModel& model, int threads) {
  Matrix documents;
  documents.dim = model.dim();
  const auto dim = static_cast<size_t>(model.dim());
  documents.values.resize(records.size() * dim);
  ParallelChunks(records.size(), kRecordsAChunk, threads, [&](size_t begin, size_t end) {
    for (size_t i = begin; i < end; ++i)
      model.Embed(CountTerms(records[i]->document, lexicon), documents.row(i));
  });
  std::vector<double> sums(records.size());
  ParallelChunks(records.size(), kRecordsAChunk, threads, [&](size_t begin, size_t end) {
    std::vector<float> query(dim), similarity(records.size());
    for (size_t i = begin; i < end; ++i) {
      for (const std::string& text : records[i]->queries) {
        model.Embed(CountTerms(text, lexicon), query);
        DotProducts(query.data(), documents.values.data(), dim, records.size(), similarity.data());
        sums[i] += ReciprocalRank(similarity, similarity[i]);
      }
    }
  });
  return sums;
}

// Draws as many records as there are, with repeats, and takes the mean difference of their queries; many
// times.
std::vector<double> ResampledDifferences(std::span<const double> differences,
                                         std::span<const HeldOutRecord* const> records) {
  std::vector<double> means;
  Random random(kSeed);
  for (int i = 0; i < kResamples; ++i) {
    double sum = 0;
    size_t queries = 0;
    for (size_t j = 0; j < records.size(); ++j) {
      const size_t drawn = random.Below(records.size());
      sum += differences[drawn];
      queries += records[drawn]->queries.size();
    }
    means.push_back(sum / static_cast<double>(queries));
  }
  std::sort(means.begin(), means.end());
  return means;
}

}  // namespace

absl::StatusOr<RetrievalGain> MeasureGain(std::span<const HeldOutRecord> all, const Lexicon& lexicon,
                                          const StaticModel& before, const StaticModel& after, int threads,
                                          const std::function<bool()>& cancelled) {
  RetrievalGain gain;
  const std::vector<const HeldOutRecord*> records = Sample(all);
  gain.records = records.size();
  if (records.empty()) return gain;
  const std::vector<double> ranks_before = ReciprocalRanks(records, lexicon, before, threads);
  if (cancelled && cancelled()) return absl::CancelledError("training cancelled");
  const std::vector<double> ranks_after = ReciprocalRanks(records, lexicon, after, threads);
  std::vector<double> differences;
  for (size_t i = 0; i < records.size(); ++i) {
    gain.queries += records[i]->queries.size();
    gain.before += ranks_before[i];
    gain.after += ranks_after[i];
    differences.push_back(ranks_after[i] - ranks_before[i]);
  }
  gain.before /= static_cast<double>(gain.queries);
  gain.after /= static_cast<double>(gain.queries);
  const std::vector<double> means = ResampledDifferences(differences, records);
  gain.low = means[static_cast<size_t>(kTail * kResamples)];
  gain.high = means[static_cast<size_t>((1 - kTail) * kResamples) - 1];
  return gain;
}

}  // namespace dongxi
