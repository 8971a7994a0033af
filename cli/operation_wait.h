// Waiting for a long-running operation of the server, with a progress bar.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "cli/client.h"
#include "cli/io.h"
#include "google/longrunning/operations.grpc.pb.h"
#include "google/rpc/error_details.pb.h"

namespace dongxi::cli {

// "生成向量" for "embed"; a word without a translation as it is. The same for kinds ("build") and states.
std::string StageText(const std::string& stage);
std::string KindText(const std::string& kind);

// The reason of google.rpc.ErrorInfo in the error of an operation (BUILD_MEMORY …); empty without one.
std::string ReasonOfFailure(const google::rpc::Status& error);
// That error for a person, a line each: what its reason says, the server's words, the reason.
std::string FailureText(const google::rpc::Status& error);

// Waits until `operation` has ended and returns it; its error becomes the returned one. The operation goes on
// in the server if this program is ended. A server that cannot be reached, as while it restarts, or that asks
// to wait is asked again for some minutes, which `io.err` is told. Other errors: those of the calls.
absl::StatusOr<google::longrunning::Operation> WaitForOperation(const Client& client,
                                                                google::longrunning::Operation operation,
                                                                const Io& io);

}  // namespace dongxi::cli
