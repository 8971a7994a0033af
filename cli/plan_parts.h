// What the commands of dongxi plan share, whether the plan lies in a folder or on a server.
#pragma once

#include <string>
#include <string_view>
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

// FailedPrecondition, with what to do instead, if --out holds a plan that is no draft, or that cannot be
// read, and there is no --force. A copy of the server's plan `served` may be renewed. Under a FolderLock, or
// again.
absl::Status MayOverwrite(const PlanOptions& options, std::string_view served = {});

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
