#include "bench/judge/numbered_lines.h"

#include <fstream>

#include "bench/json_lines.h"

namespace dongxi::bench {

absl::Status VisitJsonLines(const std::filesystem::path& file,
                            const std::function<absl::Status(const NumberedObject& object)>& visit) {
  std::ifstream in(file);
  if (!in) return absl::NotFoundError(file.string() + ": cannot be read; expected a file of JSON Lines");
  NumberedObject object;
  for (int number = 1; std::getline(in, object.line); ++number) {
    if (number == 1 && object.line.starts_with("\xEF\xBB\xBF")) object.line.erase(0, 3);
    if (object.line.ends_with('\r')) object.line.pop_back();
    if (object.line.find_first_not_of(" \t") == std::string::npos) continue;
    object.place = file.string() + ":" + std::to_string(number);
    object.object = nlohmann::json::parse(object.line, nullptr, /*allow_exceptions=*/false);
    if (!object.object.is_object())
      return absl::InvalidArgumentError(object.place + ": not a JSON object on one line");
    if (const absl::Status status = visit(object); !status.ok())
      return absl::Status(status.code(), object.place + ": " + std::string(status.message()));
  }
  return absl::OkStatus();
}

absl::Status ReadWord(const nlohmann::json& object, const char* key, std::string& word) {
  word = StringOf(object, key);
  const std::string name = "\"" + std::string(key) + "\"";
  if (word.empty())
    return absl::InvalidArgumentError(name + " is missing, empty or no string; expected an id; add it");
  if (word.find_first_of(" \t\r\n\v\f") != std::string::npos) {
    return absl::InvalidArgumentError(name + " \"" + word +
                                      "\" holds white space; expected an id of one word, as qrels need");
  }
  return absl::OkStatus();
}

}  // namespace dongxi::bench
