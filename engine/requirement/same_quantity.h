// Whether two indicators are of one quantity, learnt from pairs labelled by hand (data/requirement/
// same_quantity.tsv): boosted trees over what their names, values and rivals have in common. Private to
// engine/requirement and to the command that trains it. Immutable; any thread.
#pragma once

#include <array>
#include <cstdint>
#include <iterator>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace dongxi {
struct TableRow;
}

namespace dongxi::requirement {

// The features by name and in order. Rivals of a pair are the offer's other indicators of the need's
// dimension, and the need's other indicators of the offer's; a lead is what the pair has more than its best
// rival.
inline constexpr const char* kPairFeatureNames[] = {
    "likeness",          // NameLikeness
    "margin",            // LikelyMargin, at least -3
    "conflict",          // 1: NamesConflict
    "complements",       // 1: AreComplements
    "shared_qualifier",  // 1: ShareQualifier
    "same_quantity",     // 1: both are the same quantity of the table
    "both_known",        // 1: both are in the table
    "generic",           // how many of the two say nothing without what they are of
    "modifier_cosine",   // of the names without 率, 时间 …
    "modifier_shared",   // characters, as a share of the longer
    "name_shared",       //
    "end_cosine",        // of their last six characters
    "rest_contained",    // pairs of characters beside the quantity, as a share of the fewer; -1: one has none
    "same_unit",         // 1: written alike
    "same_dimension",    //
    "same_form",         // 1: two levels or two changes
    "value_distance",    // |ln| of the ratio of the values, at most 9
    "needs",             // indicators of the need
    "offers",            // of the offer
    "common",            // longest common subsequence of the names, as a share of the shorter
    "need_rest",         // characters of the need's name that are not in it
    "offer_rest",        // of the offer's
    "both_rest",         // the lower of the two: above 0, each says something that the other does not
    "begin",             // characters that both begin with
    "end",               // characters that both end in
    "shorter",           // characters of the shorter name, particles included
    "circumstances",     // of the offer's value
    "direction",         // 1: both bound the same side, -1: opposite sides, 0: one leaves it open
    "cosine_lead",       // of the whole names, among the offer's
    "likeness_lead",     //
    "common_lead",       //
    "distance_lead",     // of the values; below 0: nearer
    "rivals",            // how many
    "need_likeness_lead",  // among the need's
    "need_common_lead",    //
    "need_distance_lead",  //
    "need_rivals",         //
};
inline constexpr size_t kLikenessFeature = 0;
inline constexpr size_t kPairFeatures = std::size(kPairFeatureNames);
using PairFeatures = std::array<float, kPairFeatures>;

class SameQuantityModel {
 public:
  static constexpr size_t kNodesMax = 20'000;

  // From the rows of same_quantity.tsv (its head says what the columns are). Errors name file and line: a
  // feature that is none of the above, a child that does not stand behind its parent, a number that is not
  // finite, a tree without a first node, more nodes than kNodesMax.
  static absl::StatusOr<SameQuantityModel> FromRows(std::string_view file, const std::vector<TableRow>& rows);

  // 0 to 1. Half without trees. Where it is below `least` the answer may be any number below it: most pairs
  // are hopeless long before the last tree.
  double Probability(const PairFeatures& features, double least = 0) const;

 private:
  void FindBest();

  struct Node {
    int feature = -1;  // -1: a leaf
    float value = 0;   // of a leaf; else the threshold: below it goes `below`
    uint32_t below = 0, above = 0;
  };
  std::vector<Node> nodes_;  // of all trees
  std::vector<uint32_t> roots_;
  std::vector<double> best_from_;  // by tree: the most that it and all behind it can add
};

}  // namespace dongxi::requirement
