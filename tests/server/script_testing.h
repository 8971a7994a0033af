// For tests of files and scripts under deploy/: reads a text of the repository, runs a command of the shell.
#pragma once

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdio>
#include <string>

#include "engine/base/files.h"

namespace dongxi {

// The test fails if the file cannot be read.
inline std::string TextOf(const std::string& file) {
  constexpr size_t kFileBytesMax = 1 << 20;
  const auto text = ReadFile(file, kFileBytesMax);
  EXPECT_TRUE(text.ok()) << text.status();
  return text.ok() ? *text : "";
}

// What a command of the shell prints; empty if there is none.
inline std::string OutputOf(const std::string& command) {
  std::string output;
  std::FILE* const pipe = ::popen((command + " 2>/dev/null").c_str(), "r");
  if (pipe == nullptr) return output;
  char bytes[4'096];
  while (const size_t got = std::fread(bytes, 1, sizeof(bytes), pipe)) output.append(bytes, got);
  ::pclose(pipe);
  return output;
}

}  // namespace dongxi
