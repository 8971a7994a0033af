#include "indexer/command/train_command.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <string_view>
#include <system_error>
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
#include "indexer/train/catalogue_texts.h"
#include "indexer/train/recipe.h"
#include "indexer/train/retrieval_gain.h"
#include "store/catalogue.h"

namespace dongxi {
namespace {

using Clock = std::chrono::steady_clock;

// Of training on a catalogue.
constexpr uint32_t kNewTokensMax = 50'000;
constexpr uint32_t kBatchMin = 32;
constexpr uint32_t kBatchMax = 512;
constexpr uint32_t kPassesOverCatalogue = 30;
constexpr uint32_t kStepsMin = 200;
constexpr uint32_t kStepsMax = 10'000;
constexpr float kCatalogueLearningRate = 0.015F;
constexpr size_t kHeldOutMin = 30;  // fewer say too little, and their interval is not to be trusted

double SecondsSince(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

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
             << "  模型    " << model->model_id() << "（" << model->dim() << " 维，"
             << WithCommas(model->vocabulary()) << " 个词项）\n"
             << "  大小    " << WithCommas(model->bytes().size()) << " 字节\n"
             << "  校验和  crc32c " << absl::StrFormat("%08x", Crc32c(model->bytes())) << "\n"
             << "  用时    " << absl::StrFormat("%.1f", seconds) << " 秒\n";
  return absl::OkStatus();
}

// Hours of training must not end at a folder that is not there.
absl::Status CheckFolderOf(const std::string& file) {
  const std::filesystem::path folder = std::filesystem::path(file).parent_path();
  std::error_code ignored;
  if (file.empty() || folder.empty() || std::filesystem::is_directory(folder, ignored))
    return absl::OkStatus();
  return absl::NotFoundError(folder.string() + ": 没有这个目录，先建立它");
}

// A file that is removed unless it is kept.
class Candidate {
 public:
  explicit Candidate(const std::string& out) : out_(out), file_(out + ".candidate") {}
  ~Candidate() {
    std::error_code ignored;
    std::filesystem::remove(file_, ignored);
  }
  Candidate(const Candidate&) = delete;
  Candidate& operator=(const Candidate&) = delete;

  const std::filesystem::path& file() const { return file_; }
  absl::Status Keep() const {
    std::error_code error;
    std::filesystem::rename(file_, out_, error);
    return error ? absl::InternalError(out_ + ": cannot rename into place: " + error.message())
                 : absl::OkStatus();
  }

