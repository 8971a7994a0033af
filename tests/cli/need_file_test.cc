#include "cli/need_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace dongxi::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(ParseNeedTest, ReadsWhatAnImportFileHas) {
  const absl::StatusOr<v1::Need> need = ParseNeed(R"({
    "id": "n-1", "title": "老卤提锂", "description": "收率低", "wanted": "吸附剂", "region": "6328", "institution": "i-9",
    "modes": ["联合攻关", "transfer"], "conditions": ["干旱"], "maturity": 7, "budget_wan": 600.5,
    "deadline": "2027-10-31", "indicators": ["收率≥80%"], "fields": "盐湖；锂", "illustrative": true})",
                                                  "need.json");
  ASSERT_TRUE(need.ok()) << need.status();
  EXPECT_EQ(need->name(), "") << "an inline need has no name";
  EXPECT_EQ(need->title(), "老卤提锂");
  EXPECT_EQ(need->description(), "收率低");
  EXPECT_EQ(need->wanted(), "吸附剂");
  EXPECT_EQ(need->region_code(), "6328");
  EXPECT_EQ(need->institution(), "institutions/i-9");
  EXPECT_THAT(need->modes(), ElementsAre("joint_rd", "transfer"));
  EXPECT_THAT(need->conditions(), ElementsAre("arid"));
  EXPECT_THAT(need->fields(), ElementsAre("盐湖", "锂"));
  EXPECT_EQ(need->maturity(), 7);
  EXPECT_EQ(need->budget_wan(), 600.5);
  EXPECT_EQ(need->deadline(), "2027-10-31");
  EXPECT_TRUE(need->illustrative());
}

TEST(ParseNeedTest, UnderstandsChineseKeysAndNamesOfRegions) {
  const absl::StatusOr<v1::Need> need =
      ParseNeed(R"({"需求名称": "枸杞深加工", "所在地区": "宁夏"})", "need.json");
  ASSERT_TRUE(need.ok()) << need.status();
  EXPECT_EQ(need->title(), "枸杞深加工");
  EXPECT_EQ(need->region_code(), "64");
}

TEST(ParseNeedTest, NeverSendsContactData) {
  const absl::StatusOr<v1::Need> need =
      ParseNeed(R"({"title": "甲", "联系人": "张三", "电话": "13800000000"})", "need.json");
  ASSERT_TRUE(need.ok()) << need.status();
  EXPECT_EQ(need->DebugString().find("138"), std::string::npos);
}

struct BadCase {
  const char* name;
  std::string json;
  const char* problem;
};

TEST(ParseNeedTest, SaysWhatIsWrong) {
  const BadCase cases[] = {
      {"NotJson", "需求：提锂", "不是一个 JSON 对象"},
      {"Gb18030", "{\"title\": \"\xD1\xCE\xBA\xFE\"}", "UTF-8"},
      {"Empty", "", "不是一个 JSON 对象"},
      {"TwoLinesOfJsonl", "{\"title\": \"a\"}\n{\"title\": \"b\"}", "dongxi-indexer import"},
      {"UnknownKey", R"({"title": "a", "colour": "red"})", "不认识的键“colour”：可用的键是"},
      {"ObjectAsValue", R"({"title": {"a": 1}})", "title：应为文字"},
      {"WrongMaturity", R"({"title": "a", "maturity": 12})", "maturity：读到“12”"},
      {"WrongRegion", R"({"title": "a", "region": "99"})", "region：读到“99”"},
      {"NoText", R"({"region": "63"})", "至少填一项"},
  };
  for (const BadCase& c : cases) {
    SCOPED_TRACE(c.name);
    const absl::StatusOr<v1::Need> need = ParseNeed(c.json, "need.json");
    ASSERT_FALSE(need.ok());
    EXPECT_THAT(std::string(need.status().message()), HasSubstr(c.problem));
    EXPECT_THAT(std::string(need.status().message()), HasSubstr("need.json"));
  }
}

TEST(ReadNeedFileTest, NamesTheOptionOfAMissingFile) {
  const absl::StatusOr<v1::Need> need = ReadNeedFile("/nonexistent/need.json");
  ASSERT_FALSE(need.ok());
  EXPECT_THAT(std::string(need.status().message()), HasSubstr("--need-file"));
}

}  // namespace
}  // namespace dongxi::cli
