// The commands of dongxi-bench. Each adds itself to the program's parser and runs when it is named there.
#pragma once

#include <string>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"

namespace dongxi::bench {

struct ProgramTables;

// What the program returns: 0 done and within its bars, 1 failed or a bar that fails the command, 2 wrong
// usage.
inline constexpr int kExitOk = 0;
inline constexpr int kExitFailed = 1;
inline constexpr int kExitUsage = 2;

// The result of the command that ran. Commands write it from inside the parser's callback.
struct Outcome {
  absl::Status status;
  int exit_code = kExitOk;  // if the status is OK
};

void AddCalibrateCommand(CLI::App& app, Outcome& outcome);
void AddPlanCommand(CLI::App& app, Outcome& outcome);
void AddQualityCommand(CLI::App& app, Outcome& outcome);
void AddEmbeddingCommand(CLI::App& app, Outcome& outcome);
void AddRequirementsCommand(CLI::App& app, Outcome& outcome);
void AddRequirementFeaturesCommand(CLI::App& app, Outcome& outcome);
void AddRequirementsCostCommand(CLI::App& app, Outcome& outcome);
void AddVerdictsCommand(CLI::App& app, Outcome& outcome);
void AddConsortiumCommand(CLI::App& app, Outcome& outcome);
void AddSampleCommand(CLI::App& app, Outcome& outcome);
void AddAblationCommand(CLI::App& app, Outcome& outcome);
void AddSampleQualityCommand(CLI::App& app, Outcome& outcome);
void AddScoreCommand(CLI::App& app, Outcome& outcome);
void AddTasksCommand(CLI::App& app, Outcome& outcome);
void AddTrecCommand(CLI::App& app, Outcome& outcome);
void AddConvertCommand(CLI::App& app, Outcome& outcome);
void AddJudgeCommand(CLI::App& app, Outcome& outcome);
void AddSplitCommand(CLI::App& app, Outcome& outcome);
void AddReportCommand(CLI::App& app, Outcome& outcome);
void AddSpeedCommand(CLI::App& app, Outcome& outcome);
void AddSoakCommand(CLI::App& app, Outcome& outcome);
void AddSwapCommand(CLI::App& app, Outcome& outcome);
void AddLatencyCommand(CLI::App& app, Outcome& outcome);
void AddLiveCommand(CLI::App& app, Outcome& outcome);
void AddOverloadCommand(CLI::App& app, Outcome& outcome);
void AddCrashCommand(CLI::App& app, Outcome& outcome);
void AddTrainNamesCommand(CLI::App& app, Outcome& outcome);
void AddTrainRankerCommand(CLI::App& app, Outcome& outcome);
void AddSimulateLedgerCommand(CLI::App& app, Outcome& outcome);

// Runs the program; returns its exit code.
int RunBench(int argc, const char* const* argv);

// Options that several commands share, with the same name and help everywhere.
void AddJsonOption(CLI::App& command, std::string& file);
void AddPolicyOption(CLI::App& command, std::string& directory);
// --policy, --ranking, --lexicon, --model.
void AddTableOptions(CLI::App& command, ProgramTables& tables);

}  // namespace dongxi::bench
