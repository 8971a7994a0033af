// dongxi-bench tasks: how often is a need given its task of the plan from its text alone?
#include <algorithm>
#include <iostream>
#include <map>
#include <memory>

#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "bench/command.h"
#include "bench/held_out_terms.h"
#include "bench/report.h"
#include "bench/sample.h"
#include "bench/task_scores.h"
#include "engine/base/files.h"
#include "engine/base/status_macros.h"
#include "engine/index/record_text.h"
#include "engine/policy/policy.h"
#include "engine/policy/tables.h"

namespace dongxi::bench {
namespace {

constexpr char kTopics[] = "topics.tsv";

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

// A labelled need with what it is called in the labels.
struct LabelledNeed {
  const Record* need = nullptr;
  std::string task;
};

absl::StatusOr<std::vector<LabelledNeed>> LabelledNeeds(const Sample& sample) {
  std::map<std::string, const Record*> needs;
  for (const Record& need : sample.records.at(RecordKind::kNeed)) needs[need.id] = &need;
  std::vector<LabelledNeed> labelled;
  for (const NeedLabel& label : sample.labels) {
    const auto need = needs.find(label.need);
    if (need == needs.end()) return absl::InvalidArgumentError("labels name the unknown need " + label.need);
    labelled.push_back({need->second, label.task});
  }
  return labelled;
}

absl::StatusOr<std::vector<PolicyFile>> ReadPolicyFiles(const std::filesystem::path& directory) {
  std::vector<PolicyFile> files;
  for (const std::string_view name : PolicyFileNames()) {
    DX_ASSIGN_OR_RETURN(std::string content, ReadFile(directory / name, kPolicyFileBytesMax));
    files.push_back({std::string(name), std::move(content)});
  }
  return files;
}

// Each need read by tables without the terms that no other labelled need holds: what the tables may have
// learnt from it.
absl::StatusOr<std::vector<TaskAnswer>> ReadHeldOut(const std::vector<LabelledNeed>& needs,
                                                    std::vector<PolicyFile> files, absl::CivilDay today) {
  std::vector<std::string> texts;
  for (const LabelledNeed& labelled : needs) {
    const EmbedInput text = TextOf(*labelled.need);
    texts.push_back(text.title + "\n" + text.text);
  }
  const auto topics =
      std::find_if(files.begin(), files.end(), [](const auto& file) { return file.name == kTopics; });
  if (topics == files.end()) return absl::InternalError(std::string("the policy has no file ") + kTopics);
  const std::string whole = topics->content;
  const std::vector<int> only = OnlyTextOfTerms(whole, texts);
  std::vector<TaskAnswer> answers;
  for (size_t i = 0; i < needs.size(); ++i) {
    topics->content = WithoutTermsOnlyIn(whole, only, static_cast<int>(i));
    DX_ASSIGN_OR_RETURN(const std::shared_ptr<const Policy> policy, PolicyFromFiles(files));
    answers.push_back(ReadTask(*needs[i].need, needs[i].task, *policy, today));
  }
  return answers;
}

void AddScores(const std::string& title, const std::vector<TaskAnswer>& answers, Report& report) {
  std::vector<TaskAnswer> with_task = answers;
  std::erase_if(with_task, [](const TaskAnswer& answer) { return answer.expected.empty(); });
  const TaskScores all = ScoreTasks(answers), of_tasks = ScoreTasks(with_task);
  report.Section(title);
  report.Add(
      {"accuracy, all labelled needs", all.accuracy, "", {}, absl::StrFormat("of %d", answers.size())});
  report.Add({"macro-F1, all labelled needs", all.macro_f1, "", {}, "\"none\" is a class"});
  report.Add(
      {"accuracy, needs of a task", of_tasks.accuracy, "", {}, absl::StrFormat("of %d", with_task.size())});
  report.Add({"macro-F1, needs of a task", of_tasks.macro_f1, "", {}, ""});
}

std::string TaskName(const Policy& policy, const std::string& id) {
  for (const Task& task : policy.tasks()) {
    if (task.id == id) return id + " " + task.title;
  }
  return id.empty() ? "none" : id;
}

void PrintMistakes(const std::string& title, const std::vector<TaskAnswer>& answers, const Policy& policy) {
  std::vector<std::vector<std::string>> rows = {{"need", "is", "read as", "probability"}};
  for (const TaskAnswer& answer : answers) {
    if (answer.expected == answer.found) continue;
    rows.push_back({answer.need, TaskName(policy, answer.expected), TaskName(policy, answer.found),
                    absl::StrFormat("%.2f", answer.probability)});
  }
  if (rows.size() > 1) std::cout << "\n" << title << "\n" << AlignedTable(rows, /*numbers=*/false);
}

absl::Status RunTasks(const TasksOptions& options) {
  Report report("How often is a need given its task of the plan, from its region and its text alone?",
                {{"sample", options.sample}, {"policy", options.policy}});
  DX_ASSIGN_OR_RETURN(const std::shared_ptr<const Policy> policy, LoadPolicy(options.policy));
  DX_ASSIGN_OR_RETURN(const Sample sample, ReadSample(options.sample, *policy));
  DX_ASSIGN_OR_RETURN(const std::vector<LabelledNeed> needs, LabelledNeeds(sample));
  DX_ASSIGN_OR_RETURN(std::vector<PolicyFile> files, ReadPolicyFiles(options.policy));
  const absl::CivilDay today = absl::ToCivilDay(absl::Now(), absl::FixedTimeZone(8 * 60 * 60));
  std::vector<TaskAnswer> answers;
  for (const LabelledNeed& labelled : needs)
    answers.push_back(ReadTask(*labelled.need, labelled.task, *policy, today));
  DX_ASSIGN_OR_RETURN(const std::vector<TaskAnswer> held_out, ReadHeldOut(needs, std::move(files), today));
  AddScores("As the tables are (tables and reader were tuned on these needs: an upper bound)", answers,
            report);
  AddScores(
      "Each need without the topic terms that no other labelled need holds (nearer to a need never seen)",
      held_out, report);
  report.Section("F1 by task, without the terms of the need alone");
  const TaskScores scores = ScoreTasks(held_out);
  for (const auto& [task, counts] : scores.tasks) {
    report.Add({TaskName(*policy, task),
                counts.f1(),
                "",
                {},
                absl::StrFormat("%d right of %d, %d read so", counts.right, counts.expected, counts.found)});
  }
  report.Print();
  PrintMistakes("Read wrongly by the tables as they are", answers, *policy);
  PrintMistakes("Read wrongly without their own terms", held_out, *policy);
  for (const TaskAnswer& answer : held_out) {
    report.details()["needs_held_out"].push_back({{"need", answer.need},
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
