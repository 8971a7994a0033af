#include "engine/embed/lsa_vocabulary.h"

#include <algorithm>
#include <cmath>

#include "absl/container/flat_hash_map.h"
#include "engine/base/parallel.h"
#include "engine/embed/lsa_format.h"

namespace dongxi::lsa {
namespace {

constexpr size_t kDocumentsAChunk = 1024;
constexpr size_t kChunksAStep = 4;  // between two questions whether to go on
constexpr uint32_t kNoTerm = UINT32_MAX;

// The counted documents of one chunk; terms have numbers of this chunk, from 0 in order of appearance.
struct CountedChunk {
  std::vector<std::string> terms;
  std::vector<uint32_t> document_frequency;
  std::vector<size_t> document_end;
  std::vector<uint32_t> term;
  std::vector<uint32_t> frequency;
};

CountedChunk CountChunk(std::span<const EmbedInput* const> documents, const Lexicon& lexicon) {
  CountedChunk chunk;
  absl::flat_hash_map<std::string, uint32_t> ids;
  for (const EmbedInput* document : documents) {
    for (auto& [term, frequency] : CountEmbedTerms(*document, lexicon)) {
      const auto [entry, is_new] = ids.try_emplace(term, static_cast<uint32_t>(chunk.terms.size()));
      if (is_new) {
        chunk.terms.push_back(term);
        chunk.document_frequency.push_back(0);
      }
      ++chunk.document_frequency[entry->second];
      chunk.term.push_back(entry->second);
      chunk.frequency.push_back(frequency);
    }
    chunk.document_end.push_back(chunk.term.size());
  }
  return chunk;
}

struct Vocabulary {
  std::vector<std::string> terms;
  std::vector<uint32_t> document_frequency;
};

// Adds the chunk's terms to the whole and replaces its numbers by those of the whole.
void Merge(CountedChunk* chunk, absl::flat_hash_map<std::string, uint32_t>* ids, Vocabulary* whole) {
  std::vector<uint32_t> number_in_whole;
  for (size_t i = 0; i < chunk->terms.size(); ++i) {
    const auto [entry, is_new] =
        ids->try_emplace(chunk->terms[i], static_cast<uint32_t>(whole->terms.size()));
    if (is_new) {
      whole->terms.push_back(chunk->terms[i]);
      whole->document_frequency.push_back(0);
    }
    whole->document_frequency[entry->second] += chunk->document_frequency[i];
    number_in_whole.push_back(entry->second);
  }
  for (uint32_t& term : chunk->term) term = number_in_whole[term];
  chunk->terms = {};
  chunk->document_frequency = {};
}

// Numbers of the terms to keep, ascending by term.
std::vector<uint32_t> ChooseTerms(const Vocabulary& whole, const LsaOptions& options) {
  const uint32_t df_most =
      *std::max_element(whole.document_frequency.begin(), whole.document_frequency.end());
  const uint32_t df_min = df_most >= options.df_min ? options.df_min : 1;
  std::vector<uint32_t> chosen;
  for (uint32_t i = 0; i < whole.terms.size(); ++i) {
    if (whole.document_frequency[i] >= df_min) chosen.push_back(i);
  }
  const auto by_term = [&](uint32_t a, uint32_t b) { return whole.terms[a] < whole.terms[b]; };
  if (chosen.size() > options.vocabulary_max) {
    const auto more_frequent = [&](uint32_t a, uint32_t b) {
      const uint32_t df_a = whole.document_frequency[a];
      const uint32_t df_b = whole.document_frequency[b];
      return df_a != df_b ? df_a > df_b : by_term(a, b);
    };
    std::nth_element(chosen.begin(), chosen.begin() + options.vocabulary_max, chosen.end(), more_frequent);
    chosen.resize(options.vocabulary_max);
  }
  std::sort(chosen.begin(), chosen.end(), by_term);
  return chosen;
}

// The TF-IDF rows of a chunk; `column` maps the whole's numbers to columns.
SparseMatrix WeighChunk(const CountedChunk& chunk, const std::vector<uint32_t>& column,
                        const std::vector<float>& idf) {
  SparseMatrix rows;
  std::vector<std::pair<uint32_t, float>> row;
  size_t i = 0;
  for (const size_t end : chunk.document_end) {
    row.clear();
    double squares = 0;
    for (; i < end; ++i) {
      const uint32_t to = column[chunk.term[i]];
      if (to != kNoTerm) row.emplace_back(to, FrequencyWeight(chunk.frequency[i]) * idf[to]);
    }
    std::sort(row.begin(), row.end());
    for (const auto& [to, weight] : row) squares += double{weight} * weight;
    const auto scale = static_cast<float>(squares > 0 ? 1 / std::sqrt(squares) : 0);
    for (const auto& [to, weight] : row) {
      rows.column.push_back(to);
      rows.value.push_back(weight * scale);
    }
    rows.row_begin.push_back(rows.column.size());
  }
  return rows;
}

void AppendRows(const SparseMatrix& more, SparseMatrix* rows) {
  const size_t before = rows->column.size();
  for (size_t i = 1; i < more.row_begin.size(); ++i) rows->row_begin.push_back(before + more.row_begin[i]);
  rows->column.insert(rows->column.end(), more.column.begin(), more.column.end());
  rows->value.insert(rows->value.end(), more.value.begin(), more.value.end());
}

// An evenly spaced sample, or all.
std::vector<const EmbedInput*> Sample(std::span<const EmbedInput> documents, size_t count_max) {
  const size_t count = std::min(documents.size(), count_max);
  std::vector<const EmbedInput*> sample;
  sample.reserve(count);
  for (size_t i = 0; i < count; ++i) sample.push_back(&documents[i * documents.size() / count]);
  return sample;
}

TermMatrix Weigh(std::vector<CountedChunk> chunks, Vocabulary whole, size_t documents,
                 const LsaOptions& options) {
  TermMatrix matrix;
  std::vector<uint32_t> column(whole.terms.size(), kNoTerm);
  for (const uint32_t number : ChooseTerms(whole, options)) {
    column[number] = static_cast<uint32_t>(matrix.terms.size());
    matrix.terms.push_back(std::move(whole.terms[number]));
    matrix.idf.push_back(Idf(static_cast<double>(documents), whole.document_frequency[number]));
  }
  std::vector<SparseMatrix> parts(chunks.size());
  ParallelChunks(chunks.size(), 1, options.threads, [&](size_t i, size_t) {
    parts[i] = WeighChunk(chunks[i], column, matrix.idf);
    chunks[i] = {};
  });
  matrix.rows.columns = matrix.terms.size();
  for (SparseMatrix& part : parts) {
    AppendRows(part, &matrix.rows);
    part = {};
  }
  return matrix;
}

}  // namespace

absl::StatusOr<TermMatrix> BuildTermMatrix(std::span<const EmbedInput> documents, const Lexicon& lexicon,
                                           const LsaOptions& options,
                                           const std::function<bool(double)>& step) {
  const std::vector<const EmbedInput*> sample = Sample(documents, options.documents_max);
  std::vector<CountedChunk> chunks((sample.size() + kDocumentsAChunk - 1) / kDocumentsAChunk);
  absl::flat_hash_map<std::string, uint32_t> ids;
  Vocabulary whole;
  for (size_t first = 0; first < chunks.size(); first += kChunksAStep) {
    if (!step(static_cast<double>(first) / static_cast<double>(chunks.size()))) {
      return absl::CancelledError("training cancelled");
    }
    const size_t last = std::min(chunks.size(), first + kChunksAStep);
    ParallelChunks(last - first, 1, options.threads, [&](size_t i, size_t) {
      const size_t begin = (first + i) * kDocumentsAChunk;
      const size_t count = std::min(sample.size() - begin, kDocumentsAChunk);
      chunks[first + i] = CountChunk({sample.data() + begin, count}, lexicon);
    });
    for (size_t i = first; i < last; ++i) Merge(&chunks[i], &ids, &whole);
  }
  if (whole.terms.empty()) {
    return absl::InvalidArgumentError("the embedding model needs text to train on: none of the " +
                                      std::to_string(documents.size()) +
                                      " documents has a word; import records with titles and texts first");
  }
  return Weigh(std::move(chunks), std::move(whole), sample.size(), options);
}

}  // namespace dongxi::lsa
