// A need from a JSON file, for `dongxi match --need-file`. Understands what an import file understands:
// English and Chinese keys, Chinese words for modes and conditions, names of regions.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "dongxi/v1/records.pb.h"
#include "engine/record/field_schema.h"
#include "engine/record/record.h"

namespace dongxi::cli {

// The need in `json`, one object. `id` and contact data are left out: the need is not taken from the
// catalogue. InvalidArgument (Chinese, every wrong key with what was found, what is expected and the remedy),
// naming `file`.
absl::StatusOr<v1::Need> ParseNeed(const std::string& json, const std::string& file);

// Reads and parses the file.
absl::StatusOr<v1::Need> ReadNeedFile(const std::string& file);

// The names of regions and modes that were compiled in. Lives as long as the program.
const ImportVocabulary& BuiltInWords();
// The fields of a need as a request has them; without a name.
v1::Need NeedToProto(const Record& record);

}  // namespace dongxi::cli
