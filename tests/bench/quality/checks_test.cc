#include "bench/quality/checks.h"

#include <fstream>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace dongxi::bench {
namespace {

std::filesystem::path FileOf(const char* name, const char* content) {
  const std::filesystem::path file = std::filesystem::path(testing::TempDir()) / name;
  std::ofstream(file) << content;
  return file;
}

TEST(ChecksTest, KnownIdsPass) {
  EXPECT_TRUE(CheckRunDocuments(FileOf("known.trec", "N1 Q0 a 1 2 t\nN1 b 1\n"), {"a", "b"}).ok());
  EXPECT_TRUE(CheckQrelsQueries(FileOf("known.txt", "N1 0 a 1\n"), {"N1"}).ok());
  EXPECT_TRUE(CheckQrelsDocuments(FileOf("known.txt", "N1 0 a 1\n"), {"a"}).ok());
}

TEST(ChecksTest, TheFirstUnknownIdIsNamedWithItsLine) {
  const auto message = [](const absl::Status& status) { return std::string(status.message()); };
  EXPECT_THAT(message(CheckRunDocuments(FileOf("long.trec", "N1 Q0 a 1 2 t\nN1 Q0 x 2 1 t\n"), {"a"})),
              testing::HasSubstr("long.trec:2: document \"x\""));
  EXPECT_THAT(message(CheckRunDocuments(FileOf("short.trec", "N1 x 2\n"), {"a", "N1", "2"})),
              testing::HasSubstr("short.trec:1: document \"x\""));
  EXPECT_THAT(message(CheckQrelsQueries(FileOf("unknown.txt", "\nN9 0 a 1\n"), {"N1"})),
              testing::HasSubstr("unknown.txt:2: query \"N9\""));
  EXPECT_THAT(message(CheckQrelsDocuments(FileOf("unknown.txt", "N1 0 x 1\n"), {"a"})),
              testing::HasSubstr("unknown.txt:1: document \"x\""));
}

}  // namespace
}  // namespace dongxi::bench
