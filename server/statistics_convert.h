// Requests for statistics to queries, figures to messages. Errors name their field. Pure functions; any
// thread.
#pragma once

#include <span>
#include <string>

#include "absl/status/statusor.h"
#include "dongxi/v1/statistics.pb.h"
#include "engine/policy/policy.h"
#include "engine/statistics/compute.h"
#include "engine/statistics/signing_model.h"

namespace dongxi {

inline constexpr int kExpectedRegionsMax = 5'000;

absl::StatusOr<StatisticsQuery> DecodeStatisticsRequest(const dongxi::v1::ComputeStatisticsRequest& request,
                                                        const Policy& policy);
// The query with the one dimension of the figure, or none for the total.
absl::StatusOr<StatisticsQuery> DecodeOpenFigureRequest(const dongxi::v1::OpenFigureRequest& request,
                                                        const Policy& policy);
// The period begins with the ledger. It ends with `today`, a day in China, at the latest: as of a later day
// pairs would count as older than they are, and teach outcomes that are not known yet.
absl::StatusOr<StatisticsQuery> DecodeSigningRequest(const dongxi::v1::EstimateSigningRequest& request,
                                                     const Policy& policy, absl::CivilDay today);

// `rows` are those that `statistics` were computed from.
void EncodeStatistics(const Statistics& statistics, std::span<const LedgerRow> rows, const Policy& policy,
                      bool include_engagements, dongxi::v1::Statistics* out);
void EncodeSigning(const SigningEstimate& estimate, int forecasts_max, dongxi::v1::SigningEstimate* out);

// The ids behind a figure, ascending; NotFound (GROUP_NOT_FOUND) if the statistics have no such group.
absl::StatusOr<std::vector<std::string>> EngagementsOf(const Statistics& statistics,
                                                       std::span<const LedgerRow> rows,
                                                       const dongxi::v1::OpenFigureRequest& request);

}  // namespace dongxi
