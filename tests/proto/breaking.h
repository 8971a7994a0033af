// What a change of the API breaks for programs built against the one before: on the wire (numbers and types),
// in JSON and in generated code (names). Additions break nothing. Pure functions; any thread.
#pragma once

#include <string>
#include <vector>

#include "google/protobuf/descriptor.pb.h"

namespace dongxi {

// One line a break, "dongxi.v1.Need.title: …", in order of the old files; empty: none. Only the packages of
// the API are looked at: dongxi.v1, google.longrunning, google.rpc.
std::vector<std::string> BreaksBetween(const google::protobuf::FileDescriptorSet& before,
                                       const google::protobuf::FileDescriptorSet& now);

}  // namespace dongxi
