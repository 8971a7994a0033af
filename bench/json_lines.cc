#include "bench/json_lines.h"

#include <fstream>
#include <set>

#include "engine/base/status_macros.h"

namespace dongxi::bench {

absl::Status ReadJsonLines(const std::filesystem::path& file,
                           const std::function<absl::Status(const nlohmann::json& object)>& visit) {
  std::ifstream in(file);
  if (!in) return absl::NotFoundError(file.string() + ": cannot be read; expected a file of JSON Lines");
  std::string line;
  for (int number = 1; std::getline(in, line); ++number) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    const std::string place = file.string() + ":" + std::to_string(number) + ": ";
    const nlohmann::json object = nlohmann::json::parse(line, nullptr, /*allow_exceptions=*/false);
    if (!object.is_object()) return absl::InvalidArgumentError(place + "not a JSON object on one line");
    if (const absl::Status status = visit(object); !status.ok()) {
      return absl::Status(status.code(), place + std::string(status.message()));
    }
  }
  return absl::OkStatus();
}

std::string StringOf(const nlohmann::json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::vector<std::string> StringsOf(const nlohmann::json& object, const char* key) {
  std::vector<std::string> strings;
  const auto found = object.find(key);
  if (found == object.end() || !found->is_array()) return strings;
  for (const nlohmann::json& item : *found) {
    if (item.is_string()) strings.push_back(item.get<std::string>());
  }
  return strings;
}

absl::StatusOr<std::vector<TextQuery>> ReadQueries(const std::filesystem::path& file) {
  std::vector<TextQuery> queries;
  std::set<std::string> ids;
  DX_RETURN_IF_ERROR(ReadJsonLines(file, [&](const nlohmann::json& object) -> absl::Status {
    TextQuery query = {StringOf(object, "id"), StringOf(object, "title"), StringOf(object, "text")};
    if (query.id.empty()) return absl::InvalidArgumentError("query without \"id\"");
    if (query.title.empty() && query.text.empty()) {
      return absl::InvalidArgumentError("query " + query.id + " has neither \"title\" nor \"text\"");
    }
    if (!ids.insert(query.id).second)
      return absl::InvalidArgumentError("query id " + query.id + " stands twice");
    queries.push_back(std::move(query));
    return absl::OkStatus();
  }));
  if (queries.empty())
    return absl::InvalidArgumentError(file.string() + ": no query; expected lines of id, title, text");
  return queries;
}

}  // namespace dongxi::bench
