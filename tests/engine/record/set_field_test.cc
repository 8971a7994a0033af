#include <gtest/gtest.h>

#include <algorithm>

#include "engine/record/field_schema.h"
#include "engine/record/value_parsers.h"

namespace dongxi {
namespace {

class FakeVocabulary : public ImportVocabulary {
 public:
  std::string RegionCode(std::string_view name) const override {
    if (name == "青海" || name == "青海省") return "63";
    if (name == "海西州") return "6328";
    return "";
  }
  std::string ModeCode(std::string_view word) const override {
    if (word == "转让" || word == "transfer") return "transfer";
    if (word == "联合攻关") return "joint_rd";
    return "";
  }
};

std::vector<FieldProblem> Set(Record& record, FieldId id, const std::vector<std::string>& values) {
  for (const FieldSpec& spec : FieldsOf(record.kind)) {
    if (spec.id == id) return SetField(record, spec, values, FakeVocabulary());
  }
  ADD_FAILURE() << "the kind has no such field";
  return {};
}

Record Need() {
  Record record;
  record.kind = RecordKind::kNeed;
  return record;
}

struct ScalarCase {
  std::string_view name;
  FieldId field;
  std::string_view cell;
  std::string_view want;  // "!" if a problem is expected
};

std::string ValueOf(const Record& r, FieldId field) {
  switch (field) {
    case FieldId::kId:
      return r.id;
    case FieldId::kTitle:
      return r.title;
    case FieldId::kText:
      return r.text;
    case FieldId::kRegion:
      return r.region;
    case FieldId::kInstitution:
      return r.institution;
    case FieldId::kMaturity:
      return std::to_string(r.maturity);
    case FieldId::kBudgetWan:
      return r.budget_wan ? std::to_string(*r.budget_wan) : "";
    case FieldId::kDeadline:
      return r.deadline;
    case FieldId::kValidUntil:
      return r.valid_until;
    case FieldId::kDisclosure:
      return std::to_string(static_cast<int>(r.disclosure));
    case FieldId::kIllustrative:
      return r.illustrative ? "yes" : "no";
    default:
      return "?";
  }
}

constexpr ScalarCase kScalarCases[] = {
    {"IdKeepsCase", FieldId::kId, " N-01 ", "N-01"},
    {"IdFullWidth", FieldId::kId, "Ｎ－０１", "N-01"},
    {"IdWithSpace", FieldId::kId, "N 01", "!"},
    {"IdScientific", FieldId::kId, "1.23457E+17", "!"},
    {"TitleOnOneLine", FieldId::kTitle, "一\n二\t", "一 二"},
    {"TitleMojibake", FieldId::kTitle, "盐\ufffd\ufffd", "!"},
    {"TextKeepsLines", FieldId::kText, "一\r\n二\x01三", "一\n二 三"},
    {"RegionName", FieldId::kRegion, "青海", "63"},
    {"RegionPath", FieldId::kRegion, "青海省/海西州", "6328"},
    {"RegionPathWithUnknownEnd", FieldId::kRegion, "青海省 某县", "63"},
    {"RegionSixDigits", FieldId::kRegion, "６３２８００", "6328"},
    {"RegionProvinceSixDigits", FieldId::kRegion, "630000", "63"},
    {"RegionCounty", FieldId::kRegion, "632801", "632801"},
    {"RegionUnknownProvince", FieldId::kRegion, "99", "!"},
    {"RegionThreeDigits", FieldId::kRegion, "632", "!"},
    {"RegionUnknownName", FieldId::kRegion, "火星", "!"},
    {"InstitutionResourceName", FieldId::kInstitution, "institutions/i-1", "i-1"},
    {"MaturityFullWidth", FieldId::kMaturity, "６", "6"},
    {"MaturityTrl", FieldId::kMaturity, "TRL 6", "6"},
    {"MaturityTrlHyphen", FieldId::kMaturity, "trl-7", "7"},
    {"MaturityLevel", FieldId::kMaturity, "6级", "6"},
    {"MaturityChinese", FieldId::kMaturity, "第七级", "7"},
    {"MaturityZero", FieldId::kMaturity, "0", "!"},
    {"MaturityTen", FieldId::kMaturity, "10", "!"},
    {"MaturityRange", FieldId::kMaturity, "6-7", "!"},
    {"MaturityWord", FieldId::kMaturity, "成熟", "!"},
    {"BudgetPlain", FieldId::kBudgetWan, "50", "50.000000"},
    {"BudgetWan", FieldId::kBudgetWan, "50万元", "50.000000"},
    {"BudgetYi", FieldId::kBudgetWan, "１．５亿元", "15000.000000"},
    {"BudgetYuan", FieldId::kBudgetWan, "500,000 元", "50.000000"},
    {"BudgetThousands", FieldId::kBudgetWan, "1,200", "1200.000000"},
    {"BudgetRange", FieldId::kBudgetWan, "50-100", "!"},
    {"BudgetNegative", FieldId::kBudgetWan, "-5", "!"},
    {"BudgetWord", FieldId::kBudgetWan, "面议", "!"},
    {"BudgetHuge", FieldId::kBudgetWan, "99999999999999", "!"},
    {"BudgetTwoPoints", FieldId::kBudgetWan, "1.2.3", "!"},
    {"DateSlashes", FieldId::kDeadline, "2027/6/30", "2027-06-30"},
    {"DateDots", FieldId::kDeadline, "2027.6.3", "2027-06-03"},
    {"DateChinese", FieldId::kDeadline, "2027年6月30日", "2027-06-30"},
    {"DateCompact", FieldId::kDeadline, "20270630", "2027-06-30"},
    {"DateWithTime", FieldId::kDeadline, "2027-06-30 08:00:00", "2027-06-30"},
    {"DateIsoTime", FieldId::kDeadline, "2027-06-30T00:00:00Z", "2027-06-30"},
    {"DateMonthMeansItsEnd", FieldId::kDeadline, "2028年2月", "2028-02-29"},
    {"DateMonthIso", FieldId::kDeadline, "2027-12", "2027-12-31"},
    {"DateImpossible", FieldId::kDeadline, "2027-02-30", "!"},
    {"DateMonthThirteen", FieldId::kDeadline, "2027-13", "!"},
    {"DateYearOnly", FieldId::kDeadline, "2027", "!"},
    {"DateTrailing", FieldId::kDeadline, "2027-06-30前", "!"},
    {"DateMixedSeparators", FieldId::kDeadline, "2027-6月30", "!"},
    {"ForeverIsNoEnd", FieldId::kValidUntil, "长期有效", ""},
    {"DisclosureWord", FieldId::kDisclosure, "仅组织方", "2"},
    {"DisclosureUnknown", FieldId::kDisclosure, "秘密", "!"},
    {"YesTick", FieldId::kIllustrative, "√", "yes"},
    {"YesBoolean", FieldId::kIllustrative, "TRUE", "yes"},
    {"NoWord", FieldId::kIllustrative, "否", "no"},
    {"Perhaps", FieldId::kIllustrative, "也许", "!"},
};

TEST(SetFieldTest, Scalars) {
  for (const ScalarCase& c : kScalarCases) {
    SCOPED_TRACE(c.name);
    Record record = Need();
    const std::string before = ValueOf(record, c.field);
    const auto problems = Set(record, c.field, {std::string(c.cell)});
    EXPECT_EQ(problems.empty(), c.want != "!");
    EXPECT_EQ(ValueOf(record, c.field), c.want == "!" ? before : std::string(c.want));
    for (const FieldProblem& problem : problems) {
      EXPECT_EQ(problem.field, c.field);
      EXPECT_FALSE(problem.found.empty());
      EXPECT_FALSE(problem.expected.empty());
      EXPECT_FALSE(problem.remedy.empty());
    }
  }
}

// A product with 1e-4 or 10,000 would be another number than the one written in 万元.
TEST(SetFieldTest, AnAmountIsTheSameNumberInWhateverUnitItIsWritten) {
  EXPECT_EQ(ParseBudgetWan("102000元"), ParseBudgetWan("10.2万元"));
  EXPECT_EQ(ParseBudgetWan("102000元"), 10.2);
  EXPECT_EQ(ParseBudgetWan("0.07亿元"), 700.0);
  EXPECT_FALSE(ParseBudgetWan("元").has_value());
}

TEST(SetFieldTest, YearOfAResult) {
  Record record;
  record.kind = RecordKind::kResult;
  for (const std::string cell : {"2024", "２０２４年", "2024-05-01", "2024.0 "}) {
    record.year = 0;
    EXPECT_EQ(Set(record, FieldId::kYear, {cell}).empty(), cell != "2024.0 ") << cell;
    EXPECT_EQ(record.year, cell == "2024.0 " ? 0 : 2024) << cell;
  }
  EXPECT_EQ(Set(record, FieldId::kYear, {"1899"}).size(), 1u);
}

TEST(SetFieldTest, HowManyNeedsAnExpertTakesAtATime) {
  Record record;
  record.kind = RecordKind::kExpert;
  const std::pair<const char*, int> cells[] = {{"3", 3},     {"３项", 3}, {"最多 12 个", 12}, {"1000", 1000},
                                               {"1001", -1}, {"0", -1},   {"-2", -1},         {"2.5", -1},
                                               {"若干", -1}, {"3-5", -1}, {"三", -1}};
  for (const auto& [cell, want] : cells) {
    record.open_matches_max = 0;
    EXPECT_EQ(Set(record, FieldId::kOpenMatchesMax, {cell}).empty(), want > 0) << cell;
    EXPECT_EQ(record.open_matches_max, std::max(want, 0)) << cell;
  }
}

TEST(SetFieldTest, TypesAreCodesOfTheKind) {
  Record record;
  record.kind = RecordKind::kInstitution;
  EXPECT_TRUE(Set(record, FieldId::kType, {"科研院所"}).empty());
  EXPECT_EQ(record.type, "research_institute");
  EXPECT_EQ(Set(record, FieldId::kType, {"专利"}).size(), 1u);
  EXPECT_EQ(record.type, "research_institute");
}

TEST(SetFieldTest, OwnersByNameCollectionOrBareId) {
  Record record;
  record.kind = RecordKind::kResult;
  EXPECT_TRUE(
      Set(record, FieldId::kOwners, {"institutions/i-1", "experts/x-1", "i-2", "专家：x-2", "i-1"}).empty());
  EXPECT_EQ(record.owners, (std::vector<RecordName>{{RecordKind::kInstitution, "i-1"},
                                                    {RecordKind::kExpert, "x-1"},
                                                    {RecordKind::kInstitution, "i-2"},
                                                    {RecordKind::kExpert, "x-2"}}));
  const auto before = record.owners;
  EXPECT_EQ(Set(record, FieldId::kOwners, {"results/r-1", "天津 大学", "i-3"}).size(), 2u);
  EXPECT_EQ(record.owners, before);
}

TEST(SetFieldTest, ListsOfCodesNameEachUnknownItem) {
  Record record = Need();
  EXPECT_TRUE(Set(record, FieldId::kModes, {"转让", "transfer", "联合攻关"}).empty());
  EXPECT_EQ(record.modes, (std::vector<std::string>{"transfer", "joint_rd"}));
  const auto problems = Set(record, FieldId::kConditions, {"高海拔", "月球", "海底"});
  ASSERT_EQ(problems.size(), 2u);
  EXPECT_EQ(problems[0].found, "月球");
  EXPECT_TRUE(record.conditions.empty());
}

TEST(SetFieldTest, TooManyItemsOrValues) {
  Record record = Need();
  EXPECT_EQ(Set(record, FieldId::kFields, std::vector<std::string>(kListItemsMax + 1, "x")).size(), 1u);
  EXPECT_EQ(Set(record, FieldId::kTitle, {"甲", "乙"}).size(), 1u);
  EXPECT_TRUE(Set(record, FieldId::kTitle, {}).empty());
  EXPECT_TRUE(Set(record, FieldId::kTitle, {"  "}).empty());
  EXPECT_EQ(record, Need());
}

TEST(SetFieldTest, FoundIsCutToEightyCharacters) {
  Record record = Need();
  std::string wide;
  for (int i = 0; i < 1000; ++i) wide += "宽";
  const auto problems = Set(record, FieldId::kRegion, {wide});
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_LE(problems[0].found.size(), 81u * 3);
}

}  // namespace
}  // namespace dongxi
