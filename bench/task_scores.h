// How well a reader assigns tasks. Pure functions; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace dongxi::bench {

struct TaskAnswer {
  std::string need;
  std::string expected;  // empty: none of the tasks
  std::string found;
  double probability = 0;             // of the task found
  std::optional<std::string> also{};  // a second answer that a reader may defend; "": none of the tasks
  std::string confusion{};            // what the need tries to be mistaken for; empty: nothing
  bool in_programme = true;           // a channel of the plan serves its region
};

struct TaskCounts {
  size_t right = 0;
  size_t expected = 0;  // needs that are of it
  size_t found = 0;     // needs that are said to be of it

  // Each is 0 where it would be 0 of 0.
  double precision() const { return Share(right, found); }
  double recall() const { return Share(right, expected); }
  double f1() const { return Share(2 * right, expected + found); }

 private:
  static double Share(size_t part, size_t whole) {
    return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
  }
};

struct TaskScores {
  double accuracy = 0;                      // over all needs
  double macro_f1 = 0;                      // mean over all classes that some need is of, "none" included
  std::map<std::string, TaskCounts> tasks;  // by task; "" is none
};
TaskScores ScoreTasks(const std::vector<TaskAnswer>& answers);

// Mean F1 over `tasks`, each counted once, "none" only if it is named. A task that no need is of and none is
// said to be of counts 0. 0 without tasks.
double MacroF1Over(const TaskScores& scores, const std::vector<std::string>& tasks);

// The share of the needs without a task that are read so; 0 without such needs.
double NoneRight(const TaskScores& scores);

// Without the needs of regions that no channel serves: they are of no task whatever they say.
std::vector<TaskAnswer> InProgramme(std::vector<TaskAnswer> answers);

// The same answers with the second answer expected where it is what was found.
std::vector<TaskAnswer> AcceptingAlso(std::vector<TaskAnswer> answers);

struct RightOf {
  size_t right = 0;
  size_t of = 0;
};
// By confusion; needs without one are under "".
std::map<std::string, RightOf> RightByConfusion(const std::vector<TaskAnswer>& answers);

struct ScoreInterval {
  double low = 0;
  double high = 0;
};
// 95 % percentile bootstrap interval of `measure`. Needs are drawn with replacement inside each expected
// task, so that every round has as many of it as the set. The same on every machine for the same seed.
// {0, 0} without answers. REQUIRES: rounds >= 40.
ScoreInterval BootstrapTasks(const std::vector<TaskAnswer>& answers,
                             const std::function<double(const TaskScores&)>& measure, size_t rounds,
                             uint64_t seed);

}  // namespace dongxi::bench
