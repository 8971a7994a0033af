// dongxi report --job and dongxi reports against a real server over the sample catalogue: the files are those
// that dongxi report writes by itself.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <sstream>

#include "cli/cli.h"
#include "cli/io.h"
#include "engine/policy/policy.h"
#include "indexer/import/importer.h"
#include "indexer/import/zip_package.h"
#include "tests/server/sample_catalogue.h"
#include "tests/server/server_testing.h"

namespace dongxi {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr int kNeeds = 8;

std::string ReadAll(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// Of two reports over the same data these differ: when a need was matched, the id of that match, and the page
// tokens, which name it.
std::string WithoutOccasion(std::string text) {
  static const auto& ids = *new std::regex("m-[0-9a-f]{16}");
  static const auto& times =
      *new std::regex("[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?(\\.[0-9]+)?Z?");
  static const auto& tokens = *new std::regex("\"(partners|experts|results)\": \"[A-Za-z0-9_-]+\"");
  text = std::regex_replace(text, tokens, "\"$1\": \"TOKEN\"");
  // A time in a cell of a spreadsheet; days have no fraction.
  static const auto& serials = *new std::regex("<v>4[0-9]{4}\\.[0-9]+</v>");
  static const auto& spans = *new std::regex("TIME 至 TIME");
  text = std::regex_replace(text, ids, "MATCH");
  text = std::regex_replace(text, serials, "<v>TIME</v>");
  text = std::regex_replace(text, times, "TIME");
  return std::regex_replace(text, spans, "TIME");  // all within a minute or not
}

// All parts of a spreadsheet.
std::string PartsOf(const std::string& xlsx) {
  const auto package = ZipPackage::Open(xlsx);
  EXPECT_TRUE(package.ok()) << package.status();
  std::string parts;
  for (int sheet = 1; (*package)->Has("xl/worksheets/sheet" + std::to_string(sheet) + ".xml"); ++sheet)
    parts += (*package)->Read("xl/worksheets/sheet" + std::to_string(sheet) + ".xml", 1 << 26).value();
  for (const char* const name : {"xl/sharedStrings.xml", "xl/workbook.xml", "docProps/core.xml"})
    parts += (*package)->Read(name, 1 << 26).value();
  return parts;
}

// The text as pdftotext (poppler-utils) reads it.
std::string TextOfPdf(const fs::path& file) {
  std::FILE* pipe = ::popen(("pdftotext -layout '" + file.string() + "' -").c_str(), "r");
  std::string text;
  char buffer[4096];
  for (size_t read = 0; (read = std::fread(buffer, 1, sizeof(buffer), pipe)) > 0;) text.append(buffer, read);
  EXPECT_EQ(::pclose(pipe), 0) << "pdftotext of the package poppler-utils";
  return text;
}

// What a file says, whenever it was made.
std::string ContentOf(const fs::path& file) {
  const std::string extension = file.extension().string();
  if (extension == ".pdf") return WithoutOccasion(TextOfPdf(file));
  return WithoutOccasion(extension == ".xlsx" ? PartsOf(ReadAll(file)) : ReadAll(file));
}

std::map<std::string, fs::path> FilesOf(const fs::path& folder) {
  std::map<std::string, fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) files[fs::relative(entry.path(), folder).string()] = entry.path();
  }
  return files;
}

