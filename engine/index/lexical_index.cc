#include "engine/index/lexical_index.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <tuple>

#include "engine/base/status_macros.h"
#include "engine/index/bm25.h"
#include "engine/index/postings_format.h"

namespace dongxi {
namespace {

using postings::Cursor;
using postings::Header;
using postings::TermEntry;

constexpr size_t kPostingsBetweenChecks = 32'768;

// The file's sections where the map holds them. Every offset has been checked.
struct Sections {
  Header header;
  std::span<const uint32_t> lengths;
  std::span<const TermEntry> table;  // header.terms + 1
  std::string_view term_bytes;
  std::string_view postings;

  std::string_view term(size_t id) const {
    return term_bytes.substr(table[id].term_begin, table[id + 1].term_begin - table[id].term_begin);
  }
  std::string_view postings_of(size_t id) const {
    return postings.substr(table[id].postings_begin, table[id + 1].postings_begin - table[id].postings_begin);
  }
};

absl::Status Damaged(const std::string& file, const std::string& what) {
  return absl::DataLossError(file + ": " + what + "; build the generation again");
}

absl::StatusOr<Header> ReadHeader(const std::string& file, std::string_view bytes) {
  Header header;
  if (bytes.size() < sizeof(header)) {
    return Damaged(file, std::to_string(bytes.size()) + " bytes are too few for a postings file");
  }
  std::memcpy(&header, bytes.data(), sizeof(header));
  if (header.magic != postings::kMagic)
    return Damaged(file, "not a postings file (its magic number is not DXPI)");
  if (header.version != postings::kVersion) {
    return absl::FailedPreconditionError(file + ": format " + std::to_string(header.version) +
                                         ", this program reads " + std::to_string(postings::kVersion) +
                                         "; build the generation again");
  }
  if (header.header_crc32c != postings::HeaderCrc(header))
    return Damaged(file, "the header's checksum does not match");
  const bool parameters_valid = header.k1 >= 0 && header.k1 <= 100 && header.b >= 0 && header.b <= 1;
  if (!parameters_valid) return Damaged(file, "k1 or b are outside their range");
  return header;
}

// Cuts the file into its sections, which must fill it exactly.
absl::StatusOr<Sections> CutSections(const std::string& file, std::string_view bytes) {
  Sections sections;
  DX_ASSIGN_OR_RETURN(sections.header, ReadHeader(file, bytes));
  const Header& header = sections.header;
  const uint64_t lengths_bytes = uint64_t{header.documents} * sizeof(uint32_t);
  const uint64_t table_bytes = (uint64_t{header.terms} + 1) * sizeof(TermEntry);
  const uint64_t table_begin = sizeof(Header) + postings::PaddedTo8(lengths_bytes);
  const uint64_t terms_begin = table_begin + table_bytes;
  const bool sizes_valid =
      header.term_bytes <= std::numeric_limits<uint32_t>::max() && header.postings_bytes <= bytes.size() &&
      terms_begin + postings::PaddedTo8(header.term_bytes) == bytes.size() - header.postings_bytes;
  if (!sizes_valid) {
    return Damaged(file, std::to_string(bytes.size()) + " bytes are not what the header says");
  }
  const auto* base = bytes.data();  // 8-byte aligned sections: the map begins at a page
  sections.lengths = {reinterpret_cast<const uint32_t*>(base + sizeof(Header)), header.documents};
  sections.table = {reinterpret_cast<const TermEntry*>(base + table_begin), size_t{header.terms} + 1};
  sections.term_bytes = bytes.substr(terms_begin, header.term_bytes);
  sections.postings = bytes.substr(bytes.size() - header.postings_bytes);
  return sections;
}

absl::Status CheckTable(const std::string& file, const Sections& sections) {
  const std::span<const TermEntry> table = sections.table;
  const bool ends_valid = table.front().term_begin == 0 && table.front().postings_begin == 0 &&
                          table.back().term_begin == sections.term_bytes.size() &&
                          table.back().postings_begin == sections.postings.size();
  if (!ends_valid) return Damaged(file, "the term table does not cover its sections");
  for (size_t id = 0; id + 1 < table.size(); ++id) {
    // Two bytes a posting at least, so no frequency can promise more than there is.
    const bool row_valid =
        table[id].term_begin <= table[id + 1].term_begin &&
        table[id].postings_begin <= table[id + 1].postings_begin &&
        table[id + 1].postings_begin <= sections.postings.size() &&
        table[id + 1].term_begin <= sections.term_bytes.size() &&
        table[id].document_frequency <= sections.header.documents &&
        uint64_t{table[id].document_frequency} * 2 <= table[id + 1].postings_begin - table[id].postings_begin;
    if (!row_valid) return Damaged(file, "row " + std::to_string(id) + " of the term table is out of bounds");
    if (id > 0 && sections.term(id - 1) >= sections.term(id)) {
      return Damaged(file, "term " + std::to_string(id) + " is out of order");
    }
  }
  return absl::OkStatus();
}

class MappedLexicalIndex : public LexicalIndex {
 public:
  MappedLexicalIndex(std::string name, std::shared_ptr<const MappedFile> file, const Sections& sections)
      : name_(std::move(name)), file_(std::move(file)), sections_(sections) {
    with_terms_ = static_cast<size_t>(
        std::count_if(sections.lengths.begin(), sections.lengths.end(), [](uint32_t n) { return n > 0; }));
    const Header& header = sections.header;
    if (header.total_length > 0)
      mean_length_ = static_cast<double>(header.total_length) / static_cast<double>(with_terms_);
    norms_.reserve(header.documents);
    for (const uint32_t length : sections.lengths) norms_.push_back(NormOf(length));
  }

