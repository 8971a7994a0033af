#include "cli/cli.h"

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "cli/plan_command.h"
#include "cli/stats_command.h"
#include "cli/table.h"

namespace dongxi::cli {
namespace {

constexpr char kFooter[] =
    "全局选项写在命令前后都可以。每个命令的用法：dongxi match --help\n"
    "例：\n"
    "  dongxi match --server 127.0.0.1:7878 --text \"高镁锂比盐湖卤水提锂吸附剂\" --region 63 --top 10 "
    "--json\n"
    "  dongxi search --text 盐湖提锂\n"
    "  dongxi explain --need n-c-001 --candidate results/r-c-001\n"
    "  dongxi similar --need n-c-001\n"
    "  dongxi report --out 匹配报告.html\n"
    "退出码：0 成功，1 失败，2 用法不对。";
constexpr char kGlobalHint[] =
    "\n全局选项：--server HOST:PORT、--token-file FILE、--timeout SECONDS、--ca-file "
    "FILE、--insecure-plaintext（见 "
    "dongxi --help）";

struct Options {
  ConnectionOptions connection;
  MatchOptions match;
  SearchOptions search;
  ExplainOptions explain;
  SimilarOptions similar;
  ReplayOptions replay;
  ReportOptions report;
  ReportsOptions reports;
  RecordOptions record;
  AdminOptions admin;
  EngageOptions engage;
  WatchOptions watch;
  StatsOptions stats;
  PlanOptions plan;
};

struct Commands {
  CLI::App* match = nullptr;
  CLI::App* search = nullptr;
  CLI::App* explain = nullptr;
  CLI::App* similar = nullptr;
  CLI::App* replay = nullptr;
  CLI::App* report = nullptr;
  CLI::App* reports = nullptr;
  CLI::App* record = nullptr;
  CLI::App* admin = nullptr;
  CLI::App* engage = nullptr;
  CLI::App* watch = nullptr;
  CLI::App* stats = nullptr;
  CLI::App* plan = nullptr;
};

void UseChineseLabels(CLI::App& app) {
  const auto formatter = std::make_shared<CLI::Formatter>();
  formatter->column_width(30);
  formatter->label("Usage", "用法");
  formatter->label("OPTIONS", "选项");
  formatter->label("SUBCOMMAND", "命令");
  formatter->label("SUBCOMMANDS", "命令");
  formatter->label("Positionals", "参数");
  formatter->label("REQUIRED", "（必填）");
  app.formatter(formatter);
  app.option_defaults()->group("选项");
  app.set_help_flag("-h,--help", "显示用法");
}

Commands Define(CLI::App& app, Options& options) {
  UseChineseLabels(app);
  ConnectionOptions& connection = options.connection;
  app.add_option("--server", connection.server, "服务地址；不写是 127.0.0.1:7878")->type_name("HOST:PORT");
  app.add_option("--token-file", connection.token_file, "存放访问令牌的文件")->type_name("FILE");
  app.add_option("--timeout", connection.timeout_s, "每次调用最多等待的秒数；不写是 30")
      ->type_name("SECONDS");
  app.add_option("--ca-file", connection.ca_file, "根证书（PEM）；非本机地址使用 TLS，本机只在给出它时用")
      ->type_name("FILE");
  app.add_flag("--insecure-plaintext", connection.plaintext,
               "非本机地址也不用 TLS，令牌会明文传送；只在可信网络里用");
  app.set_version_flag("--version", "dongxi " DONGXI_VERSION, "显示版本");
  app.footer(kFooter);
  const Commands commands{AddMatchCommand(app, options.match),     AddSearchCommand(app, options.search),
                          AddExplainCommand(app, options.explain), AddSimilarCommand(app, options.similar),
                          AddReplayCommand(app, options.replay),   AddReportCommand(app, options.report),
                          AddReportsCommand(app, options.reports), AddRecordCommand(app, options.record),
                          AddAdminCommand(app, options.admin),     AddEngageCommand(app, options.engage),
                          AddWatchCommand(app, options.watch),     AddStatsCommand(app, options.stats),
                          AddPlanCommand(app, options.plan)};
  for (CLI::App* command : {commands.match, commands.search, commands.explain, commands.similar,
                            commands.replay, commands.report, commands.reports, commands.record,
                            commands.admin, commands.engage, commands.watch, commands.stats, commands.plan}) {
    command->group("命令");
    command->set_help_flag("-h,--help", "显示用法");
    command->fallthrough();
    command->footer(command->get_footer() + kGlobalHint);
    // They have what `app` had when they were made: the examples of other commands.
    for (CLI::App* action : command->get_subcommands({})) action->footer(command->get_footer());
  }
  return commands;
}

// CLI11 words its errors in English around the place: "…not expected: --x", "Could not convert: --top = abc"
// name it after the colon, "--text: 1 required TEXT missing" before it.
std::string After(const std::string& words) {
  const size_t colon = words.find(": ");
  return colon == std::string::npos ? words : words.substr(colon + 2);
}
std::string Before(const std::string& words) { return words.substr(0, words.find(": ")); }

// The command that was called, as far as it was read: its action, else the command, else `app`.
const CLI::App& Called(const CLI::App& app) {
  const CLI::App* called = &app;
  for (std::vector<CLI::App*> next = app.get_subcommands(); !next.empty(); next = called->get_subcommands())
    called = next.front();
  return *called;
}

// dongxi plan outcome
std::string CalledAs(const CLI::App& called) {
  const CLI::App* const parent = called.get_parent();
  return (parent == nullptr ? "" : CalledAs(*parent) + " ") + called.get_name();
}

// "--need is required"; or "A subcommand is required", where the command has actions.
std::string Missing(const CLI::App& called, const std::string& words) {
  const std::string name = words.substr(0, words.find(" is required"));
  if (const CLI::Option* const option = called.get_option_no_throw(name); option != nullptr)
    return "缺少必填的参数：" + name + "（" + option->get_description() + "）";
  std::string actions;
  for (const CLI::App* action : called.get_subcommands({}))
    actions += (actions.empty() ? "" : "、") + action->get_name();
  if (actions.empty()) return "缺少必填的参数：" + name;
  return CalledAs(called) + " 后面要写做什么：" + actions;
}

std::string UsageProblem(const CLI::App& called, const CLI::ParseError& error) {
  const std::string words = Printable(error.what());
  if (dynamic_cast<const CLI::RequiredError*>(&error) != nullptr) return Missing(called, words);
  if (dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr) return "不认识的参数：" + After(words);
  if (dynamic_cast<const CLI::ConversionError*>(&error) != nullptr) {
    return "选项的值读不出来，数字请写半角阿拉伯数字：" + After(words);
  }
  if (dynamic_cast<const CLI::ArgumentMismatch*>(&error) != nullptr) {
    return "选项 " + Before(words) + " 缺少值，或给了不止一次";
  }
  return words;
}

int RunCommand(const CLI::App& app, const Commands& commands, const Options& options, const Io& io) {
  if (app.got_subcommand(commands.plan)) {
    const bool served = app.get_option("--server")->count() > 0;
    return RunPlan(options.plan, served ? &options.connection : nullptr, io);
  }
  if (absl::Status status = CheckConnection(options.connection); !status.ok())
    return Fail(status, kExitUsage, io);
  if (app.got_subcommand(commands.match)) return RunMatch(options.connection, options.match, io);
  if (app.got_subcommand(commands.search)) return RunSearch(options.connection, options.search, io);
  if (app.got_subcommand(commands.explain)) return RunExplain(options.connection, options.explain, io);
  if (app.got_subcommand(commands.similar)) return RunSimilar(options.connection, options.similar, io);
  if (app.got_subcommand(commands.replay)) return RunReplay(options.connection, options.replay, io);
  if (app.got_subcommand(commands.report)) return RunReport(options.connection, options.report, io);
  if (app.got_subcommand(commands.reports)) return RunReports(options.connection, options.reports, io);
  if (app.got_subcommand(commands.record)) return RunRecord(options.connection, options.record, io);
  if (app.got_subcommand(commands.admin)) return RunAdmin(options.connection, options.admin, io);
  if (app.got_subcommand(commands.engage)) return RunEngage(options.connection, options.engage, io);
  if (app.got_subcommand(commands.watch)) return RunWatch(options.connection, options.watch, io);
  if (app.got_subcommand(commands.stats)) return RunStats(options.connection, options.stats, io);
  io.err << "dongxi: "
            "要写一个命令：match、search、explain、similar、replay、report、reports、record、admin、engage、"
            "stats、watch 或 plan\n\n"
         << app.help();
  return kExitUsage;
}

int Run(int argc, const char* const* argv, const Io& io) {
  CLI::App app("东西（Dongxi）命令行：西部需求与东部成果、专家、机构的匹配。", "dongxi");
  Options options;
  const Commands commands = Define(app, options);
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    io.out << app.help();
    return kExitOk;
  } catch (const CLI::CallForVersion& version) {
    io.out << version.what() << "\n";
    return kExitOk;
  } catch (const CLI::ParseError& error) {
    const CLI::App& called = Called(app);
    io.err << "dongxi: " << UsageProblem(called, error) << "\n用 " << CalledAs(called)
           << " --help 查看用法\n";
    return kExitUsage;
  }
  return RunCommand(app, commands, options, io);
}

}  // namespace

int Fail(const absl::Status& status, int exit_code, const Io& io) {
  io.err << "dongxi: " << status.message() << "\n";
  return exit_code;
}

int RunCli(int argc, const char* const* argv, const Io& io) {
  try {
    return Run(argc, argv, io);
  } catch (const std::exception& error) {
    // Nothing of ours throws; a library that does must not end in a core dump.
    io.err << "dongxi: 内部错误：" << error.what() << "\n";
    return kExitFailed;
  }
}

}  // namespace dongxi::cli
