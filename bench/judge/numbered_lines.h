// JSON Lines with the number of every line, for messages that must name places. Any thread.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>

#include "absl/status/status.h"
#include "nlohmann/json.hpp"

namespace dongxi::bench {

// An object and where it stands.
struct NumberedObject {
  std::string place;  // engagements.jsonl:12
  std::string line;   // as it is in the file, without the line end
  nlohmann::json object;
};

// As ReadJsonLines (bench/json_lines.h); a byte order mark in front is passed over.
absl::Status VisitJsonLines(const std::filesystem::path& file,
                            const std::function<absl::Status(const NumberedObject& object)>& visit);

// `key` as one word for TREC files. InvalidArgument if it is absent, empty, no string, or holds white space.
absl::Status ReadWord(const nlohmann::json& object, const char* key, std::string& word);

}  // namespace dongxi::bench
