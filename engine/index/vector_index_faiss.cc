// The only file that includes Faiss. Vectors stay in the mapped file; Faiss holds the HNSW graph over them
// and searches it through our distance computer, because Debian's Faiss is built without AVX
// (../shared/platform.md, trap 6).
#include <faiss/IndexHNSW.h>
#include <faiss/impl/AuxIndexStructures.h>
#include <faiss/impl/DistanceComputer.h>
#include <omp.h>

#include <algorithm>
#include <cstring>
#include <exception>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "engine/base/status_macros.h"
#include "engine/index/dot_product.h"
#include "engine/index/scan_codes.h"
#include "engine/index/top_k.h"
#include "engine/index/vector_file.h"
#include "engine/index/vector_index.h"

namespace dongxi {
namespace {

using FaissId = faiss::Index::idx_t;

constexpr char kVectorsName[] = "vectors.dxv";
constexpr char kGraphName[] = "vectors.hnsw";
constexpr size_t kRowsPerStep = 4096;       // between two looks at cancellation while scanning
constexpr size_t kGraphRowsPerStep = 2048;  // and while building
// A scan for fewer than a quarter of the rows looks at their codes first; for more, little would be left out.
constexpr size_t kRowsANeighborMin = 4;
// What docs/adr/0003 measured with: recall@100 of 0.949 at 50,000 and 0.804 at 100,000 evidence records of
// dongxi-bench speed, whose edited copies crowd each other. So the graph serves from graph_rows_min rows on
// only.
constexpr int kEfSearchMin = 384;

// Distance 1 - cosine over rows in memory, as Faiss wants it.
class CosineDistance final : public faiss::DistanceComputer {
 public:
  CosineDistance(const float* rows, size_t dim) : rows_(rows), dim_(dim) {}
  void set_query(const float* query) override { query_ = query; }
  float operator()(FaissId i) override { return 1.0F - DotProduct(query_, Row(i), dim_); }
  float symmetric_dis(FaissId i, FaissId j) override { return 1.0F - DotProduct(Row(i), Row(j), dim_); }

 private:
  const float* Row(FaissId i) const { return rows_ + static_cast<size_t>(i) * dim_; }
  const float* rows_;
  size_t dim_;
  const float* query_ = nullptr;
};

// Rows that are already in memory, shown to Faiss as an index that "adds" them in order without copying.
class MappedStorage final : public faiss::Index {
 public:
  MappedStorage(const float* rows, int dim) : faiss::Index(dim, faiss::METRIC_L2), rows_(rows) {}
  void add(FaissId n, const float*) override { ntotal += n; }
  void reset() override { ntotal = 0; }
  void search(FaissId, const float*, FaissId, float*, FaissId*,
              const faiss::SearchParameters*) const override {}
  faiss::DistanceComputer* get_distance_computer() const override {
    return new CosineDistance(rows_, static_cast<size_t>(d));  // Faiss takes ownership
  }

