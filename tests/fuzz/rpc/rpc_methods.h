// The unary RPCs of services, found through their descriptors: no list is kept by hand. Pure functions.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "google/protobuf/descriptor.h"

namespace dongxi::fuzz {

using Method = google::protobuf::MethodDescriptor;

// All that stream neither way, in order of full name. NotFound names a service that is not linked in.
absl::StatusOr<std::vector<const Method*>> UnaryMethods(std::span<const std::string> services);

// One of `methods`, which must not be empty. A new method takes over a share of the numbers and leaves the
// rest with their methods (rendezvous hashing), so that a corpus outlives changes of the API.
const Method* PickMethod(std::span<const Method* const> methods, uint16_t number);

// "/dongxi.v1.MatchService/Match".
std::string PathOf(const Method& method);
// "MatchService.Match", as in server/access.h.
std::string GateNameOf(const Method& method);

}  // namespace dongxi::fuzz
