// dongxi-make-templates DOCS: writes DOCS/templates/*.csv and *.xlsx and the generated tables of
// DOCS/import.md.
#include <filesystem>
#include <iostream>
#include <string>

#include "engine/base/files.h"
#include "engine/base/status_macros.h"
#include "indexer/import/templates.h"

namespace dongxi {
namespace {

constexpr size_t kPageBytesMax = size_t{4} << 20;

absl::Status MakeTemplates(const std::filesystem::path& docs) {
  for (const RecordKind kind : kAllRecordKinds) {
    const std::filesystem::path stem = docs / "templates" / std::string(CollectionOf(kind));
    DX_RETURN_IF_ERROR(WriteFileAtomically(stem.string() + ".csv", TemplateCsv(kind)));
    DX_RETURN_IF_ERROR(WriteTemplateXlsx(kind, stem.string() + ".xlsx"));
  }
  DX_ASSIGN_OR_RETURN(const std::string page, ReadFile(docs / "import.md", kPageBytesMax));
  DX_ASSIGN_OR_RETURN(const std::string renewed, WithFieldTables(page));
  return WriteFileAtomically(docs / "import.md", renewed);
}

}  // namespace
}  // namespace dongxi

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: dongxi-make-templates DOCS\n";
    return 2;
  }
  const absl::Status status = dongxi::MakeTemplates(argv[1]);
  if (status.ok()) return 0;
  std::cerr << "dongxi-make-templates: " << status << "\n";
  return 1;
}
