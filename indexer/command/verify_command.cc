#include "indexer/command/verify_command.h"

#include <memory>
#include <utility>

#include "absl/status/statusor.h"
#include "engine/base/status_macros.h"
#include "engine/index/generation.h"
#include "engine/index/manifest.h"
#include "indexer/command/generation_choice.h"
#include "indexer/command/progress_bar.h"

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

}  // namespace

int RunVerify(const VerifyCommandOptions& options, const CommandOutput& output) {
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

}  // namespace dongxi
