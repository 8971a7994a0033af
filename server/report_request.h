// Checks a RunReportRequest before there is an operation. Any thread.
#pragma once

#include <memory>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "dongxi/v1/report.pb.h"
#include "engine/match/ranking_config.h"
#include "engine/record/field_schema.h"
#include "server/caller.h"
#include "server/report_store.h"
#include "store/catalogue.h"

namespace dongxi {

inline constexpr size_t kReportTitleCharactersMax = 200;

// What it is checked against.
struct ReportCheckParts {
  const ImportVocabulary& vocabulary;
  std::shared_ptr<const RankingConfig> ranking;
  absl::CivilDay today;  // in China
  const CatalogueReader& catalogue;
  const ReportStore& store;
};

// InvalidArgument names the first wrong field; NotFound a need, or the report to compare with, that is not
// there for the caller. `request_id` is not read.
absl::Status CheckReportRequest(const dongxi::v1::RunReportRequest& request, const Caller& caller,
                                const ReportCheckParts& parts);

}  // namespace dongxi
