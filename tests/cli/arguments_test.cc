#include "cli/arguments.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace dongxi::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

struct RegionCase {
  const char* name;
  std::string code;
  const char* problem;  // null: accepted
};

TEST(CheckRegionCodeTest, Table) {
  const RegionCase cases[] = {
      {"Province", "63", nullptr},
      {"Prefecture", "6328", nullptr},
      {"County", "632801", nullptr},
      {"BeginningOfAPrefecture", "632", nullptr},
      {"Empty", "", "2 至 6 位数字"},
      {"TooShort", "6", "2 至 6 位数字"},
      {"TooLong", "6328011", "2 至 6 位数字"},
      {"FullWidthDigits", "６３", "2 至 6 位数字"},
      {"NoSuchProvince", "99", "没有以 99 开头的省级代码"},
      {"NameOfAProvince", "青海", "青海的代码是 63"},
      {"NameWithProvince", "青海省", "代码是 63"},
      {"Quote", "44\" OR region = \"11", "2 至 6 位数字"},
  };
  for (const RegionCase& c : cases) {
    SCOPED_TRACE(c.name);
    const absl::Status status = CheckRegionCode("--region", c.code);
    EXPECT_EQ(status.ok(), c.problem == nullptr) << status;
    if (c.problem != nullptr) {
      EXPECT_THAT(std::string(status.message()), HasSubstr(c.problem));
      EXPECT_THAT(std::string(status.message()), HasSubstr("--region 的值“" + c.code + "”"));
    }
  }
}

TEST(CandidateFilterTest, JoinsRegionsByOrAndKeepsTheFilterBesideThem) {
  EXPECT_EQ(*CandidateFilter({}, ""), "");
  EXPECT_EQ(*CandidateFilter({}, "maturity >= 6"), "maturity >= 6");
  EXPECT_EQ(*CandidateFilter({"44"}, ""), "region = \"44\"");
  EXPECT_EQ(*CandidateFilter({"44", "31"}, " "), "region = \"44\" OR region = \"31\"");
  EXPECT_EQ(*CandidateFilter({"44", "31"}, "maturity >= 6 OR year > 2020"),
            "(region = \"44\" OR region = \"31\") AND (maturity >= 6 OR year > 2020)");
  EXPECT_FALSE(CandidateFilter({"44", "x"}, "").ok());
}

TEST(ParseKindsTest, KnowsTheListsOfAMatchAndTheKindsOfASearch) {
  EXPECT_THAT(*ParseMatchKinds({"results", "partners", "results"}), ElementsAre(v1::RESULT, v1::INSTITUTION));
  EXPECT_THAT(*ParseSearchKinds({"needs", "evidence"}), ElementsAre(v1::NEED, v1::EVIDENCE));
  EXPECT_TRUE(ParseMatchKinds({})->empty());
  EXPECT_THAT(std::string(ParseMatchKinds({"needs"}).status().message()),
              HasSubstr("partners、experts、results"));
  EXPECT_FALSE(ParseSearchKinds({""}).ok());
  EXPECT_THAT(*ParseMatchKinds({"results，partners、 experts"}),
              ElementsAre(v1::RESULT, v1::INSTITUTION, v1::EXPERT))
      << "as a Chinese keyboard writes it";
}

TEST(NamesTest, TakeAnIdOrAResourceName) {
  EXPECT_EQ(*NeedName("--need", "n-1"), "needs/n-1");
  EXPECT_EQ(*NeedName("--need", "needs/n-1"), "needs/n-1");
  EXPECT_EQ(*NeedName("--need", "示例-需求-1"), "needs/示例-需求-1");
  EXPECT_FALSE(NeedName("--need", "results/r-1").ok());
  EXPECT_FALSE(NeedName("--need", "a b").ok());
  EXPECT_EQ(*OfferName("experts/e-1"), "experts/e-1");
  EXPECT_FALSE(OfferName("needs/n-1").ok());
  EXPECT_FALSE(OfferName("r-1").ok()) << "an id alone does not say of which kind";
}

TEST(ServerAddressTest, NeedsHostAndPort) {
  for (const char* good : {"127.0.0.1:7878", "localhost:1", "[::1]:7878", "match.example.cn:65535"}) {
    EXPECT_TRUE(CheckServerAddress(good).ok()) << good;
  }
  for (const char* bad : {"", "localhost", ":7878", "localhost:", "localhost:0", "localhost:65536",
                          "localhost:x", "::1:7878", "http://localhost:7878", "[]:1", "a b:1"}) {
    EXPECT_FALSE(CheckServerAddress(bad).ok()) << bad;
  }
}

TEST(ServerAddressTest, OnlyLoopbackIsLoopback) {
  for (const char* yes : {"127.0.0.1:1", "127.8.9.1:1", "localhost:1", "[::1]:1"})
    EXPECT_TRUE(IsLoopback(yes)) << yes;
  for (const char* no : {"10.0.0.1:1", "127.example.org:1", "localhost.example.org:1", "[::2]:1", ""}) {
    EXPECT_FALSE(IsLoopback(no)) << no;
  }
}

}  // namespace
}  // namespace dongxi::cli
