#include "bench/quality_engine.h"

#include <atomic>
#include <cstdlib>
#include <mutex>
#include <thread>
#include <utility>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "bench/trec.h"
#include "engine/base/parallel.h"
#include "engine/base/status_macros.h"
#include "indexer/build/generation_builder.h"
#include "store/catalogue.h"

namespace dongxi::bench {
namespace {

constexpr char kRunTag[] = "dongxi";

// The records of a collection where the builder expects a catalogue. They are sorted by kind and id.
class RecordsInMemory : public CatalogueReader {
 public:
  explicit RecordsInMemory(const std::vector<Record>& records) : records_(records) {}

  uint64_t sequence() const override { return 1; }
  RecordCounts Counts() const override {
    RecordCounts counts = {};
    for (const Record& record : records_) ++counts[static_cast<size_t>(record.kind)];
    return counts;
  }
  absl::StatusOr<Record> Get(RecordKind kind, std::string_view id) const override {
    const Record* record = Find(kind, id);
    if (record == nullptr) return absl::NotFoundError(ResourceName(kind, id));
    return *record;
  }
  absl::StatusOr<std::vector<std::optional<Record>>> GetMany(
      std::span<const RecordName> names) const override {
    std::vector<std::optional<Record>> found;
    for (const RecordName& name : names) {
      const Record* record = Find(name.kind, name.id);
      found.push_back(record == nullptr ? std::nullopt : std::optional<Record>(*record));
    }
    return found;
  }
  absl::Status Scan(RecordKind kind, std::string_view after,
                    const std::function<bool(Record)>& visit) const override {
    for (const Record& record : records_) {
      if (record.kind == kind && record.id > after && !visit(record)) break;
    }
    return absl::OkStatus();
  }
  absl::Status ScanChanges(uint64_t, const std::function<bool(const Change&)>&) const override {
    return absl::OkStatus();
  }

 private:
  const Record* Find(RecordKind kind, std::string_view id) const {
    const auto found = std::lower_bound(records_.begin(), records_.end(), std::pair(kind, id),
                                        [](const Record& record, const std::pair<RecordKind, std::string_view>& name) {
                                          return record.kind != name.first ? record.kind < name.first
                                                                           : record.id < name.second;
                                        });
    return found != records_.end() && found->kind == kind && found->id == id ? &*found : nullptr;
  }
  const std::vector<Record>& records_;
};

class RecordsForAnswers : public RecordSource {
 public:
  explicit RecordsForAnswers(const CatalogueReader& reader) : reader_(reader) {}
  absl::StatusOr<std::vector<std::optional<Record>>> GetMany(
      std::span<const RecordName> names) const override {
    return reader_.GetMany(names);
  }

 private:
  const CatalogueReader& reader_;
};

class TemporaryFolder {
 public:
  static absl::StatusOr<std::unique_ptr<TemporaryFolder>> Make() {
    std::string name = (std::filesystem::temp_directory_path() / "dongxi-quality-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) {
      return absl::InternalError(name + ": cannot make a temporary folder; set TMPDIR to one that can be written");
    }
    return std::unique_ptr<TemporaryFolder>(new TemporaryFolder(name));
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  explicit TemporaryFolder(std::filesystem::path path) : path_(std::move(path)) {}
  std::filesystem::path path_;
};

std::shared_ptr<const RankingConfig> WithoutParts(const RankingConfig& ranking,
                                                  const std::set<EnginePart>& without) {
  auto config = std::make_shared<RankingConfig>(ranking);
  if (without.contains(EnginePart::kCentrality)) config->centrality_slope = 1e9;
  if (without.contains(EnginePart::kIdfPower)) config->idf_power_quarters = 4;
  if (without.contains(EnginePart::kSemantic)) config->semantic = config->feedback = 0;
  if (without.contains(EnginePart::kFeedback)) config->feedback = 0;
  if (without.contains(EnginePart::kVotes)) config->partner_votes = config->expert_votes = 1;
  return config;
}

absl::StatusOr<MatchContext> BuildContext(const CatalogueReader& records, const std::filesystem::path& folder,
                                          const QualityOptions& options) {
  BuildOptions build;
  build.generations = folder;
  build.lexicon_directory = options.without.contains(EnginePart::kLexicon) ? "" : options.tables.lexicon;
  build.static_model = options.without.contains(EnginePart::kStaticModel) ? "" : options.tables.model;
  build.threads = options.threads;
  MatchContext context;
  DX_ASSIGN_OR_RETURN(context.policy, LoadPolicy(options.tables.policy));
  DX_ASSIGN_OR_RETURN(const auto ranking, LoadRankingConfig(options.tables.ranking));
  context.ranking = WithoutParts(*ranking, options.without);
  DX_ASSIGN_OR_RETURN(const BuildSummary summary, BuildGeneration(records, build));
  DX_ASSIGN_OR_RETURN(context.generation, OpenGeneration(summary.directory, nullptr));
  return context;
}

MatchQuestion QuestionFor(const TextQuery& query, const QualityOptions& options) {
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

// The answer of one query.
struct Answer {
  absl::Status status;
  std::vector<MatchEntry> entries;
  double milliseconds = 0;
};

Answer AnswerOne(const MatchContext& context, const TextQuery& query, const QualityOptions& options) {
  const absl::Time start = absl::Now();
  absl::StatusOr<MatchAnswer> matched = Match(context, QuestionFor(query, options));
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
  const int threads = options.threads > 0 ? options.threads : static_cast<int>(std::thread::hardware_concurrency());
  ParallelChunks(queries.size(), 1, threads, [&](size_t i, size_t) {
    answers[i] = AnswerOne(context, queries[i], options);
    if (!progress) return;
    const std::lock_guard lock(mutex);
    progress(++done, queries.size());
  });
  return answers;
}

}  // namespace

absl::StatusOr<QualityRun> RunEngine(const std::vector<Record>& records, const std::vector<TextQuery>& queries,
                                     const QualityOptions& options,
                                     const std::function<void(size_t, size_t)>& progress) {
  const absl::Time start = absl::Now();
  const RecordsInMemory reader(records);
  const RecordsForAnswers source(reader);
  DX_ASSIGN_OR_RETURN(const std::unique_ptr<TemporaryFolder> folder, TemporaryFolder::Make());
  DX_ASSIGN_OR_RETURN(MatchContext context, BuildContext(reader, folder->path(), options));
  context.records = &source;
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
      ranked.push_back({entry.name.id, entry.score});
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
