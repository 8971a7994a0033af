// Ranking profiles, weights, diversity, facets and read masks.
#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "engine/base/status_macros.h"
#include "server/convert_parts.h"
#include "server/grpc_status.h"

namespace dongxi {
namespace {

using google::protobuf::util::FieldMaskUtil;

constexpr double kLowLambda = 0.2, kHighLambda = 0.5;

bool IsAll(const google::protobuf::FieldMask& mask) {
  return mask.paths().empty() ||
         std::find(mask.paths().begin(), mask.paths().end(), "*") != mask.paths().end();
}

// The field of a pb::RankingWeights that a weight stands in.
struct WeightField {
  WeightKind kind;
  bool (pb::RankingWeights::*has)() const;
  double (pb::RankingWeights::*get)() const;
  void (pb::RankingWeights::*set)(double);
};
constexpr WeightField kWeightFields[] = {
    {WeightKind::kLexical, &pb::RankingWeights::has_lexical, &pb::RankingWeights::lexical,
     &pb::RankingWeights::set_lexical},
    {WeightKind::kSemantic, &pb::RankingWeights::has_semantic, &pb::RankingWeights::semantic,
     &pb::RankingWeights::set_semantic},
    {WeightKind::kFeedback, &pb::RankingWeights::has_feedback, &pb::RankingWeights::feedback,
     &pb::RankingWeights::set_feedback},
    {WeightKind::kPolicy, &pb::RankingWeights::has_policy, &pb::RankingWeights::policy,
     &pb::RankingWeights::set_policy},
    {WeightKind::kMode, &pb::RankingWeights::has_mode, &pb::RankingWeights::mode,
     &pb::RankingWeights::set_mode},
    {WeightKind::kMaturity, &pb::RankingWeights::has_maturity, &pb::RankingWeights::maturity,
     &pb::RankingWeights::set_maturity},
    {WeightKind::kCondition, &pb::RankingWeights::has_condition, &pb::RankingWeights::condition,
     &pb::RankingWeights::set_condition},
};
static_assert(std::size(kWeightFields) == kWeightKinds);

absl::Status OutOfBounds(const std::string& field, double found, double low, double high) {
  return WithReason(FieldError(field, absl::StrFormat("found %g, expected %g to %g", found, low, high)),
                    "OUT_OF_BOUNDS");
}

absl::Status OverrideWeights(const pb::RankingWeights& given, RankingWeights& weights) {
  for (const WeightField& field : kWeightFields) {
    if (!(given.*field.has)()) continue;
    const WeightSpec& spec = WeightSpecs()[static_cast<size_t>(field.kind)];
    const double value = (given.*field.get)();
    if (!(value >= spec.low && value <= spec.high))
      return OutOfBounds("weights." + std::string(spec.name), value, spec.low, spec.high);
    weights.factors[static_cast<size_t>(field.kind)] = value;
  }
  return absl::OkStatus();
}

absl::Status OverrideDiversity(const pb::Diversity& given, Diversity& diversity) {
  switch (given.level()) {
    case pb::Diversity::LEVEL_UNSPECIFIED:
      break;
    case pb::Diversity::OFF:
      diversity.lambda = 0;
      break;
    case pb::Diversity::LOW:
      diversity.lambda = kLowLambda;
      break;
    case pb::Diversity::HIGH:
      diversity.lambda = kHighLambda;
      break;
    default:
      return FieldError("diversity.level",
                        "found " + std::to_string(given.level()) + ", expected OFF, LOW or HIGH");
  }
  if (given.has_lambda()) {
    if (given.level() != pb::Diversity::LEVEL_UNSPECIFIED)
      return FieldError("diversity", "level and lambda say the same; set one of them");
    if (!(given.lambda() >= 0 && given.lambda() <= kDiversityMax))
      return OutOfBounds("diversity.lambda", given.lambda(), 0, kDiversityMax);
    diversity.lambda = given.lambda();
  }
  if (given.has_region_share()) {
    if (!(given.region_share() >= 0 && given.region_share() <= 1))
      return OutOfBounds("diversity.region_share", given.region_share(), 0, 1);
    diversity.region_share = given.region_share();
  }
  return absl::OkStatus();
}

absl::StatusOr<RankingChoice> Choose(const std::string& name, const pb::RankingWeights& weights,
                                     const pb::Diversity& diversity,
                                     std::shared_ptr<const RankingConfig> base) {
  const std::shared_ptr<const RankingProfiles> profiles =
      base->profiles != nullptr ? base->profiles : RankingProfiles::DefaultOnly();
  const RankingProfile* profile = profiles->Find(name.empty() ? "default" : name);
  if (profile == nullptr) {
    std::string known;
    for (const RankingProfile& one : profiles->all())
      absl::StrAppend(&known, known.empty() ? "" : ", ", one.name);
    return FieldError("ranking_profile", "found " + Shown(name) + ", expected one of " + known);
  }
  RankingChoice choice{.profile = *profile, .config = nullptr};
  DX_RETURN_IF_ERROR(OverrideWeights(weights, choice.profile.weights));
  DX_RETURN_IF_ERROR(OverrideDiversity(diversity, choice.profile.diversity));
  choice.config = Weighed(std::move(base), choice.profile.weights);
  return choice;
}

pb::FacetField FieldOf(FacetKind kind) {
  switch (kind) {
    case FacetKind::kKind:
      return pb::FACET_FIELD_KIND;
    case FacetKind::kType:
      return pb::FACET_FIELD_TYPE;
    case FacetKind::kRegion:
      return pb::FACET_FIELD_REGION;
    case FacetKind::kField:
      return pb::FACET_FIELD_FIELD;
    case FacetKind::kMaturity:
      return pb::FACET_FIELD_MATURITY;
    case FacetKind::kMode:
      return pb::FACET_FIELD_MODE;
  }
  return pb::FACET_FIELD_UNSPECIFIED;
}

std::string TypeWord(const std::string& code) {
  for (const RecordKind kind : kAllRecordKinds) {
    if (const std::string_view word = WordOf(TypeWords(kind), code); word != code) return std::string(word);
  }
  return code;
}

std::string LabelOf(FacetKind kind, const std::string& value, const Policy& policy) {
  if (value.empty()) return "未填写";
  switch (kind) {
    case FacetKind::kKind: {
      const std::optional<RecordKind> of = KindOfCollection(value);
      return of.has_value() ? std::string(ChineseNameOf(*of)) : value;
    }
    case FacetKind::kType:
      return TypeWord(value);
    case FacetKind::kRegion:
      return policy.RegionName(value);
    case FacetKind::kMaturity:
      return "TRL " + value;
    case FacetKind::kMode:
      return policy.ModeName(value);
    case FacetKind::kField:
      break;
  }
  return value;
}

// As a filter takes it.
std::string FilterValueOf(FacetKind kind, const std::string& value) {
  if (kind != FacetKind::kKind) return value;
  const std::optional<RecordKind> of = KindOfCollection(value);
  return of.has_value() ? pb::RecordKind_Name(KindToProto(*of)) : value;
}

}  // namespace

void TrimTo(const google::protobuf::FieldMask& mask, google::protobuf::Message* message) {
  if (!IsAll(mask)) FieldMaskUtil::TrimMessage(mask, message);
}

absl::StatusOr<std::vector<FacetKind>> DecodeFacets(const google::protobuf::RepeatedField<int>& facets) {
  std::vector<FacetKind> kinds;
  for (const int facet : facets) {
    const auto kind = static_cast<FacetKind>(facet - pb::FACET_FIELD_KIND);
    if (facet < pb::FACET_FIELD_KIND || facet > pb::FACET_FIELD_MODE) {
      return FieldError("facets",
                        "found " + std::to_string(facet) +
                            ", expected FACET_FIELD_KIND, _TYPE, _REGION, _FIELD, _MATURITY or _MODE");
    }
    if (std::find(kinds.begin(), kinds.end(), kind) != kinds.end())
      return FieldError("facets", "names " + pb::FacetField_Name(FieldOf(kind)) + " twice");
    kinds.push_back(kind);
  }
  return kinds;
}

void EncodeFacets(const std::vector<Facet>& facets, const Policy& policy,
                  google::protobuf::RepeatedPtrField<pb::Facet>* out) {
  for (const Facet& facet : facets) {
    pb::Facet* message = out->Add();
    message->set_field(FieldOf(facet.kind));
    message->set_distinct(static_cast<int64_t>(facet.distinct));
    for (const FacetValue& value : facet.values) {
      pb::FacetValue* counted = message->add_values();
      counted->set_value(FilterValueOf(facet.kind, value.value));
      counted->set_label(LabelOf(facet.kind, value.value, policy));
      counted->set_count(static_cast<int64_t>(value.count));
    }
  }
}

void EncodeRanking(const RankingChoice& choice, pb::Ranking* out) {
  out->set_profile(choice.profile.name);
  out->set_profile_title(choice.profile.title);
  for (const WeightField& field : kWeightFields)
    (out->mutable_weights()->*field.set)(choice.profile.weights[field.kind]);
  out->mutable_diversity()->set_lambda(choice.profile.diversity.lambda);
  out->mutable_diversity()->set_region_share(choice.profile.diversity.region_share);
  out->set_per_institution_max(choice.profile.per_institution_max);
}

absl::Status ChooseRanking(const pb::MatchRequest& request, std::shared_ptr<const RankingConfig> base,
                           MatchCall* call) {
  DX_ASSIGN_OR_RETURN(call->ranking, Choose(request.ranking_profile(), request.weights(), request.diversity(),
                                            std::move(base)));
  MatchSettings& settings = call->question.settings;
  settings.diversity = call->ranking.profile.diversity;
  int& most = call->ranking.profile.per_institution_max;
  if (request.per_institution_max() != 0 || most == 0) most = settings.per_institution_max;
  settings.per_institution_max = most;
  return absl::OkStatus();
}

absl::Status ChooseRanking(const pb::ReverseMatchRequest& request, std::shared_ptr<const RankingConfig> base,
                           ReverseMatchCall* call) {
  DX_ASSIGN_OR_RETURN(call->ranking, Choose(request.ranking_profile(), request.weights(), request.diversity(),
                                            std::move(base)));
  call->settings.diversity = call->ranking.profile.diversity;
  call->ranking.profile.per_institution_max = 0;  // needs have no such cap
  return absl::OkStatus();
}

}  // namespace dongxi
