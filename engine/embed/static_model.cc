#include "engine/embed/static_model.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

#include "absl/strings/str_format.h"
#include "engine/base/crc32c.h"
#include "engine/base/status_macros.h"
#include "engine/embed/embedder.h"
#include "engine/embed/stable_math.h"
#include "engine/embed/static_format.h"
#include "engine/embed/term_ids.h"

namespace dongxi {
namespace {

using static_format::Header;
using static_format::PaddedTo8;

// The file's sections where the map holds them. Every offset has been checked.
struct Sections {
  Header header;
  std::span<const float> scales;
  std::span<const uint32_t> begins;  // header.tokens + 1
  std::string_view token_bytes;
  std::span<const int8_t> vectors;

  std::string_view token(size_t id) const {
    return token_bytes.substr(begins[id], begins[id + 1] - begins[id]);
  }
};

absl::Status Damaged(const std::string& file, const std::string& what) {
  return absl::DataLossError(file + ": " + what + "; get the model file again or train it again");
}

absl::StatusOr<Header> ReadHeader(const std::string& file, std::string_view bytes) {
  Header header;
  if (bytes.size() < sizeof(header)) {
    return Damaged(file, std::to_string(bytes.size()) + " bytes are too few for a static model");
  }
  std::memcpy(&header, bytes.data(), sizeof(header));
  if (header.magic != static_format::kMagic) {
    return Damaged(file, "not a static model (its magic number is not DXSM)");
  }
  if (header.version != static_format::kVersion) {
    return absl::FailedPreconditionError(file + ": format " + std::to_string(header.version) +
                                         ", this program reads " + std::to_string(static_format::kVersion) +
                                         "; train the model again");
  }
  if (header.content_crc32c != Crc32c(bytes.substr(static_format::kCrcCoversFrom))) {
    return Damaged(file, "the checksum does not match");
  }
  const auto sizes_end = header.sizes.begin() + std::min(header.sizes_count, static_format::kSizesMax);
  const bool sizes_valid =
      header.sizes_count >= 1 && header.sizes_count <= static_format::kSizesMax && header.sizes[0] > 0 &&
      std::is_sorted(header.sizes.begin(), sizes_end, std::less_equal<>()) && *(sizes_end - 1) == header.dim;
  if (!sizes_valid) return Damaged(file, "the sizes do not end at the number of dimensions");
  return header;
}

// Cuts the file into its sections, which must fill it exactly.
absl::StatusOr<Sections> CutSections(const std::string& file, std::string_view bytes) {
  Sections sections;
  DX_ASSIGN_OR_RETURN(sections.header, ReadHeader(file, bytes));
  const Header& header = sections.header;
  const uint64_t tokens = header.tokens;
  const uint64_t begins_at = sizeof(Header) + PaddedTo8(tokens * sizeof(float));
  const uint64_t bytes_at = begins_at + PaddedTo8((tokens + 1) * sizeof(uint32_t));
  const bool small = header.dim <= kEmbeddingDimMax && header.token_bytes <= bytes.size();
  const uint64_t vectors_at = bytes_at + (small ? PaddedTo8(header.token_bytes) : 0);
  if (!small || vectors_at + tokens * header.dim != bytes.size()) {
    return Damaged(file, std::to_string(bytes.size()) + " bytes are not what the header says");
  }
  const char* base = bytes.data();  // 8-byte aligned sections: the map begins at a page
  sections.scales = {reinterpret_cast<const float*>(base + sizeof(Header)), header.tokens};
  sections.begins = {reinterpret_cast<const uint32_t*>(base + begins_at), size_t{header.tokens} + 1};
  sections.token_bytes = bytes.substr(bytes_at, header.token_bytes);
  sections.vectors = {reinterpret_cast<const int8_t*>(base + vectors_at), size_t{header.tokens} * header.dim};
  return sections;
}

absl::Status CheckContent(const std::string& file, const Sections& sections) {
  if (sections.begins.front() != 0 || sections.begins.back() != sections.token_bytes.size() ||
      !std::is_sorted(sections.begins.begin(), sections.begins.end())) {
    return Damaged(file, "the tokens are out of bounds");
  }
  for (size_t id = 1; id < sections.header.tokens; ++id) {
    if (sections.token(id - 1) >= sections.token(id)) {
      return Damaged(file, "token " + std::to_string(id) + " is out of order");
    }
  }
  const bool finite =
      std::all_of(sections.scales.begin(), sections.scales.end(), [](float x) { return std::isfinite(x); });
  return finite ? absl::OkStatus() : Damaged(file, "it holds a scale that is not a number");
}

void ScaleToUnit(std::span<float> vector) {
  double squares = 0;
  for (const float x : vector) squares += double{x} * x;
  if (!(squares > 0)) return;
  const double scale = 1 / std::sqrt(squares);
  for (float& x : vector) x = static_cast<float>(x * scale);
}

class MappedStaticModel : public StaticModel {
 public:
  MappedStaticModel(std::shared_ptr<const MappedFile> file, const Sections& sections, int dim)
      : file_(std::move(file)), sections_(sections), dim_(dim) {
    model_id_ = absl::StrFormat("static-%d-%08x", dim, Crc32c(file_->bytes()));
    const Header& header = sections.header;
    sizes_.assign(header.sizes.begin(), header.sizes.begin() + header.sizes_count);
    lengths_.reserve(header.tokens);
    terms_ = TermIds(header.tokens, [&](uint32_t id) { return sections.token(id); });
    for (uint32_t id = 0; id < header.tokens; ++id) {
      double squares = 0;
      for (const int8_t x : Row(id)) squares += double{sections.scales[id]} * x * sections.scales[id] * x;
      lengths_.push_back(static_cast<float>(std::sqrt(squares)));
    }
  }

