#include "engine/filter/filter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <random>

#include "tests/engine/filter/small_rows.h"

namespace dongxi {
namespace {

using testing::HasSubstr;

Row FullRow() {
  Row row;
  row.row_kind = RecordKind::kResult;
  row.row_region = "6328";
  row.row_type = "technology";
  row.row_maturity = 7;
  row.row_year = 2021;
  row.row_illustrative = false;
  row.fields = {"盐湖化工", "led"};
  row.modes = {"transfer"};
  row.conditions = {"high_altitude", "cold"};
  return row;
}

absl::StatusOr<std::shared_ptr<const Filter>> Parse(std::string_view text) {
  const SmallVocabulary vocabulary;
  return ParseFilter(text, vocabulary);
}

struct MatchCase {
  std::string_view filter;
  bool full;    // of FullRow()
  bool absent;  // of a row with nothing but its kind
};
constexpr MatchCase kMatchCases[] = {
    {"", true, true},
    {"  \t\n", true, true},
    {"region = \"63\"", true, false},
    {"region = 6328", true, false},
    {"region = 6301", false, false},
    {"region = 632801", false, false},
    {"region = 630000", true, false},
    {"region != 63", false, false},
    {"region != 44", true, false},
    {"region = 青海", true, false},
    {"region = \"海西州\"", true, false},
    {"NOT region = 63", false, true},
    {"NOT region != 63", true, true},
    {"kind = RESULT", true, true},
    {"kind = result", true, true},
    {"kind = 成果", true, true},
    {"kind != RESULT", false, false},
    {"kind = EXPERT", false, false},
    {"type = technology", true, false},
    {"type = 技术", true, false},
    {"type != university", true, false},
    {"field : 盐湖", true, false},
    {"field = 盐湖", true, false},
    {"field : \"ＬＥＤ\"", true, false},
    {"field : 风电", false, false},
    {"maturity = 7", true, false},
    {"maturity != 7", false, false},
    {"maturity != 6", true, false},
    {"maturity < 7", false, false},
    {"maturity <= 7", true, false},
    {"maturity > 6", true, false},
    {"maturity >= 8", false, false},
    {"NOT maturity >= 8", true, true},
    {"year >= 2020", true, false},
    {"year < 2021", false, false},
    {"mode : transfer", true, false},
    {"mode = 转让", true, false},
    {"mode : joint_rd", false, false},
    {"condition : high_altitude", true, false},
    {"condition : 高寒", true, false},
    {"condition : arid", false, false},
    {"illustrative = false", true, false},
    {"illustrative != false", false, false},
    {"-illustrative = false", false, true},
    // How comparisons combine.
    {"region=63 AND year=2021", true, false},
    {"region=63 AND year=2020", false, false},
    {"region=63 year=2021", true, false},
    {"region=63 year=2020", false, false},
    {"region=44 OR year=2021", true, false},
    {"region=63 OR kind=NEED AND year=2020", false, false},  // OR binds tighter: (63 OR NEED) AND 2020
    {"(region=63) OR (kind=NEED AND year=2020)", true, false},
    {"year=2020 AND region=63 OR kind=RESULT", false, false},  // 2020 AND (63 OR RESULT)
    {"NOT (region=44 OR year=2020)", true, true},
    {"-(region=63 year=2021)", false, true},
    {"NOT(region=63)", false, true},
    {"((((region=63))))", true, false},
    {"-( -region=63 )", true, false},
};

TEST(FilterTest, Matches) {
  const Row full = FullRow();
  const Row absent;
  for (const MatchCase& c : kMatchCases) {
    SCOPED_TRACE(c.filter);
    const absl::StatusOr<std::shared_ptr<const Filter>> filter = Parse(c.filter);
    ASSERT_TRUE(filter.ok()) << filter.status();
    EXPECT_EQ((*filter)->Matches(full), c.full);
    EXPECT_EQ((*filter)->Matches(absent), c.absent);
  }
}

TEST(FilterTest, EveryFilterOfTheTableSurvivesTheRoundTrip) {
  for (const MatchCase& c : kMatchCases) {
    SCOPED_TRACE(c.filter);
    const std::string text = (*Parse(c.filter))->ToString();
    const absl::StatusOr<std::shared_ptr<const Filter>> again = Parse(text);
    ASSERT_TRUE(again.ok()) << text << ": " << again.status();
    EXPECT_EQ((*again)->ToString(), text);
    EXPECT_EQ((*again)->Matches(FullRow()), c.full);
    EXPECT_EQ((*again)->Matches(Row()), c.absent);
    EXPECT_EQ((*again)->ReadsEvidence(), (*Parse(c.filter))->ReadsEvidence());
  }
}

struct TextCase {
  std::string_view name, filter, want;
};
constexpr TextCase kTextCases[] = {
    {"BlankIsEmpty", " ", ""},
    {"WordsBecomeCodes", "region = 青海 type = 高校 mode : 转让 condition = 高寒",
     "region=63 type=university mode:transfer condition:cold"},
    {"FieldKeepsItsText", "field : \"ＡＩ 芯片\"", "field:\"ＡＩ 芯片\""},
    {"QuotesOnlyWhereNeeded", R"(field : "a\"b\\c" field:"盐湖" field:"OR")",
     R"(field:"a\"b\\c" field:盐湖 field:"OR")"},
    {"NumbersLoseZeros", "maturity >= 06", "maturity>=6"},
    {"AndBecomesJuxtaposition", "kind=need AND (year>2000 AND year<2010)", "kind=NEED year>2000 year<2010"},
    {"OrWithinAndNeedsNoParentheses", "kind=NEED AND (year=1 OR year=2)", "kind=NEED year=1 OR year=2"},
    {"AndWithinOrNeedsThem", "kind=NEED OR (year=1 year=2)", "kind=NEED OR (year=1 year=2)"},
    {"NotBecomesMinus", "NOT kind=NEED NOT (year=1 OR year=2)", "-kind=NEED -(year=1 OR year=2)"},
};
TEST(FilterTest, CanonicalText) {
  for (const TextCase& c : kTextCases) {
    SCOPED_TRACE(c.name);
    const absl::StatusOr<std::shared_ptr<const Filter>> filter = Parse(c.filter);
    ASSERT_TRUE(filter.ok()) << filter.status();
    EXPECT_EQ((*filter)->ToString(), c.want);
    EXPECT_EQ((*Parse(c.want))->ToString(), c.want);
  }
}

struct EvidenceCase {
  std::string_view filter;
  bool want;
};
constexpr EvidenceCase kEvidenceCases[] = {
    {"", false},
    {"region=63 kind=RESULT type=patent field:x illustrative=true", false},
    {"maturity>=6", true},
    {"year=2020", true},
    {"mode:transfer", true},
    {"-(region=63 OR condition:cold)", true},
};
TEST(FilterTest, ReadsEvidence) {
  for (const EvidenceCase& c : kEvidenceCases) {
    SCOPED_TRACE(c.filter);
    EXPECT_EQ((*Parse(c.filter))->ReadsEvidence(), c.want);
  }
}

struct ErrorCase {
  std::string_view name, filter, want;
};
constexpr ErrorCase kErrorCases[] = {
    {"UnknownAttribute", "region=63 AND size > 4",
     "filter: at character 15: found 'size', expected an attribute: region,"},
    {"PositionsCountCharacters", "field:盐湖 盐湖", "filter: at character 10: found '盐湖'"},
    {"AttributeAlone", "region",
     "filter: at character 7: found the end of the filter, expected an operator that region has: = !="},
    {"TwoWords", "盐湖 提锂", "filter: at character 1: found '盐湖'"},
    {"LowerCaseKeyword", "region=63 and year=2020",
     "filter: at character 11: found 'and', expected an attribute: region, "
     "kind, type, field, maturity, year, mode, condition, illustrative, name, tenant, valid_until; AND, OR "
     "and NOT are written in capitals"},
    {"ValueMissing",
     "region =", "filter: at character 9: found the end of the filter, expected a value of region"},
    {"KeywordAsValue", "type = OR", "filter: at character 8: found 'OR', expected a value of type"},
    {"OperatorTwice", "region == 63", "filter: at character 9: found the operator '='"},
    {"LoneExclamationMark", "region ! 63", "filter: at character 8: found '!', expected one of = !="},
    {"OrderOfRegions", "region > 63",
     "filter: at character 8: found the operator '>', expected an operator that region has: = !="},
    {"HasOfANumber", "year : 2020",
     "filter: at character 6: found the operator ':' with a value, expected an operator that year has: = != "
     "<"},
    {"NotEqualOfAList", "mode != transfer",
     "filter: at character 6: found the operator '!=', expected an operator that mode "
     "has: : =; write NOT mode : value"},
    {"UnknownKind", "kind = PERSON",
     "filter: at character 8: value of kind: found 'PERSON', expected one of INSTITUTION, "
     "EXPERT, RESULT, NEED, EVIDENCE"},
    {"UnknownType", "type = school-bus", "expected one of university, research_institute"},
    {"UnknownCondition", "condition : wet",
     "value of condition: found 'wet', expected one of high_altitude, cold"},
    {"UnknownMode", "mode : gift", "value of mode: found 'gift', expected a cooperation mode"},
    {"UnknownRegion", "region = 亚特兰蒂斯",
     "value of region: found '亚特兰蒂斯', expected a GB/T 2260 code"},
    {"RegionOfThreeDigits", "region = 632", "found '632', expected a GB/T 2260 code of 2, 4 or 6 digits"},
    {"RegionOfNoProvince", "year=1 region = 99",
     "filter: at character 17: value of region: found '99', expected a GB/T 2260 code of 2, 4 or 6 digits"},
    {"RegionOfAYear", "region = 202601", "filter: at character 10: value of region: found '202601'"},
    {"NoNumber", "year > soon",
     "filter: at character 8: value of year: found 'soon', expected a whole number"},
    {"Fraction", "maturity > 6.5", "value of maturity: found '6.5', expected a whole number from 1 to 9"},
    {"NumberTooLarge", "year < 99999999999999999999", "expected a whole number from 1 to 9999"},
    {"NegativeNumber", "year > -5", "found '-5', expected a whole number"},
    {"NoFlag", "illustrative = yes", "found 'yes', expected true or false"},
    {"EmptyField", "field : \" 　\"", "value of field: found"},
    {"EmptyValue", "type = \"\"", "value of type: found ''"},
    {"StringWithoutEnd", "field : \"盐湖", "filter: at character 9: the quoted string has no end"},
    {"UnknownEscape", "field : \"a\\n\"", "filter: at character 11: found a backslash"},
    {"EscapeAtTheEnd", "field : \"a\\", "filter: at character 11: found a backslash"},
    {"BackslashOutside", "field : a\\b", "filter: at character 10: found '\\'"},
    {"NotClosed", "year=1 (year=2 OR (year=3)", "filter: at character 8: this '(' is not closed"},
    {"ClosedTwice", "(year=1))", "filter: at character 9: found ')', expected AND, OR"},
    {"NothingInParentheses", "()", "filter: at character 2: found ')', expected an attribute"},
    {"AndAtTheStart", "AND year=1", "filter: at character 1: found 'AND'"},
    {"AndAtTheEnd", "year=1 AND", "filter: at character 11: found the end of the filter"},
    {"OrTwice", "year=1 OR OR year=2", "filter: at character 11: found 'OR'"},
    {"NotTwice", "NOT NOT year=1", "filter: at character 5: found 'NOT'"},
    {"StringAlone", "\"盐湖\"", "filter: at character 1: found the string \"盐湖\", expected an attribute"},
    {"StringAfterComparison", "year=1 \"x\"", "filter: at character 8: found the string \"x\", expected AND"},
    {"InvalidUtf8", "field:\xff", "not valid UTF-8"},
};
// As an input method for Chinese writes them, each where the language has another character.
constexpr ErrorCase kWideCases[] = {
    {"QuoteOpens", "field:“盐湖”", "at character 7: found '“', expected a half-width \""},
    {"QuoteCloses", "field:盐湖”", "at character 9: found '”', expected a half-width \""},
    {"FullWidthQuote", "field:＂盐湖＂", "at character 7: found '＂', expected a half-width \""},
    {"Opens", "year=1 （region=63)", "at character 8: found '（', expected a half-width ("},
    {"OpensWithinAWord", "field:盐湖（青海）", "at character 9: found '（', expected a half-width ("},
    {"Closes", "(region=青海）", "at character 11: found '）', expected a half-width )"},
    {"Equals", "region＝青海", "at character 7: found '＝', expected a half-width ="},
    {"NotEqual", "region！=青海", "at character 7: found '！', expected a half-width !"},
    {"Has", "field：盐湖", "at character 6: found '：', expected a half-width :"},
    {"HasOfSpaces", "field 　： 盐湖", "at character 8: found '：', expected a half-width :"},
    {"Less", "year＜2020", "at character 5: found '＜', expected a half-width <"},
    {"Greater", "year ＞2020", "at character 6: found '＞', expected a half-width >"},
};
TEST(FilterTest, FullWidthPunctuationIsRefusedWhereItStands) {
  for (const ErrorCase& c : kWideCases) {
    SCOPED_TRACE(c.name);
    const absl::Status status = Parse(c.filter).status();
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr("filter: " + std::string(c.want)));
  }
}

