#include "engine/record/record.h"

#include <gtest/gtest.h>

namespace dongxi {
namespace {

TEST(RecordTest, EveryKindHasACollectionThatLeadsBack) {
  for (const RecordKind kind : kAllRecordKinds) {
    EXPECT_EQ(KindOfCollection(CollectionOf(kind)), kind);
    EXPECT_FALSE(ChineseNameOf(kind).empty());
  }
  EXPECT_EQ(KindOfCollection("result"), std::nullopt);
  EXPECT_EQ(KindOfCollection(""), std::nullopt);
}

struct IdCase {
  std::string_view name, id;
  bool valid;
};
constexpr IdCase kIdCases[] = {
    {"Ascii", "r-a_1.2", true},
    {"Han", "示例-机构-1", true},
    {"TibetanWithVowelSigns", "བོད་", false},  // the tsheg is punctuation
    {"TibetanSyllable", "བོད", true},
    {"Empty", "", false},
    {"Space", "a b", false},
    {"Slash", "a/b", false},
    {"LineBreak", "a\nb", false},
    {"Middot", "示例·一", false},
    {"InvalidUtf8", "a\xff", false},
    {"CutUtf8", "a\xe4\xb8", false},
};

TEST(RecordTest, IdsAreLettersDigitsAndThreeMarks) {
  for (const IdCase& c : kIdCases) {
    SCOPED_TRACE(c.name);
    EXPECT_EQ(IsValidRecordId(c.id), c.valid);
  }
  EXPECT_TRUE(IsValidRecordId(std::string(kIdBytesMax, 'a')));
  EXPECT_FALSE(IsValidRecordId(std::string(kIdBytesMax + 1, 'a')));
}

TEST(RecordTest, ResourceNamesRoundTrip) {
  for (const RecordKind kind : kAllRecordKinds) {
    EXPECT_EQ(ParseResourceName(ResourceName(kind, "x-1")), (RecordName{kind, "x-1"}));
  }
  for (const std::string_view bad :
       {"", "x", "results", "results/", "result/x", "results/a/b", "/x", "results/ x"}) {
    EXPECT_EQ(ParseResourceName(bad), std::nullopt) << bad;
  }
}

}  // namespace
}  // namespace dongxi
