#include "engine/requirement/same_quantity.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "engine/policy/table_text.h"
#include "engine/requirement/compare_indicators.h"
#include "engine/requirement/pair_features.h"
#include "engine/requirement/requirement_tables.h"

namespace dongxi::requirement {
namespace {

using testing::HasSubstr;

absl::StatusOr<SameQuantityModel> Read(const std::string& rows) {
  static std::string content;  // the rows are views into it
  content = "tree\tnode\tfeature\tvalue\tbelow\tabove\n" + rows;
  const auto parsed = ParseTable("m.tsv", content, {"tree", "node", "feature", "value", "below", "above"});
  if (!parsed.ok()) return parsed.status();
  return SameQuantityModel::FromRows("m.tsv", *parsed);
}

PairFeatures With(std::string_view name, float value) {
  PairFeatures features = {};
  for (size_t i = 0; i < kPairFeatures; ++i) {
    if (name == kPairFeatureNames[i]) features[i] = value;
  }
  return features;
}

TEST(SameQuantityTest, TheProbabilityIsThatOfTheTreesLeavesTogether) {
  const auto model = Read(
      "0\t0\tlikeness\t0.5\t1\t2\n0\t1\t-\t-1\t-\t-\n0\t2\t-\t2\t-\t-\n"
      "1\t0\t-\t0.25\t-\t-\n");
  ASSERT_TRUE(model.ok()) << model.status();
  const auto logistic = [](double x) { return 1 / (1 + std::exp(-x)); };
  EXPECT_DOUBLE_EQ(model->Probability(With("likeness", 0.49F)), logistic(-0.75));
  EXPECT_DOUBLE_EQ(model->Probability(With("likeness", 0.5F)), logistic(2.25)) << "the threshold goes above";
}

TEST(SameQuantityTest, WithoutTreesItIsHalf) {
  const auto model = Read("");
  ASSERT_TRUE(model.ok()) << model.status();
  EXPECT_DOUBLE_EQ(model->Probability({}), 0.5);
}

TEST(SameQuantityTest, AFileThatIsNoModelNamesLineAndRemedy) {
  const struct {
    const char *rows, *message;
  } cases[] = {
      {"1\t0\t-\t1\t-\t-\n", "m.tsv:2: tree"},
      {"0\t1\t-\t1\t-\t-\n", "m.tsv:2: tree"},
      {"0\t0\t-\t1\t-\t-\n0\t2\t-\t1\t-\t-\n", "m.tsv:3: node"},
      {"0\t0\tcolour\t1\t1\t2\n", "m.tsv:2: feature"},
      {"0\t0\t-\tmuch\t-\t-\n", "m.tsv:2: value"},
      {"0\t0\t-\tnan\t-\t-\n", "m.tsv:2: value"},
      {"0\t0\tlikeness\t0.5\t0\t2\n", "m.tsv:2: below"},
      {"0\t0\tlikeness\t0.5\t1\t9\n0\t1\t-\t1\t-\t-\n", "m.tsv:2: above"},
      {"0\t0\tlikeness\t0.5\t1\t2\n0\t1\t-\t1\t-\t-\n1\t0\t-\t1\t-\t-\n", "m.tsv:2: above"},
  };
  for (const auto& one : cases) {
    const auto model = Read(one.rows);
    ASSERT_FALSE(model.ok()) << one.rows;
    EXPECT_EQ(model.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(std::string(model.status().message()), HasSubstr(one.message));
  }
}

class PairFeaturesTest : public testing::Test {
 protected:
  static std::vector<IndicatorPair> Pairs(std::string_view need, std::string_view offer) {
    static const auto& names = *new std::shared_ptr<NameForms>([] {
      auto model = StaticModel::Open("models/dongxi-static.dxm");
      EXPECT_TRUE(model.ok()) << model.status();
      return NewNameForms(*std::move(model));
    }());
    const RequirementTables& tables = BuiltInRequirementTables();
    const std::vector<Indicator> asked = ParseIndicators(need, {.side = Side::kNeed}, tables);
    return ReadPairs(asked, ParseIndicators(offer, {.side = Side::kOffer}, tables), FormsOf(asked, *names),
                     *names);
  }
  static float Of(const IndicatorPair& pair, std::string_view name) {
    for (size_t i = 0; i < kPairFeatures; ++i) {
      if (name == kPairFeatureNames[i]) return pair.features[i];
    }
    ADD_FAILURE() << name;
    return 0;
  }
};

TEST_F(PairFeaturesTest, WhatTheTwoNamesShareIsCounted) {
  const auto pairs = Pairs("影像解缠时间≤10分钟", "影像解缠耗时6分钟");
  ASSERT_EQ(pairs.size(), 1u);
  EXPECT_EQ(Of(pairs[0], "begin"), 4);
  EXPECT_EQ(Of(pairs[0], "end"), 0);
  EXPECT_FLOAT_EQ(Of(pairs[0], "common"), 4.0F / 5) << "影像解缠, of names without 时";
  EXPECT_EQ(Of(pairs[0], "both_rest"), 1);
  EXPECT_FLOAT_EQ(Of(pairs[0], "value_distance"), std::log(10.0F / 6));
  EXPECT_EQ(Of(pairs[0], "rivals"), 0);
}

TEST_F(PairFeaturesTest, ALeadIsOverTheBestRivalOfThatDimension) {
  const auto pairs = Pairs("影像解缠时间≤10分钟", "影像解缠耗时6分钟，影像配准耗时9分钟，内存64 GB");
  ASSERT_EQ(pairs.size(), 2u) << "gigabytes are no rival of minutes";
  EXPECT_EQ(Of(pairs[0], "rivals"), 1);
  EXPECT_GT(Of(pairs[0], "common_lead"), 0);
  EXPECT_FLOAT_EQ(Of(pairs[1], "common_lead"), -Of(pairs[0], "common_lead"));
  EXPECT_GT(Of(pairs[0], "distance_lead"), 0) << "9 is nearer to 10 than 6 is";
  EXPECT_EQ(Of(pairs[0], "need_rivals"), 0);
}

TEST_F(PairFeaturesTest, OfComplementsTheRestIsCompared) {
  const auto pairs = Pairs("羔羊成活率≥95%", "羔羊死亡率不高于5%");
  ASSERT_EQ(pairs.size(), 1u);
  EXPECT_EQ(Of(pairs[0], "complements"), 1);
  EXPECT_NEAR(Of(pairs[0], "value_distance"), 0, 1e-6);
  EXPECT_EQ(Of(pairs[0], "direction"), 1) << "at most 5 % dead is at least 95 % alive";
}

TEST_F(PairFeaturesTest, WhatTheTablesTellApartIsNoPair) {
  for (const auto& [need, offer] :
       {std::pair("抗压强度≥30MPa", "抗拉强度40MPa"), std::pair("定位精度≤5μm", "重复定位精度3μm"),
        std::pair("进风露滴量≤3g/h", "出风露滴量2g/h")}) {
    EXPECT_TRUE(Pairs(need, offer).empty()) << need << " | " << offer;
  }
}

TEST_F(PairFeaturesTest, AHopelessPairIsGivenUpAndNoOtherChanges) {
  const SameQuantityModel& model = BuiltInRequirementTables().same_quantity();
  constexpr char kNeed[] = "锂回收率≥90%，吨水电耗≤3kWh，出水浊度≤1NTU，处理时间≤20分钟，成活率≥95%";
  constexpr char kOffer[] =
      "提锂率92%，水耗2吨，浊度0.6NTU，耗时15分钟，死亡率3%，回用率80%，药剂费4元，用时8小时";
  size_t hopeless = 0, likely = 0;
  for (const IndicatorPair& pair : Pairs(kNeed, kOffer)) {
    const double whole = model.Probability(pair.features);
    for (const double least : {0.01, 0.15, 0.4, 0.8, 0.99}) {
      const double found = model.Probability(pair.features, least);
      if (whole >= least) {
        EXPECT_EQ(found, whole);
      } else {
        EXPECT_LT(found, least);
      }
    }
    (whole < 0.15 ? hopeless : likely) += 1;
  }
  EXPECT_GT(hopeless, 0u);
  EXPECT_GT(likely, 0u);
}

TEST(SameQuantityTest, TheBuiltInModelKnowsAParaphraseFromASister) {
  auto model = StaticModel::Open("models/dongxi-static.dxm");
  ASSERT_TRUE(model.ok()) << model.status();
  const RequirementTables& tables = BuiltInRequirementTables();
  NameForms names(tables, *std::move(model), 100);
  const std::vector<Indicator> asked = ParseIndicators("膜水回收率不低于90%", {.side = Side::kNeed}, tables);
  const auto pairs =
      ReadPairs(asked, ParseIndicators("膜系统水的回收率91%，膜脱盐率99%", {.side = Side::kOffer}, tables),
                FormsOf(asked, names), names);
  ASSERT_EQ(pairs.size(), 2u);
  EXPECT_GT(tables.same_quantity().Probability(pairs[0].features),
            tables.same_quantity().Probability(pairs[1].features) + 0.3);
}

}  // namespace
}  // namespace dongxi::requirement
