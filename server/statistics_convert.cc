#include "server/statistics_convert.h"

#include <algorithm>
#include <set>
#include <utility>

#include "engine/base/status_macros.h"
#include "engine/record/value_parsers.h"
#include "engine/text/normalize.h"
#include "server/engagement_convert.h"
#include "server/grpc_status.h"
#include "server/plan_codes.h"

namespace dongxi {
namespace {

namespace pb = dongxi::v1;

constexpr char kTotalLabel[] = "合计";

absl::StatusOr<absl::CivilDay> DecodeDay(bool present, const google::protobuf::Timestamp& time,
                                         const std::string& field) {
  if (!present) return FieldError(field, "required: the beginning of a day in China");
  // 1970 to 9999, so that microseconds and days stay in range.
  if (time.seconds() < -86'400 || time.seconds() > 253'402'300'799) return FieldError(field, "no valid time");
  const absl::CivilDay day = ChinaDay(MicrosOf(time));
  if (ChinaDayStartUs(day) == MicrosOf(time)) return day;
  return FieldError(field, "expected the beginning of a day in China (UTC+8)");
}

absl::StatusOr<DayRange> DecodePeriod(bool has_start, const google::protobuf::Timestamp& start, bool has_end,
                                      const google::protobuf::Timestamp& end, const std::string& prefix) {
  DayRange period;
  DX_ASSIGN_OR_RETURN(period.first, DecodeDay(has_start, start, prefix + "start_time"));
  DX_ASSIGN_OR_RETURN(period.end, DecodeDay(has_end, end, prefix + "end_time"));
  if (period.first < period.end) return period;
  return FieldError(prefix + "end_time", "lies not after " + prefix + "start_time");
}

absl::Status CheckCode(const std::string& field, const std::string& code, size_t shortest) {
  const bool good = code.size() <= 6 && code.size() >= shortest &&
                    code.find_first_not_of("0123456789") == std::string::npos;
  if (good) return absl::OkStatus();
  return FieldError(field,
                    "found '" + CutCharacters(code, 40) + "', expected the beginning of a GB/T 2260 code");
}

// Records have 63, never 630000: with its zeros a code would begin none of them.
std::string WithoutFillingZeros(const std::string& code) { return ParseRegionCode(code).value_or(code); }

absl::Status DecodeFilter(const pb::StatisticsFilter& filter, const Policy& policy, StatisticsQuery* query) {
  DX_RETURN_IF_ERROR(CheckCode("filter.need_region_code", filter.need_region_code(), 0));
  DX_RETURN_IF_ERROR(CheckCode("filter.offer_region_code", filter.offer_region_code(), 0));
  DX_RETURN_IF_ERROR(CheckTaskCode("filter.task", filter.task(), policy));
  DX_RETURN_IF_ERROR(CheckChannelCode("filter.channel", filter.channel(), policy));
  query->need_region = WithoutFillingZeros(filter.need_region_code());
  query->offer_region = WithoutFillingZeros(filter.offer_region_code());
  query->channel = filter.channel();
  query->task = filter.task();
  query->field = filter.field();
  query->mode = filter.mode();
  if (!filter.mode().empty() && filter.mode() != kNoGroup) {
    query->mode = policy.ModeCode(filter.mode());
    if (query->mode.empty()) return FieldError("filter.mode", "no cooperation mode");
  }
  switch (filter.simulated()) {
    case pb::SIMULATED_ENTRIES_INCLUDE:
      query->simulated = Simulated::kInclude;
      return absl::OkStatus();
    case pb::SIMULATED_ENTRIES_ONLY:
      query->simulated = Simulated::kOnly;
      return absl::OkStatus();
    case pb::SIMULATED_ENTRIES_UNSPECIFIED:
    case pb::SIMULATED_ENTRIES_EXCLUDE:
      query->simulated = Simulated::kExclude;
      return absl::OkStatus();
    default:
      return FieldError("filter.simulated", "no value of the list");
  }
}

bool IsWay(const StepWay& way, const pb::OpenFigureRequest& request) {
  return static_cast<int>(way.from) == request.figure() && static_cast<int>(way.to) == request.to_step();
}

absl::Status CheckPartOfFigure(const pb::OpenFigureRequest& request) {
  const bool conversion = request.to_step() != pb::ENGAGEMENT_STEP_UNSPECIFIED;
  const auto ways = StepWays();
  if (conversion &&
      std::none_of(ways.begin(), ways.end(), [&](const StepWay& way) { return IsWay(way, request); })) {
    return FieldError("to_step", "no conversion from that figure to that step is counted, and no duration");
  }
  if (request.began() && !conversion) return FieldError("began", "only with to_step");
  if (request.duration() && (!conversion || request.began()))
    return FieldError("duration", "only with to_step, without began");
  if (request.refusal_reason() == pb::REFUSAL_REASON_UNSPECIFIED) return absl::OkStatus();
  if (request.figure() != pb::FIGURE_KIND_REFUSED || conversion)
    return FieldError("refusal_reason", "only with FIGURE_KIND_REFUSED, without to_step");
  if (request.refusal_reason() < 0 || request.refusal_reason() > kRefusalReasons)
    return FieldError("refusal_reason", "no reason of the list");
  return absl::OkStatus();
}

// The entries of a group that the request asks for.
const std::vector<uint32_t>& EntriesOf(const Group& group, const pb::OpenFigureRequest& request) {
  for (const StepDuration& duration : group.durations) {
    if (request.duration() && IsWay({duration.from, duration.to}, request)) return duration.entries;
  }
  for (const StepConversion& conversion : group.conversions) {
    if (IsWay({conversion.from, conversion.to}, request))
      return request.began() ? conversion.began : conversion.reached;
  }
  if (request.refusal_reason() != pb::REFUSAL_REASON_UNSPECIFIED)
    return group.refusals[static_cast<size_t>(request.refusal_reason())];
  return group.figure(static_cast<FigureKind>(request.figure())).entries;
}

std::vector<std::string> IdsOf(const std::vector<uint32_t>& places, std::span<const LedgerRow> rows) {
  std::vector<std::string> ids;
  for (const uint32_t place : places) ids.push_back(rows[place].id);
  std::sort(ids.begin(), ids.end());
  return ids;
}

class Encoder {
 public:
  Encoder(std::span<const LedgerRow> rows, bool include) : rows_(rows), include_(include) {}

