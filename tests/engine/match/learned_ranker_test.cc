#include "engine/match/learned_ranker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "engine/match/ranked_list.h"
#include "engine/match/ranking_config.h"
#include "tests/engine/match/small_world.h"

namespace dongxi {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing_world::SaltLakesAndGoji;
using testing_world::SmallWorld;

// lexical < 1: -2; else cosine < 0.5: 1, else 3; and a second tree of one leaf.
json Good() {
  return {{"format", "dongxi-learned-ranker"},
          {"version", 1},
          {"target", "result"},
          {"features", kLearnedFeatureNames},
          {"trees", json::parse("[[[0,1.0,1,2],[-2.0],[5,0.5,3,4],[1],[3.0]],[[0.25]]]")}};
}

absl::StatusOr<std::shared_ptr<const LearnedRanker>> Parse(const json& file) {
  return LearnedRanker::Parse("ranker.json", file.dump());
}

LearnedFeatures Features(float lexical, float cosine) {
  LearnedFeatures features = {};
  features[0] = lexical;
  features[5] = cosine;
  return features;
}

TEST(LearnedRankerTest, AddsTheLeavesThatTheFeaturesLeadTo) {
  const auto ranker = Parse(Good());
  ASSERT_TRUE(ranker.ok()) << ranker.status();
  EXPECT_EQ((*ranker)->kind(), RecordKind::kResult);
  EXPECT_EQ((*ranker)->trees(), 2u);
  EXPECT_DOUBLE_EQ((*ranker)->Sum(Features(0.5F, 0.9F)), -1.75);
  EXPECT_DOUBLE_EQ((*ranker)->Sum(Features(1.0F, 0.4F)), 1.25);
  EXPECT_DOUBLE_EQ((*ranker)->Sum(Features(1.0F, 0.5F)), 3.25);
  EXPECT_DOUBLE_EQ((*ranker)->Score(Features(0.5F, 0.9F)), 0) << "the lowest possible";
  EXPECT_DOUBLE_EQ((*ranker)->Score(Features(1.0F, 0.5F)), 5);
}

struct BadFile {
  const char* name;
  const char* pointer;  // what of the good file is replaced
  const char* value;
  const char* message;
};
constexpr BadFile kBadFiles[] = {
    {"OtherFormat", "/format", "\"xgboost\"", "\"format\" is \"xgboost\""},
    {"OtherVersion", "/version", "2", "\"version\" is 2"},
    {"OtherTarget", "/target", "\"need\"", "\"target\" is \"need\""},
    {"FeatureMissing", "/features", "[\"lexical\"]", "\"features\" must be a list of 11"},
    {"FeaturesSwapped", "/features/1", "\"lexical\"", "feature 1 is \"lexical\", expected \"semantic\""},
    {"UnknownKey", "/shrink", "1", "unknown key \"shrink\""},
    {"NoTrees", "/trees", "[]", "\"trees\" must be a list"},
    {"TreeNoList", "/trees/1", "7", "tree 1: must be a list"},
    {"NodeNoNode", "/trees/0/1", "[1,2]", "tree 0: node 1: expected [value] or"},
    {"NoSuchFeature", "/trees/0/2/0", "11", "tree 0: node 2: feature is 11, expected 0 to 10"},
    {"NegativeFeature", "/trees/0/2/0", "-1", "tree 0: node 2: feature is -1"},
    {"ThresholdNoNumber", "/trees/0/0/1", "null", "tree 0: node 0: threshold is null"},
    {"LeafTooLarge", "/trees/0/3/0", "1e300", "tree 0: node 3: value is 1e+300"},
    {"ChildBeyondTheTree", "/trees/0/2/3", "5",
     "tree 0: node 2: right is 5, expected a node after this one, up to 4"},
    {"Cycle", "/trees/0/2/2", "0", "tree 0: node 2: left is 0"},
    {"TwoParents", "/trees/0/2/2", "4", "tree 0: node 2: node 4 is the child of another"},
    {"Unreached", "/trees/1/1", "[1.0]", "tree 1: node 1: no node before it leads here"},
};

TEST(LearnedRankerTest, BadFilesAreRefusedWithTheirPlace) {
  for (const BadFile& bad : kBadFiles) {
    SCOPED_TRACE(bad.name);
    json file = Good();
    file[json::json_pointer(bad.pointer)] = json::parse(bad.value);
    const auto ranker = Parse(file);
    EXPECT_TRUE(absl::IsInvalidArgument(ranker.status()));
    EXPECT_THAT(std::string(ranker.status().message()),
                HasSubstr(std::string("ranker.json: ") + bad.message));
  }
  for (const char* key : {"format", "version", "target", "features", "trees"}) {
    json file = Good();
    file.erase(key);
    EXPECT_THAT(std::string(Parse(file).status().message()),
                HasSubstr("no key \"" + std::string(key) + "\""));
  }
  EXPECT_FALSE(LearnedRanker::Parse("f", "").ok());
  EXPECT_FALSE(LearnedRanker::Parse("f", "[]").ok());
  EXPECT_FALSE(LearnedRanker::Parse("f", "{").ok());
  EXPECT_TRUE(absl::IsNotFound(LearnedRanker::Load("no/such/file.json").status()));
}

TEST(LearnedRankerTest, TheRankingFileNamesItRelativeToItself) {
  const std::filesystem::path folder = std::filesystem::path(testing::TempDir()) / "learned_ranker_test";
  std::filesystem::create_directories(folder / "models");
  std::ofstream(folder / "models" / "ranker.json") << Good().dump();
  json config = json::parse(std::ifstream("data/ranking/default.json"));
  const auto load = [&](const json& path) {
    config["learned_ranker"] = path;
    std::ofstream(folder / "ranking.json") << config.dump();
    return LoadRankingConfig((folder / "ranking.json").string());
  };
  const auto on = load("models/ranker.json");
  ASSERT_TRUE(on.ok()) << on.status();
  ASSERT_NE((*on)->learned, nullptr);
  EXPECT_EQ((*on)->learned->trees(), 2u);
  const auto off = load("");
  ASSERT_TRUE(off.ok()) << off.status();
  EXPECT_EQ((*off)->learned, nullptr);
  EXPECT_EQ((*LoadRankingConfig("data/ranking/default.json"))->learned, nullptr);
  EXPECT_THAT(std::string(load("models/none.json").status().message()), HasSubstr("models/none.json"));
  EXPECT_THAT(std::string(load(1).status().message()), HasSubstr("key \"learned_ranker\" must be a text"));
}

RankedCandidate Candidate(DocId doc, double base, double lexical) {
  return {.doc = doc, .votes = {{{.doc = doc, .lexical = lexical, .fused = base}, 1.0}}, .base = base};
}

TEST(AddLearnedScoresTest, CorrectsTheFirstOfTheListThatItWasTrainedFor) {
  std::vector<RankedCandidate> candidates;
  for (DocId doc = 0; doc < 300; ++doc) candidates.push_back(Candidate(doc, static_cast<double>(doc), 2));
  std::vector<RankedCandidate> others = candidates;
  RankingConfig ranking;
  AddLearnedScores(ranking, RecordKind::kResult, {3, true}, others);
  ranking.learned = *Parse(Good());
  AddLearnedScores(ranking, RecordKind::kExpert, {3, true}, others);
  for (DocId doc = 0; doc < 300; ++doc) {
    EXPECT_EQ(others[doc].doc, doc) << "neither without a ranker nor with that of another list";
    EXPECT_EQ(others[doc].learned, 0);
  }
  AddLearnedScores(ranking, RecordKind::kResult, {3, true}, candidates);
  ASSERT_EQ(candidates.size(), 300u);
  for (const RankedCandidate& candidate : candidates) {
    EXPECT_EQ(candidate.learned, candidate.doc >= 100 ? 3.0 : 0.0) << candidate.doc;
  }
}

TEST(FeaturesOfTest, FollowTheirNames) {
  RankedCandidate candidate = Candidate(1, 9, 2.5);
  candidate.votes.front().score = {
      .lexical = 1, .semantic = 2, .feedback = 3, .fused = 4, .lexical_share = 0.5, .cosine = 0.25};
  candidate.votes.push_back({{.fused = 3.5}, 0.5});
  EXPECT_THAT(FeaturesOf(candidate, {7, true}),
              testing::ElementsAre(1, 2, 3, 4, 0.5F, 0.25F, 2, 3.5F, 0, 7, 1));
}

MatchAnswer Answer(const SmallWorld& world) {
  MatchQuestion question;
  question.need =
      *(*world.context().records->GetMany(std::vector<RecordName>{{RecordKind::kNeed, "n-li"}}))[0];
  question.settings.today = absl::CivilDay(2026, 11, 23);
  auto answer = Match(world.context(), question);
  EXPECT_TRUE(answer.ok()) << answer.status();
  return std::move(*answer);
}

TEST(LearnedMatchTest, OffChangesNothingAndOnReordersWithOnePartMore) {
  SmallWorld world(SaltLakesAndGoji());
  const MatchAnswer off = Answer(world);
  json flat = Good();
  flat["trees"] = json::parse("[[[0.5]]]");  // says the same of all
  world.ranking().learned = *Parse(flat);
  const MatchAnswer same = Answer(world);
  ASSERT_EQ(same.results.entries.size(), off.results.entries.size());
  for (size_t i = 0; i < off.results.entries.size(); ++i) {
    EXPECT_EQ(same.results.entries[i].name, off.results.entries[i].name);
    EXPECT_EQ(same.results.entries[i].score, off.results.entries[i].score);
    for (const ScorePart& part : off.results.entries[i].parts) EXPECT_NE(part.part, "learned");
  }
  json reverse = Good();  // what shares few words gains a lot
  const double least = 4.0;
  reverse["trees"] =
      json::array({json::array({json::array({0, 0.0, 1, 2}), json::array({100.0}), json::array({-least})})});
  world.ranking().learned = *Parse(reverse);
  const MatchAnswer on = Answer(world);
  EXPECT_NE(on.results.entries[0].name, off.results.entries[0].name);
  EXPECT_EQ(on.partners.entries[0].name, off.partners.entries[0].name) << "trained for results";
  EXPECT_EQ(on.partners.entries[0].score, off.partners.entries[0].score);
  const MatchEntry& first = on.results.entries[0];
  double sum = 0;
  int learned = 0;
  for (const ScorePart& part : first.parts) {
    sum += part.contribution;
    learned += part.part == "learned" ? 1 : 0;
    if (part.part == "learned") {
      EXPECT_DOUBLE_EQ(part.contribution, 104);
    }
  }
  EXPECT_EQ(learned, 1);
  EXPECT_NEAR(sum, first.score, 1e-9);
}

TEST(CandidatesForLearningTest, AreTheListInItsOrder) {
  SmallWorld world(SaltLakesAndGoji());
  MatchQuestion question;
  question.need =
      *(*world.context().records->GetMany(std::vector<RecordName>{{RecordKind::kNeed, "n-li"}}))[0];
  question.settings = {.limit = 100, .policy_weight = 0, .per_institution_max = 100};
  const auto answer = Match(world.context(), question);
  ASSERT_TRUE(answer.ok()) << answer.status();
  for (const auto& [kind, list] : {std::pair{RecordKind::kResult, &answer->results},
                                   std::pair{RecordKind::kInstitution, &answer->partners},
                                   std::pair{RecordKind::kExpert, &answer->experts}}) {
    const auto found = CandidatesForLearning(world.context(), question, kind);
    ASSERT_TRUE(found.ok()) << found.status();
    ASSERT_EQ(found->size(), list->entries.size());
    for (size_t i = 0; i < found->size(); ++i) {
      EXPECT_EQ((*found)[i].name, list->entries[i].name);
      EXPECT_EQ((*found)[i].base, list->entries[i].score);
      EXPECT_EQ((*found)[i].features[10], 1) << "the need has a title";
    }
  }
}

}  // namespace
}  // namespace dongxi
