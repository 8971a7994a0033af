#include <algorithm>
#include <cmath>
#include <cstring>

#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "engine/base/crc32c.h"
#include "engine/base/status_macros.h"
#include "engine/embed/lsa.h"
#include "engine/embed/lsa_format.h"
#include "engine/embed/term_ids.h"

namespace dongxi {
namespace {

using lsa::Header;

// The file's sections where the map holds them. Every offset has been checked.
struct Sections {
  Header header;
  std::span<const float> idf;
  std::span<const uint32_t> begins;  // header.terms + 1
  std::string_view term_bytes;
  std::span<const uint16_t> vectors;

  std::string_view term(size_t id) const {
    return term_bytes.substr(begins[id], begins[id + 1] - begins[id]);
  }
};

absl::Status Damaged(const std::string& file, const std::string& what) {
  return absl::DataLossError(file + ": " + what + "; train the model again");
}

absl::StatusOr<Header> ReadHeader(const std::string& file, std::string_view bytes) {
  Header header;
  if (bytes.size() < sizeof(header)) {
    return Damaged(file, std::to_string(bytes.size()) + " bytes are too few for an LSA model");
  }
  std::memcpy(&header, bytes.data(), sizeof(header));
  if (header.magic != lsa::kMagic) return Damaged(file, "not an LSA model (its magic number is not DXLS)");
  if (header.version != lsa::kVersion) {
    return absl::FailedPreconditionError(file + ": format " + std::to_string(header.version) +
                                         ", this program reads " + std::to_string(lsa::kVersion) +
                                         "; train the model again");
  }
  if (header.content_crc32c != Crc32c(bytes.substr(lsa::kCrcCoversFrom))) {
    return Damaged(file, "the checksum does not match");
  }
  return header;
}

// Cuts the file into its sections, which must fill it exactly.
absl::StatusOr<Sections> CutSections(const std::string& file, std::string_view bytes) {
  Sections sections;
  DX_ASSIGN_OR_RETURN(sections.header, ReadHeader(file, bytes));
  const Header& header = sections.header;
  const uint64_t terms = header.terms;
  const uint64_t begins_at = sizeof(Header) + lsa::PaddedTo8(terms * sizeof(float));
  const uint64_t bytes_at = begins_at + lsa::PaddedTo8((terms + 1) * sizeof(uint32_t));
  const bool small =
      header.dim <= kEmbeddingDimMax && header.term_bytes <= bytes.size();  // no sum below can overflow
  const uint64_t vectors_at = bytes_at + (small ? lsa::PaddedTo8(header.term_bytes) : 0);
  if (!small || vectors_at + terms * header.dim * sizeof(uint16_t) != bytes.size()) {
    return Damaged(file, std::to_string(bytes.size()) + " bytes are not what the header says");
  }
  const char* base = bytes.data();  // 8-byte aligned sections: the map begins at a page
  sections.idf = {reinterpret_cast<const float*>(base + sizeof(Header)), header.terms};
  sections.begins = {reinterpret_cast<const uint32_t*>(base + begins_at), size_t{header.terms} + 1};
  sections.term_bytes = bytes.substr(bytes_at, header.term_bytes);
  sections.vectors = {reinterpret_cast<const uint16_t*>(base + vectors_at),
                      size_t{header.terms} * header.dim};
  return sections;
}

absl::Status CheckContent(const std::string& file, const Sections& sections) {
  if (sections.header.dim == 0) return Damaged(file, "dim is 0");
  if (sections.begins.front() != 0 || sections.begins.back() != sections.term_bytes.size() ||
      !std::is_sorted(sections.begins.begin(), sections.begins.end())) {
    return Damaged(file, "the terms are out of bounds");
  }
  for (size_t id = 1; id < sections.header.terms; ++id) {
    if (sections.term(id - 1) >= sections.term(id)) {
      return Damaged(file, "term " + std::to_string(id) + " is out of order");
    }
  }
  const auto finite_half = [](uint16_t half) { return (half & 0x7F80) != 0x7F80; };
  const bool finite =
      std::all_of(sections.idf.begin(), sections.idf.end(), [](float x) { return std::isfinite(x); }) &&
      std::all_of(sections.vectors.begin(), sections.vectors.end(), finite_half);
  return finite ? absl::OkStatus() : Damaged(file, "it holds a value that is not a number");
}

class LsaEmbedder : public Embedder {
 public:
  LsaEmbedder(std::shared_ptr<const MappedFile> file, const Sections& sections,
              std::shared_ptr<const Lexicon> lexicon)
      : file_(std::move(file)), sections_(sections), lexicon_(std::move(lexicon)) {
    model_id_ = absl::StrFormat("lsa-%d-%08x", dim(), Crc32c(file_->bytes()));
    ids_ = TermIds(sections.header.terms, [&](uint32_t id) { return sections.term(id); });
  }

