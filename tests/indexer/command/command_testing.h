// What the command tests share: running the program inside the test, with its output as text.
#pragma once

#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "indexer/command/command.h"
#include "tests/indexer/build/sample_catalogue.h"

namespace dongxi::testing {

struct CommandResult {
  int exit_code = 0;
  std::string out;
  std::string err;
};

inline CommandResult RunTo(std::ostream& err, bool terminal, const std::vector<std::string>& arguments) {
  std::vector<const char*> argv = {"dongxi-indexer"};
  for (const std::string& argument : arguments) argv.push_back(argument.c_str());
  std::ostringstream out;
  CommandResult result;
  result.exit_code = RunIndexer(static_cast<int>(argv.size()), argv.data(), {out, err, terminal});
  result.out = out.str();
  return result;
}

inline CommandResult RunProgram(const std::vector<std::string>& arguments) {
  std::ostringstream err;
  CommandResult result = RunTo(err, false, arguments);
  result.err = err.str();
  return result;
}

// Presses Ctrl-C as soon as `word` is printed.
class InterruptingBuffer : public std::stringbuf {
 public:
  explicit InterruptingBuffer(std::string word) : word_(std::move(word)) {}
  int sync() override {
    if (!done_ && str().find(word_) != std::string::npos) {
      done_ = true;
      std::raise(SIGINT);
    }
    return 0;
  }

 private:
  const std::string word_;
  bool done_ = false;
};

inline CommandResult RunInterruptedAt(const std::string& word, bool terminal,
                                      const std::vector<std::string>& arguments) {
  InterruptingBuffer buffer(word);
  std::ostream err(&buffer);
  CommandResult result = RunTo(err, terminal, arguments);
  result.err = buffer.str();
  return result;
}

class CommandTest : public ::testing::Test {
 protected:
  std::string Data() const { return (folder_.path() / "data").string(); }
  std::string WriteFile(const std::string& name, const std::string& content) const {
    const std::filesystem::path file = folder_.path() / name;
    std::ofstream(file, std::ios::binary) << content;
    return file.string();
  }
  void FillCatalogue() const { MakeCatalogue(CatalogueFolder(Data()), MakeRecords(SmallCounts())); }
  uint64_t CountOf(RecordKind kind) const {
    const auto view = OpenCatalogueView(CatalogueFolder(Data()));
    return view.ok() ? (*view)->Counts()[static_cast<size_t>(kind)] : 0;
  }

  TemporaryFolder folder_;
};

}  // namespace dongxi::testing
