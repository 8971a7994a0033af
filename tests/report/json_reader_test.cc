// A report read an item at a time: what is kept of it, when, and what is said of a file that is none.
#include "report/json_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace dongxi::report {
namespace {

using Json = nlohmann::json;
using testing::HasSubstr;

const ReportKeys& SomeKeys() {
  static const ReportKeys keys = {
      .report = {"options"}, .item = {"need", "partners"}, .inner = {"id"}, .entry = {"id", "pair_history"}};
  return keys;
}

// The items of a report, the rest of it as the last.
std::vector<Json> ItemsAndRest(const std::string& text, const ReportKeys& keys = SomeKeys()) {
  std::istringstream in(text);
  std::vector<Json> read;
  auto rest = ReadReport(in, keys, [&read](size_t place, Json item) {
    EXPECT_EQ(place, read.size());
    read.push_back(std::move(item));
  });
  EXPECT_TRUE(rest.ok()) << rest.status();
  if (rest.ok()) read.push_back(*std::move(rest));
  return read;
}

TEST(JsonReaderTest, KeepsTheKeysThatAreWantedWhereTheyStand) {
  const std::vector<Json> read = ItemsAndRest(R"({
      "title": "九月", "options": ["甲"], "summary": {"needs": [{"need": {"id": "no"}}, 7], "options": 3},
      "needs": [{"need": {"id": "n-1", "title": "提锂", "partners": [1]}, "match_id": "m-1",
                 "partners": [{"id": "i-1", "evidence": [{"id": "x"}], "pair_history": {"state": "extend"}},
                              "words"],
                 "experts": [{"id": "e-1"}]},
                {"need": {"id": "n-2"}}],
      "options_more": {"a": [1, {"b": 2}]}})");
  ASSERT_EQ(read.size(), 3u);
  EXPECT_EQ(read[0].dump(),
            R"({"need":{"id":"n-1"},"partners":[{"id":"i-1","pair_history":{"state":"extend"}},)"
            R"("words"]})");
  EXPECT_EQ(read[1].dump(), R"({"need":{"id":"n-2"}})");
  EXPECT_EQ(read[2].dump(), R"({"needs":[],"options":["甲"]})");
}

TEST(JsonReaderTest, ALargeTextThatNobodyAsksForIsNotKept) {
  const std::string evidence(1'000'000, 'x');
  const std::vector<Json> read =
      ItemsAndRest(R"({"needs": [{"need": {"id": "n-1", "description": ")" + evidence +
                   R"("}, "partners": [{"id": "i-1", "reasons": [")" + evidence +
                   R"("]}], "consortium": {"text": ")" + evidence + R"("}}]})");
  ASSERT_EQ(read.size(), 2u);
  EXPECT_EQ(read[0].dump(), R"({"need":{"id":"n-1"},"partners":[{"id":"i-1"}]})");
}

TEST(JsonReaderTest, AnItemIsTakenBeforeTheNextIsReadAndLetGo) {
  const std::string item = R"({"need": {"id": "n-1"}})";
  const std::string begin = R"({"needs": [)";
  std::istringstream in(begin + item + ", " + item + ", " + item + "]}");
  std::vector<std::streamoff> places;
  const auto rest = ReadReport(in, SomeKeys(), [&](size_t, const Json&) { places.push_back(in.tellg()); });
  ASSERT_TRUE(rest.ok()) << rest.status();
  const auto first = static_cast<std::streamoff>(begin.size() + item.size());
  const auto step = static_cast<std::streamoff>(item.size() + 2);
  EXPECT_THAT(places, testing::ElementsAre(first, first + step, first + 2 * step));
  EXPECT_EQ(rest->dump(), R"({"needs":[]})");
}

TEST(JsonReaderTest, ItemsOfAnyTypeAreTakenInTheirPlace) {
  const std::vector<Json> read = ItemsAndRest(R"({"needs": [3, [1, 2], null, {"need": 4}], "options": 5})");
  ASSERT_EQ(read.size(), 5u);
  EXPECT_EQ(read[0], Json(3));
  EXPECT_EQ(read[1], Json::parse("[1, 2]"));
  EXPECT_TRUE(read[2].is_null());
  EXPECT_EQ(read[3].dump(), R"({"need":4})");
  EXPECT_EQ(read[4].dump(), R"({"needs":[],"options":5})");
}

TEST(JsonReaderTest, NeedsThatAreNoListHaveNoItems) {
  for (const char* text :
       {R"({"needs":{"need":{"id":"n-1"}}})", R"({"needs":"n-1"})", R"({"options":[1]})"}) {
    const std::vector<Json> read = ItemsAndRest(text, {.report = {"options"}, .item = {"id"}, .inner = {}});
    ASSERT_EQ(read.size(), 1u) << text;
    EXPECT_EQ(read[0].is_object(), true);
    EXPECT_FALSE(read[0].contains("needs") && read[0]["needs"].is_array());
  }
}

TEST(JsonReaderTest, WhatIsNoJsonIsDiscardedAfterTheItemsBeforeThatPlace) {
  for (const char* text :
       {"", "<html>", R"({"needs": [)", R"({"needs": []} more)", "{\"needs\": [\"\xFF\"]}"}) {
    const std::vector<Json> read = ItemsAndRest(text);
    ASSERT_EQ(read.size(), 1u) << text;
    EXPECT_TRUE(read[0].is_discarded()) << text;
  }
  const std::vector<Json> cut = ItemsAndRest(R"({"needs": [{"need": {"id": "n-1"}}, {"need")");
  ASSERT_EQ(cut.size(), 2u);
  EXPECT_EQ(cut[0].dump(), R"({"need":{"id":"n-1"}})");
  EXPECT_TRUE(cut[1].is_discarded());
}

TEST(JsonReaderTest, AFileThatIsNotThereOrCannotBeReadIsAnError) {
  const std::filesystem::path folder = testing::TempDir();
  const auto none = OpenReport(folder / "no_such_report.json");
  EXPECT_TRUE(absl::IsNotFound(none.status())) << none.status();
  EXPECT_THAT(std::string(none.status().message()), HasSubstr("no_such_report.json"));
  auto in = OpenReport(folder);  // the system opens a folder and refuses to read it
  if (!in.ok()) return;
  const auto read = ReadReport(*in, SomeKeys(), [](size_t, const Json&) {});
  EXPECT_EQ(read.status().code(), absl::StatusCode::kInternal) << read.status();
}

}  // namespace
}  // namespace dongxi::report
