// make_catalogue_fixture DIR: writes the fixture of the present format version, without RocksDB's own logs.
#include <iostream>

#include "tests/store/store_testing.h"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: make_catalogue_fixture DIR\n";
    return 2;
  }
  const std::filesystem::path directory = argv[1];
  const absl::Status written = dongxi::WriteFixture(directory);
  if (!written.ok()) {
    std::cerr << "make_catalogue_fixture: " << written << "\n";
    return 1;
  }
  for (const auto& file : std::filesystem::directory_iterator(directory)) {
    const std::string name = file.path().filename().string();
    // OPTIONS files only repeat the options of the writer; opening works without them and writes them anew.
    if (name.starts_with("LOG") || name == "LOCK" || name.starts_with("OPTIONS"))
      std::filesystem::remove(file.path());
  }
  return 0;
}
