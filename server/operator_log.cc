#include "server/operator_log.h"

#include <utility>

#include "absl/strings/str_format.h"

namespace dongxi {
namespace {

constexpr std::string_view kTurnedAway = "RESOURCE_EXHAUSTED";
constexpr std::string_view kStranger = "UNAUTHENTICATED";
constexpr std::string_view kPlain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.:/+";

void AddQuoted(std::string_view value, std::string* line) {
  line->push_back('"');
  for (const char c : value) {
    if (c == '"' || c == '\\') line->push_back('\\');
    if (c == '\n') {
      line->append("\\n");
    } else {
      // Other control characters would move the cursor of a terminal that shows the log.
      line->push_back(static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? ' ' : c);
    }
  }
  line->push_back('"');
}

void AddField(std::string_view key, std::string_view value, std::string* line) {
  if (value.empty()) return;
  line->push_back(' ');
  line->append(key).push_back('=');
  if (value.find_first_not_of(kPlain) == std::string_view::npos) {
    line->append(value);
  } else {
    AddQuoted(value, line);
  }
}

}  // namespace

bool OperatorLog::TakeLine(std::string_view code, int64_t second, int64_t* skipped) const {
  if (code != kTurnedAway && code != kStranger) return true;
  const absl::MutexLock lock(&mutex_);
  Refusals& refusals = code == kTurnedAway ? turned_away_ : strangers_;
  if (second != refusals.second) {
    refusals.second = second;
    refusals.lines = 0;
  }
  if (refusals.lines >= kRefusalLinesASecond) {
    ++refusals.skipped;
    return false;
  }
  ++refusals.lines;
  *skipped = std::exchange(refusals.skipped, 0);
  return true;
}

void OperatorLog::Call(const CallLine& call, absl::Time now) const {
  if (out_ == nullptr) return;
  int64_t skipped = 0;
  if (!TakeLine(call.code, absl::ToUnixSeconds(now), &skipped)) return;
  std::string fields;
  AddField("call", call.method, &fields);
  AddField("code", call.code, &fields);
  AddField("ms", absl::StrFormat("%.1f", absl::ToDoubleMilliseconds(call.duration)), &fields);
  AddField("request", call.request_id, &fields);
  AddField("token", call.token_id, &fields);
  AddField("tenant", call.tenant, &fields);
  AddField("trace", call.traceparent, &fields);
  AddField("error", call.error, &fields);
  AddField("skipped", skipped > 0 ? std::to_string(skipped) : "", &fields);
  Write(call.error.empty() ? "info" : "error", now, std::move(fields));
}

void OperatorLog::Message(const char* level, const std::string& text) const {
  if (out_ == nullptr) return;
  std::string fields = " msg=";
  AddQuoted(text, &fields);
  Write(level, absl::Now(), std::move(fields));
}

void OperatorLog::Write(const char* level, absl::Time now, std::string fields) const {
  const std::string time = absl::FormatTime("%Y-%m-%dT%H:%M:%E3S%Ez", now, absl::LocalTimeZone());
  const std::string line = "time=" + time + " level=" + level + fields + "\n";
  // One call a line: lines of different threads do not mix.
  std::fwrite(line.data(), 1, line.size(), out_);
  std::fflush(out_);
}

}  // namespace dongxi
