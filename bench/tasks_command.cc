// dongxi-bench tasks: how often is a need given its task of the plan from its text alone?
#include <algorithm>
#include <iostream>
#include <map>
#include <memory>
#include <optional>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "bench/command.h"
#include "bench/held_out_terms.h"
#include "bench/json_lines.h"
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
constexpr double kMacroF1Min = 0.80;
constexpr double kNoneRightMin = 0.80;
constexpr size_t kBootstrapRounds = 2000;
constexpr uint64_t kBootstrapSeed = 1;

struct TasksOptions {
  std::string sample = "data/sample";
  std::string needs;  // a file of needs written for this question; empty: the sample's labels
  std::string half;   // "a": odd ids, "b": even ids, empty: all
  std::string policy = "data/policy";
  std::string json;
};

// A need whose task is known.
struct KnownNeed {
  std::string id;
  std::string region;
  std::string title;
  std::string text;
  std::string task;  // empty: none of the tasks
  std::optional<std::string> also;
  std::string confusion;
};

// The task that the need's own text gives; what its owner declared is not looked at.
TaskAnswer ReadTask(const KnownNeed& need, const Policy& policy, absl::CivilDay today) {
  const PolicyReading reading = policy.Read(need.region, /*declared_task=*/"", need.title, need.text, today);
  TaskAnswer answer = {.need = need.id,
                       .expected = need.task,
                       .found = "",
                       .probability = 0,
                       .also = need.also,
                       .confusion = need.confusion,
                       .in_programme = reading.channel != kNoTask};
  if (reading.tasks.empty()) return answer;
  answer.found = reading.tasks.front().task;
  answer.probability = reading.tasks.front().probability;
  return answer;
}

std::vector<TaskAnswer> ReadTasks(const std::vector<KnownNeed>& needs, const Policy& policy,
                                  absl::CivilDay today) {
  std::vector<TaskAnswer> answers;
  for (const KnownNeed& need : needs) answers.push_back(ReadTask(need, policy, today));
  return answers;
}

absl::StatusOr<std::vector<KnownNeed>> NeedsOfSample(const Sample& sample) {
  std::map<std::string, const Record*> records;
  for (const Record& need : sample.records.at(RecordKind::kNeed)) records[need.id] = &need;
  std::vector<KnownNeed> needs;
  for (const NeedLabel& label : sample.labels) {
    const auto record = records.find(label.need);
    if (record == records.end())
      return absl::InvalidArgumentError("labels name the unknown need " + label.need);
    const EmbedInput text = TextOf(*record->second);
    needs.push_back(
        {label.need, record->second->region, text.title, text.text, label.task, std::nullopt, ""});
  }
  return needs;
}

std::vector<std::string> TaskIds(const Policy& policy) {
  std::vector<std::string> ids;
  for (const Task& task : policy.tasks()) ids.push_back(task.id);
  return ids;
}

absl::StatusOr<std::string> TaskOf(const std::string& name, const std::vector<std::string>& tasks) {
  if (name == kNoTask) return std::string();
  if (std::find(tasks.begin(), tasks.end(), name) != tasks.end()) return name;
  return absl::InvalidArgumentError("task is \"" + name + "\"; expected \"none\" or a task of the policy");
}

absl::StatusOr<KnownNeed> NeedOf(const nlohmann::json& object, const std::vector<std::string>& tasks) {
  KnownNeed need = {.id = StringOf(object, "id"),
                    .region = StringOf(object, "region"),
                    .title = StringOf(object, "title"),
                    .text = StringOf(object, "text"),
                    .task = "",
                    .also = std::nullopt,
                    .confusion = StringOf(object, "confusion")};
  if (need.id.empty()) return absl::InvalidArgumentError("a need without id");
  if (need.title.empty() && need.text.empty())
    return absl::InvalidArgumentError("need " + need.id + " has neither title nor text");
  DX_ASSIGN_OR_RETURN(need.task, TaskOf(StringOf(object, "task"), tasks));
  if (const std::string also = StringOf(object, "also"); !also.empty()) {
    DX_ASSIGN_OR_RETURN(need.also, TaskOf(also, tasks));
  }
  return need;
}

absl::StatusOr<std::vector<KnownNeed>> ReadKnownNeeds(const std::string& file,
                                                      const std::vector<std::string>& tasks) {
  std::vector<KnownNeed> needs;
  std::set<std::string> ids;
  DX_RETURN_IF_ERROR(ReadJsonLines(file, [&](const nlohmann::json& object) -> absl::Status {
    DX_ASSIGN_OR_RETURN(KnownNeed need, NeedOf(object, tasks));
    if (!ids.insert(need.id).second) return absl::InvalidArgumentError("need " + need.id + " stands twice");
    needs.push_back(std::move(need));
    return absl::OkStatus();
  }));
  if (needs.empty()) return absl::InvalidArgumentError(file + ": no need");
  return needs;
}

