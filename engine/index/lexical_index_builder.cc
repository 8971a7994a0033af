#include <algorithm>
#include <limits>
#include <numeric>

#include "absl/container/flat_hash_map.h"
#include "engine/base/status_macros.h"
#include "engine/index/lexical_index.h"
#include "engine/index/postings_format.h"

namespace dongxi {
namespace {

using postings::Header;
using postings::TermEntry;

class Builder : public LexicalIndexBuilder {
 public:
  explicit Builder(Bm25Parameters parameters) : parameters_(parameters) {}

  void Add(std::span<const std::pair<std::string, uint32_t>> term_frequencies) override {
    const auto doc = static_cast<DocId>(lengths_.size());
    uint64_t length = 0;
    for (const auto& [term, frequency] : term_frequencies) {
      if (frequency == 0) continue;
      length += frequency;
      const auto [entry, is_new] = ids_.try_emplace(term, static_cast<uint32_t>(terms_.size()));
      if (is_new) terms_.emplace_back();
      AddPosting(doc, frequency, &terms_[entry->second]);
    }
    lengths_.push_back(
        static_cast<uint32_t>(std::min<uint64_t>(length, std::numeric_limits<uint32_t>::max())));
  }

  absl::StatusOr<FileWriter::Summary> Write(const std::filesystem::path& file) override {
    const std::vector<const Entry*> sorted = SortedEntries();
    Header header = MakeHeader();
    for (const Entry* entry : sorted) {
      header.term_bytes += entry->first.size();
      header.postings_bytes += terms_[entry->second].bytes.size();
    }
    if (header.term_bytes > std::numeric_limits<uint32_t>::max()) {
      return absl::ResourceExhaustedError(file.string() + ": the distinct terms take " +
                                          std::to_string(header.term_bytes) +
                                          " bytes, at most 4 GiB fit; split the collection");
    }
    header.header_crc32c = postings::HeaderCrc(header);
    DX_ASSIGN_OR_RETURN(const std::unique_ptr<FileWriter> writer, FileWriter::Create(file));
    DX_RETURN_IF_ERROR(writer->Append({reinterpret_cast<const char*>(&header), sizeof(header)}));
    DX_RETURN_IF_ERROR(writer->Append(
        {reinterpret_cast<const char*>(lengths_.data()), lengths_.size() * sizeof(lengths_[0])}));
    DX_RETURN_IF_ERROR(AppendPadding(lengths_.size() * sizeof(lengths_[0]), writer.get()));
    DX_RETURN_IF_ERROR(AppendTable(sorted, writer.get()));
    for (const Entry* entry : sorted) DX_RETURN_IF_ERROR(writer->Append(entry->first));
    DX_RETURN_IF_ERROR(AppendPadding(header.term_bytes, writer.get()));
    for (const Entry* entry : sorted) DX_RETURN_IF_ERROR(writer->Append(terms_[entry->second].bytes));
    return writer->Close();
  }

 private:
  using Entry = std::pair<const std::string, uint32_t>;
  struct Postings {
    std::string bytes;  // a rare term's few bytes stay inside the string object
    DocId last = 0;
    uint32_t documents = 0;
  };

  static void AddPosting(DocId doc, uint32_t frequency, Postings* term) {
    const bool repeated = term->documents > 0 && term->last == doc;
    const uint32_t before = repeated ? static_cast<uint8_t>(term->bytes.back()) : 0;
    const auto capped =
        static_cast<uint8_t>(std::min<uint64_t>(uint64_t{before} + frequency, kTermFrequencyMax));
    if (repeated) {
      term->bytes.back() = static_cast<char>(capped);
      return;
    }
    postings::AppendPosting(term->documents == 0 ? doc : doc - term->last - 1, capped, &term->bytes);
    term->last = doc;
    ++term->documents;
  }

  static absl::Status AppendPadding(uint64_t written, FileWriter* writer) {
    constexpr std::string_view kZeros("\0\0\0\0\0\0\0", 7);
    return writer->Append(kZeros.substr(0, postings::PaddedTo8(written) - written));
  }

  std::vector<const Entry*> SortedEntries() const {
    std::vector<const Entry*> sorted;
    sorted.reserve(ids_.size());
    for (const Entry& entry : ids_) sorted.push_back(&entry);
    std::sort(sorted.begin(), sorted.end(),
              [](const Entry* a, const Entry* b) { return a->first < b->first; });
    return sorted;
  }

  Header MakeHeader() const {
    Header header;
    header.documents = static_cast<uint32_t>(lengths_.size());
    header.terms = static_cast<uint32_t>(terms_.size());
    header.k1 = parameters_.k1;
    header.b = parameters_.b;
    header.total_length = std::accumulate(lengths_.begin(), lengths_.end(), uint64_t{0});
    return header;
  }

  absl::Status AppendTable(const std::vector<const Entry*>& sorted, FileWriter* writer) const {
    TermEntry row;
    const auto append = [&] { return writer->Append({reinterpret_cast<const char*>(&row), sizeof(row)}); };
    for (const Entry* entry : sorted) {
      const Postings& term = terms_[entry->second];
      row.document_frequency = term.documents;
      DX_RETURN_IF_ERROR(append());
      row.postings_begin += term.bytes.size();
      row.term_begin += static_cast<uint32_t>(entry->first.size());
    }
    row.document_frequency = 0;
    return append();
  }

  Bm25Parameters parameters_;
  std::vector<uint32_t> lengths_;
  std::vector<Postings> terms_;
  absl::flat_hash_map<std::string, uint32_t> ids_;  // of terms_; its order never shows
};

}  // namespace

std::unique_ptr<LexicalIndexBuilder> LexicalIndexBuilder::Create(Bm25Parameters parameters) {
  return std::make_unique<Builder>(parameters);
}

}  // namespace dongxi
