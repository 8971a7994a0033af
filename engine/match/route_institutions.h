// Who could take a way over a gap of maturity: the partners of the same answer. Pure.
#pragma once

#include "engine/index/document_table.h"
#include "engine/match/match.h"

namespace dongxi {

inline constexpr size_t kRouteInstitutionsMax = 3;  // a verdict

// Names in every maturity verdict with routes the first partners of the answer's page whose type can take one
// of them (routes.tsv), in the list's order, in `route_institutions` and at the end of the reason. Barred
// partners and the entry itself are passed over. `documents` are the offers that the answer was made from.
// Called again after entries went from the answer, it names those that are left instead.
void NameRouteInstitutions(const DocumentTable& documents, MatchAnswer& answer);

}  // namespace dongxi
