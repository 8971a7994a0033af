// A progress bar for people: stage, share, rate, time left. One line that is drawn over on a terminal;
// elsewhere a plain line at the end of a stage and every ten seconds. Not thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>

namespace dongxi {

class ProgressBar {
 public:
  using Clock = std::chrono::steady_clock;
  // `terminal`: whether `out` can be drawn over.
  ProgressBar(std::ostream& out, bool terminal) : out_(out), terminal_(terminal) {}
  ~ProgressBar() { Clear(); }
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  // `unit` is what is counted ("条", "行"); empty: only the share means something. `total` 0: unknown. `note`
  // is shown at the end of the line.
  void Show(std::string_view stage, std::string_view unit, uint64_t done, uint64_t total,
            std::string_view note = {});
  // Removes the bar, so that something else can be printed.
  void Clear();

 private:
  void Draw(const std::string& line);

  std::ostream& out_;
  const bool terminal_;
  bool drawn_ = false;
  bool finished_ = false;  // the stage's last line has been printed
  std::string stage_;
  uint64_t first_done_ = 0;
  Clock::time_point stage_start_;
  Clock::time_point last_shown_;
};

// "读取记录  45%  4,500/10,000 条  2,300 条/秒  剩余 2 秒"; with a bar of `width` characters if it is not 0.
std::string ProgressLine(std::string_view stage, std::string_view unit, uint64_t done, uint64_t total,
                         double rate, int width);

// 1234567 as 1,234,567.
std::string WithCommas(uint64_t number);

}  // namespace dongxi
