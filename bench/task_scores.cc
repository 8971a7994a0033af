#include "bench/task_scores.h"

#include <algorithm>

#include "bench/quality/random.h"

namespace dongxi::bench {

TaskScores ScoreTasks(const std::vector<TaskAnswer>& answers) {
  TaskScores scores;
  size_t right = 0;
  for (const TaskAnswer& answer : answers) {
    ++scores.tasks[answer.expected].expected;
    ++scores.tasks[answer.found].found;
    if (answer.expected != answer.found) continue;
    ++scores.tasks[answer.expected].right;
    ++right;
  }
  size_t classes = 0;
  for (const auto& [task, counts] : scores.tasks) {
    if (counts.expected == 0) continue;
    ++classes;
    scores.macro_f1 += counts.f1();
  }
  if (classes > 0) scores.macro_f1 /= static_cast<double>(classes);
  if (!answers.empty()) scores.accuracy = static_cast<double>(right) / static_cast<double>(answers.size());
  return scores;
}

double MacroF1Over(const TaskScores& scores, const std::vector<std::string>& tasks) {
  if (tasks.empty()) return 0;
  double sum = 0;
  for (const std::string& task : tasks) {
    const auto counts = scores.tasks.find(task);
    if (counts != scores.tasks.end()) sum += counts->second.f1();
  }
  return sum / static_cast<double>(tasks.size());
}

double NoneRight(const TaskScores& scores) {
  const auto none = scores.tasks.find("");
  return none == scores.tasks.end() ? 0 : none->second.recall();
}

std::vector<TaskAnswer> InProgramme(std::vector<TaskAnswer> answers) {
  std::erase_if(answers, [](const TaskAnswer& answer) { return !answer.in_programme; });
  return answers;
}

std::vector<TaskAnswer> AcceptingAlso(std::vector<TaskAnswer> answers) {
  for (TaskAnswer& answer : answers) {
    if (answer.also == answer.found) answer.expected = answer.found;
  }
  return answers;
}

std::map<std::string, RightOf> RightByConfusion(const std::vector<TaskAnswer>& answers) {
  std::map<std::string, RightOf> right;
  for (const TaskAnswer& answer : answers) {
    RightOf& counts = right[answer.confusion];
    ++counts.of;
    counts.right += answer.expected == answer.found ? 1 : 0;
  }
  return right;
}

ScoreInterval BootstrapTasks(const std::vector<TaskAnswer>& answers,
                             const std::function<double(const TaskScores&)>& measure, size_t rounds,
                             uint64_t seed) {
  if (answers.empty()) return {};
  std::map<std::string, std::vector<const TaskAnswer*>> strata;
  for (const TaskAnswer& answer : answers) strata[answer.expected].push_back(&answer);
  Random random(seed);
  std::vector<double> values;
  for (size_t round = 0; round < rounds; ++round) {
    std::vector<TaskAnswer> drawn;
    for (const auto& [task, members] : strata) {
      for (size_t i = 0; i < members.size(); ++i) drawn.push_back(*members[random.Below(members.size())]);
    }
    values.push_back(measure(ScoreTasks(drawn)));
  }
  std::sort(values.begin(), values.end());
  const size_t tail = rounds / 40;  // 2.5 % at either end
  return {values[tail], values[rounds - 1 - tail]};
}

}  // namespace dongxi::bench
