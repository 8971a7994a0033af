// Where import sends its records: the catalogue on this machine, a running server, or nowhere (dry run).
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "engine/record/record.h"
#include "indexer/import/complaint.h"
#include "store/catalogue.h"

namespace dongxi {

// What became of one record. A refused one was not written, for each of `problems`.
struct RecordOutcome {
  struct Problem {
    std::string column;
    Complaint complaint;
  };
  bool refused = false;
  UpsertState state = UpsertState::kUnchanged;  // if not refused
  std::vector<Problem> problems;
};

class ImportTarget {
 public:
  virtual ~ImportTarget() = default;
  // One outcome a record, in order; what is not refused is durable (in a dry run: would be written). A record
  // that cannot be stored does not stop the others. An error means that nothing of this batch is known to be
  // written.
  virtual absl::StatusOr<std::vector<RecordOutcome>> Write(const std::vector<Record>& records) = 0;
  // Writes all records or none; only a catalogue can promise that, others return Unimplemented.
  virtual absl::StatusOr<std::vector<RecordOutcome>> WriteAllOrNothing(std::vector<Record> records) = 0;
  // After the last write.
  virtual absl::Status Finish() = 0;
};

struct ServerConnection {
  std::string address;     // HOST:PORT
  std::string token_file;  // empty: no token
  std::string ca_file;     // certificates that sign the server's; empty: those of the system
};

// Takes the writer's lock. FailedPrecondition if another program holds it; the message names --server.
absl::StatusOr<std::unique_ptr<ImportTarget>> OpenCatalogueTarget(const std::filesystem::path& catalogue);

// Writes nothing: says what would happen to the catalogue as it is now; it need not exist.
absl::StatusOr<std::unique_ptr<ImportTarget>> OpenDryRunTarget(const std::filesystem::path& catalogue);

// Streams through a running server. Plaintext to loopback addresses only, TLS to others. With `validate_only`
// nothing is written. InvalidArgument: the token file cannot be used. A server that does not answer shows at
// the first Write (Unavailable).
absl::StatusOr<std::unique_ptr<ImportTarget>> OpenServerTarget(const ServerConnection& connection,
                                                               bool validate_only);

}  // namespace dongxi
