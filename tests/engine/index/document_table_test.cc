#include "engine/index/document_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <climits>
#include <fstream>
#include <functional>
#include <random>

namespace dongxi {
namespace {

using testing::ElementsAre;

std::filesystem::path TempFile(const std::string& name) {
  return std::filesystem::path(testing::TempDir()) / ("document_table_test-" + name);
}

std::vector<Record> SmallCatalogue() {
  Record institute{.kind = RecordKind::kInstitution, .id = "a", .title = "示例·甲所", .region = "12"};
  institute.aliases = {"甲所"};
  Record other{.kind = RecordKind::kInstitution, .id = "b", .title = "示例·乙所", .region = "3205"};
  Record expert{.kind = RecordKind::kExpert, .id = "x", .title = "示例专家", .institution = "b"};
  expert.availability = {"dual_appointment"};
  Record result{.kind = RecordKind::kResult, .id = "r", .title = "提锂吸附剂"};
  result.owners = {{RecordKind::kExpert, "x"}, {RecordKind::kInstitution, "gone"}};
  result.maturity = 7;
  result.modes = {"transfer", "license"};
  result.fields = {"盐湖 化工"};
  result.valid_until = "2026-12-31";
  Record evidence{.kind = RecordKind::kEvidence, .id = "p", .title = "论文", .type = "publication"};
  evidence.owners = {{RecordKind::kInstitution, "a"}};
  evidence.year = 2024;
  evidence.tenant = "portal";
  evidence.shared = true;
  return {institute, other, expert, result, evidence};
}

std::unique_ptr<DocumentTable> WriteAndOpen(const std::vector<Record>& records, const std::string& name) {
  DocumentTableBuilder builder;
  for (const Record& record : records) builder.Add(record);
  const auto written = builder.Write(TempFile(name));
  EXPECT_TRUE(written.ok()) << written.status();
  auto table = DocumentTable::Open(TempFile(name));
  EXPECT_TRUE(table.ok()) << table.status();
  return std::move(*table);
}

TEST(DocumentTableTest, KeepsAttributesAndRanges) {
  const auto table = WriteAndOpen(SmallCatalogue(), "attributes");
  ASSERT_EQ(table->size(), 5U);
  EXPECT_THAT(table->DocsOf(RecordKind::kInstitution), ElementsAre(0, 1));
  EXPECT_THAT(table->DocsOf(RecordKind::kNeed), testing::IsEmpty());
  EXPECT_EQ(table->tenant(0), "");
  EXPECT_EQ(table->tenant(4), "portal");
  EXPECT_TRUE(table->shared(4));
  EXPECT_EQ(table->Find(RecordKind::kResult, "r"), DocId{3});
  EXPECT_EQ(table->Find(RecordKind::kResult, "q"), std::nullopt);
  EXPECT_THAT(table->names(0), ElementsAre("示例·甲所", "甲所"));
  EXPECT_THAT(table->modes(3), ElementsAre("transfer", "license"));
  EXPECT_THAT(table->modes(2), ElementsAre("dual_appointment"));
  EXPECT_THAT(table->fields(3), ElementsAre("盐湖 化工"));
  EXPECT_EQ(table->maturity(3), 7);
  EXPECT_EQ(table->year(4), 2024);
  EXPECT_EQ(table->valid_until_day(3), DayNumber("2026-12-31"));
  EXPECT_EQ(table->valid_until_day(4), INT32_MAX);
}

TEST(DocumentTableTest, KeepsHowARecordStandsByItsOwnWords) {
  std::vector<Record> records = SmallCatalogue();
  records[0].text = "本所已撤销，业务并入乙所";  // the heavier of two
  records[1].text = "已更名为丙所";
  records[2].text = "2025年已退休";
  records[3].ip_status = "实用新型，已授权";
  records[3].text = "已撤销";  // a result is judged by its IP status
  const auto table = WriteAndOpen(records, "standing");
  using requirement::Standing;
  using requirement::StandingMark;
  EXPECT_EQ(table->standing(0), (StandingMark{Standing::kBlocked, 0}));
  EXPECT_EQ(table->standing(1), (StandingMark{Standing::kLowered, 0}));
  EXPECT_EQ(table->standing(2), (StandingMark{Standing::kBlocked, 0}));
  EXPECT_EQ(table->standing(3), (StandingMark{Standing::kFine, 10}));
  EXPECT_EQ(table->standing(4), StandingMark{});
}

TEST(DocumentTableTest, KeepsHowManyAnExpertTakesAndRefusesWhatNobodyCanSay) {
  std::vector<Record> records = SmallCatalogue();
  records[2].open_matches_max = kOpenMatchesMax;
  records[3].open_matches_max = 7;  // no field of a result
  const auto table = WriteAndOpen(records, "open-matches");
  EXPECT_EQ(table->open_matches_max(0), 0);
  EXPECT_EQ(table->open_matches_max(2), kOpenMatchesMax);
  EXPECT_EQ(table->open_matches_max(3), 0);
  std::string bytes = *ReadFile(TempFile("open-matches"), 1 << 20);
  constexpr size_t kHeader = 24, kRow = sizeof(DocumentRow), kLast = 58;
  for (const size_t doc : {size_t{2}, size_t{3}}) {
    std::string spoiled = bytes;
    spoiled[kHeader + doc * kRow + kLast + (doc == 2 ? 1 : 0)] =
        4;  // the expert's 1,000 to 1,256, a result's 4
    std::ofstream(TempFile("spoiled"), std::ios::binary) << spoiled;
    EXPECT_EQ(DocumentTable::Open(TempFile("spoiled")).status().code(), absl::StatusCode::kDataLoss) << doc;
  }
}

TEST(DocumentTableTest, ATableOfAnotherVersionIsRefusedWithTheRemedy) {
  WriteAndOpen(SmallCatalogue(), "version");
  std::string bytes = *ReadFile(TempFile("version"), 1 << 20);
  bytes[3] = '2';
  std::ofstream(TempFile("version"), std::ios::binary) << bytes;
  const absl::Status status = DocumentTable::Open(TempFile("version")).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(std::string(status.message()), testing::HasSubstr("rebuild with dongxi-indexer build"));
}

TEST(DocumentTableTest, OwnersVoteForTheirInstitutionsToo) {
  const auto table = WriteAndOpen(SmallCatalogue(), "owners");
  EXPECT_THAT(table->owners(0), ElementsAre(0));     // an institution speaks for itself
  EXPECT_THAT(table->owners(2), ElementsAre(2, 1));  // an expert for himself and his institution
  EXPECT_THAT(table->owners(3), ElementsAre(2, 1));  // a result through its expert
  EXPECT_EQ(table->region(3), "3205");               // of the institution behind it
}

TEST(DocumentTableTest, AnOwnerLendsItsRegionOnlyToWhatIsNoMoreOpenThanItself) {
  struct Case {
    const char* name;
    std::function<void(Record* owner, Record* result)> set;
    const char* want;
  };
  const Case cases[] = {
      {"BothPublic", [](Record*, Record*) {}, "3205"},
      {"OwnerRegistered", [](Record* o, Record*) { o->disclosure = Disclosure::kRegistered; }, ""},
      {"BothRegistered",
       [](Record* o, Record* r) { o->disclosure = r->disclosure = Disclosure::kRegistered; }, "3205"},
      {"ResultLessOpen", [](Record*, Record* r) { r->disclosure = Disclosure::kOrganiser; }, "3205"},
      {"OwnerOfATenant", [](Record* o, Record*) { o->tenant = "a"; }, ""},
      {"SharedOwnerOfATenant",
       [](Record* o, Record*) {
         o->tenant = "a";
         o->shared = true;
       },
       "3205"},
      {"BothOfOneTenant", [](Record* o, Record* r) { o->tenant = r->tenant = "a"; }, "3205"},
      {"OfTwoTenants",
       [](Record* o, Record* r) {
         o->tenant = "a";
         r->tenant = "b";
       },
       ""},
      {"ResultSharedByTheTenant",
       [](Record* o, Record* r) {
         o->tenant = r->tenant = "a";
         r->shared = true;
       },
       ""},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    Record owner{.kind = RecordKind::kInstitution, .id = "b", .title = "示例·乙所", .region = "3205"};
    Record result{.kind = RecordKind::kResult, .id = "r", .title = "提锂吸附剂"};
    result.owners = {{RecordKind::kInstitution, "b"}};
    c.set(&owner, &result);
    const auto table = WriteAndOpen({owner, result}, "lent");
    EXPECT_EQ(table->region(0), "3205");
    EXPECT_EQ(table->region(1), c.want);
  }
}

TEST(DocumentTableBuilderTest, CountsOwnersThatAreNotThere) {
  DocumentTableBuilder builder;
  for (const Record& record : SmallCatalogue()) builder.Add(record);
  ASSERT_TRUE(builder.Write(TempFile("missing")).ok());
  EXPECT_EQ(builder.missing_owners(), 1U);
  EXPECT_THAT(builder.missing_examples(), ElementsAre("results/r → institutions/gone"));
}

TEST(DocumentTableBuilderTest, RefusesRecordsOutOfOrder) {
  DocumentTableBuilder builder;
  builder.Add({.kind = RecordKind::kResult, .id = "b"});
  builder.Add({.kind = RecordKind::kResult, .id = "a"});
  EXPECT_EQ(builder.Write(TempFile("order")).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(DocumentTableTest, DamagedFilesAreRefusedOrHarmless) {
  WriteAndOpen(SmallCatalogue(), "damage");
  const std::string good = *ReadFile(TempFile("damage"), 1 << 20);
  std::mt19937 rng(7);
  for (size_t round = 0; round < 2 * good.size(); ++round) {
    std::string bad = good;
    if (round < good.size()) {
      bad.resize(round);
    } else {
      bad[round - good.size()] = static_cast<char>(rng());
    }
    std::ofstream(TempFile("damage"), std::ios::binary) << bad;
    const auto table = DocumentTable::Open(TempFile("damage"));
    if (!table.ok()) {
      EXPECT_EQ(table.status().code(), absl::StatusCode::kDataLoss);
      continue;
    }
    for (DocId doc = 0; doc < (*table)->size(); ++doc) {
      for (const DocId owner : (*table)->owners(doc)) EXPECT_LT(owner, (*table)->size());
      (void)(*table)->fields(doc);
      (void)(*table)->names(doc);
    }
  }
}

TEST(DayNumberTest, CountsFrom1970) {
  EXPECT_EQ(DayNumber("1970-01-02"), 1);
  EXPECT_EQ(DayNumber(""), INT32_MAX);
  EXPECT_EQ(DayNumber("31.12.2026"), INT32_MAX);
}

}  // namespace
}  // namespace dongxi
