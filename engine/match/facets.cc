#include "engine/match/facets.h"

#include <algorithm>
#include <set>

namespace dongxi {
namespace {

constexpr size_t kProvinceDigits = 2;

std::set<std::string> OrNone(const std::vector<std::string_view>& values) {
  if (values.empty()) return {""};
  return {values.begin(), values.end()};
}

// Each value once, however often the record repeats it.
std::set<std::string> ValuesOf(FacetKind kind, const DocumentTable& documents, DocId candidate,
                               DocId evidence) {
  switch (kind) {
    case FacetKind::kKind:
      return {std::string(CollectionOf(documents.kind(candidate)))};
    case FacetKind::kType:
      return {std::string(documents.type(candidate))};
    case FacetKind::kRegion:
      return {std::string(documents.region(candidate).substr(0, kProvinceDigits))};
    case FacetKind::kField:
      return OrNone(documents.fields(candidate));
    case FacetKind::kMaturity: {
      const int level = documents.maturity(evidence);
      return {level == 0 ? std::string() : std::to_string(level)};
    }
    case FacetKind::kMode:
      return OrNone(documents.modes(evidence));
  }
  return {};
}

}  // namespace

FacetCounter::FacetCounter(std::span<const FacetKind> kinds)
    : kinds_(kinds.begin(), kinds.end()), counts_(kinds.size()) {}

void FacetCounter::Add(const DocumentTable& documents, DocId candidate, DocId evidence) {
  ++candidates_;
  for (size_t i = 0; i < kinds_.size(); ++i) {
    for (const std::string& value : ValuesOf(kinds_[i], documents, candidate, evidence)) ++counts_[i][value];
  }
}

void CountAdequate(std::span<const DocumentScore> scores, const DocumentTable& documents, double threshold,
                   FacetCounter& counter) {
  for (const DocumentScore& score : scores) {
    if (score.adequacy >= threshold) counter.Add(documents, score.doc, score.doc);
  }
}

std::vector<Facet> FacetCounter::Facets() const {
  std::vector<Facet> facets;
  for (size_t i = 0; i < kinds_.size(); ++i) {
    Facet facet{.kind = kinds_[i], .values = {}, .distinct = counts_[i].size()};
    for (const auto& [value, count] : counts_[i]) facet.values.push_back({value, count});
    // The map's order, by value, decides among equal counts.
    std::stable_sort(facet.values.begin(), facet.values.end(),
                     [](const FacetValue& a, const FacetValue& b) { return a.count > b.count; });
    if (facet.values.size() > kFacetValuesMax) facet.values.resize(kFacetValuesMax);
    facets.push_back(std::move(facet));
  }
  return facets;
}

}  // namespace dongxi