TEST(FilterTest, QuotedTextHoldsFullWidthPunctuationAndSurvivesTheRoundTrip) {
  for (const char* text : {"盐湖（青海）", "“双碳”", "＂＝：＜＞！", "盐　湖"}) {
    SCOPED_TRACE(text);
    const std::string quoted = "field:\"" + std::string(text) + "\"";
    const absl::StatusOr<std::shared_ptr<const Filter>> filter = Parse(quoted);
    ASSERT_TRUE(filter.ok()) << filter.status();
    EXPECT_EQ((*filter)->ToString(), quoted);
  }
}

TEST(FilterTest, AnIdeographicSpaceIsASpace) {
  const absl::StatusOr<std::shared_ptr<const Filter>> filter = Parse("　region　=　青海　year=2021　");
  ASSERT_TRUE(filter.ok()) << filter.status();
  EXPECT_EQ((*filter)->ToString(), "region=63 year=2021");
}

TEST(FilterTest, Errors) {
  for (const ErrorCase& c : kErrorCases) {
    SCOPED_TRACE(c.name);
    const absl::Status status = Parse(c.filter).status();
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr(std::string(c.want)));
  }
}

std::string Repeated(const std::string& text, int times) {
  std::string repeated;
  for (int i = 0; i < times; ++i) repeated += text;
  return repeated;
}