  const std::string& model_id() const override { return model_id_; }
  int dim() const override { return static_cast<int>(sections_.header.dim); }

  absl::StatusOr<Matrix> Embed(std::span<const EmbedInput> inputs, absl::Time deadline) const override {
    Matrix matrix;
    matrix.dim = dim();
    matrix.values.assign(inputs.size() * sections_.header.dim, 0.0F);
    for (size_t i = 0; i < inputs.size(); ++i) {
      if (absl::Now() > deadline) {
        return absl::DeadlineExceededError("embedding: " + std::to_string(i) + " of " +
                                           std::to_string(inputs.size()) + " texts done at the deadline");
      }
      EmbedOne(inputs[i], matrix.row(i));
    }
    return matrix;
  }

 private:
  // Adds up in order of term and scales, so that the same text gives the same bits everywhere. `sum` is all
  // zeros.
  void EmbedOne(const EmbedInput& input, std::span<float> sum) const {
    std::vector<std::pair<uint32_t, uint32_t>> known;  // term, frequency
    for (const auto& [term, frequency] : lsa::CountEmbedTerms(input, *lexicon_)) {
      const auto id = ids_.Find(term, [this](uint32_t at) { return sections_.term(at); });
      if (id.has_value()) known.emplace_back(*id, frequency);
    }
    std::sort(known.begin(), known.end());
    for (const auto& [id, frequency] : known) {
      const float weight = lsa::FrequencyWeight(frequency) * sections_.idf[id];
      const uint16_t* vector = sections_.vectors.data() + size_t{id} * sum.size();
      float* out = sum.data();
      for (size_t j = 0; j < sum.size(); ++j) out[j] += weight * lsa::FromBfloat16(vector[j]);
    }
    double squares = 0;
    for (const float x : sum) squares += double{x} * x;
    if (!(squares > 0)) return;
    const double scale = 1 / std::sqrt(squares);
    for (float& x : sum) x = static_cast<float>(x * scale);
  }

  std::shared_ptr<const MappedFile> file_;
  Sections sections_;
  std::shared_ptr<const Lexicon> lexicon_;
  std::string model_id_;
  TermIds ids_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Embedder>> OpenLsaEmbedder(const std::filesystem::path& file,
                                                          std::shared_ptr<const Lexicon> lexicon) {
  DX_ASSIGN_OR_RETURN(std::shared_ptr<const MappedFile> map, MappedFile::Open(file));
  DX_ASSIGN_OR_RETURN(const Sections sections, CutSections(file.string(), map->bytes()));
  DX_RETURN_IF_ERROR(CheckContent(file.string(), sections));
  if (sections.header.lexicon_crc32c != lexicon->crc32c()) {
    return absl::FailedPreconditionError(
        absl::StrFormat("%s: trained with lexicon %08x, found lexicon %08x; use the lexicon it was trained "
                        "with or train it again",
                        file.string(), sections.header.lexicon_crc32c, lexicon->crc32c()));
  }
  return std::make_unique<LsaEmbedder>(std::move(map), sections, std::move(lexicon));
}

}  // namespace dongxi
