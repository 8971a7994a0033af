#include "server/engagement_service.h"

#include <memory>
#include <utility>

#include "absl/time/clock.h"
#include "engine/base/status_macros.h"
#include "server/convert.h"
#include "server/deadline.h"
#include "server/engagement_convert.h"
#include "server/engagement_query.h"
#include "server/page_token.h"

namespace dongxi {
namespace {

constexpr int kExportPage = 500;

int64_t NowUs() { return absl::ToUnixMicros(absl::Now()); }

}  // namespace

grpc::Status EngagementService::RecordEngagement(grpc::ServerContext* context,
                                                 const pb::RecordEngagementRequest* request,
                                                 pb::RecordEngagementResponse* response) {
  return gate_->Run(*context, "EngagementService.RecordEngagement",
                    [&](const Caller& caller) -> absl::Status {
                      DX_ASSIGN_OR_RETURN(*response, ledger_.Record(*request, caller, NowUs()));
                      return absl::OkStatus();
                    });
}

grpc::Status EngagementService::BatchRecordEngagements(grpc::ServerContext* context,
                                                       const pb::BatchRecordEngagementsRequest* request,
                                                       pb::BatchRecordEngagementsResponse* response) {
  return gate_->Run(
      *context, "EngagementService.BatchRecordEngagements", [&](const Caller& caller) -> absl::Status {
        // A batch that is too large is refused whatever it holds: it costs as one call.
        if (request->requests_size() <= kEngagementBatchMax) caller.Charge(request->requests_size() - 1);
        DX_ASSIGN_OR_RETURN(*response, ledger_.RecordBatch(*request, caller, NowUs(), CancelledOf(*context)));
        return absl::OkStatus();
      });
}

grpc::Status EngagementService::ListEngagements(grpc::ServerContext* context,
                                                const pb::ListEngagementsRequest* request,
                                                pb::ListEngagementsResponse* response) {
  return gate_->Run(*context, "EngagementService.ListEngagements", [&](const Caller& caller) -> absl::Status {
    DX_ASSIGN_OR_RETURN(const int limit, DecodePageSize(request->page_size(), kListPageSize));
    DX_RETURN_IF_ERROR(CheckEngagementFilter(request->filter(), *state_->policy()));
    PageToken token;
    const uint64_t hash = HashBytes(request->filter().SerializeAsString(), HashBytes("ListEngagements"));
    if (!request->page_token().empty()) {
      DX_ASSIGN_OR_RETURN(token, DecodePageToken(request->page_token(), hash));
    }
    DX_ASSIGN_OR_RETURN(EngagementPage page, ReadEngagements(*catalogue_, request->filter(), token.after,
                                                             limit, caller, CancelledOf(*context)));
    for (pb::Engagement& entry : page.entries) *response->add_engagements() = std::move(entry);
    if (page.more) response->set_next_page_token(EncodePageToken({.request_hash = hash, .after = page.last}));
    return absl::OkStatus();
  });
}

grpc::Status EngagementService::ExportEngagements(grpc::ServerContext* context,
                                                  const pb::ExportEngagementsRequest* request,
                                                  grpc::ServerWriter<pb::ExportEngagementsResponse>* writer) {
  return gate_->Run(
      *context, "EngagementService.ExportEngagements", [&](const Caller& caller) -> absl::Status {
        DX_RETURN_IF_ERROR(CheckEngagementFilter(request->filter(), *state_->policy()));
        // One view for all pages: what is recorded meanwhile does not come in half.
        const std::unique_ptr<CatalogueReader> view = catalogue_->Snapshot();
        EngagementPage page;
        do {
          DX_ASSIGN_OR_RETURN(page, ReadEngagements(*view, request->filter(), page.last, kExportPage, caller,
                                                    CancelledOf(*context)));
          if (page.entries.empty()) continue;
          pb::ExportEngagementsResponse response;
          for (pb::Engagement& entry : page.entries) *response.add_engagements() = std::move(entry);
          DX_RETURN_IF_ERROR(caller.StillAdmitted());
          DX_RETURN_IF_ERROR(caller.Commit());  // in the audit log before the records leave
          if (!caller.AwaitPeer([&] { return writer->Write(response); }))
            return absl::CancelledError("the caller went away");
        } while (page.more);
        return absl::OkStatus();
      });
}

grpc::Status EngagementService::GetPair(grpc::ServerContext* context, const pb::GetPairRequest* request,
                                        pb::Pair* response) {
  return gate_->Run(*context, "EngagementService.GetPair", [&](const Caller& caller) -> absl::Status {
    DX_ASSIGN_OR_RETURN(const int limit, DecodePageSize(request->page_size(), kPageSizeMax));
    PageToken token;
    const uint64_t hash = HashBytes(request->need() + "\n" + request->offer(), HashBytes("GetPair"));
    if (!request->page_token().empty()) {
      DX_ASSIGN_OR_RETURN(token, DecodePageToken(request->page_token(), hash));
    }
    const std::unique_ptr<CatalogueReader> view = catalogue_->Snapshot();
    DX_ASSIGN_OR_RETURN(PairPage page,
                        ReadPairState(*view, request->need(), request->offer(), token.after, limit, caller));
    if (page.more) page.pair.set_next_page_token(EncodePageToken({.request_hash = hash, .after = page.last}));
    *response = std::move(page.pair);
    return absl::OkStatus();
  });
}

grpc::Status EngagementService::CorrectEngagement(grpc::ServerContext* context,
                                                  const pb::CorrectEngagementRequest* request,
                                                  pb::RecordEngagementResponse* response) {
  return gate_->Run(*context, "EngagementService.CorrectEngagement",
                    [&](const Caller& caller) -> absl::Status {
                      DX_ASSIGN_OR_RETURN(*response, ledger_.Correct(*request, caller, NowUs()));
                      return absl::OkStatus();
                    });
}

grpc::Status EngagementService::ClearRefusal(grpc::ServerContext* context,
                                             const pb::ClearRefusalRequest* request,
                                             pb::RecordEngagementResponse* response) {
  return gate_->Run(*context, "EngagementService.ClearRefusal", [&](const Caller& caller) -> absl::Status {
    DX_ASSIGN_OR_RETURN(*response, ledger_.ClearRefusal(*request, caller, NowUs()));
    return absl::OkStatus();
  });
}

}  // namespace dongxi
