// The peak of a build: texts of all records with their terms, the model's sparse matrix, two copies of the
// vectors.
#include <algorithm>

#include "engine/base/parallel.h"
#include "engine/base/status_macros.h"
#include "engine/index/record_text.h"
#include "indexer/build/generation_builder.h"

namespace dongxi {
namespace {

constexpr size_t kSampleRecords = 500;  // of each kind
// Bytes at the peak for each byte of text: the text itself, its terms and the entries of the term matrix.
constexpr double kBytesPerTextByte = 14;
constexpr double kBytesPerRecord = 700;               // owners, attributes, names
constexpr double kVectorCopies = 3;                   // embedded, normalised, written
constexpr double kBytesPerThread = 24.0 * (1 << 20);  // term counts of a chunk
constexpr double kBytesFixed = 192.0 * (1 << 20);     // lexicon, vocabulary, static model
constexpr int kStaticModelDim = 256;                  // about; a part of each vector beside `dim`

}  // namespace

absl::StatusOr<uint64_t> EstimateBuildMemory(const CatalogueReader& catalogue, const BuildOptions& options) {
  const RecordCounts counts = catalogue.Counts();
  double bytes = kBytesFixed;
  for (const RecordKind kind : kAllRecordKinds) {
    const auto count = static_cast<double>(counts[static_cast<size_t>(kind)]);
    size_t sampled = 0;
    size_t text_bytes = 0;
    DX_RETURN_IF_ERROR(catalogue.Scan(kind, "", [&](const Record& record) {
      const EmbedInput text = TextOf(record);
      text_bytes += text.title.size() + text.text.size();
      return ++sampled < kSampleRecords;
    }));
    if (sampled == 0) continue;
    bytes += count * (kBytesPerRecord +
                      kBytesPerTextByte * static_cast<double>(text_bytes) / static_cast<double>(sampled));
  }
  double records = 0;
  for (const uint64_t count : counts) records += static_cast<double>(count);
  const int dim = options.remote != nullptr ? options.remote->dim() : options.dim + kStaticModelDim;
  bytes += records * kVectorCopies * static_cast<double>(dim) * sizeof(float);
  bytes += kBytesPerThread * (options.threads > 0 ? options.threads : DefaultThreads());
  return static_cast<uint64_t>(bytes);
}

}  // namespace dongxi
