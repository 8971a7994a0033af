// The state of a training between two steps, in a file of the trainer's own: only the same program on the
// same data reads it, so its layout is free to change with the version. Private to engine/embed/train.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engine/embed/train/initial_vectors.h"

namespace dongxi::train {

struct TrainingState {
  uint32_t next_step = 0;
  double loss = 0;  // running mean, for people
  DenseMatrix vectors;
  std::vector<float> squares;                 // RowAdagrad's
  std::vector<std::vector<uint32_t>> topics;  // TopicClusters'
};

// Writes the file atomically. `fingerprint` stands for data and options.
absl::Status WriteCheckpoint(const std::filesystem::path& file, uint32_t fingerprint,
                             const TrainingState& state);

// Nothing if there is no such file. FailedPrecondition: of another fingerprint or version; DataLoss: damaged.
absl::StatusOr<std::optional<TrainingState>> ReadCheckpoint(const std::filesystem::path& file,
                                                            uint32_t fingerprint);

}  // namespace dongxi::train
