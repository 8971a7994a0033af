#include "server/search_service.h"

#include "absl/time/clock.h"
#include "engine/base/status_macros.h"
#include "engine/match/matcher.h"
#include "server/catalogue_records.h"
#include "server/convert.h"
#include "server/deadline.h"

namespace dongxi {

grpc::Status SearchService::Search(grpc::ServerContext* context, const pb::SearchRequest* request,
                                   pb::SearchResponse* response) {
  return gate_->Run(*context, "Search", [&](const Caller& caller) -> absl::Status {
    const absl::Time now = absl::Now();
    DX_ASSIGN_OR_RETURN(SearchCall call, DecodeSearchRequest(*request, state_->policy(), DayInChina(now)));
    DX_ASSIGN_OR_RETURN(const std::shared_ptr<const Snapshot> snapshot, state_->Serving());
    DX_RETURN_IF_ERROR(CheckGeneration(call.cursor, snapshot->generation->manifest.generation));
    call.question.viewer = caller.viewer;
    call.question.deadline = DeadlineOf(*context);
    call.question.cancelled = CancelledOf(*context);
    const CatalogueRecords records(*catalogue_, caller);
    const MatchContext from = {snapshot->generation, snapshot->policy, snapshot->ranking, &records};
    DX_ASSIGN_OR_RETURN(const SearchAnswer answer, dongxi::Search(from, call.question));
    EncodeSearchAnswer(answer, call, *snapshot, now, response);
    return absl::OkStatus();
  });
}

}  // namespace dongxi
