#include "indexer/build/generation_builder.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <exception>
#include <future>
#include <new>
#include <optional>
#include <utility>

#include "absl/strings/str_format.h"
#include "engine/base/crc32c.h"
#include "engine/base/files.h"
#include "engine/base/status_macros.h"
#include "engine/embed/builtin_embedder.h"
#include "engine/embed/lsa.h"
#include "engine/embed/static_model.h"
#include "engine/index/generation.h"
#include "engine/requirement/standing.h"
#include "indexer/build/build_context.h"
#include "indexer/build/build_folder.h"
#include "indexer/build/collection_stages.h"
#include "indexer/build/corpus.h"

namespace dongxi {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

// Raised whenever the same catalogue and options give other bytes than before: makes every generation
// outdated.
constexpr char kBuilderFormat[] = "4";
constexpr char kBuilderName[] = "dongxi-indexer " DONGXI_VERSION;
constexpr char kBuiltIn[] = "built-in";
constexpr char kRemote[] = "remote";
constexpr size_t kSmallCorpus =
    200;  // documents; below, words that occur in one document only are worth learning too
constexpr uint64_t kShareUnits = 1000;  // of a stage that only knows its share done
constexpr size_t kHashBlockBytes = size_t{1} << 20;

double SecondsSince(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

absl::Status CheckOptions(const BuildOptions& options) {
  if (options.generations.empty()) return absl::InvalidArgumentError("generations: no folder given");
  if (options.remote == nullptr && (options.dim < 1 || options.dim > kEmbeddingDimMax)) {
    return absl::InvalidArgumentError("dim: " + std::to_string(options.dim) + ", expected 1 to " +
                                      std::to_string(kEmbeddingDimMax));
  }
  if (options.threads < 0)
    return absl::InvalidArgumentError("threads: negative; expected 0 (all cores) or more");
  if (options.keep < 1)
    return absl::InvalidArgumentError("keep: " + std::to_string(options.keep) + ", expected 1 or more");
  return absl::OkStatus();
}

// What the generation is going to be, as far as it is known before any work: all that an incremental build
// compares.
absl::StatusOr<Manifest> PlanManifest(const CatalogueReader& catalogue, const BuildOptions& options,
                                      const Lexicon& lexicon, const StaticModel* model) {
  Manifest plan;
  plan.catalogue_sequence = catalogue.sequence();
  plan.embedder = options.remote != nullptr ? kRemote : kBuiltIn;
  if (options.remote != nullptr) {
    plan.model = options.remote->model_id();
    plan.dim = options.remote->dim();
  }
  plan.policy = options.policy_version;
  plan.builder = kBuilderName;
  DX_ASSIGN_OR_RETURN(plan.options, CatalogueStamp(catalogue));
  plan.options["builder_format"] = kBuilderFormat;
  plan.options["liveness_crc32c"] = requirement::BuiltInLivenessVersion();
  plan.options["lexicon_crc32c"] = absl::StrFormat("%08x", lexicon.crc32c());
  plan.options["static_model"] = model != nullptr ? model->model_id() : "";
  plan.options["dim"] = std::to_string(options.remote != nullptr ? options.remote->dim() : options.dim);
  plan.options["graph_rows_min"] = std::to_string(options.vectors.graph_rows_min);
  plan.options["graph_links"] = std::to_string(options.vectors.graph_links);
  plan.options["graph_ef_construction"] = std::to_string(options.vectors.ef_construction);
  const RecordCounts counts = catalogue.Counts();
  for (const RecordKind kind : kAllRecordKinds) {
    plan.record_counts[std::string(CollectionOf(kind))] = counts[static_cast<size_t>(kind)];
  }
  return plan;
}

bool MakesTheSame(const Manifest& plan, const Manifest& built) {
  return plan.catalogue_sequence == built.catalogue_sequence && plan.embedder == built.embedder &&
         (plan.model.empty() || plan.model == built.model) && plan.policy == built.policy &&
         plan.options == built.options;
}

uint64_t BytesOf(const Manifest& manifest) {
  uint64_t bytes = 0;
  for (const auto& [path, summary] : manifest.files) bytes += summary.bytes;
  return bytes;
}

// The current generation, if it is what `plan` would give. Its files are read and checked: "rebuild" is the
// remedy that errors about damage name, so a damaged generation must never count as unchanged.
std::optional<BuildSummary> FindUnchanged(const BuildOptions& options, const Manifest& plan) {
  const absl::StatusOr<std::string> current = ReadCurrent(options.generations);
  if (!current.ok()) return std::nullopt;
  BuildSummary summary;
  summary.directory = options.generations / *current;
  absl::StatusOr<Manifest> manifest = ReadManifest(summary.directory);
  if (!manifest.ok() || !MakesTheSame(plan, *manifest)) return std::nullopt;
  if (!VerifyFiles(summary.directory, *manifest).ok()) return std::nullopt;
  summary.unchanged = true;
  summary.published = true;
  summary.bytes = BytesOf(*manifest);
  summary.manifest = *std::move(manifest);
  return summary;
}

absl::StatusOr<FileWriter::Summary> WriteWholeFile(const fs::path& file, std::string_view bytes) {
  DX_ASSIGN_OR_RETURN(const std::unique_ptr<FileWriter> writer, FileWriter::Create(file));
  DX_RETURN_IF_ERROR(writer->Append(bytes));
  return writer->Close();
}

absl::StatusOr<FileWriter::Summary> SummaryOf(const fs::path& file) {
  DX_ASSIGN_OR_RETURN(const std::shared_ptr<const MappedFile> mapped, MappedFile::Open(file));
  FileWriter::Summary summary;
  for (std::string_view rest = mapped->bytes(); !rest.empty();
       rest.remove_prefix(std::min(rest.size(), kHashBlockBytes))) {
    summary.crc32c = Crc32c(rest.substr(0, kHashBlockBytes), summary.crc32c);
  }
  summary.bytes = mapped->bytes().size();
  return summary;
}

// One build, stage by stage.
class GenerationBuild {
 public:
  GenerationBuild(const BuildOptions& options, Manifest plan, LexiconCopy lexicon,
                  std::shared_ptr<const StaticModel> model)
      : options_(options),
        context_(options),
        lexicon_(std::move(lexicon)),
        static_model_(std::move(model)),
        manifest_(std::move(plan)) {}

  absl::Status Run(const CatalogueReader& catalogue, BuildFolder& folder, BuildSummary& summary) {
    DX_RETURN_IF_ERROR(context_.CheckCancelled());
    DX_ASSIGN_OR_RETURN(directory_, folder.MakeHidden());
    DX_ASSIGN_OR_RETURN(corpus_, ReadCorpus(catalogue, context_));
    if (corpus_.sequence != manifest_.catalogue_sequence) {
      return absl::AbortedError(
          "the catalogue changed while the build began; build from a snapshot or a view");
    }
    DX_RETURN_IF_ERROR(MakeFolders());
    DX_RETURN_IF_ERROR(MakeEmbedder(summary));
    DX_RETURN_IF_ERROR(Embed());
    DX_RETURN_IF_ERROR(WriteIndexes(summary));
    DX_RETURN_IF_ERROR(Seal());
    context_.Report("publish", 0, 1);
    DX_RETURN_IF_ERROR(context_.CheckCancelled());
    DX_ASSIGN_OR_RETURN(summary.directory, folder.Publish(manifest_, options_, &summary.published));
    if (summary.published) {
      const absl::MutexLockMaybe lock(options_.publishing);
      folder.RemoveOld(options_.keep, options_.keep_too);
    }
    context_.Report("publish", 1, 1);
    summary.bytes = BytesOf(manifest_);
    summary.manifest = std::move(manifest_);
    return absl::OkStatus();
  }

 private:
  absl::Status MakeFolders() {
    for (const char* name : {kOffersName, kNeedsName}) {
      std::error_code error;
      fs::create_directory(directory_ / name, error);
      if (error)
        return absl::InternalError((directory_ / name).string() +
                                   ": cannot make the folder: " + error.message());
    }
    DX_ASSIGN_OR_RETURN(manifest_.files[kLexiconFile],
                        WriteWholeFile(directory_ / kLexiconFile, lexicon_.content));
    if (static_model_ != nullptr) {
      DX_ASSIGN_OR_RETURN(manifest_.files[kStaticModelFile],
                          WriteWholeFile(directory_ / kStaticModelFile, static_model_->bytes()));
    }
    return absl::OkStatus();
  }

  absl::Status MakeEmbedder(BuildSummary& summary);
  absl::Status Embed();
  absl::Status WriteIndexes(BuildSummary& summary);
  absl::Status WriteTablesAndPostings(int threads);
  absl::Status WriteVectors(const std::function<void(uint64_t)>& progress);
  absl::Status Seal();

  const BuildOptions& options_;
  BuildContext context_;
  const LexiconCopy lexicon_;
  const std::shared_ptr<const StaticModel> static_model_;
  Manifest manifest_;
  fs::path directory_;
  Corpus corpus_;
  std::shared_ptr<const Embedder> embedder_;
  Matrix offer_vectors_;
  Matrix need_vectors_;
};

absl::Status GenerationBuild::MakeEmbedder(BuildSummary& summary) {
  embedder_ = options_.remote;
  if (embedder_ == nullptr) {
    const Clock::time_point start = Clock::now();
    LsaOptions lsa;
    lsa.dim = options_.dim;
    lsa.threads = context_.threads();
    if (corpus_.texts.size() < kSmallCorpus) lsa.df_min = 1;
    lsa.cancelled = [this] { return context_.Stopped(); };
    lsa.progress = [this](double share) {
      context_.Report("train", static_cast<uint64_t>(share * kShareUnits), kShareUnits);
    };
    DX_ASSIGN_OR_RETURN(manifest_.files[kModelFile],
                        TrainLsa(corpus_.texts, *lexicon_.lexicon, lsa, directory_ / kModelFile));
    DX_ASSIGN_OR_RETURN(std::unique_ptr<Embedder> collection,
                        OpenLsaEmbedder(directory_ / kModelFile, lexicon_.lexicon));
    if (static_model_ != nullptr) {
      embedder_ = NewBuiltInEmbedder(static_model_, std::move(collection), lexicon_.lexicon);
    } else {
      embedder_ = std::move(collection);
    }
    summary.seconds_train = SecondsSince(start);
  }
  manifest_.model = embedder_->model_id();
  manifest_.dim = embedder_->dim();
  return absl::OkStatus();
}

absl::Status GenerationBuild::Embed() {
  const uint64_t total = corpus_.texts.size();
  context_.Report("embed", 0, total);
  DX_ASSIGN_OR_RETURN(offer_vectors_, EmbedTexts(corpus_.offer_texts(), *embedder_, {0, total}, context_));
  DX_ASSIGN_OR_RETURN(need_vectors_,
                      EmbedTexts(corpus_.need_texts(), *embedder_, {corpus_.offers, total}, context_));
  context_.Report("embed", total, total);
  return absl::OkStatus();
}

absl::Status GenerationBuild::WriteTablesAndPostings(int threads) {
  const std::string offers = std::string(kOffersName) + "/";
  const std::string needs = std::string(kNeedsName) + "/";
  const uint64_t total = corpus_.texts.size();
  context_.Report("terms", 0, total);
  DX_ASSIGN_OR_RETURN(manifest_.files[offers + kDocumentsFile],
                      corpus_.offer_table.Write(directory_ / kOffersName / kDocumentsFile));
  DX_ASSIGN_OR_RETURN(manifest_.files[needs + kDocumentsFile],
                      corpus_.need_table.Write(directory_ / kNeedsName / kDocumentsFile));
  DX_ASSIGN_OR_RETURN(manifest_.files[offers + kPostingsFile],
                      WritePostings(corpus_.offer_texts(), *lexicon_.lexicon,
                                    directory_ / kOffersName / kPostingsFile, threads, {0, total}, context_));
  DX_ASSIGN_OR_RETURN(
      manifest_.files[needs + kPostingsFile],
      WritePostings(corpus_.need_texts(), *lexicon_.lexicon, directory_ / kNeedsName / kPostingsFile, threads,
                    {corpus_.offers, total}, context_));
  return absl::OkStatus();
}

// Progress in thousandths of both collections.
absl::Status GenerationBuild::WriteVectors(const std::function<void(uint64_t)>& progress) {
  const double offers_share = static_cast<double>(corpus_.offers) / static_cast<double>(corpus_.texts.size());
  const auto cancelled = [this] { return context_.Stopped(); };
  const auto report = [&](double done) { progress(static_cast<uint64_t>(done * kShareUnits)); };
  DX_RETURN_IF_ERROR(WriteVectorIndex(offer_vectors_, directory_ / kOffersName, options_.vectors, cancelled,
                                      [&](double done) { report(done * offers_share); }));
  DX_RETURN_IF_ERROR(
      WriteVectorIndex(need_vectors_, directory_ / kNeedsName, options_.vectors, cancelled,
                       [&](double done) { report(offers_share + done * (1 - offers_share)); }));
  report(1);
  return absl::OkStatus();
}

// The graph is made by one thread (its links depend on the order of insertion), so the others do the rest
// meanwhile.
absl::Status GenerationBuild::WriteIndexes(BuildSummary& summary) {
  constexpr auto kReportInterval = std::chrono::milliseconds(100);
  const auto report_graph = [this](uint64_t done) { context_.Report("graph", done, kShareUnits); };
  if (context_.threads() == 1) {
    DX_RETURN_IF_ERROR(WriteTablesAndPostings(1));
    DX_RETURN_IF_ERROR(WriteVectors(report_graph));
  } else {
    std::atomic<uint64_t> graph_done{0};
    std::future<absl::Status> graph = std::async(std::launch::async, [&] {
      absl::Status status = WriteVectors([&](uint64_t done) { graph_done = done; });
      if (!status.ok()) context_.Stop();
      return status;
    });
    // Without a graph the vectors are written soon: all threads are free for the terms.
    const bool graph_is_long = corpus_.texts.size() >= options_.vectors.graph_rows_min;
    const absl::Status rest = WriteTablesAndPostings(context_.threads() - (graph_is_long ? 1 : 0));
    if (!rest.ok()) context_.Stop();
    while (graph.wait_for(kReportInterval) != std::future_status::ready) report_graph(graph_done);
    const absl::Status vectors = graph.get();
    // A failure on one side cancels the other: the failure is what the caller must hear of.
    if (!rest.ok() && !absl::IsCancelled(rest)) return rest;
    DX_RETURN_IF_ERROR(vectors);
    DX_RETURN_IF_ERROR(rest);
    report_graph(graph_done);
  }
  summary.missing_owners = corpus_.offer_table.missing_owners() + corpus_.need_table.missing_owners();
  summary.missing_examples = corpus_.offer_table.missing_examples();
  for (const std::string& example : corpus_.need_table.missing_examples())
    summary.missing_examples.push_back(example);
  offer_vectors_ = {};
  need_vectors_ = {};
  return absl::OkStatus();
}

// Completes the list of files, writes the manifest and opens and checks all as a server would.
absl::Status GenerationBuild::Seal() {
  context_.Report("verify", 0, 1);
  std::error_code error;
  for (fs::recursive_directory_iterator it(directory_, error), end; !error && it != end;
       it.increment(error)) {
    const std::string path = it->path().lexically_relative(directory_).generic_string();
    if (it->is_directory(error) || manifest_.files.contains(path)) continue;
    DX_ASSIGN_OR_RETURN(manifest_.files[path], SummaryOf(it->path()));
  }
  if (error) return absl::InternalError(directory_.string() + ": cannot list: " + error.message());
  manifest_.generation = GenerationNameOf(manifest_);
  DX_RETURN_IF_ERROR(WriteWholeFile(directory_ / kManifestName, SerializeManifest(manifest_)).status());
  for (const char* name : {kOffersName, kNeedsName}) DX_RETURN_IF_ERROR(SyncDirectory(directory_ / name));
  DX_RETURN_IF_ERROR(SyncDirectory(directory_));
  DX_RETURN_IF_ERROR(context_.CheckCancelled());
  DX_RETURN_IF_ERROR(VerifyFiles(directory_, manifest_));
  DX_RETURN_IF_ERROR(OpenGeneration(directory_, options_.remote).status());
  context_.Report("verify", 1, 1);
  return context_.CheckCancelled();
}

absl::StatusOr<BuildSummary> Build(const CatalogueReader& catalogue, const BuildOptions& options) {
  const Clock::time_point start = Clock::now();
  DX_RETURN_IF_ERROR(CheckOptions(options));
  DX_ASSIGN_OR_RETURN(const std::unique_ptr<BuildFolder> folder, BuildFolder::Open(options.generations));
  DX_ASSIGN_OR_RETURN(LexiconCopy lexicon, CopyLexicon(options.lexicon_directory));
  std::shared_ptr<const StaticModel> model;
  if (!options.static_model.empty()) {
    DX_ASSIGN_OR_RETURN(model, StaticModel::Open(options.static_model));
  }
  DX_ASSIGN_OR_RETURN(Manifest plan, PlanManifest(catalogue, options, *lexicon.lexicon, model.get()));
  BuildSummary summary;
  std::optional<BuildSummary> unchanged = options.force ? std::nullopt : FindUnchanged(options, plan);
  if (unchanged) {
    summary = *std::move(unchanged);
  } else {
    GenerationBuild build(options, std::move(plan), std::move(lexicon), std::move(model));
    DX_RETURN_IF_ERROR(build.Run(catalogue, *folder, summary));
  }
  summary.seconds_total = SecondsSince(start);
  return summary;
}

}  // namespace

absl::StatusOr<BuildSummary> BuildGeneration(const CatalogueReader& catalogue, const BuildOptions& options) {
  try {
    return Build(catalogue, options);
  } catch (const std::bad_alloc&) {
    return absl::ResourceExhaustedError(
        "build: out of memory; use a machine with more memory or fewer records");
  } catch (const std::exception& error) {  // a thread that cannot be started, a file system that throws
    return absl::InternalError(std::string("build: ") + error.what());
  }
}

}  // namespace dongxi
