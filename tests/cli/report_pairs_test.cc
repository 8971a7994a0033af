// Parties and pairs from a report beside those of a spreadsheet: who is who, and who is wanted at all.
#include "cli/plan/report_pairs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/plan/county.h"
#include "tests/cli/report_text.h"

namespace dongxi::cli {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

using Values = std::map<std::string, std::string, std::less<>>;

std::vector<std::string> Column(const plan::EventTables& tables, const char* sheet, const char* key) {
  std::vector<std::string> values;
  const auto rows = tables.find(sheet);
  if (rows == tables.end()) return values;
  for (const plan::EventRow& row : rows->second) values.push_back(row.values.at(key));
  return values;
}

std::string MembersOf(const plan::EventTables& tables, const std::string& id) {
  for (const plan::EventRow& row : tables.at("parties")) {
    if (row.values.at("id") != id) continue;
    const auto members = row.values.find("members");
    return members == row.values.end() ? "" : members->second;
  }
  return "nobody of this id";
}

plan::EventTables Sheet(const std::vector<Values>& parties) {
  plan::EventTables tables;
  for (const Values& values : parties) {
    plan::EventRow row;
    row.values = values;
    tables["parties"].push_back(row);
  }
  return tables;
}

constexpr char kThreeVerdicts[] = R"({"needs": [{"need": {"id": "n-1", "title": "提锂"}, "partners": [
    {"id": "i-1", "name": "甲院", "adequacy": 0.7, "adequate": true, "reasons": ["同做提锂"]},
    {"id": "i-2", "name": "乙院", "adequacy": 0.4, "adequate": false, "reasons": ["同在盐湖"]},
    {"id": "i-3", "name": "丙院", "adequacy": 0.9, "adequate": false, "barred": "知识产权已失效"}]}]})";

TEST(ReportPairsTest, NearMissesAreMetOnlyWhereTheyAreAskedForAndMarked) {
  plan::EventTables tables;
  ASSERT_TRUE(AddReportText(kThreeVerdicts, &tables).ok());
  EXPECT_THAT(Column(tables, "pairs", "offer"), ElementsAre("i-1"));
  EXPECT_THAT(Column(tables, "parties", "id"), ElementsAre("n-1", "i-1"));
  plan::EventTables with_near;
  ASSERT_TRUE(AddReportText(kThreeVerdicts, &with_near, {.near_misses = true}).ok());
  EXPECT_THAT(Column(with_near, "pairs", "offer"), ElementsAre("i-1", "i-2")) << "a barred one never";
  EXPECT_THAT(Column(with_near, "pairs", "reason"), ElementsAre("同做提锂", "接近：同在盐湖"));
}

TEST(ReportPairsTest, AValueThatIsNestedTooDeeplyToBeCopiedIsReadLikeAnyOtherThatIsWrong) {
  const std::string deep = std::string(300'000, '[') + std::string(300'000, ']');
  plan::EventTables tables;
  ASSERT_TRUE(
      AddReportText(R"({"needs": [{"need": {"id": "n-1", "title": "提锂", "illustrative": )" + deep +
                        R"(}, "partners": [{"id": "i-1", "name": "甲院", "adequacy": 0.7, "adequate": )" +
                        deep + "}]}]}",
                    &tables)
          .ok());
  EXPECT_THAT(Column(tables, "parties", "name"), ElementsAre("提锂", "甲院"));
  EXPECT_THAT(Column(tables, "pairs", "offer"), ElementsAre("i-1"));
}

TEST(ReportPairsTest, AnExpertIsTheMemberOfThatNameInADelegation) {
  plan::EventTables tables =
      Sheet({{{"id", "O-1"}, {"name", "某院"}, {"side", "供给方"}, {"members", "王教授、赵工"}}});
  ASSERT_TRUE(AddReportText(R"({"needs": [{"need": {"id": "n-1", "title": "提锂"}, "experts": [
      {"id": "e-1", "name": "王教授", "adequacy": 0.7}, {"id": "e-2", "name": "李教授", "adequacy": 0.7},
      {"id": "e-3", "name": "李教授", "adequacy": 0.6}]}]})",
                            &tables)
                  .ok());
  EXPECT_EQ(MembersOf(tables, "e-1"), "王教授");
  EXPECT_EQ(MembersOf(tables, "e-2"), "李教授#e-2") << "the report has two of that name";
  EXPECT_EQ(MembersOf(tables, "e-3"), "李教授#e-3");
}

