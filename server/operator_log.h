// The server's log: one line an event on a stream, in key=value form:
//   time=2026-01-02T03:04:05.678+08:00 level=info msg="listening on 127.0.0.1:7878"
//   time=… level=info call=MatchService.Match code=OK ms=3.2 request=… token=… tenant=… trace=…
// A call that ended by a fault of the server itself is at level=error and says it: error="…".
// Values with other characters than letters, digits and -_.:/+ are quoted, with \" \\ \n escaped.
// Thread-safe. Texts of needs and of records, names of people and secrets are never written: only names of
// methods, codes, durations and ids.
#pragma once

#include <cstdio>
#include <string>
#include <string_view>

#include "absl/time/time.h"

namespace dongxi {

// What is logged of a call; empty values are left out.
struct CallLine {
  std::string_view method, code, request_id, token_id, tenant, traceparent;
  absl::Duration duration;
  std::string_view error = {};  // the text of a fault of our own (own_fault.h); never what a caller sent
};

class OperatorLog {
 public:
  // `out` null: writes nothing.
  explicit OperatorLog(std::FILE* out) : out_(out) {}

  void Info(const std::string& text) const { Message("info", text); }
  void Warning(const std::string& text) const { Message("warning", text); }
  void Error(const std::string& text) const { Message("error", text); }
  void Call(const CallLine& call) const;

 private:
  void Message(const char* level, const std::string& text) const;
  void Write(const char* level, std::string fields) const;

  std::FILE* const out_;
};

}  // namespace dongxi