TEST(FilterTest, DepthIsLimited) {
  EXPECT_TRUE(Parse(Repeated("(", kFilterDepthMax) + "year=1" + Repeated(")", kFilterDepthMax)).ok());
  const absl::Status status =
      Parse(Repeated("(", kFilterDepthMax + 1) + "year=1" + Repeated(")", kFilterDepthMax + 1)).status();
  EXPECT_THAT(std::string(status.message()), HasSubstr("at character 33: more than 32 levels"));
  EXPECT_FALSE(Parse(Repeated("(", 3999)).ok());
  EXPECT_FALSE(Parse(Repeated("-", 3999)).ok());
  EXPECT_TRUE(Parse(Repeated("(year=1) ", 100)).ok());  // beside one another is not deep
}

TEST(FilterTest, ComparisonsAreLimited) {
  EXPECT_TRUE(Parse(Repeated("year=1 ", kFilterTermsMax)).ok());
  const absl::Status status = Parse(Repeated("year=1 ", kFilterTermsMax + 1)).status();
  EXPECT_THAT(std::string(status.message()), HasSubstr("at character 1401: more than 200 comparisons"));
}

TEST(FilterTest, LengthIsLimitedInCharactersNotBytes) {
  const std::string head = "field:";
  EXPECT_TRUE(Parse(head + Repeated("盐", static_cast<int>(kFilterCharactersMax - head.size()))).ok());
  const absl::Status status = Parse(head + Repeated("盐", static_cast<int>(kFilterCharactersMax))).status();
  EXPECT_THAT(std::string(status.message()),
              HasSubstr("at character 4001: found 4006 characters, at most 4000"));
}

