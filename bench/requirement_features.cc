#include "bench/requirement_features.h"

#include <algorithm>
#include <array>

#include "bench/quality/scores.h"
#include "engine/base/crc32c.h"
#include "engine/base/status_macros.h"

namespace dongxi::bench {
namespace {

using requirement::Outcome;
using requirement::RequirementKind;
using requirement::RequirementVerdict;
using Verdicts = std::span<const RequirementVerdict>;

constexpr std::array kWeights = {0.0, 0.25, -0.25, 0.5, -0.5, 1.0, -1.0, 2.0, -2.0, 4.0, -4.0};

double Share(Verdicts verdicts, RequirementKind kind, Outcome outcome) {
  double asked = 0, found = 0;
  for (const RequirementVerdict& verdict : verdicts) {
    if (verdict.kind != kind) continue;
    ++asked;
    found += verdict.outcome == outcome;
  }
  return asked == 0 ? 0 : found / asked;
}

template <RequirementKind kKind>
double Met(Verdicts verdicts) {
  return Share(verdicts, kKind, Outcome::kMet);
}
template <RequirementKind kKind>
double Excluded(Verdicts verdicts) {
  return -Share(verdicts, kKind, Outcome::kContradictory);
}

double Short(Verdicts verdicts) { return -Share(verdicts, RequirementKind::kIndicator, Outcome::kShort); }

// How much of what is asked for in numbers is spoken of at all.
double Spoken(Verdicts verdicts) {
  const bool asked = std::any_of(verdicts.begin(), verdicts.end(), [](const RequirementVerdict& v) {
    return v.kind == RequirementKind::kIndicator;
  });
  return asked ? 1 - Share(verdicts, RequirementKind::kIndicator, Outcome::kUnknown) : 0;
}

constexpr std::array<RequirementFeature, 10> kFeatures = {{
    {"indicators met", &Met<RequirementKind::kIndicator>},
    {"indicators short", &Short},
    {"indicators excluded", &Excluded<RequirementKind::kIndicator>},
    {"indicators spoken of", &Spoken},
    {"maturity met", &Met<RequirementKind::kMaturity>},
    {"modes met", &Met<RequirementKind::kMode>},
    {"parties met", &Met<RequirementKind::kParty>},
    {"parties excluded", &Excluded<RequirementKind::kParty>},
    {"conditions met", &Met<RequirementKind::kCondition>},
    {"not available", &Excluded<RequirementKind::kLiveness>},
}};

SystemRun Reranked(const FeaturedRun& run, size_t feature, double weight) {
  SystemRun reranked;
  for (const auto& [need, candidates] : run) {
    RankedDocuments& ranked = reranked.queries[need];
    for (const FeaturedCandidate& candidate : candidates) {
      ranked.push_back({candidate.id, candidate.score + weight * candidate.features[feature]});
    }
    std::sort(ranked.begin(), ranked.end(), [](const RankedDocument& a, const RankedDocument& b) {
      return a.score != b.score ? a.score > b.score : a.document < b.document;
    });
  }
  return reranked;
}

size_t FoldOf(const std::string& need) { return Crc32c(need) % kFeatureFolds; }

// The weight with the highest sum over the needs outside of `fold`; of equal ones the first, which is 0.
size_t BestWeight(const std::vector<std::vector<double>>& values, const std::vector<std::string>& needs,
                  size_t fold) {
  size_t best = 0;
  double best_sum = -1;
  for (size_t w = 0; w < values.size(); ++w) {
    double sum = 0;
    for (size_t i = 0; i < needs.size(); ++i) sum += FoldOf(needs[i]) == fold ? 0 : values[w][i];
    if (sum > best_sum + 1e-9) best = w, best_sum = sum;
  }
  return best;
}

}  // namespace

std::span<const RequirementFeature> RequirementFeatures() { return kFeatures; }

absl::StatusOr<FeatureTrial> TryFeature(const FeaturedRun& run, const Qrels& qrels, int rel, size_t feature) {
  const ScoreOptions options = {.rel = rel, .measures = {{MeasureKind::kNdcgPool, 10}}};
  std::vector<std::vector<double>> values;
  std::vector<std::string> needs;
  for (const double weight : kWeights) {
    DX_ASSIGN_OR_RETURN(Scores scores, ScoreRun(qrels, Reranked(run, feature, weight), options));
    values.push_back(std::move(scores.values.front()));
    needs = std::move(scores.queries);
  }
  FeatureTrial trial{.name = kFeatures[feature].name,
                     .gains = std::vector<double>(needs.size()),
                     .fold_gains = std::vector<double>(kFeatureFolds),
                     .fold_weights = std::vector<double>(kFeatureFolds)};
  for (size_t fold = 0; fold < kFeatureFolds; ++fold) {
    const size_t chosen = BestWeight(values, needs, fold);
    trial.fold_weights[fold] = kWeights[chosen];
    for (size_t i = 0; i < needs.size(); ++i) {
      if (FoldOf(needs[i]) != fold) continue;
      trial.gains[i] = values[chosen][i] - values[0][i];
      trial.fold_gains[fold] += trial.gains[i];
      trial.needs_moved += trial.gains[i] != 0;
    }
  }
  return trial;
}

}  // namespace dongxi::bench
