#include "bench/judge/pool.h"

#include <algorithm>
#include <set>

#include "bench/judge/pool_key.h"
#include "bench/judge/shuffle.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"

namespace dongxi::bench {
namespace {

using testing::HasSubstr;

NamedRun RunOf(const std::string& file, const std::string& lines) {
  auto run = ParseRun(file, lines);
  EXPECT_TRUE(run.ok()) << run.status();
  return {file, *std::move(run)};
}

std::vector<NamedRun> TwoRuns() {
  return {RunOf("a.trec", "N1 Q0 R1 1 9 a\nN1 Q0 R2 2 8 a\nN1 Q0 R3 3 7 a\nN2 Q0 R4 1 5 a\n"),
          RunOf("b.trec", "N1 Q0 R3 1 9 b\nN1 Q0 R4 2 8 b\nN1 Q0 R5 3 7 b\n")};
}

std::vector<NamedRun> WideRuns() {
  std::string lines;
  for (int need = 0; need < 5; ++need) {
    for (int rank = 1; rank <= 20; ++rank)
      lines += "N" + std::to_string(need) + " Q0 R" + std::to_string(rank + 10) + " " + std::to_string(rank) +
               " " + std::to_string(100 - rank) + " a\n";
  }
  return {RunOf("a.trec", lines)};
}
const std::set<std::string, std::less<>> kFiveNeeds = {"N0", "N1", "N2", "N3", "N4"};

TEST(ShuffleTest, SameOrderOnEveryPlatform) {
  std::vector<int> items = {0, 1, 2, 3, 4, 5, 6, 7};
  Random random(1);
  Shuffle(items, random);
  EXPECT_THAT(items, testing::ElementsAre(0, 3, 7, 1, 2, 6, 5, 4));
}

TEST(PoolTest, UnionOfTheTopOfAllRunsWithOrigins) {
  const auto pool = MakePool(TwoRuns(), {"N1", "N2", "N3"}, {}, {.depth = 2});
  ASSERT_TRUE(pool.ok()) << pool.status();
  std::set<std::pair<std::string, std::string>> pairs;
  for (const PoolPair& pair : pool->pairs) pairs.emplace(pair.need, pair.candidate);
  EXPECT_EQ(pairs, (std::set<std::pair<std::string, std::string>>{
                       {"N1", "R1"}, {"N1", "R2"}, {"N1", "R3"}, {"N1", "R4"}, {"N2", "R4"}}));
  EXPECT_THAT(pool->unanswered, testing::ElementsAre("N3"));
  const auto full = MakePool(TwoRuns(), {"N1", "N2"}, {}, {.depth = 3});
  for (const PoolPair& pair : full->pairs) {
    if (pair.candidate == "R3") {
      EXPECT_EQ(pair.origins, (std::vector<PoolOrigin>{{0, 3}, {1, 1}}));
    }
  }
}

TEST(PoolTest, LeavesOutWhatIsJudged) {
  const Qrels judged = {{"N1", {{"R1", 0}, {"R3", 3}, {"R9", 1}}}};
  const auto pool = MakePool(TwoRuns(), {"N1", "N2"}, judged, {.depth = 2});
  ASSERT_TRUE(pool.ok());
  EXPECT_EQ(pool->already_judged, 2u);
  EXPECT_EQ(pool->pairs.size(), 3u);
}

TEST(PoolTest, TheOrderIsReproducibleAndOfTheSeed) {
  const auto once = MakePool(WideRuns(), kFiveNeeds, {}, {.depth = 20, .seed = 7});
  const auto again = MakePool(WideRuns(), kFiveNeeds, {}, {.depth = 20, .seed = 7});
  const auto other = MakePool(WideRuns(), kFiveNeeds, {}, {.depth = 20, .seed = 8});
  EXPECT_EQ(PoolKeyJson(*once), PoolKeyJson(*again));
  EXPECT_NE(PoolId(*once), PoolId(*other));
}

TEST(PoolTest, TheOrderDoesNotDependOnTheRuns) {
  std::vector<NamedRun> turned = TwoRuns();
  std::reverse(turned.begin(), turned.end());
  EXPECT_EQ(PoolId(*MakePool(TwoRuns(), {"N1", "N2"}, {}, {.depth = 3})),
            PoolId(*MakePool(turned, {"N1", "N2"}, {}, {.depth = 3})));
}

TEST(PoolTest, CandidatesOfANeedStandTogetherAndNotByRank) {
  const auto pool = MakePool(WideRuns(), kFiveNeeds, {}, {.depth = 20});
  std::set<std::string> done;
  std::string current;
  int rising = 0;
  for (size_t i = 0; i < pool->pairs.size(); ++i) {
    if (pool->pairs[i].need != current) {
      current = pool->pairs[i].need;
      EXPECT_TRUE(done.insert(current).second) << "need " << current << " stands in two places";
    } else if (pool->pairs[i].origins[0].rank > pool->pairs[i - 1].origins[0].rank) {
      ++rising;
    }
  }
  EXPECT_EQ(pool->pairs.size(), 100u);
  EXPECT_GT(rising, 30);  // of 95 neighbours: 95 in the run's order, about half in a shuffled one
  EXPECT_LT(rising, 65);
}

TEST(PoolTest, ErrorsNameTheRun) {
  const auto unknown = MakePool(TwoRuns(), {"N1"}, {}, {});
  EXPECT_EQ(unknown.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(unknown.status().message()), HasSubstr("a.trec: query N2"));
  EXPECT_FALSE(MakePool({}, {"N1"}, {}, {}).ok());
  const auto twice = MakePool({TwoRuns()[0], TwoRuns()[0]}, {"N1", "N2"}, {}, {});
  EXPECT_THAT(std::string(twice.status().message()), HasSubstr("a.trec: given twice"));
  const Qrels all = {{"N1", {{"R1", 0}, {"R3", 0}}}, {"N2", {{"R4", 0}}}};
  const auto empty = MakePool(TwoRuns(), {"N1", "N2"}, all, {.depth = 1});
  EXPECT_THAT(std::string(empty.status().message()), HasSubstr("the pool is empty"));
}

TEST(PoolKeyTest, ComesBackAndKnowsTheRuns) {
  const auto pool = MakePool(TwoRuns(), {"N1", "N2"}, {}, {.depth = 3, .seed = 5});
  const std::string text = PoolKeyJson(*pool);
  EXPECT_TRUE(nlohmann::json::accept(text)) << text;
  const auto back = ParsePoolKey("key.json", text);
  ASSERT_TRUE(back.ok()) << back.status();
  EXPECT_EQ(PoolKeyJson(*back), text);
  EXPECT_EQ(back->runs[1].file, "b.trec");
  EXPECT_EQ(back->runs[1].tag, "b");
}

TEST(PoolKeyTest, RefusesWhatIsNoWholeKey) {
  const std::string text = PoolKeyJson(*MakePool(TwoRuns(), {"N1", "N2"}, {}, {.depth = 3}));
  std::string changed = text;
  changed.replace(changed.find("\"R5\""), 4, "\"R6\"");
  const struct {
    const char* name;
    std::string text;
    const char* says;
  } cases[] = {{"NoJson", "pool", "not a key"},
               {"OtherJson", "{\"format\": 3}", "not a key"},
               {"Later", "{\"format\": \"dongxi-judge-key\", \"version\": 9}", "version 9"},
               {"Cut", "{\"format\": \"dongxi-judge-key\", \"version\": 1}", "not a key"},
               {"Changed", changed, "checksum"}};
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    const auto key = ParsePoolKey("key.json", c.text);
    EXPECT_EQ(key.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(std::string(key.status().message()),
                testing::AllOf(HasSubstr("key.json"), HasSubstr(c.says)));
  }
}

}  // namespace
}  // namespace dongxi::bench
