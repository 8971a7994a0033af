#include "bench/quality_engine.h"

#include <atomic>
#include <mutex>
#include <thread>
#include <utility>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "bench/built_data.h"
#include "bench/trec.h"
#include "engine/base/parallel.h"
#include "engine/base/status_macros.h"

namespace dongxi::bench {
namespace {

constexpr char kRunTag[] = "dongxi";

std::shared_ptr<const RankingConfig> WithoutParts(const RankingConfig& ranking,
                                                  const std::set<EnginePart>& without) {
  auto config = std::make_shared<RankingConfig>(ranking);
  if (without.contains(EnginePart::kCentrality)) config->centrality_slope = 0;
  if (without.contains(EnginePart::kIdfPower)) config->idf_power_quarters = 4;
  if (without.contains(EnginePart::kSemantic)) config->semantic = config->feedback = 0;
  if (without.contains(EnginePart::kFeedback)) config->feedback = 0;
  if (without.contains(EnginePart::kVotes)) config->partner_votes = config->expert_votes = 1;
  return config;
}

BuiltOptions OptionsOfBuild(const QualityOptions& options) {
  return {.policy = options.tables.policy,
          .ranking = options.tables.ranking,
          .lexicon = options.without.contains(EnginePart::kLexicon) ? "" : options.tables.lexicon,
          .model = options.without.contains(EnginePart::kStaticModel) ? "" : options.tables.model,
          .threads = options.threads};
}

// The answer of one query.
struct Answer {
  absl::Status status;
  std::vector<MatchEntry> entries;
  double milliseconds = 0;
};

Answer AnswerOne(const MatchContext& context, const TextQuery& query, const QualityOptions& options) {
  const absl::Time start = absl::Now();
  absl::StatusOr<MatchAnswer> matched = Match(context, QualityQuestion(query, options));
  Answer answer;
  answer.milliseconds = absl::ToDoubleMilliseconds(absl::Now() - start);
  if (absl::IsInvalidArgument(matched.status())) return answer;  // no word in it: nothing is found
  answer.status = matched.status();
  if (!matched.ok()) return answer;
  MatchList& list = options.target == QualityTarget::kPartner  ? matched->partners
                    : options.target == QualityTarget::kExpert ? matched->experts
                                                               : matched->results;
  answer.entries = std::move(list.entries);
  return answer;
}

std::vector<Answer> AnswerAll(const MatchContext& context, const std::vector<TextQuery>& queries,
                              const QualityOptions& options,
                              const std::function<void(size_t, size_t)>& progress) {
  std::vector<Answer> answers(queries.size());
  std::atomic<size_t> done{0};
  std::mutex mutex;
  const int threads =
      options.threads > 0 ? options.threads : static_cast<int>(std::thread::hardware_concurrency());
  ParallelChunks(queries.size(), 1, threads, [&](size_t i, size_t) {
    answers[i] = AnswerOne(context, queries[i], options);
    if (!progress) return;
    const std::lock_guard lock(mutex);
    progress(++done, queries.size());
  });
  return answers;
}

}  // namespace

MatchQuestion QualityQuestion(const TextQuery& query, const QualityOptions& options) {
  MatchQuestion question;
  question.need.kind = RecordKind::kNeed;
  question.need.title = query.title;
  question.need.text = query.text;
  question.partners = options.target == QualityTarget::kPartner;
  question.experts = options.target == QualityTarget::kExpert;
  question.results = options.target == QualityTarget::kResult;
  question.settings.limit = options.depth;
  question.settings.policy_weight = 0;  // a test collection has no regions
  question.settings.per_institution_max = options.depth;
  question.settings.detail = Detail::kNamesOnly;
  return question;
}

absl::StatusOr<QualityRun> RunEngine(const std::vector<Record>& records,
                                     const std::vector<TextQuery>& queries, const QualityOptions& options,
                                     const std::function<void(size_t, size_t)>& progress) {
  const absl::Time start = absl::Now();
  DX_ASSIGN_OR_RETURN(const std::unique_ptr<BuiltData> data,
                      BuiltData::Build(records, OptionsOfBuild(options)));
  MatchContext context = data->context();
  context.ranking = WithoutParts(*context.ranking, options.without);
  QualityRun result;
  result.seconds_build = absl::ToDoubleSeconds(absl::Now() - start);
  result.run.tag = kRunTag;
  std::vector<Answer> answers = AnswerAll(context, queries, options, progress);
  for (size_t i = 0; i < queries.size(); ++i) {
    if (!answers[i].status.ok()) {
      return absl::Status(answers[i].status.code(),
                          "query " + queries[i].id + ": " + std::string(answers[i].status.message()));
    }
    result.seconds_queries += answers[i].milliseconds / 1000;
    result.milliseconds.push_back(answers[i].milliseconds);
    RankedDocuments& ranked = result.run.queries[queries[i].id];
    for (const MatchEntry& entry : answers[i].entries) {
      const double score = ranked.empty() ? entry.score : ScoreBehind(ranked.back().score, entry.score);
      ranked.push_back({entry.name.id, score});
      result.adequacy[queries[i].id][entry.name.id] = entry.adequacy;
    }
  }
  return result;
}

absl::StatusOr<std::string> RunText(const SystemRun& run) {
  std::string text;
  for (const auto& [query, ranked] : run.queries) {
    std::vector<RunEntry> entries;
    entries.reserve(ranked.size());
    for (const RankedDocument& document : ranked) entries.push_back({document.document, document.score});
    DX_ASSIGN_OR_RETURN(const std::string lines, RunLines(query, entries, run.tag));
    text += lines;
  }
  return text;
}

}  // namespace dongxi::bench
