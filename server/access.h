// Which permission and which share of the machine an RPC needs: one table of all RPCs. Immutable; any thread.
// Every RPC of every registered service has its row; a test walks the descriptors and fails without it.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace dongxi {

enum class Permission : uint8_t {
  kRead = 1,   // answers from what is there
  kWrite = 2,  // changes records, engagements, watches …
  kAdmin = 4,  // the operator's: generations, backups, operations
};

// How a call shares the machine with others (see load_control.h).
enum class Cost : uint8_t {
  kHeavy,   // computes for milliseconds: at most one per core, the rest waits in a short queue
  kLight,   // reads or writes a few values
  kBatch,   // computes for seconds or minutes: one at a time, beside the heavy ones
  kLong,    // computes for a second or longer and is awaited: one at a time, the next wait a little
  kStream,  // stays open and mostly waits: watches, imports, exports
  kAdmin,   // a small share of its own, so that the operator gets through an overload
  kProbe,   // tells what is in memory: as short as being turned away, and asked by probes and dashboards
};

struct Access {
  std::string_view method;  // "MatchService.Match": service without package, dot, method
  Permission permission;
  Cost cost;
};

std::span<const Access> AllAccess();

// The row of `method`; for an unlisted one kAdmin, so that what was forgotten is closed.
const Access& AccessOf(std::string_view method);
bool IsListed(std::string_view method);

// Whether a server that is a copy of another one (--read-only) answers the method: what reads, and of the
// operator's methods those that look, check, and read policy and ranking anew. A new one of the operator's is
// not answered until it is named in access.cc.
bool IsForCopies(const Access& access);

}  // namespace dongxi
