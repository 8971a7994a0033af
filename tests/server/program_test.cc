// The program dongxi-server as an operator sees it: exit codes, messages, signals.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "server/audit_trail.h"
#include "tests/server/server_testing.h"

namespace dongxi {
namespace {

using ::testing::HasSubstr;

// A started program; both outputs come through one pipe.
class Program {
 public:
  explicit Program(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), DONGXI_SERVER_PROGRAM);
    std::vector<char*> argv;
    for (std::string& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    int ends[2];
    EXPECT_EQ(::pipe2(ends, O_CLOEXEC), 0);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO);
    EXPECT_EQ(::posix_spawn(&pid_, argv[0], &actions, nullptr, argv.data(), environ), 0);
    posix_spawn_file_actions_destroy(&actions);
    ::close(ends[1]);
    output_ = ends[0];
  }
  ~Program() {
    ::close(output_);
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }

  // Reads until `text` or the end of the output has come; all that has come so far.
  const std::string& ReadUntil(const std::string& text) {
    char bytes[4'096];
    while (read_.find(text) == std::string::npos) {
      const ssize_t got = ::read(output_, bytes, sizeof(bytes));
      if (got <= 0) break;
      read_.append(bytes, static_cast<size_t>(got));
    }
    return read_;
  }
  const std::string& ReadAll() { return ReadUntil(std::string(1, '\0')); }

  void Signal(int signal) { ::kill(pid_, signal); }

  int ExitCode() {
    int status = 0;
    ::waitpid(std::exchange(pid_, -1), &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

 private:
  pid_t pid_ = -1;
  int output_ = -1;
  std::string read_;
};

TEST(ProgramTest, HelpIsInChineseWithExamples) {
  Program program({"--help"});
  EXPECT_THAT(program.ReadAll(), HasSubstr("示例"));
  EXPECT_THAT(program.ReadAll(), HasSubstr("--token-file"));
  EXPECT_THAT(program.ReadAll(), HasSubstr("--no-reflection"));
  EXPECT_THAT(program.ReadAll(), testing::Not(HasSubstr("{false}")));
  EXPECT_THAT(program.ReadAll(), HasSubstr("/readyz/match"));
  EXPECT_EQ(program.ExitCode(), 0);
}

TEST(ProgramTest, WrongUsageIsExitCodeTwo) {
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{}, {"--data", "x", "--threads", "0"}, {"--data", "x", "--unknown"}}) {
    Program program(arguments);
    EXPECT_FALSE(program.ReadAll().empty());
    EXPECT_EQ(program.ExitCode(), 2);
  }
}

TEST(ProgramTest, SignalsStopItCleanly) {
  for (const int signal : {SIGTERM, SIGINT}) {
    const TemporaryFolder folder;
    Program program({"--data", folder.path().string(), "--listen", "127.0.0.1:0"});
    EXPECT_THAT(program.ReadUntil("listening on"), HasSubstr("listening on 127.0.0.1:0, port "));
    program.Signal(signal);
    EXPECT_THAT(program.ReadAll(), HasSubstr("the catalogue is flushed and closed"));
    EXPECT_EQ(program.ExitCode(), 0);
  }
}

TEST(ProgramTest, AHeldCatalogueIsExitCodeOneWithTheRemedy) {
  const TemporaryFolder folder;
  const auto catalogue = Catalogue::Open(folder.path() / "catalogue");
  ASSERT_TRUE(catalogue.ok()) << catalogue.status();
  Program program({"--data", folder.path().string(), "--listen", "127.0.0.1:0"});
  EXPECT_THAT(program.ReadAll(), HasSubstr("--server"));
  EXPECT_EQ(program.ExitCode(), 1);
}

// A link is followed once: that of a copy is turned to a newer folder while the server runs.
TEST(ProgramTest, ADataFolderThatIsALinkIsTheFolderItLeadsToAtTheStart) {
  const TemporaryFolder folder;
  const std::filesystem::path real = std::filesystem::canonical(folder.path()) / "b-1";
  std::filesystem::create_directory(real);
  std::filesystem::create_directory_symlink("b-1", folder.path() / "current");
  const auto catalogue = Catalogue::Open(real / "catalogue");
  ASSERT_TRUE(catalogue.ok()) << catalogue.status();
  Program program({"--data", (folder.path() / "current").string(), "--listen", "127.0.0.1:0"});
  EXPECT_THAT(program.ReadAll(), HasSubstr((real / "catalogue").string())) << "the lock names it";
  EXPECT_EQ(program.ExitCode(), 1);
}

TEST(ProgramTest, AWeakTokenIsRefused) {
  const TemporaryFolder folder;
  const std::string file = (folder.path() / "token").string();
  for (const char* token :
       {"", "short", "has a space in its middle", "two-lines-of-token\nsecond-line-here"}) {
    std::ofstream(file) << token << "\n";
    Program program({"--data", folder.path().string(), "--listen", "127.0.0.1:0", "--token-file", file});
    EXPECT_THAT(program.ReadAll(), HasSubstr("openssl rand -hex 32")) << token;
    EXPECT_EQ(program.ExitCode(), 1);
  }
}

TEST(ProgramTest, PlaintextBeyondThisMachineNamesTheRemedy) {
  const TemporaryFolder folder;
  Program program({"--data", folder.path().string(), "--listen", "0.0.0.0:0"});
  EXPECT_THAT(program.ReadAll(), HasSubstr("--tls-cert"));
  EXPECT_EQ(program.ExitCode(), 1);
}

TEST(ProgramTest, TokensAreCreatedListedShownAndRevoked) {
  const TemporaryFolder folder;
  const std::string data = folder.path().string();
  Program create({"token", "create", "--data", data, "--label", "门户", "--tenant", "portal", "--permissions",
                  "write", "--days", "30", "--methods", "MatchService.*,SearchService.Search"});
  const std::string created = create.ReadAll();
  EXPECT_EQ(create.ExitCode(), 0);
  const size_t at = created.find("dx-");
  ASSERT_NE(at, std::string::npos) << created;
  const std::string id = created.substr(at + 3, 12), secret = created.substr(at + 16, 64);

  Program list({"token", "list", "--data", data});
  EXPECT_THAT(list.ReadAll(), HasSubstr(id + "\t有效\twrite\tpublic\tportal"));
  EXPECT_EQ(list.ReadAll().find(secret), std::string::npos);
  Program revoke({"token", "revoke", "--data", data, "--id", id});
  EXPECT_THAT(revoke.ReadAll(), HasSubstr("已吊销令牌 " + id));
  EXPECT_EQ(revoke.ExitCode(), 0);
  Program show({"token", "show", "--data", data, "--id", id});
  EXPECT_THAT(show.ReadAll(), HasSubstr("已吊销"));
  EXPECT_THAT(show.ReadAll(), HasSubstr("MatchService.*，SearchService.Search"));

  Program absent({"token", "revoke", "--data", data, "--id", "absent"});
  EXPECT_THAT(absent.ReadAll(), HasSubstr("token list"));
  EXPECT_EQ(absent.ExitCode(), 1);
  Program wrong({"token", "create", "--data", data, "--label", "x", "--permissions", "all"});
  EXPECT_THAT(wrong.ReadAll(), HasSubstr("应为 read、write 或 admin"));
  EXPECT_EQ(wrong.ExitCode(), 1);
  Program both(
      {"token", "create", "--data", data, "--label", "x", "--permissions", "admin", "--tenant", "a"});
  EXPECT_THAT(both.ReadAll(), HasSubstr("去掉 --tenant"));
  EXPECT_EQ(both.ExitCode(), 1);
  Program usage({"token", "create", "--data", data});
  EXPECT_THAT(usage.ReadAll(), HasSubstr("--label"));
  EXPECT_EQ(usage.ExitCode(), 2);
}

TEST(ProgramTest, ATokenInAnotherEncodingThanUtf8IsRefusedInWords) {
  const TemporaryFolder folder;
  const std::string data = folder.path().string(), gbk = "\xC3\xC5\xBB\xA7";  // 门户
  const std::pair<std::string, std::vector<std::string>> tries[] = {
      {"--label", {"--label", gbk}},
      {"--tenant", {"--label", "x", "--tenant", gbk}},
      {"--methods", {"--label", "x", "--methods", "MatchService.*," + gbk}}};
  for (const auto& [option, given] : tries) {
    std::vector<std::string> arguments = {"token", "create", "--data", data};
    arguments.insert(arguments.end(), given.begin(), given.end());
    Program program(arguments);
    EXPECT_THAT(program.ReadAll(), HasSubstr(option + "：不是 UTF-8"));
    EXPECT_EQ(program.ExitCode(), 1) << option << ": by itself, not by a signal";
  }
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "tokens"));
}