TEST(FilterTest, FilterWhoseCanonicalTextWouldBeTooLongIsRefused) {
  const std::string filter = Repeated("type=科研院所 ", kFilterTermsMax);
  const absl::Status status = Parse(filter).status();
  EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("with codes in place of words"));
}

std::string RandomFilter(std::mt19937& random, int depth) {
  static constexpr const char* kComparisons[] = {"region=63",           "region != 青海", "kind=NEED",
                                                 "maturity>=6",         "year < 2021",    "mode:转让",
                                                 "field:\"盐 湖\\\"\"", "condition=高寒"};
  std::string text = random() % 4 == 0 ? (random() % 2 == 0 ? "NOT " : "-") : "";
  if (depth == 0 || random() % 3 == 0) return text += kComparisons[random() % std::size(kComparisons)];
  static constexpr const char* kJoins[] = {" ", " AND ", " OR "};
  text += "(";
  for (auto i = random() % 3; i > 0; --i) text += RandomFilter(random, depth - 1) + kJoins[random() % 3];
  return text += RandomFilter(random, depth - 1) + ")";
}

// The law: the canonical text means the same, and is its own canonical text.
TEST(FilterTest, RandomFiltersSurviveTheRoundTrip) {
  constexpr unsigned kSeed = 5;
  std::mt19937 random(kSeed);
  for (int round = 0; round < 2000; ++round) {
    const std::string text = RandomFilter(random, 4);
    SCOPED_TRACE("seed " + std::to_string(kSeed) + " round " + std::to_string(round) + ": " + text);
    const absl::StatusOr<std::shared_ptr<const Filter>> filter = Parse(text);
    if (!filter.ok()) {  // random sizes may pass a limit, nothing else
      ASSERT_THAT(std::string(filter.status().message()), HasSubstr("more than"));
      continue;
    }
    const absl::StatusOr<std::shared_ptr<const Filter>> again = Parse((*filter)->ToString());
    ASSERT_TRUE(again.ok()) << again.status();
    ASSERT_EQ((*again)->ToString(), (*filter)->ToString());
    for (int i = 0; i < 20; ++i) {
      Row row = FullRow();
      if (random() % 2 == 0) row.row_region = random() % 2 == 0 ? "" : "4401";
      if (random() % 2 == 0) row.row_year = 0;
      if (random() % 2 == 0) row.row_maturity = static_cast<int>(random() % 9);
      if (random() % 2 == 0) row.modes.clear();
      if (random() % 2 == 0) row.row_kind = RecordKind::kNeed;
      ASSERT_EQ((*again)->Matches(row), (*filter)->Matches(row));
    }
  }
}

