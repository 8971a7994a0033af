// Quotas of regions and institutions: every plan there is is the oracle, on tiny events.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "engine/plan/check.h"
#include "engine/plan/event_tables.h"
#include "engine/plan/group_finder.h"
#include "engine/plan/planner.h"
#include "engine/plan/replan.h"
#include "tests/engine/plan/brute_force.h"
#include "tests/engine/plan/sample_event.h"

namespace dongxi::plan {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr unsigned kSeed = 11;

void AddQuota(Event& event, std::vector<int> parties, int least, int most) {
  Quota& quota = event.quotas.emplace_back();
  quota.group = "组" + std::to_string(event.quotas.size());
  quota.parties = std::move(parties);
  quota.min_meetings = least;
  quota.max_meetings = most;
  quota.place = {"名额", event.quotas.size() + 1};
}

Event TinyEvent(std::mt19937& rng) {
  Event event = PlainEvent(3, 2, 2);
  event.settings.fair_share_max = 0;
  AddPairs(event, rng, 0.9);
  for (Party& party : event.parties) {
    if (rng() % 4 == 0) party.available.reset(rng() % event.slots.size());
    if (rng() % 3 == 0) party.max_meetings = 1;
  }
  return event;
}

std::vector<int> SomeOf(std::mt19937& rng, int from, int to) {
  std::vector<int> some;
  for (int p = from; p < to; ++p) {
    if (rng() % 3 != 0) some.push_back(p);
  }
  return some;
}

void ExpectOptimal(const Event& event) {
  const absl::StatusOr<Plan> plan = MakePlan(event);
  ASSERT_TRUE(plan.ok()) << plan.status();
  for (const Violation& violation : CheckPlan(event, *plan)) ADD_FAILURE() << violation.text;
  const BestPlan best = BruteForce(event).Run();
  EXPECT_EQ(plan->figures.musts_met, best.musts);
  EXPECT_EQ(plan->figures.min_shortfall + plan->figures.quota_shortfall, best.shortfall);
  EXPECT_NEAR(plan->figures.value, best.value, 1e-9);
  EXPECT_NEAR(plan->figures.gap, 0, 1e-9) << plan->figures.method;
  for (const QuotaResult& result : plan->quotas) {
    EXPECT_EQ(result.reasons.empty(), result.missing == 0);
    const Quota& quota = event.quotas[result.quota];
    EXPECT_EQ(result.missing, std::max(0, quota.min_meetings - result.meetings));
  }
}

// Quotas that lie within each other on one side, those that cross, and those of both sides.
enum class Shape { kNested, kCrossing, kBothSides };

void ExpectOptimalWith(Shape shape, unsigned seed) {
  std::mt19937 rng(seed);
  int tried = 0, bound = 0, missed = 0;
  for (int round = 0; round < 100; ++round) {
    SCOPED_TRACE(round);
    Event event = TinyEvent(rng);
    const auto most = [&] { return rng() % 4 == 0 ? -1 : static_cast<int>(rng() % 4); };
    const auto least = [&] { return rng() % 2 == 0 ? 0 : static_cast<int>(rng() % 4); };
    if (shape == Shape::kNested) {
      AddQuota(event, {0, 1, 2}, least(), most());
      AddQuota(event, {1, 2}, least(), most());
      AddQuota(event, {3, 4}, least(), most());
    } else if (shape == Shape::kCrossing) {
      AddQuota(event, {0, 1}, least(), most());
      AddQuota(event, {1, 2}, least(), most());
    } else {
      AddQuota(event, SomeOf(rng, 0, 5), least(), most());
      AddQuota(event, SomeOf(rng, 0, 5), least(), most());
    }
    if (rng() % 3 == 0) event.pairs[rng() % event.pairs.size()].by_organiser = Wish::kMust;
    if (rng() % 3 == 0)
      event.locks.push_back({.pair = static_cast<int>(rng() % event.pairs.size()), .slot = 0});
    std::erase_if(event.quotas, [](const Quota& quota) {
      return quota.parties.empty() || (quota.max_meetings < 0 && quota.min_meetings == 0);
    });
    if (event.quotas.empty() || HasFatal(Validate(event))) continue;
    ++tried;
    ExpectOptimal(event);
    Event free = event;
    free.quotas.clear();
    const BestPlan best = BruteForce(event).Run(), without = BruteForce(free).Run();
    bound += best.value < without.value;
    missed += best.shortfall > 0;
  }
  EXPECT_GT(tried, 20);
  EXPECT_GT(bound, 5) << "else no quota stood in the way";
  EXPECT_GT(missed, 3) << "else every minimum could be kept";
}

TEST(PlanQuotasTest, QuotasWithinEachOtherArePlannedAsWellAsCanBe) {
  ExpectOptimalWith(Shape::kNested, kSeed);
}
TEST(PlanQuotasTest, QuotasThatCrossArePlannedAsWellAsCanBe) {
  ExpectOptimalWith(Shape::kCrossing, kSeed + 1);
}
TEST(PlanQuotasTest, QuotasOfBothSidesArePlannedAsWellAsCanBe) {
  ExpectOptimalWith(Shape::kBothSides, kSeed + 2);
}

TEST(PlanQuotasTest, ANewPlanUnderQuotasHasTheFewestChanges) {
  std::mt19937 rng(kSeed + 3);
  int tried = 0, changed = 0;
  for (int round = 0; round < 80; ++round) {
    SCOPED_TRACE(round);
    Event event = TinyEvent(rng);
    if (event.pairs.size() > 4) event.pairs.resize(4);
    AddQuota(event, {0, 1}, 0, 1 + static_cast<int>(rng() % 2));
    AddQuota(event, {3, 4}, 0, 1 + static_cast<int>(rng() % 3));
    if (HasFatal(Validate(event))) continue;
    const Plan old = *MakePlan(event);
    Incident incident;
    incident.locks.push_back(
        {.pair = static_cast<int>(rng() % event.pairs.size()), .slot = static_cast<int>(rng() % 2)});
    if (rng() % 2 == 0) incident.away.push_back({static_cast<int>(rng() % event.parties.size()), 0, 1});
    const absl::StatusOr<Replanned> now = Replan(event, old, incident);
    if (!now.ok()) {
      EXPECT_EQ(now.status().code(), absl::StatusCode::kInvalidArgument) << now.status();
      continue;
    }
    ++tried;
    changed += now->forced > 0;
    for (const Violation& violation : CheckPlan(now->event, now->plan)) ADD_FAILURE() << violation.text;
    EXPECT_EQ(now->forced, BruteForce(now->event).Run(&old).changes);
    ASSERT_EQ(now->plan.quotas.size(), event.quotas.size());
  }
  EXPECT_GT(tried, 30);
  EXPECT_GT(changed, 20);
}

// A lock between two full groups: giving up the meeting between them is one change, the two least valuable
// are two.
TEST(PlanQuotasTest, ALockInTwoFullGroupsCostsTheMeetingBetweenThem) {
  Event event = PlainEvent(4, 4, 2);
  event.settings.fair_share_max = 0;
  event.pairs = {{.need = 0, .offer = 4, .score = 0.9},
                 {.need = 0, .offer = 6, .score = 0.2},
                 {.need = 2, .offer = 4, .score = 0.1},
                 {.need = 1, .offer = 5, .score = 0.05}};
  AddQuota(event, {0, 1}, 0, 2);
  AddQuota(event, {4, 5}, 0, 2);
  const Plan old = *MakePlan(event);
  ASSERT_EQ(old.meetings.size(), 3u);
  const absl::StatusOr<Replanned> now = Replan(event, old, {.locks = {{.pair = 3, .slot = 0}}});
  ASSERT_TRUE(now.ok()) << now.status();
  EXPECT_EQ(now->forced, 2) << "the lock and one cancellation";
}

TEST(PlanQuotasTest, AMinimumThatCannotBeReachedNamesItsReason) {
  struct Case {
    const char* name;
    void (*change)(Event&);
    const char* reason;
  };
  const Case cases[] = {
      {"Pairs", [](Event& e) { e.pairs.resize(2); }, "配对只有 2 对"},
      {"Slots",
       [](Event& e) {
         for (int p : {0, 1}) e.parties[p].available = SlotSet(1);
       },
       "可用时段（这样至多 2 场）"},
      {"OwnMaxima",
       [](Event& e) {
         for (int p : {0, 1}) e.parties[p].max_meetings = 1;
       },
       "这一组各方的最多会谈（这样至多 2 场）"},
      {"OtherMaxima",
       [](Event& e) {
         for (int p : {2, 3, 4}) e.parties[p].max_meetings = 1;
       },
       "对方各方的最多会谈（这样至多 3 场）"},
      {"Tables", [](Event& e) { AddTables(e, 1); }, "桌位：合计还能容 3 场"},
      {"OtherQuota",
       [](Event& e) {
         AddQuota(e, {2, 3, 4}, 0, 2);
       },
       "最多 2 场（这样至多 2 场）"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    Event event = PlainEvent(2, 3, 3);
    for (int n : {0, 1}) {
      for (int o : {2, 3, 4}) event.pairs.push_back({.need = n, .offer = o, .score = 0.5});
    }
    AddQuota(event, {0, 1}, 5, -1);
    c.change(event);
    const Plan plan = *MakePlan(event);
    ASSERT_FALSE(plan.quotas.empty());
    EXPECT_GT(plan.quotas[0].missing, 0);
    EXPECT_TRUE(plan.quotas[0].proven);
    ASSERT_EQ(plan.quotas[0].reasons.size(), 1u) << "one condition is enough";
    EXPECT_THAT(plan.quotas[0].reasons[0], HasSubstr(c.reason));
  }
}

TEST(PlanQuotasTest, AMustThatAQuotaLeavesNoPlaceNamesIt) {
  Event event = PlainEvent(2, 2, 3);
  for (int n : {0, 1}) {
    for (int o : {2, 3}) event.pairs.push_back({.need = n, .offer = o, .score = 0.5});
  }
  event.pairs[0].by_need = event.pairs[3].by_need = Wish::kMust;
  AddQuota(event, {0, 1}, 0, 1);
  const Plan plan = *MakePlan(event);
  EXPECT_EQ(plan.figures.musts_met, 1);
  ASSERT_EQ(plan.unmet.size(), 1u);
  EXPECT_TRUE(plan.unmet[0].smallest);
  ASSERT_EQ(plan.unmet[0].clash.size(), 2u) << "the quota, and the must that uses it up";
  EXPECT_THAT(plan.unmet[0].clash[0], HasSubstr("名额：地区“组1”最多 1 场"));
  EXPECT_THAT(plan.unmet[0].clash[1], HasSubstr("必见"));
}

TEST(PlanQuotasTest, WhatAQuotaCostsIsSaid) {
  Event event = PlainEvent(2, 2, 2);
  event.settings.fair_share_max = 0;
  for (int n : {0, 1}) {
    for (int o : {2, 3}) event.pairs.push_back({.need = n, .offer = o, .score = 0.5});
  }
  AddQuota(event, {0, 1}, 0, 1);
  const Plan plan = *MakePlan(event);
  EXPECT_EQ(plan.figures.meetings, 1);
  EXPECT_NEAR(plan.figures.quota_cost, 1.5, 1e-9);
  EXPECT_NEAR(plan.quotas[0].value_lost, 1.5, 1e-9);
  EXPECT_EQ(plan.quotas[0].meetings_lost, 3);
}

TEST(PlanQuotasTest, TheCheckerCountsAMeetingWithinAGroupOnce) {
  Event event = PlainEvent(2, 2, 2);
  for (int n : {0, 1}) event.pairs.push_back({.need = n, .offer = n + 2, .score = 0.5});
  AddQuota(event, {0, 1, 2}, 0, 2);
  Plan plan;
  plan.meetings = {{0, 0}, {1, 1}};
  EXPECT_THAT(CheckPlan(event, plan), IsEmpty());
  event.quotas[0].max_meetings = 1;
  const std::vector<Violation> violations = CheckPlan(event, plan);
  ASSERT_EQ(violations.size(), 1u);
  EXPECT_EQ(violations[0].rule, Rule::kQuota);
}

TEST(PlanQuotasTest, RegionsAreComparedFromTheirProvinceOn) {
  struct Case {
    const char *region, *group;
    bool belongs;
  };
  constexpr Case kCases[] = {
      {"湖北武汉", "湖北", true},
      {"湖北省武汉市洪山区", "湖北", true},
      {"湖北武汉", "湖北省武汉", true},
      {"420111", "湖北", true},
      {"湖北宜昌", "42", true},
      {"420111", "420100", true},
      {"420500", "420100", false},
      {"湖南长沙", "湖北", false},
      {"青海海西", "青海海", true},
      {"青海西宁", "海西", false},
      {"内蒙古自治区包头市", "内蒙古", true},
      {"广西壮族自治区", "广西", true},
      {"吉林省吉林市", "吉林市", false},
      {"", "湖北", false},
      {"青海海西州", "6328", true},
      {"青海海西", "632800", true},
      {"632821", "青海海西", true},
      {"632821", "632821", true},
      {"632822", "632821", false},
      {"6328", "青海省海西蒙古族藏族自治州", true},
      {"青海海西乌兰县", "6328", true},
      {"青海海南州", "海南", false},
      {"青海海南", "6325", true},
      {"湖北武汉市洪山区", "4201", true},
      {"湖北武汉", "4301", false},
  };
  for (const Case& c : kCases) {
    SCOPED_TRACE(std::string(c.region) + " in " + c.group);
    Party party;
    party.region = c.region;
    Quota quota;
    quota.group = c.group;
    EXPECT_EQ(GroupFinder({party}).Of(quota).size(), c.belongs ? 1u : 0u);
  }
}

TEST(PlanQuotasTest, RowsBecomeGroupsAndWhatIsWrongIsSaid) {
  constexpr char kJson[] = R"({
   "slots": [{"id": "S1", "date": "2026-11-26", "begin": "09:00", "end": "09:25"}],
   "parties": [{"id": "N", "name": "某县", "side": "需求方", "region": "湖北恩施"},
               {"id": "O", "name": "某院", "side": "供给方", "region": "湖北武汉"},
               {"id": "P", "name": "王教授", "side": "供给方", "region": "421000", "institution": "某院"}],
   "pairs": [{"need": "N", "offer": "O", "score": 0.5}],
   "quotas": [{"kind": "地区", "group": "湖北", "max": 4}, {"kind": "region", "group": "42", "side": "offer", "max": 1},
              {"kind": "单位", "group": "某院", "min": 1}, {"kind": "单位", "group": "谁", "min": 1},
              {"kind": "地区", "group": "湖北", "min": 1}, {"kind": "单位", "group": "某县", "min": 2, "max": 1},
              {"kind": "单位", "group": "王教授"}, {"kind": "省", "group": "湖北", "max": 1}]})";
  std::vector<Problem> problems;
  Event event = DecodeEvent(*TablesFromJson(kJson), &problems);
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_THAT(problems[0].Text(), HasSubstr("表“名额”第 8 行“类别”：“省”读不懂"));
  EXPECT_THAT(event.quotas[0].parties, ElementsAre(0, 1, 2));
  EXPECT_THAT(event.quotas[1].parties, ElementsAre(1, 2));
  EXPECT_THAT(event.quotas[2].parties, ElementsAre(1, 2));
  event.quotas.pop_back();
  problems = Validate(event);
  std::string all;
  for (const Problem& problem : problems) all += (problem.fatal ? "错：" : "提：") + problem.Text() + "\n";
  EXPECT_THAT(all, HasSubstr("提：表“名额”第 4 行“名称”：没有一方属于单位“谁”"));
  EXPECT_THAT(all, HasSubstr("错：表“名额”第 5 行“名称”：地区“湖北”写了两次"));
  EXPECT_THAT(all, HasSubstr("错：表“名额”第 6 行“最少会谈”：比最多会谈多"));
  EXPECT_THAT(all, HasSubstr("错：表“名额”第 7 行“最多会谈”"));
}