 private:
  const float* rows_;
};

absl::Status FromFaiss(const std::exception& error, std::string_view what) {
  return absl::InternalError(std::string(what) + ": " + error.what());
}

// docs/format/vectors.md: header, links per level (i32 each), levels (i32 a row), links (i32 each).
constexpr char kGraphMagic[4] = {'D', 'X', 'H', '1'};
struct GraphHeader {
  char magic[4];
  uint32_t level_counts;  // entries of the table of links per level
  uint64_t rows;
  uint64_t links;
  int32_t entry_point;
  int32_t max_level;
};
static_assert(sizeof(GraphHeader) == 32);
constexpr uint32_t kLevelCountsMax = 64;

template <typename T>
absl::Status AppendArray(FileWriter& writer, const std::vector<T>& values) {
  return writer.Append({reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)});
}

template <typename T>
std::vector<T> TakeArray(std::string_view& bytes, size_t count) {
  std::vector<T> values(count);
  std::memcpy(values.data(), bytes.data(), count * sizeof(T));
  bytes.remove_prefix(count * sizeof(T));
  return values;
}

absl::Status WriteGraph(const faiss::HNSW& graph, FileWriter& writer) {
  GraphHeader header{{},
                     static_cast<uint32_t>(graph.cum_nneighbor_per_level.size()),
                     graph.levels.size(),
                     graph.neighbors.size(),
                     graph.entry_point,
                     graph.max_level};
  std::memcpy(header.magic, kGraphMagic, sizeof(kGraphMagic));
  DX_RETURN_IF_ERROR(writer.Append({reinterpret_cast<const char*>(&header), sizeof(header)}));
  DX_RETURN_IF_ERROR(AppendArray(writer, graph.cum_nneighbor_per_level));
  DX_RETURN_IF_ERROR(AppendArray(writer, graph.levels));
  DX_RETURN_IF_ERROR(AppendArray(writer, graph.neighbors));
  return writer.Close().status();
}

// Where each row's links begin follows from the levels. False if they do not add up.
bool PlaceLinks(faiss::HNSW& graph) {
  const std::vector<int>& counts = graph.cum_nneighbor_per_level;
  if (counts.front() != 0 || !std::is_sorted(counts.begin(), counts.end())) return false;
  graph.offsets.assign(1, 0);
  for (const int levels : graph.levels) {
    if (levels < 1 || static_cast<size_t>(levels) >= counts.size()) return false;
    graph.offsets.push_back(graph.offsets.back() + static_cast<size_t>(counts[static_cast<size_t>(levels)]));
  }
  return graph.offsets.back() == graph.neighbors.size();
}

// A search walks wherever the links point, so every one is checked before the first search. Returns what is
// wrong, or "".
std::string_view GraphProblem(const faiss::HNSW& graph, size_t rows) {
  const std::vector<int>& counts = graph.cum_nneighbor_per_level;
  if (graph.entry_point < 0 || static_cast<size_t>(graph.entry_point) >= rows)
    return "entry point outside the index";
  if (graph.max_level < 0 || static_cast<size_t>(graph.max_level) + 1 >= counts.size())
    return "levels out of range";
  if (graph.levels[static_cast<size_t>(graph.entry_point)] <= graph.max_level)
    return "entry point below the top level";
  for (const int link : graph.neighbors) {
    if (link < -1 || link >= static_cast<FaissId>(rows)) return "link outside the index";
  }
  // A link of an upper level must lead to a row that has that level: its links there are read next.
  for (size_t i = 0; i < rows; ++i) {
    for (int level = 1; level < graph.levels[i]; ++level) {
      const size_t begin = graph.offsets[i] + static_cast<size_t>(counts[static_cast<size_t>(level)]);
      const size_t end = graph.offsets[i] + static_cast<size_t>(counts[static_cast<size_t>(level) + 1]);
      for (size_t at = begin; at < end && graph.neighbors[at] >= 0; ++at) {
        if (graph.levels[static_cast<size_t>(graph.neighbors[at])] <= level) return "link to a missing level";
      }
    }
  }
  return {};
}

class FaissVectorIndex final : public VectorIndex {
 public:
  FaissVectorIndex(std::unique_ptr<VectorFile> vectors, std::unique_ptr<faiss::HNSW> graph)
      : vectors_(std::move(vectors)), graph_(std::move(graph)) {
    const auto width = static_cast<size_t>(vectors_->dim());
    if (graph_ == nullptr && width <= ScanCodes::kDimMax)
      codes_.emplace(vectors_->row(0), width, vectors_->rows());
  }

  int dim() const override { return vectors_->dim(); }
  size_t size() const override { return vectors_->rows(); }

  absl::StatusOr<std::vector<Neighbor>> Search(std::span<const float> query, int k, const DocSet* allowed,
                                               const SearchLimits& limits) const override {
    DX_RETURN_IF_ERROR(CheckSearch(query, k, allowed, dim(), size()));
    if (allowed == nullptr && graph_ != nullptr) {
      absl::StatusOr<std::vector<Neighbor>> found = SearchGraph(query, k);
      // A graph can have parts that a walk does not reach; the contract is min(k, size).
      if (!found.ok() || found->size() >= std::min(static_cast<size_t>(k), size())) return found;
    }
    const size_t count = allowed != nullptr ? allowed->docs.size() : size();
    if (codes_.has_value() && count > kRowsANeighborMin * static_cast<size_t>(k))
      return ScanByCodes(query, static_cast<size_t>(k), allowed, limits);
    return Scan(query, k, allowed, limits);
  }

  absl::StatusOr<std::vector<float>> Similarities(std::span<const float> query,
                                                  std::span<const DocId> docs) const override {
    DX_RETURN_IF_ERROR(CheckSearch(query, 1, nullptr, dim(), size()));
    std::vector<float> similarities;
    similarities.reserve(docs.size());
    for (const DocId doc : docs) {
      if (doc >= size()) return absl::InvalidArgumentError("document lies outside the index");
      similarities.push_back(DotProduct(query.data(), vectors_->row(doc), query.size()));
    }
    return similarities;
  }

  absl::Status CopyVector(DocId doc, std::span<float> out) const override {
    if (doc >= size() || out.size() != static_cast<size_t>(dim())) {
      return absl::InvalidArgumentError("document lies outside the index, or room for another dimension");
    }
    std::copy_n(vectors_->row(doc), out.size(), out.begin());
    return absl::OkStatus();
  }

