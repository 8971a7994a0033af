// Alert rules, dashboard, units, Dockerfile, manifests and runbook name only metrics, options, commands and
// packages that exist, fit each other, and the image holds what the programs link.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>
#include <sstream>

#include "cli/admin_text.h"
#include "server/metrics.h"
#include "tests/server/script_testing.h"
#include "tests/server/server_testing.h"

namespace dongxi {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using Json = nlohmann::json;

std::set<std::string> Found(const std::string& text, const std::string& pattern) {
  const std::regex regex(pattern);
  std::set<std::string> found;
  for (std::sregex_iterator it(text.begin(), text.end(), regex), end; it != end; ++it)
    found.insert((*it)[1].str());
  return found;
}

// A histogram is served as three series.
std::string MetricOf(std::string series) {
  for (const std::string suffix : {"_bucket", "_sum", "_count"}) {
    if (series.ends_with(suffix)) return series.substr(0, series.size() - suffix.size());
  }
  return series;
}

void ExpectMetricsExist(const std::string& text, size_t at_least) {
  const std::set<std::string> series = Found(text, "\\b(dongxi_[a-z0-9_]+)");
  EXPECT_GE(series.size(), at_least);
  for (const std::string& name : series)
    EXPECT_NE(std::ranges::find(kMetricNames, MetricOf(name)), std::end(kMetricNames)) << name;
}

TEST(DeployTest, AlertRulesReferToMetricsThatExist) {
  ExpectMetricsExist(TextOf("deploy/prometheus/dongxi.rules.yml"), 8);
}

TEST(DeployTest, TheDashboardRefersToMetricsThatExist) {
  const Json dashboard = Json::parse(TextOf("deploy/prometheus/dashboard.json"));
  std::string expressions;
  for (const Json& panel : dashboard["panels"]) {
    for (const Json& target : panel["targets"]) expressions += target["expr"].get<std::string>() + "\n";
  }
  ExpectMetricsExist(expressions, 15);
}

TEST(DeployTest, TheDashboardNamesEachQuantileAsItIs) {
  const Json dashboard = Json::parse(TextOf("deploy/prometheus/dashboard.json"));
  size_t seen = 0;
  for (const Json& panel : dashboard["panels"]) {
    for (const Json& target : panel["targets"]) {
      const std::set<std::string> digits =
          Found(target["expr"].get<std::string>(), "histogram_quantile\\(0\\.([0-9]+)");
      const std::string legend = target["legendFormat"].get<std::string>();
      if (digits.empty() || !legend.starts_with("p")) continue;
      ++seen;
      EXPECT_EQ(legend, "p" + *digits.begin() + (digits.begin()->size() == 1 ? "0" : ""));
    }
  }
  EXPECT_GE(seen, 3u);
}

TEST(DeployTest, AMetricThatDoesNotExistWouldBeSeen) {
  EXPECT_EQ(std::ranges::find(kMetricNames, "dongxi_nothing_total"), std::end(kMetricNames));
  EXPECT_EQ(MetricOf("dongxi_rpc_seconds_bucket"), "dongxi_rpc_seconds");
}

TEST(DeployTest, OptionsOfTheServerExist) {
  const std::string program = TextOf("server/main.cc");
  for (const char* file : {"deploy/systemd/dongxi.service", "deploy/systemd/dongxi.env",
                           "deploy/kubernetes/dongxi.yaml", "deploy/RUNBOOK.md"}) {
    SCOPED_TRACE(file);
    // In the runbook options of other programs stand too; those of the server are in back quotes or behind
    // its name.
    const std::string text = TextOf(file);
    const bool prose = std::string(file).ends_with(".md");
    std::set<std::string> options =
        Found(text, prose ? "dongxi-server[^\\n]*? (--[a-z][a-z-]+)" : "[ =](--[a-z][a-z-]+)");
    if (prose) options.merge(Found(text, "`(--[a-z][a-z-]+)"));
    for (const std::string& option : options) EXPECT_THAT(program, HasSubstr("\"" + option + "\"")) << option;
    EXPECT_FALSE(options.empty());
  }
}

TEST(DeployTest, OptionsOfTheBackupByTimerExist) {
  const std::string program = TextOf("cli/cli.cc");
  for (const char* file : {"deploy/systemd/backup.env", "deploy/kubernetes/backup.yaml"}) {
    SCOPED_TRACE(file);
    const std::set<std::string> options = Found(TextOf(file), "[ =](--[a-z][a-z-]+)");
    for (const std::string& option : options) EXPECT_THAT(program, HasSubstr("\"" + option + "\"")) << option;
    EXPECT_GE(options.size(), 3u);
  }
}

TEST(DeployTest, CommandsPathsAndMethodsOfTheManualsExist) {
  const std::string admin = TextOf("cli/admin_command.cc"), indexer = TextOf("indexer/command/command.cc"),
                    access = TextOf("server/access.cc");
  const Json paths = Json::parse(TextOf("docs/api/openapi.json"))["paths"];
  for (const std::string& name : Found(TextOf("deploy/dongxi-backup"), "[\\n( ]admin ([a-z]+)"))
    EXPECT_THAT(admin, HasSubstr("options, \"" + name + "\"")) << name;
  for (const char* file : {"deploy/RUNBOOK.md", "docs/operations.md"}) {
    SCOPED_TRACE(file);
    const std::string text = TextOf(file);
    const std::set<std::string> names = Found(text, "dongxi admin ([a-z]+)");
    EXPECT_GE(names.size(), 5u);
    for (const std::string& name : names) EXPECT_THAT(admin, HasSubstr("options, \"" + name + "\"")) << name;
    for (const std::string& name : Found(text, "[`\n]dongxi-indexer ([a-z-]+)"))
      EXPECT_THAT(indexer, HasSubstr("add_subcommand(\"" + name + "\"")) << name;
    for (const std::string& method : Found(text, "([A-Z][a-z]+Service\\.[A-Z][A-Za-z]+)"))
      EXPECT_THAT(access, HasSubstr("{\"" + method + "\"")) << method;
    for (const std::string& path : Found(text, "(?:GET|POST) (/v1/[A-Za-z:]+)"))
      EXPECT_TRUE(paths.contains(path)) << path;
  }
}

TEST(DeployTest, TheDockerfileBuildsWithThePackagesOfRun) {
  const std::string run = TextOf("run");
  const size_t begin = run.find("BUILD_PACKAGES=(");
  ASSERT_NE(begin, std::string::npos);
  const std::string list = run.substr(begin + 16, run.find(')', begin) - begin - 16);
  const std::set<std::string> in_image = Found(TextOf("deploy/Dockerfile"), "[ \\n]([a-z][a-z0-9.+-]+)");
  const std::set<std::string> wanted = Found(list, "([a-z][a-z0-9.+-]+)");
  EXPECT_GE(wanted.size(), 20u);
  for (const std::string& package : wanted) EXPECT_THAT(in_image, Contains(package));
}

std::string Joined(const std::set<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += " " + word;
  return text;
}

// Where the image's Debian is the one that the programs were linked on: what apt installs in its second
// stage, and what those packages depend on, holds each library that a program names.
TEST(DeployTest, TheImageHasTheLibrariesThatTheProgramsLink) {
  if (!OutputOf("cat /etc/debian_version").starts_with("12.")) GTEST_SKIP() << "needs Debian 12";
  const std::string folder = DONGXI_PROGRAMS;
  const std::set<std::string> libraries = Found(
      OutputOf("readelf -d " + folder + "/dongxi-server " + folder + "/dongxi-indexer " + folder + "/dongxi"),
      "NEEDED[^\\n]*\\[([^\\]\\n]+)\\]");
  EXPECT_GE(libraries.size(), 20u);
  const std::string dockerfile = TextOf("deploy/Dockerfile");
  const std::string image = dockerfile.substr(dockerfile.rfind("\nFROM"));
  const std::string option = "--no-install-recommends";
  const size_t begin = image.find(option) + option.size();
  std::set<std::string> packages =
      Found(image.substr(begin, image.find("&&", begin) - begin), "([a-z][^ \\n]+)");
  EXPECT_GE(packages.size(), 20u);
  packages.merge(Found(OutputOf("dpkg-query -W -f=', ${Pre-Depends}, ${Depends}\\n'" + Joined(packages)),
                       ", *([a-z0-9][a-z0-9.+-]+)"));
  const std::string files = OutputOf("dpkg-query -L" + Joined(packages));
  for (const std::string& library : libraries) {
    if (library.find("san.so") != std::string::npos) continue;  // of an instrumented build
    EXPECT_NE(files.find("/" + library + "\n"), std::string::npos)
        << library << " is in no package of the second stage of deploy/Dockerfile";
  }
}

// The number behind the first `words`.
int NumberBehind(const std::string& text, const std::string& words) {
  const size_t at = text.find(words);
  EXPECT_NE(at, std::string::npos) << words;
  return at == std::string::npos ? -1 : std::atoi(text.c_str() + at + words.size());
}

TEST(DeployTest, TheServerIsGivenTheTimeThatItTakesToStop) {
  const std::string program = TextOf("server/main.cc");
  const int grace = NumberBehind(program, "int grace_seconds = ");
  EXPECT_GT(NumberBehind(TextOf("deploy/systemd/dongxi.service"), "\nTimeoutStopSec="),
            NumberBehind(program, "int drain_seconds = ") + grace);
  const std::string manifest = TextOf("deploy/kubernetes/dongxi.yaml");
  const int drain = NumberBehind(manifest, "--drain-delay=");
  EXPECT_GT(NumberBehind(manifest, "terminationGracePeriodSeconds: "), drain + grace);
  const std::string probe = manifest.substr(manifest.find("readinessProbe:"));
  EXPECT_GT(drain, NumberBehind(probe, "periodSeconds: "));
}

TEST(DeployTest, PortsOfTheManifestAreThoseThatTheServerListensOn) {
  const std::pair<std::string, std::string> doors[] = {
      {"listen", "grpc"}, {"http-listen", "https"}, {"metrics-listen", "metrics"}};
  const std::string manifest = TextOf("deploy/kubernetes/dongxi.yaml");
  for (const auto& [option, name] : doors) {
    SCOPED_TRACE(name);
    const std::set<std::string> ports = Found(manifest, "- --" + option + "=0\\.0\\.0\\.0:([0-9]+)");
    ASSERT_EQ(ports.size(), 1u);
    const std::string& port = *ports.begin();
    EXPECT_THAT(manifest, HasSubstr("{name: " + name + ", containerPort: " + port + "}"));
    EXPECT_THAT(manifest, HasSubstr("{name: " + name + ", port: " + port + ", targetPort: " + name + "}"));
    EXPECT_THAT(manifest, HasSubstr("{port: " + name + ", protocol: TCP}"));
  }
}

TEST(DeployTest, ImagesHaveTheVersionOfTheProject) {
  const std::set<std::string> version = Found(TextOf("CMakeLists.txt"), "project\\(dongxi VERSION ([0-9.]+)");
  ASSERT_EQ(version.size(), 1u);
  for (const char* file : {"deploy/Dockerfile", "deploy/kubernetes/dongxi.yaml",
                           "deploy/kubernetes/backup.yaml", "deploy/RUNBOOK.md"})
    EXPECT_EQ(Found(TextOf(file), "dongxi:([0-9]+\\.[0-9.]*[0-9])"), version) << file;
}

TEST(DeployTest, ScriptsAndUnitsAreInTheImageTheUpgradeAndTheLints) {
  const std::string runbook = TextOf("deploy/RUNBOOK.md"), dockerfile = TextOf("deploy/Dockerfile"),
                    lint = TextOf("deploy/lint.sh");
  const size_t begin = runbook.find("\n## 升级\n");
  ASSERT_NE(begin, std::string::npos);
  const std::string upgrade = runbook.substr(begin, runbook.find("\n## 回退\n", begin) - begin);
  const std::set<std::string> kept = Found(upgrade, "for f in ([a-z -]+); do");
  ASSERT_EQ(kept.size(), 1u);
  size_t seen = 0;
  for (const auto& entry : std::filesystem::directory_iterator("deploy")) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with("dongxi-")) continue;
    ++seen;
    EXPECT_THAT(dockerfile, HasSubstr("/source/deploy/" + name + " "));
    EXPECT_THAT(" " + *kept.begin() + " ", HasSubstr(" " + name + " "));
    EXPECT_THAT(runbook, HasSubstr("deploy/" + name + " "));
  }
  for (const auto& entry : std::filesystem::directory_iterator("deploy/systemd")) {
    const std::string name = entry.path().filename().string();
    if (!name.ends_with(".service") && !name.ends_with(".timer")) continue;
    ++seen;
    EXPECT_THAT(lint, HasSubstr(" " + name));
    EXPECT_THAT(upgrade, HasSubstr(name));
    EXPECT_THAT(runbook, HasSubstr("deploy/systemd/" + name + " "));
  }
  EXPECT_GE(seen, 7u);
}

