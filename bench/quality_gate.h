// Quality figures that may not fall: written once, compared in every run. Pure functions but for reading and
// writing; any thread.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace dongxi::bench {

// Figures may be lower than committed by this much: what rounding and another machine's arithmetic can do.
inline constexpr double kGateSlack = 0.005;

struct GateFigure {
  std::string name;
  double value = 0;  // higher is better
};

struct QualityGate {
  std::string model, ranking;  // what the figures were measured with, for the reader
  std::vector<GateFigure> figures;
};

// {"model", "ranking", "figures": {name: number}}. Errors name the file: NotFound (says how to write one),
// InvalidArgument for anything else than that, or no figure.
absl::StatusOr<QualityGate> ReadGate(const std::filesystem::path& file);
// Rounded to four decimals.
absl::Status WriteGate(const std::filesystem::path& file, const QualityGate& gate);

// For every figure of `now`, in its order, the lowest value that passes. InvalidArgument: a name stands in
// one of both alone.
absl::StatusOr<std::vector<double>> LowestPassing(const QualityGate& committed,
                                                  const std::vector<GateFigure>& now);

}  // namespace dongxi::bench
