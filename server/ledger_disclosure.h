// What an entry of the ledger may show of the two records that it is about. An entry keeps their titles as
// they were when it was recorded; who reads it later may see less than who recorded it. Any thread.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "dongxi/v1/engagement.pb.h"
#include "dongxi/v1/plan.pb.h"
#include "server/caller.h"
#include "store/catalogue.h"

namespace dongxi {

// Takes out of entries what is said of a record that the caller may not see: its title, an offer's
// institution, and the recorder's own words (note, why, evidence). A deleted record is as it was when it was
// deleted; of one that is removed for good only who sees every level of disclosure is told. Records that are
// shown and not public are noted for the audit log. Errors: those of the catalogue.
absl::Status HideWhatIsNotDisclosed(const CatalogueReader& catalogue, const Caller& caller,
                                    std::span<dongxi::v1::Engagement* const> entries);

// The same for plans: takes out the note of every meeting whose need or offer is a record that the caller may
// not see. A party that is no record of the catalogue is the plan's own. Errors: those of the catalogue.
absl::Status HideNotesThatAreNotDisclosed(const CatalogueReader& catalogue, const Caller& caller,
                                          const dongxi::v1::PlanEvent& event,
                                          std::span<dongxi::v1::PlanMeeting* const> meetings);

// The records that an event names, of parties and of pairs; some may be empty, or come twice.
std::vector<std::string> RecordsIn(const dongxi::v1::PlanEvent& event);

// Notes for the audit log those of the records that are not public, live or deleted, whether or not the
// caller may see them now: what a plan says of them was written when its maker could, and is shown with it.
// Errors: those of the catalogue.
absl::Status TellRecords(const CatalogueReader& catalogue, const Caller& caller,
                         const std::vector<std::string>& records);

}  // namespace dongxi
