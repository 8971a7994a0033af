#include "indexer/command/train_command.h"

#include <chrono>
#include <map>
#include <memory>
#include <string_view>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_format.h"
#include "engine/base/crc32c.h"
#include "engine/base/parallel.h"
#include "engine/base/status_macros.h"
#include "engine/embed/static_model.h"
#include "engine/embed/train/static_trainer.h"
#include "indexer/command/interrupt.h"
#include "indexer/command/progress_bar.h"
#include "indexer/train/recipe.h"

namespace dongxi {
namespace {

using Clock = std::chrono::steady_clock;

void ShowProgress(const TrainProgress& progress, ProgressBar& bar) {
  struct Stage {
    std::string_view name, unit;
  };
  static const std::map<std::string_view, Stage> kStages = {
      {"count", {"统计词项", "篇"}},
      {"tokens", {"切分文本", "篇"}},
      {"start", {"计算初值", ""}},
      {"train", {"训练模型", "步"}},
  };
  const Stage& stage = kStages.at(progress.stage);
  const std::string loss = progress.loss > 0 ? absl::StrFormat("损失 %.4f", progress.loss) : "";
  bar.Show(stage.name, stage.unit, progress.done, progress.total, loss);
}

// What the command says on top of the recipe or of the catalogue's defaults.
void AddCommandOptions(const TrainCommandOptions& command, ProgressBar& bar, TrainOptions* options) {
  if (command.steps > 0) options->steps = command.steps;
  options->threads = command.threads > 0 ? command.threads : DefaultThreads();
  options->checkpoint = command.checkpoint;
  options->cancelled = &InterruptGuard::Interrupted;
  options->progress = [&bar](const TrainProgress& progress) { ShowProgress(progress, bar); };
}

void PrintSources(const Recipe& recipe, const CommandOutput& output) {
  output.out << "训练数据\n";
  for (const RecipeInput& input : recipe.inputs) {
    output.out << "  " << (input.file.empty() ? "词表" : input.file) << "  [" << input.licence << "]  "
               << input.attribution << "\n";
  }
}

absl::Status PrintModel(const std::string& file, double seconds, const CommandOutput& output) {
  DX_ASSIGN_OR_RETURN(const std::shared_ptr<const StaticModel> model, StaticModel::Open(file));
  output.out << "已写入 " << file << "\n"
             << "  模型    " << model->model_id() << "（" << model->dim() << " 维，" << WithCommas(model->vocabulary())
             << " 个词项）\n"
             << "  大小    " << WithCommas(model->bytes().size()) << " 字节\n"
             << "  校验和  crc32c " << absl::StrFormat("%08x", Crc32c(model->bytes())) << "\n"
             << "  用时    " << absl::StrFormat("%.1f", seconds) << " 秒\n";
  return absl::OkStatus();
}

absl::Status TrainFromRecipe(const TrainCommandOptions& command, ProgressBar& bar, const CommandOutput& output) {
  const Clock::time_point start = Clock::now();
  DX_ASSIGN_OR_RETURN(Recipe recipe, ReadRecipe(command.recipe));
  DX_ASSIGN_OR_RETURN(std::shared_ptr<const Lexicon> lexicon, LoadLexicon(command.lexicon));
  PrintSources(recipe, output);
  const auto reading = [&](uint64_t done, uint64_t total) {
    bar.Show("读取数据", "个文件", done, total);
    return !InterruptGuard::Interrupted();
  };
  DX_ASSIGN_OR_RETURN(TrainingCorpus corpus, ReadInputs(recipe, command.inputs, std::move(lexicon), reading));
  AddCommandOptions(command, bar, &recipe.options);
  DX_ASSIGN_OR_RETURN(const TokenVectors model, TrainStaticModel(std::move(corpus), recipe.options));
  DX_RETURN_IF_ERROR(WriteStaticModel(model, command.out));
  bar.Clear();
  return PrintModel(command.out, std::chrono::duration<double>(Clock::now() - start).count(), output);
}

}  // namespace

int RunTrain(const TrainCommandOptions& options, const CommandOutput& output) {
  const InterruptGuard guard;
  ProgressBar bar(output.err, output.err_is_terminal);
  const absl::Status status = TrainFromRecipe(options, bar, output);
  bar.Clear();
  if (absl::IsCancelled(status) && InterruptGuard::Interrupted()) {
    output.err << "已取消，未写入模型"
               << (options.checkpoint.empty() ? ""
                                              : "；已保存进度，用同样的命令可以接着训练：" + options.checkpoint)
               << "\n";
    return kExitInterrupted;
  }
  return status.ok() ? kExitOk : Fail(output, "train", status);
}

}  // namespace dongxi
