#include "indexer/command/command.h"

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <exception>

#include "engine/embed/embedder.h"
#include "indexer/command/backup_command.h"
#include "indexer/command/build_command.h"
#include "indexer/command/import_command.h"
#include "indexer/command/inspect_command.h"
#include "indexer/command/interrupt.h"
#include "indexer/command/train_command.h"
#include "indexer/command/verify_command.h"

namespace dongxi {
namespace {

constexpr char kAbout[] =
    "dongxi-indexer：把机构、专家、成果、需求和佐证导入记录库，并建立检索版本。\n"
    "返回值：0 完成，1 失败，2 用法错误，130 被中断。";

// The kinds as people call them: collection names, their singular and the Chinese words.
const std::map<std::string, RecordKind>& KindWords() {
  static const auto& words = *new std::map<std::string, RecordKind>{
      {"institutions", RecordKind::kInstitution},
      {"institution", RecordKind::kInstitution},
      {"机构", RecordKind::kInstitution},
      {"experts", RecordKind::kExpert},
      {"expert", RecordKind::kExpert},
      {"专家", RecordKind::kExpert},
      {"results", RecordKind::kResult},
      {"result", RecordKind::kResult},
      {"成果", RecordKind::kResult},
      {"needs", RecordKind::kNeed},
      {"need", RecordKind::kNeed},
      {"需求", RecordKind::kNeed},
      {"evidence", RecordKind::kEvidence},
      {"佐证", RecordKind::kEvidence},
  };
  return words;
}

std::string OneOfKinds(const std::string& word) {
  if (KindWords().contains(word)) return "";
  return "种类“" + word +
         "”不认识，应为 institutions、experts、results、needs、evidence（或 机构、专家、成果、需求、佐证）";
}

std::string OneOfEncodings(const std::string& word) {
  return EncodingOf(word) ? "" : "编码“" + word + "”不认识，应为 UTF-8、GB18030、UTF-16LE 或 UTF-16BE";
}

CLI::Option* AddData(CLI::App* command, std::string* data) {
  return command->add_option("--data", *data, "数据目录，其中 catalogue/ 是记录库，generations/ 是检索版本")
      ->required();
}

void AddPolicy(CLI::App* command, std::string* policy) {
  command->add_option("--policy", *policy, "政策表目录")->capture_default_str();
}

// What the command line means: one of these is filled.
struct Options {
  ImportCommandOptions import;
  std::string import_kind, import_encoding;
  BuildCommandOptions build;
  TrainCommandOptions train;
  VerifyCommandOptions verify;
  InspectCommandOptions inspect;
  ExportCommandOptions export_records;
  BackupCommandOptions backup;
  RestoreCommandOptions restore;
  VerifyBackupCommandOptions verify_backup;
  std::string export_kind;
};

CLI::App* AddImport(CLI::App& app, Options& options) {
  CLI::App* command = app.add_subcommand("import", "导入 JSONL、CSV 或 XLSX 文件，逐行检查");
  ImportCommandOptions& import = options.import;
  AddData(command, &import.data)->required(false);
  command->add_option("FILE", import.files, "要导入的文件，按给出的顺序读取")->required();
  command
      ->add_option("--kind", options.import_kind,
                   "记录种类：institutions、experts、results、needs、evidence；不给则看表名、kind 列和文件名")
      ->check(OneOfKinds);
  command->add_flag("--dry-run", import.dry_run, "只检查，什么也不写，说明将会怎样");
  command->add_flag("--all-or-nothing", import.all_or_nothing, "有一行有问题就一条也不导入");
  command->add_option("--errors", import.errors, "把逐行的错误清单写入这个 CSV 文件");
  command->add_flag("--ignore-unknown-columns", import.reading.ignore_unknown_columns, "忽略不认识的列");
  command->add_flag("--generate-ids", import.reading.generate_ids, "没有编号的行按名称和单位生成编号");
  command
      ->add_option("--encoding", options.import_encoding, "CSV、JSONL 的编码，例如 GB18030；不给则自动识别")
      ->check(OneOfEncodings);
  command->add_option("--server", import.server.address, "HOST:PORT，通过正在运行的服务器导入，不要 --data");
  command->add_option("--token-file", import.server.token_file, "服务器令牌所在的文件");
  command->add_option("--ca-file", import.server.ca_file,
                      "签发服务器证书的 CA 证书（PEM）；本机地址默认不加密");
  AddPolicy(command, &import.policy);
  command->footer(
      "例：\n"
      "  dongxi-indexer import --data ./data-dir 成果.xlsx --dry-run\n"
      "  dongxi-indexer import --data ./data-dir institutions.csv needs.jsonl --errors 错误清单.csv\n"
      "  dongxi-indexer import --server 127.0.0.1:7878 成果.xlsx");
  return command;
}

CLI::App* AddBuild(CLI::App& app, Options& options) {
  CLI::App* command = app.add_subcommand("build", "由记录库建立检索版本并发布；服务器运行时也可以");
  BuildCommandOptions& build = options.build;
  AddData(command, &build.data);
  command->add_option("--dim", build.dim, "在记录库自身上训练的那一部分向量的维数")
      ->check(CLI::Range(1, kEmbeddingDimMax))
      ->capture_default_str();
  CLI::Option* url = command->add_option("--embedding-url", build.embedding_url,
                                         "远程向量模型，例如 http://127.0.0.1:8080/v1/embeddings");
  CLI::Option* model =
      command->add_option("--embedding-model", build.embedding_model, "远程向量模型的名称，例如 bge-m3");
  url->needs(model);
  model->needs(url);
  command->add_option("--embedding-key-env", build.embedding_key_env, "存放密钥的环境变量的名称")
      ->capture_default_str();
  command->add_flag("--force", build.force, "没有变化也重新建立");
  command->add_option("--threads", build.threads, "线程数，0 为全部")
      ->check(CLI::Range(0, 1024))
      ->capture_default_str();
  command->add_option("--keep", build.keep, "保留几个最新的版本")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  AddPolicy(command, &build.policy);
  command->add_option("--lexicon", build.lexicon, "词表目录")->capture_default_str();
  command->add_option("--model", build.model, "向量模型文件；空：只用记录库自身训练的模型")
      ->capture_default_str();
  command->footer(
      "例：\n"
      "  dongxi-indexer build --data ./data-dir\n"
      "  dongxi-indexer build --data ./data-dir --embedding-url http://127.0.0.1:8080/v1/embeddings "
      "--embedding-model bge-m3");
  return command;
}

CLI::App* AddTrain(CLI::App& app, Options& options) {
  CLI::App* command = app.add_subcommand("train", "训练向量模型：按配方从头训练，或用本单位的记录继续训练");
  TrainCommandOptions& train = options.train;
  CLI::Option* recipe =
      command->add_option("--recipe", train.recipe, "配方文件：用哪些数据、什么许可、什么参数");
  CLI::Option* inputs = command->add_option("--inputs", train.inputs, "配方中的文件所在的目录");
  CLI::Option* data = command->add_option("--data", train.data, "数据目录：用其中的记录继续训练");
  CLI::Option* base = command->add_option("--base", train.base, "继续训练的起点：已有的模型文件");
  recipe->needs(inputs)->excludes(data);
  inputs->needs(recipe);
  data->needs(base);
  base->needs(data);
  command->add_option("--out", train.out, "写入的模型文件（.dxm）")->required();
  command->add_option("--steps", train.steps, "训练步数；不给则按配方，或按记录的多少")
      ->check(CLI::Range(1, 10'000'000));
  command->add_option("--threads", train.threads, "线程数，0 为全部；结果与线程数无关")
      ->check(CLI::Range(0, 1024))
      ->capture_default_str();
  command->add_option("--checkpoint", train.checkpoint, "保存进度的文件；中断后用同样的命令接着训练");
  command->add_option("--lexicon", train.lexicon, "词表目录")->capture_default_str();
  command->add_flag("--accept-anyway", train.accept_anyway, "没有可靠的提高也写入模型");
  command->footer(
      "用记录继续训练时，每十条记录留出一条不参与训练，用来比较训练前后；只有提高可靠时才写入新模型，否则返回"
      " 1。\n"
      "例：\n"
      "  dongxi-indexer train --data ./data-dir --base models/dongxi-static.dxm --out ours.dxm\n"
      "  dongxi-indexer train --recipe models/recipe.json --inputs ./inputs --out models/dongxi-static.dxm\n"
      "  dongxi-indexer train --recipe models/recipe.json --inputs ./inputs --out m.dxm --checkpoint m.part");
  return command;
}

CLI::App* AddVerify(CLI::App& app, Options& options) {
  CLI::App* command = app.add_subcommand("verify", "按校验和检查一个版本的每个文件");
  AddData(command, &options.verify.data);
  command->add_option("--generation", options.verify.generation, "版本名称；不给则为当前版本");
  command->footer("例：\n  dongxi-indexer verify --data ./data-dir");
  return command;
}

CLI::App* AddInspect(CLI::App& app, Options& options) {
  CLI::App* command = app.add_subcommand("inspect", "显示记录库和检索版本的内容，或一条记录");
  AddData(command, &options.inspect.data);
  command->add_option("--generation", options.inspect.generation, "版本名称；不给则为当前版本");
  command->add_option("--record", options.inspect.record, "记录名称，例如 results/r-001；以 JSON 显示");
  command->footer(
      "例：\n  dongxi-indexer inspect --data ./data-dir\n  dongxi-indexer inspect --data ./data-dir --record "
      "needs/n-001");
  return command;
}

CLI::App* AddExport(CLI::App& app, Options& options) {
  CLI::App* command = app.add_subcommand("export", "把一种记录以 JSONL 写到标准输出，可再导入");
  AddData(command, &options.export_records.data);
  command->add_option("--kind", options.export_kind, "记录种类")->required()->check(OneOfKinds);
  command->footer("例：\n  dongxi-indexer export --data ./data-dir --kind results > results.jsonl");
  return command;
}

void AddBackups(CLI::App& app, Options& options) {
  CLI::App* backup = app.add_subcommand("backup", "备份记录库和检索版本；服务运行时请用 dongxi admin backup");
  AddData(backup, &options.backup.data);
  backup->add_option("--to", options.backup.to,
                     "备份文件夹；不给则为数据目录下的 backups，最好在另一块磁盘上");
  AddPolicy(backup, &options.backup.policy);
  backup->add_option("--ranking", options.backup.ranking, "排序参数文件")->capture_default_str();
  backup->footer("例：\n  dongxi-indexer backup --data ./data-dir --to /mnt/backups");
  CLI::App* restore = app.add_subcommand("restore", "把一个备份恢复到空的数据目录；先检查备份的每个文件");
  AddData(restore, &options.restore.data);
  restore->add_option("--from", options.restore.from, "备份，即 b-序号-时间 文件夹")->required();
  restore->footer(
      "例：\n  dongxi-indexer restore --data ./new-dir --from /mnt/backups/b-1234-20261126T013000Z");
  CLI::App* verify = app.add_subcommand("verify-backup", "按校验和检查一个备份的每个文件");
  verify->add_option("--from", options.verify_backup.from, "备份，即 b-序号-时间 文件夹")->required();
  verify->footer("例：\n  dongxi-indexer verify-backup --from /mnt/backups/b-1234-20261126T013000Z");
}

int Run(int argc, const char* const* argv, const CommandOutput& output) {
  CLI::App app(kAbout, "dongxi-indexer");
  app.require_subcommand(1);
  app.set_version_flag("--version", std::string(DONGXI_VERSION));
  Options options;
  options.import.policy = options.build.policy = options.backup.policy = ProgramData("policy");
  options.backup.ranking = ProgramData("ranking/default.json");
  options.build.lexicon = options.train.lexicon = ProgramData("lexicon");
  options.build.model = ProgramData("../models/dongxi-static.dxm");
  const CLI::App* import = AddImport(app, options);
  const CLI::App* build = AddBuild(app, options);
  const CLI::App* train = AddTrain(app, options);
  const CLI::App* verify = AddVerify(app, options);
  const CLI::App* inspect = AddInspect(app, options);
  (void)AddExport(app, options);
  AddBackups(app, options);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error, output.out, output.err);  // help, version
    output.err << "dongxi-indexer: 用法错误：" << error.what()
               << "\n用 dongxi-indexer --help 查看说明，dongxi-indexer 命令 --help 查看选项。\n";
    return kExitUsage;
  }
  if (import->parsed()) {
    if (!options.import_kind.empty()) options.import.reading.kind = KindWords().at(options.import_kind);
    if (!options.import_encoding.empty())
      options.import.reading.encoding = EncodingOf(options.import_encoding);
    return RunImport(options.import, output);
  }
  if (build->parsed()) return RunBuild(options.build, output);
  if (train->parsed()) {
    if (!options.train.recipe.empty() || !options.train.data.empty()) return RunTrain(options.train, output);
    output.err << "dongxi-indexer train: 用法错误：要么给 --recipe 和 --inputs，要么给 --data 和 --base\n";
    return kExitUsage;
  }
  if (verify->parsed()) return RunVerify(options.verify, output);
  if (inspect->parsed()) return RunInspect(options.inspect, output);
  if (app.got_subcommand("backup")) return RunBackup(options.backup, output);
  if (app.got_subcommand("restore")) return RunRestore(options.restore, output);
  if (app.got_subcommand("verify-backup")) return RunVerifyBackup(options.verify_backup, output);
  options.export_records.kind = KindWords().at(options.export_kind);
  return RunExport(options.export_records, output);
}

}  // namespace

