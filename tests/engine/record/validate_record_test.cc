#include <gtest/gtest.h>

#include <functional>
#include <limits>

#include "engine/record/field_schema.h"

namespace dongxi {
namespace {

Record ValidNeed() {
  Record record;
  record.kind = RecordKind::kNeed;
  record.id = "n-1";
  record.title = "老卤提锂";
  record.text = "收率低";
  return record;
}

std::string Repeat(std::string_view text, size_t times) {
  std::string out;
  for (size_t i = 0; i < times; ++i) out += text;
  return out;
}

struct RecordCase {
  std::string_view name;
  std::function<void(Record&)> change;
  std::optional<FieldId> problem;
};

const RecordCase kCases[] = {
    {"AsItIs", [](Record&) {}, std::nullopt},
    {"WantedAloneIsEnough", [](Record& r) { std::swap(r.text, r.wanted); }, std::nullopt},
    {"TitleAtTheLimit", [](Record& r) { r.title = Repeat("盐", kTitleCharactersMax); }, std::nullopt},
    {"NoId", [](Record& r) { r.id.clear(); }, FieldId::kId},
    {"BadId", [](Record& r) { r.id = "a b"; }, FieldId::kId},
    {"NoTitle", [](Record& r) { r.title.clear(); }, FieldId::kTitle},
    {"NeedWithoutText", [](Record& r) { r.text.clear(); }, FieldId::kText},
    {"LongTitle", [](Record& r) { r.title = Repeat("盐", kTitleCharactersMax + 1); }, FieldId::kTitle},
    {"LongText", [](Record& r) { r.text = Repeat("x", kTextCharactersMax + 1); }, FieldId::kText},
    {"LongWanted", [](Record& r) { r.wanted = Repeat("x", kTextCharactersMax + 1); }, FieldId::kWanted},
    {"ManyItems", [](Record& r) { r.fields.assign(kListItemsMax + 1, "x"); }, FieldId::kFields},
    {"LongItem", [](Record& r) { r.indicators = {Repeat("x", kListItemCharactersMax + 1)}; },
     FieldId::kIndicators},
    {"UnknownCondition", [](Record& r) { r.conditions = {"moon"}; }, FieldId::kConditions},
    {"TypeOfANeed", [](Record& r) { r.type = "patent"; }, FieldId::kType},
    {"RegionFilledUp", [](Record& r) { r.region = "630000"; }, FieldId::kRegion},
    {"Maturity", [](Record& r) { r.maturity = 10; }, FieldId::kMaturity},
    {"Year", [](Record& r) { r.year = 3000; }, FieldId::kYear},
    {"OpenMatches", [](Record& r) { r.open_matches_max = 1'001; }, FieldId::kOpenMatchesMax},
    {"OpenMatchesNegative", [](Record& r) { r.open_matches_max = -1; }, FieldId::kOpenMatchesMax},
    {"NegativeBudget", [](Record& r) { r.budget_wan = -1; }, FieldId::kBudgetWan},
    {"NanBudget", [](Record& r) { r.budget_wan = std::numeric_limits<double>::quiet_NaN(); },
     FieldId::kBudgetWan},
    {"Deadline", [](Record& r) { r.deadline = "2027-6-30"; }, FieldId::kDeadline},
    {"OwnerOfAnotherKind",
     [](Record& r) {
       r.owners = {{RecordKind::kResult, "r-1"}};
     },
     FieldId::kOwners},
};

TEST(ValidateRecordTest, Table) {
  for (const RecordCase& c : kCases) {
    SCOPED_TRACE(c.name);
    Record record = ValidNeed();
    c.change(record);
    const auto problems = ValidateRecord(record);
    ASSERT_EQ(problems.size(), c.problem ? 1u : 0u);
    if (c.problem) {
      EXPECT_EQ(problems[0].field, *c.problem);
    }
  }
}

TEST(ValidateRecordTest, EvidenceNeedsAnOwnerBecauseItVotesForOne) {
  Record record = ValidNeed();
  record.kind = RecordKind::kEvidence;
  ASSERT_EQ(ValidateRecord(record).size(), 1u);
  EXPECT_EQ(ValidateRecord(record)[0].field, FieldId::kOwners);
  record.owners = {{RecordKind::kExpert, "x-1"}};
  EXPECT_TRUE(ValidateRecord(record).empty());
}

}  // namespace
}  // namespace dongxi
