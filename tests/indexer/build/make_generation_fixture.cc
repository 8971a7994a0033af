// make_generation_fixture DIR: writes the fixture of the generation format (docs/format/generation.md) into
// an empty folder.
#include <filesystem>
#include <iostream>

#include "engine/base/files.h"
#include "indexer/build/generation_builder.h"
#include "tests/indexer/build/fixture_records.h"

int main(int argc, char** argv) {
  if (argc != 2 || std::filesystem::exists(argv[1])) {
    std::cerr
        << "usage: make_generation_fixture DIR    (DIR must not exist; run from the top of the repository)\n";
    return 2;
  }
  const std::filesystem::path scratch = std::string(argv[1]) + ".scratch";
  std::filesystem::remove_all(scratch);
  std::filesystem::create_directories(scratch / "lexicon");
  const auto summary = [&]() -> absl::StatusOr<dongxi::BuildSummary> {
    const absl::Status lexicon =
        dongxi::WriteFileAtomically(scratch / "lexicon" / "fixture.tsv", dongxi::testing::kFixtureLexicon);
    if (!lexicon.ok()) return lexicon;
    auto catalogue = dongxi::Catalogue::Open(scratch / "catalogue");
    if (!catalogue.ok()) return catalogue.status();
    if (auto written = (*catalogue)->Upsert(dongxi::testing::FixtureRecords(), 0); !written.ok())
      return written.status();
    return dongxi::BuildGeneration(**catalogue,
                                   dongxi::testing::FixtureOptions(argv[1], scratch / "lexicon"));
  }();
  std::filesystem::remove_all(scratch);
  std::filesystem::remove(std::filesystem::path(argv[1]) / ".lock");
  if (!summary.ok()) {
    std::cerr << "make_generation_fixture: " << summary.status() << "\n";
    return 1;
  }
  std::cout << summary->manifest.generation << "\n";
  return 0;
}
