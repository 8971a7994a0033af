// dongxi plan --server: the same on plans that a server keeps (PlanService), and the outcomes of a folder
// into its ledger.
#pragma once

#include "cli/client.h"
#include "cli/io.h"
#include "cli/plan_command.h"

namespace dongxi::cli {

int MakeServedPlan(const Client& client, const PlanOptions& options, const Io& io);
// With --out also the files of the plan.
int ShowServedPlan(const Client& client, const PlanOptions& options, const Io& io);
int ListServedPlans(const Client& client, const Io& io);
int ReplanServed(const Client& client, const PlanOptions& options, const Io& io);
int MoveServedPlan(const Client& client, const PlanOptions& options, const Io& io);
int RecordServedOutcome(const Client& client, const PlanOptions& options, const Io& io);
// What a folder has of outcomes as entries of the server's ledger. Sending them again changes nothing.
int SendOutcomes(const Client& client, const PlanOptions& options, const Io& io);

}  // namespace dongxi::cli
