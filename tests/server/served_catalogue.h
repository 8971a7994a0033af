// A server over the small catalogue and a generation of it, which most tests of services begin with.
#pragma once

#include <gtest/gtest.h>

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
