// Laws of Match that hold for any catalogue, each against its slow and obvious version.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "engine/match/matcher.h"
#include "engine/match/query.h"
#include "tests/engine/match/random_world.h"

namespace dongxi {
namespace {

using testing::Contains;
using testing_world::Dice;
using testing_world::RandomRecords;
using testing_world::SmallWorld;

constexpr unsigned kSeed = 11;
constexpr const char* kFilters[] = {"",
                                    "maturity >= 6",
                                    "region = \"32\"",
                                    "region = \"320506\" maturity >= 8 year >= 2024",
                                    "mode : transfer -region = \"12\"",
                                    "type = university OR field : 盐湖",
                                    "year : * maturity < 4",
                                    "kind = EXPERT"};

const SmallWorld& World() {
  static const SmallWorld* const world = new SmallWorld(RandomRecords(kSeed, 12, 10, 80));
  return *world;
}

MatchQuestion RandomQuestion(const SmallWorld& world, Dice& dice) {
  MatchQuestion question;
  const std::vector<RecordName> name = {{RecordKind::kNeed, "n" + std::to_string(dice.Below(6))}};
  question.need = *(*world.context().records->GetMany(name))[0];
  MatchSettings& settings = question.settings;
  settings.today = absl::CivilDay(2026, 11, 23);
  settings.limit = 1 + dice.Below(12);
  settings.per_institution_max = 1 + dice.Below(4);
  settings.filter = *ParseFilter(dice.Pick(kFilters), *world.context().policy);
  if (dice.OneIn(3))
    settings.excluded = {{RecordKind::kResult, "r" + std::to_string(dice.Below(80))},
                         {RecordKind::kInstitution, "i" + std::to_string(dice.Below(12))}};
  if (dice.OneIn(3)) settings.diversity = {0.1 * dice.Below(9), 0.5 * dice.Below(3)};
  settings.broaden = dice.OneIn(2);
  question.experts = !dice.OneIn(6);
  return question;
}

const MatchList& ListOf(const MatchAnswer& answer, RecordKind kind) {
  if (kind == RecordKind::kInstitution) return answer.partners;
  return kind == RecordKind::kExpert ? answer.experts : answer.results;
}

// The rank of each name of the list, from 1.
std::map<RecordName, size_t> RanksOf(const MatchList& list) {
  std::map<RecordName, size_t> ranks;
  for (const MatchEntry& entry : list.entries) ranks[entry.name] = ranks.size() + 1;
  return ranks;
}

// What the verdicts claim, checked against the record itself.
void CheckLeftOut(const MatchQuestion& question, const Record& record, const MatchExplanation& explanation) {
  const MatchSettings& settings = question.settings;
  switch (explanation.verdict) {
    case Verdict::kExpired:
      EXPECT_EQ(record.valid_until, "2020-01-01");
      break;
    case Verdict::kHidden:
      EXPECT_EQ(record.disclosure, Disclosure::kOrganiser);
      break;
    case Verdict::kExcluded:
      EXPECT_THAT(settings.excluded, Contains(RecordName{record.kind, record.id}));
      break;
    case Verdict::kFiltered:
      EXPECT_FALSE(settings.filter->ToString().empty());
      EXPECT_FALSE(explanation.failed_conditions.empty());
      break;
    case Verdict::kInstitutionCap:
      EXPECT_EQ(explanation.ahead.size(), static_cast<size_t>(settings.per_institution_max));
      break;
    case Verdict::kOwnInstitution:
      break;
    case Verdict::kNotAsked:
      EXPECT_FALSE(question.experts);
      break;
    default:
      ADD_FAILURE() << "verdict " << static_cast<int>(explanation.verdict);
  }
}

TEST(ExplainMatchTest, AgreesWithWhatMatchListsForAnyNeedAndCandidate) {
  const SmallWorld& world = World();
  Dice dice(kSeed);
  std::set<Verdict> met;
  const std::vector<Record> records = RandomRecords(kSeed, 12, 10, 80);
  for (int round = 0; round < 60; ++round) {
    SCOPED_TRACE("seed " + std::to_string(kSeed) + " round " + std::to_string(round));
    const MatchQuestion question = RandomQuestion(world, dice);
    const auto answer = Match(world.context(), question);
    ASSERT_TRUE(answer.ok()) << answer.status();
    for (int i = 0; i < 8; ++i) {
      const Record& record = records[static_cast<size_t>(dice.Below(102))];
      const RecordName name{record.kind, record.id};
      SCOPED_TRACE(ResourceName(name.kind, name.id));
      const auto explanation = ExplainMatch(world.context(), question, name);
      ASSERT_TRUE(explanation.ok()) << explanation.status();
      met.insert(explanation->verdict);
      const auto ranks = RanksOf(ListOf(*answer, name.kind));
      const auto rank = ranks.find(name);
      ASSERT_EQ(explanation->verdict == Verdict::kListed, rank != ranks.end()) << explanation->text;
      if (rank != ranks.end()) {
        EXPECT_EQ(explanation->rank, rank->second);
        const MatchEntry& entry = ListOf(*answer, name.kind).entries[rank->second - 1];
        EXPECT_EQ(explanation->entry->score, entry.score);
        EXPECT_EQ(explanation->broadened.empty(), entry.broadened == 0);
        if (rank->second > 1) {
          EXPECT_EQ(*explanation->better, ListOf(*answer, name.kind).entries[rank->second - 2].name);
        }
      } else if (explanation->verdict == Verdict::kBelowPage) {
        EXPECT_GT(explanation->rank, ListOf(*answer, name.kind).entries.size());
      } else {
        CheckLeftOut(question, record, *explanation);
      }
    }
  }
  // A law that was never put to the test proves nothing.
  for (const Verdict verdict :
       {Verdict::kListed, Verdict::kBelowPage, Verdict::kInstitutionCap, Verdict::kNotAsked,
        Verdict::kExpired, Verdict::kHidden, Verdict::kExcluded, Verdict::kFiltered}) {
    EXPECT_THAT(met, Contains(verdict));
  }
}

TEST(ExplainMatchTest, SaysWhatTheNextBetterEntryHasMoreOf) {
  const SmallWorld& world = World();
  Dice dice(3);
  MatchQuestion question = RandomQuestion(world, dice);
  question.settings.filter = nullptr;
  question.settings.diversity = {};
  question.settings.limit = 10;
  const auto answer = Match(world.context(), question);
  ASSERT_TRUE(answer.ok());
  const MatchEntry& first = answer->results.entries[0];
  const MatchEntry& second = answer->results.entries[1];
  const auto explanation = ExplainMatch(world.context(), question, second.name);
  ASSERT_TRUE(explanation.ok());
  EXPECT_EQ(explanation->better, first.name);
  double sum = 0;
  for (const PartGap& gap : explanation->gaps) sum += gap.theirs - gap.mine;
  EXPECT_NEAR(sum, first.score - second.score, 1e-9);
  EXPECT_THAT(explanation->text, testing::HasSubstr("第 2 位"));
}

// More results than are ever scored for one page: the far ones are said to be so.
TEST(ExplainMatchTest, TellsCandidatesOutsideThePoolWithTheirScores) {
  static const SmallWorld* const world = new SmallWorld(RandomRecords(5, 3, 3, 1'500));
  Dice dice(5);
  MatchQuestion question = RandomQuestion(*world, dice);
  question.settings = {.filter = nullptr,
                       .limit = 5,
                       .per_institution_max = 1'000,
                       .excluded = {},
                       .today = absl::CivilDay(2026, 11, 23)};
  const auto answer = Match(world->context(), question);
  ASSERT_TRUE(answer.ok());
  int outside = 0;
  for (int i = 0; i < 60; ++i) {
    const RecordName name{RecordKind::kResult, "r" + std::to_string(dice.Below(1'500))};
    const auto explanation = ExplainMatch(world->context(), question, name);
    ASSERT_TRUE(explanation.ok());
    if (explanation->verdict != Verdict::kOutsidePool) continue;
    ++outside;
    ASSERT_TRUE(explanation->entry.has_value());
    EXPECT_LT(explanation->entry->score, answer->results.entries.back().score);
    EXPECT_EQ(explanation->rank, 0u);
  }
  EXPECT_GT(outside, 0);
}

TEST(ExplainMatchTest, WhatIsBarredIsNotCalledAdequateOutsideThePoolEither) {
  std::vector<Record> all = RandomRecords(5, 3, 3, 1'500);
  MatchQuestion question;
  question.need = all.back();
  question.settings.limit = 5;
  question.settings.per_institution_max = 1'000;
  question.settings.today = absl::CivilDay(2026, 11, 23);
  const std::string closed = question.need.institution == "i0" ? "i1" : "i0";
  std::vector<RecordName> of_closed;
  for (Record& record : all) {
    if (record.kind == RecordKind::kInstitution && record.id == closed) record.text += "，已注销";
    if (record.owners == std::vector<RecordName>{testing_world::OfInstitution(closed)})
      of_closed.push_back({record.kind, record.id});
  }
  const SmallWorld world(all);
  int outside = 0;
  for (size_t i = 0; i < of_closed.size() && outside < 20; ++i) {
    const auto explanation = ExplainMatch(world.context(), question, of_closed[i]);
    ASSERT_TRUE(explanation.ok()) << explanation.status();
    if (explanation->verdict != Verdict::kOutsidePool) continue;
    ++outside;
    ASSERT_TRUE(explanation->entry.has_value());
    EXPECT_FALSE(explanation->entry->adequate);
    EXPECT_EQ(explanation->entry->adequacy, 0);
    EXPECT_THAT(explanation->entry->barred, testing::HasSubstr("示例单位"));
    EXPECT_THAT(explanation->text, testing::HasSubstr("不宜推荐"));
    EXPECT_THAT(explanation->text, testing::HasSubstr(explanation->entry->barred));
    EXPECT_THAT(explanation->text, testing::Not(testing::HasSubstr("合适程度")));
  }
  EXPECT_GT(outside, 0);
}

// The obvious version: list everything, look at each adequate entry's record.
TEST(FacetsTest, CountWhatAnEndlessListWouldShow) {
  const SmallWorld& world = World();
  Dice dice(7);
  for (int round = 0; round < 25; ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    MatchQuestion question = RandomQuestion(world, dice);
    question.settings.facets = {FacetKind::kRegion, FacetKind::kMaturity, FacetKind::kField};
    const auto counted = Match(world.context(), question);
    question.settings.limit = kMatchEntriesMax;
    question.settings.per_institution_max = kMatchEntriesMax;
    question.settings.broaden = false;
    question.settings.facets = {};
    const auto all = Match(world.context(), question);
    ASSERT_TRUE(counted.ok() && all.ok());
    std::map<std::string, uint64_t> regions, levels;
    uint64_t adequate = 0;
    for (const MatchEntry& entry : all->results.entries) {
      if (!entry.adequate) continue;
      ++adequate;
      ++regions[entry.region.substr(0, 2)];
      const auto record = world.context().records->GetMany(std::span(&entry.name, 1));
      const int maturity = (*record)[0]->maturity;
      ++levels[maturity == 0 ? "" : std::to_string(maturity)];
    }
    EXPECT_EQ(counted->results.adequate, adequate);
    for (const auto& [facet, wanted] : {std::pair(&counted->results.facets[0], &regions),
                                        std::pair(&counted->results.facets[1], &levels)}) {
      EXPECT_EQ(facet->distinct, wanted->size());
      for (const FacetValue& value : facet->values)
        EXPECT_EQ(value.count, (*wanted)[value.value]) << value.value;
      EXPECT_TRUE(std::is_sorted(facet->values.begin(), facet->values.end(),
                                 [](const FacetValue& a, const FacetValue& b) { return a.count > b.count; }));
    }
    uint64_t partners = 0;
    for (const MatchEntry& entry : all->partners.entries) partners += entry.adequate ? 1 : 0;
    EXPECT_EQ(counted->partners.adequate, partners);
  }
}

// Maximal marginal relevance as it is defined, from the entries' scores and vectors.
std::vector<RecordName> MarginalOrder(const SmallWorld& world, const std::vector<MatchEntry>& by_score,
                                      const Diversity& diversity) {
  const Collection& offers = world.context().generation->offers;
  const size_t count = std::min(by_score.size(), kDiverseCandidates);
  const auto vector_of = [&](const MatchEntry& entry) {
    std::vector<float> vector(static_cast<size_t>(offers.vectors->dim()));
    EXPECT_TRUE(
        offers.vectors->CopyVector(*offers.documents->Find(entry.name.kind, entry.name.id), vector).ok());
    return vector;
  };
  const auto likeness = [&](const MatchEntry& a, const MatchEntry& b) {
    const std::vector<float> u = vector_of(a), v = vector_of(b);
    double cosine = 0;
    for (size_t i = 0; i < u.size(); ++i) cosine += double{u[i]} * v[i];
    const bool same = !a.region.empty() && a.region.substr(0, 2) == b.region.substr(0, 2);
    return (1 - diversity.region_share) * cosine + (same ? diversity.region_share : 0);
  };
  const double high = by_score[0].score, low = by_score[count - 1].score;
  std::vector<const MatchEntry*> left, placed;
  for (size_t i = 0; i < count; ++i) left.push_back(&by_score[i]);
  while (!left.empty()) {
    size_t best = 0;
    double best_value = -1e9;
    for (size_t i = 0; i < left.size(); ++i) {
      double nearest = -1;
      for (const MatchEntry* before : placed) nearest = std::max(nearest, likeness(*left[i], *before));
      const double relevance = high > low ? (left[i]->score - low) / (high - low) : 0;
      const double value =
          (1 - diversity.lambda) * relevance - (placed.empty() ? 0 : diversity.lambda * nearest);
      if (value > best_value + 1e-9) {
        best_value = value;
        best = i;
      }
    }
    placed.push_back(left[best]);
    left.erase(left.begin() + static_cast<std::ptrdiff_t>(best));
  }
  std::vector<RecordName> names;
  for (const MatchEntry* entry : placed) names.push_back(entry->name);
  return names;
}

TEST(DiversityTest, IsMaximalMarginalRelevance) {
  const SmallWorld& world = World();
  Dice dice(13);
  int moved = 0;
  for (int round = 0; round < 8; ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    MatchQuestion question = RandomQuestion(world, dice);
    question.settings.filter = nullptr;
    question.settings.broaden = false;
    question.settings.limit = 200;
    question.settings.diversity = {};
    const auto plain = Match(world.context(), question);
    question.settings.diversity = {0.1 * (1 + dice.Below(8)), 0.5 * dice.Below(3)};
    const auto diverse = Match(world.context(), question);
    ASSERT_TRUE(plain.ok() && diverse.ok());
    std::vector<RecordName> names;
    for (const MatchEntry& entry : diverse->results.entries) names.push_back(entry.name);
    EXPECT_EQ(names, MarginalOrder(world, plain->results.entries, question.settings.diversity));
    moved += names[1] != plain->results.entries[1].name ? 1 : 0;
  }
  EXPECT_GT(moved, 0);
}

TEST(BroadeningTest, StrictEntriesStandFirstAndEveryOtherSaysWhatWasGivenUp) {
  const SmallWorld& world = World();
  Dice dice(17);
  MatchQuestion question = RandomQuestion(world, dice);
  question.settings.limit = 20;
  question.settings.excluded = {};
  question.settings.filter =
      *ParseFilter("kind = RESULT region = \"320506\" maturity >= 8 year >= 2024", *world.context().policy);
  const auto strict = Match(world.context(), question);
  question.settings.broaden = true;
  const auto broad = Match(world.context(), question);
  ASSERT_TRUE(strict.ok() && broad.ok());
  if (!question.settings.diversity.lambda) {
    for (size_t i = 0; i < strict->results.entries.size(); ++i)
      EXPECT_EQ(broad->results.entries[i].name, strict->results.entries[i].name);
  }
  ASSERT_FALSE(broad->results.broadening.empty());
  EXPECT_EQ(broad->results.broadening[0].condition, "year>=2024");
  EXPECT_EQ(broad->results.broadening[0].words, "不限年份（原条件：year>=2024）");
  int last = 0;
  for (const MatchEntry& entry : broad->results.entries) {
    EXPECT_GE(entry.broadened, last);
    last = entry.broadened;
    EXPECT_LE(entry.broadened, static_cast<int>(broad->results.broadening.size()));
  }
  EXPECT_GT(last, 0);
}

TEST(BroadeningTest, NearMissesOfTheWholeFilterMayFillThePageThatTellsOfTheSteps) {
  const SmallWorld world(testing_world::SaltLakesAndGoji());
  MatchQuestion question;
  question.need =
      *(*world.context().records->GetMany(std::vector<RecordName>{{RecordKind::kNeed, "n-li"}}))[0];
  question.settings.today = absl::CivilDay(2026, 11, 23);
  question.settings.filter = *ParseFilter("region = \"33\"", *world.context().policy);
  question.settings.broaden = true;
  question.settings.limit = 5;
  const auto first = Match(world.context(), question);
  question.settings.offset = 5;
  const auto second = Match(world.context(), question);
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_FALSE(first->results.broadening.empty());
  for (const MatchEntry& entry : first->results.entries) EXPECT_EQ(entry.broadened, 0) << entry.name.id;
  EXPECT_FALSE(first->results.no_adequate_match) << "there is one on a later page";
  ASSERT_EQ(second->results.entries.size(), 5u);
  EXPECT_GT(second->results.entries.back().broadened, 0);
}

TEST(BroadeningTest, LeavesAListAloneThatHasEnough) {
  const SmallWorld& world = World();
  Dice dice(19);
  MatchQuestion question = RandomQuestion(world, dice);
  question.settings.filter = *ParseFilter("maturity >= 1", *world.context().policy);
  question.settings.limit = 1;
  question.settings.broaden = true;
  const auto answer = Match(world.context(), question);
  ASSERT_TRUE(answer.ok());
  ASSERT_FALSE(answer->results.no_adequate_match);
  EXPECT_TRUE(answer->results.broadening.empty());
}

TEST(ExcludedTest, RefusedCandidatesAreNotListedButStillSpeakForOthers) {
  const SmallWorld& world = World();
  Dice dice(23);
  MatchQuestion question = RandomQuestion(world, dice);
  question.settings = {
      .filter = nullptr, .limit = 50, .per_institution_max = 1'000, .today = question.settings.today};
  const auto before = Match(world.context(), question);
  ASSERT_TRUE(before.ok());
  question.settings.excluded = {
      before->results.entries[0].name, before->partners.entries[0].name, {RecordKind::kResult, "no-such"}};
  const auto after = Match(world.context(), question);
  ASSERT_TRUE(after.ok());
  EXPECT_EQ(RanksOf(after->results).count(before->results.entries[0].name), 0u);
  EXPECT_EQ(RanksOf(after->partners).count(before->partners.entries[0].name), 0u);
  EXPECT_EQ(after->partners.entries[0].name, before->partners.entries[1].name);
  EXPECT_EQ(after->partners.entries[0].score, before->partners.entries[1].score);
}

// Whenever the caller goes away, at whichever question, the scan ends with Cancelled; it is asked in every
// part.
TEST(CancellationTest, EveryScanAsksAndStops) {
  const SmallWorld& world = World();
  Dice dice(29);
  MatchQuestion question = RandomQuestion(world, dice);
  question.experts = true;
  question.settings.filter = *ParseFilter("maturity >= 9 year >= 2024", *world.context().policy);
  question.settings.broaden = true;
  question.settings.facets = {FacetKind::kRegion};
  int asked = 0, cancel_at = -1;
  question.settings.cancelled = [&] { return ++asked == cancel_at; };
  ASSERT_TRUE(Match(world.context(), question).ok());
  const int questions = asked;
  EXPECT_GE(questions,
            25);  // filters, votes, cosines, boosts and facets of three lists and their wider filters
  for (cancel_at = 1; cancel_at <= questions; ++cancel_at) {
    asked = 0;
    const auto answer = Match(world.context(), question);
    ASSERT_TRUE(absl::IsCancelled(answer.status())) << cancel_at << ": " << answer.status();
    ASSERT_EQ(asked, cancel_at);
  }
}

TEST(CancellationTest, ReverseMatchSearchAndExplainStopToo) {
  const SmallWorld& world = World();
  const auto gone = [] { return true; };
  ReverseQuestion reverse;
  reverse.offer =
      *(*world.context().records->GetMany(std::vector<RecordName>{{RecordKind::kResult, "r1"}}))[0];
  reverse.settings.today = absl::CivilDay(2026, 11, 23);
  reverse.settings.cancelled = gone;
  EXPECT_TRUE(absl::IsCancelled(ReverseMatch(world.context(), reverse).status()));
  SearchQuestion search;
  search.text = "盐湖";
  search.cancelled = gone;
  EXPECT_TRUE(absl::IsCancelled(Search(world.context(), search).status()));
  Dice dice(31);
  MatchQuestion question = RandomQuestion(world, dice);
  question.settings.cancelled = gone;
  EXPECT_TRUE(
      absl::IsCancelled(ExplainMatch(world.context(), question, {RecordKind::kInstitution, "i1"}).status()));
}

TEST(SearchLikeTest, FindsNearRecordsOfTheSameKindWithoutItself) {
  const SmallWorld& world = World();
  SearchQuestion question;
  question.like = RecordName{RecordKind::kNeed, "n0"};
  question.today = absl::CivilDay(2026, 11, 23);
  const auto answer = Search(world.context(), question);
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(answer->hits.size(), 5u);
  for (const SearchHit& hit : answer->hits) {
    EXPECT_EQ(hit.name.kind, RecordKind::kNeed);
    EXPECT_NE(hit.name.id, "n0");
  }
  question.like = RecordName{RecordKind::kNeed, "absent"};
  EXPECT_TRUE(absl::IsNotFound(Search(world.context(), question).status()));
}

TEST(DegradedTest, WordsAloneStillFindAndTheAnswerSaysSo) {
  SmallWorld world(testing_world::SaltLakesAndGoji());
  MatchQuestion question;
  question.need =
      *(*world.context().records->GetMany(std::vector<RecordName>{{RecordKind::kNeed, "n-li"}}))[0];
  question.settings.today = absl::CivilDay(2026, 11, 23);
  question.settings.degraded = "向量服务没有应答";
  const auto answer = Match(world.context(), question);
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(answer->degraded, "向量服务没有应答");
  EXPECT_EQ(answer->results.entries[0].name.id, "r-li");
  for (const ScorePart& part : answer->results.entries[0].parts) {
    if (part.part == "semantic") {
      EXPECT_EQ(part.contribution, 0);
    }
  }
}

}  // namespace
}  // namespace dongxi
