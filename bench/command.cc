#include "bench/command.h"

#include <iostream>

#include "bench/served_data.h"

namespace dongxi::bench {

void AddJsonOption(CLI::App& command, std::string& file) {
  command.add_option("--json", file, "Also write the figures to this JSON file");
}

void AddPolicyOption(CLI::App& command, std::string& directory) {
  command.add_option("--policy", directory, "Folder of the policy tables")->capture_default_str();
}

void AddTableOptions(CLI::App& command, ProgramTables& tables) {
  AddPolicyOption(command, tables.policy);
  command.add_option("--ranking", tables.ranking, "Ranking weights")->capture_default_str();
  command.add_option("--lexicon", tables.lexicon, "Folder of the lexicon")->capture_default_str();
  command.add_option("--model", tables.model, "Embedding model")->capture_default_str();
}

int RunBench(int argc, const char* const* argv) {
  CLI::App app("dongxi-bench: quality and speed of Dongxi, each command one question.", "dongxi-bench");
  app.require_subcommand(1);
  app.footer("Example: dongxi-bench sample\nExample: dongxi-bench speed --help");
  Outcome outcome;
  AddPlanCommand(app, outcome);
  AddQualityCommand(app, outcome);
  AddCalibrateCommand(app, outcome);
  AddEmbeddingCommand(app, outcome);
  AddRequirementsCommand(app, outcome);
  AddRequirementFeaturesCommand(app, outcome);
  AddRequirementsCostCommand(app, outcome);
  AddVerdictsCommand(app, outcome);
  AddConsortiumCommand(app, outcome);
  AddSampleCommand(app, outcome);
  AddSampleQualityCommand(app, outcome);
  AddAblationCommand(app, outcome);
  AddScoreCommand(app, outcome);
  AddTasksCommand(app, outcome);
  AddTrecCommand(app, outcome);
  AddConvertCommand(app, outcome);
  AddJudgeCommand(app, outcome);
  AddSplitCommand(app, outcome);
  AddSpeedCommand(app, outcome);
  AddReportCommand(app, outcome);
  AddSoakCommand(app, outcome);
  AddSwapCommand(app, outcome);
  AddLatencyCommand(app, outcome);
  AddLiveCommand(app, outcome);
  AddOverloadCommand(app, outcome);
  AddTrainNamesCommand(app, outcome);
  AddTrainRankerCommand(app, outcome);
  AddCrashCommand(app, outcome);
  AddSimulateLedgerCommand(app, outcome);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kExitOk : kExitUsage;
  }
  if (outcome.status.ok()) return outcome.exit_code;
  std::cerr << "dongxi-bench " << app.get_subcommands().front()->get_name() << ": " << outcome.status << "\n";
  return kExitFailed;
}

}  // namespace dongxi::bench