class ReportCliTest : public testing::Test {
 protected:
  void SetUp() override {
    WriteCatalogue(folder_.path(), SampleCatalogue(kNeeds));
    ASSERT_FALSE(Build(folder_.path()).empty());
    ServerOptions options = OptionsFor(folder_.path());
    options.build.idle_priority = false;  // on a busy machine a report would be written for long
    running_ = StartServer(options);
    ASSERT_NE(running_.server, nullptr);
  }
  std::string Path(const std::string& name) const { return (folder_.path() / name).string(); }
  int Run(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "dongxi");
    arguments.insert(arguments.end(), {"--server", "127.0.0.1:" + std::to_string(running_.server->port())});
    std::vector<const char*> argv;
    for (const std::string& argument : arguments) argv.push_back(argument.c_str());
    std::ostringstream out, err;
    const int code = cli::RunCli(static_cast<int>(argv.size()), argv.data(), cli::Io{out, err});
    out_ = out.str();
    err_ = err.str();
    return code;
  }
  void ExpectSameReports(const std::string& one, const std::string& other) {
    const std::map<std::string, fs::path> ones = FilesOf(Path(one)), others = FilesOf(Path(other));
    EXPECT_GE(ones.size(), 10u);
    ASSERT_EQ(ones.size(), others.size());
    for (const auto& [name, file] : ones) {
      ASSERT_TRUE(others.contains(name)) << name;
      EXPECT_TRUE(ContentOf(file) == ContentOf(others.at(name))) << name << " differs";
    }
  }

  TemporaryFolder folder_;
  Running running_;
  std::string out_, err_;
};

TEST_F(ReportCliTest, TheServersFilesAreThoseThatTheCommandLineWrites) {
  const std::vector<std::string> choice = {
      "--title", "九月对接会",       "--top", "4", "--institution-max", "3", "--partner-region",
      "12",      "--partner-region", "32"};
  const auto run = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), choice.begin(), choice.end());
    return Run(arguments);
  };
  ASSERT_EQ(run({"report", "--folder", Path("own")}), 0) << err_;
  const std::string own_paths = out_;
  ASSERT_EQ(run({"report", "--folder", Path("job"), "--job"}), 0) << err_;
  EXPECT_THAT(err_, AllOf(HasSubstr("作业 operations/"), HasSubstr("8 项需求")));
  EXPECT_EQ(std::regex_replace(out_, std::regex("/job"), "/own"), own_paths);
  ExpectSameReports("own", "job");
}

TEST_F(ReportCliTest, WhatNobodyNeedsIsTheSameTooAndIsThereForAllCandidatesOnly) {
  for (const auto& [folder, flag] : {std::pair("own", ""), std::pair("job", "--job")}) {
    std::vector<std::string> arguments = {
        "report", "--title", "题", "--top", "1", "--institution-max", "1", "--folder", Path(folder)};
    if (*flag != '\0') arguments.emplace_back(flag);
    ASSERT_EQ(Run(arguments), 0) << err_;
    EXPECT_TRUE(std::filesystem::exists(Path(folder) + "/csv/idle_offers.csv")) << folder;
  }
  ExpectSameReports("own", "job");
  ASSERT_EQ(Run({"report", "--job", "--folder", Path("some"), "--filter", "region = \"12\""}), 0) << err_;
  EXPECT_FALSE(std::filesystem::exists(Path("some") + "/csv/idle_offers.csv"));
}

TEST_F(ReportCliTest, NeedsOfASpreadsheetAndOfAFilterGiveTheSameFilesToo) {
  std::ofstream(Path("需求表.csv")) << "标题,希望得到,地区\n老卤提锂收率低,低溶损吸附剂,青海\n"
                                       "牦牛冻精活力低,提高活力的方法,西藏\n";
  const std::vector<std::string> sources[] = {{"--needs-file", Path("需求表.csv")},
                                              {"--need-filter", "region = \"6523\""}};
  int round = 0;
  for (const std::vector<std::string>& source : sources) {
    const std::string own = "own" + std::to_string(round), job = "job" + std::to_string(round++);
    for (const auto& [folder, flag] : {std::pair(own, ""), std::pair(job, "--job")}) {
      std::vector<std::string> arguments = {"report", "--title", "题", "--folder", Path(folder)};
      arguments.insert(arguments.end(), source.begin(), source.end());
      if (*flag != '\0') arguments.emplace_back(flag);
      ASSERT_EQ(Run(arguments), 0) << err_;
    }
    ExpectSameReports(own, job);
  }
}

