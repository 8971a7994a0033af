// What the files of AdminJobs share. Internal to server/admin_*.cc. Any thread.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "google/protobuf/any.pb.h"
#include "indexer/backup/backup.h"
#include "server/operations.h"

namespace dongxi {

inline constexpr char kGenerationPrefix[] = "generations/";

template <typename Message>
absl::StatusOr<Message> UnpackJob(const google::protobuf::Any& any) {
  Message message;
  if (any.UnpackTo(&message)) return message;
  return absl::InternalError("the stored request is of another type: " + any.type_url());
}

inline google::protobuf::Any PackJob(const google::protobuf::Message& message) {
  google::protobuf::Any any;
  any.PackFrom(message);
  return any;
}

// Tells the operation how far a backup or its check is, and ends it when the operation is cancelled.
// `context` outlives the watch.
inline BackupWatch BackupWatchOf(OperationContext& context) {
  BackupWatch watch;
  watch.progress = [&context](std::string_view stage, uint64_t done, uint64_t total) {
    context.Progress(total == 0 ? 0 : static_cast<double>(done) / static_cast<double>(total),
                     std::string(stage));
  };
  watch.cancelled = [&context] { return context.Cancelled(); };
  return watch;
}

}  // namespace dongxi
