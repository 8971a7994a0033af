// Matching the needs of a report: several calls at a time, answers in order, progress, a journal.
#pragma once

#include <cstddef>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "cli/client.h"
#include "cli/commands.h"
#include "cli/io.h"
#include "cli/report_needs.h"
#include "report/journal.h"
#include "report/model.h"
#include "report/shown_answers.h"

namespace dongxi::cli {

struct MatchedReport {
  report::MatchReport report;
  int failed = 0;            // needs that could not be matched, with the reason in the report
  absl::Status first_error;  // of those
};

// Which candidates the options ask for, as the fields of a question that are the same for every need: kinds,
// filter, policy weight. InvalidArgument names the option.
absl::StatusOr<v1::MatchRequest> ChoiceOf(const ReportOptions& options);

// A server that asks to wait is waited for (patient_call.h), here and in the calls below. `journal` may be
// null. An error that concerns every call ends it; what is wrong with one need stands in the report and is
// not in the journal.
absl::StatusOr<MatchedReport> MatchNeeds(const Client& client, const ReportOptions& options,
                                         const std::vector<ReportNeed>& needs, report::Journal* journal,
                                         const Io& io);

struct MatchFailures {
  int failed = 0;            // needs that could not be matched
  absl::Status first_error;  // of those
};
// Takes what the match of one need gave, an answer or an error; one call at a time.
using TakeMatches = std::function<void(size_t need, const report::NeedMatches& matches)>;

// Asks `question` about every need as MatchNeeds does, but keeps no answer: each goes to `take` as it comes,
// in any order. For many needs of whose answers little is wanted. An error that concerns every call ends it.
absl::StatusOr<MatchFailures> MatchEachNeed(const Client& client, const v1::MatchRequest& question, int jobs,
                                            const std::vector<ReportNeed>& needs, const TakeMatches& take,
                                            const Io& io);

// As report::NameWhatIsShown. `needs` are those of the report, in its order.
absl::Status NameWhatIsShown(const Client& client, const ReportOptions& options,
                             const std::vector<ReportNeed>& needs, const report::ShownNames& before,
                             const Io& io, report::MatchReport* report);

// What the answers depend on besides the needs: options and what the server serves. Empty parts where the
// server does not say; Unavailable and ResourceExhausted where it only cannot say now.
absl::StatusOr<std::string> FingerprintOf(const Client& client, const ReportOptions& options, const Io& io);

// Results, experts and institutions of the catalogue that nobody wants (report::IsIdle), of the kinds that
// the report asked for.
absl::StatusOr<std::vector<report::IdleOffer>> IdleOffersOf(const Client& client,
                                                            const ReportOptions& options,
                                                            const std::set<std::string>& wanted,
                                                            const std::string& today, const Io& io);

}  // namespace dongxi::cli
