#include "server/access.h"

#include <gtest/gtest.h>

#include <set>

#include "google/protobuf/descriptor.h"
#include "tests/server/server_testing.h"

namespace dongxi {
namespace {

TEST(AccessTest, EveryRpcOfEveryRegisteredServiceHasItsRow) {
  const TemporaryFolder folder;
  const Running running = StartServer(OptionsFor(folder.path()));
  ASSERT_NE(running.server, nullptr);
  const std::vector<std::string> services = running.server->service_names();
  ASSERT_GE(services.size(), 4u);
  for (const std::string& name : services) {
    const auto* service = google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(name);
    ASSERT_NE(service, nullptr) << name;
    for (int i = 0; i < service->method_count(); ++i) {
      const std::string method = service->name() + "." + service->method(i)->name();
      EXPECT_TRUE(IsListed(method)) << method << " needs a row in server/access.cc";
    }
  }
}

TEST(AccessTest, NoMethodIsListedTwice) {
  std::set<std::string_view> seen;
  for (const Access& access : AllAccess()) EXPECT_TRUE(seen.insert(access.method).second) << access.method;
}

TEST(AccessTest, WhatIsNotListedIsTheOperators) {
  EXPECT_FALSE(IsListed("MatchService.Forgotten"));
  EXPECT_EQ(AccessOf("MatchService.Forgotten").permission, Permission::kAdmin);
}

}  // namespace
}  // namespace dongxi