TEST(ReportPairsTest, AnExpertBelongsToTheInstitutionThatQuotasFind) {
  plan::EventTables tables;
  ASSERT_TRUE(AddReportText(R"({"needs": [{"need": {"id": "n-1", "title": "提锂"},
      "partners": [{"id": "i-1", "name": "甲院", "adequacy": 0.7}],
      "experts": [{"id": "e-1", "name": "王教授", "institutions": ["institutions/i-1"], "adequacy": 0.7},
                  {"id": "e-2", "name": "李教授", "institutions": ["乙院"], "adequacy": 0.6}]}]})",
                            &tables)
                  .ok());
  EXPECT_THAT(Column(tables, "parties", "id"), ElementsAre("n-1", "i-1", "e-1", "e-2"));
  EXPECT_THAT(Column(tables, "parties", "institution"), ElementsAre("", "", "甲院", "乙院"));
}

TEST(ReportPairsTest, ARowWithTheRecordIsThatPartyWhateverItsId) {
  plan::EventTables tables = Sheet(
      {{{"id", "N-01"}, {"name", "企业"}, {"side", "需求方"}, {"record", "needs/n-1"}, {"members", "张工"}},
       {{"id", "O-01"}, {"name", "某院"}, {"side", "供给方"}, {"record", "institutions/i-1"}}});
  ASSERT_TRUE(AddReportText(R"({"needs": [{"need": {"id": "n-1", "title": "提锂", "institution": "i-9"},
      "partners": [{"id": "i-1", "name": "某院", "adequacy": 0.7}],
      "results": [{"id": "r-1", "title": "吸附剂", "adequacy": 0.9,
                   "institutions": ["institutions/i-1"]}]}]})",
                            &tables)
                  .ok());
  EXPECT_EQ(tables["parties"].size(), 2u);
  EXPECT_THAT(Column(tables, "pairs", "need"), ElementsAre("N-01"));
  EXPECT_THAT(Column(tables, "pairs", "offer"), ElementsAre("O-01"));
  EXPECT_EQ(MembersOf(tables, "N-01"), "张工") << "as the row says";
}

TEST(ReportPairsTest, PairsByNameOrInTheOtherOrderStayAsTheSheetSays) {
  plan::EventTables tables =
      Sheet({{{"id", "N-01"}, {"name", "企业"}, {"side", "需求方"}, {"record", "needs/n-1"}},
             {{"id", "O-01"}, {"name", "某院"}, {"side", "供给方"}, {"record", "institutions/i-1"}},
             {{"id", "O-02 "}, {"name", "另一院"}, {"side", "供给方"}, {"record", "institutions/i-2"}}});
  for (const Values& values : {Values{{"need", "企业"}, {"offer", " 某院"}, {"score", "0.5"}},
                               Values{{"need", "另一院"}, {"offer", "N-01"}, {"score", "0.4"}},
                               Values{{"need", "N-01"}, {"offer", "丙院"}, {"score", "0.3"}}}) {
    plan::EventRow row;
    row.values = values;
    tables["pairs"].push_back(row);
  }
  ASSERT_TRUE(AddReportText(R"({"needs": [{"need": {"id": "n-1", "title": "提锂"}, "partners": [
      {"id": "i-1", "name": "某院", "adequacy": 0.7}, {"id": "i-2", "name": "另一院", "adequacy": 0.8},
      {"id": "i-3", "name": "丙院", "adequacy": 0.9}, {"id": "i-4", "name": "丁院", "adequacy": 0.6}]}]})",
                            &tables)
                  .ok());
  EXPECT_THAT(Column(tables, "pairs", "offer"), ElementsAre(" 某院", "N-01", "丙院", "i-4"));
  std::vector<plan::Problem> problems;
  const plan::Event event = plan::DecodeEvent(tables, &problems);
  for (const plan::Problem& problem : problems) ADD_FAILURE() << problem.Text();
  ASSERT_EQ(event.pairs.size(), 4u);
  EXPECT_EQ(event.pairs[0].score, 0.5);
  EXPECT_EQ(event.pairs[1].score, 0.4);
  EXPECT_EQ(event.pairs[2].score, 0.3) << "a party that the report alone has";
}

