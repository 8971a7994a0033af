// What is wrong with a file or a cell, in the three parts that every error of the import names, in Chinese.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace dongxi {

struct Complaint {
  std::string found;
  std::string expected;
  std::string remedy;
  bool operator==(const Complaint&) const = default;
};

// As InvalidArgument, the parts kept as payloads, and back. Any other status becomes its message as `found`.
absl::Status ToStatus(const Complaint& complaint);
Complaint ToComplaint(const absl::Status& status);

}  // namespace dongxi
