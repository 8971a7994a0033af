#include "bench/match_client.h"

#include <chrono>

#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"

namespace dongxi::bench {
namespace {

constexpr auto kCallTimeout = std::chrono::minutes(1);
constexpr int kAnswerBytesMax = 256 << 20;  // a list of 1,000 entries in full

template <typename Response, typename Stub, typename Request>
absl::StatusOr<Response> Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                              Stub& stub, const Request& request) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + kCallTimeout);
  Response response;
  const grpc::Status status = (stub.*method)(&context, request, &response);
  if (status.ok()) return response;
  return absl::Status(static_cast<absl::StatusCode>(status.error_code()), status.error_message());
}

}  // namespace

MatchClient::MatchClient(const std::string& server) {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(kAnswerBytesMax);
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL,
                   1);  // callers do not share a connection behind our back
  const auto channel = grpc::CreateCustomChannel(server, grpc::InsecureChannelCredentials(), arguments);
  match_ = v1::MatchService::NewStub(channel);
  health_ = v1::HealthService::NewStub(channel);
}

absl::StatusOr<v1::MatchResponse> MatchClient::Match(const v1::MatchRequest& request) const {
  return Call(&v1::MatchService::Stub::Match, *match_, request);
}

absl::StatusOr<v1::ServerStatus> MatchClient::Status() const {
  return Call(&v1::HealthService::Stub::GetServerStatus, *health_, v1::GetServerStatusRequest());
}

v1::MatchRequest RequestOf(const TextQuery& query) {
  v1::MatchRequest request;
  request.mutable_need()->set_title(query.title);
  request.mutable_need()->set_description(query.text);
  return request;
}

}  // namespace dongxi::bench
