#include "indexer/command/verify_command.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/status/statusor.h"
#include "engine/base/checksum_list.h"
#include "engine/base/status_macros.h"
#include "engine/index/generation.h"
#include "engine/index/manifest.h"
#include "indexer/command/generation_choice.h"
#include "indexer/command/progress_bar.h"
#include "store/catalogue_check.h"

namespace dongxi {
namespace {

// Stands in for the remote model of a generation: a check of files needs no model.
class NoEmbedder final : public Embedder {
 public:
  NoEmbedder(std::string model, int dim) : model_(std::move(model)), dim_(dim) {}
  const std::string& model_id() const override { return model_; }
  int dim() const override { return dim_; }
  absl::StatusOr<Matrix> Embed(std::span<const EmbedInput>, absl::Time) const override {
    return absl::UnimplementedError("verify embeds nothing");
  }

 private:
  const std::string model_;
  const int dim_;
};

// Prints one line a file; returns how many are damaged.
int CheckFiles(const std::filesystem::path& directory, const Manifest& manifest,
               const CommandOutput& output) {
  int damaged = 0;
  for (const auto& [path, summary] : manifest.files) {
    Manifest one;
    one.files[path] = summary;
    const absl::Status status = VerifyFiles(directory, one);
    output.out << (status.ok() ? "完好  " : "损坏  ") << path << "  " << WithCommas(summary.bytes)
               << " 字节\n";
    if (status.ok()) continue;
    ++damaged;
    output.err << "  " << status.message() << "\n";
  }
  return damaged;
}

int VerifyGeneration(const VerifyCommandOptions& options, const CommandOutput& output) {
  const absl::StatusOr<std::filesystem::path> directory = ChooseGeneration(options.data, options.generation);
  if (!directory.ok()) return Fail(output, "verify", directory.status());
  const std::string remedy = "处理办法：运行 dongxi-indexer build --data " + options.data +
                             " --force 重新构建；记录库（catalogue）不受影响。\n";
  const absl::StatusOr<Manifest> manifest = ReadManifest(*directory);
  if (!manifest.ok()) {
    output.out << "损坏  " << kManifestName << "\n";
    output.err << "  " << manifest.status().message() << "\n" << remedy;
    return kExitFailed;
  }
  output.out << "版本  " << directory->filename().string() << "\n完好  " << kManifestName << "\n";
  const int damaged = CheckFiles(*directory, *manifest, output);
  if (damaged > 0) {
    output.err << "有 " << damaged << " 个文件损坏或缺失。\n" << remedy;
    return kExitFailed;
  }
  const auto opened =
      OpenGeneration(*directory, manifest->embedder == "remote"
                                     ? std::make_shared<NoEmbedder>(manifest->model, manifest->dim)
                                     : nullptr);
  if (!opened.ok()) {
    output.err << "校验和正确，但结构有误：" << opened.status().message() << "\n" << remedy;
    return kExitFailed;
  }
  output.out << "全部 " << manifest->files.size() << " 个文件完好\n";
  return kExitOk;
}

// Reads the whole catalogue beside whoever writes it.
int VerifyCatalogue(const std::filesystem::path& data, const CommandOutput& output) {
  const auto view = OpenCatalogueView(data / "catalogue");
  if (absl::IsNotFound(view.status())) {  // A folder of generations alone, for another machine.
    output.out << "没有记录库\n";
    return kExitOk;
  }
  if (!view.ok()) return Fail(output, "verify", view.status());
  const auto check = CheckCatalogue(**view, {});
  if (!check.ok()) return Fail(output, "verify", check.status());
  output.out << (check->problems.empty() ? "完好  " : "损坏  ") << "记录库  " << WithCommas(check->records)
             << " 条记录\n";
  for (const std::string& problem : check->problems) output.err << "  " << problem << "\n";
  if (check->problems.empty()) return kExitOk;
  output.err << "处理办法：停止服务，保留原文件夹，用 dongxi-indexer restore 把最近的备份恢复到新文件夹。\n";
  return kExitFailed;
}

// What answers were made with, kept by the server for their replay.
int VerifySettings(const std::filesystem::path& data, const CommandOutput& output) {
  const ListedFolders found = CheckListedFolders(data / "settings");
  if (found.files == 0 && found.problems.empty()) return kExitOk;
  output.out << (found.problems.empty() ? "完好  " : "损坏  ") << "settings  " << found.files << " 个文件\n";
  for (const std::string& problem : found.problems) output.err << "  " << problem << "\n";
  if (found.problems.empty()) return kExitOk;
  output.err << "处理办法：从备份的 settings/ "
                "复制这个文件夹；没有备份就删除它，服务下次启动会重新保存在用的一份。\n";
  return kExitFailed;
}

}  // namespace

int RunVerify(const VerifyCommandOptions& options, const CommandOutput& output) {
  const int generation = VerifyGeneration(options, output);
  if (!options.generation.empty()) return generation;
  const int catalogue = VerifyCatalogue(options.data, output);
  return std::max({generation, catalogue, VerifySettings(options.data, output)});
}

}  // namespace dongxi
