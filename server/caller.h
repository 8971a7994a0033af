// Who calls, what the gate learnt from his token, and what his call did. Any thread.
//
// Handlers say what they did, so that the audit log can tell it:
//   caller.Touched("needs/n-1")  for every resource that the call creates, changes or removes;
//   caller.Showed(record)        for every record that the answer shows (CatalogueRecords does it by itself);
//   caller.Commit()              in a stream, before an answer that acknowledges writes or shows records
//                                leaves: the line of what was done so far is written then. Unary calls need
//                                not: the gate does it.
// A stream lasts longer than one look at its token:
//   caller.StillAdmitted()       before each message: the token may have been revoked since;
//   caller.AwaitPeer(read)       around each read and write: a peer that neither sends nor takes is cut off;
//   caller.Charge(n)             what a call with many items in it takes of the token's rate.
#pragma once

#include <string>
#include <string_view>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/time/time.h"
#include "engine/match/stage_timer.h"
#include "engine/record/viewer.h"
#include "server/operator_log.h"

namespace dongxi {

// What one call did, for the audit log; kept by the gate while the call runs. Thread-safe.
class CallNote {
 public:
  virtual ~CallNote() = default;
  // A resource was written. Every name comes into the log; many take several lines.
  virtual void Touched(std::string_view name) = 0;
  // A record that is not public was shown.
  virtual void Disclosed(std::string_view name, Disclosure level) = 0;
  // Writes the line of what came since the last one, if anything did. An error means that the audit log
  // cannot be written: end the call with it.
  virtual absl::Status Commit() = 0;
};

// The gate's hand on a running call. For the thread of the call.
class CallControl {
 public:
  virtual ~CallControl() = default;
  // OK while a new call with the same token would be let in and see the same; else what that would be told,
  // or Aborted (TOKEN_CHANGED).
  virtual absl::Status StillAdmitted() const = 0;
  // Runs `wait`, which returns once the peer has sent or taken something; a peer that does not within the
  // gate's patience has its call cancelled. What `wait` said; false if the call was cut.
  virtual bool AwaitPeer(absl::FunctionRef<bool()> wait) = 0;
  // Takes `count` more of the token's rate, there or not. How long until they are made up for.
  virtual absl::Duration Charge(int count) = 0;
};

struct Caller {
  Viewer viewer;             // what his answers may show
  std::string token_id;      // public id of the token, never the token itself; empty without one
  std::string request_id;    // names this call in logs, in the audit log and in error details
  bool may_write = true;     // the methods that change something
  bool may_admin = true;     // the methods of the operator
  std::string traceparent;   // W3C trace context of the caller, well-formed or empty: for calls to others
  CallNote* note = nullptr;  // lives as long as the call; null outside the gate
  // Where faults of our own are told that do not end the call, as with one need of many; may be null.
  const OperatorLog* log = nullptr;
  StageObserver* stages = nullptr;  // hears how long the stages of his matches take; may be null
  CallControl* control = nullptr;   // lives as long as the call; null outside the gate

  const std::string& tenant() const { return viewer.tenant; }

  void Touched(std::string_view name) const {
    if (note != nullptr) note->Touched(name);
  }
  void Touched(const RecordName& name) const { Touched(ResourceName(name.kind, name.id)); }
  void Showed(const Record& record) const {
    if (note != nullptr && record.disclosure != Disclosure::kPublic)
      note->Disclosed(ResourceName(record.kind, record.id), record.disclosure);
  }
  absl::Status Commit() const { return note == nullptr ? absl::OkStatus() : note->Commit(); }
  absl::Status StillAdmitted() const {
    return control == nullptr ? absl::OkStatus() : control->StillAdmitted();
  }
  bool AwaitPeer(absl::FunctionRef<bool()> wait) const {
    return control == nullptr ? wait() : control->AwaitPeer(wait);
  }
  absl::Duration Charge(int count) const {
    return control == nullptr || count <= 0 ? absl::ZeroDuration() : control->Charge(count);
  }
};

}  // namespace dongxi
