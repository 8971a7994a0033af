// dongxi-bench crash: is anything lost or half done when the server is killed, the disk is full or turns
// read-only, or bits flip?
#include <filesystem>
#include <memory>

#include "bench/command.h"
#include "bench/crash_rounds.h"
#include "bench/server_process.h"
#include "engine/base/status_macros.h"

namespace dongxi::bench {
namespace {

struct CrashArguments {
  CrashOptions options;
  std::string work, server, indexer, json;
  bool kills_only = false;
};

absl::Status RunCrash(CrashArguments& arguments, int* exit_code) {
  CrashOptions& options = arguments.options;
  const std::filesystem::path work = arguments.work;
  options.data = work / "data";
  std::error_code error;
  std::filesystem::create_directories(options.data, error);
  if (error || !std::filesystem::is_empty(options.data, error))
    return absl::FailedPreconditionError(options.data.string() + ": expected an empty folder");
  options.programs.server = DefaultServerProgram();
  if (!arguments.server.empty()) options.programs.server = arguments.server;
  options.programs.indexer = arguments.indexer.empty()
                                 ? options.programs.server.parent_path() / "dongxi-indexer"
                                 : std::filesystem::path(arguments.indexer);
  Report report(
      "Is anything lost or half done when the server is killed, the disk is full or read-only, or bits flip?",
      {{"rounds", std::to_string(options.rounds)},
       {"seed", std::to_string(options.seed)},
       {"server", options.programs.server.string()}});
  DX_RETURN_IF_ERROR(RunCrashRounds(options, report));
  report.Print();
  if (!arguments.kills_only) DX_RETURN_IF_ERROR(RunCrashFaults(options, report));
  report.Print();
  if (report.missed() > 0) *exit_code = kExitFailed;
  return report.Write(arguments.json);
}

}  // namespace

void AddCrashCommand(CLI::App& app, Outcome& outcome) {
  const auto arguments = std::make_shared<CrashArguments>();
  CLI::App* command = app.add_subcommand(
      "crash", "kill -9 at random moments, full or read-only disk, flipped bits: is anything lost?");
  command->add_option("--work", arguments->work, "Folder for the data and logs of this run, new or empty")
      ->required();
  command->add_option("--rounds", arguments->options.rounds, "Kills")
      ->check(CLI::Range(1, 100'000))
      ->capture_default_str();
  command->add_option("--seed", arguments->options.seed, "Of the moments")->capture_default_str();
  command->add_option("--life", arguments->options.life_ms_max, "Milliseconds until the kill, at most")
      ->check(CLI::Range(1, 60'000))
      ->capture_default_str();
  command->add_flag("--kills-only", arguments->kills_only,
                    "Leave out the full and the read-only disk, rights, restore and flipped bits");
  command->add_option("--server-program", arguments->server, "dongxi-server; beside this program");
  command->add_option("--indexer-program", arguments->indexer, "dongxi-indexer; beside the server");
  AddTableOptions(*command, arguments->options.programs.tables);
  AddJsonOption(*command, arguments->json);
  command->footer("Example: dongxi-bench crash --work /tmp/crash --rounds 200");
  command->callback([arguments, &outcome] { outcome.status = RunCrash(*arguments, &outcome.exit_code); });
}

}  // namespace dongxi::bench