TEST(ReportPairsTest, AnInstitutionThatNeedsAndOffersSendsTheSamePeople) {
  constexpr char kReport[] = R"({"needs": [
      {"need": {"id": "n-1", "title": "提锂", "institution": "i-9"}, "partners": [
         {"id": "i-9", "name": "某企业", "adequacy": 0.9}, {"id": "i-1", "name": "某院", "adequacy": 0.7}]},
      {"need": {"id": "n-2", "title": "除钙", "institution": "i-8"}, "partners": [
         {"id": "i-9", "name": "某企业", "adequacy": 0.8}]}]})";
  plan::EventTables tables;
  ASSERT_TRUE(AddReportText(kReport, &tables).ok());
  EXPECT_EQ(MembersOf(tables, "n-1"), "代表#i-9");
  EXPECT_EQ(MembersOf(tables, "i-9"), "代表#i-9");
  EXPECT_EQ(MembersOf(tables, "i-1"), "") << "it brings no need";
  EXPECT_THAT(Column(tables, "pairs", "need"), ElementsAre("n-1", "n-2"));
  EXPECT_THAT(Column(tables, "pairs", "offer"), ElementsAre("i-1", "i-9")) << "not with itself";

  plan::EventTables named = Sheet({{{"id", "O-9"},
                                    {"name", "某企业"},
                                    {"side", "供给方"},
                                    {"record", "institutions/i-9"},
                                    {"members", "孙工"}},
                                   {{"id", "i-8"}, {"name", "另一企业"}, {"side", "供给方"}}});
  ASSERT_TRUE(AddReportText(kReport, &named).ok());
  EXPECT_EQ(MembersOf(named, "n-1"), "孙工") << "whom the spreadsheet names";
  EXPECT_EQ(MembersOf(named, "i-8"), "代表#i-8") << "its need has them too";
  EXPECT_EQ(MembersOf(named, "n-2"), "代表#i-8");
}

TEST(ReportPairsTest, TwoRecordsOfOneIdAreTwoParties) {
  plan::EventTables tables;
  ASSERT_TRUE(AddReportText(R"({"needs": [{"need": {"id": "x-1", "title": "提锂"},
      "partners": [{"id": "x-1", "name": "某院", "adequacy": 0.7}]}]})",
                            &tables)
                  .ok());
  EXPECT_THAT(Column(tables, "parties", "id"), ElementsAre("x-1", "institutions-x-1"));
  EXPECT_THAT(Column(tables, "pairs", "offer"), ElementsAre("institutions-x-1"));
}

TEST(ReportPairsTest, NeedsOfCountiesAreProtected) {
  plan::EventTables tables;
  ASSERT_TRUE(AddReportText(R"({"needs": [{"need": {"id": "n-1", "title": "一", "region": "632821"}},
                                      {"need": {"id": "n-2", "title": "二", "region": "6328"}},
                                      {"need": {"id": "n-3", "title": "三"}}]})",
                            &tables)
                  .ok());
  EXPECT_THAT(Column(tables, "parties", "protected"), ElementsAre("是", "", ""));
  EXPECT_THAT(Column(tables, "pairs", "need"), IsEmpty());
}

