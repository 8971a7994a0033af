// What must hold of every answer, whatever was asked. Pure function.
#pragma once

#include <string>

#include "engine/record/viewer.h"
#include "google/protobuf/message.h"
#include "grpcpp/support/status.h"
#include "tests/fuzz/rpc/rpc_methods.h"

namespace dongxi::fuzz {

struct Answer {
  grpc::Status status;
  std::string bytes;  // of the response, if the status is OK
};

// Empty if all is well, else what is wrong:
// - the code is one that a caller can cause, never UNKNOWN, INTERNAL, UNIMPLEMENTED, DATA_LOSS or
//   UNAUTHENTICATED (the fuzzer's tokens are valid);
// - an error has a message and carries google.rpc.Status of the same code with ErrorInfo (domain "dongxi",
//   reason in capitals) and RequestInfo, in less than the 8 KiB of trailers that clients accept. A passed
//   deadline alone may come without, as gRPC itself says it;
// - a response can be read, written and read again, and has a JSON form, which the HTTP door needs;
// - nothing of another tenant is in it unless shared (or a read_mask hides whether it is), and, of a method
// that only reads, nothing less open than
//   `viewer` may see.
// `response` takes the parsed response.
std::string WhatIsWrong(const Method& method, const Viewer& viewer, const google::protobuf::Message& request,
                        const Answer& answer, google::protobuf::Message* response);

}  // namespace dongxi::fuzz
