// Calls that fill the fuzzed server before the first input, so that there is something of everything to ask
// for.
#pragma once

#include <cstddef>
#include <string_view>

namespace dongxi::fuzz {

struct WarmUpCall {
  std::string_view method;   // "MatchService.Match"
  std::string_view request;  // in text format; '$field' is the newest text of that field or collection
  size_t caller = 0;         // see FuzzedServer::callers
};

inline constexpr WarmUpCall kWarmUpCalls[] = {
    {"HealthService.GetServerStatus", ""},
    {"CatalogueService.ListInstitutions", "page_size: 2"},
    {"CatalogueService.ListInstitutions", ""},
    {"CatalogueService.ListExperts", ""},
    {"CatalogueService.ListResults", "page_size: 2"},
    {"CatalogueService.ListResults", ""},
    {"CatalogueService.ListEvidence", ""},
    {"CatalogueService.ListNeeds", "page_size: 1"},
    {"CatalogueService.ListNeeds", ""},
    {"CatalogueService.CreateNeed",
     "need { title: '园区的卤水处理' wanted: '卤水除硼的吸附剂' region_code: '63' shared: true }", 1},
    {"CatalogueService.DeleteResult", "name: 'results/r-blade'"},
    {"SearchService.Search", "query: '盐湖 提锂' page_size: 1"},
    {"SearchService.SimilarNeeds", "need_name: 'needs/n-lithium' page_size: 1"},
    {"SearchService.SimilarResults", "result_name: 'results/r-lithium' page_size: 1"},
    {"MatchService.ReverseMatch", "offer_name: 'results/r-lithium' page_size: 1"},
    {"MatchService.Match", "need_name: 'needs/n-lithium' page_size: 1"},
    {"ReplayService.GetMatchRecord", "name: 'matches/$match_id'"},
    {"EngagementService.RecordEngagement",
     "engagement { need: 'needs/n-lithium' offer: 'results/r-lithium' step: ENGAGEMENT_STEP_MET }"},
    {"EngagementService.RecordEngagement",
     "engagement { need: 'needs/n-lithium' offer: 'institutions/tj' step: ENGAGEMENT_STEP_INTERESTED }", 1},
    {"EngagementService.RecordEngagement",
     "engagement { need: 'needs/n-goji' offer: 'results/r-goji' step: ENGAGEMENT_STEP_REFUSED "
     "refusal_reason: REFUSAL_REASON_TOO_EARLY }"},
    {"EngagementService.ListEngagements", "page_size: 1"},
    {"WatchService.CreateWatch", "watch { need: 'needs/n-lithium' title: '提锂' }"},
    {"WatchService.CreateWatch", "watch { offer: 'results/r-lithium' }", 1},
    {"WatchService.CreateWatch", "watch { request { text: '枸杞干燥' } }"},
    {"WatchService.ListWatches", "page_size: 1"},
    {"WatchService.PollWatch", "name: '$watches' page_size: 1"},
    {"EmbeddingService.GetEmbeddingModel", ""},
    {"ReportService.RunReport", "match { page_size: 1 } formats: REPORT_FORMAT_JSON"},
    {"Operations.WaitOperation", "name: '$operations' timeout { seconds: 50 }"},
    {"ReportService.RunReport",
     "needs: 'needs/n-lithium' match { page_size: 2 } formats: REPORT_FORMAT_CSV title: '园区报告'", 1},
    {"Operations.WaitOperation", "name: '$operations' timeout { seconds: 50 }", 1},
    {"ReportService.ListReports", "page_size: 1"},
    {"AdminService.CreateBackup", ""},
    {"Operations.WaitOperation", "name: '$operations' timeout { seconds: 50 }"},
    {"AdminService.ListBackups", ""},
    {"AdminService.BuildGeneration", "force: true"},
    {"Operations.WaitOperation", "name: '$operations' timeout { seconds: 50 }"},
    {"AdminService.ListGenerations", ""},
    {"Operations.ListOperations", "page_size: 1"},
};

}  // namespace dongxi::fuzz