// As deploy/lint.sh tells yamllint, which cannot be installed everywhere.
TEST(DeployTest, LinesOfYamlAreShort) {
  constexpr size_t kColumnsMax = 125;
  for (const char* file : {"deploy/kubernetes/dongxi.yaml", "deploy/kubernetes/backup.yaml",
                           "deploy/prometheus/dongxi.rules.yml", "deploy/prometheus/dongxi.rules.test.yml"}) {
    std::istringstream lines(TextOf(file));
    for (std::string line; std::getline(lines, line);) {
      const auto continues = [](char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; };
      EXPECT_LE(line.size() - static_cast<size_t>(std::ranges::count_if(line, continues)), kColumnsMax)
          << line;
    }
  }
}

// Notes how it is called, fails at the step $FAILS, and lists the backups of the file "list" beside it.
constexpr char kFakeDongxi[] = R"(#!/bin/sh
echo "$*" >>"${0%/*}/calls"
[ "$2" != "$FAILS" ] || exit 3
[ "$2" != backups ] || cat "${0%/*}/list"
)";

class BackupScriptTest : public testing::Test {
 protected:
  BackupScriptTest() {
    std::ofstream(folder_.path() / "dongxi") << kFakeDongxi;
    std::filesystem::permissions(folder_.path() / "dongxi", std::filesystem::perms::owner_all);
    v1::ListBackupsResponse response;
    for (const char* name : {"b-9-20261128T013000Z", "b-8-20261127T013000Z", "b-7-20261126T013000Z"})
      response.add_backups()->set_name(std::string("backups/") + name);
    response.mutable_backups(2)->set_damage("its checksum does not fit");
    std::ostringstream out, err;
    cli::PrintBackups(response, cli::Io{out, err});
    std::ofstream(folder_.path() / "list") << out.str();
  }
  // The exit code; what it called is in calls().
  std::string Run(const std::string& keep, const std::string& fails) const {
    return OutputOf("FAILS='" + fails + "' DONGXI_CLIENT='--token-file t' PATH=\"" + folder_.path().string() +
                    ":$PATH\" sh deploy/dongxi-backup " + keep + " >&2; echo $?");
  }
  std::string calls() const { return TextOf(folder_.path() / "calls"); }

