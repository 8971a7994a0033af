#include "server/access.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <iterator>
#include <set>
#include <string>

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

// What a method does, as its first word tells it.
constexpr std::string_view kReads[] = {
    "BatchGet", "BatchMatch", "Compute", "Download", "Estimate", "Explain", "Export",       "Get",    "List",
    "Match",    "Open",       "Poll",    "Search",   "Stream",   "Wait",    "ReverseMatch", "Similar"};
constexpr std::string_view kWrites[] = {"BatchDelete", "BatchRecord", "BatchUpsert", "Cancel",    "Clear",
                                        "Close",       "Correct",     "Create",      "Delete",    "Expire",
                                        "Import",      "Make",        "Publish",     "Record",    "Replan",
                                        "Run",         "Start",       "Undelete",    "Unpublish", "Update"};

// Methods whose first word does not tell it, with the reason.
struct Exception {
  std::string_view method;
  Permission permission;
  std::string_view why;
};
constexpr Exception kExceptions[] = {
    {"EmbeddingService.Embed", Permission::kRead, "computes vectors of what it is given, keeps nothing"},
    {"Metrics.Scrape", Permission::kRead, "no RPC: counts, no records"},
    {"ReplayService.ReplayMatch", Permission::kRead, "makes an old answer again, keeps nothing new"},
    {"ServerReflection.ServerReflectionInfo", Permission::kRead, "the messages' definitions, no records"},
};

// The word ends where the next begins: "Record" begins "RecordOutcome" and not "Records".
template <size_t kCount>
bool BeginsWithOneOf(const std::string_view (&verbs)[kCount], std::string_view method) {
  return std::any_of(std::begin(verbs), std::end(verbs), [&](std::string_view verb) {
    return method.starts_with(verb) && (method.size() == verb.size() ||
                                        std::isupper(static_cast<unsigned char>(method[verb.size()])) != 0);
  });
}

// The oracle of security_test, which tries every door, is the table itself: this is another one.
TEST(AccessTest, WhatAMethodIsCalledTellsWhichPermissionItNeeds) {
  std::set<std::string_view> excepted;
  for (const Access& access : AllAccess()) {
    SCOPED_TRACE(access.method);
    const size_t dot = access.method.find('.');
    ASSERT_NE(dot, std::string_view::npos);
    const std::string_view service = access.method.substr(0, dot), method = access.method.substr(dot + 1);
    const auto* const exception =
        std::find_if(std::begin(kExceptions), std::end(kExceptions),
                     [&](const Exception& one) { return one.method == access.method; });
    if (exception != std::end(kExceptions)) {
      excepted.insert(exception->method);
      EXPECT_EQ(access.permission, exception->permission) << exception->why;
      continue;
    }
    if (service == "AdminService") {
      EXPECT_EQ(access.permission, Permission::kAdmin) << "generations, backups and settings of all tenants";
      continue;
    }
    const bool reads = BeginsWithOneOf(kReads, method), writes = BeginsWithOneOf(kWrites, method);
    ASSERT_NE(reads, writes) << "add its first word to kReads or kWrites, or the method to kExceptions";
    EXPECT_EQ(access.permission, writes ? Permission::kWrite : Permission::kRead);
  }
  EXPECT_EQ(excepted.size(), std::size(kExceptions)) << "an exception names a method that is not there";
}

// As the first word tells it, whatever the list in access.cc says.
TEST(AccessTest, ACopyAnswersWhatReadsAndOfTheOperatorsMethodsThoseThatLookAndCheck) {
  constexpr std::string_view kOperatorsReads[] = {"Get", "List", "ReloadPolicy", "ReloadRanking", "Verify"};
  for (const Access& access : AllAccess()) {
    SCOPED_TRACE(access.method);
    const std::string_view method = access.method.substr(access.method.find('.') + 1);
    const bool looks = access.permission == Permission::kAdmin && BeginsWithOneOf(kOperatorsReads, method);
    EXPECT_EQ(IsForCopies(access), looks || access.permission == Permission::kRead);
  }
  EXPECT_FALSE(IsForCopies(AccessOf("MatchService.Forgotten")));
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