 private:
  const std::string out_;
  const std::filesystem::path file_;
};

absl::Status TrainFromRecipe(const TrainCommandOptions& command, ProgressBar& bar,
                             const CommandOutput& output) {
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
  return PrintModel(command.out, SecondsSince(start), output);
}

// Going on with a trained model moves it gently: the shipped vectors know more than one catalogue does.
TrainOptions CatalogueOptions(const CatalogueTexts& texts, std::shared_ptr<const StaticModel> base) {
  const auto count = static_cast<uint32_t>(texts.training.texts.size());
  TrainOptions options;
  options.dim = base->dim();
  options.sizes = base->sizes();
  options.vocabulary_max = static_cast<uint32_t>(base->vocabulary()) + kNewTokensMax;
  options.batch = std::clamp(count / 4, kBatchMin, kBatchMax);
  options.steps = std::clamp(kPassesOverCatalogue * count / options.batch, kStepsMin, kStepsMax);
  options.learning_rate = kCatalogueLearningRate;
  options.initial = std::move(base);
  return options;
}

void PrintGain(const RetrievalGain& gain, const CommandOutput& output) {
  output.out << "留出 " << WithCommas(gain.records) << " 条记录不参与训练，用标题和首句检索它们的正文（"
             << WithCommas(gain.queries) << " 次）\n"
             << absl::StrFormat("  MRR     训练前 %.4f，训练后 %.4f，提高 %+.4f，95%% 区间 [%+.4f, %+.4f]\n",
                                gain.before, gain.after, gain.difference(), gain.low, gain.high);
}

// Whether the gain is beyond chance.
absl::Status CheckGain(const RetrievalGain& gain) {
  if (gain.records < kHeldOutMin) {
    return absl::FailedPreconditionError(absl::StrFormat(
        "留出的记录只有 %d 条，至少要 %d 条才能判断，未写入模型；导入更多带标题和正文的记录，或用 "
        "--accept-anyway",
        gain.records, kHeldOutMin));
  }
  if (gain.low > 0) return absl::OkStatus();
  return absl::FailedPreconditionError(
      "没有可靠的提高（区间下限不大于 0），未写入模型；继续用原来的模型，或用 --accept-anyway");
}

absl::Status TrainFromCatalogue(const TrainCommandOptions& command, ProgressBar& bar,
                                const CommandOutput& output) {
  const Clock::time_point start = Clock::now();
  DX_ASSIGN_OR_RETURN(const std::shared_ptr<const StaticModel> base, StaticModel::Open(command.base));
  DX_ASSIGN_OR_RETURN(const std::shared_ptr<const Lexicon> lexicon, LoadLexicon(command.lexicon));
  DX_ASSIGN_OR_RETURN(const std::unique_ptr<CatalogueReader> view,
                      OpenCatalogueView(CatalogueFolder(command.data)));
  const auto reading = [&](uint64_t done, uint64_t total) {
    bar.Show("读取记录", "条", done, total);
    return !InterruptGuard::Interrupted();
  };
  DX_ASSIGN_OR_RETURN(CatalogueTexts texts, ReadCatalogueTexts(*view, lexicon, reading));
  TrainOptions options = CatalogueOptions(texts, base);
  AddCommandOptions(command, bar, &options);
  DX_ASSIGN_OR_RETURN(const TokenVectors model, TrainStaticModel(std::move(texts.training), options));
  // What is measured is the file itself, rounded to 8 bits.
  const Candidate candidate(command.out);
  DX_RETURN_IF_ERROR(WriteStaticModel(model, candidate.file()));
  DX_ASSIGN_OR_RETURN(const std::shared_ptr<const StaticModel> trained, StaticModel::Open(candidate.file()));
  DX_ASSIGN_OR_RETURN(const RetrievalGain gain, MeasureGain(texts.held_out, *lexicon, *base, *trained,
                                                            options.threads, options.cancelled));
  bar.Clear();
  PrintGain(gain, output);
  const absl::Status accepted = CheckGain(gain);
  if (!accepted.ok() && !command.accept_anyway) return accepted;
  if (!accepted.ok()) output.err << "注意：没有证实的提高，按 --accept-anyway 写入\n";
  DX_RETURN_IF_ERROR(candidate.Keep());
  return PrintModel(command.out, SecondsSince(start), output);
}

}  // namespace

int RunTrain(const TrainCommandOptions& options, const CommandOutput& output) {
  for (const std::string& file : {options.out, options.checkpoint}) {
    if (const absl::Status status = CheckFolderOf(file); !status.ok()) return Fail(output, "train", status);
  }
  const InterruptGuard guard;
  ProgressBar bar(output.err, output.err_is_terminal);
  const absl::Status status = options.recipe.empty() ? TrainFromCatalogue(options, bar, output)
                                                     : TrainFromRecipe(options, bar, output);
  bar.Clear();
  if (status.ok() && !options.checkpoint.empty()) {
    std::error_code ignored;
    std::filesystem::remove(options.checkpoint, ignored);
  }
  if (absl::IsCancelled(status) && InterruptGuard::Interrupted()) {
    output.err << "已取消，未写入模型";
    if (!options.checkpoint.empty() && std::filesystem::exists(options.checkpoint)) {
      output.err << "；已保存进度，用同样的命令可以接着训练：" << options.checkpoint;
    }
    output.err << "\n";
    return kExitInterrupted;
  }
  return status.ok() ? kExitOk : Fail(output, "train", status);
}

}  // namespace dongxi
