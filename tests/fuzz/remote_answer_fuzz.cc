// Any bytes as the answer of an embeddings service: the vectors that are taken are as many as asked for, of
// one dimension, finite, and of unit length or zero.
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "engine/embed/remote_answer.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 2) return 0;
  const size_t inputs = data[0] % 4;
  const int dim = data[1] % 4;  // 0: whatever comes
  const auto matrix =
      dongxi::ParseEmbeddingsAnswer({reinterpret_cast<const char*>(data) + 2, size - 2}, inputs, dim);
  if (!matrix.ok()) return 0;
  if (dim != 0 && matrix->dim != dim) std::abort();
  if (matrix->values.size() != inputs * static_cast<size_t>(matrix->dim)) std::abort();
  for (size_t row = 0; row < inputs; ++row) {
    double squares = 0;
    for (int i = 0; i < matrix->dim; ++i) {
      const double value = matrix->values[row * static_cast<size_t>(matrix->dim) + static_cast<size_t>(i)];
      if (!std::isfinite(value)) std::abort();
      squares += value * value;
    }
    if (squares != 0 && std::abs(squares - 1) > 1e-3) std::abort();
  }
  return 0;
}
