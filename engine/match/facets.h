// Counting what a list's candidates are. Internal to engine/match.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "engine/index/document_table.h"
#include "engine/match/candidates.h"
#include "engine/match/match.h"

namespace dongxi {

class FacetCounter {
 public:
  explicit FacetCounter(std::span<const FacetKind> kinds);
  // Counts one candidate; maturity and modes are those of `evidence` (the candidate itself for a result).
  void Add(const DocumentTable& documents, DocId candidate, DocId evidence);
  std::vector<Facet> Facets() const;
  uint64_t candidates() const { return candidates_; }

 private:
  std::vector<FacetKind> kinds_;
  std::vector<std::map<std::string, uint64_t>> counts_;  // one a kind
  uint64_t candidates_ = 0;
};

// Counts the documents of `scores` that are adequate, each for itself.
void CountAdequate(std::span<const DocumentScore> scores, const DocumentTable& documents, double threshold,
                   FacetCounter& counter);

}  // namespace dongxi
