// Named ways to weigh a ranking, and how far a caller may go from them: data, not code
// (data/ranking/profiles.json; docs/matching_api.md). Immutable; any thread.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "engine/match/match.h"

namespace dongxi {

struct RankingConfig;

// Each multiplies a weight or bound of the default ranking; 1 leaves it.
enum class WeightKind { kLexical, kSemantic, kFeedback, kPolicy, kMode, kMaturity, kCondition };
inline constexpr size_t kWeightKinds = 7;
struct WeightSpec {
  WeightKind kind;
  std::string_view name;  // as in the file and the API
  double low, high;       // both allowed
};
std::span<const WeightSpec> WeightSpecs();

struct RankingWeights {
  std::array<double, kWeightKinds> factors = {1, 1, 1, 1, 1, 1, 1};
  double operator[](WeightKind kind) const { return factors[static_cast<size_t>(kind)]; }
  bool operator==(const RankingWeights&) const = default;
};

struct RankingProfile {
  std::string name;   // "policy_first"
  std::string title;  // 政策优先
  RankingWeights weights;
  Diversity diversity;
  int per_institution_max = 0;  // 0: the default of the API
};

class RankingProfiles {
 public:
  // Errors name file, profile and key; a weight out of its bounds is one.
  static absl::StatusOr<std::shared_ptr<const RankingProfiles>> Load(const std::string& file);
  // Without any file: "default" alone, which changes nothing.
  static std::shared_ptr<const RankingProfiles> DefaultOnly();

  const std::vector<RankingProfile>& all() const { return profiles_; }  // "default" is the first
  // Null if there is none of that name.
  const RankingProfile* Find(std::string_view name) const;

 private:
  std::vector<RankingProfile> profiles_;
};

// `base` with the weights; `base` itself where all are 1.
std::shared_ptr<const RankingConfig> Weighed(std::shared_ptr<const RankingConfig> base,
                                             const RankingWeights& weights);

}  // namespace dongxi
