// Waiting for a long-running operation of the server, with a progress bar.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "cli/client.h"
#include "cli/io.h"
#include "google/longrunning/operations.grpc.pb.h"

namespace dongxi::cli {

// "生成向量" for "embed"; a word without a translation as it is. The same for kinds ("build") and states.
std::string StageText(const std::string& stage);
std::string KindText(const std::string& kind);

// Waits until `operation` has ended and returns it; its error becomes the returned one. The operation goes on
// in the server if this program is ended. Errors: those of the calls.
absl::StatusOr<google::longrunning::Operation> WaitForOperation(const Client& client,
                                                                google::longrunning::Operation operation,
                                                                const Io& io);

}  // namespace dongxi::cli
