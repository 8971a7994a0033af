#include "server/match_service.h"

#include <cinttypes>
#include <cstdio>
#include <random>

#include "absl/time/clock.h"
#include "engine/base/status_macros.h"
#include "engine/match/matcher.h"
#include "server/catalogue_records.h"
#include "server/convert.h"
#include "server/deadline.h"

namespace dongxi {
namespace {

MatchContext ContextOf(const Snapshot& snapshot, const RecordSource& records) {
  return {snapshot.generation, snapshot.policy, snapshot.ranking, &records};
}

}  // namespace

MatchIds::MatchIds() {
  std::random_device device;
  next_ = uint64_t{device()} << 32 | device();
}

std::string MatchIds::Next() {
  char text[24];
  std::snprintf(text, sizeof(text), "m-%016" PRIx64, next_.fetch_add(1, std::memory_order_relaxed));
  return text;
}

grpc::Status MatchService::Match(grpc::ServerContext* context, const pb::MatchRequest* request,
                                 pb::MatchResponse* response) {
  return gate_->Run(*context, "Match", [&](const Caller& caller) -> absl::Status {
    const absl::Time now = absl::Now();
    DX_ASSIGN_OR_RETURN(MatchCall call, DecodeMatchRequest(*request, state_->policy(), DayInChina(now)));
    DX_ASSIGN_OR_RETURN(const std::shared_ptr<const Snapshot> snapshot, state_->Serving());
    DX_RETURN_IF_ERROR(CheckGeneration(call.cursor, snapshot->generation->manifest.generation));
    const CatalogueRecords records(*catalogue_, caller);
    if (call.need_name) {
      DX_ASSIGN_OR_RETURN(call.question.need, records.Get(*call.need_name));
    }
    if (!call.region.empty()) call.question.need.region = call.region;
    call.question.settings.viewer = caller.viewer;
    call.question.settings.deadline = DeadlineOf(*context);
    call.question.settings.cancelled = CancelledOf(*context);
    DX_ASSIGN_OR_RETURN(const MatchAnswer answer,
                        dongxi::Match(ContextOf(*snapshot, records), call.question));
    EncodeMatchAnswer(answer, call, *snapshot, now, response);
    response->set_match_id(ids_.Next());
    return absl::OkStatus();
  });
}

grpc::Status MatchService::ReverseMatch(grpc::ServerContext* context, const pb::ReverseMatchRequest* request,
                                        pb::ReverseMatchResponse* response) {
  return gate_->Run(*context, "ReverseMatch", [&](const Caller& caller) -> absl::Status {
    const absl::Time now = absl::Now();
    DX_ASSIGN_OR_RETURN(ReverseMatchCall call,
                        DecodeReverseMatchRequest(*request, state_->policy(), DayInChina(now)));
    DX_ASSIGN_OR_RETURN(const std::shared_ptr<const Snapshot> snapshot, state_->Serving());
    DX_RETURN_IF_ERROR(CheckGeneration(call.cursor, snapshot->generation->manifest.generation));
    const CatalogueRecords records(*catalogue_, caller);
    ReverseQuestion question;
    DX_ASSIGN_OR_RETURN(question.offer, records.Get(call.offer_name));
    question.settings = call.settings;
    question.settings.viewer = caller.viewer;
    question.settings.deadline = DeadlineOf(*context);
    question.settings.cancelled = CancelledOf(*context);
    DX_ASSIGN_OR_RETURN(const ReverseAnswer answer,
                        dongxi::ReverseMatch(ContextOf(*snapshot, records), question));
    EncodeReverseAnswer(answer, call, *snapshot, now, response);
    response->set_match_id(ids_.Next());
    return absl::OkStatus();
  });
}

}  // namespace dongxi
