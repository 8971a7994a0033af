// BM25 over the terms of one collection of documents (file format: docs/format/postings.md).
// LexicalIndex is immutable; any thread. Builders are not thread-safe.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engine/base/files.h"
#include "engine/index/types.h"

namespace dongxi {

// The highest term frequency that counts; above it the formula is flat.
inline constexpr uint32_t kTermFrequencyMax = 255;

// Robertson/Spärck Jones BM25 with idf = ln(1 + (N - df + 0.5) / (df + 0.5)) (the non-negative form), tf part
// tf * (k1 + 1) / (tf + k1 * (1 - b + b * length / mean length)); length = number of term occurrences, all of
// them; N = documents that have a term, mean length = theirs; tf = occurrences in the document, at most
// kTermFrequencyMax. Ranges: k1 0..100, b 0..1; a file with others is refused.
struct Bm25Parameters {
  double k1 = 0.6;
  double b = 0.75;
};

// One query term with the weight that the caller gives it (each distinct term once).
struct WeightedTerm {
  std::string term;
  float weight = 1.0F;
};

// The documents' scores for a query and, of all documents that have terms, mean and standard deviation of the
// score.
struct LexicalScores {
  std::vector<float> scores;  // one a document; 0 where nothing matched
  double mean = 0;
  double deviation = 0;  // 0 if all scores are equal
  // What no document's score can exceed: the sum of weight * idf^(quarters / 4) * (k1 + 1) over the query's
  // terms, unknown ones included. A score's share of it is comparable between queries.
  double ceiling = 0;
};

class LexicalIndex {
 public:
  virtual ~LexicalIndex() = default;
  virtual size_t documents() const = 0;
  virtual size_t vocabulary() const = 0;
  virtual uint32_t document_frequency(std::string_view term) const = 0;
  virtual double Idf(std::string_view term) const = 0;  // of an unknown term: that of df 0
  // Scores every document, adding the terms in the order of `query` (so the sum is the same bit for bit every
  // time). Unknown terms give nothing. `idf_quarters`: idf enters with the power idf_quarters / 4, so 4 is
  // BM25 as it is and more makes rare terms weigh more against phrases that every text has. REQUIRES: 0 <=
  // idf_quarters <= 12. Checks `cancelled` (may be null) at least every 50,000 postings. Errors: Cancelled as
  // soon as it says true; DataLoss if the postings of a term are damaged.
  virtual absl::StatusOr<LexicalScores> Score(std::span<const WeightedTerm> query,
                                              const std::function<bool()>& cancelled,
                                              int idf_quarters = 4) const = 0;
  // Term frequency of `term` in `doc`; 0 if absent or if there is no such document.
  virtual uint32_t TermFrequency(std::string_view term, DocId doc) const = 0;
  // BM25 of one (term, doc) with weight 1: what Score adds for it.
  virtual double TermScore(std::string_view term, DocId doc) const = 0;
  // For documents beside the index, scored with its statistics (bm25.h): the formula's k1 + 1, and what
  // stands beside tf in the denominator for a document of `length` term occurrences.
  virtual float k1_plus_1() const = 0;
  virtual float NormOf(uint32_t length) const = 0;
};

// Collects documents in DocId order and writes the index file. Memory: postings of all documents.
class LexicalIndexBuilder {
 public:
  static std::unique_ptr<LexicalIndexBuilder> Create(Bm25Parameters parameters);
  virtual ~LexicalIndexBuilder() = default;
  // Adds the next document: its terms with their frequencies, in any order. A frequency of 0 is ignored, a
  // term given twice counts with the sum.
  virtual void Add(std::span<const std::pair<std::string, uint32_t>> term_frequencies) = 0;
  // Same documents, same bytes. The builder stays as it is. Errors: those of the file; ResourceExhausted if
  // the terms of all documents together exceed 4 GiB.
  virtual absl::StatusOr<FileWriter::Summary> Write(const std::filesystem::path& file) = 0;
};

// Maps and checks structure (magic, version, header checksum, bounds), not the checksum of the file: the
// generation does that. Errors: those of the file; DataLoss on damage; FailedPrecondition for another format
// version.
absl::StatusOr<std::unique_ptr<LexicalIndex>> OpenLexicalIndex(const std::filesystem::path& file);

// The oracle: the formula above, straight from the documents.
std::unique_ptr<LexicalIndex> NewExactLexicalIndex(
    std::vector<std::vector<std::pair<std::string, uint32_t>>> documents, Bm25Parameters parameters);

}  // namespace dongxi
