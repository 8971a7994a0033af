#include "engine/match/diversity.h"

#include <algorithm>
#include <span>
#include <utility>

#include "engine/base/status_macros.h"
#include "engine/index/dot_product.h"

namespace dongxi {
namespace {

constexpr size_t kProvinceDigits = 2;

class Likeness {
 public:
  Likeness(const Collection& collection, double region_share)
      : collection_(collection),
        region_share_(region_share),
        dim_(static_cast<size_t>(collection.vectors->dim())) {}

  absl::Status Read(std::span<const RankedCandidate> candidates) {
    vectors_.resize(candidates.size() * dim_);
    for (size_t i = 0; i < candidates.size(); ++i) {
      DX_RETURN_IF_ERROR(
          collection_.vectors->CopyVector(candidates[i].doc, std::span(vectors_).subspan(i * dim_, dim_)));
      provinces_.push_back(collection_.documents->region(candidates[i].doc).substr(0, kProvinceDigits));
    }
    return absl::OkStatus();
  }

  double Of(size_t a, size_t b) const {
    const auto cosine =
        static_cast<double>(DotProduct(vectors_.data() + a * dim_, vectors_.data() + b * dim_, dim_));
    const bool same_province = !provinces_[a].empty() && provinces_[a] == provinces_[b];
    return (1 - region_share_) * cosine + (same_province ? region_share_ : 0.0);
  }

 private:
  const Collection& collection_;
  const double region_share_;
  const size_t dim_;
  std::vector<float> vectors_;
  std::vector<std::string_view> provinces_;
};

}  // namespace

absl::Status Diversify(const Collection& collection, const Diversity& diversity,
                       std::vector<RankedCandidate>& ranked) {
  // Barred candidates stand last and stay there.
  const auto first_barred =
      std::find_if(ranked.begin(), ranked.end(), [](const RankedCandidate& one) { return one.barred(); });
  const size_t count = std::min(static_cast<size_t>(first_barred - ranked.begin()), kDiverseCandidates);
  if (diversity.lambda <= 0 || count < 3) return absl::OkStatus();  // the first stays, so the second does
  Likeness likeness(collection, diversity.region_share);
  DX_RETURN_IF_ERROR(likeness.Read(std::span(ranked).first(count)));
  const double highest = ranked.front().total(), lowest = ranked[count - 1].total();
  const double scale = highest > lowest ? 1 / (highest - lowest) : 0;
  std::vector<size_t> left(count), order;
  for (size_t i = 0; i < count; ++i) left[i] = i;
  std::vector<double> nearest(count, -1);  // likeness to the nearest that is placed; at the start to none
  while (!left.empty()) {
    const auto marginal = [&](size_t i) {
      const double relevance = (ranked[i].total() - lowest) * scale;
      return (1 - diversity.lambda) * relevance - (order.empty() ? 0 : diversity.lambda * nearest[i]);
    };
    // The first of equals: that with the higher score.
    const auto best = std::max_element(left.begin(), left.end(),
                                       [&](size_t a, size_t b) { return marginal(a) < marginal(b); });
    const size_t chosen = *best;
    order.push_back(chosen);
    left.erase(best);
    for (const size_t i : left) nearest[i] = std::max(nearest[i], likeness.Of(chosen, i));
  }
  std::vector<RankedCandidate> placed;
  placed.reserve(count);
  for (const size_t i : order) placed.push_back(std::move(ranked[i]));
  std::move(placed.begin(), placed.end(), ranked.begin());
  return absl::OkStatus();
}

}  // namespace dongxi
