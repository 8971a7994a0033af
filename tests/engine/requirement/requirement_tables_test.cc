// The tables of data/requirement, and what the loader refuses.
#include "engine/requirement/requirement_tables.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "engine/requirement/scan_text.h"

namespace dongxi::requirement {
namespace {

TableFiles ProductFiles() {
  TableFiles files;
  for (const auto& entry : std::filesystem::directory_iterator("data/requirement")) {
    std::ifstream file(entry.path());
    std::stringstream content;
    content << file.rdbuf();
    files[entry.path().filename().string()] = content.str();
  }
  return files;
}

TEST(RequirementTablesTest, TheProductsTablesLoadAndAreThoseCompiledIn) {
  const auto tables = LoadRequirementTables("data/requirement");
  ASSERT_TRUE(tables.ok()) << tables.status();
  const RequirementTables& built_in = BuiltInRequirementTables();
  EXPECT_EQ((*tables)->units().size(), built_in.units().size());
  EXPECT_EQ((*tables)->quantities().size(), built_in.quantities().size());
  EXPECT_GT(built_in.quantities().size(), 150u);
}

TEST(RequirementTablesTest, EveryModeOfTheMatrixIsAModeOfThePolicy) {
  std::ifstream file("data/policy/modes.tsv");
  std::set<std::string> codes;
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with('#')) codes.insert(line.substr(0, line.find('\t')));
  }
  std::ifstream matrix("data/requirement/modes.tsv");
  for (std::string line; std::getline(matrix, line);) {
    if (line.starts_with('#') || line.starts_with("wanted")) continue;
    const size_t first = line.find('\t'), second = line.find('\t', first + 1);
    EXPECT_TRUE(codes.contains(line.substr(0, first))) << line;
    EXPECT_TRUE(codes.contains(line.substr(first + 1, second - first - 1))) << line;
  }
}

TEST(RequirementTablesTest, AMistakeIsNamedWithFileAndLine) {
  struct Case {
    std::string file, from, to, message;
  };
  const Case cases[] = {
      {"units.tsv", "kg\tmass\t1\t", "kg\tmass\tone\t", "factor is \"one\""},
      {"units.tsv", "mass/length", "mass/", ""},
      {"quantities.tsv", "收率\thigh", "收率\tbetter", "better is \"better\""},
      {"complements.tsv", "保留率\t损失率", "保留率\t失去率", "complement is \"失去率\""},
      {"modes.tsv", "\tpartly\t", "\tmaybe\t", "fit is \"maybe\""},
      {"mode_phrases.tsv", "\ntransfer\toffers\t", "\ntransfre\toffers\t", "mode is \"transfre\""},
      {"mode_phrases.tsv", "\ntransfer\trefuses\t", "\ntransfer\tpast\t", "says is \"past\""},
      {"mode_phrases.tsv", "\n-\tpast\t", "\n-\toffers\t", "says is \"offers\""},
      {"mode_phrases.tsv", "\n-\tgoods\t", "\n-\tgoods\t-\t", "number of columns is \"4\""},
      {"mode_phrases.tsv", "\t整体出让|", "\t整体出让|整体出让|", "phrases is \"整体出让\""},
      {"mode_phrases.tsv", "\t整体出让|", "\t…出让|", "phrases is \"…出让\""},
      {"mode_phrases.tsv", "\t整体出让|", "\t专利…整体…出让|", "phrases is \"专利…整体…出让\""},
      {"mode_phrases.tsv", "\ntransfer\tacts\t", "\ntransfer\tacts\t专利…卖|", "a phrase without …"},
      {"maturity.tsv", "4\t5\t小试", "4\t12\t小试", "high is \"12\""},
      {"maturity.tsv", "\tboth\n", "\teither\n", "side is \"either\""},
      {"conditions.tsv", "海拔\tm\t", "海拔\tfathom\t", "unit is \"fathom\""},
      {"conditions.tsv", "\t海拔\t", "\t高度计\t", "measure is \"高度计\""},
      {"claims.tsv", "\nmaturity_after\tdeny", "\nmaturity_after\trefuse", "effect is \"refuse\""},
      {"claims.tsv", "\nasked_before\t", "\nasked_behind\t", "place is \"asked_behind\""},
      {"liveness.tsv", "ip\tblock", "ip\tstop", "effect is \"stop\""},
      {"elements.tsv", "\nmethod_head\t", "\nmethod_tail\t", "class is \"method_tail\""},
  };
  for (const Case& one : cases) {
    TableFiles files = ProductFiles();
    std::string& content = files[one.file];
    const size_t place = content.find(one.from);
    if (one.message.empty() && place == std::string::npos) continue;
    ASSERT_NE(place, std::string::npos) << one.from;
    content.replace(place, one.from.size(), one.to);
    const auto tables = ParseRequirementTables(files);
    ASSERT_FALSE(tables.ok()) << one.to;
    EXPECT_THAT(std::string(tables.status().message()), testing::HasSubstr(one.file + ":"));
    EXPECT_THAT(std::string(tables.status().message()), testing::HasSubstr(one.message));
  }
}

TEST(RequirementTablesTest, AMissingFileIsNamed) {
  TableFiles files = ProductFiles();
  files.erase("words.tsv");
  const auto tables = ParseRequirementTables(files);
  ASSERT_FALSE(tables.ok());
  EXPECT_THAT(std::string(tables.status().message()), testing::HasSubstr("words.tsv"));
}

TEST(RequirementTablesTest, AWordOfTwoQuantitiesIsRefused) {
  TableFiles files = ProductFiles();
  files["quantities.tsv"] += "别的量\thigh\tplain\t总收率\n";
  EXPECT_FALSE(ParseRequirementTables(files).ok());
}

TEST(DimensionTest, ProductsAndQuotientsCancel) {
  const Dimension density = *Dimension::Parse("mass/length^3"), volume = *Dimension::Parse("length^3");
  EXPECT_EQ(density.Times(volume), *Dimension::Parse("mass"));
  EXPECT_TRUE(density.Times(density, -1).is_ratio());
  EXPECT_FALSE(Dimension::Parse("mass/").ok());
  EXPECT_FALSE(Dimension::Parse("mass^12").ok());
}

}  // namespace
}  // namespace dongxi::requirement
