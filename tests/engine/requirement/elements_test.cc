// The elements of needs' texts: rules one by one, spans, and what is left to the other readings.
#include "engine/requirement/elements.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "absl/strings/str_cat.h"
#include "engine/text/normalize.h"

namespace dongxi::requirement {
namespace {

std::vector<TextElement> Read(const Record& need) {
  const RequirementTables& tables = BuiltInRequirementTables();
  return ReadTextElements(need, ReadNeed(need, tables), tables);
}

// 方法：固沙植被技术|应用：三千六百米河谷
std::string Shown(const std::vector<TextElement>& elements) {
  std::string text;
  for (const TextElement& one : elements)
    absl::StrAppend(&text, text.empty() ? "" : "|", WordOf(one.kind), "：", one.text);
  return text;
}

Record Wanting(std::string wanted) {
  return {.kind = RecordKind::kNeed, .id = "n", .wanted = std::move(wanted)};
}

struct ElementCase {
  std::string_view name, wanted, want;
};
constexpr ElementCase kCases[] = {
    {"HeadOfAMethod", "寻求固沙植被技术。", "方法：固沙植被技术"},
    {"HeadOfAProduct", "需要一种低溶损吸附剂，", "产品：低溶损吸附剂"},
    {"LeadingEffect", "提高牧草产量", "效果：提高牧草产量"},
    {"EffectBehind", "淡水消耗要低", "效果：淡水消耗要低"},
    {"FourCharacterEffect", "入湖前降氮减磷", "效果：降氮减磷"},
    {"PlaceBeforeTheMethod", "找适合三千六百米河谷的固沙植被技术", "应用：三千六百米河谷|方法：固沙植被技术"},
    {"PlaceItIsUsedIn", "征求窄行矮冠枣园用的落枣收获装备", "应用：窄行矮冠枣园|方法：落枣收获装备"},
    {"MaterialAndProduct", "征集把氯化镁做成高纯氧化镁的技术", "原料：氯化镁|产品：高纯氧化镁"},
    {"MaterialTakenFrom", "从老卤中提取锂", "原料：老卤"},
    {"MaterialUsedUp", "煤矸石就近大宗消纳", "原料：煤矸石"},
    {"ListBehindAColon", "需要固沙植被技术：沙障与播种结合、少浇水",
     "方法：固沙植被技术|方法：沙障与播种结合|效果：少浇水"},
    {"ListTakesTheKindOfItsEnd", "希望得到采收成熟度判定、田头快速预冷、贮运保鲜规程",
     "方法：采收成熟度判定|方法：田头快速预冷|方法：贮运保鲜规程"},
    {"ArrangementsAreNone", "先在一台机组上试，价钱另谈，手把手教村里人", ""},
    {"TheWordAloneIsNone", "寻求技术、设备和方案", ""},
    {"Nothing", "，。", ""},
};

TEST(ElementsTest, Table) {
  for (const ElementCase& one : kCases) {
    SCOPED_TRACE(one.name);
    EXPECT_EQ(Shown(Read(Wanting(std::string(one.wanted)))), one.want);
  }
}

TEST(ElementsTest, WhatTheOtherReadingsSayIsLeftToThem) {
  EXPECT_EQ(Shown(Read(Wanting("提高锂收率至85%以上"))), "") << "a figure";
  EXPECT_EQ(Shown(Read(Wanting("适用于高海拔地区"))), "") << "a condition";
  EXPECT_EQ(Shown(Read(Wanting("共建中试平台"))), "") << "a party";
}

TEST(ElementsTest, TheSituationIsNoElementUnlessNothingElseIsSaid) {
  Record need = Wanting("寻求固沙植被技术");
  need.text = "目前用人工播种机。需要低溶损吸附剂";
  EXPECT_EQ(Shown(Read(need)), "方法：固沙植被技术");
  need.wanted.clear();
  need.title = "流沙上山";
  EXPECT_EQ(Shown(Read(need)), "产品：低溶损吸附剂");
}

TEST(ElementsTest, SpansHoldTheTextAndFieldsDoNotRepeat) {
  Record need = Wanting("寻求 Ａ型 固沙植被技术");
  need.title = "固沙植被技术";
  const std::vector<TextElement> elements = Read(need);
  ASSERT_EQ(elements.size(), 1u) << Shown(elements);
  EXPECT_EQ(elements[0].span.field, "wanted");
  const std::u32string wanted = DecodeUtf8(need.wanted);
  EXPECT_EQ(EncodeUtf8(wanted.substr(elements[0].span.begin, elements[0].span.end - elements[0].span.begin)),
            elements[0].text);
}

// Law: whatever the text, the elements are few and short, lie in it, and never fail.
TEST(ElementsTest, AnyTextGivesFewShortElementsThatLieInIt) {
  constexpr std::string_view kParts[] = {
      "寻求", "把",   "用于", "的", "技术", "吸附剂", "、",   "，", "：",   "做成", "消纳", "降低", "从",
      "提取", "用的", "高原", "A",  "85%",  "。",     "包括", "和", "盐湖", "低",   "在",   "\xff"};
  std::mt19937 random(5);
  for (int round = 0; round < 2'000; ++round) {
    Record need = Wanting("");
    for (size_t i = random() % 40; i > 0; --i) need.wanted += kParts[random() % std::size(kParts)];
    SCOPED_TRACE(need.wanted);
    const std::vector<TextElement> elements = Read(need);
    EXPECT_LE(elements.size(), kTextElementsMax);
    for (const TextElement& one : elements) {
      EXPECT_NE(need.wanted.find(one.text), std::string::npos) << one.text;
      EXPECT_LE(CountCharacters(one.text), 30u);
      EXPECT_GE(one.span.end, one.span.begin + 2);
    }
  }
}

}  // namespace
}  // namespace dongxi::requirement
