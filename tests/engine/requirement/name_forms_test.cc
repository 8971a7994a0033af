#include "engine/requirement/name_forms.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "engine/requirement/likely_names.h"

namespace dongxi::requirement {
namespace {

std::shared_ptr<const StaticModel> Model() {
  auto model = StaticModel::Open("models/dongxi-static.dxm");
  EXPECT_TRUE(model.ok()) << model.status();
  return *std::move(model);
}

Indicator One(std::string_view text, Side side) {
  const std::vector<Indicator> all = ParseIndicators(text, {.side = side}, BuiltInRequirementTables());
  EXPECT_EQ(all.size(), 1u) << text;
  return all.front();
}

std::vector<double> MarginsOf(NameForms& forms) {
  std::vector<double> margins;
  for (const char* need : {"单景解缠时间≤10分钟", "径向跳动≤0.02mm", "脱硝催化剂再生后活性恢复率≥90%"}) {
    for (const char* offer : {"影像解缠耗时6.5分钟", "径跳0.015mm", "催化剂活性恢复程度95%"}) {
      const Indicator asked = One(need, Side::kNeed), stated = One(offer, Side::kOffer);
      const auto a = forms.Of(asked.name.text), b = forms.Of(stated.name.text);
      margins.push_back(
          LikelyMargin(asked, stated, LikenessOfForms(*a, *b), LikenessOfForms(EndOf(*a), EndOf(*b))));
    }
  }
  return margins;
}

TEST(NameFormsTest, WithoutAModelThereAreNone) { EXPECT_EQ(NewNameForms(nullptr), nullptr); }

TEST(NameFormsTest, ANameIsEmbeddedOnce) {
  NameForms forms(BuiltInRequirementTables(), Model(), 10);
  const auto first = forms.Of(U"循环寿命");
  EXPECT_FALSE(first->name_vector.values.empty());
  EXPECT_EQ(forms.Of(U"循环寿命"), first);
}

TEST(NameFormsTest, WhatWasForgottenIsAsAlikeAsBefore) {
  NameForms large(BuiltInRequirementTables(), Model(), 1'000), small(BuiltInRequirementTables(), Model(), 1);
  const std::vector<double> margins = MarginsOf(large);
  EXPECT_GE(margins[0], 0);
  EXPECT_EQ(MarginsOf(small), margins);
  EXPECT_EQ(MarginsOf(large), margins);
}

TEST(NameFormsTest, ManyCallersCompareAlike) {
  NameForms forms(BuiltInRequirementTables(), Model(), 3);
  const std::vector<double> margins = MarginsOf(forms);
  std::vector<std::thread> threads;
  for (int caller = 0; caller < 4; ++caller) {
    threads.emplace_back([&] {
      for (int round = 0; round < 20; ++round) EXPECT_EQ(MarginsOf(forms), margins);
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace dongxi::requirement
