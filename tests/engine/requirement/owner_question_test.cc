// The question to the owner on small offers.
#include "engine/requirement/owner_question.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace dongxi::requirement {
namespace {

using testing::HasSubstr;

class OwnerQuestionTest : public testing::Test {
 protected:
  static OfferReading Offer(const char* id, const char* text) {
    return ReadOffer(Record{.kind = RecordKind::kResult, .id = id, .title = "吸附剂", .text = text},
                     BuiltInRequirementTables());
  }
  static NeedReading Need(const char* wanted) {
    return ReadNeed(Record{.kind = RecordKind::kNeed, .id = "n", .title = "提锂吸附剂", .wanted = wanted},
                    BuiltInRequirementTables());
  }
  static std::string Ask(const NeedReading& need, const std::vector<OfferReading>& offers) {
    std::vector<const OfferReading*> all;
    for (const OfferReading& offer : offers) all.push_back(&offer);
    const auto question = BestQuestion(need, all);
    return question ? question->text : "";
  }
};

TEST_F(OwnerQuestionTest, AsksForWhatPartsTheOffersMost) {
  const std::vector<OfferReading> offers = {Offer("1", "锂收率80%"), Offer("2", "锂收率86%"),
                                            Offer("3", "锂收率92%，完成中试")};
  EXPECT_EQ(Ask(Need(""), offers), "对“锂收率”有没有要求？候选的数值从 80% 到 92%。");
  EXPECT_THAT(Ask(Need("锂收率≥85%"), offers), testing::Not(HasSubstr("锂收率"))) << "the need says it";
}

TEST_F(OwnerQuestionTest, TwoNamesOfOneQuantityAreOneQuestion) {
  const std::vector<OfferReading> offers = {Offer("1", "锂收率80%"), Offer("2", "锂总收率90%"),
                                            Offer("3", "锂的收率85%")};
  EXPECT_THAT(Ask(Need(""), offers), HasSubstr("从 80% 到 90%"));
}

TEST_F(OwnerQuestionTest, WhatCannotBeOneChoiceIsNotAskedFor) {
  EXPECT_EQ(Ask(Need(""), {Offer("1", "吨水电耗31kWh"), Offer("2", "吨铝电耗12000kWh")}), "")
      << "numbers of two things";
  EXPECT_EQ(Ask(Need(""), {Offer("1", "海拔3000m选育早熟饲草"), Offer("2", "海拔4000m选育早熟饲草")}), "")
      << "no name of a quantity";
}

TEST_F(OwnerQuestionTest, AsksForTheLevelWhereThatPartsThem) {
  EXPECT_THAT(Ask(Need(""), {Offer("1", "已完成小试"), Offer("2", "已产业化")}), HasSubstr("成熟度"));
}

TEST_F(OwnerQuestionTest, NothingWhereTheOffersDoNotDiffer) {
  EXPECT_EQ(Ask(Need(""), {Offer("1", "锂收率80%"), Offer("2", "锂收率80%")}), "");
  EXPECT_EQ(Ask(Need(""), {}), "");
}

}  // namespace
}  // namespace dongxi::requirement
