#include "bench/learning_queries.h"

#include <mutex>
#include <utility>

#include "bench/built_data.h"
#include "bench/learn/folds.h"
#include "engine/base/parallel.h"
#include "engine/base/status_macros.h"

namespace dongxi::bench {
namespace {

absl::Status AskOne(const MatchContext& context, const TextQuery& query, const QualityOptions& options,
                    LearningQuery& learning) {
  absl::StatusOr<std::vector<LearnedCandidate>> found =
      CandidatesForLearning(context, QualityQuestion(query, options), KindOf(options.target));
  if (absl::IsInvalidArgument(found.status())) return absl::OkStatus();  // no word in it: nothing is found
  if (!found.ok()) {
    return absl::Status(found.status().code(),
                        "query " + query.id + ": " + std::string(found.status().message()));
  }
  for (size_t i = 0; i < found->size() && i < static_cast<size_t>(options.depth); ++i) {
    LearnedCandidate& candidate = (*found)[i];
    if (i < kLearnedCandidates || learning.grades.contains(candidate.name.id)) {
      learning.candidates.push_back(std::move(candidate));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::vector<LearningQuery>> AskForLearning(
    const std::vector<Record>& records, const std::vector<TextQuery>& queries, const Qrels& qrels,
    const EngagementLabels& engagements, size_t folds, const QualityOptions& options,
    const std::function<void(size_t, size_t)>& progress) {
  const BuiltOptions build = {.policy = options.tables.policy,
                              .ranking = options.tables.ranking,
                              .lexicon = options.tables.lexicon,
                              .model = options.tables.model,
                              .threads = options.threads};
  DX_ASSIGN_OR_RETURN(const std::unique_ptr<BuiltData> data, BuiltData::Build(records, build));
  const std::map<std::string, size_t> fold_of = FoldsOf(queries, folds);
  std::vector<LearningQuery> learning(queries.size());
  std::vector<absl::Status> statuses(queries.size());
  std::mutex mutex;
  size_t done = 0;
  ParallelChunks(
      queries.size(), 1, options.threads > 0 ? options.threads : DefaultThreads(), [&](size_t i, size_t) {
        LearningQuery& one = learning[i];
        one.id = queries[i].id;
        one.fold = fold_of.at(one.id);
        if (const auto grades = qrels.find(one.id); grades != qrels.end()) one.grades = grades->second;
        if (const auto engaged = engagements.needs.find(one.id); engaged != engagements.needs.end())
          one.engaged = engaged->second;
        statuses[i] = AskOne(data->context(), queries[i], options, one);
        if (!progress) return;
        const std::lock_guard lock(mutex);
        progress(++done, queries.size());
      });
  for (const absl::Status& status : statuses) DX_RETURN_IF_ERROR(status);
  return learning;
}

}  // namespace dongxi::bench
