#include "indexer/command/backup_command.h"

#include <memory>

#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "engine/base/status_macros.h"
#include "engine/policy/policy.h"
#include "indexer/backup/backup.h"
#include "indexer/command/interrupt.h"
#include "indexer/command/progress_bar.h"
#include "store/catalogue.h"

namespace dongxi {
namespace {

// Bytes are shown as MB, so that the numbers stay short.
constexpr uint64_t kBytesPerUnit = 1'000'000;

BackupWatch WatchOf(ProgressBar& bar) {
  BackupWatch watch;
  watch.progress = [&bar](std::string_view stage, uint64_t done, uint64_t total) {
    const std::string_view words = stage == "verify" ? "检查文件"
                                   : stage == "copy" ? "复制文件"
                                                     : "固定记录库";
    if (stage == "checkpoint") return bar.Show(words, "", done, total);
    bar.Show(words, "MB", done / kBytesPerUnit, (total + kBytesPerUnit - 1) / kBytesPerUnit);
  };
  watch.cancelled = &InterruptGuard::Interrupted;
  return watch;
}

absl::StatusOr<BackupPlace> Backup(const BackupCommandOptions& command, ProgressBar& bar) {
  absl::StatusOr<std::unique_ptr<Catalogue>> catalogue = Catalogue::Open(CatalogueFolder(command.data));
  if (absl::IsFailedPrecondition(catalogue.status())) {
    return absl::FailedPreconditionError(
        "记录库正被服务或另一个命令使用；服务运行时请用 dongxi admin backup。原因：" +
        std::string(catalogue.status().message()));
  }
  if (!catalogue.ok()) return catalogue.status();
  DX_ASSIGN_OR_RETURN(const std::shared_ptr<const Policy> policy, LoadPolicy(command.policy));
  BackupOptions options;
  options.data = command.data;
  options.to = command.to.empty() ? std::filesystem::path(command.data) / "backups"
                                  : std::filesystem::path(command.to);
  options.policy = command.policy;
  options.policy_version = policy->version();
  options.ranking = command.ranking;
  options.time = absl::Now();
  options.watch = WatchOf(bar);
  return MakeBackup(**catalogue, options);
}

void PrintManifest(const BackupManifest& manifest, const CommandOutput& output) {
  output.out << "  写入序号  " << manifest.catalogue_sequence << "\n"
             << "  索引版本  " << (manifest.generation.empty() ? "无" : manifest.generation) << "\n"
             << "  文件      " << manifest.files.size() << " 个，" << WithCommas(manifest.bytes())
             << " 字节\n";
}

int Ended(const absl::Status& status, const std::string& command, const CommandOutput& output) {
  if (!absl::IsCancelled(status) || !InterruptGuard::Interrupted()) return Fail(output, command, status);
  output.err << "已取消\n";
  return kExitInterrupted;
}

}  // namespace

int RunBackup(const BackupCommandOptions& options, const CommandOutput& output) {
  const InterruptGuard guard;
  ProgressBar bar(output.err, output.err_is_terminal);
  std::error_code error;
  if (!std::filesystem::exists(CatalogueFolder(options.data) / "CURRENT", error)) {
    return Fail(output, "backup", absl::NotFoundError(options.data + "：没有记录库，没有可备份的数据"));
  }
  const absl::StatusOr<BackupPlace> place = Backup(options, bar);
  bar.Clear();
  if (!place.ok()) return Ended(place.status(), "backup", output);
  output.out << "已备份到 " << place->directory.string() << "\n";
  PrintManifest(place->manifest, output);
  return kExitOk;
}

int RunRestore(const RestoreCommandOptions& options, const CommandOutput& output) {
  const InterruptGuard guard;
  ProgressBar bar(output.err, output.err_is_terminal);
  const absl::StatusOr<BackupManifest> manifest = RestoreBackup(options.from, options.data, WatchOf(bar));
  bar.Clear();
  if (!manifest.ok()) return Ended(manifest.status(), "restore", output);
  output.out << "已从 " << manifest->backup << " 恢复到 " << options.data << "\n";
  PrintManifest(*manifest, output);
  output.out << "备份里没有令牌：把原来的 tokens 复制到 " << options.data
             << "，或用 dongxi-server token create 重新建\n";
  if (manifest->policy.empty()) return kExitOk;
  output.out << "启动（用备份时的政策表和排序参数，答案与当时完全相同）：\n"
             << "  dongxi-server --data " << options.data << " --policy " << options.data << "/policy\n"
             << "  排序参数在 " << options.data << "/ranking，用 --ranking 指定\n";
  return kExitOk;
}

int RunVerifyBackup(const VerifyBackupCommandOptions& options, const CommandOutput& output) {
  const InterruptGuard guard;
  ProgressBar bar(output.err, output.err_is_terminal);
  const absl::StatusOr<BackupManifest> manifest = VerifyBackup(options.from, WatchOf(bar));
  bar.Clear();
  if (!manifest.ok()) return Ended(manifest.status(), "verify-backup", output);
  output.out << "备份 " << manifest->backup << " 全部完好\n";
  PrintManifest(*manifest, output);
  return kExitOk;
}

}  // namespace dongxi