TEST(PlanQuotasTest, ManyQuotasOnALargeEventAreKept) {
  std::mt19937 rng(kSeed + 4);
  Event event = PlainEvent(60, 80, 8);
  AddPairs(event, rng, 0.2);
  for (int g = 0; g < 20; ++g) AddQuota(event, {3 * g, 3 * g + 1, 3 * g + 2}, 2, 8);
  for (int g = 0; g < 8; ++g) {
    std::vector<int> offers;
    for (int o = 0; o < 10; ++o) offers.push_back(60 + 10 * g + o);
    AddQuota(event, offers, 0, 15);
  }
  const Plan plan = *MakePlan(event);
  EXPECT_THAT(CheckPlan(event, plan), IsEmpty());
  EXPECT_EQ(plan.figures.meetings, 120);
  EXPECT_NEAR(plan.figures.gap, 0, 1e-9) << plan.figures.method;
  EXPECT_EQ(plan.figures.quota_shortfall, 0);
}

TEST(PlanQuotasTest, QuotasOfBothSidesOfALargeEventAreKeptWithinTheStatedGap) {
  std::mt19937 rng(kSeed + 5);
  Event event = PlainEvent(105, 100, 6);
  AddPairs(event, rng, 1.0);  // more than an integer programme takes
  for (int g = 0; g < 5; ++g) {
    std::vector<int> both;
    for (int p = 0; p < 10; ++p) both.push_back(10 * g + p), both.push_back(105 + 10 * g + p);
    AddQuota(event, both, g == 0 ? 40 : 0, 40 + 10 * g);
  }
  const Plan plan = *MakePlan(event, {.prices = false, .fairness = false});
  EXPECT_THAT(CheckPlan(event, plan), IsEmpty());
  EXPECT_THAT(plan.figures.method, HasSubstr("交叉"));
  EXPECT_LE(plan.figures.value, plan.figures.value_bound + 1e-9);
  EXPECT_LT(plan.figures.gap, 0.03);
}

