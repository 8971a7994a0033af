// Alert rules, dashboard, unit, Dockerfile and manifests name only metrics, options and packages that exist,
// and the image holds what the programs link.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>

#include "engine/base/files.h"
#include "server/metrics.h"

namespace dongxi {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using Json = nlohmann::json;

constexpr size_t kFileBytesMax = 1 << 20;

std::string TextOf(const std::string& file) {
  const auto text = ReadFile(file, kFileBytesMax);
  EXPECT_TRUE(text.ok()) << text.status();
  return text.ok() ? *text : "";
}

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

// What a command of the shell prints; empty if there is none.
std::string OutputOf(const std::string& command) {
  std::string output;
  std::FILE* const pipe = ::popen((command + " 2>/dev/null").c_str(), "r");
  if (pipe == nullptr) return output;
  char bytes[4'096];
  while (const size_t got = std::fread(bytes, 1, sizeof(bytes), pipe)) output.append(bytes, got);
  ::pclose(pipe);
  return output;
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
