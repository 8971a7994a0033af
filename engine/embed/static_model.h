// Our own embedding model: one learned vector a token (character, bigram, Latin word, lexicon concept). A
// text's vector is the sum of (1 + ln tf) times its tokens' vectors, brought to unit length; a token's
// learned length is its weight. Made by engine/embed/static_trainer.h, shipped under models/, format:
// docs/format/static-model.md. Immutable; any thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engine/base/files.h"
#include "engine/text/terms.h"

namespace dongxi {

class StaticModel {
 public:
  // Maps the file and checks structure and checksum. DataLoss on damage; FailedPrecondition for another
  // format version. `dim` keeps only the first so many values of each vector (the model is trained so that
  // they stand alone): 0 for all, otherwise one of sizes(); InvalidArgument for another.
  static absl::StatusOr<std::shared_ptr<const StaticModel>> Open(const std::filesystem::path& file,
                                                                 int dim = 0);
  virtual ~StaticModel() = default;

  // "static-<dim>-<crc32c of the file in hex>".
  virtual const std::string& model_id() const = 0;
  virtual int dim() const = 0;
  virtual size_t vocabulary() const = 0;
  // Numbers of values that stand alone, ascending; the last is the whole.
  virtual const std::vector<int>& sizes() const = 0;
  // Number of a token, in ascending order of bytes; nothing if the model does not know it.
  virtual std::optional<uint32_t> Find(std::string_view token) const = 0;
  virtual std::string_view token(uint32_t id) const = 0;
  // Adds weight * vector of token `id` to `sum`. REQUIRES: id < vocabulary(), sum.size() == dim().
  virtual void Add(uint32_t id, float weight, std::span<float> sum) const = 0;
  // Cosine of the token's vector with `direction` (unit length, dim() values).
  virtual float Cosine(uint32_t id, std::span<const float> direction) const = 0;
  // The text's unit vector; zeros if no term is known. Adds in the order of token numbers: the same text, the
  // same bits.
  virtual void Embed(std::span<const TermCount> terms, std::span<float> vector) const = 0;
  // The bytes of the file, as they are mapped.
  virtual std::string_view bytes() const = 0;
};

// A trained model before it is written: row i of `vectors` (dim values each) belongs to token i.
struct TokenVectors {
  int dim = 0;
  std::vector<int> sizes;           // ascending, last = dim
  std::vector<std::string> tokens;  // distinct, any order
  std::vector<float> vectors;
};

// Rounds every vector to 8 bits with its own scale and writes the file atomically. Same input, same bytes.
// InvalidArgument: counts that do not fit, a token twice or empty, a value that is not finite.
absl::Status WriteStaticModel(const TokenVectors& model, const std::filesystem::path& file);

}  // namespace dongxi
