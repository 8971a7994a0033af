// What the tests of store/ share: temporary folders and sample records.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "engine/record/record.h"
#include "store/catalogue.h"

namespace dongxi {

// A new empty folder, removed with everything in it at the end.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// A record with just an id and a title.
Record Titled(RecordKind kind, const std::string& id, const std::string& title);

// One record of each kind, every field of the kind set.
std::vector<Record> FullRecords();

// What the fixtures of the format versions hold: written by WriteFixture, expected by its test.
inline constexpr int64_t kFixtureTimeUs = 1'700'000'000'000'000;
absl::Status WriteFixture(const std::filesystem::path& directory);

std::vector<std::string> IdsOf(const CatalogueReader& reader, RecordKind kind, const std::string& after = "");
std::vector<Change> ChangesOf(const CatalogueReader& reader, uint64_t after);

}  // namespace dongxi
