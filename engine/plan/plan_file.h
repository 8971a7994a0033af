// The plan file (plan.json): event, plan, state and history together. docs/format/plan.md. Pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "engine/plan/event.h"
#include "engine/plan/incident.h"
#include "engine/plan/plan.h"

namespace dongxi::plan {

enum class State : uint8_t { kDraft, kPublished, kRunning, kClosed };
std::string_view StateWord(State state);  // 草案, 已发布, 进行中, 已结束

inline constexpr int kPlanFormat = 1;

struct PlanFile {
  Event event;
  Plan plan;
  State state = State::kDraft;
  int revision = 1;  // one more with every replan, and with every plan made over it
  // Of the last replan, Chinese; empty: none.
  std::vector<std::string> changes;
  std::vector<Absence> absences;  // that incidents told of, and nobody took back
  std::string served;  // the plan of a server that this is a copy of; empty: it is a plan of its own
  int now = 0;         // of the last replan: slots before this one are past
  // What SEQUENCE of the calendars is above `revision`: a copy of a server's plan may follow another plan in
  // its folder, which had a later one.
  int sequence_ahead = 0;
};

// Draft → published → running → closed, and published → draft.
bool MayBecome(State from, State to);
// Errors: FailedPrecondition, with what may be done instead.
absl::Status Advance(State to, PlanFile& file);

std::string PlanFileToJson(const PlanFile& file);
// Errors: InvalidArgument for what is no plan file, another format, or an event or meetings that do not fit
// together.
absl::StatusOr<PlanFile> PlanFileFromJson(std::string_view text);

// What came of a meeting; fields as in Meeting.
struct OutcomeNote {
  std::string outcome, reason;
  double amount_wan = 0;
  std::string note;
};
// Records it. Entries of the ledger that the new outcome contradicts are superseded. Errors:
// FailedPrecondition unless the plan is running or closed; NotFound.
absl::Status RecordOutcome(std::string_view need_id, std::string_view offer_id, OutcomeNote what,
                           PlanFile& file);
// One JSON object a meeting with an outcome, for the batch of EngagementService.
std::string EngagementsToJson(const PlanFile& file);

}  // namespace dongxi::plan