  absl::StatusOr<SimilarityMoments> Moments(std::span<const float> query) const override {
    DX_RETURN_IF_ERROR(CheckSearch(query, 1, nullptr, dim(), size()));
    return MomentsOfQuery(query, vectors_->mean(), vectors_->covariance());
  }

 private:
  static std::vector<Neighbor> NeighborsOf(TopK top) {
    std::vector<Neighbor> neighbors;
    for (const ScoredDoc& item : std::move(top).Sorted()) neighbors.push_back({item.doc, item.score});
    return neighbors;
  }

  // As Scan. Whatever is among the k nearest is at least as near as the k-th of all lower bounds.
  absl::StatusOr<std::vector<Neighbor>> ScanByCodes(std::span<const float> query, size_t k,
                                                    const DocSet* allowed, const SearchLimits& limits) const {
    const size_t count = allowed != nullptr ? allowed->docs.size() : size();
    const auto doc_at = [allowed](size_t i) {
      return allowed != nullptr ? allowed->docs[i] : static_cast<DocId>(i);
    };
    const QueryCodes codes = CodesOfQuery(query);
    std::vector<ScanCodes::Bounds> bounds(count);
    for (size_t begin = 0; begin < count;) {
      if (limits.cancelled && limits.cancelled()) return absl::CancelledError("search cancelled");
      const size_t stop = std::min(count, begin + kRowsPerStep);
      while (begin < stop) {  // a run of rows that stand side by side
        size_t end = begin + 1;
        while (end < stop && doc_at(end) == doc_at(end - 1) + 1) ++end;
        codes_->BoundsOf(codes, doc_at(begin), std::span(bounds).subspan(begin, end - begin));
        begin = end;
      }
    }
    std::vector<float> lows;
    lows.reserve(count);
    for (const ScanCodes::Bounds& one : bounds) lows.push_back(one.low);
    const auto kth = lows.begin() + static_cast<std::ptrdiff_t>(k) - 1;
    std::nth_element(lows.begin(), kth, lows.end(), std::greater<>());
    TopK top(k);
    for (size_t i = 0; i < count; ++i) {
      if (bounds[i].high < *kth) continue;
      const DocId doc = doc_at(i);
      top.Push({doc, DotProduct(query.data(), vectors_->row(doc), query.size())});
    }
    return NeighborsOf(std::move(top));
  }

  absl::StatusOr<std::vector<Neighbor>> Scan(std::span<const float> query, int k, const DocSet* allowed,
                                             const SearchLimits& limits) const {
    TopK top(static_cast<size_t>(k));
    const size_t count = allowed != nullptr ? allowed->docs.size() : size();
    std::vector<float> cosines(std::min(count, kRowsPerStep));
    for (size_t begin = 0; begin < count; begin += kRowsPerStep) {
      if (limits.cancelled && limits.cancelled()) return absl::CancelledError("search cancelled");
      const size_t end = std::min(count, begin + kRowsPerStep);
      if (allowed == nullptr) {
        DotProducts(query.data(), vectors_->row(static_cast<DocId>(begin)), query.size(), end - begin,
                    cosines.data());
      }
      for (size_t i = begin; i < end; ++i) {
        const DocId doc = allowed != nullptr ? allowed->docs[i] : static_cast<DocId>(i);
        const float cosine = allowed != nullptr ? DotProduct(query.data(), vectors_->row(doc), query.size())
                                                : cosines[i - begin];
        top.Push({doc, cosine});
      }
    }
    return NeighborsOf(std::move(top));
  }

  absl::StatusOr<std::vector<Neighbor>> SearchGraph(std::span<const float> query, int k) const {
    std::vector<FaissId> ids(static_cast<size_t>(k), -1);
    std::vector<float> distances(static_cast<size_t>(k));
    try {
      faiss::SearchParametersHNSW parameters;
      parameters.efSearch = std::max(kEfSearchMin, 2 * k);
      faiss::VisitedTable visited(static_cast<int>(size()));
      CosineDistance distance(vectors_->row(0), query.size());
      distance.set_query(query.data());
      graph_->search(distance, k, ids.data(), distances.data(), visited, &parameters);
    } catch (const std::exception& error) {
      return FromFaiss(error, "vector search");
    }
    std::vector<ScoredDoc> found;
    for (const FaissId id : ids) {
      if (id < 0) continue;
      const auto doc = static_cast<DocId>(id);
      found.push_back({doc, DotProduct(query.data(), vectors_->row(doc), query.size())});
    }
    std::sort(found.begin(), found.end(), RanksBefore);
    std::vector<Neighbor> neighbors;
    for (const ScoredDoc& item : found) neighbors.push_back({item.doc, item.score});
    return neighbors;
  }

