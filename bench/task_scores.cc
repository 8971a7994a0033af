#include "bench/task_scores.h"

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

}  // namespace dongxi::bench