// Leaves the half of the needs that was asked for, by the last digit of their ids.
absl::Status KeepHalf(const std::string& half, std::vector<TaskAnswer>& answers) {
  if (half.empty()) return absl::OkStatus();
  for (const TaskAnswer& answer : answers) {
    if (absl::ascii_isdigit(static_cast<unsigned char>(answer.need.back()))) continue;
    return absl::InvalidArgumentError("need " + answer.need +
                                      " ends in no digit; --half goes by odd and even ids");
  }
  std::erase_if(answers, [&half](const TaskAnswer& answer) {
    const bool odd = (answer.need.back() - '0') % 2 == 1;
    return odd != (half == "a");
  });
  return absl::OkStatus();
}

absl::StatusOr<std::vector<PolicyFile>> ReadPolicyFiles(const std::filesystem::path& directory) {
  std::vector<PolicyFile> files;
  for (const std::string_view name : PolicyFileNames()) {
    DX_ASSIGN_OR_RETURN(std::string content, ReadFile(directory / name, kPolicyFileBytesMax));
    files.push_back({std::string(name), std::move(content)});
  }
  return files;
}

// Each need read by tables without the terms that no other of the needs holds: what the tables may have
// learnt from it.
absl::StatusOr<std::vector<TaskAnswer>> ReadHeldOut(const std::vector<KnownNeed>& needs,
                                                    std::vector<PolicyFile> files, absl::CivilDay today) {
  std::vector<std::string> texts;
  for (const KnownNeed& need : needs) texts.push_back(need.title + "\n" + need.text);
  const auto topics =
      std::find_if(files.begin(), files.end(), [](const auto& file) { return file.name == kTopics; });
  if (topics == files.end()) return absl::InternalError(std::string("the policy has no file ") + kTopics);
  const std::string whole = topics->content;
  const std::vector<int> only = OnlyTextOfTerms(whole, texts);
  std::vector<TaskAnswer> answers;
  for (size_t i = 0; i < needs.size(); ++i) {
    topics->content = WithoutTermsOnlyIn(whole, only, static_cast<int>(i));
    DX_ASSIGN_OR_RETURN(const std::shared_ptr<const Policy> policy, PolicyFromFiles(files));
    answers.push_back(ReadTask(needs[i], *policy, today));
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

std::string CountsText(const TaskCounts& counts) {
  return absl::StrFormat("%d right of %d, %d read so", counts.right, counts.expected, counts.found);
}

nlohmann::ordered_json AnswerJson(const TaskAnswer& answer) {
  nlohmann::ordered_json json = {{"need", answer.need},
                                 {"expected", answer.expected},
                                 {"found", answer.found},
                                 {"probability", answer.probability}};
  if (answer.also) json["also"] = *answer.also;
  if (!answer.confusion.empty()) json["confusion"] = answer.confusion;
  return json;
}

absl::CivilDay Today() { return absl::ToCivilDay(absl::Now(), absl::FixedTimeZone(8 * 60 * 60)); }

absl::Status RunOnSample(const TasksOptions& options) {
  Report report("How often is a need given its task of the plan, from its region and its text alone?",
                {{"sample", options.sample}, {"policy", options.policy}});
  DX_ASSIGN_OR_RETURN(const std::shared_ptr<const Policy> policy, LoadPolicy(options.policy));
  DX_ASSIGN_OR_RETURN(const Sample sample, ReadSample(options.sample, *policy));
  DX_ASSIGN_OR_RETURN(const std::vector<KnownNeed> needs, NeedsOfSample(sample));
  DX_ASSIGN_OR_RETURN(std::vector<PolicyFile> files, ReadPolicyFiles(options.policy));
  const absl::CivilDay today = Today();
  const std::vector<TaskAnswer> answers = ReadTasks(needs, *policy, today);
  DX_ASSIGN_OR_RETURN(const std::vector<TaskAnswer> held_out, ReadHeldOut(needs, std::move(files), today));
  AddScores("As the tables are (tables and reader were tuned on these needs: an upper bound)", answers,
            report);
  AddScores(
      "Each need without the topic terms that no other labelled need holds (nearer to a need never seen)",
      held_out, report);
  report.Section("F1 by task, without the terms of the need alone");
  const TaskScores scores = ScoreTasks(held_out);
  for (const auto& [task, counts] : scores.tasks)
    report.Add({TaskName(*policy, task), counts.f1(), "", {}, CountsText(counts)});
  report.Print();
  PrintMistakes("Read wrongly by the tables as they are", answers, *policy);
  PrintMistakes("Read wrongly without their own terms", held_out, *policy);
  for (const TaskAnswer& answer : held_out) report.details()["needs_held_out"].push_back(AnswerJson(answer));
  return report.Write(options.json);
}

std::string IntervalText(const ScoreInterval& interval) {
  return absl::StrFormat("95%% %.3f to %.3f", interval.low, interval.high);
}

void AddNeedScores(const std::string& title, const std::vector<TaskAnswer>& answers,
                   const std::vector<std::string>& tasks, Report& report) {
  const auto macro_f1 = [&tasks](const TaskScores& scores) { return MacroF1Over(scores, tasks); };
  const auto accuracy = [](const TaskScores& scores) { return scores.accuracy; };
  const std::vector<TaskAnswer> in_programme = InProgramme(answers);
  const auto add = [&report](const std::string& name, const std::vector<TaskAnswer>& of, const auto& measure,
                             std::optional<Bar> bar) {
    const ScoreInterval interval = BootstrapTasks(of, measure, kBootstrapRounds, kBootstrapSeed);
    report.Add({name, measure(ScoreTasks(of)), "", bar, IntervalText(interval)});
  };
  report.Section(title);
  add(absl::StrFormat("macro-F1 over %d tasks", tasks.size()), answers, macro_f1, AtLeast(kMacroF1Min));
  add("\"none\" right", answers, NoneRight, AtLeast(kNoneRightMin));
  add("\"none\" right, regions with a channel", in_programme, NoneRight, AtLeast(kNoneRightMin));
  add("accuracy", answers, accuracy, {});
}

void AddTaskTable(const TaskScores& scores, const Policy& policy, Report& report) {
  report.Section("F1 by task");
  for (const auto& [task, counts] : scores.tasks) {
    report.Add({TaskName(policy, task),
                counts.f1(),
                "",
                {},
                absl::StrFormat("precision %.2f, recall %.2f: %s", counts.precision(), counts.recall(),
                                CountsText(counts))});
  }
}

void AddConfusionTable(const std::vector<TaskAnswer>& answers, Report& report) {
  report.Section("Accuracy by what the need can be mistaken for");
  for (const auto& [confusion, counts] : RightByConfusion(answers)) {
    report.Add({confusion.empty() ? "(nothing)" : confusion,
                static_cast<double>(counts.right) / static_cast<double>(counts.of),
                "",
                {},
                absl::StrFormat("%d of %d", counts.right, counts.of)});
  }
}

absl::Status RunOnNeeds(const TasksOptions& options) {
  Report report("How often is a need that was written apart from the rules given its task of the plan?",
                {{"needs", options.needs},
                 {"half", options.half.empty() ? "both" : options.half},
                 {"policy", options.policy}});
  DX_ASSIGN_OR_RETURN(const std::shared_ptr<const Policy> policy, LoadPolicy(options.policy));
  const std::vector<std::string> tasks = TaskIds(*policy);
  DX_ASSIGN_OR_RETURN(const std::vector<KnownNeed> needs, ReadKnownNeeds(options.needs, tasks));
  DX_ASSIGN_OR_RETURN(std::vector<PolicyFile> files, ReadPolicyFiles(options.policy));
  const absl::CivilDay today = Today();
  std::vector<TaskAnswer> answers = ReadTasks(needs, *policy, today);
  DX_ASSIGN_OR_RETURN(std::vector<TaskAnswer> held_out, ReadHeldOut(needs, std::move(files), today));
  DX_RETURN_IF_ERROR(KeepHalf(options.half, answers));
  DX_RETURN_IF_ERROR(KeepHalf(options.half, held_out));
  AddNeedScores(absl::StrFormat("As the tables are, %d needs", answers.size()), answers, tasks, report);
  AddNeedScores("The same, a second defensible answer accepted", AcceptingAlso(answers), tasks, report);
  AddNeedScores(
      "Each need without the topic terms that no other need of the file holds (stricter than a new need)",
      held_out, tasks, report);
  AddTaskTable(ScoreTasks(answers), *policy, report);
  AddConfusionTable(answers, report);
  report.Print();
  PrintMistakes("Read wrongly", answers, *policy);
  for (const TaskAnswer& answer : answers) report.details()["needs"].push_back(AnswerJson(answer));
  return report.Write(options.json);
}

}  // namespace

void AddTasksCommand(CLI::App& app, Outcome& outcome) {
  const auto options = std::make_shared<TasksOptions>();
  CLI::App* command =
      app.add_subcommand("tasks", "Task assignment on the sample's labels or on a file of needs");
  CLI::Option* sample =
      command->add_option("--data,--sample", options->sample, "Folder of the sample, with labels.jsonl")
          ->capture_default_str();
  CLI::Option* needs =
      command
          ->add_option("--needs", options->needs,
                       "JSONL of needs with id, region, title, text, task (or none), also, confusion")
          ->excludes(sample);
  command->add_option("--half", options->half, "a: the needs with odd ids, b: those with even ids")
      ->check(CLI::IsMember({"a", "b"}))
      ->needs(needs);
  AddPolicyOption(*command, options->policy);
  AddJsonOption(*command, options->json);
  command->footer("Example: dongxi-bench tasks --needs data/policy_set/needs.jsonl --half b");
  command->callback([options, &outcome] {
    outcome.status = options->needs.empty() ? RunOnSample(*options) : RunOnNeeds(*options);
  });
}

}  // namespace dongxi::bench