  void Encode(const Group& group, pb::StatisticsGroup* out) const {
    out->set_key(group.key);
    out->set_label(group.label);
    out->set_needs(group.needs);
    EncodeFigures(group.figures, out->mutable_figures());
    for (size_t reason = 1; reason < group.refusals.size(); ++reason) {
      if (group.refusals[reason].empty()) continue;
      pb::RefusalCount& count = *out->add_refusals();
      count.set_reason(static_cast<pb::RefusalReason>(reason));
      count.set_entries(static_cast<int64_t>(group.refusals[reason].size()));
      EncodeIds(group.refusals[reason], count.mutable_engagements());
    }
    for (const StepDuration& duration : group.durations) EncodeDuration(duration, out->add_durations());
    for (const StepConversion& one : group.conversions) EncodeConversion(one, out->add_conversions());
    if (!group.earlier) return;
    out->set_earlier_needs(group.earlier_needs);
    EncodeFigures(*group.earlier, out->mutable_earlier_figures());
  }

 private:
  void EncodeIds(const std::vector<uint32_t>& places,
                 google::protobuf::RepeatedPtrField<std::string>* out) const {
    if (!include_) return;
    for (std::string& id : IdsOf(places, rows_)) *out->Add() = std::move(id);
  }
  void EncodeFigures(const std::array<Figure, kFigures>& figures,
                     google::protobuf::RepeatedPtrField<pb::Figure>* out) const {
    for (size_t at = 0; at < figures.size(); ++at) {
      pb::Figure& figure = *out->Add();
      figure.set_kind(static_cast<pb::FigureKind>(at + 1));
      figure.set_entries(static_cast<int64_t>(figures[at].entries.size()));
      figure.set_pairs(figures[at].pairs);
      figure.set_needs(figures[at].needs);
      figure.set_amount_wan(figures[at].amount_wan);
      figure.set_entries_with_amount(figures[at].with_amount);
      EncodeIds(figures[at].entries, figure.mutable_engagements());
    }
  }
  void EncodeDuration(const StepDuration& duration, pb::StepDuration* out) const {
    out->set_from_step(static_cast<pb::EngagementStep>(duration.from));
    out->set_to_step(static_cast<pb::EngagementStep>(duration.to));
    out->set_pairs(static_cast<int64_t>(duration.entries.size()));
    EncodeIds(duration.entries, out->mutable_engagements());
    if (duration.entries.empty()) return;
    out->set_lower_quartile_days(duration.days.lower);
    out->set_median_days(duration.days.median);
    out->set_upper_quartile_days(duration.days.upper);
  }
  void EncodeConversion(const StepConversion& conversion, pb::StepConversion* out) const {
    out->set_from_step(static_cast<pb::EngagementStep>(conversion.from));
    out->set_to_step(static_cast<pb::EngagementStep>(conversion.to));
    out->set_began(static_cast<int64_t>(conversion.began.size()));
    out->set_reached(static_cast<int64_t>(conversion.reached.size()));
    EncodeIds(conversion.began, out->mutable_engagements());
    EncodeIds(conversion.reached, out->mutable_reached_engagements());
    if (conversion.began.empty()) return;
    out->set_low(conversion.interval.low);
    out->set_high(conversion.interval.high);
  }

