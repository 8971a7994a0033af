// The W3C trace context of the call that a thread works for, so that requests to other services carry it on
// (https://www.w3.org/TR/trace-context/, traceparent). Work that a call hands to other threads has none.
#pragma once

#include <string>
#include <utility>

namespace dongxi {

class TraceScope {
 public:
  // From now until its end this thread works for `traceparent`: well-formed, or empty for none.
  explicit TraceScope(std::string traceparent) : before_(std::exchange(Slot(), std::move(traceparent))) {}
  ~TraceScope() { Slot() = std::move(before_); }
  TraceScope(const TraceScope&) = delete;
  TraceScope& operator=(const TraceScope&) = delete;

  // Of the innermost scope of this thread; empty without one.
  static const std::string& Traceparent() { return Slot(); }

 private:
  static std::string& Slot() {
    thread_local std::string slot;
    return slot;
  }
  std::string before_;
};

}  // namespace dongxi
