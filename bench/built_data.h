// Records in memory built into a generation and opened for matching in this process, without a server.
// Immutable; any thread.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "engine/match/matcher.h"
#include "engine/record/record.h"

namespace dongxi::bench {

struct BuiltOptions {
  std::string policy;   // folder of the policy tables
  std::string ranking;  // ranking file
  std::string lexicon;  // folder of the lexicon; empty: none
  std::string model;    // embedding model; empty: none, that of the collection alone
  int threads = 0;      // 0: all cores
};

class BuiltData {
 public:
  // The generation lies in a temporary folder that goes with this object. REQUIRES: records in order of kind,
  // then id. Errors are those of the builder and of the files named above.
  static absl::StatusOr<std::unique_ptr<BuiltData>> Build(std::vector<Record> records,
                                                          const BuiltOptions& options);
  ~BuiltData();
  BuiltData(const BuiltData&) = delete;
  BuiltData& operator=(const BuiltData&) = delete;

  // Valid as long as this object.
  const MatchContext& context() const { return context_; }

 private:
  class Records;
  class Folder;
  BuiltData();
  std::unique_ptr<const Folder> folder_;
  std::unique_ptr<const Records> records_;
  std::unique_ptr<const RecordSource> source_;
  MatchContext context_;
};

}  // namespace dongxi::bench