  std::unique_ptr<VectorFile> vectors_;
  std::unique_ptr<faiss::HNSW> graph_;  // null: scan
  std::optional<ScanCodes> codes_;      // without a graph
};

absl::Status BuildGraph(const Matrix& vectors, const VectorIndexOptions& options,
                        const std::filesystem::path& file, const std::function<bool()>& cancelled,
                        const std::function<void(double)>& progress) {
  DX_ASSIGN_OR_RETURN(const std::unique_ptr<FileWriter> writer, FileWriter::Create(file));
  const int threads_before = omp_get_max_threads();
  absl::Status status;
  try {
    faiss::IndexHNSWFlat index(vectors.dim, options.graph_links, faiss::METRIC_L2);
    const std::unique_ptr<faiss::Index> own(std::exchange(index.storage, nullptr));
    MappedStorage storage(vectors.values.data(), vectors.dim);
    index.storage = &storage;
    index.own_fields = false;
    index.hnsw.efConstruction = options.ef_construction;
    omp_set_num_threads(
        1);  // the order of insertion decides the graph; two threads would make it differ each time
    const size_t rows = vectors.rows();
    for (size_t begin = 0; begin < rows && status.ok(); begin += kGraphRowsPerStep) {
      const size_t end = std::min(rows, begin + kGraphRowsPerStep);
      index.add(static_cast<FaissId>(end - begin), vectors.row(begin).data());
      if (cancelled && cancelled()) status = absl::CancelledError("build cancelled");
      if (progress) progress(static_cast<double>(end) / static_cast<double>(rows));
    }
    index.storage = nullptr;
    if (status.ok()) status = WriteGraph(index.hnsw, *writer);
  } catch (const std::exception& error) {
    if (status.ok()) status = FromFaiss(error, "building the vector graph");
  }
  omp_set_num_threads(threads_before);
  return status;
}

absl::StatusOr<std::unique_ptr<faiss::HNSW>> OpenGraph(const std::filesystem::path& file, size_t rows) {
  const auto damaged = [&](std::string_view what) {
    return absl::DataLossError(file.string() + ": " + std::string(what) +
                               "; rebuild with dongxi-indexer build");
  };
  DX_ASSIGN_OR_RETURN(const std::shared_ptr<const MappedFile> mapped, MappedFile::Open(file));
  std::string_view bytes = mapped->bytes();
  GraphHeader header;
  if (bytes.size() < sizeof(header)) return damaged("shorter than its header");
  std::memcpy(&header, bytes.data(), sizeof(header));
  bytes.remove_prefix(sizeof(header));
  if (std::memcmp(header.magic, kGraphMagic, sizeof(kGraphMagic)) != 0)
    return damaged("not a vector graph of version 1");
  const size_t values = bytes.size() / sizeof(int32_t);
  if (header.rows != rows || header.level_counts < 2 || header.level_counts > kLevelCountsMax ||
      header.links > values ||
      bytes.size() != (header.level_counts + header.rows + header.links) * sizeof(int32_t)) {
    return damaged("length does not fit its header and the vectors");
  }
  auto graph = std::make_unique<faiss::HNSW>();
  graph->entry_point = header.entry_point;
  graph->max_level = header.max_level;
  graph->cum_nneighbor_per_level = TakeArray<int32_t>(bytes, header.level_counts);
  graph->levels = TakeArray<int32_t>(bytes, header.rows);
  graph->neighbors = TakeArray<int32_t>(bytes, header.links);
  if (!PlaceLinks(*graph)) return damaged("levels do not fit the links");
  if (const std::string_view problem = GraphProblem(*graph, rows); !problem.empty()) return damaged(problem);
  return graph;
}

}  // namespace

absl::Status WriteVectorIndex(const Matrix& vectors, const std::filesystem::path& directory,
                              const VectorIndexOptions& options, const std::function<bool()>& cancelled,
                              const std::function<void(double)>& progress) {
  DX_RETURN_IF_ERROR(WriteVectorFile(vectors, directory / kVectorsName).status());
  if (vectors.rows() < options.graph_rows_min) return absl::OkStatus();
  return BuildGraph(vectors, options, directory / kGraphName, cancelled, progress);
}

absl::StatusOr<std::unique_ptr<VectorIndex>> OpenVectorIndex(const std::filesystem::path& directory) {
  DX_ASSIGN_OR_RETURN(std::unique_ptr<VectorFile> vectors, VectorFile::Open(directory / kVectorsName));
  std::unique_ptr<faiss::HNSW> graph;
  if (std::filesystem::exists(directory / kGraphName)) {
    DX_ASSIGN_OR_RETURN(graph, OpenGraph(directory / kGraphName, vectors->rows()));
  }
  return std::make_unique<FaissVectorIndex>(std::move(vectors), std::move(graph));
}

}  // namespace dongxi
