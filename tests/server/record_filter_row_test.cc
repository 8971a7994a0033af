#include "server/record_filter_row.h"

#include <gtest/gtest.h>

#include "tests/server/server_testing.h"

namespace dongxi {
namespace {

Record SaltLakeResult() {
  Record record;
  record.kind = RecordKind::kResult;
  record.id = "r";
  record.type = "technology";
  record.region = "1201";
  record.fields = {"盐湖化工", "ＣＯ２利用"};
  record.modes = {"transfer"};
  record.conditions = {"arid"};
  record.maturity = 7;
  record.year = 2024;
  return record;
}

struct FilterCase {
  const char* filter;
  bool matches;
};

TEST(RecordFilterRowTest, FiltersSeeTheRecordsOwnAttributes) {
  const Record record = SaltLakeResult();
  const FilterCase cases[] = {
      {"", true},
      {"kind = RESULT", true},
      {"kind = NEED", false},
      {"region = \"12\"", true},
      {"region = \"63\"", false},
      {"type = \"technology\"", true},
      {"maturity >= 7", true},
      {"maturity > 7", false},
      {"year = 2024", true},
      {"field : \"盐湖\"", true},
      {"field : \"co2\"", true},
      {"field : \"枸杞\"", false},
      {"mode : \"转让\"", true},
      {"condition : \"arid\"", true},
      {"condition : \"cold\"", false},
      {"illustrative = false", true},
  };
  for (const FilterCase& c : cases) {
    SCOPED_TRACE(c.filter);
    const auto filter = ParseFilter(c.filter, FewWords());
    ASSERT_TRUE(filter.ok()) << filter.status();
    EXPECT_EQ((*filter)->Matches(RecordFilterRow(record)), c.matches);
  }
}

TEST(RecordFilterRowTest, ModeOfAnExpertIsItsAvailability) {
  Record expert;
  expert.kind = RecordKind::kExpert;
  expert.availability = {"transfer"};
  EXPECT_TRUE(RecordFilterRow(expert).HasMode("transfer"));
  EXPECT_FALSE(RecordFilterRow(expert).HasMode("license"));
}

}  // namespace
}  // namespace dongxi