  const std::span<const LedgerRow> rows_;
  const bool include_;
};

void EncodeInactive(const Statistics& statistics, const Policy& policy, pb::Statistics* out) {
  for (const std::string& id : statistics.inactive_tasks) {
    pb::PlanTask& task = *out->add_inactive_tasks();
    task.set_id(id);
    for (const Task& known : policy.tasks()) {
      if (known.id != id) continue;
      task.set_channel(known.channel);
      task.set_title(known.title);
    }
    for (const Channel& channel : policy.channels()) {
      if (channel.id == task.channel()) task.set_channel_name(channel.name);
    }
  }
}

}  // namespace

absl::StatusOr<StatisticsQuery> DecodeStatisticsRequest(const pb::ComputeStatisticsRequest& request,
                                                        const Policy& policy) {
  StatisticsQuery query;
  DX_ASSIGN_OR_RETURN(query.period, DecodePeriod(request.has_start_time(), request.start_time(),
                                                 request.has_end_time(), request.end_time(), ""));
  if (request.has_earlier_start_time() || request.has_earlier_end_time()) {
    DX_ASSIGN_OR_RETURN(query.earlier,
                        DecodePeriod(request.has_earlier_start_time(), request.earlier_start_time(),
                                     request.has_earlier_end_time(), request.earlier_end_time(), "earlier_"));
    if (query.earlier->end > query.period.first)
      return FieldError(
          "earlier_end_time",
          "lies after start_time: the earlier period comes first, and they have no day in common");
  }
  DX_RETURN_IF_ERROR(DecodeFilter(request.filter(), policy, &query));
  std::set<int> seen;
  for (const int dimension : request.group_by()) {
    if (dimension < 1 || dimension > kDimensions || !seen.insert(dimension).second)
      return FieldError("group_by", "found " + std::to_string(dimension) + ": no dimension, or twice");
    query.dimensions.push_back(static_cast<Dimension>(dimension));
  }
  if (request.expected_region_codes_size() > kExpectedRegionsMax)
    return FieldError("expected_region_codes", "at most " + std::to_string(kExpectedRegionsMax));
  for (const std::string& code : request.expected_region_codes()) {
    DX_RETURN_IF_ERROR(CheckCode("expected_region_codes", code, 4));
    query.expected_regions.push_back(WithoutFillingZeros(code));
  }
  return query;
}

absl::StatusOr<StatisticsQuery> DecodeOpenFigureRequest(const pb::OpenFigureRequest& request,
                                                        const Policy& policy) {
  StatisticsQuery query;
  DX_ASSIGN_OR_RETURN(query.period, DecodePeriod(request.has_start_time(), request.start_time(),
                                                 request.has_end_time(), request.end_time(), ""));
  DX_RETURN_IF_ERROR(DecodeFilter(request.filter(), policy, &query));
  if (request.dimension() < 0 || request.dimension() > kDimensions)
    return FieldError("dimension", "no dimension of the list");
  if (request.dimension() != pb::STATISTICS_DIMENSION_UNSPECIFIED)
    query.dimensions.push_back(static_cast<Dimension>(request.dimension()));
  if (request.figure() < 1 || request.figure() > kFigures)
    return FieldError("figure", "required: FIGURE_KIND_SHOWN to FIGURE_KIND_MATCHED");
  DX_RETURN_IF_ERROR(CheckPartOfFigure(request));
  return query;
}

absl::StatusOr<StatisticsQuery> DecodeSigningRequest(const pb::EstimateSigningRequest& request,
                                                     const Policy& policy, absl::CivilDay today) {
  StatisticsQuery query;
  query.period.first = absl::CivilDay(1990, 1, 1);
  if (!request.filter().mode().empty()) {
    return FieldError("filter.mode",
                      "签约概率不按合作方式给出：多数对到会谈、签约时才写明方式，写明了的本来就更可能签约");
  }
  DX_ASSIGN_OR_RETURN(query.period.end, DecodeDay(request.has_end_time(), request.end_time(), "end_time"));
  query.period.end = std::min(query.period.end, today + 1);
  DX_RETURN_IF_ERROR(DecodeFilter(request.filter(), policy, &query));
  return query;
}

void EncodeStatistics(const Statistics& statistics, std::span<const LedgerRow> rows, const Policy& policy,
                      bool include_engagements, pb::Statistics* out) {
  const Encoder encoder(rows, include_engagements);
  encoder.Encode(statistics.total, out->mutable_total());
  out->mutable_total()->set_label(kTotalLabel);
  for (const GroupTable& table : statistics.tables) {
    pb::StatisticsTable& encoded = *out->add_tables();
    encoded.set_dimension(static_cast<pb::StatisticsDimension>(table.dimension));
    for (const Group& group : table.groups) encoder.Encode(group, encoded.add_groups());
  }
  EncodeInactive(statistics, policy, out);
  for (const ServedRegion& region : statistics.unserved) {
    pb::UnservedRegion& encoded = *out->add_unserved_regions();
    encoded.set_region_code(region.code);
    encoded.set_label(region.label);
    encoded.set_needs(region.needs);
    encoded.set_entries(region.shown);
  }
  out->set_entries(statistics.entries);
  out->set_illustrative_entries(statistics.illustrative);
  out->set_simulated_entries(statistics.simulated);
  out->set_earlier_simulated_entries(static_cast<int64_t>(statistics.simulated_entries.size()) -
                                     statistics.simulated);
  out->set_deleted_need_entries(statistics.need_deleted);
  out->set_simulated_left_out(statistics.simulated_left_out);
  if (include_engagements) {
    for (std::string& id : IdsOf(statistics.simulated_entries, rows))
      *out->add_simulated_engagements() = std::move(id);
  }
  out->set_policy(policy.version());
}

void EncodeSigning(const SigningEstimate& estimate, int forecasts_max, pb::SigningEstimate* out) {
  out->set_decided_pairs(estimate.decided);
  out->set_signed_pairs(estimate.signed_pairs);
  out->set_open_pairs(estimate.open);
  out->set_early_pairs(estimate.early);
  out->set_simulated_pairs(estimate.simulated + estimate.simulated_young);
  out->set_decided_pairs_min(kDecidedMin);
  out->set_signed_pairs_min(kSignedMin);
  out->set_enough(estimate.enough);
  if (!estimate.enough) return;
  out->set_brier(estimate.brier);
  out->set_base_brier(estimate.base_brier);
  for (const ReliabilityBin& bin : estimate.reliability) {
    pb::ReliabilityBin& encoded = *out->add_reliability();
    encoded.set_pairs(bin.cases);
    encoded.set_mean_forecast(bin.forecast);
    encoded.set_signed_share(bin.signed_share);
  }
  out->set_useful(estimate.useful);
  if (!estimate.useful) return;
  for (size_t f = 0; f < kSigningFeatures; ++f) {
    pb::SigningWeight& weight = *out->add_weights();
    weight.set_feature(std::string(SigningFeatureNames()[f]));
    weight.set_weight(estimate.model.weights[f]);
  }
  for (const SigningForecast& forecast : estimate.forecasts) {
    if (out->forecasts_size() == forecasts_max) break;
    pb::SigningForecast& encoded = *out->add_forecasts();
    encoded.set_need(forecast.need);
    encoded.set_offer(forecast.offer);
    encoded.set_probability(forecast.probability);
  }
}

absl::StatusOr<std::vector<std::string>> EngagementsOf(const Statistics& statistics,
                                                       std::span<const LedgerRow> rows,
                                                       const pb::OpenFigureRequest& request) {
  if (statistics.tables.empty()) return IdsOf(EntriesOf(statistics.total, request), rows);
  for (const Group& group : statistics.tables.front().groups) {
    if (group.key == request.key()) return IdsOf(EntriesOf(group, request), rows);
  }
  return WithReason(WithField(absl::NotFoundError("key: no group '" + CutCharacters(request.key(), 60) +
                                                  "' in the dimension; ComputeStatistics lists its keys"),
                              "key"),
                    "GROUP_NOT_FOUND");
}

}  // namespace dongxi
