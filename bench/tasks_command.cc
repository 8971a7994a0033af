// dongxi-bench tasks: how often is a need given its task of the plan from its text alone?
#include <iostream>
#include <map>
#include <memory>

#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "bench/command.h"
#include "bench/report.h"
#include "bench/sample.h"
#include "bench/task_scores.h"
#include "engine/base/status_macros.h"
#include "engine/index/record_text.h"
#include "engine/policy/policy.h"

namespace dongxi::bench {
namespace {

struct TasksOptions {
  std::string sample = "data/sample";
  std::string policy = "data/policy";
  std::string json;
};

// The task that the need's own text gives; what its owner declared is not looked at.
TaskAnswer ReadTask(const Record& need, const std::string& expected, const Policy& policy,
                    absl::CivilDay today) {
  const EmbedInput text = TextOf(need);
  const PolicyReading reading = policy.Read(need.region, /*declared_task=*/"", text.title, text.text, today);
  TaskAnswer answer = {.need = need.id, .expected = expected};
  if (reading.tasks.empty()) return answer;
  answer.found = reading.tasks.front().task;
  answer.probability = reading.tasks.front().probability;
  return answer;
}

absl::StatusOr<std::vector<TaskAnswer>> ReadTasks(const Sample& sample, const Policy& policy) {
  std::map<std::string, const Record*> needs;
  for (const Record& need : sample.records.at(RecordKind::kNeed)) needs[need.id] = &need;
  const absl::CivilDay today = absl::ToCivilDay(absl::Now(), absl::FixedTimeZone(8 * 60 * 60));
  std::vector<TaskAnswer> answers;
  for (const NeedLabel& label : sample.labels) {
    const auto need = needs.find(label.need);
    if (need == needs.end()) return absl::InvalidArgumentError("labels name the unknown need " + label.need);
    answers.push_back(ReadTask(*need->second, label.task, policy, today));
  }
  return answers;
}

void AddScores(const std::string& title, const std::vector<TaskAnswer>& answers, Report& report) {
  const TaskScores scores = ScoreTasks(answers);
  report.Section(title);
  report.Add({"needs", static_cast<double>(answers.size()), "", {}, ""});
  report.Add({"accuracy", scores.accuracy, "", {}, ""});
  report.Add({"macro-F1", scores.macro_f1, "", {}, ""});
}

std::string TaskName(const Policy& policy, const std::string& id) {
  for (const Task& task : policy.tasks()) {
    if (task.id == id) return id + " " + task.title;
  }
  return id.empty() ? "none" : id;
}

void PrintMistakes(const std::vector<TaskAnswer>& answers, const Policy& policy) {
  std::vector<std::vector<std::string>> rows = {{"need", "is", "read as", "probability"}};
  for (const TaskAnswer& answer : answers) {
    if (answer.expected == answer.found) continue;
    rows.push_back({answer.need, TaskName(policy, answer.expected), TaskName(policy, answer.found),
                    absl::StrFormat("%.2f", answer.probability)});
  }
  if (rows.size() > 1) std::cout << "\nRead wrongly\n" << AlignedTable(rows, /*numbers=*/false);
}

absl::Status RunTasks(const TasksOptions& options) {
  Report report("How often is a need given its task of the plan, from its region and its text alone?",
                {{"sample", options.sample}, {"policy", options.policy}});
  DX_ASSIGN_OR_RETURN(const std::shared_ptr<const Policy> policy, LoadPolicy(options.policy));
  DX_ASSIGN_OR_RETURN(const Sample sample, ReadSample(options.sample, *policy));
  DX_ASSIGN_OR_RETURN(const std::vector<TaskAnswer> answers, ReadTasks(sample, *policy));
  std::vector<TaskAnswer> with_task = answers;
  std::erase_if(with_task, [](const TaskAnswer& answer) { return answer.expected.empty(); });
  AddScores("All labelled needs", answers, report);
  AddScores("Needs that are of a task", with_task, report);
  report.Section("F1 by task");
  for (const auto& [task, counts] : ScoreTasks(answers).tasks) {
    report.Add({TaskName(*policy, task),
                counts.f1(),
                "",
                {},
                absl::StrFormat("%d right of %d, %d read so", counts.right, counts.expected, counts.found)});
  }
  report.Print();
  PrintMistakes(answers, *policy);
  for (const TaskAnswer& answer : answers) {
    report.details()["needs"].push_back({{"need", answer.need},
                                         {"expected", answer.expected},
                                         {"found", answer.found},
                                         {"probability", answer.probability}});
  }
  return report.Write(options.json);
}

}  // namespace

void AddTasksCommand(CLI::App& app, Outcome& outcome) {
  const auto options = std::make_shared<TasksOptions>();
  CLI::App* command = app.add_subcommand("tasks", "Task assignment on the sample's labels");
  command->add_option("--data,--sample", options->sample, "Folder of the sample, with labels.jsonl")
      ->capture_default_str();
  AddPolicyOption(*command, options->policy);
  AddJsonOption(*command, options->json);
  command->footer("Example: dongxi-bench tasks --data data/sample --policy data/policy");
  command->callback([options, &outcome] { outcome.status = RunTasks(*options); });
}

}  // namespace dongxi::bench
