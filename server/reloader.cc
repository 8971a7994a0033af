#include "server/reloader.h"

#include <utility>

#include "engine/embed/static_model.h"
#include "engine/match/ranking_config.h"
#include "engine/policy/policy.h"
#include "server/grpc_status.h"

namespace dongxi {
namespace {

// Of a manifest (indexer/build): the id of the model file that the generation was built with.
constexpr char kStaticModelOption[] = "static_model";

}  // namespace

Reloader::Reloader(std::string policy_directory, std::string ranking_file, std::filesystem::path static_model,
                   ServingState* state, const OperatorLog* log)
    : policy_directory_(std::move(policy_directory)),
      ranking_file_(std::move(ranking_file)),
      static_model_(std::move(static_model)),
      state_(state),
      log_(log) {}

absl::Status Reloader::Refused(const std::string& what, const absl::Status& why) const {
  log_->Error(what + " does not load, the version in use stays: " + std::string(why.message()));
  return WithReason(absl::FailedPreconditionError(
                        what + " does not load, the version in use stays: " + std::string(why.message())),
                    "RELOAD_REFUSED");
}

absl::StatusOr<Reloaded> Reloader::Policy() {
  absl::StatusOr<std::shared_ptr<const dongxi::Policy>> policy = LoadPolicy(policy_directory_);
  if (!policy.ok()) return Refused("the policy", policy.status());
  Reloaded reloaded{(*policy)->version(), state_->policy()->version()};
  state_->SetPolicy(*std::move(policy));
  log_->Info("policy " + reloaded.version + " is in use, " + reloaded.previous + " was");
  return reloaded;
}

absl::StatusOr<Reloaded> Reloader::Ranking() {
  absl::StatusOr<std::shared_ptr<const RankingConfig>> ranking = LoadRankingConfig(ranking_file_);
  if (!ranking.ok()) return Refused("the ranking", ranking.status());
  Reloaded reloaded{(*ranking)->name, state_->ranking()->name};
  state_->SetRanking(*std::move(ranking));
  log_->Info("ranking " + reloaded.version + " is in use, " + reloaded.previous + " was");
  return reloaded;
}

absl::StatusOr<Reloaded> Reloader::Model() {
  if (static_model_.empty()) return absl::FailedPreconditionError("this server builds without a model file");
  const absl::StatusOr<std::shared_ptr<const StaticModel>> model = StaticModel::Open(static_model_);
  if (!model.ok()) return Refused("the model", model.status());
  Reloaded reloaded{(*model)->model_id(), ""};
  if (const std::shared_ptr<const Snapshot> served = state_->Current()) {
    const auto& built_with = served->generation->manifest.options;
    if (const auto id = built_with.find(kStaticModelOption); id != built_with.end())
      reloaded.previous = id->second;
  }
  log_->Info("model " + reloaded.version + " is taken by the next build, the generation served has " +
             (reloaded.previous.empty() ? "none" : reloaded.previous));
  return reloaded;
}

}  // namespace dongxi
