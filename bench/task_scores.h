// How well a reader assigns tasks. Pure functions; any thread.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace dongxi::bench {

struct TaskAnswer {
  std::string need;
  std::string expected;  // empty: none of the tasks
  std::string found;
  double probability = 0;  // of the task found
};

struct TaskCounts {
  size_t right = 0;
  size_t expected = 0;  // needs that are of it
  size_t found = 0;     // needs that are said to be of it
  double f1() const {
    return expected + found == 0 ? 0
                                 : 2.0 * static_cast<double>(right) / static_cast<double>(expected + found);
  }
};

struct TaskScores {
  double accuracy = 0;                      // over all needs
  double macro_f1 = 0;                      // mean over all classes that some need is of, "none" included
  std::map<std::string, TaskCounts> tasks;  // by task; "" is none
};
TaskScores ScoreTasks(const std::vector<TaskAnswer>& answers);

}  // namespace dongxi::bench