  const std::string& model_id() const override { return model_id_; }
  int dim() const override { return dim_; }
  size_t vocabulary() const override { return sections_.header.tokens; }
  const std::vector<int>& sizes() const override { return sizes_; }
  std::string_view token(uint32_t id) const override { return sections_.token(id); }
  std::string_view bytes() const override { return file_->bytes(); }

  std::optional<uint32_t> Find(std::string_view token) const override {
    return terms_.Find(token, [this](uint32_t id) { return sections_.token(id); });
  }

  void Add(uint32_t id, float weight, std::span<float> sum) const override {
    const float scale = weight * sections_.scales[id];
    const int8_t* row = Row(id).data();
    float* out = sum.data();
    for (size_t j = 0; j < sum.size(); ++j) out[j] += scale * static_cast<float>(row[j]);
  }

  float Cosine(uint32_t id, std::span<const float> direction) const override {
    if (!(lengths_[id] > 0)) return 0;
    const std::span<const int8_t> row = Row(id);
    // Sixteen sums in a fixed order, which the compiler keeps in wide registers.
    std::array<float, 16> lanes = {};
    size_t j = 0;
    for (; j + lanes.size() <= row.size(); j += lanes.size()) {
      for (size_t k = 0; k < lanes.size(); ++k) lanes[k] += static_cast<float>(row[j + k]) * direction[j + k];
    }
    float sum = 0;
    for (; j < row.size(); ++j) sum += static_cast<float>(row[j]) * direction[j];
    for (const float lane : lanes) sum += lane;
    return sum * sections_.scales[id] / lengths_[id];
  }

  void Embed(std::span<const TermCount> terms, std::span<float> vector) const override {
    std::vector<std::pair<uint32_t, uint32_t>> known;  // token, frequency
    known.reserve(terms.size());
    for (const auto& [term, frequency] : terms) {
      if (const auto id = Find(term)) known.emplace_back(*id, frequency);
    }
    std::sort(known.begin(), known.end());
    std::fill(vector.begin(), vector.end(), 0.0F);
    for (const auto& [id, frequency] : known) Add(id, static_cast<float>(1 + StableLog(frequency)), vector);
    ScaleToUnit(vector);
  }

 private:
  std::span<const int8_t> Row(uint32_t id) const {
    return sections_.vectors.subspan(size_t{id} * sections_.header.dim, static_cast<size_t>(dim_));
  }

