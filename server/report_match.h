// The needs of a report, each matched in the maker's scope as a live call would be, through a journal:
// answers are in memory one at a time. One thread.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "dongxi/storage/report.pb.h"
#include "engine/record/field_schema.h"
#include "report/exposure_balance.h"
#include "report/journal.h"
#include "server/caller.h"
#include "server/match_runner.h"
#include "server/spare_time.h"
#include "store/catalogue.h"

namespace dongxi {

inline constexpr int kReportNeedsMax = 10'000;
inline constexpr int kReportInlineNeedsMax = 1'000;
inline constexpr int kReportTopMax = 100;

// The caller that the job stands for: his scope, without a call.
Caller MakerOf(const storage::ReportJob& job);
// Entries of each list of the report.
int TopOf(const dongxi::v1::RunReportRequest& request);
report::ExposureLimits ExposureLimitsOf(const dongxi::v1::RunReportRequest& request);
// The name of the inline need at `index`, its own or one made of its place.
std::string InlineNeedName(const dongxi::v1::RunReportRequest& request, int index);

// One need of a report, and what became of it.
struct ReportedNeed {
  std::string name;
  std::string key;    // of its answer in the journal; empty: it could not be matched
  std::string error;  // then why, in Chinese
};

// Resource names in the order of the report: those of the request, or the needs of the catalogue that pass
// its filter and that the maker may see, in order of id. Errors: NotFound if there is none, InvalidArgument
// about need_filter if there are more than kReportNeedsMax, Cancelled, those of the catalogue.
absl::StatusOr<std::vector<std::string>> ReportNeedNames(const storage::ReportJob& job,
                                                         const CatalogueReader& catalogue,
                                                         const ImportVocabulary& vocabulary,
                                                         const std::function<bool()>& cancelled);

class ReportMatcher {
 public:
  struct Parts {
    MatchRunner* runner;
    const CatalogueReader* catalogue;
    SpareTime spare;
    uint64_t answer_bytes_max = 0;  // of the journal
    // Hears of faults of our own with single needs, whose texts do not come into the report.
    std::function<void(const absl::Status&)> fault = [](const absl::Status&) {};
  };
  using Step = std::function<void(size_t done, size_t all)>;

  // All outlive the matcher.
  ReportMatcher(Parts parts, const storage::ReportJob* job, report::Journal* journal,
                std::function<bool()> cancelled);

  // Matches what the journal does not have yet; `step` hears of each need. What is wrong with one need is
  // told with it. Errors that every need would have end it: Cancelled, FailedPrecondition while nothing is
  // served, ResourceExhausted (REPORT_TOO_LARGE, or a full disk); if no need could be matched at all, the
  // first error.
  absl::StatusOr<std::vector<ReportedNeed>> Run(const std::vector<std::string>& names, const Step& step);

  // Asks `question` about that need; what the question says of a need is passed over. Errors: those of Need
  // and of the match.
  absl::Status Ask(const std::string& name, size_t index, dongxi::v1::MatchRequest question,
                   dongxi::v1::MatchResponse* answer) const;
  // The question of every need, but for the need.
  const dongxi::v1::MatchRequest& question() const { return question_; }

  // The need as the report shows it. NotFound.
  absl::StatusOr<dongxi::v1::Need> Need(const std::string& name, size_t index) const;

 private:
  absl::StatusOr<ReportedNeed> MatchOne(const std::string& name, size_t index);

  const Parts parts_;
  const storage::ReportJob& job_;
  report::Journal* const journal_;
  const std::function<bool()> cancelled_;
  const Caller maker_;
  const dongxi::v1::MatchRequest question_;
  absl::Status first_error_;
};

}  // namespace dongxi
