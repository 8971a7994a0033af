// A real gRPC server on loopback with canned answers, to run the command line against. It stands
// in for dongxi-server only where the behaviour under test is the command line's own.
#pragma once

#include <grpcpp/grpcpp.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "dongxi/v1/catalogue.grpc.pb.h"
#include "dongxi/v1/match.grpc.pb.h"
#include "dongxi/v1/search.grpc.pb.h"
#include "google/rpc/error_details.pb.h"
#include "tests/cli/run_cli.h"

namespace dongxi::cli {

// Answers with the public members and keeps the last request. Calls come one at a time.
struct FakeServices : v1::MatchService::Service, v1::SearchService::Service, v1::CatalogueService::Service {
  std::function<grpc::Status(const v1::MatchRequest&, v1::MatchResponse*)> on_match;
  std::function<grpc::Status()> on_lookup;  // asked before GetNeed and GetInstitution answer
  v1::ReverseMatchResponse reverse_answer;
  v1::SearchResponse search_answer;
  v1::ExplainMatchResponse explain_answer;
  v1::SimilarNeedsResponse similar_needs_answer;
  std::vector<v1::Need> needs;  // in order of name
  std::map<std::string, std::string> institutions;

  int match_calls = 0;
  int list_calls = 0;
  int institution_calls = 0;
  v1::MatchRequest match_request;
  v1::ReverseMatchRequest reverse_request;
  v1::SearchRequest search_request;
  v1::ExplainMatchRequest explain_request;
  v1::SimilarNeedsRequest similar_needs_request;
  v1::SimilarResultsRequest similar_results_request;
  std::string authorization;  // of the last match call

  grpc::Status Match(grpc::ServerContext* context, const v1::MatchRequest* request,
                     v1::MatchResponse* response) override {
    ++match_calls;
    match_request = *request;
    const auto token = context->client_metadata().find("authorization");
    authorization = token == context->client_metadata().end()
                        ? ""
                        : std::string(token->second.data(), token->second.size());
    return on_match ? on_match(*request, response) : grpc::Status::OK;
  }
  grpc::Status ReverseMatch(grpc::ServerContext*, const v1::ReverseMatchRequest* request,
                            v1::ReverseMatchResponse* response) override {
    reverse_request = *request;
    *response = reverse_answer;
    return grpc::Status::OK;
  }
  grpc::Status Search(grpc::ServerContext*, const v1::SearchRequest* request,
                      v1::SearchResponse* response) override {
    search_request = *request;
    *response = search_answer;
    return grpc::Status::OK;
  }
  grpc::Status ExplainMatch(grpc::ServerContext*, const v1::ExplainMatchRequest* request,
                            v1::ExplainMatchResponse* response) override {
    explain_request = *request;
    *response = explain_answer;
    return grpc::Status::OK;
  }
  grpc::Status SimilarNeeds(grpc::ServerContext*, const v1::SimilarNeedsRequest* request,
                            v1::SimilarNeedsResponse* response) override {
    similar_needs_request = *request;
    *response = similar_needs_answer;
    return grpc::Status::OK;
  }
  grpc::Status SimilarResults(grpc::ServerContext*, const v1::SimilarResultsRequest* request,
                              v1::SimilarResultsResponse*) override {
    similar_results_request = *request;
    return grpc::Status::OK;
  }
  grpc::Status GetNeed(grpc::ServerContext*, const v1::GetNeedRequest* request, v1::Need* response) override {
    if (const grpc::Status status = on_lookup ? on_lookup() : grpc::Status::OK; !status.ok()) return status;
    for (const v1::Need& need : needs) {
      if (need.name() == request->name()) *response = need;
    }
    return response->name().empty() ? grpc::Status(grpc::StatusCode::NOT_FOUND, "no such need")
                                    : grpc::Status::OK;
  }
  // Two needs a page; the token is the place of the next need.
  grpc::Status ListNeeds(grpc::ServerContext*, const v1::ListNeedsRequest* request,
                         v1::ListNeedsResponse* response) override {
    ++list_calls;
    size_t next = request->page_token().empty() ? 0 : std::stoul(request->page_token());
    for (int i = 0; i < 2 && next < needs.size(); ++i) *response->add_needs() = needs[next++];
    if (next < needs.size()) response->set_next_page_token(std::to_string(next));
    return grpc::Status::OK;
  }
  grpc::Status GetInstitution(grpc::ServerContext*, const v1::GetInstitutionRequest* request,
                              v1::Institution* response) override {
    ++institution_calls;
    if (const grpc::Status status = on_lookup ? on_lookup() : grpc::Status::OK; !status.ok()) return status;
    const auto found = institutions.find(request->name());
    if (found == institutions.end()) return {grpc::StatusCode::NOT_FOUND, "no such institution"};
    response->set_display_name(found->second);
    return grpc::Status::OK;
  }
};

class FakeServer {
 public:
  FakeServer() {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port_);
    builder.RegisterService(static_cast<v1::MatchService::Service*>(&services_));
    builder.RegisterService(static_cast<v1::SearchService::Service*>(&services_));
    builder.RegisterService(static_cast<v1::CatalogueService::Service*>(&services_));
    server_ = builder.BuildAndStart();
  }
  FakeServices& operator*() { return services_; }
  FakeServices* operator->() { return &services_; }
  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

 private:
  FakeServices services_;
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

// An error with the details that dongxi-server gives.
inline grpc::Status RichError(grpc::StatusCode code, const std::string& message, const std::string& reason,
                              const std::string& field, const std::string& description) {
  google::rpc::Status rich;
  rich.set_code(static_cast<int>(code));
  rich.set_message(message);
  google::rpc::ErrorInfo info;
  info.set_reason(reason);
  info.set_domain("dongxi");
  rich.add_details()->PackFrom(info);
  if (!field.empty()) {
    google::rpc::BadRequest bad;
    auto* violation = bad.add_field_violations();
    violation->set_field(field);
    violation->set_description(description);
    rich.add_details()->PackFrom(bad);
  }
  return {code, message, rich.SerializeAsString()};
}

// The refusal of a busy server, which asks to wait.
inline grpc::Status BusyFor(int milliseconds) {
  google::rpc::Status rich;
  rich.set_code(static_cast<int>(grpc::StatusCode::RESOURCE_EXHAUSTED));
  google::rpc::ErrorInfo info;
  info.set_reason("RATE_LIMITED");
  rich.add_details()->PackFrom(info);
  google::rpc::RetryInfo retry;
  retry.mutable_retry_delay()->set_seconds(milliseconds / 1'000);
  retry.mutable_retry_delay()->set_nanos(milliseconds % 1'000 * 1'000'000);
  rich.add_details()->PackFrom(retry);
  return {grpc::StatusCode::RESOURCE_EXHAUSTED, "busy", rich.SerializeAsString()};
}

}  // namespace dongxi::cli
