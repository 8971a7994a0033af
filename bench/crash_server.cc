#include "bench/crash_server.h"

#include <chrono>
#include <utility>

#include "absl/time/clock.h"
#include "engine/base/status_macros.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"

namespace dongxi::bench {
namespace {

constexpr absl::Duration kPoll = absl::Milliseconds(2);
constexpr auto kCallTimeout = std::chrono::seconds(60);
constexpr absl::Duration kOperationTimeout = absl::Minutes(5);  // it may wait for a build of idle priority

void SetDeadline(grpc::ClientContext& context) {
  context.set_deadline(std::chrono::system_clock::now() + kCallTimeout);
}

// gRPC waits at least 100 ms between two attempts of one channel: whoever measures a start needs a new one
// for each look.
std::shared_ptr<grpc::Channel> NewChannel(const std::string& address) {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(64 << 20);
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
}

absl::Status FromGrpc(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  return absl::Status(static_cast<absl::StatusCode>(status.error_code()), status.error_message());
}

}  // namespace

absl::StatusOr<std::unique_ptr<CrashServer>> CrashServer::Start(const CrashPrograms& programs,
                                                                const std::filesystem::path& data,
                                                                const std::filesystem::path& log,
                                                                std::vector<std::string> prefix) {
  DX_ASSIGN_OR_RETURN(const int port, FreePort());
  const std::string address = "127.0.0.1:" + std::to_string(port);
  std::vector<std::string> words = std::move(prefix);
  for (const std::string& word :
       {programs.server.string(), std::string("--data"), data.string(), std::string("--listen"), address,
        std::string("--policy"), programs.tables.policy, std::string("--ranking"), programs.tables.ranking,
        // Builds come when the benchmark says so, with the small model of its own.
        std::string("--auto-build"), std::string("off"), std::string("--model"), std::string()}) {
    words.push_back(word);
  }
  DX_ASSIGN_OR_RETURN(std::unique_ptr<ChildProcess> process, ChildProcess::Start(std::move(words), log));
  return std::unique_ptr<CrashServer>(new CrashServer(std::move(process), address));
}

CrashServer::CrashServer(std::unique_ptr<ChildProcess> process, const std::string& address)
    : process_(std::move(process)), address_(address), start_(absl::Now()) {
  const auto channel = NewChannel(address);  // connects with the first call, after the start
  admin_ = v1::AdminService::NewStub(channel);
  catalogue_ = v1::CatalogueService::NewStub(channel);
  engagements_ = v1::EngagementService::NewStub(channel);
  match_ = v1::MatchService::NewStub(channel);
  health_ = v1::HealthService::NewStub(channel);
  replay_ = v1::ReplayService::NewStub(channel);
  watches_ = v1::WatchService::NewStub(channel);
  operations_ = google::longrunning::Operations::NewStub(channel);
}

absl::StatusOr<v1::ServerStatus> CrashServer::Status() {
  grpc::ClientContext context;
  SetDeadline(context);
  v1::ServerStatus status;
  DX_RETURN_IF_ERROR(FromGrpc(health_->GetServerStatus(&context, {}, &status)));
  return status;
}

absl::StatusOr<absl::Duration> CrashServer::WaitUntilAnswering(absl::Duration timeout, bool ready) {
  while (absl::Now() < start_ + timeout) {
    grpc::ClientContext context;
    SetDeadline(context);
    v1::ServerStatus status;
    const bool answered =
        v1::HealthService::NewStub(NewChannel(address_))->GetServerStatus(&context, {}, &status).ok();
    if (answered && (status.ready() || !ready)) return absl::Now() - start_;
    if (process_->HasEnded()) return absl::AbortedError("dongxi-server ended");
    absl::SleepFor(kPoll);
  }
  return absl::DeadlineExceededError("dongxi-server does not answer");
}

template <typename Response>
absl::StatusOr<Response> CrashServer::Finish(google::longrunning::Operation operation) {
  for (const absl::Time end = absl::Now() + kOperationTimeout; !operation.done() && absl::Now() < end;) {
    grpc::ClientContext context;
    SetDeadline(context);
    google::longrunning::WaitOperationRequest wait;
    wait.set_name(operation.name());
    wait.mutable_timeout()->set_seconds(10);
    DX_RETURN_IF_ERROR(FromGrpc(operations_->WaitOperation(&context, wait, &operation)));
  }
  if (!operation.done()) return absl::DeadlineExceededError(operation.name() + " does not end");
  Response response;
  if (operation.response().UnpackTo(&response)) return response;
  return absl::InternalError(operation.name() + ": " + operation.error().message());
}

absl::StatusOr<v1::Backup> CrashServer::Backup() {
  grpc::ClientContext context;
  SetDeadline(context);
  google::longrunning::Operation operation;
  DX_RETURN_IF_ERROR(FromGrpc(admin_->CreateBackup(&context, {}, &operation)));
  return Finish<v1::Backup>(std::move(operation));
}

absl::Status CrashServer::CancelOperations() {
  grpc::ClientContext context;
  SetDeadline(context);
  google::longrunning::ListOperationsRequest request;
  request.set_filter("done = false");
  google::longrunning::ListOperationsResponse response;
  DX_RETURN_IF_ERROR(FromGrpc(operations_->ListOperations(&context, request, &response)));
  for (const google::longrunning::Operation& operation : response.operations()) {
    grpc::ClientContext cancel_context;
    SetDeadline(cancel_context);
    google::longrunning::CancelOperationRequest cancel;
    cancel.set_name(operation.name());
    google::protobuf::Empty none;
    DX_RETURN_IF_ERROR(FromGrpc(operations_->CancelOperation(&cancel_context, cancel, &none)));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<std::string>> CrashServer::Problems() {
  grpc::ClientContext context;
  SetDeadline(context);
  google::longrunning::Operation operation;
  DX_RETURN_IF_ERROR(FromGrpc(admin_->Verify(&context, {}, &operation)));
  DX_ASSIGN_OR_RETURN(const auto found, Finish<v1::VerifyResponse>(std::move(operation)));
  return std::vector<std::string>(found.problems().begin(), found.problems().end());
}

absl::StatusOr<v1::MatchResponse> CrashServer::Replay(const std::string& match_id) {
  grpc::ClientContext context;
  SetDeadline(context);
  v1::ReplayMatchRequest request;
  request.set_name("matches/" + match_id);
  v1::ReplayMatchResponse response;
  DX_RETURN_IF_ERROR(FromGrpc(replay_->ReplayMatch(&context, request, &response)));
  return response.match();
}

absl::Status CrashServer::Import(const v1::ImportRecordsRequest& request) {
  grpc::ClientContext context;
  SetDeadline(context);
  const auto stream = catalogue_->ImportRecords(&context);
  v1::ImportRecordsResponse response;
  const bool answered = stream->Write(request) && stream->Read(&response);
  stream->WritesDone();
  const grpc::Status status = stream->Finish();
  if (!answered) return status.ok() ? absl::InternalError("the import has no answer") : FromGrpc(status);
  for (const v1::ImportOutcome& outcome : response.outcomes()) {
    if (outcome.state() == v1::ImportOutcome::REFUSED)
      return absl::InternalError("refused: " + outcome.ShortDebugString());
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::Engagement> CrashServer::Record(const v1::RecordEngagementRequest& request) {
  grpc::ClientContext context;
  SetDeadline(context);
  v1::RecordEngagementResponse response;
  DX_RETURN_IF_ERROR(FromGrpc(engagements_->RecordEngagement(&context, request, &response)));
  return std::move(*response.mutable_engagement());
}

absl::StatusOr<v1::Result> CrashServer::Change(const SingleChange& change) {
  grpc::ClientContext context;
  SetDeadline(context);
  v1::Result answer;
  grpc::Status status;
  if (change.step == ChangeStep::kUpdate) {
    v1::UpdateResultRequest request;
    *request.mutable_result() = change.record;
    status = catalogue_->UpdateResult(&context, request, &answer);
  } else if (change.step == ChangeStep::kDelete) {
    v1::DeleteResultRequest request;
    request.set_name(change.record.name());
    request.set_etag(change.record.etag());
    status = catalogue_->DeleteResult(&context, request, &answer);
  } else {
    v1::UndeleteResultRequest request;
    request.set_name(change.record.name());
    request.set_etag(change.record.etag());
    status = catalogue_->UndeleteResult(&context, request, &answer);
  }
  DX_RETURN_IF_ERROR(FromGrpc(status));
  return answer;
}

absl::StatusOr<v1::Watch> CrashServer::CreateWatch(const v1::CreateWatchRequest& request) {
  grpc::ClientContext context;
  SetDeadline(context);
  v1::Watch watch;
  DX_RETURN_IF_ERROR(FromGrpc(watches_->CreateWatch(&context, request, &watch)));
  return watch;
}

absl::StatusOr<std::string> CrashServer::RollBack() {
  grpc::ClientContext context;
  SetDeadline(context);
  v1::Generation generation;
  DX_RETURN_IF_ERROR(FromGrpc(admin_->RollBackGeneration(&context, {}, &generation)));
  return generation.name();
}

absl::StatusOr<std::vector<std::string>> CrashServer::Prune() {
  grpc::ClientContext context;
  SetDeadline(context);
  v1::PruneRequest request;
  request.set_keep(1);
  v1::PruneResponse response;
  DX_RETURN_IF_ERROR(FromGrpc(admin_->Prune(&context, request, &response)));
  return std::vector<std::string>(response.removed_generations().begin(),
                                  response.removed_generations().end());
}

absl::StatusOr<std::set<std::string>> CrashServer::Generations() {
  grpc::ClientContext context;
  SetDeadline(context);
  v1::ListGenerationsResponse response;
  DX_RETURN_IF_ERROR(FromGrpc(admin_->ListGenerations(&context, {}, &response)));
  std::set<std::string> names;
  for (const v1::Generation& generation : response.generations()) names.insert(generation.name());
  return names;
}

absl::Status CrashServer::BeginBuild() {
  grpc::ClientContext context;
  SetDeadline(context);
  v1::BuildGenerationRequest request;
  request.set_force(true);
  google::longrunning::Operation operation;
  return FromGrpc(admin_->BuildGeneration(&context, request, &operation));
}

absl::Status CrashServer::BeginBackup() {
  grpc::ClientContext context;
  SetDeadline(context);
  google::longrunning::Operation operation;
  return FromGrpc(admin_->CreateBackup(&context, {}, &operation));
}

absl::StatusOr<std::vector<v1::Backup>> CrashServer::Backups() {
  grpc::ClientContext context;
  SetDeadline(context);
  v1::ListBackupsResponse response;
  DX_RETURN_IF_ERROR(FromGrpc(admin_->ListBackups(&context, {}, &response)));
  return std::vector<v1::Backup>(response.backups().begin(), response.backups().end());
}

absl::Status CrashServer::DeleteBackup(const std::string& name) {
  grpc::ClientContext context;
  SetDeadline(context);
  v1::DeleteBackupRequest request;
  request.set_name(name);
  google::protobuf::Empty none;
  return FromGrpc(admin_->DeleteBackup(&context, request, &none));
}

absl::StatusOr<v1::MatchResponse> CrashServer::Match() {
  grpc::ClientContext context;
  SetDeadline(context);
  v1::MatchRequest request;
  request.set_need_name(kCrashNeed);
  request.set_page_size(200);
  v1::MatchResponse response;
  DX_RETURN_IF_ERROR(FromGrpc(match_->Match(&context, request, &response)));
  return response;
}

absl::StatusOr<v1::Pair> CrashServer::Pair(const std::string& offer) {
  grpc::ClientContext context;
  SetDeadline(context);
  v1::GetPairRequest request;
  request.set_need(kCrashNeed);
  request.set_offer(offer);
  v1::Pair pair;
  DX_RETURN_IF_ERROR(FromGrpc(engagements_->GetPair(&context, request, &pair)));
  return pair;
}

absl::StatusOr<v1::Result> CrashServer::GetResult(const std::string& name) {
  grpc::ClientContext context;
  SetDeadline(context);
  v1::GetResultRequest request;
  request.set_name(name);
  v1::Result result;
  DX_RETURN_IF_ERROR(FromGrpc(catalogue_->GetResult(&context, request, &result)));
  return result;
}

absl::StatusOr<std::vector<v1::Watch>> CrashServer::Watches() {
  std::vector<v1::Watch> watches;
  v1::ListWatchesRequest request;
  request.set_page_size(1'000);
  do {
    grpc::ClientContext context;
    SetDeadline(context);
    v1::ListWatchesResponse response;
    DX_RETURN_IF_ERROR(FromGrpc(watches_->ListWatches(&context, request, &response)));
    for (v1::Watch& watch : *response.mutable_watches()) watches.push_back(std::move(watch));
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  return watches;
}

absl::StatusOr<std::map<std::string, v1::Result>> CrashServer::Results(bool show_deleted) {
  std::map<std::string, v1::Result> results;
  v1::ListResultsRequest request;
  request.set_show_deleted(show_deleted);
  request.set_page_size(1'000);
  do {
    grpc::ClientContext context;
    SetDeadline(context);
    v1::ListResultsResponse response;
    DX_RETURN_IF_ERROR(FromGrpc(catalogue_->ListResults(&context, request, &response)));
    for (v1::Result& result : *response.mutable_results()) {
      const std::string name = result.name();
      results[name] = std::move(result);
    }
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  return results;
}

absl::StatusOr<std::vector<v1::Engagement>> CrashServer::Ledger() {
  grpc::ClientContext context;
  SetDeadline(context);
  std::vector<v1::Engagement> ledger;
  v1::ExportEngagementsRequest request;
  request.mutable_filter()->set_whole_ledger(true);
  const auto reader = engagements_->ExportEngagements(&context, request);
  v1::ExportEngagementsResponse response;
  while (reader->Read(&response)) {
    for (v1::Engagement& entry : *response.mutable_engagements()) ledger.push_back(std::move(entry));
  }
  DX_RETURN_IF_ERROR(FromGrpc(reader->Finish()));
  return ledger;
}

v1::ImportRecordsRequest CrashBatch(int group, uint64_t version) {
  v1::ImportRecordsRequest request;
  for (int member = 0; member < kCrashGroupSize; ++member)
    *request.add_records()->mutable_result() = CrashResult(group, member, version);
  return request;
}

v1::ImportRecordsRequest CrashSingles() {
  v1::ImportRecordsRequest request;
  for (size_t number = 0; number < kCrashSingles; ++number)
    *request.add_records()->mutable_result() = CrashRecord(CrashSingleName(number), 0);
  return request;
}

v1::ImportRecordsRequest CrashGround() {
  v1::ImportRecordsRequest request;
  v1::Institution& institution = *request.add_records()->mutable_institution();
  institution.set_name("institutions/crash");
  institution.set_display_name("示例·盐湖化工研究所");
  institution.set_region_code("12");
  institution.set_illustrative(true);
  v1::Need& need = *request.add_records()->mutable_need();
  need.set_name(kCrashNeed);
  need.set_title("高镁锂比盐湖卤水提锂收率低");
  need.set_wanted("低溶损的提锂吸附剂和工艺");
  need.set_region_code("63");
  need.set_illustrative(true);
  return request;
}

}  // namespace dongxi::bench
