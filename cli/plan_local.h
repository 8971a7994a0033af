// dongxi plan on folders: no server, no network.
#pragma once

#include "cli/io.h"
#include "cli/plan_command.h"

namespace dongxi::cli {

int MakeLocalPlan(const PlanOptions& options, const Io& io);
int CheckLocalPlan(const PlanOptions& options, const Io& io);
int ShowLocalPlan(const PlanOptions& options, const Io& io);
int ReplanLocally(const PlanOptions& options, const Io& io);
int MoveLocalPlan(const PlanOptions& options, const Io& io);
int RecordLocalOutcome(const PlanOptions& options, const Io& io);
int WritePlanTemplate(const PlanOptions& options, const Io& io);

}  // namespace dongxi::cli
