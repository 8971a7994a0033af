#include "bench/judge/engagements.h"

#include "absl/time/civil_time.h"
#include "bench/json_lines.h"
#include "bench/judge/numbered_lines.h"
#include "engine/base/status_macros.h"

namespace dongxi::bench {
namespace {

struct StepGrade {
  std::string_view step;
  int grade;
};
constexpr StepGrade kSteps[] = {{"shown", 0}, {"viewed", 0},    {"interested", 1},
                                {"met", 2},   {"signed", 3},    {"registered", 3},
                                {"paid", 3},  {"delivered", 3}, {"refused", 0}};

absl::Status ReadStep(const nlohmann::json& object, std::string& step) {
  step = StringOf(object, "step");
  if (GradeOfStep(step)) return absl::OkStatus();
  std::string known;
  for (const StepGrade& one : kSteps) known += (known.empty() ? "" : ", ") + std::string(one.step);
  return absl::InvalidArgumentError("\"step\" is \"" + step + "\"; expected one of " + known);
}

// The day of "2026-03-01", "2026-03-01T08:00:00+08:00", "2026-03-01 08:00".
absl::Status ReadDay(const nlohmann::json& object, std::string& day) {
  const std::string time = StringOf(object, "time");
  day = time.substr(0, 10);
  if (IsDay(day) && (time.size() == 10 || time[10] == 'T' || time[10] == ' ')) return absl::OkStatus();
  return absl::InvalidArgumentError("\"time\" is \"" + time +
                                    "\"; expected YYYY-MM-DD, with or without a time after it");
}

int Digits(std::string_view text) {
  int value = 0;
  for (const char c : text) value = value * 10 + (c - '0');
  return value;
}

}  // namespace

std::optional<int> GradeOfStep(std::string_view step) {
  for (const StepGrade& one : kSteps) {
    if (one.step == step) return one.grade;
  }
  return std::nullopt;
}

bool IsDay(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  for (const size_t i : {0, 1, 2, 3, 5, 6, 8, 9}) {
    if (text[i] < '0' || text[i] > '9') return false;
  }
  const int year = Digits(text.substr(0, 4)), month = Digits(text.substr(5, 2)),
            day = Digits(text.substr(8, 2));
  const absl::CivilDay date(year, month, day);  // the 31st of April becomes the 1st of May
  return date.year() == year && date.month() == month && date.day() == day;
}

absl::StatusOr<std::vector<Engagement>> ReadEngagements(const std::filesystem::path& file) {
  std::vector<Engagement> engagements;
  DX_RETURN_IF_ERROR(VisitJsonLines(file, [&](const NumberedObject& line) -> absl::Status {
    Engagement engagement{.place = line.place, .line = line.line};
    DX_RETURN_IF_ERROR(ReadWord(line.object, "need", engagement.need));
    DX_RETURN_IF_ERROR(ReadWord(line.object, "candidate", engagement.candidate));
    DX_RETURN_IF_ERROR(ReadStep(line.object, engagement.step));
    DX_RETURN_IF_ERROR(ReadDay(line.object, engagement.date));
    engagements.push_back(std::move(engagement));
    return absl::OkStatus();
  }));
  if (!engagements.empty()) return engagements;
  return absl::InvalidArgumentError(file.string() +
                                    ": no engagement; expected lines of need, candidate, step, time");
}

}  // namespace dongxi::bench
