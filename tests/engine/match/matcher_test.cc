#include "engine/match/matcher.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "engine/text/normalize.h"
#include "tests/engine/match/small_world.h"

namespace dongxi {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;
using testing_world::Institution;
using testing_world::OfInstitution;
using testing_world::Result;
using testing_world::SaltLakesAndGoji;
using testing_world::SmallWorld;

const absl::CivilDay kToday(2026, 11, 23);

MatchQuestion QuestionFor(const SmallWorld& world, const std::string& need) {
  MatchQuestion question;
  const auto found = world.context().records->GetMany(std::vector<RecordName>{{RecordKind::kNeed, need}});
  question.need = *(*found)[0];
  question.settings.today = kToday;
  return question;
}

std::vector<std::string> Ids(const MatchList& list) {
  std::vector<std::string> ids;
  for (const MatchEntry& entry : list.entries) ids.push_back(entry.name.id);
  return ids;
}

const MatchEntry* Find(const MatchList& list, const std::string& id) {
  for (const MatchEntry& entry : list.entries) {
    if (entry.name.id == id) return &entry;
  }
  return nullptr;
}

std::shared_ptr<const Filter> MustParse(const SmallWorld& world, const std::string& text) {
  auto filter = ParseFilter(text, *world.context().policy);
  EXPECT_TRUE(filter.ok()) << filter.status();
  return *filter;
}

TEST(MatchTest, RanksWhatAnswersTheNeedFirstInAllThreeLists) {
  SmallWorld world(SaltLakesAndGoji());
  const auto answer = Match(world.context(), QuestionFor(world, "n-li"));
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(answer->results.entries[0].name.id, "r-li");
  EXPECT_EQ(answer->results.entries[1].name.id, "r-li2");
  EXPECT_EQ(answer->experts.entries[0].name.id, "x1");
  EXPECT_EQ(answer->partners.entries[0].name.id, "tj");
  EXPECT_FALSE(answer->results.no_adequate_match);
}

TEST(MatchTest, PublicationsVoteButAreNeverOffered) {
  SmallWorld world(SaltLakesAndGoji());
  const auto answer = Match(world.context(), QuestionFor(world, "n-li"));
  ASSERT_TRUE(answer.ok());
  EXPECT_THAT(Ids(answer->results), Not(Contains("p1")));
  const MatchEntry* partner = Find(answer->partners, "sd");
  ASSERT_NE(partner, nullptr);
  std::vector<std::string> evidence;
  for (const EvidenceShare& share : partner->evidence) evidence.push_back(share.name.id);
  EXPECT_THAT(evidence, Contains("p1"));
}

TEST(MatchTest, OwnInstitutionIsNotOfferedToItself) {
  SmallWorld world(SaltLakesAndGoji());
  const auto answer = Match(world.context(), QuestionFor(world, "n-li"));
  ASSERT_TRUE(answer.ok());
  EXPECT_THAT(Ids(answer->partners), Not(Contains("qh")));
}

TEST(MatchTest, PartsAddUpToTheScoreAndSharesToOne) {
  SmallWorld world(SaltLakesAndGoji());
  const auto answer = Match(world.context(), QuestionFor(world, "n-li"));
  ASSERT_TRUE(answer.ok());
  for (const MatchList* list : {&answer->partners, &answer->experts, &answer->results}) {
    for (const MatchEntry& entry : list->entries) {
      double sum = 0, share = 0;
      for (const ScorePart& part : entry.parts) sum += part.contribution;
      for (const EvidenceShare& evidence : entry.evidence) share += evidence.share;
      EXPECT_NEAR(sum, entry.score, 1e-9) << entry.name.id;
      EXPECT_NEAR(share, 1.0, 1e-9) << entry.name.id;
      EXPECT_FALSE(entry.reasons.empty()) << entry.name.id;
    }
  }
}

TEST(MatchTest, MatchedTermsStandWhereTheirSpansSay) {
  SmallWorld world(SaltLakesAndGoji());
  const MatchQuestion question = QuestionFor(world, "n-li");
  const auto answer = Match(world.context(), question);
  ASSERT_TRUE(answer.ok());
  const MatchEntry& entry = answer->results.entries[0];
  ASSERT_FALSE(entry.terms.empty());
  EXPECT_EQ(entry.terms[0].term, "高镁锂比盐湖卤水");
  for (const MatchedTerm& term : entry.terms) {
    ASSERT_FALSE(term.need_spans.empty());
    ASSERT_FALSE(term.evidence_spans.empty());
    for (const TextSpan& span : term.need_spans) {
      const std::string& text = span.field == "title"    ? question.need.title
                                : span.field == "wanted" ? question.need.wanted
                                                         : question.need.text;
      EXPECT_EQ(EncodeUtf8(DecodeUtf8(text).substr(span.begin, span.end - span.begin)), term.term);
    }
  }
}

// Its time is that of a text as long: with every place compared with every other it would be minutes.
TEST(MatchTest, ATextThatRepeatsItselfIsMarkedAtItsFirstPlacesOnly) {
  std::string long_text;
  for (int i = 0; i < 50'000; ++i) long_text += "卤水提锂";
  std::vector<Record> all = SaltLakesAndGoji();
  all.push_back(Result("r-long", "卤水提锂", long_text, {}));
  SmallWorld world(std::move(all));
  const MatchQuestion question{
      .need = {.kind = RecordKind::kNeed, .title = "卤水提锂", .text = "卤水提锂卤水提锂吸附剂卤水提锂"}};
  const auto answer = Match(world.context(), question);
  ASSERT_TRUE(answer.ok()) << answer.status();
  const auto& entries = answer->results.entries;
  const auto entry = std::find_if(entries.begin(), entries.end(),
                                  [](const MatchEntry& one) { return one.name.id == "r-long"; });
  ASSERT_NE(entry, entries.end());
  ASSERT_FALSE(entry->terms.empty());
  for (const MatchedTerm& term : entry->terms) {
    EXPECT_FALSE(term.evidence_spans.empty());
    EXPECT_LE(term.evidence_spans.size(), size_t{64});
  }
}

TEST(MatchTest, PolicyNamesThePairingAndBelongsToItsTask) {
  SmallWorld world(SaltLakesAndGoji());
  const auto salt = Match(world.context(), QuestionFor(world, "n-li"));
  ASSERT_TRUE(salt.ok());
  const MatchEntry* tianjin = Find(salt->partners, "tj");
  ASSERT_TRUE(tianjin != nullptr && tianjin->policy.has_value());
  EXPECT_THAT(tianjin->policy->reason, HasSubstr("通过科技援青: 青海 ↔ 天津, 盐湖产业"));

  const auto goji = Match(world.context(), QuestionFor(world, "n-goji"));
  ASSERT_TRUE(goji.ok());
  const MatchEntry* tianjin_goji = Find(goji->results, "r-goji-tj");
  const MatchEntry* jiangsu_goji = Find(goji->results, "r-goji");
  ASSERT_TRUE(tianjin_goji != nullptr && jiangsu_goji != nullptr);
  const auto policy_points = [](const MatchEntry& entry) {
    for (const ScorePart& part : entry.parts) {
      if (part.part == "policy") return part.contribution;
    }
    return 0.0;
  };
  EXPECT_GT(policy_points(*jiangsu_goji), 0.2);
  EXPECT_LT(policy_points(*tianjin_goji), 0.05);
}

TEST(MatchTest, AnInstitutionThatTheViewerMayNotSeeGivesNoPolicyReasonAndMovesNothing) {
  Record academy = Institution("academy", "中国农业科学院示例所", "11", "枸杞品种选育");
  Record result = Result("r-academy", "枸杞鲜果干燥装备", "枸杞低温干燥", {OfInstitution("academy")});
  result.region = "33";
  const auto entry = [&]() {
    std::vector<Record> all = SaltLakesAndGoji();
    all.push_back(academy);
    all.push_back(result);
    const SmallWorld world(all);
    const auto answer = Match(world.context(), QuestionFor(world, "n-goji"));
    EXPECT_TRUE(answer.ok()) << answer.status();
    const MatchEntry* found = answer.ok() ? Find(answer->results, "r-academy") : nullptr;
    EXPECT_NE(found, nullptr);
    return found != nullptr ? *found : MatchEntry();
  };
  const MatchEntry shown = entry();
  ASSERT_TRUE(shown.policy.has_value());
  EXPECT_THAT(shown.policy->reason, HasSubstr("中国农业科学院"));
  academy.disclosure = Disclosure::kOrganiser;
  const MatchEntry hidden = entry();
  result.owners.clear();
  const MatchEntry of_nobody = entry();
  EXPECT_EQ(hidden.score, of_nobody.score);
  EXPECT_LT(hidden.score, shown.score);
  const std::string reason = hidden.policy ? hidden.policy->reason : "";
  EXPECT_EQ(reason, of_nobody.policy ? of_nobody.policy->reason : "");
  EXPECT_THAT(reason, Not(HasSubstr("中国农业科学院")));
}

TEST(MatchTest, TheRegionOfAHiddenInstitutionIsToldByNoAnswerFilterOrFacet) {
  std::vector<Record> all = SaltLakesAndGoji();
  all.push_back(Institution("hidden", "示例·内部所", "46", "枸杞品种选育"));
  all.back().disclosure = Disclosure::kOrganiser;
  all.push_back(Result("r-of-hidden", "枸杞鲜果干燥装备", "枸杞低温干燥", {OfInstitution("hidden")}));
  const SmallWorld world(all);
  MatchQuestion question = QuestionFor(world, "n-goji");
  question.settings.facets = {FacetKind::kRegion};
  const auto answer = Match(world.context(), question);
  ASSERT_TRUE(answer.ok()) << answer.status();
  const MatchEntry* const entry = Find(answer->results, "r-of-hidden");
  ASSERT_NE(entry, nullptr);
  EXPECT_EQ(entry->region, "");
  for (const FacetValue& value : answer->results.facets.front().values) EXPECT_NE(value.value, "46");
  question.settings.filter = MustParse(world, "region = \"46\"");
  const auto filtered = Match(world.context(), question);
  ASSERT_TRUE(filtered.ok()) << filtered.status();
  EXPECT_THAT(Ids(filtered->results), testing::IsEmpty());
}

TEST(MatchTest, PolicyMovesEntriesOnlyWithinItsBoundAndWeightZeroRemovesIt) {
  SmallWorld world(SaltLakesAndGoji());
  for (const char* need : {"n-li", "n-goji"}) {
    MatchQuestion question = QuestionFor(world, need);
    question.settings.per_institution_max = 1000;
    question.settings.limit = 1000;
    const auto with = Match(world.context(), question);
    question.settings.policy_weight = 0;
    const auto without = Match(world.context(), question);
    ASSERT_TRUE(with.ok() && without.ok());
    EXPECT_EQ(without->policy_boost_max, 0);
    for (const auto& lists :
         {std::pair(&with->partners, &without->partners), std::pair(&with->results, &without->results)}) {
      for (const MatchEntry& before : lists.second->entries) {
        EXPECT_FALSE(before.policy.has_value());
        const MatchEntry* after = Find(*lists.first, before.name.id);
        ASSERT_NE(after, nullptr);
        EXPECT_GE(after->score, before.score - 1e-9);
        EXPECT_LE(after->score, before.score + with->policy_boost_max + 1e-9);
      }
      // Whoever led by more than the bound still leads.
      for (const MatchEntry& a : lists.second->entries) {
        for (const MatchEntry& b : lists.second->entries) {
          if (a.score <= b.score + with->policy_boost_max) continue;
          EXPECT_GT(Find(*lists.first, a.name.id)->score, Find(*lists.first, b.name.id)->score);
        }
      }
    }
  }
}

TEST(MatchTest, AnyProvinceIsMatchedInFullWithChannelNone) {
  SmallWorld world(SaltLakesAndGoji());
  MatchQuestion question = QuestionFor(world, "n-li");
  question.need.region = "45";
  const auto answer = Match(world.context(), question);
  ASSERT_TRUE(answer.ok());
  EXPECT_EQ(answer->policy.channel, "none");
  EXPECT_EQ(answer->results.entries[0].name.id, "r-li");
}

TEST(MatchTest, FiltersKeepRecall) {
  SmallWorld world(SaltLakesAndGoji());
  MatchQuestion question = QuestionFor(world, "n-li");
  question.settings.per_institution_max = 1000;
  struct Case {
    const char* filter;
    size_t partners, results;
  };
  const Case cases[] = {{"region = \"33\"", 8, 8},  // nothing to do with the need, listed all the same
                        {"region = \"12\"", 1, 2},
                        {"region = \"37\"", 1, 1},
                        {"region = \"81\"", 0, 0},
                        {"kind = RESULT", 0, 10}};
  for (const Case& c : cases) {
    SCOPED_TRACE(c.filter);
    question.settings.filter = MustParse(world, c.filter);
    const auto answer = Match(world.context(), question);
    ASSERT_TRUE(answer.ok()) << answer.status();
    EXPECT_EQ(answer->partners.entries.size(), c.partners);
    EXPECT_EQ(answer->results.entries.size(), std::min<size_t>(c.results, 10));
  }
}

TEST(MatchTest, MaturityFilterReachesPartnersThroughTheirEvidence) {
  std::vector<Record> all = SaltLakesAndGoji();
  for (Record& record : all) {
    if (record.id == "r-li2") record.maturity = 8;
    if (record.id == "r-li") record.maturity = 4;
  }
  SmallWorld world(all);
  MatchQuestion question = QuestionFor(world, "n-li");
  question.settings.filter = MustParse(world, "maturity >= 7");
  const auto answer = Match(world.context(), question);
  ASSERT_TRUE(answer.ok());
  EXPECT_THAT(Ids(answer->results), testing::ElementsAre("r-li2"));
  ASSERT_THAT(Ids(answer->partners), testing::ElementsAre("sd"));
  EXPECT_EQ(answer->partners.entries[0].evidence.size(), 1U);
}

TEST(MatchTest, ExpiredAndUndisclosedOffersAreLeftOut) {
  std::vector<Record> all = SaltLakesAndGoji();
  for (Record& record : all) {
    if (record.id == "r-li") record.valid_until = "2026-11-22";
    if (record.id == "r-li2") record.disclosure = Disclosure::kOrganiser;
  }
  SmallWorld world(all);
  MatchQuestion question = QuestionFor(world, "n-li");
  const auto open = Match(world.context(), question);
  ASSERT_TRUE(open.ok());
  EXPECT_THAT(Ids(open->results), Not(Contains("r-li")));
  EXPECT_THAT(Ids(open->results), Not(Contains("r-li2")));
  question.settings.viewer.disclosure_max = Disclosure::kOrganiser;
  const auto organiser = Match(world.context(), question);
  ASSERT_TRUE(organiser.ok());
  EXPECT_THAT(Ids(organiser->results), Contains("r-li2"));
}

TEST(MatchTest, RecordsDeletedSinceTheBuildAreLeftOut) {
  SmallWorld world(SaltLakesAndGoji());
  world.source().records.erase({RecordKind::kResult, "r-li"});
  const auto answer = Match(world.context(), QuestionFor(world, "n-li"));
  ASSERT_TRUE(answer.ok());
  EXPECT_THAT(Ids(answer->results), Not(Contains("r-li")));
}

TEST(MatchTest, OneInstitutionFillsNoMoreThanItsCap) {
  std::vector<Record> all = SaltLakesAndGoji();
  for (int i = 0; i < 6; ++i) {
    all.push_back(
        Result("r-many" + std::to_string(i), "盐湖卤水提锂吸附剂型号", "吸附提锂", {OfInstitution("tj")}));
  }
  SmallWorld world(all);
  MatchQuestion question = QuestionFor(world, "n-li");
  question.settings.per_institution_max = 2;
  const auto answer = Match(world.context(), question);
  ASSERT_TRUE(answer.ok());
  int of_tianjin = 0;
  for (const MatchEntry& entry : answer->results.entries) of_tianjin += entry.region == "12" ? 1 : 0;
  EXPECT_EQ(of_tianjin, 2);
}

TEST(MatchTest, EqualScoresStandInOrderOfId) {
  std::vector<Record> all = SaltLakesAndGoji();
  for (const char* id : {"z-same", "a-same", "m-same"}) {
    all.push_back(Result(id, "盐湖卤水提锂吸附剂", "同一段文字", {OfInstitution("sd")}));
  }
  SmallWorld world(all);
  MatchQuestion question = QuestionFor(world, "n-li");
  question.settings.per_institution_max = 10;
  const auto answer = Match(world.context(), question);
  ASSERT_TRUE(answer.ok());
  std::vector<std::string> same;
  for (const std::string& id : Ids(answer->results)) {
    if (id.ends_with("-same")) same.push_back(id);
  }
  EXPECT_THAT(same, testing::ElementsAre("a-same", "m-same", "z-same"));
}

TEST(MatchTest, PagesJoinedAreTheWholeList) {
  SmallWorld world(SaltLakesAndGoji());
  MatchQuestion question = QuestionFor(world, "n-li");
  question.settings.limit = 1000;
  const auto whole = Match(world.context(), question);
  ASSERT_TRUE(whole.ok());
  std::vector<std::string> joined;
  question.settings.limit = 3;
  for (question.settings.offset = 0;; question.settings.offset += 3) {
    const auto page = Match(world.context(), question);
    ASSERT_TRUE(page.ok());
    for (const std::string& id : Ids(page->results)) joined.push_back(id);
    if (!page->results.more) break;
  }
  EXPECT_EQ(joined, Ids(whole->results));
}

TEST(MatchTest, SaysThatNothingIsAdequateAndShowsNearMisses) {
  SmallWorld world(SaltLakesAndGoji());
  world.ranking().adequacy_bias = -4;  // of no collection in particular: the shipped values are the sample's
  world.ranking().adequacy_lexical = 8;
  world.ranking().adequacy_semantic = 4;
  world.ranking().adequacy_threshold = 0.6;
  MatchQuestion question;
  question.need = {
      .kind = RecordKind::kNeed, .title = "古琴斫制老杉木声学处理", .text = "寻找传统乐器木料的时效处理办法"};
  question.settings.today = kToday;
  const auto answer = Match(world.context(), question);
  ASSERT_TRUE(answer.ok());
  EXPECT_TRUE(answer->results.no_adequate_match);
  EXPECT_TRUE(answer->partners.no_adequate_match);
  EXPECT_FALSE(answer->results.entries.empty());
}

TEST(MatchTest, RefusesWhatItCannotAnswer) {
  SmallWorld world(SaltLakesAndGoji());
  MatchQuestion question = QuestionFor(world, "n-li");
  question.settings.deadline = absl::InfinitePast();
  EXPECT_EQ(Match(world.context(), question).status().code(), absl::StatusCode::kDeadlineExceeded);
  question = QuestionFor(world, "n-li");
  question.settings.cancelled = [] { return true; };
  EXPECT_EQ(Match(world.context(), question).status().code(), absl::StatusCode::kCancelled);
  question = QuestionFor(world, "n-li");
  question.settings.limit = 0;
  EXPECT_EQ(Match(world.context(), question).status().code(), absl::StatusCode::kInvalidArgument);
  question = {};
  question.need.kind = RecordKind::kNeed;
  question.need.title = "，。！";
  EXPECT_EQ(Match(world.context(), question).status().code(), absl::StatusCode::kInvalidArgument);
}

// Of the stages of a match, those that were begun.
class StagesHeard final : public StageObserver {
 public:
  void StageDone(MatchStage stage, double) override { stages.insert(stage); }
  std::set<MatchStage> stages;
};

TEST(MatchTest, ACallerWhoLeftIsNoticedWhileHiddenDocumentsAreGathered) {
  std::vector<Record> all = SaltLakesAndGoji();
  all.push_back(Result("r-hidden", "高镁锂比盐湖卤水提锂", "", {OfInstitution("tj")}));
  all.back().disclosure = Disclosure::kOrganiser;
  SmallWorld world(all);
  MatchContext context = world.context();
  StagesHeard heard;
  context.stages = &heard;
  MatchQuestion question = QuestionFor(world, "n-li");
  question.results = false;  // votes: no filter is read, all that is shown is gathered first
  question.settings.cancelled = [] { return true; };
  EXPECT_EQ(Match(context, question).status().code(), absl::StatusCode::kCancelled);
  EXPECT_THAT(heard.stages, testing::ElementsAre(MatchStage::kQuery)) << "before any candidate is scored";
}

TEST(MatchTest, EmptyNeedsAndOffersGiveEmptyLists) {
  SmallWorld world({Institution("a", "示例·甲", "12", "盐湖")});
  MatchQuestion question;
  question.need = {.kind = RecordKind::kNeed, .title = "盐湖提锂"};
  question.settings.today = kToday;
  const auto answer = Match(world.context(), question);
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_TRUE(answer->results.entries.empty());
  EXPECT_TRUE(answer->results.no_adequate_match);
  EXPECT_EQ(answer->partners.entries.size(), 1U);
}

TEST(ReverseMatchTest, FindsTheNeedsThatAnOfferAnswers) {
  SmallWorld world(SaltLakesAndGoji());
  for (const auto& [offer, need] : {std::pair<RecordName, std::string>{{RecordKind::kResult, "r-li"}, "n-li"},
                                    {{RecordKind::kInstitution, "js"}, "n-goji"},
                                    {{RecordKind::kExpert, "x2"}, "n-goji"}}) {
    ReverseQuestion question;
    question.offer = world.source().records.at(offer);
    question.settings.today = kToday;
    const auto answer = ReverseMatch(world.context(), question);
    ASSERT_TRUE(answer.ok()) << answer.status();
    ASSERT_EQ(answer->needs.entries.size(), 2U);
    EXPECT_EQ(answer->needs.entries[0].name.id, need) << offer.id;
  }
}

TEST(ReverseMatchTest, OwnNeedsAreNotOfferedAndNeedsCannotAsk) {
  SmallWorld world(SaltLakesAndGoji());
  ReverseQuestion question;
  question.settings.today = kToday;
  question.offer = world.source().records.at({RecordKind::kInstitution, "qh"});
  const auto own = ReverseMatch(world.context(), question);
  ASSERT_TRUE(own.ok());
  EXPECT_TRUE(own->needs.entries.empty());
  question.offer = world.source().records.at({RecordKind::kNeed, "n-li"});
  EXPECT_EQ(ReverseMatch(world.context(), question).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(SearchTest, FindsRecordsOfEveryKindWithSnippets) {
  SmallWorld world(SaltLakesAndGoji());
  SearchQuestion question;
  question.text = "枸杞 多糖";
  question.today = kToday;
  const auto answer = Search(world.context(), question);
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(answer->hits[0].title, "枸杞鲜果低温干燥与多糖提取技术");
  std::set<RecordKind> kinds;
  for (const SearchHit& hit : answer->hits) kinds.insert(hit.name.kind);
  EXPECT_TRUE(kinds.contains(RecordKind::kNeed));
  const SearchHit& first = answer->hits[0];
  ASSERT_FALSE(first.spans.empty());
  const std::u32string snippet = DecodeUtf8(first.snippet);
  EXPECT_EQ(EncodeUtf8(snippet.substr(first.spans[0].begin, first.spans[0].end - first.spans[0].begin)),
            "枸杞");
  question.kinds = {RecordKind::kExpert};
  const auto experts = Search(world.context(), question);
  ASSERT_TRUE(experts.ok());
  EXPECT_EQ(experts->hits[0].name.id, "x2");
  EXPECT_EQ(experts->hits.size(), 2U);
}

}  // namespace
}  // namespace dongxi
