#include "server/admin_jobs.h"

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

#include "absl/strings/str_format.h"
#include "engine/base/parallel.h"
#include "engine/base/status_macros.h"
#include "engine/embed/remote_embedder.h"
#include "server/admin_job_parts.h"
#include "server/background_thread.h"
#include "server/convert.h"
#include "server/generation_watcher.h"
#include "server/grpc_status.h"

namespace dongxi {
namespace {

using google::protobuf::Any;

constexpr char kHoldKey[] = "builds-held";

// Where each stage of a build begins and ends in the whole: shares of time as measured on 100,000 records.
struct StageSpan {
  double begin, end;
};
double BuildFraction(const BuildProgress& progress) {
  static const auto& spans = *new std::map<std::string_view, StageSpan>{
      {"read", {0, 0.05}},    {"train", {0.05, 0.45}},  {"embed", {0.45, 0.65}}, {"terms", {0.65, 0.9}},
      {"graph", {0.9, 0.95}}, {"verify", {0.95, 0.99}}, {"publish", {0.99, 1}},
  };
  const auto found = spans.find(progress.stage);
  if (found == spans.end() || progress.total == 0) return 0;
  const double share = static_cast<double>(progress.done) / static_cast<double>(progress.total);
  return found->second.begin + share * (found->second.end - found->second.begin);
}

}  // namespace

AdminJobs::AdminJobs(AdminJobsOptions options, Catalogue* catalogue, const ServingState* state,
                     const OperatorLog* log)
    : options_(std::move(options)),
      generations_(options_.data / "generations"),
      catalogue_(catalogue),
      state_(state),
      log_(log) {}

void AdminJobs::RegisterWith(OperationRunner* runner) {
  using Method = absl::StatusOr<Any> (AdminJobs::*)(const Any&, OperationContext&);
  const auto add = [&](const char* kind, Method method) {
    runner->Register(
        kind,
        [this, method](const Any& request, OperationContext& context) {
          return (this->*method)(request, context);
        },
        OperationAudience::kAdministration);
  };
  add(kBuildKind, &AdminJobs::Build);
  add(kBackupKind, &AdminJobs::Backup);
  add(kVerifyKind, &AdminJobs::Verify);
  add(kVerifyGenerationKind, &AdminJobs::VerifyOneGeneration);
  add(kVerifyBackupKind, &AdminJobs::VerifyOneBackup);
}

std::string AdminJobs::served() const {
  const std::shared_ptr<const Snapshot> snapshot = state_->Current();
  return snapshot != nullptr ? snapshot->generation->manifest.generation : "";
}

TablePut AdminJobs::EndOfHold() { return {Table::kSettings, kHoldKey, std::nullopt}; }

absl::Status AdminJobs::CheckServable(const std::string& generation) const {
  GenerationWatcherOptions opening;
  opening.generations = options_.data / "generations";
  opening.embedding_url = options_.embedding_url;
  opening.embedding_model = options_.embedding_model;
  const absl::Status opened = OpenServedGeneration(opening, generation).status();
  if (opened.ok()) return absl::OkStatus();
  return WithReason(
      absl::FailedPreconditionError("generation " + generation +
                                    " cannot be served by this server: " + std::string(opened.message())),
      "GENERATION_NOT_SERVABLE");
}

absl::Status AdminJobs::CheckCurrent(const std::string& from) const {
  if (from.empty()) return absl::OkStatus();
  const absl::StatusOr<std::string> current = ReadCurrent(generations_.directory());
  if (current.ok() && *current == from) return absl::OkStatus();
  const std::string now = current.ok() ? "that is " + (kGenerationPrefix + *current) : "there is none";
  return WithReason(WithField(absl::AbortedError("from: " + (kGenerationPrefix + from) +
                                                 " is not the current generation, " + now +
                                                 "; nothing was done; list the generations and decide again"),
                              "from"),
                    "GENERATION_CHANGED");
}

absl::Status AdminJobs::Publish(const std::string& generation, bool hold, const std::string& from) {
  const absl::MutexLock lock(&publishing_);
  DX_RETURN_IF_ERROR(CheckCurrent(from));
  const bool held = BuildsHeld();
  DX_RETURN_IF_ERROR(SetHold(hold));
  const absl::Status published = generations_.Publish(generation);
  if (!published.ok()) (void)SetHold(held);  // as before; the error to tell is the first
  return published;
}

absl::Status AdminJobs::Delete(const std::string& generation) {
  const absl::MutexLock lock(&publishing_);
  return generations_.Delete(generation, served());
}

absl::Status AdminJobs::SetHold(bool hold) {
  if (hold == BuildsHeld()) return absl::OkStatus();
  return catalogue_
      ->Write(
          [&](const CatalogueReader&) -> absl::StatusOr<WriteBatch> {
            WriteBatch batch;
            batch.puts.push_back(hold ? TablePut{Table::kSettings, kHoldKey, "1"} : EndOfHold());
            return batch;
          },
          absl::ToUnixMicros(absl::Now()))
      .status();
}

bool AdminJobs::BuildsHeld() const {
  const absl::StatusOr<std::optional<std::string>> value = catalogue_->GetTable(Table::kSettings, kHoldKey);
  return value.ok() && value->has_value();
}

absl::StatusOr<BuildOptions> AdminJobs::MakeBuildOptions(const pb::BuildGenerationRequest& request,
                                                         OperationContext& context) {
  const BuildBudget& budget = options_.build;
  BuildOptions build;
  build.generations = generations_.directory();
  build.lexicon_directory = budget.lexicon_directory;
  build.static_model = budget.static_model;
  build.policy_version = state_->policy()->version();
  build.dim = budget.dim;
  build.threads = budget.threads > 0 ? budget.threads : std::max(1, DefaultThreads() / 2);
  build.keep = budget.keep;
  build.force = request.force();
  build.keep_too = served();
  build.cancelled = [&context] { return context.Cancelled(); };
  build.progress = [&context](const BuildProgress& progress) {
    context.Progress(BuildFraction(progress), std::string(progress.stage));
  };
  build.make_current = [this, hold = request.hold()] { return !hold && !BuildsHeld(); };
  build.publishing = &publishing_;
  if (options_.embedding_url.empty()) return build;
  RemoteEmbedderOptions remote;
  remote.url = options_.embedding_url;
  remote.model = options_.embedding_model;
  DX_ASSIGN_OR_RETURN(build.remote, OpenRemoteEmbedder(remote));
  return build;
}

absl::StatusOr<BuildSummary> AdminJobs::BuildWithinBudget(const CatalogueReader& catalogue,
                                                          const BuildOptions& options) const {
  DX_ASSIGN_OR_RETURN(const uint64_t bytes, EstimateBuildMemory(catalogue, options));
  if (options_.build.memory_max_bytes != 0 && bytes > options_.build.memory_max_bytes) {
    return WithReason(
        absl::ResourceExhaustedError(absl::StrFormat(
            "a build of these records takes about %d MiB, --build-memory-max allows %d; raise it, or build "
            "with dongxi-indexer build on a larger machine and copy the generation here",
            bytes >> 20, options_.build.memory_max_bytes >> 20)),
        "BUILD_MEMORY");
  }
  absl::StatusOr<BuildSummary> summary = absl::InternalError("the build did not run");
  RunInBackground(options_.build.idle_priority ? ProcessorShare::kIdle : ProcessorShare::kEqual,
                  [&] { summary = BuildGeneration(catalogue, options); });
  return summary;
}

absl::StatusOr<Any> AdminJobs::Build(const Any& any, OperationContext& context) {
  DX_ASSIGN_OR_RETURN(const auto request, UnpackJob<pb::BuildGenerationRequest>(any));
  absl::StatusOr<BuildSummary> summary = absl::InternalError("");
  {
    const std::unique_ptr<CatalogueReader> snapshot = catalogue_->Snapshot();
    const absl::StatusOr<BuildOptions> options = MakeBuildOptions(request, context);
    summary = options.ok() ? BuildWithinBudget(*snapshot, *options) : options.status();
  }
  // One that was cancelled says nothing: a failure before it still waits for its remedy.
  if (!absl::IsCancelled(summary.status())) last_build_failed_ = !summary.ok();
  if (!summary.ok()) return summary.status();
  options_.published();
  if (const absl::StatusOr<uint64_t> oldest = PruneHistory(); !oldest.ok()) {
    log_->Warning("history is not pruned: " + std::string(oldest.status().message()));
  }
  pb::BuildGenerationResponse response;
  DX_ASSIGN_OR_RETURN(const GenerationInfo info, generations_.Get(summary->manifest.generation));
  *response.mutable_generation() = Describe(info);
  response.set_unchanged(summary->unchanged);
  response.set_seconds(summary->seconds_total);
  response.set_published(summary->published);
  return PackJob(response);
}

absl::StatusOr<Any> AdminJobs::Backup(const Any&, OperationContext& context) {
  BackupOptions backup;
  backup.data = options_.data;
  backup.to = options_.backups;
  backup.policy = options_.policy_directory;
  backup.policy_version = state_->policy()->version();
  backup.ranking = options_.ranking_file;
  backup.ranking_digest = state_->ranking()->digest;
  backup.time = absl::Now();
  backup.watch = BackupWatchOf(context);
  DX_ASSIGN_OR_RETURN(const BackupPlace place, MakeBackup(*catalogue_, backup));
  return PackJob(DescribeBackup(place.manifest.backup, place.manifest));
}

absl::StatusOr<uint64_t> AdminJobs::PruneHistory() {
  DX_ASSIGN_OR_RETURN(const uint64_t oldest, generations_.OldestSequence());
  // The next build reads the last change of the oldest generation again, to tell two catalogues apart.
  const uint64_t last_needed = oldest == 0 ? 0 : oldest - 1;
  DX_RETURN_IF_ERROR(catalogue_->Prune(last_needed, absl::ToUnixMicros(absl::Now())));
  options_.pruned(oldest);
  return oldest;
}

absl::StatusOr<pb::PruneResponse> AdminJobs::Prune(int keep) {
  pb::PruneResponse response;
  {
    const absl::MutexLock lock(&publishing_);
    DX_ASSIGN_OR_RETURN(const std::vector<std::string> removed,
                        generations_.RemoveOld(keep > 0 ? keep : options_.build.keep, served()));
    for (const std::string& name : removed) response.add_removed_generations(kGenerationPrefix + name);
  }
  DX_ASSIGN_OR_RETURN(const uint64_t oldest, PruneHistory());
  response.set_oldest_sequence(static_cast<int64_t>(oldest));
  return response;
}

pb::Generation AdminJobs::Describe(const GenerationInfo& info) const {
  pb::Generation out;
  out.set_name(kGenerationPrefix + info.name);
  out.set_current(info.current);
  out.set_served(info.name == served());
  EncodeTime(info.build_time, out.mutable_build_time());
  if (!info.manifest.ok()) {
    out.set_damage(std::string(info.manifest.status().message()));
    return out;
  }
  out.set_catalogue_sequence(static_cast<int64_t>(info.manifest->catalogue_sequence));
  out.set_model(info.manifest->model);
  out.set_dim(info.manifest->dim);
  out.set_policy(info.manifest->policy);
  out.set_builder(info.manifest->builder);
  for (const auto& [collection, count] : info.manifest->record_counts) {
    (*out.mutable_record_counts())[collection] = static_cast<int64_t>(count);
  }
  out.set_size_bytes(static_cast<int64_t>(info.bytes));
  return out;
}

pb::Backup AdminJobs::DescribeBackup(const std::string& name,
                                     const absl::StatusOr<BackupManifest>& manifest) {
  pb::Backup out;
  out.set_name("backups/" + name);
  if (!manifest.ok()) {
    out.set_damage(std::string(manifest.status().message()));
    return out;
  }
  out.set_catalogue_sequence(static_cast<int64_t>(manifest->catalogue_sequence));
  if (!manifest->generation.empty()) out.set_generation(kGenerationPrefix + manifest->generation);
  EncodeTime(manifest->create_time, out.mutable_create_time());
  out.set_size_bytes(static_cast<int64_t>(manifest->bytes()));
  out.set_files(static_cast<int32_t>(manifest->files.size()));
  out.set_policy(manifest->policy);
  return out;
}

}  // namespace dongxi
