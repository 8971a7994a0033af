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

// Messages of problems, the fatal ones first; false if there is one.
bool ShowProblems(const std::vector<plan::Problem>& problems, const Io& io);

// The event of all inputs and the report. Problems are shown; InvalidArgument without text if one is fatal.
absl::StatusOr<plan::Event> ReadEvent(const PlanOptions& options, const Io& io);

// FailedPrecondition, with what to do instead, if --out holds a plan that is no draft, or that cannot be
// read, and there is no --force. A copy of the server's plan `served` may be renewed. Under a FolderLock, or
// again.
absl::Status MayOverwrite(const PlanOptions& options, std::string_view served = {});

// Figures, the fairness curve, prices and unmet musts, to `io.err`. After a replan also what a figure was
// `before` it (may be null).
void Summarise(const plan::PlanFile& file, const Io& io, const plan::Figures* before = nullptr);

// A replan in a line: how much it changes, and what that costs. And the pairs that it cancelled for good.
struct ReplanSummary {
  int changes = 0, forced = 0;
  double value = 0, value_bound = 0;
  int blocking_before = 0, blocking_now = 0;
};
void TellReplan(const ReplanSummary& summary, const PlanOptions& options, const Io& io);

// The parts of 编号=时段, of 需求方,供给方,时段[,桌] and of 需求方,供给方, also with the marks of a Chinese
// keyboard (＝ ，). InvalidArgument shows the form.
struct LateText {
  std::string party, slot;
};
absl::StatusOr<LateText> ParseLate(const std::string& text);
absl::StatusOr<std::vector<std::string>> ParseLock(const std::string& text);    // 3 or 4 parts
absl::StatusOr<std::vector<std::string>> ParseCancel(const std::string& text);  // 2 parts
// The forms of all --late, --lock and --cancel. InvalidArgument.
absl::Status CheckReplan(const PlanOptions& options);

// The state that the command asks for: draft, published … or 草案, 已发布 …; InvalidArgument if the word is
// none.
absl::StatusOr<plan::State> WantedState(const PlanOptions& options);

// Checks --result, --reason and --amount against each other. InvalidArgument.
absl::Status CheckOutcome(const PlanOptions& options);

}  // namespace dongxi::cli
