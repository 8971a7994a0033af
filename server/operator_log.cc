#include "server/operator_log.h"

#include <algorithm>

#include "absl/strings/str_format.h"
#include "absl/time/clock.h"

namespace dongxi {

void OperatorLog::Call(const std::string& method, const std::string& code, absl::Duration duration) const {
  Info(absl::StrFormat("%s %s %.1f ms", method, code, absl::ToDoubleMilliseconds(duration)));
}

void OperatorLog::Write(const char* level, const std::string& text) const {
  if (out_ == nullptr) return;
  const std::string time = absl::FormatTime("%Y-%m-%dT%H:%M:%E3S%Ez", absl::Now(), absl::LocalTimeZone());
  std::string line = time + " " + level + " " + text;
  std::replace_if(
      line.begin(), line.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
  line.push_back('\n');
  // One call a line: lines of different threads do not mix.
  std::fwrite(line.data(), 1, line.size(), out_);
  std::fflush(out_);
}

}  // namespace dongxi
