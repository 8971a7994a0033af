#include "server/access.h"

#include <algorithm>

namespace dongxi {
namespace {

constexpr Permission kRead = Permission::kRead;
constexpr Permission kWrite = Permission::kWrite;
constexpr Permission kAdmin = Permission::kAdmin;

// By service, then by method. Operations and replays are a matter of who started or asked: their services let
// only the same tenant and the operator look. Lists are heavy: with a filter a page reads thousands of
// records.
constexpr Access kTable[] = {
    {"AdminService.BuildGeneration", kAdmin, Cost::kAdmin},
    {"AdminService.CreateBackup", kAdmin, Cost::kAdmin},
    {"AdminService.DeleteBackup", kAdmin, Cost::kAdmin},
    {"AdminService.DeleteGeneration", kAdmin, Cost::kAdmin},
    {"AdminService.GetGeneration", kAdmin, Cost::kAdmin},
    {"AdminService.ListBackups", kAdmin, Cost::kAdmin},
    {"AdminService.ListGenerations", kAdmin, Cost::kAdmin},
    {"AdminService.Prune", kAdmin, Cost::kAdmin},
    {"AdminService.PublishGeneration", kAdmin, Cost::kAdmin},
    {"AdminService.ReloadModel", kAdmin, Cost::kAdmin},
    {"AdminService.ReloadPolicy", kAdmin, Cost::kAdmin},
    {"AdminService.ReloadRanking", kAdmin, Cost::kAdmin},
    {"AdminService.RollBackGeneration", kAdmin, Cost::kAdmin},
    {"AdminService.Verify", kAdmin, Cost::kAdmin},
    {"AdminService.VerifyBackup", kAdmin, Cost::kAdmin},
    {"AdminService.VerifyGeneration", kAdmin, Cost::kAdmin},
    {"CatalogueService.BatchDeleteRecords", kWrite, Cost::kHeavy},
    {"CatalogueService.BatchGetEvidence", kRead, Cost::kLight},
    {"CatalogueService.BatchGetExperts", kRead, Cost::kLight},
    {"CatalogueService.BatchGetInstitutions", kRead, Cost::kLight},
    {"CatalogueService.BatchGetNeeds", kRead, Cost::kLight},
    {"CatalogueService.BatchGetResults", kRead, Cost::kLight},
    {"CatalogueService.BatchUpsertRecords", kWrite, Cost::kHeavy},
    {"CatalogueService.CreateEvidence", kWrite, Cost::kLight},
    {"CatalogueService.CreateExpert", kWrite, Cost::kLight},
    {"CatalogueService.CreateInstitution", kWrite, Cost::kLight},
    {"CatalogueService.CreateNeed", kWrite, Cost::kLight},
    {"CatalogueService.CreateResult", kWrite, Cost::kLight},
    {"CatalogueService.DeleteEvidence", kWrite, Cost::kLight},
    {"CatalogueService.DeleteExpert", kWrite, Cost::kLight},
    {"CatalogueService.DeleteInstitution", kWrite, Cost::kLight},
    {"CatalogueService.DeleteNeed", kWrite, Cost::kLight},
    {"CatalogueService.DeleteResult", kWrite, Cost::kLight},
    {"CatalogueService.ExpireEvidence", kWrite, Cost::kLight},
    {"CatalogueService.ExpireExpert", kWrite, Cost::kLight},
    {"CatalogueService.ExpireInstitution", kWrite, Cost::kLight},
    {"CatalogueService.ExpireNeed", kWrite, Cost::kLight},
    {"CatalogueService.ExpireResult", kWrite, Cost::kLight},
    {"CatalogueService.ExportRecords", kRead, Cost::kStream},
    {"CatalogueService.GetEvidence", kRead, Cost::kLight},
    {"CatalogueService.GetExpert", kRead, Cost::kLight},
    {"CatalogueService.GetInstitution", kRead, Cost::kLight},
    {"CatalogueService.GetNeed", kRead, Cost::kLight},
    {"CatalogueService.GetResult", kRead, Cost::kLight},
    {"CatalogueService.ImportRecords", kWrite, Cost::kStream},
    {"CatalogueService.ListEvidence", kRead, Cost::kHeavy},
    {"CatalogueService.ListExperts", kRead, Cost::kHeavy},
    {"CatalogueService.ListInstitutions", kRead, Cost::kHeavy},
    {"CatalogueService.ListNeeds", kRead, Cost::kHeavy},
    {"CatalogueService.ListResults", kRead, Cost::kHeavy},
    {"CatalogueService.UndeleteEvidence", kWrite, Cost::kLight},
    {"CatalogueService.UndeleteExpert", kWrite, Cost::kLight},
    {"CatalogueService.UndeleteInstitution", kWrite, Cost::kLight},
    {"CatalogueService.UndeleteNeed", kWrite, Cost::kLight},
    {"CatalogueService.UndeleteResult", kWrite, Cost::kLight},
    {"CatalogueService.UpdateEvidence", kWrite, Cost::kLight},
    {"CatalogueService.UpdateExpert", kWrite, Cost::kLight},
    {"CatalogueService.UpdateInstitution", kWrite, Cost::kLight},
    {"CatalogueService.UpdateNeed", kWrite, Cost::kLight},
    {"CatalogueService.UpdateResult", kWrite, Cost::kLight},
    {"EmbeddingService.Embed", kRead, Cost::kHeavy},
    {"EmbeddingService.GetEmbeddingModel", kRead, Cost::kLight},
    {"EngagementService.BatchRecordEngagements", kWrite, Cost::kLight},
    {"EngagementService.ClearRefusal", kWrite, Cost::kLight},
    {"EngagementService.CorrectEngagement", kWrite, Cost::kLight},
    {"EngagementService.ExportEngagements", kRead, Cost::kStream},
    {"EngagementService.GetPair", kRead, Cost::kLight},
    {"EngagementService.ListEngagements", kRead, Cost::kHeavy},
    {"EngagementService.RecordEngagement", kWrite, Cost::kLight},
    {"HealthService.GetServerStatus", kRead, Cost::kProbe},
    {"MatchService.BatchMatch", kRead, Cost::kBatch},
    {"MatchService.ExplainMatch", kRead, Cost::kHeavy},
    {"MatchService.Match", kRead, Cost::kHeavy},
    {"MatchService.ReverseMatch", kRead, Cost::kHeavy},
    {"Metrics.Scrape", kRead, Cost::kAdmin},  // no RPC: /metrics of the metrics port
    {"Operations.CancelOperation", kWrite, Cost::kLight},
    {"Operations.DeleteOperation", kWrite, Cost::kLight},
    {"Operations.GetOperation", kRead, Cost::kLight},
    {"Operations.ListOperations", kRead, Cost::kLight},
    {"Operations.WaitOperation", kRead, Cost::kStream},
    {"PlanService.ClosePlan", kWrite, Cost::kLight},
    {"PlanService.DeletePlan", kWrite, Cost::kLight},
    {"PlanService.GetPlan", kRead, Cost::kLight},
    {"PlanService.ListPlans", kRead, Cost::kLight},
    {"PlanService.MakePlan", kWrite, Cost::kHeavy},
    {"PlanService.PublishPlan", kWrite, Cost::kLight},
    {"PlanService.RecordOutcome", kWrite, Cost::kLight},
    {"PlanService.Replan", kWrite, Cost::kBatch},
    {"PlanService.StartPlan", kWrite, Cost::kLight},
    {"PlanService.UnpublishPlan", kWrite, Cost::kLight},
    {"ReplayService.GetMatchRecord", kRead, Cost::kLight},
    {"ReplayService.ReplayMatch", kRead, Cost::kLong},
    {"ReportService.DeleteReport", kWrite, Cost::kLight},
    {"ReportService.DownloadReport", kRead, Cost::kStream},
    {"ReportService.GetReport", kRead, Cost::kLight},
    {"ReportService.ListReports", kRead, Cost::kLight},
    {"ReportService.RunReport", kWrite, Cost::kHeavy},
    {"SearchService.Search", kRead, Cost::kHeavy},
    {"SearchService.SimilarNeeds", kRead, Cost::kHeavy},
    {"SearchService.SimilarResults", kRead, Cost::kHeavy},
    {"ServerReflection.ServerReflectionInfo", kRead, Cost::kStream},  // gRPC's own: reflection_guard.h
    {"StatisticsService.ComputeStatistics", kRead, Cost::kLong},
    {"StatisticsService.EstimateSigning", kRead, Cost::kLong},
    {"StatisticsService.OpenFigure", kRead, Cost::kLong},
    {"WatchService.CreateWatch", kWrite, Cost::kLight},
    {"WatchService.DeleteWatch", kWrite, Cost::kLight},
    {"WatchService.GetWatch", kRead, Cost::kLight},
    {"WatchService.ListWatches", kRead, Cost::kLight},
    {"WatchService.PollWatch", kRead, Cost::kHeavy},
    {"WatchService.StreamWatch", kRead, Cost::kStream},
    {"WatchService.UpdateWatch", kWrite, Cost::kLight},
};

// The operator's methods that a copy answers. A check notes its operation in the copy's own catalogue.
constexpr std::string_view kAdminOfCopies[] = {
    "AdminService.GetGeneration", "AdminService.ListBackups",      "AdminService.ListGenerations",
    "AdminService.ReloadPolicy",  "AdminService.ReloadRanking",    "AdminService.Verify",
    "AdminService.VerifyBackup",  "AdminService.VerifyGeneration",
};

constexpr Access kUnlisted = {"", Permission::kAdmin, Cost::kAdmin};

const Access* Find(std::string_view method) {
  const auto* const row =
      std::find_if(std::begin(kTable), std::end(kTable), [&](const Access& a) { return a.method == method; });
  return row == std::end(kTable) ? nullptr : row;
}

}  // namespace

std::span<const Access> AllAccess() { return kTable; }

const Access& AccessOf(std::string_view method) {
  const Access* const row = Find(method);
  return row == nullptr ? kUnlisted : *row;
}

bool IsListed(std::string_view method) { return Find(method) != nullptr; }

bool IsForCopies(const Access& access) {
  if (access.permission != Permission::kAdmin) return access.permission == Permission::kRead;
  return std::find(std::begin(kAdminOfCopies), std::end(kAdminOfCopies), access.method) !=
         std::end(kAdminOfCopies);
}

}  // namespace dongxi