// Lists name the city alone; the quota of a province has to count it.
TEST(ReportPairsTest, PartiesBelongToTheProvinceOfTheirCode) {
  plan::EventTables tables;
  ASSERT_TRUE(
      AddReportText(
          R"({"needs": [{"need": {"id": "n-1", "title": "一", "region": "632821", "region_name": "青海海西州"},
      "partners": [{"id": "i-1", "name": "甲院", "region": "4201", "region_name": "武汉", "adequacy": 0.7},
                   {"id": "i-2", "name": "乙院", "region": "6325", "region_name": "海南州", "adequacy": 0.7}],
      "experts": [{"id": "e-1", "name": "王教授", "region": "42", "region_name": "湖北", "adequacy": 0.7}],
      "results": [{"id": "r-1", "title": "成果", "institutions": ["丙院"], "region": "420111", "region_name": "武汉",
                   "adequacy": 0.7},
                  {"id": "r-2", "title": "成果", "institutions": ["丁院"], "region": "xx", "region_name": "湖北某地",
                   "adequacy": 0.7}]}]})",
          &tables)
          .ok());
  const auto add = [&](const char* group) {
    plan::EventRow row;
    row.values = {{"kind", "地区"}, {"group", group}, {"max", "1"}};
    tables["quotas"].push_back(row);
  };
  for (const char* group : {"湖北", "海南", "青海", "6328", "632821"}) add(group);
  std::vector<plan::Problem> problems;
  const plan::Event event = plan::DecodeEvent(tables, &problems);
  const auto belong = [&](size_t quota) {
    std::vector<std::string> ids;
    for (const int p : event.quotas[quota].parties) ids.push_back(event.parties[p].id);
    return ids;
  };
  EXPECT_THAT(belong(0), UnorderedElementsAre("i-1", "e-1", "丙院", "丁院"));
  EXPECT_THAT(belong(1), IsEmpty()) << "海南州 is a place of 青海";
  EXPECT_THAT(belong(2), UnorderedElementsAre("n-1", "i-2"));
  EXPECT_THAT(belong(3), ElementsAre("n-1"));
  EXPECT_THAT(belong(4), ElementsAre("n-1")) << "the county, which has no name in the table";
}

TEST(IsCountyTest, TellsCountiesFromDistrictsAndWhatIsAbove) {
  for (const char* county : {"632821", "632801", "500241", "110228", "469021", "659001", "150525"})
    EXPECT_TRUE(IsCounty(county)) << county;
  for (const char* other :
       {"", "63", "6328", "632800", "630000", "630102", "110101", "500151", "310151", "63282a", "6328210"})
    EXPECT_FALSE(IsCounty(other)) << other;
}

// A report has more than an event needs, and may have been written with its keys in another order.
TEST(ReportPairsTest, WhatNoPairNeedsChangesNothingWhereverItStands) {
  plan::EventTables tables, plain;
  const std::string evidence(100'000, 'x');
  ASSERT_TRUE(
      AddReportText(R"({"summary": {"needs": [{"need": {"id": "n-9"}}]}, "needs": [{"partners": [
      {"reasons": ["同做提锂", ")" +
                        evidence + R"("], "evidence": [{"id": "i-9", "title": ")" + evidence +
                        R"("}], "adequacy": 0.7, "name": "甲院", "id": "i-1"}],
      "consortium": {"members": [{"id": "i-8"}]}, "need": {"title": "提锂", "description": ")" +
                        evidence +
                        R"(", "id": "n-1"}}], "idle_offers": [{"id": "i-7", "need": {"id": "n-8"}}]})",
                    &tables)
          .ok());
  ASSERT_TRUE(AddReportText(R"({"needs": [{"need": {"id": "n-1", "title": "提锂"}, "partners": [
      {"id": "i-1", "name": "甲院", "adequacy": 0.7, "reasons": ["同做提锂"]}]}]})",
                            &plain)
                  .ok());
  for (const char* key : {"id", "name", "title"})
    EXPECT_EQ(Column(tables, "parties", key), Column(plain, "parties", key)) << key;
  EXPECT_THAT(Column(tables, "pairs", "reason"), ElementsAre("同做提锂"));
}

TEST(ReportPairsTest, AReportThatIsCutShortAddsNothing) {
  plan::EventTables tables;
  const absl::Status status =
      AddReportText(R"({"needs": [{"need": {"id": "n-1", "title": "提锂"}}, {"need")", &tables);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(status.message(), "报告的 JSON：不是合法的 JSON；改法：用 dongxi report --json-out 生成");
  EXPECT_TRUE(tables.empty());
  EXPECT_EQ(AddReportText(R"({"unmatched": []})", &tables).message(),
            "报告的 JSON：没有 needs；改法：用 dongxi report --json-out 生成");
}

}  // namespace
}  // namespace dongxi::cli
