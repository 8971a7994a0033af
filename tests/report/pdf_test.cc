// The report as PDF.
#include "report/pdf.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "report/pdf_document.h"
#include "tests/report/sample_report.h"

namespace dongxi::report {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

int CountOf(const std::string& text, const std::string& word) {
  int count = 0;
  for (size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) ++count;
  return count;
}

TEST(PdfTest, IsAWholeFileThatEmbedsItsFont) {
  const auto pdf = RenderPdf(SampleReport(), 1763883600);
  ASSERT_TRUE(pdf.ok()) << pdf.status();
  EXPECT_THAT(*pdf, StartsWith("%PDF-1."));
  EXPECT_THAT(*pdf, HasSubstr("NotoSansCJK"));
  EXPECT_THAT(*pdf, HasSubstr("/ToUnicode")) << "else its text cannot be searched";
  EXPECT_THAT(pdf->substr(pdf->size() - 8), HasSubstr("%%EOF"));
}

TEST(PdfTest, TheSameReportAndTimeGiveTheSameBytes) {
  EXPECT_EQ(RenderPdf(SampleReport(), 1763883600).value(), RenderPdf(SampleReport(), 1763883600).value());
}

TEST(PdfTest, HasAtLeastAPageForEveryNeed) {
  MatchReport report = SampleReport();
  const int before = CountOf(RenderPdf(report, 0).value(), "/Type /Page\n");
  for (int i = 0; i < 5; ++i) report.needs.push_back(UnmatchedNeed());
  EXPECT_GE(CountOf(RenderPdf(report, 0).value(), "/Type /Page\n"), before + 5);
}

TEST(PdfTest, TakesTextsThatTryToBreakIt) {
  MatchReport report = SampleReport();
  report.needs[0].need.set_title(std::string(300, 'W') + "العربية 😀 \x01\x02'\\");
  report.needs[0].need.set_description(std::string(20'000, 'x'));
  EXPECT_TRUE(RenderPdf(report, 0).ok());
}

TEST(PdfTest, AnEmptyReportIsAReport) { EXPECT_TRUE(RenderPdf({}, 0).ok()); }

TEST(PdfDocumentTest, AParagraphRunsOverTheEndOfAPage) {
  const auto pdf = PdfDocument::Create({.title = "t"});
  ASSERT_TRUE(pdf.ok()) << pdf.status();
  EXPECT_EQ((*pdf)->page(), 1);
  std::string text;
  for (int i = 0; i < 3'000; ++i) text += "盐湖提锂";
  (*pdf)->Paragraph(text, {});
  EXPECT_GT((*pdf)->page(), 2);
  EXPECT_TRUE((*pdf)->Finish().ok());
}

}  // namespace
}  // namespace dongxi::report
