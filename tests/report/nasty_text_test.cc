// Every text of a report tries to be more than text, in every form of the report: each check looks for the
// escaped form and for the absence of the raw one.
#include <gmock/gmock.h>
#include <google/protobuf/message.h>
#include <gtest/gtest.h>

#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <pugixml.hpp>
#include <string>
#include <vector>

#include "indexer/import/zip_package.h"
#include "report/csv.h"
#include "report/html.h"
#include "report/json.h"
#include "report/overview.h"
#include "report/pdf.h"
#include "report/tables.h"
#include "report/xlsx.h"
#include "tests/report/pdf_text.h"
#include "tests/report/sample_report.h"

namespace dongxi::report {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

// A formula at the beginning; markup that ends an element or an attribute; a quote, a separator and a line
// break of CSV; the end of a PDF string; noncharacters, which XML and cairo refuse.
constexpr char kNasty[] =
    "=HYPERLINK(\"http://x\",\"点\")</b><script>alert(1)</script>\"><img src=x onerror='alert(2)'>"
    "' onclick=\"alert(3)\" x='&amp;\n+1\u202E) /S /JavaScript /JS (x\uFFFF\uFDD0\U0001FFFE";
constexpr char kPlain[] = "盐湖";

// Every text of the message and of those in it; each repeated one has one element.
void FillTexts(const std::string& text, Message* message) {
  const auto* reflection = message->GetReflection();
  const auto* descriptor = message->GetDescriptor();
  for (int i = 0; i < descriptor->field_count(); ++i) {
    const FieldDescriptor* field = descriptor->field(i);
    const bool repeated = field->is_repeated();
    if (field->is_map()) continue;
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
      repeated ? reflection->AddString(message, field, text) : reflection->SetString(message, field, text);
    } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      FillTexts(text, repeated ? reflection->AddMessage(message, field)
                               : reflection->MutableMessage(message, field));
    }
  }
}

// A need with all that an answer can say, one without an adequate match, an emptied one, a failed one; all
// texts are `text`.
MatchReport FullReport(const std::string& text) {
  MatchReport report;
  report.title = text;
  report.options = {text};
  for (const bool adequate : {true, false, false, false}) {
    NeedMatches& need = report.needs.emplace_back();
    FillTexts(text, &need.need);
    FillTexts(text, &need.answer);
    constexpr v1::RecordKind kKinds[] = {v1::INSTITUTION, v1::EXPERT, v1::RESULT};
    v1::MatchList* const lists[] = {need.answer.mutable_partners(), need.answer.mutable_experts(),
                                    need.answer.mutable_results()};
    for (size_t i = 0; i < std::size(lists); ++i) {
      v1::MatchEntry& entry = *lists[i]->mutable_entries(0);
      entry.set_kind(kKinds[i]);
      entry.set_adequate(adequate);
      if (adequate) entry.clear_barred();
      entry.mutable_score_parts(0)->set_contribution(0.5);
    }
  }
  report.needs[2].emptied = {{v1::INSTITUTION, {text}}};
  report.needs[3].error = text;
  report.institution_names[text] = text;
  report.idle_offers = {{"results/" + text, text, text}, {"experts/" + text, text, text}};
  report.comparison = Comparison{text, 1, 1, {{text, text, text, {text}, {text}}}, 0};
  return report;
}

// Names of elements and attributes in order. <mark> comes and goes with the words of a text.
std::string ShapeOf(const std::string& html) {
  pugi::xml_document document;
  const pugi::xml_parse_result read =
      document.load_buffer(html.data(), html.size(), pugi::parse_default | pugi::parse_doctype);
  EXPECT_TRUE(read) << read.description() << " at: " << html.substr(static_cast<size_t>(read.offset), 120);
  struct Walker : pugi::xml_tree_walker {
    std::string shape;
    bool for_each(pugi::xml_node& node) override {
      if (node.type() != pugi::node_element || std::string(node.name()) == "mark") return true;
      shape += std::string("<") + node.name();
      for (const pugi::xml_attribute attribute : node.attributes())
        shape += std::string(" ") + attribute.name();
      shape += ">\n";
      return true;
    }
  } walker;
  document.traverse(walker);
  return walker.shape;
}

TEST(NastyTextTest, HtmlHasTheElementsAndAttributesOfAPlainReportAndNoOthers) {
  for (const bool brief : {false, true}) {
    MatchReport nasty = FullReport(kNasty), plain = FullReport(kPlain);
    nasty.brief = plain.brief = brief;
    const std::string html = RenderHtml(nasty);
    EXPECT_EQ(ShapeOf(html), ShapeOf(RenderHtml(plain)));
    EXPECT_THAT(html,
                AllOf(HasSubstr("=HYPERLINK(&quot;http://x&quot;,&quot;点&quot;)&lt;/b&gt;&lt;script&gt;"
                                "alert(1)&lt;/script&gt;&quot;&gt;&lt;img src=x "
                                "onerror=&#39;alert(2)&#39;&gt;&#39; onclick=&quot;alert(3)&quot;"),
                      HasSubstr("&amp;amp;"), HasSubstr("+1\uFFFD) /S")));
    for (const char* raw :
         {"<script>alert", "<img", "onerror='", "onclick=\"", "\u202E", "\uFFFF", "HYPERLINK(\""})
      EXPECT_THAT(html, Not(HasSubstr(raw)));
  }
}

