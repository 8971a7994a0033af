// The figures at the head of a report. Pure functions; any thread.
#pragma once

#include <string>
#include <vector>

#include "report/model.h"

namespace dongxi::report {

inline constexpr size_t kOverviewInstitutionsMax = 15;  // that a page shows

// The lists of an answer, in the order in which they are shown.
struct AnswerList {
  v1::RecordKind kind;
  const v1::MatchList& (v1::MatchResponse::*list)() const;
};
inline constexpr AnswerList kAnswerLists[] = {{v1::INSTITUTION, &v1::MatchResponse::partners},
                                              {v1::EXPERT, &v1::MatchResponse::experts},
                                              {v1::RESULT, &v1::MatchResponse::results}};
// True if the report asked for lists of the kind; and those that it asked for.
bool IsAsked(const MatchReport& report, v1::RecordKind kind);
std::vector<AnswerList> AskedLists(const MatchReport& report);

// What became of a need.
enum class Outcome {
  kMatched,           // at least one adequate entry in some list
  kUnmatched,         // answered, but nothing adequate in any list
  kUnmatchedByLimit,  // the same, as limits of exposure took every adequate entry away
  kFailed,            // not answered
};
Outcome OutcomeOf(const NeedMatches& need);

// Needs of one channel or province. needs = matched + unmatched + unmatched_by_limit + failed.
struct NeedCounts {
  std::string name;
  int needs = 0;
  int matched = 0;
  int unmatched = 0;
  int unmatched_by_limit = 0;
  int failed = 0;
};

// How often an institution stands behind an adequate entry, counted in needs.
struct InstitutionCounts {
  std::string name;
  std::string region;  // "" if no list says it
  int needs = 0;       // needs in which it is recommended in any way
  int as_partner = 0;
  int by_expert = 0;
  int by_result = 0;
  bool illustrative = false;  // as a list of partners says it
};

// The ways in which lists lead to an institution, in the order in which they are shown.
struct RecommendationWay {
  v1::RecordKind kind;  // of the list; says nothing unless the list was asked for
  const char* name;
  int InstitutionCounts::*needs;
};
inline constexpr RecommendationWay kRecommendationWays[] = {
    {v1::INSTITUTION, "作为合作机构", &InstitutionCounts::as_partner},
    {v1::EXPERT, "经由专家", &InstitutionCounts::by_expert},
    {v1::RESULT, "经由成果", &InstitutionCounts::by_result}};

// Needs of one province with an adequate entry from another (or the same), as a matrix; rows and columns in
// order of region code.
struct ProvincePairs {
  std::vector<std::string> need_provinces, offer_provinces;
  std::vector<std::vector<int>> needs;  // [row of need_provinces][column of offer_provinces]
};

// How evenly recommendations fall on the institutions that are recommended at all.
struct Exposure {
  int institutions = 0;     // recommended at least once
  int recommendations = 0;  // sum of their needs
  double gini = 0;  // 0: all alike, towards 1: one has all. Gini (1912): mean difference over twice the mean
  double top_share = 0;  // of the recommendations that go to the most recommended tenth (at least one)
};
Exposure ExposureOf(const std::vector<InstitutionCounts>& institutions);

struct Overview {
  NeedCounts total;
  int with_partner = 0;  // needs with an adequate partner
  int with_expert = 0;
  int with_result = 0;
  std::vector<NeedCounts> channels;   // answered needs only; most needs first, ties by name
  std::vector<NeedCounts> provinces;  // likewise, of the needs' owners
  std::vector<NeedCounts> tasks;      // by most probable task: "3.2 盐湖产业", 不属于各项任务
  std::vector<NeedCounts> fields;     // a need counts in each of its fields
  std::vector<InstitutionCounts> institutions;  // most needs first, ties by name; all of them
  Exposure exposure;
  ProvincePairs pairs;
  std::vector<size_t>
      unmatched;  // places in the report of the needs without an adequate match, failed ones too
  std::vector<size_t> unmatched_by_limit;   // places of the others that list nothing adequate
  std::vector<v1::Provenance> provenances;  // the different ones (read time apart), in order of need
  bool illustrative = false;                // some need or entry is sample data
  // What answers had to do without (MatchResponse.degraded), a line for each: 3 项需求：向量服务暂时不可用 …
  std::vector<std::string> degraded;
};

// Kinds of offers that nobody needs, in the order in which they are shown.
struct IdleKind {
  const char* collection;  // that their names begin with
  const char* noun;
  const char* file;  // of the table
};
inline constexpr IdleKind kIdleKinds[] = {{"results/", "成果", "idle_offers"},
                                          {"experts/", "专家", "idle_experts"},
                                          {"institutions/", "机构", "idle_institutions"}};
// Those of one kind, in order of name; none if they were not looked for. They live as long as the report.
std::vector<const IdleOffer*> IdleOf(const MatchReport& report, const IdleKind& kind);

// "3.2 盐湖产业": the most probable task; 不属于各项任务 if none is more probable.
std::string LikelyTask(const v1::PolicyReading& policy);

Overview Summarise(const MatchReport& report);

// When the needs were matched: the times of the first and the last answer in Beijing time, "" if no answer
// says its time.
std::string MatchTimes(const MatchReport& report);

// True if some list of the answer has an adequate entry.
bool HasAdequateMatch(const v1::MatchResponse& answer);
int CountAdequate(const v1::MatchList& list);
// A near miss beside adequate entries, in the short form: only its reasons are told, and what does not fit.
bool IsAside(const MatchReport& report, const v1::MatchList& list, const v1::MatchEntry& entry);

// The display name of an institution as a list names it: looked up if it is a resource name, else as it is.
std::string InstitutionName(const MatchReport& report, const std::string& name);

}  // namespace dongxi::report