  TemporaryFolder folder_;
};

TEST_F(BackupScriptTest, ChecksTheNewBackupAndDeletesWhatIsTooMany) {
  EXPECT_EQ(Run("2", ""), "0\n");
  EXPECT_EQ(calls(),
            "admin backup --token-file t\nadmin backups --token-file t\n"
            "admin verify b-9-20261128T013000Z --token-file t\n"
            "admin delete b-7-20261126T013000Z --token-file t\n");
}

TEST_F(BackupScriptTest, DeletesNothingIfTheBackupOrItsCheckFails) {
  for (const char* step : {"backup", "backups", "verify"}) {
    SCOPED_TRACE(step);
    EXPECT_EQ(Run("1", step), "3\n");
    EXPECT_THAT(calls(), testing::Not(HasSubstr("delete")));
  }
}

TEST_F(BackupScriptTest, AWrongNumberIsRefusedBeforeAnythingIsDone) {
  for (const char* keep : {"0", "x", "-1"}) EXPECT_EQ(Run(keep, ""), "2\n") << keep;
  EXPECT_FALSE(std::filesystem::exists(folder_.path() / "calls"));
}

TEST(DeployTest, TheContainerIsNotRoot) {
  const std::string dockerfile = TextOf("deploy/Dockerfile");
  EXPECT_THAT(dockerfile.substr(dockerfile.rfind("\nFROM")), HasSubstr("USER 10001:10001"));
  const std::string manifest = TextOf("deploy/kubernetes/dongxi.yaml");
  for (const char* line :
       {"runAsNonRoot: true", "runAsUser: 10001", "readOnlyRootFilesystem: true", "drop: [ALL]",
        "allowPrivilegeEscalation: false", "kind: NetworkPolicy", "enforce: restricted"})
    EXPECT_THAT(manifest, HasSubstr(line));
}

}  // namespace
}  // namespace dongxi
