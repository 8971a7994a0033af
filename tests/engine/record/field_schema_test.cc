#include "engine/record/field_schema.h"

#include <gtest/gtest.h>

#include <set>

#include "engine/text/normalize.h"

namespace dongxi {
namespace {

std::vector<std::span<const CodeWords>> AllSets() {
  std::vector<std::span<const CodeWords>> sets = {ConditionWords(), DisclosureWords()};
  for (const RecordKind kind : kAllRecordKinds) sets.push_back(TypeWords(kind));
  return sets;
}

TEST(CodeWordsTest, EveryWordIsInNormalFormAndLeadsToItsCodeOnly) {
  for (const auto& set : AllSets()) {
    std::set<std::string_view> seen;
    for (const CodeWords& entry : set) {
      ASSERT_FALSE(entry.words.empty()) << entry.code;
      EXPECT_TRUE(seen.insert(entry.code).second) << entry.code;
      for (const std::string_view word : entry.words) {
        EXPECT_TRUE(seen.insert(word).second) << word;
        EXPECT_EQ(Normalize(word), word);
        EXPECT_EQ(CodeOf(set, word), entry.code);
      }
      EXPECT_EQ(WordOf(set, entry.code), entry.words.front());
    }
  }
}

TEST(CodeWordsTest, LooksUpNormalisedAndKeepsTheUnknown) {
  EXPECT_EQ(CodeOf(ConditionWords(), " 高海拔 "), "high_altitude");
  EXPECT_EQ(CodeOf(ConditionWords(), "ＡＲＩＤ"), "arid");
  EXPECT_EQ(CodeOf(ConditionWords(), "潮湿"), "");
  EXPECT_EQ(CodeOf(ConditionWords(), ""), "");
  EXPECT_EQ(WordOf(ConditionWords(), "moon"), "moon");
  EXPECT_TRUE(TypeWords(RecordKind::kNeed).empty());
}

TEST(FieldSchemaTest, EveryHeaderAndKeyFindsItsOwnField) {
  for (const RecordKind kind : kAllRecordKinds) {
    for (const FieldSpec& spec : FieldsOf(kind)) {
      SCOPED_TRACE(spec.json);
      ASSERT_FALSE(spec.headers.empty());
      EXPECT_FALSE(spec.expected.empty());
      EXPECT_EQ(FindField(kind, spec.json), &spec);
      for (const std::string_view header : spec.headers) EXPECT_EQ(FindField(kind, header), &spec) << header;
      EXPECT_FALSE(IsContactHeader(spec.headers.front()));
    }
  }
}

struct HeaderCase {
  std::string_view name;
  RecordKind kind;
  std::string_view header;
  std::optional<FieldId> want;
};
const HeaderCase kHeaderCases[] = {
    {"RemarkInFullWidthParentheses", RecordKind::kNeed, "截止日期（年-月-日）", FieldId::kDeadline},
    {"RequiredMark", RecordKind::kNeed, "＊需求名称 *", FieldId::kTitle},
    {"LineBreakAndSpaces", RecordKind::kNeed, "预 算\n（万元）", FieldId::kBudgetWan},
    {"NoUnit", RecordKind::kNeed, "预算", FieldId::kBudgetWan},
    {"OtherUnitIsNotOurs", RecordKind::kNeed, "预算（元）", std::nullopt},
    {"UpperCaseEnglish", RecordKind::kNeed, "BUDGET_WAN", FieldId::kBudgetWan},
    {"NameIsTitle", RecordKind::kInstitution, "name", FieldId::kTitle},
    {"TitleIsTitleToo", RecordKind::kInstitution, "title", FieldId::kTitle},
    {"DescriptionIsText", RecordKind::kNeed, "description", FieldId::kText},
    {"StatementIsText", RecordKind::kExpert, "statement", FieldId::kText},
    {"AbstractIsText", RecordKind::kResult, "abstract", FieldId::kText},
    {"FieldOfAnotherKind", RecordKind::kExpert, "截止日期", std::nullopt},
    {"Unknown", RecordKind::kNeed, "备注", std::nullopt},
    {"Empty", RecordKind::kNeed, "", std::nullopt},
    {"RemarkOnly", RecordKind::kNeed, "（必填）", std::nullopt},
};

TEST(FieldSchemaTest, FindsFieldsByHeadersAsTheyAreWritten) {
  for (const HeaderCase& c : kHeaderCases) {
    SCOPED_TRACE(c.name);
    const FieldSpec* found = FindField(c.kind, c.header);
    EXPECT_EQ(found == nullptr ? std::nullopt : std::optional(found->id), c.want);
  }
}

TEST(FieldSchemaTest, RecognisesContactHeaders) {
  for (const std::string_view header :
       {"联系人", "联系电话", "手机号码（必填）", "E-mail", "电子邮箱", "项目负责人电话", "QQ", "微信号",
        "Phone Number", "contact_person", "身份证号", "传 真"}) {
    EXPECT_TRUE(IsContactHeader(header)) << header;
  }
  for (const std::string_view header : {"", "名称", "适用条件", "ip_status", "手机芯片领域"}) {
    EXPECT_EQ(IsContactHeader(header), header == "手机芯片领域") << header;
  }
}

TEST(SplitListTest, SplitsAtEverySeparatorAndDropsEmptyItems) {
  EXPECT_EQ(SplitList("a; b；c、d|e\nf\r\n；；　g　"),
            (std::vector<std::string>{"a", "b", "c", "d", "e", "f", "g"}));
  EXPECT_TRUE(SplitList(" ；、 ").empty());
  EXPECT_TRUE(SplitList("").empty());
  EXPECT_EQ(SplitList("锂收率≥85%，镁锂比≤1"), (std::vector<std::string>{"锂收率≥85%，镁锂比≤1"}));
}

}  // namespace
}  // namespace dongxi
