// Loads policy, ranking and model of the server's options anew, without a restart. Thread-safe.
#pragma once

#include <filesystem>
#include <string>

#include "absl/status/statusor.h"
#include "server/operator_log.h"
#include "server/serving_state.h"

namespace dongxi {

struct Reloaded {
  std::string version;   // in use from now on
  std::string previous;  // before
};

class Reloader {
 public:
  // `state` and `log` outlive it. `static_model` may be empty.
  Reloader(std::string policy_directory, std::string ranking_file, std::filesystem::path static_model,
           ServingState* state, const OperatorLog* log);

  // The version in use stays if the files do not load: FailedPrecondition, reason RELOAD_REFUSED, with what
  // is wrong.
  absl::StatusOr<Reloaded> Policy();
  absl::StatusOr<Reloaded> Ranking();
  // Opens the model's file, whose id is `version`; the next build takes it. `previous` is the id of that of
  // the generation served: empty if there is none or it was built without one. FailedPrecondition also if the
  // server builds without a file.
  absl::StatusOr<Reloaded> Model();

 private:
  absl::Status Refused(const std::string& what, const absl::Status& why) const;

  const std::string policy_directory_;
  const std::string ranking_file_;
  const std::filesystem::path static_model_;
  ServingState* const state_;
  const OperatorLog* const log_;
};

}  // namespace dongxi
