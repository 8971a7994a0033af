#include "server/search_service.h"

#include "server/convert.h"
#include "server/deadline.h"

namespace dongxi {

grpc::Status SearchService::Search(grpc::ServerContext* context, const pb::SearchRequest* request,
                                   pb::SearchResponse* response) {
  return gate_->Run(*context, "SearchService.Search", [&](const Caller& caller) -> absl::Status {
    return runner_->Run(*request, caller, LimitsOf(*context), response);
  });
}

grpc::Status SearchService::SimilarNeeds(grpc::ServerContext* context, const pb::SimilarNeedsRequest* request,
                                         pb::SimilarNeedsResponse* response) {
  return gate_->Run(*context, "SearchService.SimilarNeeds", [&](const Caller& caller) -> absl::Status {
    return runner_->Run(*request, caller, LimitsOf(*context), response);
  });
}

grpc::Status SearchService::SimilarResults(grpc::ServerContext* context,
                                           const pb::SimilarResultsRequest* request,
                                           pb::SimilarResultsResponse* response) {
  return gate_->Run(*context, "SearchService.SimilarResults", [&](const Caller& caller) -> absl::Status {
    return runner_->Run(*request, caller, LimitsOf(*context), response);
  });
}

}  // namespace dongxi
