#include "server/report_store.h"

#include <algorithm>
#include <fstream>
#include <optional>
#include <set>

#include "engine/base/files.h"
#include "engine/base/status_macros.h"
#include "report/file_digest.h"
#include "server/convert.h"
#include "server/digest.h"
#include "server/grpc_status.h"

namespace dongxi {
namespace {

namespace fs = std::filesystem;
using storage::ReportManifest;

constexpr char kNamePrefix[] = "reports/";
constexpr char kOperationPrefix[] = "operations/";
constexpr char kIdPrefix[] = "r-";
constexpr size_t kIdDigits = 16;
constexpr char kReportManifestName[] = "MANIFEST";
constexpr size_t kManifestBytesMax = size_t{4} << 20;
constexpr char kDraftSuffix[] = ".new", kJournalSuffix[] = ".journal", kGoneSuffix[] = ".gone";
constexpr char kRemedy[] = "；用 dongxi reports delete 删除这份报告，再做一次";

bool IsId(const std::string& id) {
  constexpr size_t kPrefixBytes = sizeof(kIdPrefix) - 1;
  return id.size() == kPrefixBytes + kIdDigits && id.starts_with(kIdPrefix) &&
         id.find_first_not_of("0123456789abcdef", kPrefixBytes) == std::string::npos;
}

// Empty if it is no report's name.
std::string IdOf(const std::string& name) {
  if (!name.starts_with(kNamePrefix)) return "";
  std::string id = name.substr(sizeof(kNamePrefix) - 1);
  return IsId(id) ? id : "";
}

bool BelongsTo(const Viewer& viewer, const ReportManifest& manifest) {
  return viewer.all_tenants || manifest.report().tenant() == viewer.tenant;
}

bool IsOver(const pb::Report& report, absl::Time now) {
  return absl::FromUnixSeconds(report.expire_time().seconds()) <= now;
}

absl::Status NoSuchReport(const std::string& name) {
  return WithReason(absl::NotFoundError(name + ": no such report"), "REPORT_NOT_FOUND");
}

absl::Status FolderError(const fs::path& place, const std::error_code& error) {
  const std::string text =
      place.string() + "：" + error.message() + "。请核对数据文件夹是否可写、磁盘是否已满";
  const bool full = error == std::errc::no_space_on_device;
  return full ? absl::ResourceExhaustedError(text) : absl::InternalError(text);
}

// Names of what is in the folder, ascending.
std::vector<std::string> EntriesOf(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error))
    names.push_back(it->path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

absl::StatusOr<ReportManifest> ReadReportManifest(const fs::path& folder) {
  const fs::path file = folder / kReportManifestName;
  DX_ASSIGN_OR_RETURN(const std::string bytes, ReadFile(file, kManifestBytesMax));
  const size_t head = kSha256HexSize + 1;
  ReportManifest manifest;
  const bool whole = bytes.size() >= head &&
                     Sha256Hex(std::string_view(bytes).substr(head)) == bytes.substr(0, kSha256HexSize) &&
                     manifest.ParseFromString(bytes.substr(head));
  if (!whole) return absl::DataLossError(file.string() + ": 损坏" + kRemedy);
  return manifest;
}

absl::Status Digest(const fs::path& folder, pb::ReportFile* file) {
  DX_ASSIGN_OR_RETURN(const report::FileDigest digest, report::DigestOf(folder / file->name()));
  file->set_size_bytes(static_cast<int64_t>(digest.bytes));
  file->set_sha256(digest.sha256);
  return absl::OkStatus();
}

// Every folder that holds files, before the folder that they are in gets its name.
absl::Status SyncFolders(const fs::path& draft) {
  std::error_code error;
  for (fs::recursive_directory_iterator it(draft, error), end; !error && it != end; it.increment(error)) {
    if (it->is_directory()) DX_RETURN_IF_ERROR(SyncDirectory(it->path()));
  }
  if (error) return FolderError(draft, error);
  return SyncDirectory(draft);
}

void CheckFile(const fs::path& folder, const pb::ReportFile& file, ReportCheck* found) {
  const fs::path path = folder / file.name();
  const absl::StatusOr<report::FileDigest> digest = report::DigestOf(path);
  if (!digest.ok()) {
    found->problems.push_back(std::string(digest.status().message()) + kRemedy);
    return;
  }
  ++found->files;
  found->bytes += digest->bytes;
  if (digest->sha256 != file.sha256() || static_cast<int64_t>(digest->bytes) != file.size_bytes())
    found->problems.push_back(path.string() + ": 与清单里的 SHA-256 不符" + kRemedy);
}

void CheckFolder(const fs::path& folder, ReportCheck* found) {
  const absl::StatusOr<ReportManifest> manifest = ReadReportManifest(folder);
  if (!manifest.ok()) {
    found->problems.emplace_back(manifest.status().message());
    return;
  }
  ++found->files;
  std::set<std::string> listed = {kReportManifestName};
  std::vector<pb::ReportFile> files(manifest->report().files().begin(), manifest->report().files().end());
  if (manifest->has_disclosed()) files.push_back(manifest->disclosed());
  for (const pb::ReportFile& file : files) {
    listed.insert(file.name());
    CheckFile(folder, file, found);
  }
  std::error_code error;
  for (fs::recursive_directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    const std::string name = fs::relative(it->path(), folder).string();
    if (it->is_regular_file() && !listed.contains(name))
      found->problems.push_back(it->path().string() + ": 不在报告的清单里；删除它");
  }
}

}  // namespace

std::string ReportNameOfOperation(const std::string& operation) {
  return std::string(kNamePrefix) + kIdPrefix + operation.substr(operation.find('/') + 1);
}

std::string OperationOfReport(const std::string& report) {
  return kOperationPrefix + report.substr(sizeof(kNamePrefix) + sizeof(kIdPrefix) - 2);
}

absl::StatusOr<ReportManifest> ReportStore::Read(const std::string& id) const {
  return ReadReportManifest(options_.root / id);
}

absl::StatusOr<ReportManifest> ReportStore::Find(const std::string& name, const std::string& field,
                                                 const Caller& caller) const {
  const std::string id = IdOf(name);
  if (id.empty()) {
    return FieldError(
        field, "expected \"reports/{report}\" as RunReport's operation gave it, found \"" + name + "\"");
  }
  absl::StatusOr<ReportManifest> manifest = Read(id);
  if (absl::IsNotFound(manifest.status())) return NoSuchReport(name);
  if (!manifest.ok()) return manifest.status();
  if (!BelongsTo(caller.viewer, *manifest) || IsOver(manifest->report(), options_.now()))
    return NoSuchReport(name);
  return manifest;
}

absl::Status ReportStore::CheckMayRead(const ReportManifest& manifest, const Caller& caller) {
  const storage::ReportScope& scope = manifest.scope();
  if (static_cast<int>(caller.viewer.disclosure_max) >= scope.disclosure() &&
      (caller.viewer.all_tenants || !scope.all_tenants()))
    return absl::OkStatus();
  return WithReason(
      absl::PermissionDeniedError(manifest.report().name() +
                                  ": was made by a token that sees more than this one (records that are not "
                                  "public, or those of all tenants); use such a token, or make a report "
                                  "with this one"),
      "REPORT_DISCLOSURE");
}

std::vector<pb::Report> ReportStore::List(const std::string& after, int limit, const Caller& caller) const {
  std::vector<pb::Report> reports;
  const std::string last = IdOf(after);
  std::vector<std::string> ids = EntriesOf(options_.root);
  std::reverse(ids.begin(), ids.end());
  const absl::Time now = options_.now();
  for (const std::string& id : ids) {
    if (static_cast<int>(reports.size()) == limit) break;
    if (!IsId(id) || (!last.empty() && id >= last)) continue;
    absl::StatusOr<ReportManifest> manifest = Read(id);
    if (!manifest.ok() || !BelongsTo(caller.viewer, *manifest) || IsOver(manifest->report(), now)) continue;
    reports.push_back(std::move(*manifest->mutable_report()));
  }
  return reports;
}

// Out of sight first: nobody finds a report with half of its files.
absl::Status ReportStore::Erase(const std::string& id) const {
  std::error_code error;
  const fs::path gone = options_.root / (id + kGoneSuffix);
  fs::remove_all(gone, error);
  fs::rename(options_.root / id, gone, error);
  if (error) return FolderError(options_.root / id, error);
  fs::remove_all(gone, error);  // what stays is swept later
  return SyncDirectory(options_.root);
}

absl::Status ReportStore::Remove(const std::string& name, const Caller& caller) {
  const absl::MutexLock lock(&mutex_);
  const absl::StatusOr<ReportManifest> manifest = Find(name, "name", caller);
  // A damaged one can be removed by the operator alone: nobody can tell whose it is.
  if (!manifest.ok() && !(absl::IsDataLoss(manifest.status()) && caller.viewer.all_tenants))
    return absl::IsDataLoss(manifest.status()) ? NoSuchReport(name) : manifest.status();
  return Erase(IdOf(name));
}

fs::path ReportStore::PathOf(const std::string& name, const std::string& file) const {
  return options_.root / IdOf(name) / file;
}

fs::path ReportStore::JournalOf(const std::string& name) const {
  return options_.root / (IdOf(name) + kJournalSuffix);
}

fs::path ReportStore::DraftOf(const std::string& name) const {
  return options_.root / (IdOf(name) + kDraftSuffix);
}

absl::Status ReportStore::MakeRoot() const {
  std::error_code error;
  fs::create_directories(options_.root, error);
  if (error) return FolderError(options_.root, error);
  fs::permissions(options_.root, fs::perms::owner_all, error);
  return absl::OkStatus();
}

absl::Status ReportStore::BeginDraft(const std::string& name) const {
  DX_RETURN_IF_ERROR(MakeRoot());
  const fs::path draft = DraftOf(name);
  std::error_code error;
  fs::remove_all(draft, error);
  fs::create_directory(draft, error);
  return error ? FolderError(draft, error) : absl::OkStatus();
}

absl::StatusOr<pb::Report> ReportStore::Publish(ReportManifest manifest) {
  pb::Report& report = *manifest.mutable_report();
  const fs::path draft = DraftOf(report.name());
  for (pb::ReportFile& file : *report.mutable_files()) DX_RETURN_IF_ERROR(Digest(draft, &file));
  if (fs::exists(draft / kDisclosedFileName)) {
    manifest.mutable_disclosed()->set_name(kDisclosedFileName);
    DX_RETURN_IF_ERROR(Digest(draft, manifest.mutable_disclosed()));
  }
  const absl::Time now = options_.now();
  EncodeTime(now, report.mutable_create_time());
  EncodeTime(now + options_.keep_for, report.mutable_expire_time());
  const std::string body = manifest.SerializeAsString();
  DX_RETURN_IF_ERROR(WriteFileAtomically(draft / kReportManifestName, Sha256Hex(body) + "\n" + body));
  DX_RETURN_IF_ERROR(SyncFolders(draft));
  const absl::MutexLock lock(&mutex_);
  std::error_code error;
  const fs::path place = options_.root / IdOf(report.name());
  fs::rename(draft, place, error);
  if (error) return FolderError(place, error);
  DX_RETURN_IF_ERROR(SyncDirectory(options_.root));
  Trim(report.tenant());
  return report;
}

void ReportStore::Trim(const std::string& tenant) const {
  std::vector<std::string> ids = EntriesOf(options_.root);
  std::reverse(ids.begin(), ids.end());
  int kept = 0;
  for (const std::string& id : ids) {
    if (!IsId(id)) continue;
    const absl::StatusOr<ReportManifest> manifest = Read(id);
    if (!manifest.ok() || manifest->report().tenant() != tenant) continue;
    if (++kept > options_.keep) (void)Erase(id);
  }
}

void ReportStore::Discard(const std::string& name) const {
  std::error_code error;
  fs::remove_all(DraftOf(name), error);
  fs::remove(JournalOf(name), error);
}

absl::StatusOr<pb::Report> ReportStore::Published(const std::string& name) const {
  DX_ASSIGN_OR_RETURN(ReportManifest manifest, Read(IdOf(name)));
  return std::move(*manifest.mutable_report());
}

void ReportStore::Sweep(absl::FunctionRef<bool(const std::string& name)> pending) {
  const absl::MutexLock lock(&mutex_);
  const absl::Time now = options_.now();
  for (const std::string& entry : EntriesOf(options_.root)) {
    std::error_code error;
    const std::string id = entry.substr(0, entry.find('.'));
    if (!IsId(id)) continue;
    if (id == entry) {
      const absl::StatusOr<ReportManifest> manifest = Read(id);
      if (manifest.ok() && IsOver(manifest->report(), now)) (void)Erase(id);
    } else if (entry.ends_with(kGoneSuffix) || !pending(kNamePrefix + id)) {
      fs::remove_all(options_.root / entry, error);
    }
  }
}

absl::Status WriteDisclosed(const fs::path& draft,
                            const std::vector<std::pair<std::string, Disclosure>>& disclosed) {
  std::string text;
  for (const auto& [name, level] : disclosed)
    text += std::to_string(static_cast<int>(level)) + " " + name + "\n";
  return WriteFileAtomically(draft / kDisclosedFileName, text);
}

absl::Status ReportStore::ReadDisclosed(
    const ReportManifest& manifest,
    absl::FunctionRef<void(const std::string& name, Disclosure level)> visit) const {
  if (!manifest.has_disclosed()) return absl::OkStatus();
  const fs::path file = PathOf(manifest.report().name(), kDisclosedFileName);
  std::ifstream lines(file);
  std::string name;
  for (int level = 0; lines >> level >> name;) visit(name, static_cast<Disclosure>(level));
  // Without it the audit log could not tell what was shown.
  return lines.eof() ? absl::OkStatus() : absl::DataLossError(file.string() + ": 读不了" + kRemedy);
}

ReportCheck CheckReports(const fs::path& root) {
  ReportCheck found;
  for (const std::string& id : EntriesOf(root)) {
    if (!IsId(id)) continue;
    ReportCheck one;
    CheckFolder(root / id, &one);
    std::error_code error;
    if (!fs::exists(root / id, error)) continue;  // its time came while it was read
    found.files += one.files;
    found.bytes += one.bytes;
    found.problems.insert(found.problems.end(), one.problems.begin(), one.problems.end());
  }
  return found;
}

}  // namespace dongxi
