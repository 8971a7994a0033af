// What an offer says of stages that were given up, left behind, planned or another's, and of use that it
// counts.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/requirement/assess.h"
#include "engine/requirement/maturity.h"

namespace dongxi::requirement {
namespace {

// The level of an offer with this text; 0 if it says none.
int LevelOf(const std::string& text) {
  Record offer{.kind = RecordKind::kResult, .id = "r-1", .title = "成果"};
  offer.text = text;
  const auto read = ReadMaturity(offer, ScanRecord(offer), BuiltInRequirementTables());
  return read ? read->low : 0;
}

TEST(StageClaimTest, AStageThatWasGivenUpOrIsStillPlannedDoesNotCount) {
  struct Case {
    std::string text;
    int want;
  };
  const Case cases[] = {
      // Given up, in the sentence or in the next that goes on about it.
      {"2023年曾开展吨级中试，运行中途停止，未通过验收，现退回小试。", 4},
      {"中试线2021年停运，至今没有恢复。", 0},
      {"曾在三家矿山应用，因故障频发全部拆除。", 0},
      {"2020年建成示范线。后因成本过高停运至今。", 0},
      {"首次中试未通过验收，2023年第二次中试通过验收。", 6},
      {"已批量供货，老型号已停产。", 8},
      {"已批量供货，从未停运。", 8},
      {"已经做过三批中试，均未达标。", 0},
      // Left behind.
      {"早已走出实验室小试阶段，四家药厂的生产线常年稳定开机。", 8},
      {"告别小试。", 0},
      {"早过了中试。", 7},
      {"尚未走出实验室。", 4},
      {"还没走出实验室小试阶段。", 4},
      // A plan that goes on, questions, parts, rows.
      {"预计2027年完成中试，2028年量产。", 0},
      {"完成小试，计划明年中试，随后量产。", 4},
      {"国家重点研发计划2021年立项，2023年完成中试。", 6},
      {"今后可在同类矿山推广应用。", 0},
      {"还没有搞过中试，只在烧杯里试过。", 4},
      {"无工程业绩。", 0},
      {"量产在即。", 0},
      {"中试完成60%。", 0},
      {"中试：2024年完成；量产：2027年（计划）。", 6},
      {"小试：2021年，完成；中试：未开始；量产：—。", 4},
      {"中试：无故障运行60天。", 6},
      {"是否中试：否。", 0},
      {"是否量产：是。", 8},
      {"示范：2023年，通过验收；推广：2025年，已在9座窑炉用上。", 7},
      {"示范：拟2027年建成。", 0},
      {"果实提前15天上市。", 0},
      {"为实现产业化应用，开展了小试。", 4},
  };
  for (const Case& one : cases) EXPECT_EQ(LevelOf(one.text), one.want) << one.text;
}

TEST(StageClaimTest, WhatIsSaidOfOthersOrOfAnotherProductDoesNotCount) {
  struct Case {
    std::string text;
    int want;
  };
  const Case cases[] = {
      {"团队此前的提取技术已实现产业化；运输车项目力争走向市场。", 0},
      {"我们此前开发的一代机已卖出300台，这台新机只在台架上试过。", 4},
      {"我们此前完成了中试，今年转入量产。", 8},
      {"另一款产品已批量供货，本型号处于样机阶段。", 5},
      {"所用芯片已量产，整机仅完成原理样机。", 3},
      {"德国某公司的同类设备早已商用。", 0},
      {"合作单位已批量生产同类泵。", 0},
      {"与合作企业共同完成中试。", 6},
      {"工业试验在某公司完成。", 7},
      {"中试企业名单。", 0},
      // Inside other words.
      {"取电解液中试样稀释后测定。", 0},
      {"完成中试样品制备。", 6},
      {"较小试样亦可测定。", 0},
  };
  for (const Case& one : cases) EXPECT_EQ(LevelOf(one.text), one.want) << one.text;
}

TEST(StageClaimTest, WorkForOthersYearsOfUseAndRegistrationsSayALevel) {
  struct Case {
    std::string text;
    int want;
  };
  const Case cases[] = {
      {"先后为六座水泥厂完成喷涂改造。", 7},
      {"可为三家企业提供技术支撑。", 0},
      {"为三家企业提供了依据。", 0},
      {"模型分为3条生产线描述。", 0},
      {"12台炉投用。", 7},
      {"3台电机同步运行。", 0},
      {"在两座山地电站跑了三个汛期。", 7},
      {"四处湖湾七年示范，透明度回升。", 7},
      {"设计三十年运行。", 0},
      {"处理废水的装置运行三年后更换滤料。", 0},
      {"在北部盐碱地和南疆共三万亩应用。", 7},
      {"2019年完成中试，2022年起在12家矿山应用。", 7},
      {"2018年做出样机，2020年中试，2023年起在十九家茶厂使用。", 7},
      {"中试装置2023年建成，已连续运行两年。", 6},
      {"完成田间试验，已在5个县推广12万亩。", 9},
      {"最早卖出去的那批都用了四年。", 8},
      {"帮助农户把苹果卖出去。", 0},
      {"通过国家登记，累计种植118万亩。", 9},
      {"尚未申请品种登记。", 0},
      {"国审麦20230045。", 8},
      {"还没给农户用过。", 4},
      {"没有给农户造成损失。", 0},
      {"仅有数字样机。", 3},
      {"获得临床试验批件。", 4},
  };
  for (const Case& one : cases) EXPECT_EQ(LevelOf(one.text), one.want) << one.text;
}

}  // namespace
}  // namespace dongxi::requirement