std::filesystem::path CatalogueFolder(const std::string& data) {
  return std::filesystem::path(data) / "catalogue";
}
std::filesystem::path GenerationsFolder(const std::string& data) {
  return std::filesystem::path(data) / "generations";
}

std::string ProgramData(const std::string& folder) {
  if (const char* given = std::getenv("DONGXI_DATA"); given != nullptr && *given != '\0')
    return (std::filesystem::path(given) / folder).lexically_normal().string();
  // An installation has them beside its programs.
  std::error_code error;
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", error);
  const std::filesystem::path installed = program.parent_path().parent_path() / "share" / "dongxi" / "data";
  const bool is_installed = !error && std::filesystem::is_directory(installed, error);
  const std::filesystem::path data = is_installed ? installed : std::filesystem::path(DONGXI_DATA_DIR);
  return (data / folder).lexically_normal().string();  // without the .. of ../models
}

int Fail(const CommandOutput& output, const std::string& command, const absl::Status& status) {
  output.err << "dongxi-indexer " << command << ": " << status.message() << "\n";
  return kExitFailed;
}

int RunIndexer(int argc, const char* const* argv, const CommandOutput& output) {
  try {
    return Run(argc, argv, output);
  } catch (const std::exception& error) {
    output.err << "dongxi-indexer: " << error.what() << "\n";
    return kExitFailed;
  }
}

}  // namespace dongxi
