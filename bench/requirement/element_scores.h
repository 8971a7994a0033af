// What the reading of elements, and the judgement of who covers them, are worth on the hand-labelled sets.
// Pure functions; any thread.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "bench/requirement/element_file.h"
#include "engine/embed/static_model.h"
#include "engine/record/record.h"
#include "engine/requirement/element_cover.h"

namespace dongxi::bench {

struct Found {
  size_t labelled = 0, predicted = 0, right = 0;
  double precision() const {
    return predicted == 0 ? 0 : static_cast<double>(right) / static_cast<double>(predicted);
  }
  double recall() const {
    return labelled == 0 ? 0 : static_cast<double>(right) / static_cast<double>(labelled);
  }
};

// Records of the sample by kind and id.
using RecordsByName = std::map<RecordName, Record>;

// An element read is right if a labelled one of the same kind and field shares at least half of the shorter
// of the two with it; each label counts once.
struct ElementScores {
  Found all;
  std::map<std::string, Found> by_kind;
  Found any_kind;                   // whatever the kinds
  std::vector<std::string> errors;  // one a line, for people
};
// `half` 1 or 2. Labels of needs that are not in `records` are errors.
ElementScores ScoreElements(std::span<const LabelledNeed> needs, int half, const RecordsByName& records,
                            const requirement::RequirementTables& tables);

// Precision and recall of covered.
struct CoverScores {
  Found all;
  std::vector<std::string> errors;
};
// Judgements of offers (results) that are not in `records` are errors.
CoverScores ScoreCovers(std::span<const LabelledCover> covers, int half, const RecordsByName& records,
                        const requirement::TermIdf& idf, const StaticModel* model,
                        const requirement::RequirementTables& tables);

// Of the offers among `records`, as the index of a generation counts it.
requirement::TermIdf IdfOf(const RecordsByName& records);

std::string ScoresText(const ElementScores& scores, bool errors);
std::string ScoresText(const CoverScores& scores, bool errors);

}  // namespace dongxi::bench
