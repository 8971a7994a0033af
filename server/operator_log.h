// The server's log: one line an event on a stream: time, level, text. Thread-safe.
// Texts of needs and of records are never written, only names of methods, codes and durations.
#pragma once

#include <cstdio>
#include <string>

#include "absl/time/time.h"

namespace dongxi {

class OperatorLog {
 public:
  // `out` null: writes nothing.
  explicit OperatorLog(std::FILE* out) : out_(out) {}

  void Info(const std::string& text) const { Write("info", text); }
  void Warning(const std::string& text) const { Write("warning", text); }
  void Error(const std::string& text) const { Write("error", text); }
  // "Match OK 3.2 ms".
  void Call(const std::string& method, const std::string& code, absl::Duration duration) const;

 private:
  void Write(const char* level, const std::string& text) const;

  std::FILE* const out_;
};

}  // namespace dongxi
