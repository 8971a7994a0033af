// No other file calls XGBoost or turns its errors into ours.
#include "bench/learn/boosted_trees.h"

#include <xgboost/c_api.h>

#include <limits>
#include <numeric>
#include <utility>

#include "engine/base/status_macros.h"

namespace dongxi::bench {
namespace {

absl::Status FromXgboost(int code, const char* what) {
  if (code == 0) return absl::OkStatus();
  return absl::InternalError(std::string("XGBoost, ") + what + ": " + XGBGetLastError());
}

class Matrix {
 public:
  Matrix() = default;
  ~Matrix() {
    if (handle != nullptr) XGDMatrixFree(handle);
  }
  Matrix(const Matrix&) = delete;
  Matrix& operator=(const Matrix&) = delete;
  DMatrixHandle handle = nullptr;
};

class Booster {
 public:
  Booster() = default;
  ~Booster() {
    if (handle != nullptr) XGBoosterFree(handle);
  }
  Booster(const Booster&) = delete;
  Booster& operator=(const Booster&) = delete;
  BoosterHandle handle = nullptr;
};

absl::Status CheckSizes(const TreeRows& rows, const TreeOptions& options) {
  const size_t grouped = std::accumulate(rows.group_sizes.begin(), rows.group_sizes.end(), size_t{0});
  if (rows.size() == 0) return absl::InvalidArgumentError("no judged candidates to learn from");
  if (rows.features.size() != rows.size() * rows.columns || rows.margins.size() != rows.size() ||
      grouped != rows.size() || rows.group_weights.size() != rows.group_sizes.size() ||
      options.monotone.size() != rows.columns) {
    return absl::InvalidArgumentError("rows, columns and groups do not fit together");
  }
  return absl::OkStatus();
}

absl::Status SetFeatures(const TreeRows& rows, Matrix& matrix) {
  return FromXgboost(XGDMatrixCreateFromMat(rows.features.data(), rows.size(), rows.columns,
                                            std::numeric_limits<float>::quiet_NaN(), &matrix.handle),
                     "rows");
}

absl::Status SetTargets(const TreeRows& rows, TreeObjective objective, Matrix& matrix) {
  const std::pair<const char*, const std::vector<float>*> numbers[] = {{"label", &rows.labels},
                                                                       {"base_margin", &rows.margins}};
  for (const auto& [name, values] : numbers) {
    DX_RETURN_IF_ERROR(
        FromXgboost(XGDMatrixSetFloatInfo(matrix.handle, name, values->data(), values->size()), name));
  }
  if (objective == TreeObjective::kYesOrNo) return absl::OkStatus();
  DX_RETURN_IF_ERROR(FromXgboost(
      XGDMatrixSetUIntInfo(matrix.handle, "group", rows.group_sizes.data(), rows.group_sizes.size()),
      "groups"));
  return FromXgboost(
      XGDMatrixSetFloatInfo(matrix.handle, "weight", rows.group_weights.data(), rows.group_weights.size()),
      "weights");
}

absl::Status SetOptions(const TreeOptions& options, Booster& booster) {
  std::string monotone = "(";
  for (const int sign : options.monotone) monotone += (monotone.size() > 1 ? "," : "") + std::to_string(sign);
  const bool yes_or_no = options.objective == TreeObjective::kYesOrNo;
  const std::pair<const char*, std::string> parameters[] = {
      {"verbosity", "0"},
      {"nthread", "1"},  // the pairs that are drawn depend on the number of threads
      {"seed", std::to_string(options.seed)},
      {"objective", yes_or_no ? "binary:logistic" : "rank:ndcg"},
      {"tree_method", "hist"},
      {"base_score", yes_or_no ? "0.5" : "0"},
      {"min_child_weight", std::to_string(options.leaf_weight_min)},
      {"lambda", std::to_string(options.shrinkage)},
      {"max_depth", std::to_string(options.depth)},
      {"eta", std::to_string(options.learning_rate)},
      {"monotone_constraints", monotone + ")"}};
  for (const auto& [name, value] : parameters) {
    DX_RETURN_IF_ERROR(FromXgboost(XGBoosterSetParam(booster.handle, name, value.c_str()), name));
  }
  return absl::OkStatus();
}

absl::Status Dump(const Booster& booster, std::vector<std::string>& dumps) {
  bst_ulong count = 0;
  const char** texts = nullptr;
  DX_RETURN_IF_ERROR(FromXgboost(
      XGBoosterDumpModelEx(booster.handle, "", /*with_stats=*/0, "json", &count, &texts), "dump"));
  dumps.assign(texts, texts + count);
  return absl::OkStatus();
}

// Without the margins of the rows: the trees alone.
absl::Status Predict(const Booster& booster, const TreeRows& rows, std::vector<float>& fitted) {
  Matrix plain;
  DX_RETURN_IF_ERROR(SetFeatures(rows, plain));
  bst_ulong count = 0;
  const float* values = nullptr;
  constexpr int kMargin = 1;
  DX_RETURN_IF_ERROR(FromXgboost(XGBoosterPredict(booster.handle, plain.handle, kMargin, /*ntree_limit=*/0,
                                                  /*training=*/0, &count, &values),
                                 "predict"));
  fitted.assign(values, values + count);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<BoostedTrees> TrainTrees(const TreeRows& rows, const TreeOptions& options) {
  DX_RETURN_IF_ERROR(CheckSizes(rows, options));
  Matrix matrix;
  DX_RETURN_IF_ERROR(SetFeatures(rows, matrix));
  DX_RETURN_IF_ERROR(SetTargets(rows, options.objective, matrix));
  Booster booster;
  const DMatrixHandle handles[] = {matrix.handle};
  DX_RETURN_IF_ERROR(FromXgboost(XGBoosterCreate(handles, 1, &booster.handle), "booster"));
  DX_RETURN_IF_ERROR(SetOptions(options, booster));
  for (int round = 0; round < options.rounds; ++round) {
    DX_RETURN_IF_ERROR(FromXgboost(XGBoosterUpdateOneIter(booster.handle, round, matrix.handle), "training"));
  }
  BoostedTrees trees;
  DX_RETURN_IF_ERROR(Dump(booster, trees.dumps));
  DX_RETURN_IF_ERROR(Predict(booster, rows, trees.fitted));
  return trees;
}

}  // namespace dongxi::bench
