#include "engine/requirement/coverage.h"

#include <algorithm>
#include <optional>

#include "absl/strings/str_cat.h"

namespace dongxi::requirement {
namespace {

constexpr std::string_view kPilotRoute = "pilot_platform";

std::optional<ElementKind> ElementOf(RequirementKind kind) {
  switch (kind) {
    case RequirementKind::kIndicator:
      return ElementKind::kIndicator;
    case RequirementKind::kMaturity:
      return ElementKind::kMaturity;
    case RequirementKind::kParty:
      return ElementKind::kParty;
    case RequirementKind::kCondition:
      return ElementKind::kCondition;
    case RequirementKind::kMode:
    case RequirementKind::kLiveness:
      return std::nullopt;
  }
  return std::nullopt;
}

ElementKind ElementOf(TextElementKind kind) {
  switch (kind) {
    case TextElementKind::kMaterial:
      return ElementKind::kMaterial;
    case TextElementKind::kMethod:
      return ElementKind::kMethod;
    case TextElementKind::kEffect:
      return ElementKind::kEffect;
    case TextElementKind::kProduct:
      return ElementKind::kProduct;
    case TextElementKind::kApplication:
      return ElementKind::kApplication;
  }
  return ElementKind::kMethod;
}

bool IsBlocked(const std::vector<RequirementVerdict>& verdicts) {
  return std::any_of(verdicts.begin(), verdicts.end(), [](const RequirementVerdict& one) {
    return one.kind == RequirementKind::kLiveness && one.outcome == Outcome::kContradictory;
  });
}

class ConsortiumMaker {
 public:
  ConsortiumMaker(std::span<const TextElement> texts, std::span<const OfferCover> offers,
                  const RequirementTables& tables)
      : texts_(texts), offers_(offers), tables_(tables) {}

  Consortium Make() {
    AddVerdicts();
    AddTexts();
    for (const OfferCover& offer : offers_)
      consortium_.covers.push_back(IsBlocked(*offer.verdicts) ? 0 : CoveredBy(offer));
    if (maturity_) BringInPilotBase();
    std::vector<CoverCandidate> candidates;
    for (size_t i = 0; i < offers_.size(); ++i)
      candidates.push_back({consortium_.covers[i], offers_[i].cost});
    consortium_.cover = FindCover(consortium_.elements.size(), candidates);
    return std::move(consortium_);
  }

 private:
  void AddVerdicts() {
    const std::vector<RequirementVerdict>& verdicts = *offers_.front().verdicts;
    for (size_t i = 0; i < verdicts.size() && consortium_.elements.size() < kElementsMax; ++i) {
      const std::optional<ElementKind> kind = ElementOf(verdicts[i].kind);
      if (!kind) continue;
      if (*kind == ElementKind::kMaturity) maturity_ = consortium_.elements.size();
      // 成熟度 TRL 7 names itself.
      const std::string word = *kind == ElementKind::kMaturity ? "" : WordOf(verdicts[i].kind) + "：";
      consortium_.elements.push_back({*kind, word + verdicts[i].requirement});
      places_.push_back(i);
    }
  }

  void AddTexts() {
    for (const TextElement& text : texts_) {
      if (consortium_.elements.size() >= kElementsMax) return;
      consortium_.elements.push_back({ElementOf(text.kind), WordOf(text.kind) + "：" + text.text});
    }
  }

  uint64_t CoveredBy(const OfferCover& offer) const {
    uint64_t covered = 0;
    for (size_t i = 0; i < places_.size(); ++i) {
      const size_t place = places_[i];
      if (place < offer.verdicts->size() && (*offer.verdicts)[place].outcome == Outcome::kMet)
        covered |= uint64_t{1} << i;
    }
    for (size_t i = places_.size(); i < consortium_.elements.size(); ++i)
      covered |= (offer.texts >> (i - places_.size()) & 1) << i;
    return covered;
  }

  // Whether pilot_platform is a way for some offer that falls short.
  bool SomeoneCallsForPilot() const {
    return std::any_of(offers_.begin(), offers_.end(), [&](const OfferCover& offer) {
      const size_t place = places_[*maturity_];
      if (place >= offer.verdicts->size() || IsBlocked(*offer.verdicts)) return false;
      const std::vector<std::string>& routes = (*offer.verdicts)[place].routes;
      return std::find(routes.begin(), routes.end(), kPilotRoute) != routes.end();
    });
  }

  void BringInPilotBase() {
    const uint64_t bit = uint64_t{1} << *maturity_;
    for (const uint64_t covers : consortium_.covers) {
      if ((covers & bit) != 0) return;
    }
    const auto route = std::find_if(tables_.routes().begin(), tables_.routes().end(),
                                    [](const RouteRow& row) { return row.code == kPilotRoute; });
    if (route == tables_.routes().end() || !SomeoneCallsForPilot()) return;
    bool found = false;
    for (size_t i = 0; i < offers_.size(); ++i) {
      const std::string& type = offers_[i].institution_type;
      const bool fits = !type.empty() && std::find(route->institutions.begin(), route->institutions.end(),
                                                   type) != route->institutions.end();
      if (!fits || IsBlocked(*offers_[i].verdicts)) continue;
      consortium_.covers[i] |= bit;
      found = true;
    }
    if (found) absl::StrAppend(&consortium_.elements[*maturity_].text, "（经", route->name, "）");
  }

  const std::span<const TextElement> texts_;
  const std::span<const OfferCover> offers_;
  const RequirementTables& tables_;
  std::vector<size_t> places_;  // of the elements that are verdicts, in the verdicts
  std::optional<size_t> maturity_;
  Consortium consortium_;
};

}  // namespace

Consortium ProposeConsortium(std::span<const TextElement> texts, std::span<const OfferCover> offers,
                             const RequirementTables& tables) {
  if (offers.empty()) return {};
  return ConsortiumMaker(texts, offers, tables).Make();
}

}  // namespace dongxi::requirement