// Generous for a loaded machine and a debug build: 100,000 rows take a few milliseconds in a release build.
TEST(FilterTest, HundredThousandRowsAreMatchedWellWithinASearch) {
  const std::shared_ptr<const Filter> filter =
      *Parse("region=63 OR region=64 maturity>=6 -type=park (year>=2019 mode:transfer) OR illustrative=true");
  const Row row = FullRow();
  const auto start = std::chrono::steady_clock::now();
  int matched = 0;
  for (int i = 0; i < 100'000; ++i) matched += filter->Matches(row) ? 1 : 0;
  const std::chrono::duration<double, std::milli> took_ms = std::chrono::steady_clock::now() - start;
  EXPECT_EQ(matched, 100'000);
  RecordProperty("took_ms", std::to_string(took_ms.count()));
  EXPECT_LT(took_ms.count(), 1000.0);
}

struct NewAttributeCase {
  std::string_view filter;
  bool full, empty;  // of a row that has everything, of one that has nothing
};
constexpr NewAttributeCase kNewAttributeCases[] = {
    {"maturity : *", true, false},
    {"-maturity:*", false, true},
    {"region:* type:* field:* year:* mode:* condition:*", true, false},
    {"tenant:* OR valid_until:*", true, false},
    {"name = \"results/r-1\"", true, false},
    {"name = r-1", true, false},
    {"name = \"needs/r-1\"", false, false},
    {"name != results/r-2", true, false},
    {"tenant = qh", true, false},
    {"tenant != qh", false, false},
    {"valid_until >= 2026-12-31", true, false},
    {"valid_until > 2026-12-31", false, false},
    {"valid_until < 2027-01-01", true, false},
    {"valid_until >= 2026-12-31 OR -valid_until:*", true, true},
    {"field : \"*\"", false, false},
};

TEST(FilterTest, PresenceNamesTenantsAndDates) {
  Row full = FullRow();
  full.row_id = "r-1";
  full.row_tenant = "qh";
  full.row_valid_until = 20'818;  // 2026-12-31
  full.row_maturity = 6;
  full.row_year = 2024;
  full.fields = {"盐湖"};
  full.modes = {"transfer"};
  full.conditions = {"arid"};
  const Row empty;
  for (const NewAttributeCase& c : kNewAttributeCases) {
    SCOPED_TRACE(c.filter);
    const auto filter = Parse(std::string(c.filter));
    ASSERT_TRUE(filter.ok()) << filter.status();
    EXPECT_EQ((*filter)->Matches(full), c.full);
    EXPECT_EQ((*filter)->Matches(empty), c.empty);
    const auto again = Parse((*filter)->ToString());
    ASSERT_TRUE(again.ok()) << again.status();
    EXPECT_EQ((*again)->ToString(), (*filter)->ToString());
    EXPECT_EQ((*again)->Matches(full), c.full);
  }
}

struct NewErrorCase {
  std::string_view filter, message;
};
constexpr NewErrorCase kNewErrorCases[] = {
    {"kind : *", "at character 6: found the operator ':'"},
    {"maturity : 6", "at character 10: found the operator ':' with a value"},
    {"valid_until >= 2026-02-30", "at character 16: value of valid_until: found '2026-02-30'"},
    {"valid_until = soon", "expected a date such as 2026-12-31"},
    {"name = \"a b\"", "at character 8: value of name"},
    {"maturity >= *", "at character 13: value of maturity: found '*'"},
};

TEST(FilterTest, MistakesInTheNewAttributesHaveTheirPlace) {
  for (const NewErrorCase& c : kNewErrorCases) {
    SCOPED_TRACE(c.filter);
    EXPECT_THAT(std::string(Parse(std::string(c.filter)).status().message()), HasSubstr(c.message));
  }
}

TEST(FilterTest, FailedConditionsAreThoseJoinedByAnd) {
  Row row = FullRow();
  row.row_region = "6328";
  row.row_maturity = 4;
  row.row_year = 2024;
  const auto filter = *Parse("region = 63 (maturity >= 6 OR year < 2000) year >= 2020 -kind = RESULT");
  EXPECT_THAT(filter->FailedConditions(row),
              testing::ElementsAre("maturity>=6 OR year<2000", "-kind=RESULT"));
  row.row_maturity = 7;
  row.row_kind = RecordKind::kNeed;
  EXPECT_THAT(filter->FailedConditions(row), testing::IsEmpty());
}

TEST(FilterTest, RelaxationsGiveUpOneConditionAStepInTheirOrder) {
  const auto filter = *Parse(
      "region = 632801 field : 盐湖 kind = RESULT -mode : transfer (maturity >= 6 OR year >= 2020) year >= "
      "2022");
  std::vector<std::string> steps;
  for (const FilterRelaxation& step : filter->Relaxations())
    steps.push_back(step.condition + " | " + step.filter->ToString());
  EXPECT_THAT(
      steps,
      testing::ElementsAre(
          "year>=2022 | region=632801 field:盐湖 kind=RESULT -mode:transfer maturity>=6 OR year>=2020",
          "maturity>=6 OR year>=2020 | region=632801 field:盐湖 kind=RESULT -mode:transfer",
          "field:盐湖 | region=632801 kind=RESULT -mode:transfer",
          "region=632801 | region=6328 kind=RESULT -mode:transfer",
          "region=6328 | region=63 kind=RESULT -mode:transfer", "region=63 | kind=RESULT -mode:transfer"));
  EXPECT_EQ(filter->Relaxations()[3].words, "地区放宽到市州一级（原条件：region=632801）");
  EXPECT_THAT((*Parse("region != 63 NOT year < 2000"))->Relaxations(), testing::IsEmpty());
}

// The law: whatever passes a filter passes every step of its relaxations.
TEST(FilterTest, RandomRelaxationsOnlyWiden) {
  std::mt19937 random(7);
  for (int round = 0; round < 500; ++round) {
    const auto filter = Parse(RandomFilter(random, 3));
    if (!filter.ok()) continue;
    Row row = FullRow();
    if (random() % 2 == 0) row.row_region = random() % 2 == 0 ? "" : "4401";
    if (random() % 2 == 0) row.row_year = 2019;
    if (random() % 2 == 0) row.row_maturity = static_cast<int>(random() % 9);
    bool matches = (*filter)->Matches(row);
    for (const FilterRelaxation& step : (*filter)->Relaxations()) {
      const bool wider = step.filter->Matches(row);
      EXPECT_TRUE(wider || !matches) << (*filter)->ToString() << " → " << step.filter->ToString();
      matches = wider;
    }
  }
}

}  // namespace
}  // namespace dongxi
