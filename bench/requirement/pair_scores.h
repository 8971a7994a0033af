// What the reading of indicators is worth on labelled pairs. Pure functions; any thread.
#pragma once

#include <array>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "bench/requirement/pair_file.h"

namespace dongxi::bench {

// A verdict is right if its label is that of the labelled indicator that holds its number and, unless it is
// unknown, the offer's number lies in the labelled span. Precision counts verdicts other than unknown, on
// numbers that nobody labelled too; recall counts labels other than unknown.
struct PairScores {
  size_t pairs = 0, labelled = 0, predicted = 0, right = 0;  // all without unknown
  std::array<std::array<size_t, 4>, 4> confusion = {};       // [label][verdict], in the order of Outcome
  std::array<size_t, 4> right_by_label = {};
  size_t sure = 0, sure_right = 0;  // verdicts without IndicatorVerdict::likely
  size_t unlabelled = 0;            // verdicts other than unknown on numbers that nobody labelled
  size_t contradictions_unknown = 0;
  size_t need_unread = 0, offer_unread = 0;  // labels other than unknown whose number was not read there
  std::vector<std::string> errors;           // one a line, for people

  // Counts and errors of `other` too: figures of both are over all their verdicts and labels.
  void Add(const PairScores& other);
  size_t contradictions() const;  // labelled
  double sure_share() const {
    return predicted == 0 ? 0 : static_cast<double>(sure) / static_cast<double>(predicted);
  }
  double precision() const {
    return predicted == 0 ? 0 : static_cast<double>(right) / static_cast<double>(predicted);
  }
  double sure_precision() const {
    return sure == 0 ? 0 : static_cast<double>(sure_right) / static_cast<double>(sure);
  }
  double recall() const {
    return labelled == 0 ? 0 : static_cast<double>(right) / static_cast<double>(labelled);
  }
};

// `half` 1 to kPartsOfPairs; 0: all. `model` knows which names mean much the same; null: names count as they
// stand.
PairScores ScorePairs(std::span<const LabelledPair> pairs, int half,
                      const requirement::RequirementTables& tables,
                      const std::shared_ptr<const StaticModel>& model);

// Precision and recall by label, the confusion, and with `errors` each error.
std::string ScoresText(const PairScores& scores, bool errors);

}  // namespace dongxi::bench
