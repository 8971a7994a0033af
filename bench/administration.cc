#include "bench/administration.h"

#include <chrono>

#include "absl/time/clock.h"
#include "engine/base/status_macros.h"
#include "grpcpp/create_channel.h"

namespace dongxi::bench {
namespace {

namespace lro = google::longrunning;
using Clock = std::chrono::steady_clock;

constexpr auto kTimeout = std::chrono::minutes(30);

std::shared_ptr<grpc::Channel> Connect(const std::string& server) {
  return grpc::CreateChannel(server, grpc::InsecureChannelCredentials());
}

absl::Status FromGrpc(const grpc::Status& status) {
  return absl::Status(static_cast<absl::StatusCode>(status.error_code()), status.error_message());
}

template <typename Stub, typename Request, typename Response>
absl::Status Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*), Stub& stub,
                  const Request& request, Response* response) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + kTimeout);
  return FromGrpc((stub.*method)(&context, request, response));
}

}  // namespace

Administration::Administration(const std::string& server)
    : admin_(v1::AdminService::NewStub(Connect(server))),
      operations_(lro::Operations::NewStub(Connect(server))),
      catalogue_(v1::CatalogueService::NewStub(Connect(server))) {}

absl::Status Administration::ChangeRecord(const std::string& name) const {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + kTimeout);
  const auto stream = catalogue_->ImportRecords(&context);
  v1::ImportRecordsRequest request;
  v1::Result* result = request.add_records()->mutable_result();
  result->set_name(name);
  result->set_title("示例成果 " + absl::FormatTime(absl::Now()));
  result->set_illustrative(true);
  v1::ImportRecordsResponse response;
  stream->Write(request);
  stream->WritesDone();
  if (stream->Read(&response) && response.outcomes(0).state() == v1::ImportOutcome::REFUSED) {
    return absl::InternalError(response.ShortDebugString());
  }
  return FromGrpc(stream->Finish());
}

absl::StatusOr<double> Administration::Build() const {
  const Clock::time_point start = Clock::now();
  lro::Operation operation;
  DX_RETURN_IF_ERROR(
      Call(&v1::AdminService::Stub::BuildGeneration, *admin_, v1::BuildGenerationRequest(), &operation));
  while (!operation.done()) {
    lro::WaitOperationRequest wait;
    wait.set_name(operation.name());
    DX_RETURN_IF_ERROR(Call(&lro::Operations::Stub::WaitOperation, *operations_, wait, &operation));
  }
  if (operation.has_error()) return absl::InternalError("build: " + operation.error().message());
  return std::chrono::duration<double>(Clock::now() - start).count();
}

absl::Status Administration::Swap() const {
  v1::ListGenerationsResponse listed;
  DX_RETURN_IF_ERROR(
      Call(&v1::AdminService::Stub::ListGenerations, *admin_, v1::ListGenerationsRequest(), &listed));
  for (const v1::Generation& generation : listed.generations()) {
    if (generation.current()) continue;
    v1::PublishGenerationRequest publish;
    publish.set_name(generation.name());
    v1::Generation published;
    return Call(&v1::AdminService::Stub::PublishGeneration, *admin_, publish, &published);
  }
  return absl::FailedPreconditionError("there is one generation only; nothing to swap with");
}

}  // namespace dongxi::bench
