// What an operator does to the measured server beside its matches: change a record, build, swap.
#pragma once

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "dongxi/v1/admin.grpc.pb.h"
#include "dongxi/v1/catalogue.grpc.pb.h"
#include "google/longrunning/operations.grpc.pb.h"

namespace dongxi::bench {

// One connection, blocking calls, each of at most half an hour. Errors carry the server's code and message.
// Any thread.
class Administration {
 public:
  // Connects at the first call, in plain text. `server` is HOST:PORT.
  explicit Administration(const std::string& server);

  // Creates or changes an illustrative result of that name, so that a build has something new: without a
  // change it gives the same generation, and nothing is swapped.
  absl::Status ChangeRecord(const std::string& name) const;
  // Builds and waits; the wall time in seconds.
  absl::StatusOr<double> Build() const;
  // Publishes the newest of the generations that is not the current one.
  absl::Status Swap() const;

 private:
  const std::unique_ptr<v1::AdminService::Stub> admin_;
  const std::unique_ptr<google::longrunning::Operations::Stub> operations_;
  const std::unique_ptr<v1::CatalogueService::Stub> catalogue_;
};

}  // namespace dongxi::bench
