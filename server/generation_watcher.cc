#include "server/generation_watcher.h"

#include <sys/stat.h>

#include <algorithm>
#include <cctype>
#include <utility>
#include <vector>

#include "absl/strings/str_replace.h"
#include "engine/base/status_macros.h"
#include "engine/embed/guarded_embedder.h"
#include "engine/embed/remote_embedder.h"
#include "engine/index/manifest.h"

namespace dongxi {
namespace {

// Errors of the files themselves: another generation may be whole. Others (another model, another format)
// need the operator.
bool IsDamage(const absl::Status& status) { return absl::IsDataLoss(status) || absl::IsNotFound(status); }

// Errors that can pass without anything being written anew.
bool MayPass(const absl::Status& status) { return !IsDamage(status) && !absl::IsFailedPrecondition(status); }

std::string MessageOf(const absl::Status& status) { return std::string(status.message()); }

// True for a text with an absolute path or a URL in it.
bool NamesAPlace(const std::string& text) {
  for (size_t at = text.find('/'); at != std::string::npos; at = text.find('/', at + 1)) {
    const auto before = static_cast<unsigned char>(at == 0 ? ' ' : text[at - 1]);
    if (std::isalnum(before) == 0 && before != '_' && before != '-' && before != '.') return true;
  }
  return false;
}

// A generation is reproducible and records no clock; its manifest is written last.
absl::Time BuildTimeOf(const std::filesystem::path& directory) {
  struct stat info = {};
  if (::stat((directory / kManifestName).c_str(), &info) != 0) return absl::UnixEpoch();
  return absl::TimeFromTimespec(info.st_mtim);
}

}  // namespace

absl::StatusOr<std::shared_ptr<const Generation>> OpenServedGeneration(
    const GenerationWatcherOptions& options, const std::string& name) {
  const std::filesystem::path directory = options.generations / name;
  DX_ASSIGN_OR_RETURN(const Manifest manifest, ReadManifest(directory));
  std::shared_ptr<const Embedder> remote;
  if (manifest.embedder == "remote" && !options.embedding_url.empty()) {
    RemoteEmbedderOptions remote_options;
    remote_options.url = options.embedding_url;
    remote_options.model = options.embedding_model;
    // Known from the manifest, so that nothing is asked at start: the endpoint may come up later than we do.
    remote_options.expected_dim = manifest.dim;
    DX_ASSIGN_OR_RETURN(std::unique_ptr<Embedder> opened, OpenRemoteEmbedder(remote_options));
    EmbedderGuard guard;
    guard.observe = options.embedder_used;
    remote = NewGuardedEmbedder(std::move(opened), std::move(guard));
  }
  return OpenGeneration(directory, std::move(remote));
}

GenerationWatcher::GenerationWatcher(GenerationWatcherOptions options, ServingState* state,
                                     const OperatorLog* log, std::function<void()> changed, LiveIndex* live)
    : options_(std::move(options)), state_(state), log_(log), changed_(std::move(changed)), live_(live) {}

GenerationWatcher::~GenerationWatcher() { Stop(); }

std::optional<GenerationWatcher::Identity> GenerationWatcher::IdentityOfCurrent() const {
  struct stat info = {};
  if (::stat((options_.generations / kCurrentName).c_str(), &info) != 0) return std::nullopt;
  return Identity{info.st_ino, info.st_mtim.tv_sec * 1'000'000'000 + info.st_mtim.tv_nsec};
}

std::string GenerationWatcher::ToldOf(const absl::Status& why) const {
  const std::string folder = options_.generations.string();
  const std::string told = absl::StrReplaceAll(
      MessageOf(why), {{folder + "/", ""}, {folder + ": ", ""}, {folder, "the folder of generations"}});
  return MayPass(why) || NamesAPlace(told) ? "the server's log says why" : told;
}

absl::StatusOr<std::shared_ptr<const Generation>> GenerationWatcher::OpenVerified(
    const std::string& name) const {
  const std::filesystem::path directory = options_.generations / name;
  DX_ASSIGN_OR_RETURN(const Manifest manifest, ReadManifest(directory));
  DX_RETURN_IF_ERROR(VerifyFiles(directory, manifest));
  return OpenServedGeneration(options_, name);
}

absl::Status GenerationWatcher::Serve(std::shared_ptr<const Generation> generation, Verification verification,
                                      const std::string& message) {
  const Manifest manifest = generation->manifest;
  const absl::Time build_time = BuildTimeOf(generation->directory);
  if (live_ != nullptr) {
    DX_RETURN_IF_ERROR(live_->Serve(std::move(generation), build_time, verification, message));
  } else {
    state_->Serve(std::move(generation), build_time, verification, message);
  }
  log_->Info("serving generation " + manifest.generation + ", catalogue sequence " +
             std::to_string(manifest.catalogue_sequence) + ", model " + manifest.model);
  changed_();
  return absl::OkStatus();
}

void GenerationWatcher::OpenFirst() {
  seen_ = IdentityOfCurrent();
  const absl::StatusOr<std::string> name = ReadCurrent(options_.generations);
  if (!name.ok()) return FirstFailed("", name.status());
  absl::StatusOr<std::shared_ptr<const Generation>> generation = OpenServedGeneration(options_, *name);
  if (!generation.ok()) return FirstFailed(*name, generation.status());
  opened_first_ = *name;
  const absl::Status served = Serve(*std::move(generation), Verification::kRunning, "");
  if (!served.ok()) FirstFailed(*name, served);
}

void GenerationWatcher::FirstFailed(const std::string& name, const absl::Status& why) {
  const bool damaged = !name.empty() && IsDamage(why);
  if (damaged) opened_first_ = name;  // VerifyFirst falls back: checking the others must not delay the start.
  if (MayPass(why)) looks_until_retry_ = options_.retry_looks;
  log_->Warning("nothing is served: " + MessageOf(why));
  const std::string subject = name.empty() ? "" : "generation " + name + " cannot be served: ";
  state_->Withdraw(damaged ? Verification::kFailed : Verification::kNone, subject + ToldOf(why));
  changed_();
}

void GenerationWatcher::VerifyFirst() {
  if (opened_first_.empty()) return;
  const std::string name = std::exchange(opened_first_, "");
  const std::filesystem::path directory = options_.generations / name;
  const absl::StatusOr<Manifest> manifest = ReadManifest(directory);
  const absl::Status status = manifest.ok() ? VerifyFiles(directory, *manifest) : manifest.status();
  if (status.ok() && state_->Current() != nullptr) {
    log_->Info("every file of generation " + name + " is as its manifest says");
    state_->Report(Verification::kPassed, "");
    return changed_();
  }
  FallBack(name, status.ok() ? absl::DataLossError(state_->health().message) : status);
}

std::vector<std::string> GenerationWatcher::OlderNames() const {
  std::vector<std::pair<uint64_t, std::string>> found;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(options_.generations, error)) {
    const std::string name = entry.path().filename().string();
    if (damaged_.contains(name) || !entry.is_directory(error)) continue;
    const absl::StatusOr<Manifest> manifest = ReadManifest(entry.path());
    // A folder under another name is a build that has not been published.
    if (manifest.ok() && manifest->generation == name) found.emplace_back(manifest->catalogue_sequence, name);
  }
  std::sort(found.rbegin(), found.rend());
  std::vector<std::string> names;
  for (auto& [sequence, name] : found) names.push_back(std::move(name));
  return names;
}

void GenerationWatcher::FallBack(const std::string& damaged, const absl::Status& why) {
  damaged_.insert(damaged);
  log_->Error("generation " + damaged + " is damaged: " + MessageOf(why));
  const std::string told =
      "generation " + damaged + " is damaged (" + ToldOf(why) + "); rebuild with dongxi-indexer build";
  for (const std::string& name : OlderNames()) {
    absl::StatusOr<std::shared_ptr<const Generation>> generation = OpenVerified(name);
    absl::Status served = generation.status();
    if (generation.ok())
      served = Serve(*std::move(generation), Verification::kFailed, told + "; serving " + name + " instead");
    if (served.ok()) return;
    log_->Warning("generation " + name + " cannot take its place: " + MessageOf(served));
  }
  state_->Withdraw(Verification::kFailed, told + "; there is no other one that verifies");
  changed_();
}

void GenerationWatcher::Look() {
  const bool retry = looks_until_retry_ > 0 && --looks_until_retry_ == 0;
  const std::optional<Identity> identity = IdentityOfCurrent();
  if (!identity || (identity == seen_ && !retry)) return;
  seen_ = identity;
  const absl::StatusOr<std::string> name = ReadCurrent(options_.generations);
  if (!name.ok()) return LookFailed("", name.status());
  const std::shared_ptr<const Snapshot> served = state_->Current();
  if (served && served->generation->manifest.generation == *name) return;
  absl::StatusOr<std::shared_ptr<const Generation>> generation = OpenVerified(*name);
  if (!generation.ok()) return LookFailed(*name, generation.status());
  damaged_.erase(*name);
  const absl::Status swapped = Serve(*std::move(generation), Verification::kPassed, "");
  if (!swapped.ok()) LookFailed(*name, swapped);
}

void GenerationWatcher::LookFailed(const std::string& name, const absl::Status& why) {
  if (MayPass(why)) looks_until_retry_ = options_.retry_looks;
  const std::shared_ptr<const Snapshot> served = state_->Current();
  if (!served && !name.empty() && IsDamage(why)) return FallBack(name, why);
  const std::string subject = "generation " + name + " is published but cannot be served: ";
  log_->Error(subject + MessageOf(why));
  const std::string told = subject + ToldOf(why);
  if (served) {
    state_->Report(Verification::kFailed,
                   told + "; still serving " + served->generation->manifest.generation);
  } else {
    state_->Withdraw(Verification::kNone, told);
  }
  changed_();
}

void GenerationWatcher::Start() {
  thread_ = std::thread([this] { Run(); });
}

void GenerationWatcher::Run() {
  VerifyFirst();
  while (true) {
    {
      const absl::MutexLock lock(&mutex_);
      const auto called = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return stopping_ || look_soon_; };
      mutex_.AwaitWithTimeout(absl::Condition(&called), options_.interval);
      if (stopping_) return;
      look_soon_ = false;
    }
    Look();
  }
}

void GenerationWatcher::LookSoon() {
  const absl::MutexLock lock(&mutex_);
  look_soon_ = true;
}

void GenerationWatcher::Stop() {
  {
    const absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  if (thread_.joinable()) thread_.join();
}

}  // namespace dongxi
