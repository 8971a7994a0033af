// What the commands of dongxi plan share, whether the plan lies in a folder or on a server.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "cli/io.h"
#include "cli/plan_command.h"
#include "engine/plan/event.h"
#include "engine/plan/plan_file.h"

namespace dongxi::cli {

// Says why and returns kExitFailed.
int FailPlan(const absl::Status& status, const Io& io);

// Messages of problems; false if one of them is fatal.
bool ShowProblems(const std::vector<plan::Problem>& problems, const Io& io);

// The event of all inputs and the report. Problems are shown; InvalidArgument without text if one is fatal.
absl::StatusOr<plan::Event> ReadEvent(const PlanOptions& options, const Io& io);

// Figures, the fairness curve, prices and unmet musts, to `io.err`.
void Summarise(const plan::PlanFile& file, const Io& io);

// The parts of 编号=时段 and of 需求方,供给方,时段[,桌]. InvalidArgument shows the form.
struct LateText {
  std::string party, slot;
};
absl::StatusOr<LateText> ParseLate(const std::string& text);
absl::StatusOr<std::vector<std::string>> ParseLock(const std::string& text);  // 3 or 4 parts

// The state that the command asks for: draft, published …; InvalidArgument if the word is none.
absl::StatusOr<plan::State> WantedState(const PlanOptions& options);

// Checks --result, --reason and --amount against each other. InvalidArgument.
absl::Status CheckOutcome(const PlanOptions& options);

}  // namespace dongxi::cli