  size_t documents() const override { return sections_.header.documents; }
  size_t vocabulary() const override { return sections_.header.terms; }

  uint32_t document_frequency(std::string_view term) const override {
    const std::optional<size_t> id = Find(term);
    return id.has_value() ? sections_.table[*id].document_frequency : 0;
  }

  double Idf(std::string_view term) const override {
    return Bm25Idf(static_cast<double>(with_terms_), document_frequency(term));
  }

  absl::StatusOr<LexicalScores> Score(std::span<const WeightedTerm> query,
                                      const std::function<bool()>& cancelled,
                                      int idf_quarters) const override {
    LexicalScores result;
    result.scores.assign(documents(), 0.0F);
    size_t budget = kPostingsBetweenChecks;
    for (const WeightedTerm& term : query) {
      const std::optional<size_t> id = Find(term.term);
      const uint32_t df = id.has_value() ? sections_.table[*id].document_frequency : 0;
      const double idf = IdfPower(Bm25Idf(static_cast<double>(with_terms_), df), idf_quarters);
      result.ceiling += term.weight * idf * (sections_.header.k1 + 1);
      if (!id.has_value()) continue;
      const float weighted_idf = term.weight * static_cast<float>(idf);
      DX_RETURN_IF_ERROR(AddTerm(*id, weighted_idf, cancelled, &budget, &result.scores));
    }
    if (cancelled && cancelled()) return absl::CancelledError("lexical search cancelled");
    std::tie(result.mean, result.deviation) = MeanAndDeviation(result.scores, sections_.lengths);
    return result;
  }

  uint32_t TermFrequency(std::string_view term, DocId doc) const override {
    const std::optional<size_t> id = Find(term);
    if (!id.has_value()) return 0;
    Cursor cursor(sections_.postings_of(*id), sections_.header.documents);
    while (cursor.Next()) {
      if (cursor.doc() >= doc) return cursor.doc() == doc ? cursor.frequency() : 0;
    }
    return 0;
  }

  double TermScore(std::string_view term, DocId doc) const override {
    const uint32_t frequency = TermFrequency(term, doc);
    return frequency == 0 ? 0 : Part(static_cast<float>(Idf(term)), frequency, doc);
  }

  float k1_plus_1() const override { return k1_plus_1_; }
  float NormOf(uint32_t length) const override {
    const Header& header = sections_.header;
    if (mean_length_ <= 0) return static_cast<float>(header.k1);  // every length is the mean one
    return static_cast<float>(header.k1 * (1 - header.b + header.b * length / mean_length_));
  }

 private:
  std::optional<size_t> Find(std::string_view term) const {
    size_t low = 0;
    size_t high = sections_.header.terms;
    while (low < high) {
      const size_t middle = low + (high - low) / 2;
      if (sections_.term(middle) < term) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    if (low == sections_.header.terms || sections_.term(low) != term) return std::nullopt;
    return low;
  }

  float Part(float weighted_idf, uint32_t frequency, DocId doc) const {
    return Bm25Part(weighted_idf, frequency, k1_plus_1_, norms_[doc]);
  }

  absl::Status AddTerm(size_t id, float weighted_idf, const std::function<bool()>& cancelled, size_t* budget,
                       std::vector<float>* scores) const {
    const uint32_t df = sections_.table[id].document_frequency;
    Cursor cursor(sections_.postings_of(id), sections_.header.documents);
    uint32_t seen = 0;
    for (; cursor.Next(); ++seen) {
      (*scores)[cursor.doc()] += Part(weighted_idf, cursor.frequency(), cursor.doc());
      if (--*budget > 0) continue;
      *budget = kPostingsBetweenChecks;
      if (cancelled && cancelled()) return absl::CancelledError("lexical search cancelled");
    }
    if (cursor.damaged() || seen != df) {
      return Damaged(name_, "the postings of term " + std::to_string(id) + " are damaged");
    }
    return absl::OkStatus();
  }

  std::string name_;
  std::shared_ptr<const MappedFile> file_;
  Sections sections_;
  double mean_length_ = 0;  // 0: no document has a term
  size_t with_terms_ = 0;   // documents that have a term: the N of the formula
  float k1_plus_1_ = static_cast<float>(sections_.header.k1 + 1);
  std::vector<float> norms_;  // k1 * (1 - b + b * length / mean length)
};

}  // namespace

absl::StatusOr<std::unique_ptr<LexicalIndex>> OpenLexicalIndex(const std::filesystem::path& file) {
  DX_ASSIGN_OR_RETURN(std::shared_ptr<const MappedFile> map, MappedFile::Open(file));
  DX_ASSIGN_OR_RETURN(const Sections sections, CutSections(file.string(), map->bytes()));
  DX_RETURN_IF_ERROR(CheckTable(file.string(), sections));
  uint64_t total = 0;
  for (const uint32_t length : sections.lengths) total += length;
  if (total != sections.header.total_length) {
    return Damaged(file.string(), "the document lengths do not add up to the header's sum");
  }
  return std::make_unique<MappedLexicalIndex>(file.string(), std::move(map), sections);
}

}  // namespace dongxi
