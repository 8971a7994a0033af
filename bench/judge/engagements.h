// What became of matches, step by step, as portals and organisers note it. Any thread.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace dongxi::bench {

struct Engagement {
  std::string need;
  std::string candidate;
  std::string step;
  std::string date;   // YYYY-MM-DD, the day as it is written, whatever zone stands behind the time
  std::string place;  // file:line
  std::string line;   // as in the file
};

// The judgement that a step stands for: shown, viewed, refused 0; interested 1; met 2; signed, registered,
// delivered 3. Nothing for another word.
std::optional<int> GradeOfStep(std::string_view step);

// Lines {"need", "candidate", "step", "time", "reason"}, in the file's order. Errors name file and line:
// NotFound; InvalidArgument for an id that is missing or no single word, an unknown step, a time that does
// not begin with a day that exists, a file without any line.
absl::StatusOr<std::vector<Engagement>> ReadEngagements(const std::filesystem::path& file);

// True for YYYY-MM-DD of a day that exists.
bool IsDay(std::string_view text);

}  // namespace dongxi::bench
