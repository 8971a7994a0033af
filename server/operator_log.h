// The server's log: one line an event on a stream, in key=value form:
//   time=2026-01-02T03:04:05.678+08:00 level=info msg="listening on 127.0.0.1:7878"
//   time=… level=info call=MatchService.Match code=OK ms=3.2 request=… token=… tenant=… trace=…
// A call that ended by a fault of the server itself is at level=error and says it: error="…".
// Of calls that were turned away (RESOURCE_EXHAUSTED), and of those without a valid token (UNAUTHENTICATED),
// kRefusalLinesASecond of each are written in a second; the first line of a later second says how many of its
// kind were not: skipped=… A server that is asked too much has better to do, and strangers shall not fill its
// disk.
// Values with other characters than letters, digits and -_.:/+ are quoted, with \" \\ \n escaped.
// Thread-safe. Texts of needs and of records, names of people and secrets are never written: only names of
// methods, codes, durations and ids.
#pragma once

#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace dongxi {

inline constexpr int kRefusalLinesASecond = 10;

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
  void Call(const CallLine& call, absl::Time now = absl::Now()) const;

 private:
  void Message(const char* level, const std::string& text) const;
  void Write(const char* level, absl::Time now, std::string fields) const;
  // Refusals of one kind.
  struct Refusals {
    int64_t second = 0;
    int lines = 0;  // of that second
    int64_t skipped = 0;
  };
  // Whether a call that ended with `code` in this second is written; `skipped` becomes the number of refusals
  // of its kind before that were not.
  bool TakeLine(std::string_view code, int64_t second, int64_t* skipped) const ABSL_LOCKS_EXCLUDED(mutex_);

  std::FILE* const out_;
  mutable absl::Mutex mutex_;
  mutable Refusals turned_away_ ABSL_GUARDED_BY(mutex_);
  mutable Refusals strangers_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace dongxi