// 9,000 pairs of 500 needs and 300 offers took a minute: an integer programme for every point of the curve.
TEST(PlanQuotasTest, AnEventOfAFairWithQuotasOfBothSidesIsPlannedByPricesWithHardlyAGap) {
  std::mt19937 rng(kSeed + 7);
  Event event = PlainEvent(500, 300, 24);
  AddPairs(event, rng, 0.06);
  ASSERT_LT(event.pairs.size(), 10'000u);
  for (Party& party : event.parties) party.max_meetings = party.side == Side::kNeed ? 8 : 12;
  for (int g = 0; g < 18; ++g) {
    std::vector<int> both;
    for (int p = g; p < 800; p += 18) both.push_back(p);
    AddQuota(event, both, g % 3 == 0 ? 250 : 0, 260);
  }
  const Plan plan = *MakePlan(event, {.prices = false});
  EXPECT_THAT(CheckPlan(event, plan), IsEmpty());
  EXPECT_THAT(plan.figures.method, HasSubstr("交叉"));
  EXPECT_EQ(plan.figures.quota_shortfall, 0);
  EXPECT_LT(plan.figures.gap, 1e-3);
}

TEST(PlanQuotasTest, AMinimumOfBothSidesOfALargeEventIsReachedAgainstBetterPairsWithoutACap) {
  std::mt19937 rng(kSeed + 6);
  Event event = PlainEvent(105, 100, 6);
  AddPairs(event, rng, 1.0);
  std::vector<int> both;
  for (int p = 0; p < 10; ++p) both.push_back(p), both.push_back(105 + p);
  for (Pair& pair : event.pairs) {
    if (pair.need < 10 || pair.offer < 115) pair.score = 0.01;
  }
  for (int t = 0; t < 40; ++t) {  // few places
    Table& table = event.tables.emplace_back();
    table.id = "t" + std::to_string(t);
    table.available = event.parties[0].available;
  }
  AddQuota(event, both, 40, -1);
  const Plan plan = *MakePlan(event, {.prices = false, .fairness = false});
  EXPECT_THAT(CheckPlan(event, plan), IsEmpty());
  EXPECT_EQ(plan.figures.quota_shortfall, 0);
  EXPECT_LT(plan.figures.gap, 0.05) << "0.16 where a minimum without a cap has no price";
}

}  // namespace
}  // namespace dongxi::plan
