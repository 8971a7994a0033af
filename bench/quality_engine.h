// The server's engine over a test collection: a generation is built from its documents, and every query is
// one Match. Nothing is learnt from queries, and each is answered for itself.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "bench/json_lines.h"
#include "bench/quality/run_file.h"
#include "bench/quality_collection.h"
#include "bench/served_data.h"
#include "engine/match/matcher.h"
#include "engine/record/record.h"

namespace dongxi::bench {

// Parts that an ablation switches off.
enum class EnginePart {
  kLexicon,      // concepts as terms
  kStaticModel,  // the shipped model, in vectors and as the terms' weights
  kCentrality,   // weights of the text's terms
  kIdfPower,     // idf as BM25 has it
  kSemantic,     // vectors altogether, feedback too
  kFeedback,
  kVotes,  // more than the best document of a partner or expert
};
struct NamedPart {
  const char* name;
  EnginePart part;
};
inline constexpr NamedPart kEngineParts[] = {
    {"lexicon", EnginePart::kLexicon},       {"static-model", EnginePart::kStaticModel},
    {"centrality", EnginePart::kCentrality}, {"idf-power", EnginePart::kIdfPower},
    {"semantic", EnginePart::kSemantic},     {"feedback", EnginePart::kFeedback},
    {"votes", EnginePart::kVotes},
};

struct QualityOptions {
  QualityTarget target = QualityTarget::kResult;
  int depth = 1000;  // 1 to kMatchEntriesMax
  int threads = 0;   // 0: all cores
  ProgramTables tables;
  std::set<EnginePart> without;
};

// What an answer says of one document or owner, beside its score.
struct QualityRun {
  SystemRun run;
  std::map<std::string, std::map<std::string, double>> adequacy;  // query -> document -> probability
  double seconds_build = 0;
  double seconds_queries = 0;        // sum over queries of the time of their Match
  std::vector<double> milliseconds;  // of each query
};

// Builds in a temporary folder that is gone afterwards. `progress(done, total)` may be null; it is called
// from one thread at a time. A query without a known word has an empty answer. Errors: those of building and
// matching, with the query's id.
absl::StatusOr<QualityRun> RunEngine(const std::vector<Record>& records,
                                     const std::vector<TextQuery>& queries, const QualityOptions& options,
                                     const std::function<void(size_t, size_t)>& progress);

// The question that a query becomes.
MatchQuestion QualityQuestion(const TextQuery& query, const QualityOptions& options);

// The lines of a TREC run, queries in byte order.
absl::StatusOr<std::string> RunText(const SystemRun& run);

}  // namespace dongxi::bench
