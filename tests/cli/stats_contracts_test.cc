// Contracts of a pair put together from the ledger's steps.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/stats/contracts.h"

namespace dongxi::cli {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

ContractEntry Entry(v1::EngagementStep step, int64_t day, std::optional<double> amount = std::nullopt) {
  return {step, day * 86'400, amount, "engagements/e-" + std::to_string(day), "3.2"};
}

constexpr auto kSigned = v1::ENGAGEMENT_STEP_SIGNED;
constexpr auto kRegistered = v1::ENGAGEMENT_STEP_REGISTERED;
constexpr auto kPaid = v1::ENGAGEMENT_STEP_PAID;
constexpr auto kDelivered = v1::ENGAGEMENT_STEP_DELIVERED;
constexpr auto kRefused = v1::ENGAGEMENT_STEP_REFUSED;

TEST(ContractsTest, ASecondContractIsNotRegisteredByTheFirstOnesNumber) {
  const std::vector<ContractEntry> entries = {Entry(kSigned, 1, 120), Entry(kRegistered, 20, 120),
                                              Entry(kSigned, 100, 80)};
  const std::vector<Contract> contracts = ContractsOf(entries);
  ASSERT_THAT(contracts, SizeIs(2));
  EXPECT_TRUE(contracts[0].registered);
  EXPECT_FALSE(contracts[1].registered);
}

TEST(ContractsTest, ARegistrationGoesToTheContractOfItsAmount) {
  const std::vector<ContractEntry> entries = {Entry(kSigned, 1, 120), Entry(kSigned, 10, 80),
                                              Entry(kRegistered, 20, 80)};
  const std::vector<Contract> contracts = ContractsOf(entries);
  ASSERT_THAT(contracts, SizeIs(2));
  EXPECT_FALSE(contracts[0].registered);
  EXPECT_TRUE(contracts[1].registered);
}

TEST(ContractsTest, PaymentsAndDeliveriesGoToTheEarliestThatLacksThem) {
  const std::vector<ContractEntry> entries = {Entry(kSigned, 1, 120), Entry(kPaid, 5, 60),
                                              Entry(kSigned, 10, 80), Entry(kPaid, 30, 60),
                                              Entry(kDelivered, 40)};
  const std::vector<Contract> contracts = ContractsOf(entries);
  ASSERT_THAT(contracts, SizeIs(2));
  EXPECT_TRUE(contracts[0].paid);
  EXPECT_TRUE(contracts[1].paid);
  EXPECT_TRUE(contracts[0].delivered);
  EXPECT_FALSE(contracts[1].delivered);
}

TEST(ContractsTest, WhatHasTheDayOfTheSignatureMayStandBeforeIt) {
  const std::vector<ContractEntry> entries = {Entry(kPaid, 9, 60), Entry(kRegistered, 10, 120),
                                              Entry(kSigned, 10, 120)};
  const std::vector<Contract> contracts = ContractsOf(entries);
  ASSERT_THAT(contracts, SizeIs(1));
  EXPECT_TRUE(contracts[0].registered);
  EXPECT_FALSE(contracts[0].paid) << "of another day";
}

TEST(ContractsTest, AContractThatFellThroughIsNoneAnyMore) {
  EXPECT_THAT(ContractsOf(std::vector<ContractEntry>{Entry(kSigned, 1, 120), Entry(kRefused, 50)}),
              IsEmpty());
  // Signed anew after the refusal was cleared.
  const std::vector<ContractEntry> anew = {Entry(kSigned, 1, 120), Entry(kRefused, 50),
                                           Entry(kSigned, 90, 60)};
  ASSERT_THAT(ContractsOf(anew), SizeIs(1));
  EXPECT_EQ(ContractsOf(anew).front().signature.name, "engagements/e-90");
  // What went on was not given up, what was delivered before stays.
  EXPECT_THAT(ContractsOf(std::vector<ContractEntry>{Entry(kSigned, 1, 120), Entry(kRefused, 50),
                                                     Entry(kPaid, 60, 9)}),
              SizeIs(1));
  EXPECT_THAT(ContractsOf(std::vector<ContractEntry>{Entry(kSigned, 1, 120), Entry(kDelivered, 40),
                                                     Entry(kRefused, 50)}),
              SizeIs(1));
}

TEST(ContractsTest, AClearedRefusalLeavesTheContractOpenUntilThePairSignsAnew) {
  ContractEntry cleared = Entry(kRefused, 50);
  cleared.cleared = true;
  EXPECT_THAT(ContractsOf(std::vector<ContractEntry>{Entry(kSigned, 1, 120), cleared}), SizeIs(1));
  const std::vector<ContractEntry> anew = {Entry(kSigned, 1, 120), cleared, Entry(kSigned, 90, 60)};
  ASSERT_THAT(ContractsOf(anew), SizeIs(1));
  EXPECT_EQ(ContractsOf(anew).front().signature.name, "engagements/e-90");
  // What went on meanwhile is another contract.
  EXPECT_THAT(ContractsOf(std::vector<ContractEntry>{Entry(kSigned, 1, 120), cleared, Entry(kPaid, 60, 9),
                                                     Entry(kSigned, 90, 60)}),
              SizeIs(2));
  // Of two refusals one still holds.
  EXPECT_THAT(ContractsOf(std::vector<ContractEntry>{Entry(kSigned, 1, 120), Entry(kRefused, 40), cleared}),
              IsEmpty());
}

TEST(GoodCaseTest, TheNameOfAPlanProvesNothing) {
  EXPECT_FALSE(Proves("plans/p-0005f2"));
  EXPECT_TRUE(Proves("验收意见书"));
}

TEST(GoodCaseTest, ANegationMarksNothing) {
  for (const char* note :
       {"典型案例", "典型案例：首台套", "可作为典型案例。", "未超预算，列为典型案例", "【典型案例】"})
    EXPECT_TRUE(MarksGoodCase(note)) << note;
  for (const char* note :
       {"", "不作为典型案例", "暂未列入典型案例", "非典型案例", "典型案例不是", "取消典型案例", "案例典型"})
    EXPECT_FALSE(MarksGoodCase(note)) << note;
}

}  // namespace
}  // namespace dongxi::cli
