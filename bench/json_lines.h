// JSON Lines as the benchmarks read them: one object a line. Any thread.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "nlohmann/json.hpp"

namespace dongxi::bench {

// Calls `visit` for every object, blank lines passed over. Errors name file and line: NotFound,
// InvalidArgument for a line that is no JSON object, and those of `visit` (with the place in front).
absl::Status ReadJsonLines(const std::filesystem::path& file,
                           const std::function<absl::Status(const nlohmann::json& object)>& visit);

// A string of an object; "" if it is absent, null or no string.
std::string StringOf(const nlohmann::json& object, const char* key);
// The strings of an array; empty if it is absent.
std::vector<std::string> StringsOf(const nlohmann::json& object, const char* key);

// A query of a file of queries: {"id", "title", "text"}, and whatever else stands there.
struct TextQuery {
  std::string id;
  std::string title;
  std::string text;
};
// InvalidArgument: a query without id, a repeated id, or neither title nor text; no query at all.
absl::StatusOr<std::vector<TextQuery>> ReadQueries(const std::filesystem::path& file);

}  // namespace dongxi::bench
