// Reading PDF files in tests.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

namespace dongxi::report {

// What a program of poppler-utils says of the PDF; `command` stands before the name of its file.
inline std::string SaidOfPdf(const std::string& pdf, const std::string& command, const std::string& behind) {
  const std::filesystem::path file =
      std::filesystem::path(testing::TempDir()) / ("pdf_text_" + std::to_string(::getpid()) + ".pdf");
  std::ofstream(file, std::ios::binary) << pdf;
  std::FILE* pipe = ::popen((command + " '" + file.string() + "'" + behind).c_str(), "r");
  EXPECT_NE(pipe, nullptr);
  std::string text;
  char buffer[4096];
  for (size_t read = 0; (read = std::fread(buffer, 1, sizeof(buffer), pipe)) > 0;) text.append(buffer, read);
  EXPECT_EQ(::pclose(pipe), 0) << command << " of the package poppler-utils";
  std::filesystem::remove(file);
  return text;
}

// The text; a page ends with a form feed.
inline std::string PdfTextOf(const std::string& pdf) { return SaidOfPdf(pdf, "pdftotext -layout", " -"); }
// Title, pages, whether it has scripts, a line each.
inline std::string PdfFactsOf(const std::string& pdf) { return SaidOfPdf(pdf, "pdfinfo", ""); }

}  // namespace dongxi::report