  std::shared_ptr<const MappedFile> file_;
  Sections sections_;
  int dim_;
  std::string model_id_;
  std::vector<int> sizes_;
  std::vector<float> lengths_;  // of each token's vector
  TermIds terms_;
};

absl::Status CheckVectors(const TokenVectors& model) {
  const bool sizes_valid = !model.sizes.empty() && model.sizes.size() <= static_format::kSizesMax &&
                           model.sizes.front() > 0 && model.sizes.back() == model.dim &&
                           std::is_sorted(model.sizes.begin(), model.sizes.end(), std::less_equal<>());
  if (model.dim < 1 || model.dim > kEmbeddingDimMax || !sizes_valid) {
    return absl::InvalidArgumentError("static model: sizes must rise to dim, 1 to " +
                                      std::to_string(kEmbeddingDimMax) + ", at most " +
                                      std::to_string(static_format::kSizesMax) + " of them");
  }
  if (model.vectors.size() != model.tokens.size() * static_cast<size_t>(model.dim)) {
    return absl::InvalidArgumentError("static model: " + std::to_string(model.vectors.size()) +
                                      " values for " + std::to_string(model.tokens.size()) + " tokens of " +
                                      std::to_string(model.dim));
  }
  const bool finite =
      std::all_of(model.vectors.begin(), model.vectors.end(), [](float x) { return std::isfinite(x); });
  if (!finite) return absl::InvalidArgumentError("static model: a value is not a number");
  return absl::OkStatus();
}

// Appends padding up to a multiple of 8.
void Pad(std::string* bytes) { bytes->resize(PaddedTo8(bytes->size()), '\0'); }

template <typename T>
void AppendRaw(const T& value, std::string* bytes) {
  bytes->append(reinterpret_cast<const char*>(&value), sizeof(value));
}

// The rows of `order`, each rounded to -127..127 times its scale.
std::vector<int8_t> Quantise(const TokenVectors& model, std::span<const size_t> order,
                             std::vector<float>* scales) {
  const auto dim = static_cast<size_t>(model.dim);
  std::vector<int8_t> rows;
  rows.reserve(order.size() * dim);
  for (const size_t from : order) {
    const std::span<const float> row(model.vectors.data() + from * dim, dim);
    float largest = 0;
    for (const float x : row) largest = std::max(largest, std::abs(x));
    const float scale = largest / 127;
    scales->push_back(scale);
    for (const float x : row) {
      rows.push_back(scale > 0 ? static_cast<int8_t>(std::lround(x / scale)) : int8_t{0});
    }
  }
  return rows;
}

}  // namespace

absl::StatusOr<std::shared_ptr<const StaticModel>> StaticModel::Open(const std::filesystem::path& file,
                                                                     int dim) {
  DX_ASSIGN_OR_RETURN(std::shared_ptr<const MappedFile> map, MappedFile::Open(file));
  DX_ASSIGN_OR_RETURN(const Sections sections, CutSections(file.string(), map->bytes()));
  DX_RETURN_IF_ERROR(CheckContent(file.string(), sections));
  const Header& header = sections.header;
  const auto sizes_end = header.sizes.begin() + header.sizes_count;
  if (dim == 0) dim = static_cast<int>(header.dim);
  if (dim < 0 || std::find(header.sizes.begin(), sizes_end, static_cast<uint32_t>(dim)) == sizes_end) {
    return absl::InvalidArgumentError(file.string() + ": the model has no size of " + std::to_string(dim) +
                                      " dimensions; its whole size is " + std::to_string(header.dim));
  }
  return std::make_shared<const MappedStaticModel>(std::move(map), sections, dim);
}

absl::Status WriteStaticModel(const TokenVectors& model, const std::filesystem::path& file) {
  DX_RETURN_IF_ERROR(CheckVectors(model));
  std::vector<size_t> order(model.tokens.size());
  for (size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::sort(order.begin(), order.end(),
            [&](size_t a, size_t b) { return model.tokens[a] < model.tokens[b]; });
  Header header;
  header.dim = static_cast<uint32_t>(model.dim);
  header.tokens = static_cast<uint32_t>(order.size());
  header.sizes_count = static_cast<uint32_t>(model.sizes.size());
  std::copy(model.sizes.begin(), model.sizes.end(), header.sizes.begin());
  std::string tokens, begins;
  for (size_t i = 0; i < order.size(); ++i) {
    const std::string& token = model.tokens[order[i]];
    if (token.empty() || (i > 0 && token == model.tokens[order[i - 1]])) {
      return absl::InvalidArgumentError("static model: token '" + token + "' is empty or given twice");
    }
    AppendRaw(static_cast<uint32_t>(tokens.size()), &begins);
    tokens += token;
  }
  AppendRaw(static_cast<uint32_t>(tokens.size()), &begins);
  header.token_bytes = tokens.size();
  std::vector<float> scales;
  const std::vector<int8_t> rows = Quantise(model, order, &scales);
  std::string bytes;
  AppendRaw(header, &bytes);
  bytes.append(reinterpret_cast<const char*>(scales.data()), scales.size() * sizeof(float));
  Pad(&bytes);
  bytes += begins;
  Pad(&bytes);
  bytes += tokens;
  Pad(&bytes);
  bytes.append(reinterpret_cast<const char*>(rows.data()), rows.size());
  const uint32_t crc = Crc32c(std::string_view(bytes).substr(static_format::kCrcCoversFrom));
  std::memcpy(bytes.data() + offsetof(Header, content_crc32c), &crc, sizeof(crc));
  return WriteFileAtomically(file, bytes);
}

}  // namespace dongxi