// Rows of fields, as RFC 4180 and a spreadsheet read them.
std::vector<std::vector<std::string>> ReadCsv(const std::string& csv) {
  std::vector<std::vector<std::string>> rows(1, std::vector<std::string>(1));
  bool quoted = false;
  for (size_t i = csv.starts_with("\xEF\xBB\xBF") ? 3 : 0; i < csv.size(); ++i) {
    std::string& field = rows.back().back();
    if (quoted && csv[i] == '"' && i + 1 < csv.size() && csv[i + 1] == '"') {
      field += csv[i++];
    } else if (csv[i] == '"') {
      quoted = !quoted;
    } else if (quoted || (csv[i] != ',' && csv[i] != '\r' && csv[i] != '\n')) {
      field += csv[i];
    } else if (csv[i] == ',') {
      rows.back().emplace_back();
    } else if (csv[i] == '\n' && i + 1 < csv.size()) {
      rows.emplace_back(1);
    }
  }
  return rows;
}

bool IsNumber(const std::string& field) {
  double number = 0;
  return std::from_chars(field.data(), field.data() + field.size(), number).ptr ==
         field.data() + field.size();
}

TEST(NastyTextTest, CsvHasNoFieldThatASpreadsheetWouldCalculate) {
  const MatchReport report = FullReport(kNasty);
  int disarmed = 0;
  for (const Table& table : TablesOf(report, Summarise(report))) {
    SCOPED_TRACE(table.file);
    for (const std::vector<std::string>& row : ReadCsv(CsvText(table))) {
      EXPECT_EQ(row.size(), table.columns.size()) << "a separator or a line break in a text";
      for (const std::string& field : row) {
        disarmed += field == std::string("'") + kNasty;
        if (field.empty() || IsNumber(field)) continue;
        EXPECT_EQ(std::string("=+-@\t\r\n").find(field[0]), std::string::npos) << field;
      }
    }
  }
  EXPECT_GT(disarmed, 20);
}

TEST(NastyTextTest, XlsxHasNoFormulaAndNoLink) {
  const MatchReport report = FullReport(kNasty);
  const std::vector<Table> tables = TablesOf(report, Summarise(report));
  const std::filesystem::path file = std::filesystem::path(testing::TempDir()) / "nasty_text_test.xlsx";
  ASSERT_TRUE(WriteXlsx(tables, 0, file).ok());
  std::ifstream in(file, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(in), {}};
  std::filesystem::remove(file);
  const auto package = ZipPackage::Open(bytes);
  ASSERT_TRUE(package.ok()) << package.status();
  for (size_t i = 1; i <= tables.size(); ++i) {
    SCOPED_TRACE(tables[i - 1].name);
    const std::string sheet =
        (*package)->Read("xl/worksheets/sheet" + std::to_string(i) + ".xml", 1 << 24).value();
    pugi::xml_document document;
    ASSERT_TRUE(document.load_buffer(sheet.data(), sheet.size()));
    EXPECT_EQ(document.select_nodes("//f").size(), 0u);
    EXPECT_EQ(document.select_nodes("//hyperlink").size(), 0u);
    for (const pugi::xpath_node& cell : document.select_nodes("//c[@t]"))
      EXPECT_STREQ(cell.node().attribute("t").value(), "s") << "a text of the table of strings";
  }
  const std::string strings = (*package)->Read("xl/sharedStrings.xml", 1 << 24).value();
  EXPECT_THAT(
      strings,
      AllOf(HasSubstr("=HYPERLINK(\"http://x\",\"点\")&lt;/b&gt;&lt;script&gt;alert(1)&lt;/script&gt;"),
            HasSubstr("&amp;amp;"), Not(HasSubstr("<script")), Not(HasSubstr("<img"))));
  EXPECT_THAT(strings, AllOf(HasSubstr("(x\uFFFD\uFFFD\uFFFD"), Not(HasSubstr("\uFFFF"))))
      << "well-formed XML";
}

std::string WithoutBlanks(std::string text) {
  std::erase_if(text, [](char c) { return c == ' ' || c == '\n' || c == '\f'; });
  return text;
}

TEST(NastyTextTest, PdfShowsTheTextAndObeysNothingOfIt) {
  const auto pdf = RenderPdf(FullReport(kNasty), 0);
  ASSERT_TRUE(pdf.ok()) << pdf.status();
  const std::string text = PdfTextOf(*pdf);
  EXPECT_THAT(WithoutBlanks(text),
              AllOf(HasSubstr("=HYPERLINK(\"http://x\",\"点\")</b><script>alert(1)</script>\"><img"),
                    HasSubstr("&amp;"), HasSubstr(")/S/JavaScript/JS(x"), Not(HasSubstr("\u202E"))));
  EXPECT_THAT(PdfFactsOf(*pdf), testing::ContainsRegex("JavaScript: +no"));
}

TEST(NastyTextTest, ATitleOfAPdfStaysInItsString) {
  MatchReport report;
  report.title = "t) /Author (x) /OpenAction << /S /JavaScript /JS (app.alert\\(1\\";
  const auto pdf = RenderPdf(report, 0);
  ASSERT_TRUE(pdf.ok()) << pdf.status();
  const std::string facts = PdfFactsOf(*pdf);
  EXPECT_THAT(facts, HasSubstr(report.title));
  EXPECT_THAT(facts, AllOf(testing::ContainsRegex("JavaScript: +no"), Not(HasSubstr("Author:"))));
  EXPECT_THAT(*pdf, Not(HasSubstr("(t) /Author (x)")));
}

TEST(NastyTextTest, JsonGivesTheTextBack) {
  const Json json = Json::parse(JsonText(ReportToJson(FullReport(kNasty))));
  EXPECT_EQ(json["title"], kNasty);
  EXPECT_EQ(json["needs"][0]["need"]["description"], kNasty);
  EXPECT_EQ(json["needs"][0]["partners"][0]["reasons"][0], kNasty);
}

}  // namespace
}  // namespace dongxi::report
