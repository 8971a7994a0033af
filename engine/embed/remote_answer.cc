#include "engine/embed/remote_answer.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "engine/base/status_macros.h"

namespace dongxi {
namespace {

using Json = nlohmann::json;

constexpr size_t kExcerptBytesMax = 200;

absl::Status Wrong(const std::string& found, const std::string& expected) {
  return absl::InternalError("found " + found + ", expected " + expected);
}

// The beginning of an answer that cannot be read, in printable ASCII.
std::string Excerpt(std::string_view body) {
  std::string excerpt(body.substr(0, kExcerptBytesMax));
  for (char& c : excerpt) {
    if (c < ' ' || c > '~') c = ' ';
  }
  return "'" + excerpt + "'";
}

// Which row an item of `data` is for: its index, or its place where the answer has no indexes.
absl::StatusOr<size_t> RowOf(const Json& item, size_t place, std::vector<bool>& seen) {
  size_t row = place;
  if (const auto index = item.find("index"); index != item.end()) {
    const bool valid = index->is_number_unsigned() && index->get<uint64_t>() < seen.size();
    // Only a number is shown: writing out a value in thousands of brackets would take as much of the stack.
    const std::string found = index->is_number() ? index->dump() : index->type_name();
    if (!valid) return Wrong("index " + found, "one below " + std::to_string(seen.size()));
    row = index->get<size_t>();
  }
  if (seen[row]) return Wrong("index " + std::to_string(row) + " twice", "each once");
  seen[row] = true;
  return row;
}

absl::Status ReadVector(const Json& values, size_t row, std::span<float> out) {
  double squares = 0;
  for (size_t i = 0; i < out.size(); ++i) {
    const std::string place = " at position " + std::to_string(i) + " of vector " + std::to_string(row);
    if (!values[i].is_number()) return Wrong(values[i].type_name() + place, "a number");
    const double value = values[i].get<double>();
    out[i] = static_cast<float>(value);
    if (!std::isfinite(out[i])) return Wrong("a value out of range" + place, "a finite number");
    squares += static_cast<double>(out[i]) * static_cast<double>(out[i]);
  }
  if (squares == 0) return absl::OkStatus();
  const double norm = std::sqrt(squares);
  for (float& value : out) value = static_cast<float>(static_cast<double>(value) / norm);
  return absl::OkStatus();
}

}  // namespace

std::string EmbeddingsRequest(const std::string& model, std::span<const std::string> inputs) {
  Json request;
  request["model"] = model;
  request["input"] = Json::array();
  for (const std::string& input : inputs) request["input"].push_back(input);
  request["encoding_format"] = "float";
  return request.dump(-1, ' ', false, Json::error_handler_t::replace);
}

absl::StatusOr<Matrix> ParseEmbeddingsAnswer(std::string_view body, size_t inputs, int dim) {
  const Json answer = Json::parse(body, nullptr, /*allow_exceptions=*/false);
  if (answer.is_discarded())
    return Wrong("an answer that is not JSON: " + Excerpt(body), "an OpenAI embeddings object");
  const auto data = answer.is_object() ? answer.find("data") : answer.end();
  if (data == answer.end() || !data->is_array())
    return Wrong(Excerpt(body), "an object with the array 'data'");
  if (data->size() != inputs) {
    return Wrong(std::to_string(data->size()) + " vectors", std::to_string(inputs) + ", one an input");
  }
  Matrix matrix;
  matrix.dim = dim;
  std::vector<bool> seen(inputs, false);
  for (size_t place = 0; place < inputs; ++place) {
    const Json& item = (*data)[place];
    const auto values = item.is_object() ? item.find("embedding") : item.end();
    if (values == item.end() || !values->is_array()) {
      return Wrong("no array 'embedding' in data[" + std::to_string(place) + "]",
                   "one; encoding_format is float");
    }
    if (matrix.dim == 0) {
      if (values->empty() || values->size() > kEmbeddingDimMax) {
        return Wrong("a vector of dimension " + std::to_string(values->size()),
                     "1 to " + std::to_string(kEmbeddingDimMax));
      }
      matrix.dim = static_cast<int>(values->size());
    }
    if (values->size() != static_cast<size_t>(matrix.dim)) {
      return Wrong("a vector of dimension " + std::to_string(values->size()), std::to_string(matrix.dim));
    }
    matrix.values.resize(inputs * values->size());
    DX_ASSIGN_OR_RETURN(const size_t row, RowOf(item, place, seen));
    DX_RETURN_IF_ERROR(ReadVector(*values, row, matrix.row(row)));
  }
  return matrix;
}

}  // namespace dongxi
