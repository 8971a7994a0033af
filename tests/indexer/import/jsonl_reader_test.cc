#include "indexer/import/jsonl_reader.h"

#include <gtest/gtest.h>

namespace dongxi {
namespace {

// Rows as "line{key=item+item,…}" with [] for arrays, "key!" for a complaint of a value, "line!" for one of
// the row.
std::string Shown(std::string_view text) {
  std::string shown;
  const absl::Status status = ReadJsonLines(text, "f", [&shown](SourceRow& row) -> absl::StatusOr<bool> {
    shown += std::to_string(row.place.row);
    if (!row.complaints.empty()) {
      shown += "!";
      return true;
    }
    shown += "{";
    for (const SourceValue& value : row.values) {
      shown += std::string(value.header) + (value.complaint ? "!" : value.is_array ? "[]=" : "=");
      for (const std::string& item : value.items) shown += item + "+";
      shown += ",";
    }
    shown += "}";
    return true;
  });
  EXPECT_TRUE(status.ok());
  return shown;
}

struct JsonCase {
  std::string_view name, text, want;
};
constexpr JsonCase kJsonCases[] = {
    {"Scalars", R"({"a":"x","b":6,"c":true,"d":null,"e":0.5})", "1{a=x+,b=6+,c=true+,d=,e=0.5+,}"},
    {"WholeFloatsAreIntegers", R"({"a":600.0,"b":1e3,"c":-2.0})", "1{a=600+,b=1000+,c=-2+,}"},
    {"LongIntegersAreExact", R"({"a":12345678901234567890,"b":123456789012345678901234})",
     "1{a=12345678901234567890+,b=123456789012345678901234+,}"},
    {"Arrays", R"({"a":["x","y"],"b":[]})", "1{a[]=x+y+,b[]=,}"},
    {"UnderscoreKeysAreIgnored", R"({"_a":{"b":[1]},"c":1})", "1{c=1+,}"},
    {"ByteOrderMark", "\xEF\xBB\xBF{\"a\":1}", "1{a=1+,}"},
    {"BlankLinesAreCounted", "{\"a\":1}\n\n \r\n{\"a\":2}\r\n", "1{a=1+,}4{a=2+,}"},
    {"BadLineDoesNotStopTheNext", "{\"a\":\n{\"a\":2}", "1!2{a=2+,}"},
    {"NestedObject", R"({"a":{"b":1},"c":2})", "1{a!1+,c=2+,}"},
    {"NestedArray", R"({"a":[["x"]],"c":2})", "1{a!,c=2+,}"},
    {"ObjectInArray", R"({"a":[{"b":1}]})", "1{a!,}"},
    {"DuplicateKey", R"({"a":1,"a":2})", "1!"},
    {"Scalar", "5", "1!"},
    {"Null", "null", "1!"},
    {"Array", R"([{"a":1}])", "1!"},
    {"TwoObjects", R"({"a":1}{"b":2})", "1!"},
    {"InvalidUtf8", "{\"a\":\"\xFF\"}", "1!"},
    {"LoneSurrogate", R"({"a":"\ud800"})", "1!"},
    {"NumberTooLarge", R"({"a":1e999})", "1!"},
    {"Nothing", "", ""},
};

TEST(JsonLinesReaderTest, Table) {
  for (const JsonCase& c : kJsonCases) {
    SCOPED_TRACE(c.name);
    EXPECT_EQ(Shown(c.text), c.want);
  }
}

TEST(JsonLinesReaderTest, DepthDoesNotExhaustTheStack) {
  const size_t depth = 1'000'000;
  EXPECT_EQ(Shown("{\"a\":" + std::string(depth, '[') + std::string(depth, ']') + "}"), "1{a!,}");
}

TEST(JsonLinesReaderTest, TooLongALineOrStringIsAComplaintAndTheNextLineIsRead) {
  const std::string line(kRowBytesMax, 'x');
  EXPECT_EQ(Shown("{\"a\":\"" + line + "\"}\n{\"a\":1}"), "1!2{a=1+,}");
  const std::string cell(size_t{10} << 20, 'x');
  EXPECT_EQ(Shown("{\"a\":\"" + cell + "\",\"b\":1}\n{\"a\":1}"), "1{a!+,b=1+,}2{a=1+,}");
}

TEST(JsonLinesReaderTest, ErrorNamesThePlaceAndShowsTheLine) {
  Complaint found;
  EXPECT_TRUE(ReadJsonLines("{\"title\": 盐湖}", "f", [&found](SourceRow& row) -> absl::StatusOr<bool> {
                found = row.complaints.at(0);
                return true;
              }).ok());
  EXPECT_NE(found.found.find("盐湖"), std::string::npos);
  EXPECT_FALSE(found.remedy.empty());
}

}  // namespace
}  // namespace dongxi
