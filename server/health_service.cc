#include "server/health_service.h"

#include "server/convert.h"

namespace dongxi {
namespace {

pb::ServerStatus::Verification VerificationToProto(Verification verification) {
  switch (verification) {
    case Verification::kNone:
      return pb::ServerStatus::VERIFICATION_UNSPECIFIED;
    case Verification::kRunning:
      return pb::ServerStatus::RUNNING;
    case Verification::kPassed:
      return pb::ServerStatus::PASSED;
    case Verification::kFailed:
      return pb::ServerStatus::FAILED;
  }
  return pb::ServerStatus::VERIFICATION_UNSPECIFIED;
}

void EncodeSnapshot(const Snapshot& snapshot, const Caller& caller, pb::ServerStatus* out) {
  const Manifest& manifest = snapshot.generation->manifest;
  out->set_generation("generations/" + manifest.generation);
  out->set_generation_sequence(static_cast<int64_t>(manifest.catalogue_sequence));
  out->set_matched_sequence(static_cast<int64_t>(snapshot.sequence));
  out->set_delta_size(static_cast<int64_t>(snapshot.delta_size));
  out->set_model(manifest.model);
  EncodeTime(snapshot.build_time, out->mutable_generation_build_time());
  if (!caller.may_admin) return;  // the records of all tenants are counted
  for (const auto& [collection, count] : manifest.record_counts) {
    (*out->mutable_record_counts())[collection] = static_cast<int64_t>(count);
  }
}

}  // namespace

grpc::Status HealthService::GetServerStatus(grpc::ServerContext* context, const pb::GetServerStatusRequest*,
                                            pb::ServerStatus* response) {
  return gate_->RunQuietly(*context, "HealthService.GetServerStatus",
                           [&](const Caller& caller) -> absl::Status {
                             const ServingHealth health = state_->health();
                             response->set_version(version_);
                             EncodeTime(start_, response->mutable_start_time());
                             response->set_ready(health.ready);
                             response->set_message(health.message);
                             response->set_verification(VerificationToProto(health.verification));
                             response->set_catalogue_sequence(static_cast<int64_t>(catalogue_->sequence()));
                             response->set_policy(state_->policy()->version());
                             if (const std::shared_ptr<const Snapshot> snapshot = state_->Current())
                               EncodeSnapshot(*snapshot, caller, response);
                             return absl::OkStatus();
                           });
}

}  // namespace dongxi
