// The file of tokens, and the store that follows it.
#include "server/token_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <thread>

#include "server/audit_trail.h"
#include "server/grpc_status.h"
#include "server/token_audit.h"
#include "server/token_file.h"
#include "tests/server/server_testing.h"

namespace dongxi {
namespace {

using ::testing::HasSubstr;

const absl::Time kNow = absl::FromUnixSeconds(1'760'000'000);

class TokenStoreTest : public testing::Test {
 protected:
  std::filesystem::path file() const { return folder_.path() / kTokenFileName; }

  // The text of a new token in the file.
  std::string Create(Token wanted) {
    wanted.permissions = *ParsePermissions("read");
    wanted.create_time = kNow;
    const NewTokenResult made = NewToken(wanted);
    EXPECT_TRUE(ChangeTokens(file(), [&](std::vector<Token>* tokens) {
                  tokens->push_back(made.token);
                  return absl::OkStatus();
                }).ok());
    return made.text;
  }
  std::unique_ptr<TokenStore> Open(const std::string& bootstrap = "") {
    auto store = TokenStore::Open(file(), bootstrap, &log_);
    EXPECT_TRUE(store.ok()) << store.status();
    return *std::move(store);
  }

  const OperatorLog log_{nullptr};
  TemporaryFolder folder_;
};

TEST_F(TokenStoreTest, WithoutAFileThereAreNone) {
  EXPECT_FALSE(Open()->HasTokens());
  EXPECT_TRUE(Open("0123456789abcdef")->HasTokens());
}

TEST_F(TokenStoreTest, WhatANewVersionOfTheFileChangesIsTold) {
  Create({});
  Create({});
  const auto store = Open();
  std::vector<TokenChanges> heard;
  store->OnChange([&](const TokenChanges& changes) { heard.push_back(changes); });
  const std::vector<Token> before = *ReadTokens(file());
  EXPECT_THAT(store->ValidIds(kNow), testing::UnorderedElementsAre(before[0].id, before[1].id));
  const std::string text = Create({});
  ASSERT_TRUE(ChangeTokens(file(), [&](std::vector<Token>* tokens) {
                (*tokens)[0].revoke_time = kNow;
                (*tokens)[1].tenant = "portal";
                return absl::OkStatus();
              }).ok());
  store->Refresh(kNow);
  ASSERT_EQ(heard.size(), 1u);
  EXPECT_THAT(heard[0].added, testing::ElementsAre(text.substr(3, 12)));
  EXPECT_THAT(heard[0].revoked, testing::ElementsAre(before[0].id));
  EXPECT_THAT(heard[0].altered, testing::ElementsAre(before[1].id));
  EXPECT_TRUE(heard[0].removed.empty());
  ASSERT_TRUE(ChangeTokens(file(), [&](std::vector<Token>* tokens) {
                tokens->erase(tokens->begin());
                return absl::OkStatus();
              }).ok());
  store->Refresh(kNow + absl::Seconds(1));
  ASSERT_EQ(heard.size(), 2u);
  EXPECT_THAT(heard[1].removed, testing::ElementsAre(before[0].id));
}

// A full disk, say: who may call is a matter of record all the same, once there is room.
TEST_F(TokenStoreTest, AChangeThatTheAuditLogCouldNotTakeIsWrittenDownWhenItCan) {
  Create({});
  const auto store = Open();
  const std::filesystem::path directory = folder_.path() / kAuditFolderName;
  const auto audit = AuditTrail::Open({.directory = directory, .file_bytes_max = 10});
  ASSERT_TRUE(audit.ok()) << audit.status();
  AuditTokens(store.get(), audit->get(), &log_);
  const auto lines_of = [&](const std::string& id) {
    int lines = 0;
    for (const auto& entry : std::filesystem::directory_iterator(directory)) {
      std::ifstream stream(entry.path());
      for (std::string line; std::getline(stream, line);)
        lines += line.find(kTokensAdded) != std::string::npos && line.find(id) != std::string::npos ? 1 : 0;
    }
    return lines;
  };
  const std::filesystem::path aside = folder_.path() / "aside";
  std::filesystem::rename(directory, aside);  // The next file cannot be made.
  const std::string first = "tokens/" + Create({}).substr(3, 12);
  store->Refresh(kNow);
  const std::string second = "tokens/" + Create({}).substr(3, 12);
  store->Refresh(kNow + absl::Seconds(1));
  std::filesystem::rename(aside, directory);
  EXPECT_EQ(lines_of(first) + lines_of(second), 0);
  for (int i = 2; i < 4; ++i) store->Refresh(kNow + absl::Seconds(i));
  EXPECT_EQ(lines_of(first), 1);
  EXPECT_EQ(lines_of(second), 1);
}

TEST_F(TokenStoreTest, ARevocationThatIsTakenBackIsNotToldAsOne) {
  Token revoked;
  revoked.revoke_time = kNow;
  Create(revoked);
  const auto store = Open();
  std::vector<TokenChanges> heard;
  store->OnChange([&](const TokenChanges& changes) { heard.push_back(changes); });
  const std::string id = ReadTokens(file())->front().id;
  ASSERT_TRUE(ChangeTokens(file(), [&](std::vector<Token>* tokens) {
                tokens->front().revoke_time = absl::InfiniteFuture();
                return absl::OkStatus();
              }).ok());
  store->Refresh(kNow);
  ASSERT_EQ(heard.size(), 1u);
  EXPECT_TRUE(heard[0].revoked.empty());
  EXPECT_THAT(heard[0].altered, testing::ElementsAre(id));
}

TEST_F(TokenStoreTest, TheFileKeepsEverythingButTheSecretAndIsForItsOwnerOnly) {
  Token wanted;
  wanted.label = "门户";
  wanted.tenant = "portal";
  wanted.disclosure = Disclosure::kRegistered;
  wanted.methods = {"MatchService.*"};
  wanted.rate = {.per_second = 2.5, .burst = 7};
  wanted.expire_time = kNow + absl::Hours(1);
  const std::string text = Create(wanted);
  const auto tokens = ReadTokens(file());
  ASSERT_TRUE(tokens.ok()) << tokens.status();
  ASSERT_EQ(tokens->size(), 1u);
  const Token& token = tokens->front();
  EXPECT_EQ(token.label, "门户");
  EXPECT_EQ(token.tenant, "portal");
  EXPECT_EQ(token.disclosure, Disclosure::kRegistered);
  EXPECT_EQ(token.methods, wanted.methods);
  EXPECT_EQ(token.rate.per_second, 2.5);
  EXPECT_EQ(token.rate.burst, 7);
  EXPECT_EQ(token.expire_time, wanted.expire_time);
  EXPECT_EQ(token.revoke_time, absl::InfiniteFuture());
  std::ifstream stream(file());
  const std::string bytes((std::istreambuf_iterator<char>(stream)), {});
  EXPECT_EQ(bytes.find(text.substr(text.rfind('-') + 1)), std::string::npos);
  struct stat info = {};
  ASSERT_EQ(::stat(file().c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
}

TEST_F(TokenStoreTest, AFileThatOthersMayReadIsRefused) {
  Create({});
  ::chmod(file().c_str(), 0644);
  EXPECT_TRUE(absl::IsPermissionDenied(ReadTokens(file()).status()));
}

constexpr uid_t kServerUser = 65534;

// The process as the server's user, as long as it lives. REQUIRES: it is root's.
class AsServer {
 public:
  AsServer() { EXPECT_EQ(::seteuid(kServerUser), 0); }
  ~AsServer() { EXPECT_EQ(::seteuid(0), 0); }
  AsServer(const AsServer&) = delete;
  AsServer& operator=(const AsServer&) = delete;
};

uid_t OwnerOf(const std::filesystem::path& file) {
  struct stat info = {};
  EXPECT_EQ(::lstat(file.c_str(), &info), 0) << file;
  return info.st_uid;
}

TEST_F(TokenStoreTest, WhatRootWritesReachesAServerUnderItsOwnUser) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root writes for others";
  ASSERT_EQ(::chown(folder_.path().c_str(), kServerUser, kServerUser), 0);
  std::unique_ptr<TokenStore> store;
  {
    const AsServer server;
    store = Open();
    store->Refresh(kNow);
    EXPECT_FALSE(store->HasTokens());
  }
  const std::string text = Create({});
  {
    const AsServer server;
    store->Refresh(kNow + absl::Seconds(1));
    EXPECT_TRUE(store->HasTokens());
    EXPECT_TRUE(store->Find(text, kNow).ok());
  }
  const auto revoke = [](std::vector<Token>* tokens) {
    tokens->front().revoke_time = kNow;
    return absl::OkStatus();
  };
  ASSERT_TRUE(ChangeTokens(file(), revoke).ok());
  {
    const AsServer server;
    store->Refresh(kNow + absl::Seconds(2));
    EXPECT_EQ(ReasonOf(store->Find(text, kNow + absl::Seconds(2)).status()), "TOKEN_REVOKED");
    // The server's user goes on with what root made.
    EXPECT_TRUE(ChangeTokens(file(), revoke).ok());
  }
  for (const char* ending : {"", ".lock"}) EXPECT_EQ(OwnerOf(file().string() + ending), kServerUser);
}

TEST_F(TokenStoreTest, AFileThatRootKeptFromTheServerIsGivenBackAndOthersAreToldWhoseItIs) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root writes for others";
  Create({});  // root's, as by a server before
  std::filesystem::create_directory(folder_.path() / "catalogue");
  ASSERT_EQ(::chown((folder_.path() / "catalogue").c_str(), kServerUser, kServerUser), 0);
  ASSERT_EQ(::chmod(folder_.path().c_str(), 0777), 0);
  const auto nothing = [](std::vector<Token>*) { return absl::OkStatus(); };
  {
    const AsServer server;
    const absl::Status refused = ChangeTokens(file(), nothing);
    EXPECT_TRUE(absl::IsPermissionDenied(refused)) << refused;
    EXPECT_THAT(std::string(refused.message()), HasSubstr("属于用户 0"));
  }
  Create({});
  EXPECT_EQ(OwnerOf(file()), kServerUser);
  const AsServer server;
  EXPECT_EQ(ReadTokens(file())->size(), 2u);
  EXPECT_TRUE(ChangeTokens(file(), nothing).ok());
}

TEST_F(TokenStoreTest, TheLockIsNoWayToGetAFileOfRoot) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root writes for others";
  ASSERT_EQ(::chown(folder_.path().c_str(), kServerUser, kServerUser), 0);
  const std::filesystem::path secret = folder_.path() / "secret";
  std::ofstream(secret) << "root's";
  std::filesystem::create_symlink(secret, file().string() + ".lock");
  std::filesystem::create_symlink(secret, file().string() + ".tmp");
  const auto nothing = [](std::vector<Token>*) { return absl::OkStatus(); };
  EXPECT_FALSE(ChangeTokens(file(), nothing).ok());
  std::filesystem::remove(file().string() + ".lock");
  std::filesystem::create_hard_link(secret, file().string() + ".lock");
  EXPECT_TRUE(ChangeTokens(file(), nothing).ok());
  EXPECT_EQ(OwnerOf(secret), 0u);
  EXPECT_EQ(std::filesystem::file_size(secret), 6u);
}

TEST_F(TokenStoreTest, AFileThatCannotBeReadClosesTheServerUntilItCan) {
  const auto store = Open();
  EXPECT_FALSE(store->HasTokens());
  const std::string text = Create({});
  ::chmod(file().c_str(), 0644);
  store->Refresh(kNow + absl::Seconds(1));
  EXPECT_TRUE(store->HasTokens());
  EXPECT_FALSE(store->Find(text, kNow).ok());
  ::chmod(file().c_str(), 0600);
  store->Refresh(kNow + absl::Seconds(2));
  EXPECT_TRUE(store->Find(text, kNow).ok());
}

TEST_F(TokenStoreTest, WritersDoNotLoseEachOthersTokens) {
  constexpr int kWriters = 8;
  std::vector<std::thread> writers;
  for (int i = 0; i < kWriters; ++i) writers.emplace_back([this] { Create({}); });
  for (std::thread& writer : writers) writer.join();
  EXPECT_EQ(ReadTokens(file())->size(), static_cast<size_t>(kWriters));
}

TEST_F(TokenStoreTest, WrongAndUnknownLookAlikeAndOnlyTheHolderLearnsMore) {
  Token old;
  old.expire_time = kNow;
  Token gone;
  gone.revoke_time = kNow;
  const std::string valid = Create({}), expired = Create(old), revoked = Create(gone);
  const auto store = Open();
  EXPECT_TRUE(store->Find(valid, kNow).ok());
  EXPECT_EQ(ReasonOf(store->Find(expired, kNow).status()), "TOKEN_EXPIRED");
  EXPECT_EQ(ReasonOf(store->Find(revoked, kNow).status()), "TOKEN_REVOKED");
  const std::string unknown = NewToken({}).text;
  const auto with_secret_of = [](const std::string& id_from, const std::string& secret_from) {
    return id_from.substr(0, id_from.rfind('-')) + secret_from.substr(secret_from.rfind('-'));
  };
  const absl::Status want = store->Find("nonsense", kNow).status();
  EXPECT_EQ(ReasonOf(want), "TOKEN_INVALID");
  for (const std::string& text : {unknown, with_secret_of(valid, unknown), with_secret_of(expired, unknown),
                                  with_secret_of(revoked, unknown)}) {
    EXPECT_EQ(store->Find(text, kNow).status(), want) << text;
  }
}

TEST_F(TokenStoreTest, AChangeIsSeenWithinASecond) {
  const auto store = Open();
  store->Refresh(kNow);
  const std::string text = Create({});
  store->Refresh(kNow + absl::Seconds(1));
  ASSERT_TRUE(store->Find(text, kNow).ok());
  EXPECT_TRUE(store->HasTokens());
  ASSERT_TRUE(ChangeTokens(file(), [](std::vector<Token>* tokens) {
                tokens->front().revoke_time = kNow;
                return absl::OkStatus();
              }).ok());
  store->Refresh(kNow + absl::Seconds(2));
  EXPECT_EQ(ReasonOf(store->Find(text, kNow + absl::Seconds(2)).status()), "TOKEN_REVOKED");
  EXPECT_EQ(store->counts(kNow + absl::Seconds(2)).revoked, 1);
}

TEST_F(TokenStoreTest, ARemovedOrDamagedFileDoesNotOpenTheServer) {
  const std::string text = Create({});
  const auto store = Open();
  std::filesystem::remove(file());
  store->Refresh(kNow + absl::Seconds(1));
  EXPECT_TRUE(store->HasTokens());
  EXPECT_TRUE(store->Find(text, kNow).ok());
  std::ofstream(file()) << "{";
  ::chmod(file().c_str(), 0600);
  store->Refresh(kNow + absl::Seconds(2));
  EXPECT_TRUE(store->HasTokens());
  EXPECT_TRUE(store->Find(text, kNow).ok());
}

TEST_F(TokenStoreTest, DamageIsNamedWithTheRemedy) {
  for (const char* text : {"", "[]", "{}", R"({"version":2,"tokens":[]})", R"({"version":1,"tokens":[{}]})",
                           R"({"version":1,"tokens":[1]})"}) {
    std::ofstream(file()) << text;
    ::chmod(file().c_str(), 0600);
    const absl::Status status = ReadTokens(file()).status();
    EXPECT_TRUE(absl::IsDataLoss(status)) << text << ": " << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr(file().string()));
  }
}

}  // namespace
}  // namespace dongxi
