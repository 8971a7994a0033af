// What a record that comes over the wire must fulfil before it is stored or matched. Pure functions; any
// thread.
#pragma once

#include <vector>

#include "engine/record/field_schema.h"

namespace dongxi {

// The problems of ValidateRecord and, which needs the policy tables, modes that are no codes: a mode that
// nobody knows would be stored and never match. Empty if the record is valid.
std::vector<FieldProblem> CheckRecord(const Record& record, const ImportVocabulary& vocabulary);

}  // namespace dongxi
