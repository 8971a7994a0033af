// A server over the small catalogue and a generation of it, which most tests of services begin with.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "tests/server/server_testing.h"

namespace dongxi {

class ServedCatalogueTest : public testing::Test {
 protected:
  void SetUp() override {
    WriteCatalogue(folder_.path(), SmallCatalogue());
    generation_ = Build(folder_.path());
    ASSERT_FALSE(generation_.empty());
    Start();
  }
  // Also after Stop: the same folder is served again.
  void Start() {
    running_ = StartServer(OptionsFor(folder_.path()));
    ASSERT_NE(running_.server, nullptr);
    Connect();
  }
  // After Stop, with the repository's policy but for one cooperation mode; its tables are copied to `policy`.
  void StartWithoutMode(const std::string& mode, const std::filesystem::path& policy) {
    std::filesystem::copy("data/policy", policy, std::filesystem::copy_options::recursive);
    std::ifstream in("data/policy/modes.tsv");
    std::ofstream out(policy / "modes.tsv");
    for (std::string line; std::getline(in, line);) {
      if (!line.starts_with(mode + "\t")) out << line << "\n";
    }
    out.close();
    ServerOptions options = OptionsFor(folder_.path());
    options.policy_directory = policy.string();
    running_ = StartServer(options);
    ASSERT_NE(running_.server, nullptr);
    Connect();
  }
  void Stop() {
    ASSERT_TRUE(running_.server->Shutdown(absl::Seconds(5)).ok());
    running_.server.reset();
  }
  // Makes the stubs that a test calls, on running_.channel.
  virtual void Connect() = 0;

  TemporaryFolder folder_;
  std::string generation_;
  Running running_;
};

}  // namespace dongxi
