// Whether a word of liveness.tsv is said of the record itself, and now. Private to engine/requirement. Pure
// functions; any thread.
#pragma once

#include "engine/requirement/liveness_place.h"

namespace dongxi::requirement {

// The row that the word says: mostly its own; a milder one where the text says so (an exclusive licence that
// ends, a retired expert who takes part). Null: the word says nothing of the record now (another's, a plan, a
// denial, a thing of the past).
const LivenessRow* RightSaid(const LivenessPlace& at);        // of a result's IP status
const LivenessRow* ExpertSaid(const LivenessPlace& at);       // of an expert's text
const LivenessRow* InstitutionSaid(const LivenessPlace& at);  // of an institution's

// Of a word in the abstract of a result without an IP status: it is said of the result's own right
// (本成果专利已失效), not of its matter (催化剂失效后).
bool IsOfTheRight(const LivenessPlace& at);

// The heaviest that a single clause says by two things that it names together, in a text of which no word of
// the table says anything. Of that scope (ip, expert, institution).
struct ClauseSaid {
  const LivenessRow* row = nullptr;  // null: none does
  size_t begin = 0, end = 0;
};
ClauseSaid SaidByClause(std::u32string_view text, std::string_view scope, const RequirementTables& tables);

}  // namespace dongxi::requirement
