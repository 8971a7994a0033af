// 创新联合体: the smallest set of offers that together cover what a need asks for, what stays open, and the
// one question to the need's owner that would help most. Pure functions; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/record/record.h"
#include "engine/requirement/assess.h"

namespace dongxi::requirement {

// Weighted set cover: every element that some candidate covers is covered, at the least cost.
inline constexpr size_t kElementsMax = 64;
inline constexpr size_t kExactCandidatesMax = 40;  // above it the answer is greedy, with a bound

struct CoverCandidate {
  uint64_t covers = 0;  // bit i: element i
  double cost = 1;      // > 0
};
struct Cover {
  std::vector<size_t> chosen;  // indices of candidates, ascending
  uint64_t open = 0;           // elements that no candidate covers
  double cost = 0;
  double lower_bound = 0;  // no cover costs less; equals cost where it is exact
  bool exact = false;
};
// Exact (branch and bound, ties by the lower indices) up to kExactCandidatesMax candidates that are not
// dominated; above, greedy by cost per new element without what became superfluous (within H(n) of the
// optimum, Chvátal 1979), and the better of two dual bounds: the greedy prices divided by H(n), and dual
// ascent element by element. REQUIRES: elements <= kElementsMax, costs > 0; bits beyond `elements` are not
// set.
Cover FindCover(size_t elements, std::span<const CoverCandidate> candidates);

// What a need consists of, each to be covered by someone.
struct NeedElement {
  std::string name;  // 考核指标：锂收率 ≥85%; 环境条件：高海拔; 对方类型：中试平台
  RequirementKind kind = RequirementKind::kIndicator;
  size_t verdict = 0;  // its place in the verdicts of AssessRequirements
};
struct Consortium {
  std::vector<NeedElement> elements;
  Cover cover;                    // indices are those of the offers
  std::vector<std::string> open;  // names of what nobody covers
};
// One list of verdicts an offer, all of the same need (so that they agree in length but for liveness);
// `costs` as long. An element is covered by an offer whose verdict is kMet; an offer that liveness blocks
// covers nothing. Elements are indicators, maturity, parties and conditions, at most kElementsMax.
Consortium ProposeConsortium(std::span<const std::vector<RequirementVerdict>> offers,
                             std::span<const double> costs);

// The question whose answer would part the offers most: of what the need leaves open and the offers answer
// differently, that with the highest entropy (bits) over the offers. Nothing where the offers do not differ.
struct OwnerQuestion {
  std::string text;  // Chinese: 对“锂收率”有没有要求？候选的数值从 80% 到 92%。
  double bits = 0;
};
std::optional<OwnerQuestion> BestQuestion(const NeedReading& need, std::span<const OfferReading> offers);

}  // namespace dongxi::requirement
