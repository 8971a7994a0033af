// Where the tables come from: the files of a folder, or those that were compiled in.
#include <cstdlib>
#include <filesystem>
#include <utility>

#include "engine/base/files.h"
#include "engine/base/status_macros.h"
#include "engine/requirement/built_in_files.h"
#include "engine/requirement/requirement_tables.h"

namespace dongxi::requirement {
namespace {

constexpr size_t kTableBytesMax = 4 << 20;

}  // namespace

absl::StatusOr<TableFiles> ReadTableFiles(const std::string& directory) {
  TableFiles files;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(directory, error)) {
    if (entry.path().extension() != ".tsv") continue;
    DX_ASSIGN_OR_RETURN(files[entry.path().filename().string()], ReadFile(entry.path(), kTableBytesMax));
  }
  if (error) return absl::NotFoundError(directory + ": " + error.message());
  return files;
}

absl::StatusOr<std::shared_ptr<const RequirementTables>> LoadRequirementTables(const std::string& directory) {
  DX_ASSIGN_OR_RETURN(const TableFiles files, ReadTableFiles(directory));
  return ParseRequirementTables(files);
}

const RequirementTables& BuiltInRequirementTables() {
  // Never destroyed: threads may still read at the program's end.
  static const auto& tables = *[] {
    absl::StatusOr<std::shared_ptr<const RequirementTables>> read = ParseRequirementTables(BuiltInFiles());
    // The files were compiled in and a test reads them: a program without them must not answer.
    if (!read.ok()) std::abort();
    return new std::shared_ptr<const RequirementTables>(*std::move(read));
  }();
  return *tables;
}

}  // namespace dongxi::requirement
