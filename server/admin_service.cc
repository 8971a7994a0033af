#include "server/admin_service.h"

#include <filesystem>
#include <utility>
#include <vector>

#include "dongxi/v1/operations.pb.h"
#include "engine/base/status_macros.h"
#include "server/grpc_status.h"
#include "server/request_memory.h"

namespace dongxi {
namespace {

constexpr std::string_view kGenerations = "generations/";
constexpr std::string_view kBackups = "backups/";
constexpr int kKeepMax = 1'000;

// The id in "generations/{id}"; an error about `field` if it is none.
absl::StatusOr<std::string> IdOf(const std::string& name, std::string_view collection,
                                 const std::string& field = "name") {
  const bool fits = name.size() > collection.size() && name.compare(0, collection.size(), collection) == 0;
  std::string id = fits ? name.substr(collection.size()) : "";
  if (!id.empty() && id.front() != '.' && id.find('/') == std::string::npos) return id;
  return FieldError(field, "expected \"" + std::string(collection) + "{id}\", found \"" + name + "\"");
}

void Encode(const Reloaded& reloaded, v1::ReloadResponse* response) {
  response->set_version(reloaded.version);
  response->set_previous_version(reloaded.previous);
}

}  // namespace

template <typename Request>
absl::Status AdminService::Start(const char* kind, Request request, const Caller& caller, Operation* response,
                                 std::vector<TablePut> also) {
  const std::string request_id = request.request_id();
  DX_RETURN_IF_ERROR(MakeRequestKey(caller.tenant(), request_id, "", "").status());
  request.clear_request_id();
  google::protobuf::Any any;
  any.PackFrom(request);
  DX_ASSIGN_OR_RETURN(*response, runner_->Start(kind, std::move(any), caller, request_id, std::move(also)));
  caller.Touched(response->name());
  return absl::OkStatus();
}

absl::Status AdminService::StartBuild(const v1::BuildGenerationRequest& request, const Caller& caller,
                                      Operation* response) {
  std::vector<TablePut> also;
  if (!request.hold()) also.push_back(AdminJobs::EndOfHold());
  return Start(kBuildKind, request, caller, response, std::move(also));
}

absl::Status AdminService::Publish(const std::string& generation, bool hold, const std::string& from,
                                   const Caller& caller, v1::Generation* response) {
  DX_RETURN_IF_ERROR(jobs_->generations().Verify(generation));
  DX_RETURN_IF_ERROR(jobs_->CheckServable(generation));
  caller.Touched("generations/" + generation);
  DX_RETURN_IF_ERROR(jobs_->Publish(generation, hold, from));
  jobs_->options().published();
  DX_ASSIGN_OR_RETURN(const GenerationInfo info, jobs_->generations().Get(generation));
  *response = jobs_->Describe(info);
  return absl::OkStatus();
}

grpc::Status AdminService::ListGenerations(Context* context, const v1::ListGenerationsRequest*,
                                           v1::ListGenerationsResponse* response) {
  return gate_->Run(*context, "AdminService.ListGenerations", [&](const Caller&) -> absl::Status {
    for (const GenerationInfo& info : jobs_->generations().List())
      *response->add_generations() = jobs_->Describe(info);
    return absl::OkStatus();
  });
}

grpc::Status AdminService::GetGeneration(Context* context, const v1::GetGenerationRequest* request,
                                         v1::Generation* response) {
  return gate_->Run(*context, "AdminService.GetGeneration", [&](const Caller&) -> absl::Status {
    DX_ASSIGN_OR_RETURN(const std::string id, IdOf(request->name(), kGenerations));
    DX_ASSIGN_OR_RETURN(const GenerationInfo info, jobs_->generations().Get(id));
    *response = jobs_->Describe(info);
    return absl::OkStatus();
  });
}

grpc::Status AdminService::BuildGeneration(Context* context, const v1::BuildGenerationRequest* request,
                                           Operation* response) {
  return gate_->Run(*context, "AdminService.BuildGeneration", [&](const Caller& caller) -> absl::Status {
    return StartBuild(*request, caller, response);
  });
}

grpc::Status AdminService::PublishGeneration(Context* context, const v1::PublishGenerationRequest* request,
                                             v1::Generation* response) {
  return gate_->Run(*context, "AdminService.PublishGeneration", [&](const Caller& caller) -> absl::Status {
    DX_ASSIGN_OR_RETURN(const std::string id, IdOf(request->name(), kGenerations));
    return Publish(id, /*hold=*/false, /*from=*/"", caller, response);
  });
}

grpc::Status AdminService::RollBackGeneration(Context* context, const v1::RollBackGenerationRequest* request,
                                              v1::Generation* response) {
  return gate_->Run(*context, "AdminService.RollBackGeneration", [&](const Caller& caller) -> absl::Status {
    std::string from;
    if (!request->from().empty()) {
      DX_ASSIGN_OR_RETURN(from, IdOf(request->from(), kGenerations, "from"));
    }
    // Here, so that the generation before is that before `from`; and once more in the step that publishes.
    DX_RETURN_IF_ERROR(jobs_->CheckCurrent(from));
    DX_ASSIGN_OR_RETURN(const std::string previous, jobs_->generations().Previous());
    return Publish(previous, /*hold=*/true, from, caller, response);
  });
}

grpc::Status AdminService::VerifyGeneration(Context* context, const v1::VerifyGenerationRequest* request,
                                            Operation* response) {
  return gate_->Run(*context, "AdminService.VerifyGeneration", [&](const Caller& caller) -> absl::Status {
    if (!request->name().empty()) DX_RETURN_IF_ERROR(IdOf(request->name(), kGenerations).status());
    return Start(kVerifyGenerationKind, *request, caller, response);
  });
}

grpc::Status AdminService::DeleteGeneration(Context* context, const v1::DeleteGenerationRequest* request,
                                            Empty*) {
  return gate_->Run(*context, "AdminService.DeleteGeneration", [&](const Caller& caller) -> absl::Status {
    DX_ASSIGN_OR_RETURN(const std::string id, IdOf(request->name(), kGenerations));
    DX_RETURN_IF_ERROR(jobs_->Delete(id));
    caller.Touched(request->name());
    return absl::OkStatus();
  });
}

grpc::Status AdminService::CreateBackup(Context* context, const v1::CreateBackupRequest* request,
                                        Operation* response) {
  return gate_->Run(*context, "AdminService.CreateBackup",
                    [&](const Caller& caller) { return Start(kBackupKind, *request, caller, response); });
}

grpc::Status AdminService::ListBackups(Context* context, const v1::ListBackupsRequest*,
                                       v1::ListBackupsResponse* response) {
  return gate_->Run(*context, "AdminService.ListBackups", [&](const Caller&) -> absl::Status {
    for (const ListedBackup& backup : dongxi::ListBackups(jobs_->options().backups)) {
      *response->add_backups() = AdminJobs::DescribeBackup(backup.name, backup.manifest);
    }
    return absl::OkStatus();
  });
}

grpc::Status AdminService::VerifyBackup(Context* context, const v1::VerifyBackupRequest* request,
                                        Operation* response) {
  return gate_->Run(*context, "AdminService.VerifyBackup", [&](const Caller& caller) -> absl::Status {
    DX_RETURN_IF_ERROR(IdOf(request->name(), kBackups).status());
    return Start(kVerifyBackupKind, *request, caller, response);
  });
}

grpc::Status AdminService::DeleteBackup(Context* context, const v1::DeleteBackupRequest* request, Empty*) {
  return gate_->Run(*context, "AdminService.DeleteBackup", [&](const Caller& caller) -> absl::Status {
    DX_ASSIGN_OR_RETURN(const std::string id, IdOf(request->name(), kBackups));
    DX_RETURN_IF_ERROR(RemoveBackup(jobs_->options().backups, id));
    caller.Touched(request->name());
    return absl::OkStatus();
  });
}

grpc::Status AdminService::ReloadPolicy(Context* context, const v1::ReloadPolicyRequest*,
                                        v1::ReloadResponse* response) {
  return gate_->Run(*context, "AdminService.ReloadPolicy", [&](const Caller& caller) -> absl::Status {
    DX_ASSIGN_OR_RETURN(const Reloaded reloaded, reloader_->Policy());
    caller.Touched("settings/policy");
    Encode(reloaded, response);
    return absl::OkStatus();
  });
}

grpc::Status AdminService::ReloadRanking(Context* context, const v1::ReloadRankingRequest*,
                                         v1::ReloadResponse* response) {
  return gate_->Run(*context, "AdminService.ReloadRanking", [&](const Caller& caller) -> absl::Status {
    DX_ASSIGN_OR_RETURN(const Reloaded reloaded, reloader_->Ranking());
    caller.Touched("settings/ranking");
    Encode(reloaded, response);
    return absl::OkStatus();
  });
}

grpc::Status AdminService::ReloadModel(Context* context, const v1::ReloadModelRequest* request,
                                       v1::ReloadResponse* response) {
  return gate_->Run(*context, "AdminService.ReloadModel", [&](const Caller& caller) -> absl::Status {
    DX_ASSIGN_OR_RETURN(const Reloaded reloaded, reloader_->Model());
    caller.Touched("settings/model");
    Encode(reloaded, response);
    if (!request->build()) return absl::OkStatus();
    return StartBuild({}, caller, response->mutable_operation());
  });
}

grpc::Status AdminService::Verify(Context* context, const v1::VerifyRequest* request, Operation* response) {
  return gate_->Run(*context, "AdminService.Verify",
                    [&](const Caller& caller) { return Start(kVerifyKind, *request, caller, response); });
}

grpc::Status AdminService::Prune(Context* context, const v1::PruneRequest* request,
                                 v1::PruneResponse* response) {
  return gate_->Run(*context, "AdminService.Prune", [&](const Caller& caller) -> absl::Status {
    if (request->keep() < 0 || request->keep() > kKeepMax) {
      return FieldError("keep", "expected 0 to " + std::to_string(kKeepMax));
    }
    DX_ASSIGN_OR_RETURN(*response, jobs_->Prune(request->keep()));
    for (const std::string& name : response->removed_generations()) caller.Touched(name);
    return absl::OkStatus();
  });
}

}  // namespace dongxi
