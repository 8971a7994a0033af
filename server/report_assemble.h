// From matched needs to the report and its files. Pure but for what it reads of the catalogue; any thread.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "dongxi/storage/report.pb.h"
#include "report/journal.h"
#include "report/model.h"
#include "report/write_files.h"
#include "server/caller.h"
#include "server/report_match.h"
#include "server/report_store.h"
#include "store/catalogue.h"

namespace dongxi {

inline constexpr char kReportTitleDefault[] = "东西部科技合作供需对接报告";

report::Format FormatFromProto(dongxi::v1::ReportFormat format);
dongxi::v1::ReportFormat FormatToProto(report::Format format);
std::vector<report::Format> FormatsOf(const dongxi::v1::RunReportRequest& request);

// All needs with their answers, as `dongxi report` would have them: names of institutions, exposure, idle
// offers, comparison. The whole report is in memory from here on. Errors: those of journal, catalogue and the
// report to compare with.
absl::StatusOr<report::MatchReport> AssembleReport(const storage::ReportJob& job,
                                                   const std::vector<ReportedNeed>& needs,
                                                   const ReportMatcher& matcher, report::Journal* journal,
                                                   const CatalogueReader& catalogue,
                                                   const ReportStore& store);

// What the report says of itself, but for files and times.
storage::ReportManifest ManifestOf(const std::string& name, const storage::ReportJob& job,
                                   const report::MatchReport& report);

// The records named in the report that are not public, ascending by name, each once.
absl::StatusOr<std::vector<std::pair<std::string, Disclosure>>> DisclosedIn(const report::MatchReport& report,
                                                                            const Caller& maker,
                                                                            const CatalogueReader& catalogue);

}  // namespace dongxi
