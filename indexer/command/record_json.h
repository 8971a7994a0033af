// A record as one JSON object with the keys that import reads.
#pragma once

#include <string>

#include "engine/record/record.h"

namespace dongxi {

// Empty fields are left out. `indent` 0: one line (JSONL). What import reads back from it is the same record,
// apart from "revision", "create_time" and "update_time", which are written only with `with_history`.
std::string RecordToJson(const Record& record, int indent, bool with_history);

}  // namespace dongxi
