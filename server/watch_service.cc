#include "server/watch_service.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "engine/base/status_macros.h"
#include "server/convert.h"
#include "server/deadline.h"
#include "server/grpc_status.h"
#include "server/page_token.h"
#include "server/watch_poll.h"
#include "store/record_codec.h"

namespace dongxi {
namespace {

constexpr int kItemsAMessage = 200;
// A commit wakes a waiting stream. How often it looks besides whether its caller went away, of which gRPC's
// synchronous calls tell nothing by themselves, and whether his token still holds.
constexpr absl::Duration kLookAround = absl::Seconds(1);
// When to try again while too many streams are open: they last for hours.
constexpr absl::Duration kRetryStream = absl::Seconds(30);

int64_t NowUs() { return absl::ToUnixMicros(absl::Now()); }

absl::StatusOr<pb::MatchView> DecodeView(pb::MatchView view) {
  if (view == pb::MATCH_VIEW_UNSPECIFIED) return pb::MATCH_VIEW_BASIC;
  if (pb::MatchView_IsValid(view)) return view;
  return FieldError("view", "expected MATCH_VIEW_ID_ONLY, MATCH_VIEW_BASIC or MATCH_VIEW_FULL");
}

template <typename Request>
absl::StatusOr<WatchQuery> DecodeQuery(const Request& request, int limit, const WatchStore& store,
                                       const Caller& caller) {
  WatchQuery query;
  query.limit = limit;
  DX_ASSIGN_OR_RETURN(query.view, DecodeView(request.view()));
  DX_ASSIGN_OR_RETURN(query.watch, store.Get(request.name(), caller));
  DX_ASSIGN_OR_RETURN(query.cursor, DecodeWatchCursor(query.watch.name(), request.cursor()));
  return query;
}

// Counts one open stream while it lives.
class OpenStream {
 public:
  explicit OpenStream(std::atomic<int>* count) : count_(count), number_(count->fetch_add(1) + 1) {}
  ~OpenStream() { count_->fetch_sub(1); }
  OpenStream(const OpenStream&) = delete;
  OpenStream& operator=(const OpenStream&) = delete;
  int number() const { return number_; }