TEST_F(ReportCliTest, ADetachedReportIsFetchedByItsOperationListedAndDeleted) {
  ASSERT_EQ(Run({"report", "--job", "--detach", "--title", "九月", "--formats", "json,csv"}), 0) << err_;
  ASSERT_THAT(out_, StartsWith("operations/"));
  const std::string operation = out_.substr(0, out_.find('\n'));
  EXPECT_THAT(err_, HasSubstr("dongxi reports get " + operation));
  ASSERT_EQ(Run({"reports", "get", operation, "--folder", Path("got")}), 0) << err_;
  EXPECT_TRUE(fs::exists(Path("got/report.json")));
  EXPECT_FALSE(fs::exists(Path("got/匹配报告.pdf")));
  ASSERT_EQ(Run({"reports", "list"}), 0) << err_;
  const std::string id = "r-" + operation.substr(operation.find('/') + 1);
  EXPECT_THAT(out_, AllOf(HasSubstr("reports/" + id), HasSubstr("九月")));
  ASSERT_EQ(Run({"reports", "get", id}), 0) << err_;
  EXPECT_THAT(out_, AllOf(HasSubstr("csv/partners.csv"), HasSubstr("report.json")));
  ASSERT_EQ(
      Run({"report", "--job", "--folder", Path("next"), "--formats", "html", "--compare", "reports/" + id}),
      0)
      << err_;
  EXPECT_THAT(ReadAll(Path("next/匹配报告.html")), HasSubstr(id));
  ASSERT_EQ(Run({"reports", "delete", "reports/" + id}), 0) << err_;
  EXPECT_EQ(Run({"reports", "get", "reports/" + id}), 1);
  EXPECT_THAT(err_, AllOf(HasSubstr("服务里没有这份报告"), Not(HasSubstr("内部错误"))));
}

TEST_F(ReportCliTest, ABrokenDownloadGoesOnAndWhatDoesNotFitIsFetchedAgain) {
  ASSERT_EQ(Run({"report", "--job", "--detach", "--formats", "json"}), 0) << err_;
  const std::string operation = out_.substr(0, out_.find('\n'));
  const std::vector<std::string> get = {"reports", "get", operation, "--folder", Path("got")};
  ASSERT_EQ(Run(get), 0) << err_;
  const std::string whole = ReadAll(Path("got/report.json"));
  const auto leave_partial = [&](const std::string& bytes) {
    fs::remove(Path("got/report.json"));
    std::ofstream(Path("got/report.json.part"), std::ios::binary) << bytes;
  };
  for (const std::string& partial :
       {whole.substr(0, whole.size() / 3), whole, std::string("something else"), whole + "and more"}) {
    leave_partial(partial);
    ASSERT_EQ(Run(get), 0) << err_;
    EXPECT_TRUE(ReadAll(Path("got/report.json")) == whole) << partial.size();
    EXPECT_FALSE(fs::exists(Path("got/report.json.part")));
  }
  std::ofstream(Path("got/report.json")) << "an older report";
  ASSERT_EQ(Run(get), 0) << err_;
  EXPECT_TRUE(ReadAll(Path("got/report.json")) == whole);
}

TEST_F(ReportCliTest, OptionsThatAJobDoesNotTakeAreRefusedBeforeAnyCall) {
  const std::vector<std::string> wrong[] = {
      {"report", "--job"},
      {"report", "--detach", "--folder", Path("x")},
      {"report", "--job", "--detach", "--folder", Path("x")},
      {"report", "--job", "--folder", Path("x"), "--reproducible"},
      {"report", "--job", "--folder", Path("x"), "--top", "101"},
      {"report", "--job", "--folder", Path("x"), "--compare", "去年/report.json"}};
  for (const std::vector<std::string>& arguments : wrong) EXPECT_EQ(Run(arguments), 2) << arguments.back();
  ASSERT_EQ(Run({"reports", "list"}), 0);
  EXPECT_THAT(out_, Not(HasSubstr("reports/")));
  EXPECT_THAT(err_, HasSubstr("还没有报告"));
  EXPECT_EQ(Run({"report", "--job", "--folder", Path("x"), "--need", "none"}), 1);
  EXPECT_THAT(err_, HasSubstr("needs/none"));
}

}  // namespace
}  // namespace dongxi
