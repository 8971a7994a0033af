#include "server/operator_log.h"

#include "absl/strings/str_format.h"
#include "absl/time/clock.h"

namespace dongxi {
namespace {

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

void OperatorLog::Call(const CallLine& call) const {
  if (out_ == nullptr) return;
  std::string fields;
  AddField("call", call.method, &fields);
  AddField("code", call.code, &fields);
  AddField("ms", absl::StrFormat("%.1f", absl::ToDoubleMilliseconds(call.duration)), &fields);
  AddField("request", call.request_id, &fields);
  AddField("token", call.token_id, &fields);
  AddField("tenant", call.tenant, &fields);
  AddField("trace", call.traceparent, &fields);
  AddField("error", call.error, &fields);
  Write(call.error.empty() ? "info" : "error", std::move(fields));
}

void OperatorLog::Message(const char* level, const std::string& text) const {
  if (out_ == nullptr) return;
  std::string fields = " msg=";
  AddQuoted(text, &fields);
  Write(level, std::move(fields));
}

void OperatorLog::Write(const char* level, std::string fields) const {
  const std::string time = absl::FormatTime("%Y-%m-%dT%H:%M:%E3S%Ez", absl::Now(), absl::LocalTimeZone());
  const std::string line = "time=" + time + " level=" + level + fields + "\n";
  // One call a line: lines of different threads do not mix.
  std::fwrite(line.data(), 1, line.size(), out_);
  std::fflush(out_);
}

}  // namespace dongxi
