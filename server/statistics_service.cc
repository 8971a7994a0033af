#include "server/statistics_service.h"

#include <algorithm>
#include <memory>
#include <set>
#include <span>
#include <utility>

#include "absl/time/clock.h"
#include "engine/base/status_macros.h"
#include "engine/statistics/compute.h"
#include "engine/statistics/signing_model.h"
#include "server/catalogue_page.h"
#include "server/convert.h"
#include "server/deadline.h"
#include "server/engagement_convert.h"
#include "server/engagement_table.h"
#include "server/ledger_disclosure.h"
#include "server/page_token.h"
#include "server/statistics_convert.h"
#include "server/statistics_ledger.h"

namespace dongxi {
namespace {

absl::Status Compute(const CatalogueReader& view, const Policy& policy,
                     const pb::ComputeStatisticsRequest& request, const Caller& caller,
                     const std::function<bool()>& cancelled, pb::Statistics* response) {
  DX_ASSIGN_OR_RETURN(const StatisticsQuery query, DecodeStatisticsRequest(request, policy));
  DX_ASSIGN_OR_RETURN(const StatisticsInput input,
                      ReadStatisticsInput(view, policy, query, caller, cancelled));
  EncodeStatistics(ComputeStatistics(input.rows, input.needs, policy, query), input.rows, policy,
                   request.include_engagements(), response);
  response->set_catalogue_sequence(view.sequence());
  return absl::OkStatus();
}

absl::Status Open(const CatalogueReader& view, const Policy& policy, const pb::OpenFigureRequest& request,
                  const Caller& caller, const std::function<bool()>& cancelled,
                  pb::OpenFigureResponse* response) {
  DX_ASSIGN_OR_RETURN(const int limit, DecodePageSize(request.page_size(), kListPageSize));
  DX_ASSIGN_OR_RETURN(const StatisticsQuery query, DecodeOpenFigureRequest(request, policy));
  pb::OpenFigureRequest same = request;
  same.clear_page_size();
  same.clear_page_token();
  const uint64_t hash = HashBytes(same.SerializeAsString(), HashBytes("OpenFigure"));
  PageToken token;
  if (!request.page_token().empty()) {
    DX_ASSIGN_OR_RETURN(token, DecodePageToken(request.page_token(), hash));
  }
  DX_ASSIGN_OR_RETURN(const StatisticsInput input,
                      ReadStatisticsInput(view, policy, query, caller, cancelled));
  const Statistics statistics = ComputeStatistics(input.rows, input.needs, policy, query);
  DX_ASSIGN_OR_RETURN(const std::vector<std::string> ids, EngagementsOf(statistics, input.rows, request));
  response->set_total_size(static_cast<int64_t>(ids.size()));
  const TableOverlay table(view, Table::kEngagements);
  size_t bytes = 0;
  for (auto id = std::upper_bound(ids.begin(), ids.end(), token.after); id != ids.end(); ++id) {
    DX_ASSIGN_OR_RETURN(pb::Engagement entry, ReadEngagement(table, id->substr(id->find('/') + 1)));
    bytes += entry.ByteSizeLong();
    const int shown = response->engagements_size();
    if (shown == limit || (shown > 0 && bytes > kPageBytesMax)) {
      response->set_next_page_token(EncodePageToken({.request_hash = hash, .after = *std::prev(id)}));
      break;
    }
    *response->add_engagements() = std::move(entry);
  }
  const std::vector<pb::Engagement*> shown(response->mutable_engagements()->pointer_begin(),
                                           response->mutable_engagements()->pointer_end());
  return HideWhatIsNotDisclosed(view, caller, shown);
}

// Pairs that only the mark of simulated entries keeps out.
int64_t SimulatedPairsLeftOut(std::span<const LedgerRow> rows, StatisticsQuery query) {
  if (query.simulated != Simulated::kExclude) return 0;
  query.simulated = Simulated::kOnly;
  std::set<std::pair<std::string_view, std::string_view>> pairs;
  for (const LedgerRow& row : rows) {
    if (PassesFilter(row, query)) pairs.emplace(row.need, row.offer);
  }
  return static_cast<int64_t>(pairs.size());
}

absl::Status Estimate(const CatalogueReader& view, const Policy& policy,
                      const pb::EstimateSigningRequest& request, const Caller& caller,
                      const std::function<bool()>& cancelled, pb::SigningEstimate* response) {
  DX_ASSIGN_OR_RETURN(const int limit, DecodePageSize(request.page_size(), kListPageSize));
  const absl::CivilDay today = ChinaDay(absl::ToUnixMicros(absl::Now()));
  DX_ASSIGN_OR_RETURN(const StatisticsQuery query, DecodeSigningRequest(request, policy, today));
  DX_ASSIGN_OR_RETURN(StatisticsInput input, ReadStatisticsInput(view, policy, query, caller, cancelled));
  response->set_simulated_pairs_left_out(SimulatedPairsLeftOut(input.rows, query));
  std::erase_if(input.rows, [&](const LedgerRow& row) { return !PassesFilter(row, query); });
  const std::vector<SigningCase> cases =
      SigningCases(input.rows, PairingLines(policy), ChinaDayStartUs(query.period.end));
  EncodeSigning(EstimateSigning(cases), limit, response);
  return absl::OkStatus();
}

}  // namespace

grpc::Status StatisticsService::ComputeStatistics(grpc::ServerContext* context,
                                                  const pb::ComputeStatisticsRequest* request,
                                                  pb::Statistics* response) {
  return gate_->Run(*context, "StatisticsService.ComputeStatistics", [&](const Caller& caller) {
    return Compute(*catalogue_->Snapshot(), *state_->policy(), *request, caller, CancelledOf(*context),
                   response);
  });
}

grpc::Status StatisticsService::OpenFigure(grpc::ServerContext* context, const pb::OpenFigureRequest* request,
                                           pb::OpenFigureResponse* response) {
  return gate_->Run(*context, "StatisticsService.OpenFigure", [&](const Caller& caller) {
    return Open(*catalogue_->Snapshot(), *state_->policy(), *request, caller, CancelledOf(*context),
                response);
  });
}

grpc::Status StatisticsService::EstimateSigning(grpc::ServerContext* context,
                                                const pb::EstimateSigningRequest* request,
                                                pb::SigningEstimate* response) {
  return gate_->Run(*context, "StatisticsService.EstimateSigning", [&](const Caller& caller) {
    return Estimate(*catalogue_->Snapshot(), *state_->policy(), *request, caller, CancelledOf(*context),
                    response);
  });
}

}  // namespace dongxi