TEST(ProgramTest, AuditVerifyTellsAWholeLogFromAChangedOne) {
  const TemporaryFolder folder;
  const std::string data = folder.path().string();
  {
    const auto trail = AuditTrail::Open({.directory = folder.path() / kAuditFolderName});
    ASSERT_TRUE(trail.ok()) << trail.status();
    AuditEvent event;
    event.tenant = "portal";
    for (int i = 0; i < 3; ++i) ASSERT_TRUE((*trail)->Append(event).ok());
  }
  Program whole({"audit", "verify", "--data", data});
  EXPECT_THAT(whole.ReadAll(), HasSubstr("完整：没有发现改动"));
  EXPECT_EQ(whole.ExitCode(), 0);
  const std::filesystem::path file = folder.path() / kAuditFolderName / "audit-000000000001.jsonl";
  std::fstream stream(file, std::ios::in | std::ios::out);
  std::string text((std::istreambuf_iterator<char>(stream)), {});
  text.replace(text.find("portal"), 6, "others");
  stream.seekp(0);
  stream << text;
  stream.close();
  Program changed({"audit", "verify", "--data", data});
  EXPECT_THAT(changed.ReadAll(), HasSubstr("发现：audit-000000000001.jsonl 第 2 行"));
  EXPECT_EQ(changed.ExitCode(), 1);
  Program absent({"audit", "verify", "--data", data + "/absent"});
  EXPECT_THAT(absent.ReadAll(), HasSubstr("没有审计日志"));
  EXPECT_EQ(absent.ExitCode(), 1);
}

}  // namespace
}  // namespace dongxi
