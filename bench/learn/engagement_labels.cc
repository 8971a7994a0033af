#include "bench/learn/engagement_labels.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/base/status_macros.h"
#include "nlohmann/json.hpp"

namespace dongxi::bench {
namespace {

constexpr char kPositionKey[] = "position";

// 0 if the line has none.
absl::StatusOr<int64_t> PositionOf(const Engagement& engagement) {
  std::string_view line = engagement.line;
  if (line.starts_with("\xEF\xBB\xBF")) line.remove_prefix(3);
  const nlohmann::json object = nlohmann::json::parse(line, nullptr, /*allow_exceptions=*/false);
  if (!object.is_object() || !object.contains(kPositionKey)) return 0;
  const nlohmann::json& value = object[kPositionKey];
  if (value.is_number_integer() && value.get<int64_t>() >= 1) return value.get<int64_t>();
  return absl::InvalidArgumentError(
      engagement.place + ": \"position\" is " + value.dump() +
      ", expected a whole number from 1: the rank at which the candidate was shown");
}

}  // namespace

absl::StatusOr<EngagementLabels> LabelEngagements(const std::vector<Engagement>& engagements,
                                                  const PropensityOptions& options) {
  EngagementLabels labels;
  std::map<std::pair<std::string, std::string>, int64_t> positions;
  for (const Engagement& engagement : engagements) {
    EngagementLabel& label = labels.needs[engagement.need][engagement.candidate];
    label.grade = std::max(label.grade, GradeOfStep(engagement.step).value_or(0));
    DX_ASSIGN_OR_RETURN(const int64_t position, PositionOf(engagement));
    if (position > 0) positions.try_emplace({engagement.need, engagement.candidate}, position);
  }
  for (auto& [need, candidates] : labels.needs) {
    for (auto& [candidate, label] : candidates) {
      const auto position = positions.find({need, candidate});
      if (position == positions.end()) {
        labels.without_position += label.grade > 0 ? 1 : 0;
        continue;
      }
      label.weight =
          std::min(std::pow(static_cast<double>(position->second), options.eta), options.weight_max);
    }
  }
  return labels;
}

}  // namespace dongxi::bench
