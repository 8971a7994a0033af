// What a reverse match does with an offer that cannot be had, or that is not the kind of party that a need
// asks for: the same as a match of that need does with the offer.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/match/matcher.h"
#include "tests/engine/match/small_world.h"

namespace dongxi {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing_world::FixedLoads;
using testing_world::OfInstitution;
using testing_world::SaltLakesAndGoji;
using testing_world::SmallWorld;

const absl::CivilDay kToday(2026, 11, 23);

Record& Find(std::vector<Record>& all, RecordKind kind, const std::string& id) {
  return *std::find_if(all.begin(), all.end(),
                       [&](const Record& one) { return one.kind == kind && one.id == id; });
}

ReverseQuestion QuestionOf(const MatchContext& context, const RecordName& offer) {
  ReverseQuestion question;
  question.offer = context.records->GetMany(std::span(&offer, 1))->front().value();
  question.settings.today = kToday;
  question.settings.limit = 100;
  return question;
}

ReverseAnswer Answer(const MatchContext& context, const ReverseQuestion& question) {
  auto answer = ReverseMatch(context, question);
  EXPECT_TRUE(answer.ok()) << answer.status();
  return *std::move(answer);
}
MatchList NeedsFor(const std::vector<Record>& all, const RecordName& offer, double policy_weight = 1) {
  const SmallWorld world(all);
  ReverseQuestion question = QuestionOf(world.context(), offer);
  question.settings.policy_weight = policy_weight;
  return Answer(world.context(), question).needs;
}

const MatchEntry& In(const MatchList& list, const std::string& id) {
  static const MatchEntry none;
  for (const MatchEntry& entry : list.entries) {
    if (entry.name.id == id) return entry;
  }
  ADD_FAILURE() << id << " is not listed";
  return none;
}

double Points(const MatchEntry& entry, std::string_view part) {
  for (const ScorePart& one : entry.parts) {
    if (one.part == part) return one.contribution;
  }
  return 0;
}

const RecordName kResult{RecordKind::kResult, "r-li"}, kExpert{RecordKind::kExpert, "x1"},
    kInstitution{RecordKind::kInstitution, "tj"};

struct BlockedCase {
  const char* name;
  RecordName offer;
  const char* words;
  const char* why;
};

TEST(NeedGateTest, AnOfferThatCannotBeHadIsBarredFromEveryNeedAndSaysWhy) {
  const BlockedCase cases[] = {
      {"InvalidPatent", kResult, "发明专利，已失效", "知识产权已失效"},
      {"LicensedExclusively", kResult, "已独占许可给某公司", "独占许可"},
      {"ExpertGone", kExpert, "高镁锂比卤水提锂吸附剂研究，已故", "不在岗"},
      {"InstitutionClosed", kInstitution, "海水与卤水化工，盐湖资源分离提取，已注销", "停止活动"},
  };
  for (const BlockedCase& c : cases) {
    SCOPED_TRACE(c.name);
    std::vector<Record> all = SaltLakesAndGoji();
    const MatchList before = NeedsFor(all, c.offer);
    ASSERT_GT(In(before, "n-li").adequacy, 0);
    ASSERT_THAT(In(before, "n-li").barred, IsEmpty());
    Record& record = Find(all, c.offer.kind, c.offer.id);
    (c.offer.kind == RecordKind::kResult ? record.ip_status : record.text) = c.words;
    for (const double weight : {1.0, 0.0}) {
      const MatchList after = NeedsFor(all, c.offer, weight);
      EXPECT_EQ(after.entries.size(), before.entries.size());
      EXPECT_TRUE(after.no_adequate_match);
      for (const MatchEntry& entry : after.entries) {
        EXPECT_FALSE(entry.adequate);
        EXPECT_EQ(entry.adequacy, 0);
        EXPECT_THAT(entry.barred, HasSubstr(c.why));
        EXPECT_THAT(entry.reasons.front(), HasSubstr(std::string("不宜推荐：")));
      }
    }
  }
}

TEST(NeedGateTest, AnExpiredOfferIsBarred) {
  std::vector<Record> all = SaltLakesAndGoji();
  Find(all, RecordKind::kResult, "r-li").valid_until = "2026-11-22";
  EXPECT_THAT(In(NeedsFor(all, kResult), "n-li").barred, Not(IsEmpty()));
  Find(all, RecordKind::kResult, "r-li").valid_until = "2027-11-22";
  EXPECT_THAT(In(NeedsFor(all, kResult), "n-li").barred, IsEmpty());
}

TEST(NeedGateTest, AnOfferOfClosedInstitutionsIsBarredAndOneOfARenamedOneIsToBeCleared) {
  std::vector<Record> all = SaltLakesAndGoji();
  const double score = In(NeedsFor(all, kResult), "n-li").score;
  Find(all, RecordKind::kInstitution, "tj").text += "，已注销";
  for (const RecordName& offer : {kResult, kExpert})
    EXPECT_THAT(In(NeedsFor(all, offer), "n-li").barred, HasSubstr("示例·天津化工所"));
  Find(all, RecordKind::kResult, "r-li").owners.push_back(OfInstitution("js"));
  const SmallWorld world(all);
  const MatchEntry entry = In(Answer(world.context(), QuestionOf(world.context(), kResult)).needs, "n-li");
  EXPECT_THAT(entry.barred, IsEmpty()) << "the other owner is there";
  EXPECT_EQ(Points(entry, "standing"), -world.context().ranking->standing_penalty);
  EXPECT_LT(entry.score, score);
  EXPECT_THAT(entry.reasons.back(), HasSubstr("先要核实："));
  EXPECT_THAT(entry.reasons.back(), HasSubstr("示例·天津化工所"));
}

TEST(NeedGateTest, AFullExpertIsLoweredAndAnOverloadedOneBarred) {
  const SmallWorld world(SaltLakesAndGoji());
  const ReverseQuestion question = QuestionOf(world.context(), kExpert);
  const int max = world.context().ranking->expert_open_matches_max;
  MatchContext context = world.context();
  const FixedLoads below(max - 1), full(max), over(2 * max);
  context.loads = &below;
  EXPECT_EQ(Points(In(Answer(context, question).needs, "n-li"), "standing"), 0);
  context.loads = &full;
  EXPECT_LT(Points(In(Answer(context, question).needs, "n-li"), "standing"), 0);
  context.loads = &over;
  EXPECT_THAT(In(Answer(context, question).needs, "n-li").barred, HasSubstr("上限"));
}

TEST(NeedGateTest, HowManyAnExpertTakesIsHisOwnWordWhereHeSaysIt) {
  std::vector<Record> all = SaltLakesAndGoji();
  Find(all, RecordKind::kExpert, "x1").open_matches_max = 1;
  const SmallWorld world(all);
  const ReverseQuestion question = QuestionOf(world.context(), kExpert);
  MatchContext context = world.context();
  const FixedLoads none(0), full(1), over(2);
  context.loads = &none;
  EXPECT_EQ(Points(In(Answer(context, question).needs, "n-li"), "standing"), 0);
  context.loads = &full;
  EXPECT_LT(Points(In(Answer(context, question).needs, "n-li"), "standing"), 0);
  context.loads = &over;
  EXPECT_THAT(In(Answer(context, question).needs, "n-li").barred, HasSubstr("上限 1 项"));
}

// A second need of the same words that asks for an operator.
std::vector<Record> WithNeedForOperator() {
  std::vector<Record> all = SaltLakesAndGoji();
  Record need = Find(all, RecordKind::kNeed, "n-li");
  need.id = "n-a-operator";  // before n-li by id
  need.wanted = "需要园区运营商，高选择性吸附剂";
  need.modes = {"park_operation"};
  all.push_back(need);
  Find(all, RecordKind::kInstitution, "tj").type = "university";
  Find(all, RecordKind::kInstitution, "sd").type = "park_operator";
  return all;
}

TEST(NeedGateTest, ANeedForAPartyStandsLastForATechnologyAndForAnotherParty) {
  const std::vector<Record> all = WithNeedForOperator();
  for (const double weight : {1.0, 0.0}) {
    for (const RecordName& offer : {kResult, kInstitution, kExpert}) {
      SCOPED_TRACE(offer.id);
      const MatchList list = NeedsFor(all, offer, weight);
      EXPECT_EQ(list.entries.back().name.id, "n-a-operator");
      EXPECT_THAT(list.entries.back().barred, HasSubstr("园区运营方"));
      EXPECT_EQ(list.entries.back().adequacy, 0);
      EXPECT_THAT(In(list, "n-li").barred, IsEmpty());
    }
    const MatchList operators = NeedsFor(all, {RecordKind::kInstitution, "sd"}, weight);
    EXPECT_THAT(In(operators, "n-a-operator").barred, IsEmpty());
  }
}

TEST(NeedGateTest, BarsTheSamePairsAsAMatchOfTheNeed) {
  std::vector<Record> all = WithNeedForOperator();
  Find(all, RecordKind::kResult, "r-goji").ip_status = "专利权终止";
  Find(all, RecordKind::kInstitution, "f0").text += "，已注销";
  Find(all, RecordKind::kExpert, "x2").text += "，已离任";
  const SmallWorld world(all);
  int pairs = 0, barred = 0;
  for (const char* id : {"n-li", "n-goji", "n-a-operator"}) {
    MatchQuestion question;
    const RecordName name{RecordKind::kNeed, id};
    question.need = world.context().records->GetMany(std::span(&name, 1))->front().value();
    question.settings.today = kToday;
    question.settings.limit = question.settings.per_institution_max = 100;
    const auto answer = Match(world.context(), question);
    ASSERT_TRUE(answer.ok()) << answer.status();
    for (const MatchList* list : {&answer->partners, &answer->experts, &answer->results}) {
      for (const MatchEntry& entry : list->entries) {
        SCOPED_TRACE(std::string(id) + " " + entry.name.id);
        const ReverseAnswer reverse = Answer(world.context(), QuestionOf(world.context(), entry.name));
        EXPECT_EQ(In(reverse.needs, id).barred, entry.barred);
        ++pairs;
        barred += entry.barred.empty() ? 0 : 1;
      }
    }
  }
  EXPECT_GT(barred, 10);
  EXPECT_LT(barred, pairs);
}

TEST(NeedGateTest, ModesThatExcludeOneAnotherLowerAsMuchAsAllMetRaise) {
  std::vector<Record> all = SaltLakesAndGoji();
  Find(all, RecordKind::kNeed, "n-li").modes = {"joint_rd"};
  Find(all, RecordKind::kResult, "r-li").modes = {"license", "transfer"};
  const SmallWorld world(all);
  ReverseQuestion question = QuestionOf(world.context(), kResult);
  EXPECT_EQ(Points(In(Answer(world.context(), question).needs, "n-li"), "mode"),
            -world.context().ranking->mode_boost_max);
  question.settings.policy_weight = 0;
  EXPECT_EQ(Points(In(Answer(world.context(), question).needs, "n-li"), "mode"), 0);
}

TEST(NeedGateTest, APairingOfAnInstitutionThatIsHiddenSinceKeepsItsPointsAndIsNotTold) {
  SmallWorld world(SaltLakesAndGoji());
  const ReverseQuestion question = QuestionOf(world.context(), kResult);
  const MatchEntry before = In(Answer(world.context(), question).needs, "n-li");
  ASSERT_TRUE(before.policy.has_value());
  ASSERT_THAT(before.reasons, testing::Contains(before.policy->reason));
  testing_world::RecordsInMemory shown = world.source();
  shown.records.erase(OfInstitution("tj"));
  MatchContext context = world.context();
  context.records = &shown;
  context.ranking_records = &world.source();
  const MatchEntry after = In(Answer(context, question).needs, "n-li");
  EXPECT_EQ(after.score, before.score);
  EXPECT_EQ(Points(after, "policy"), Points(before, "policy"));
  EXPECT_FALSE(after.policy.has_value());
  EXPECT_THAT(after.reasons, Not(testing::Contains(before.policy->reason)));
}

TEST(NeedGateTest, FacetsCountNoBarredNeed) {
  for (const double weight : {1.0, 0.0}) {
    const SmallWorld world(WithNeedForOperator());
    ReverseQuestion question = QuestionOf(world.context(), kResult);
    question.settings.policy_weight = weight;
    question.settings.facets = {FacetKind::kRegion};
    const ReverseAnswer answer = Answer(world.context(), question);
    EXPECT_EQ(answer.needs.adequate, 1u) << "n-li, not the need for an operator";
  }
  std::vector<Record> all = SaltLakesAndGoji();
  Find(all, RecordKind::kResult, "r-li").ip_status = "已失效";
  const SmallWorld world(all);
  ReverseQuestion question = QuestionOf(world.context(), kResult);
  question.settings.facets = {FacetKind::kRegion};
  EXPECT_EQ(Answer(world.context(), question).needs.adequate, 0u);
}

TEST(NeedGateTest, PagesTogetherAreTheWholeListWithBarredNeedsAtItsEnd) {
  std::vector<Record> all = WithNeedForOperator();
  // More than the first layer takes, so that barred needs wait for later layers.
  for (int i = 0; i < 700; ++i) {
    Record need = Find(all, RecordKind::kNeed, i % 3 == 0 ? "n-a-operator" : "n-li");
    need.id = "m-" + std::to_string(i);
    all.push_back(std::move(need));
  }
  const SmallWorld world(all);
  ReverseQuestion question = QuestionOf(world.context(), kResult);
  question.settings.limit = kMatchEntriesMax;
  std::vector<std::string> whole, paged;
  bool barred = false;
  for (const MatchEntry& entry : Answer(world.context(), question).needs.entries) {
    whole.push_back(entry.name.id);
    EXPECT_FALSE(barred && entry.barred.empty()) << entry.name.id;
    barred = !entry.barred.empty();
  }
  EXPECT_TRUE(barred);
  EXPECT_GT(whole.size(), 600u);
  question.settings.limit = 150;
  for (question.settings.offset = 0;; question.settings.offset += 150) {
    const MatchList page = Answer(world.context(), question).needs;
    for (const MatchEntry& entry : page.entries) paged.push_back(entry.name.id);
    if (!page.more) break;
  }
  EXPECT_EQ(paged, whole);
}

}  // namespace
}  // namespace dongxi
