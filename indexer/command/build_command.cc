#include "indexer/command/build_command.h"

#include <map>
#include <memory>

#include "absl/status/statusor.h"
#include "absl/strings/str_format.h"
#include "engine/base/status_macros.h"
#include "engine/embed/remote_embedder.h"
#include "engine/policy/policy.h"
#include "indexer/build/generation_builder.h"
#include "indexer/command/interrupt.h"
#include "indexer/command/progress_bar.h"
#include "store/catalogue.h"

namespace dongxi {
namespace {

void ShowProgress(const BuildProgress& progress, ProgressBar& bar) {
  struct Stage {
    std::string_view name, unit;
  };
  static const std::map<std::string_view, Stage> kStages = {
      {"read", {"读取记录", "条"}},  {"terms", {"提取词项", "条"}}, {"train", {"训练模型", ""}},
      {"embed", {"生成向量", "条"}}, {"graph", {"写入索引", ""}},   {"verify", {"检查文件", ""}},
      {"publish", {"发布版本", ""}},
  };
  const auto stage = kStages.find(progress.stage);
  if (stage == kStages.end()) return bar.Show(progress.stage, "", progress.done, progress.total);
  bar.Show(stage->second.name, stage->second.unit, progress.done, progress.total);
}

absl::StatusOr<BuildOptions> MakeOptions(const BuildCommandOptions& command) {
  BuildOptions options;
  options.generations = GenerationsFolder(command.data);
  options.lexicon_directory = command.lexicon;
  options.static_model = command.model;
  options.dim = command.dim;
  options.threads = command.threads;
  options.keep = command.keep;
  options.force = command.force;
  DX_ASSIGN_OR_RETURN(const std::shared_ptr<const Policy> policy, LoadPolicy(command.policy));
  options.policy_version = policy->version();
  if (command.embedding_url.empty()) return options;
  RemoteEmbedderOptions remote;
  remote.url = command.embedding_url;
  remote.model = command.embedding_model;
  remote.api_key_env = command.embedding_key_env;
  DX_ASSIGN_OR_RETURN(options.remote, OpenRemoteEmbedder(remote));
  return options;
}

absl::StatusOr<BuildSummary> Build(const BuildCommandOptions& command, ProgressBar& bar) {
  DX_ASSIGN_OR_RETURN(const std::unique_ptr<CatalogueReader> view,
                      OpenCatalogueView(CatalogueFolder(command.data)));
  DX_ASSIGN_OR_RETURN(BuildOptions options, MakeOptions(command));
  options.progress = [&bar](const BuildProgress& progress) { ShowProgress(progress, bar); };
  options.cancelled = &InterruptGuard::Interrupted;
  return BuildGeneration(*view, options);
}

void PrintSummary(const BuildSummary& summary, const CommandOutput& output) {
  const Manifest& manifest = summary.manifest;
  uint64_t records = 0;
  for (const auto& [collection, count] : manifest.record_counts) records += count;
  output.out << (summary.unchanged ? "没有变化，沿用当前版本 " : "已发布版本 ") << manifest.generation << "\n"
             << "  位置    " << summary.directory.string() << "\n"
             << "  记录    " << WithCommas(records) << " 条（写入序号 " << manifest.catalogue_sequence
             << "）\n"
             << "  模型    " << manifest.model << "（" << manifest.dim << " 维）\n"
             << "  大小    " << WithCommas(summary.bytes) << " 字节\n"
             << "  用时    " << absl::StrFormat("%.1f", summary.seconds_total) << " 秒";
  if (!summary.unchanged) {
    const double rate = summary.seconds_total > 0 ? static_cast<double>(records) / summary.seconds_total : 0;
    output.out << "，其中训练 " << absl::StrFormat("%.1f", summary.seconds_train) << " 秒；每秒 "
               << WithCommas(static_cast<uint64_t>(rate)) << " 条";
  }
  output.out << "\n";
  if (summary.missing_owners == 0) return;
  output.err << "注意：有 " << summary.missing_owners
             << " 处引用的机构或专家不在记录库中，这些引用不参与推荐。例如：\n";
  for (const std::string& example : summary.missing_examples) output.err << "  " << example << "\n";
  output.err << "处理办法：导入缺少的机构和专家，再运行一次 build。\n";
}

}  // namespace

int RunBuild(const BuildCommandOptions& options, const CommandOutput& output) {
  const InterruptGuard guard;
  ProgressBar bar(output.err, output.err_is_terminal);
  const absl::StatusOr<BuildSummary> summary = Build(options, bar);
  bar.Clear();
  if (absl::IsCancelled(summary.status()) && InterruptGuard::Interrupted()) {
    output.err << "已取消，未发布新版本\n";
    return kExitInterrupted;
  }
  if (!summary.ok()) return Fail(output, "build", summary.status());
  PrintSummary(*summary, output);
  return kExitOk;
}

}  // namespace dongxi
