// Texts that try to be formulas, markup, PDF objects or lines of a calendar, in every file of a plan: each
// check looks for the escaped form and for the absence of the raw one.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <pugixml.hpp>
#include <set>
#include <string>
#include <vector>

#include "cli/plan/event_xlsx.h"
#include "cli/plan/folder.h"
#include "indexer/import/zip_package.h"
#include "tests/cli/nasty_event.h"
#include "tests/cli/run_cli.h"
#include "tests/report/pdf_text.h"

namespace dongxi::cli {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

std::string Bytes(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

class PlanNastyTextTest : public testing::Test {
 protected:
  void SetUp() override {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
    ASSERT_TRUE(WriteEventXlsx(NastyEvent(), Path("nasty.xlsx")).ok());
    const CliRun run = Dongxi({"plan", "make", Path("nasty.xlsx"), "--out", Path("p")});
    ASSERT_EQ(run.exit_code, 0) << run.err;
  }
  ~PlanNastyTextTest() override { fs::remove_all(folder_); }
  std::string Path(const std::string& name) const { return (folder_ / name).string(); }

  const fs::path folder_ =
      fs::path(testing::TempDir()) /
      (std::string("plan_nasty_") + testing::UnitTest::GetInstance()->current_test_info()->name());
};

TEST_F(PlanNastyTextTest, NastyTextIsTextInTheEventAndThePlan) {
  std::vector<plan::Problem> problems;
  const std::string bytes = Bytes(Path("nasty.xlsx"));
  const absl::StatusOr<plan::EventTables> read = ReadEventXlsx(bytes, &problems);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_TRUE(problems.empty());
  EXPECT_EQ(read->at("parties")[0].values.at("name"), kFormulaName);
  const absl::StatusOr<plan::PlanFile> file = ReadPlanFolder(Path("p"));
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ(file->event.parties[0].name, kFormulaName);
  EXPECT_EQ(file->event.parties[0].title.find(kMarkup), 0u);
  EXPECT_EQ(file->event.parties[1].name.find(kCalendarLines), 0u);
}

// Every formula and every link of a sheet is an element or an attribute of these names.
void ExpectOnlyTextsAndNumbers(const std::string& sheet) {
  pugi::xml_document document;
  ASSERT_TRUE(document.load_buffer(sheet.data(), sheet.size())) << "a text broke the sheet";
  EXPECT_EQ(document.select_nodes("//*[local-name()='f']").size(), 0u);
  EXPECT_EQ(document.select_nodes("//*[local-name()='hyperlink']").size(), 0u);
  for (const pugi::xpath_node& cell : document.select_nodes("//*[local-name()='c'][@t]"))
    EXPECT_STREQ(cell.node().attribute("t").value(), "s") << "a text of the table of strings";
}

TEST_F(PlanNastyTextTest, NastyTextIsTextInTheWorkbooks) {
  for (const char* book : {"nasty.xlsx", "p/schedule.xlsx"}) {
    SCOPED_TRACE(book);
    const std::string bytes = Bytes(Path(book));
    const auto package = ZipPackage::Open(bytes);
    ASSERT_TRUE(package.ok()) << package.status();
    const std::string strings = (*package)->Read("xl/sharedStrings.xml", 1 << 20).value();
    EXPECT_THAT(strings, AllOf(HasSubstr(std::string("<t>") + kFormulaName + "</t>"),
                               HasSubstr("&lt;script&gt;alert(1)&lt;/script&gt;"),
                               HasSubstr("&lt;b&gt;粗&lt;/b&gt;&amp;amp;"), Not(HasSubstr("<script")),
                               Not(HasSubstr("<b>粗"))));
    int sheets = 0;
    for (int i = 1; (*package)->Has("xl/worksheets/sheet" + std::to_string(i) + ".xml"); ++i, ++sheets)
      ExpectOnlyTextsAndNumbers(
          (*package)->Read("xl/worksheets/sheet" + std::to_string(i) + ".xml", 1 << 20).value());
    EXPECT_GT(sheets, 1);
  }
}

std::string WithoutBlanks(std::string text) {
  std::erase_if(text, [](char c) { return c == ' ' || c == '\n' || c == '\f'; });
  return text;
}

TEST_F(PlanNastyTextTest, NastyTextIsTextInThePages) {
  for (const char* name : {"p/agendas.pdf", "p/tables.pdf"}) {
    SCOPED_TRACE(name);
    const std::string pdf = Bytes(Path(name));
    const std::string text = WithoutBlanks(report::PdfTextOf(pdf));
    EXPECT_THAT(text, AllOf(HasSubstr("=HYPERLINK(\"http://x\",\"点\")"),
                            HasSubstr("甲,乙;丙\\丁BEGIN:VALARM"), Not(HasSubstr("\u202E"))));
    EXPECT_THAT(pdf, AllOf(Not(HasSubstr("/URI")), Not(HasSubstr("/JavaScript"))));
  }
  // The offer's page names the need with what it asks for: markup is neither obeyed nor lost.
  EXPECT_THAT(WithoutBlanks(report::PdfTextOf(Bytes(Path("p/agendas.pdf")))),
              HasSubstr("<script>alert(1)</script>\"><b>粗</b>&amp;长"));
}

// The workbook of the other tests is clean already: a noncharacter comes in by JSON, or from a report.
TEST_F(PlanNastyTextTest, ANoncharacterInANameStopsNoFile) {
  std::ofstream(Path("nasty.json"), std::ios::binary) << plan::TablesToJson(NastyEvent());
  const CliRun run = Dongxi({"plan", "make", Path("nasty.json"), "--out", Path("j")});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  ASSERT_THAT(Bytes(Path("j/plan.json")), HasSubstr("\uFFFF")) << "the name is as it was given";
  const std::string bytes = Bytes(Path("j/schedule.xlsx"));
  const auto package = ZipPackage::Open(bytes);
  ASSERT_TRUE(package.ok()) << package.status();
  EXPECT_THAT((*package)->Read("xl/sharedStrings.xml", 1 << 20).value(),
              AllOf(HasSubstr("\uFFFD"), Not(HasSubstr("\uFFFF")), Not(HasSubstr("\uFDD0"))))
      << "well-formed XML";
  for (const char* name : {"j/agendas.pdf", "j/tables.pdf"})
    EXPECT_THAT(WithoutBlanks(report::PdfTextOf(Bytes(Path(name)))), HasSubstr("甲,乙;丙\\丁BEGIN:VALARM"))
        << name;
}

// The content lines of a calendar, unfolded. Each line of the file is checked on the way.
std::vector<std::string> ContentLines(const std::string& ics) {
  std::vector<std::string> lines;
  for (size_t at = 0; at < ics.size();) {
    const size_t end = ics.find("\r\n", at);
    if (end == std::string::npos) {
      ADD_FAILURE() << "the last line has no end";
      break;
    }
    const std::string line = ics.substr(at, end - at);
    EXPECT_LE(line.size(), 75u) << line;
    EXPECT_EQ(
        std::count_if(line.begin(), line.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }),
        0)
        << "a raw break or control: " << line;
    if (line.starts_with(" ") && !lines.empty()) {
      lines.back() += line.substr(1);
    } else {
      lines.push_back(line);
    }
    at = end + 2;
  }
  return lines;
}

TEST_F(PlanNastyTextTest, NastyTextIsTextInTheCalendars) {
  const std::set<std::string> allowed = {"BEGIN",   "END",      "VERSION",     "PRODID",      "CALSCALE",
                                         "UID",     "DTSTAMP",  "SEQUENCE",    "DTSTART",     "DTEND",
                                         "SUMMARY", "LOCATION", "DESCRIPTION", "X-WR-CALNAME"};
  const std::string escaped = "甲\\,乙\\;丙\\\\丁\\nBEGIN:VALARM\\nTRIGGER:-PT5M\\nEND:VEVENT";
  int calendars = 0;
  for (const fs::directory_entry& entry : fs::directory_iterator(Path("p/calendars"))) {
    SCOPED_TRACE(entry.path().filename());
    EXPECT_EQ(entry.path().filename().string().find_first_of("=@/"), std::string::npos);
    EXPECT_EQ(entry.path().filename().string().find(".."), std::string::npos);
    ++calendars;
    std::vector<std::string> begins;
    for (const std::string& line : ContentLines(Bytes(entry.path()))) {
      const std::string name = line.substr(0, line.find(':'));
      EXPECT_TRUE(allowed.contains(name)) << line;
      if (name == "BEGIN") begins.push_back(line);
      if (name == "X-WR-CALNAME") {
        EXPECT_THAT(line, HasSubstr(escaped)) << "the event's title";
      } else if (name == "LOCATION") {
        EXPECT_EQ(line, "LOCATION:" + escaped + " 桌 +B1\\,\\;");
      }
    }
    EXPECT_THAT(begins, testing::ElementsAre("BEGIN:VCALENDAR", "BEGIN:VEVENT")) << "no alarm of a name";
  }
  EXPECT_EQ(calendars, 2);
}

}  // namespace
}  // namespace dongxi::cli
