// Training of the model that tells which indicators are of one quantity (engine/requirement/same_quantity.h)
// on labelled pairs. Pure functions; any thread.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "bench/learn/boosted_trees.h"
#include "bench/requirement/pair_file.h"
#include "engine/requirement/requirement_tables.h"

namespace dongxi::bench {

// A row for each pair of indicators that the engine would compare: label 1 where the offer's number is the
// one that a person named for the need's, else 0.
TreeRows NameRows(std::span<const LabelledPair> pairs, const requirement::RequirementTables& tables,
                  const std::shared_ptr<const StaticModel>& model);

// The content of a same_quantity.tsv without trees: what is trained anew needs no model of before.
std::string NoNameModel();

// The rows' trees as the content of same_quantity.tsv; the same rows give the same bytes. Errors: as
// TrainTrees; Internal for a dump that is none.
absl::StatusOr<std::string> LearnNames(const TreeRows& rows);

}  // namespace dongxi::bench
