// JSON Lines files, plain or packed with xz, an object a line.
#pragma once

#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace dongxi {

// One line; the getters' errors name file, line and key.
struct JsonRow {
  std::string place;  // file:line
  nlohmann::json object;

  // Empty if the key is absent or null. InvalidArgument if it is no string, or, `required`, empty.
  absl::StatusOr<std::string> Text(const std::string& key, bool required = false) const;
  // Empty if the key is absent or null. InvalidArgument if it is no list of strings.
  absl::StatusOr<std::vector<std::string>> Texts(const std::string& key) const;
};

// Calls `visit` for every line that is not blank, in order, until it returns an error. A name that ends in
// .xz is unpacked on the way. InvalidArgument names the line that is no JSON object; DataLoss: not xz, or
// damaged.
absl::Status ReadJsonRows(const std::filesystem::path& file,
                          const std::function<absl::Status(const JsonRow&)>& visit);

}  // namespace dongxi
