// 创新联合体: the smallest set of offers that together cover what a need asks for, and what stays open. Pure
// functions; any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/requirement/elements.h"
#include "engine/requirement/requirement.h"
#include "engine/requirement/requirement_tables.h"

namespace dongxi::requirement {

// Weighted set cover: every element that some candidate covers is covered, at the least cost.
inline constexpr size_t kElementsMax = 64;
inline constexpr size_t kExactCandidatesMax = 40;  // above it the answer is greedy, with a bound
inline constexpr size_t kExactStepsMax = 2'000;    // of the search; where they do not do, likewise

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
// dominated and kExactStepsMax steps; above, the best found, at least as good as greedy by cost per new
// element without what became superfluous (within H(n) of the optimum, Chvátal 1979), and the better of two
// dual bounds: the greedy prices divided by H(n), and dual ascent element by element. REQUIRES: elements <=
// kElementsMax, costs > 0; bits beyond `elements` are not set.
Cover FindCover(size_t elements, std::span<const CoverCandidate> candidates);

// Numbers as in the API.
enum class ElementKind {
  kIndicator = 1,
  kMaturity = 2,
  kParty = 4,
  kCondition = 5,
  kMaterial = 7,
  kMethod = 8,
  kEffect = 9,
  kProduct = 10,
  kApplication = 11,
};

// What a need consists of, each to be covered by someone.
struct NeedElement {
  ElementKind kind = ElementKind::kIndicator;
  std::string text;  // as printed: 考核指标：锂收率 ≥85%; 对方类型：中试平台; 方法：固沙植被技术
};

// What one offer gives of it.
struct OfferCover {
  const std::vector<RequirementVerdict>* verdicts = nullptr;  // of AssessRequirements; not null
  uint64_t texts = 0;                                         // bit i: text element i is covered
  std::string institution_type;                               // empty unless the offer is an institution
  double cost = 1;                                            // > 0
};

struct Consortium {
  std::vector<NeedElement> elements;
  std::vector<uint64_t> covers;  // of each offer; bit i: element i
  Cover cover;                   // indices are those of the offers
};
// `offers` are all of the same need, so that their verdicts agree in number but for liveness; `texts` are its
// text elements. Elements are indicators, maturity, parties and conditions, in the order of the verdicts,
// then texts; at most kElementsMax. An offer covers those whose verdict is kMet; one that liveness blocks
// covers nothing. Where nobody has the maturity, but someone comes near enough for a pilot base to bring it
// there (routes.tsv: pilot_platform), an institution that can be the pilot base covers it, and the element
// says so.
Consortium ProposeConsortium(std::span<const TextElement> texts, std::span<const OfferCover> offers,
                             const RequirementTables& tables);

}  // namespace dongxi::requirement
