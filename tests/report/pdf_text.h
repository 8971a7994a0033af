// Reading PDF files in tests.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

namespace dongxi::report {

// The text as pdftotext (poppler-utils) reads it; a page ends with a form feed.
inline std::string PdfTextOf(const std::string& pdf) {
  const std::filesystem::path file =
      std::filesystem::path(testing::TempDir()) / (std::to_string(::getpid()) + ".pdf");
  std::ofstream(file, std::ios::binary) << pdf;
  std::FILE* pipe = ::popen(("pdftotext -layout '" + file.string() + "' -").c_str(), "r");
  EXPECT_NE(pipe, nullptr);
  std::string text;
  char buffer[4096];
  for (size_t read = 0; (read = std::fread(buffer, 1, sizeof(buffer), pipe)) > 0;) text.append(buffer, read);
  EXPECT_EQ(::pclose(pipe), 0) << "pdftotext of the package poppler-utils";
  std::filesystem::remove(file);
  return text;
}

}  // namespace dongxi::report