 private:
  std::atomic<int>* const count_;
  const int number_;
};

}  // namespace

grpc::Status WatchService::CreateWatch(grpc::ServerContext* context, const pb::CreateWatchRequest* request,
                                       pb::Watch* response) {
  return gate_->Run(*context, "WatchService.CreateWatch", [&](const Caller& caller) -> absl::Status {
    DX_ASSIGN_OR_RETURN(*response, store_.Create(*request, caller, NowUs()));
    caller.Touched(response->name());
    return absl::OkStatus();
  });
}

grpc::Status WatchService::GetWatch(grpc::ServerContext* context, const pb::GetWatchRequest* request,
                                    pb::Watch* response) {
  return gate_->Run(*context, "WatchService.GetWatch", [&](const Caller& caller) -> absl::Status {
    DX_ASSIGN_OR_RETURN(*response, store_.Get(request->name(), caller));
    return absl::OkStatus();
  });
}

grpc::Status WatchService::ListWatches(grpc::ServerContext* context, const pb::ListWatchesRequest* request,
                                       pb::ListWatchesResponse* response) {
  return gate_->Run(*context, "WatchService.ListWatches", [&](const Caller& caller) -> absl::Status {
    DX_ASSIGN_OR_RETURN(const int limit, DecodePageSize(request->page_size(), kListPageSize));
    PageToken token;
    const uint64_t hash = HashBytes("ListWatches");
    if (!request->page_token().empty()) {
      DX_ASSIGN_OR_RETURN(token, DecodePageToken(request->page_token(), hash));
    }
    bool more = false;
    DX_ASSIGN_OR_RETURN(std::vector<pb::Watch> watches, store_.List(token.after, limit, caller, &more));
    if (more) {
      response->set_next_page_token(EncodePageToken({.request_hash = hash, .after = watches.back().name()}));
    }
    for (pb::Watch& watch : watches) *response->add_watches() = std::move(watch);
    return absl::OkStatus();
  });
}

grpc::Status WatchService::UpdateWatch(grpc::ServerContext* context, const pb::UpdateWatchRequest* request,
                                       pb::Watch* response) {
  return gate_->Run(*context, "WatchService.UpdateWatch", [&](const Caller& caller) -> absl::Status {
    DX_ASSIGN_OR_RETURN(*response, store_.Update(*request, caller, NowUs()));
    caller.Touched(response->name());
    return absl::OkStatus();
  });
}

grpc::Status WatchService::DeleteWatch(grpc::ServerContext* context, const pb::DeleteWatchRequest* request,
                                       pb::DeleteWatchResponse*) {
  return gate_->Run(*context, "WatchService.DeleteWatch", [&](const Caller& caller) -> absl::Status {
    DX_RETURN_IF_ERROR(store_.Delete(*request, caller, NowUs()));
    caller.Touched(request->name());
    return absl::OkStatus();
  });
}

grpc::Status WatchService::PollWatch(grpc::ServerContext* context, const pb::PollWatchRequest* request,
                                     pb::PollWatchResponse* response) {
  return gate_->Run(*context, "WatchService.PollWatch", [&](const Caller& caller) -> absl::Status {
    DX_ASSIGN_OR_RETURN(const int limit, DecodePageSize(request->page_size(), kListPageSize));
    DX_ASSIGN_OR_RETURN(const WatchQuery query, DecodeQuery(*request, limit, store_, caller));
    DX_ASSIGN_OR_RETURN(const std::shared_ptr<const Snapshot> snapshot, state_->Serving());
    DX_ASSIGN_OR_RETURN(*response,
                        dongxi::PollWatch(*catalogue_, *snapshot, query, caller, LimitsOf(*context)));
    return absl::OkStatus();
  });
}

grpc::Status WatchService::StreamWatch(grpc::ServerContext* context, const pb::StreamWatchRequest* request,
                                       grpc::ServerWriter<pb::PollWatchResponse>* writer) {
  return gate_->Run(*context, "WatchService.StreamWatch", [&](const Caller& caller) -> absl::Status {
    const OpenStream open(&streams_);
    if (open.number() > streams_max_) {
      return WithRetry(WithReason(absl::ResourceExhaustedError(
                                      "too many watches are streamed (" + std::to_string(streams_max_) +
                                      " at most); poll instead, or close other streams"),
                                  "TOO_MANY_STREAMS"),
                       kRetryStream);
    }
    return Stream(*context, *request, caller, writer);
  });
}

absl::Status WatchService::Stream(const grpc::ServerContext& context, const pb::StreamWatchRequest& request,
                                  const Caller& caller, grpc::ServerWriter<pb::PollWatchResponse>* writer) {
  DX_ASSIGN_OR_RETURN(WatchQuery query, DecodeQuery(request, kItemsAMessage, store_, caller));
  DX_ASSIGN_OR_RETURN(std::shared_ptr<const Snapshot> snapshot, state_->Serving());
  for (bool first = true, more = false;; first = false) {
    DX_ASSIGN_OR_RETURN(const pb::PollWatchResponse news,
                        dongxi::PollWatch(*catalogue_, *snapshot, query, caller, LimitsOf(context)));
    more = news.more();
    DX_ASSIGN_OR_RETURN(query.cursor, DecodeWatchCursor(query.watch.name(), news.next_cursor()));
    DX_RETURN_IF_ERROR(caller.StillAdmitted());  // a long list takes many messages, one after the other
    DX_RETURN_IF_ERROR(caller.Commit());         // before the records leave
    // The first message comes even if nothing is new: the caller then knows that the watch stands.
    if ((first || news.items_size() > 0) && !caller.AwaitPeer([&] { return writer->Write(news); }))
      return absl::CancelledError("the caller went away");
    while (!more) {
      if (context.IsCancelled()) return absl::CancelledError("the caller went away");
      DX_RETURN_IF_ERROR(caller.StillAdmitted());
      if (stopping_) {
        return absl::UnavailableError("the server stops; open the stream again with the last next_cursor");
      }
      const absl::Time until = std::min(absl::Now() + kLookAround, DeadlineOf(context));
      std::shared_ptr<const Snapshot> newer = state_->AwaitNewer(snapshot->sequence, until);
      if (newer == nullptr) {
        return absl::UnavailableError(
            "nothing is served any more; open the stream again with the last "
            "next_cursor");
      }
      // It may have been changed or deleted meanwhile, which is no commit of records.
      DX_ASSIGN_OR_RETURN(query.watch, store_.Get(request.name(), caller));
      if (newer->sequence <= snapshot->sequence) continue;
      snapshot = std::move(newer);
      break;
    }
  }
}

}  // namespace dongxi
