#include "indexer/command/progress_bar.h"

#include <algorithm>
#include <cmath>

namespace dongxi {
namespace {

constexpr int kBarWidth = 24;
constexpr auto kRedrawInterval = std::chrono::milliseconds(100);
constexpr auto kPlainInterval = std::chrono::seconds(10);

double Seconds(ProgressBar::Clock::duration time) { return std::chrono::duration<double>(time).count(); }

std::string TimeLeft(double seconds) {
  const auto whole = static_cast<uint64_t>(std::ceil(seconds));
  if (whole < 60) return std::to_string(whole) + " 秒";
  return std::to_string(whole / 60) + " 分 " + std::to_string(whole % 60) + " 秒";
}

}  // namespace

std::string WithCommas(uint64_t number) {
  std::string text = std::to_string(number);
  for (size_t at = text.size(); at > 3;) {
    at -= 3;
    text.insert(at, ",");
  }
  return text;
}

std::string ProgressLine(std::string_view stage, std::string_view unit, uint64_t done, uint64_t total,
                         double rate, int width) {
  std::string line(stage);
  if (total > 0) {
    const double share = std::min(1.0, static_cast<double>(done) / static_cast<double>(total));
    if (width > 0) {
      const auto filled = static_cast<size_t>(share * width);
      line += "  [" + std::string(filled, '#') + std::string(static_cast<size_t>(width) - filled, '.') + "]";
    }
    line += "  " + std::to_string(static_cast<int>(share * 100)) + "%";
  }
  if (!unit.empty()) {
    line += "  " + WithCommas(done) + (total > 0 ? "/" + WithCommas(total) : "") + " " + std::string(unit);
    if (rate > 0) line += "  " + WithCommas(static_cast<uint64_t>(rate)) + " " + std::string(unit) + "/秒";
  }
  if (rate > 0 && total > done) line += "  剩余 " + TimeLeft(static_cast<double>(total - done) / rate);
  return line;
}

void ProgressBar::Show(std::string_view stage, std::string_view unit, uint64_t done, uint64_t total,
                       std::string_view note) {
  const Clock::time_point now = Clock::now();
  const bool new_stage = stage != stage_;
  if (new_stage) {
    Clear();
    stage_ = stage;
    finished_ = false;
    first_done_ = done;
    stage_start_ = last_shown_ = now;
  }
  if (finished_) return;
  const bool complete = total > 0 && done >= total;
  if (!complete && !(terminal_ && new_stage) &&
      now - last_shown_ < (terminal_ ? kRedrawInterval : kPlainInterval))
    return;
  last_shown_ = now;
  finished_ = complete;
  const double seconds = Seconds(now - stage_start_);
  const double rate = seconds > 0 ? static_cast<double>(done - std::min(done, first_done_)) / seconds : 0;
  std::string line = ProgressLine(stage, unit, done, total, rate, terminal_ ? kBarWidth : 0);
  if (!note.empty()) line.append("  ").append(note);
  Draw(line);
}

void ProgressBar::Draw(const std::string& line) {
  if (!terminal_) {
    out_ << line << "\n" << std::flush;
    return;
  }
  out_ << "\r\x1b[K" << line << (finished_ ? "\n" : "") << std::flush;
  drawn_ = !finished_;
}

void ProgressBar::Clear() {
  if (drawn_) out_ << "\r\x1b[K" << std::flush;
  drawn_ = false;
}

}  // namespace dongxi
