// A data directory opened for matching in this process, without a server. Immutable; any thread.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "engine/match/matcher.h"
#include "store/catalogue.h"

namespace dongxi::bench {

// Folders inside a data directory, as dongxi-indexer and dongxi-server lay them out.
std::filesystem::path CatalogueIn(const std::filesystem::path& data);
std::filesystem::path GenerationsIn(const std::filesystem::path& data);

// `path` as it stands, or in the repository that this program was built in (build/PRESET/bin), so that the
// commands work from any folder.
std::string FromRepository(const std::string& path);

// The program's own tables, not a user's data.
struct ProgramTables {
  std::string policy = FromRepository("data/policy");
  std::string ranking = FromRepository("data/ranking/default.json");
  std::string lexicon = FromRepository("data/lexicon");
  std::string model = FromRepository("models/dongxi-static.dxm");
};

class ServedData {
 public:
  // Opens the current generation and a view of the catalogue. Errors are those of either, with their
  // remedies.
  static absl::StatusOr<std::unique_ptr<ServedData>> Open(const std::filesystem::path& data,
                                                          const ProgramTables& tables);
  ~ServedData();
  ServedData(const ServedData&) = delete;
  ServedData& operator=(const ServedData&) = delete;

  const MatchContext& context() const { return context_; }
  const CatalogueReader& catalogue() const { return *catalogue_; }

 private:
  ServedData() = default;
  std::unique_ptr<CatalogueReader> catalogue_;
  std::unique_ptr<RecordSource> records_;
  MatchContext context_;
};

// The question that a server makes of a request with nothing but a need: all three lists, the first ten
// entries.
MatchQuestion QuestionOf(Record need);

}  // namespace dongxi::bench
