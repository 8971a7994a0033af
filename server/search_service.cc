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

}  // namespace dongxi
