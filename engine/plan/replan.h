// A new plan after something happened, as close to the old one as can be. Pure and deterministic; any thread.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "engine/plan/event.h"
#include "engine/plan/incident.h"
#include "engine/plan/plan.h"
#include "engine/plan/plan_file.h"
#include "engine/plan/replan_changes.h"

namespace dongxi::plan {

struct Replanned {
  Event event;  // with the incident in it
  Plan plan;
  std::vector<Change> changes;
  std::vector<int> out;                      // pairs cancelled that had no meeting: nobody is told
  std::vector<std::string> session_changes;  // sessions cancelled, and who does not come any more; Chinese
  std::vector<int> tell;                     // parties to be told, ascending
  int forced = 0;                            // changes that every plan needs
  // Figures::value_bound, of plans that keep what is past, without a limit of changes.
  double value_bound = 0;
  std::vector<Absence> absences;  // for the next incident
  int now = 0;                    // of this one
};

// As few changes as possible (how few with locks and tables: docs/planning.md): what became impossible is
// cancelled; musts that fell out are placed again, without moving anybody else; so are meetings of who turned
// up after all. With `changes_max`: the best new meetings and moves, the most value for each change first.
// Guests of a session who now have a meeting then leave it. Errors: InvalidArgument for a wrong incident,
// such as a lock or a cancellation of two parties who have met already; FailedPrecondition if `changes_max`
// is below the forced changes.
absl::StatusOr<Replanned> Replan(const Event& event, const Plan& plan, const Incident& incident);

// The slot that is now for a replan that does not say: that of the last replan, else the first.
// InvalidArgument, in Chinese, if a meeting of that slot or a later one was held or has an outcome: the event
// has gone on since, and meetings would get slots that are over.
absl::StatusOr<int> NowUnsaid(const PlanFile& file);

// The plan file after a replan: the next revision, with the changes and who must be told.
PlanFile NextRevision(const PlanFile& before, const Replanned& now);

}  // namespace dongxi::plan
