// What the matcher does with offers that cannot be had or are not the kind of party that is asked for: they
// stand last and are never adequate; what has to be cleared first costs a stated amount.
#include "engine/match/gate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/index/delta_builder.h"
#include "engine/match/matcher.h"
#include "engine/match/route_institutions.h"
#include "tests/engine/match/small_world.h"

namespace dongxi {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing_world::FixedLoads;
using testing_world::Institution;
using testing_world::OfExpert;
using testing_world::OfInstitution;
using testing_world::Result;
using testing_world::SaltLakesAndGoji;
using testing_world::SmallWorld;

const absl::CivilDay kToday(2026, 11, 23);

Record& Find(std::vector<Record>& all, RecordKind kind, const std::string& id) {
  return *std::find_if(all.begin(), all.end(),
                       [&](const Record& one) { return one.kind == kind && one.id == id; });
}

MatchQuestion QuestionFor(const MatchContext& context, const std::string& need) {
  MatchQuestion question;
  const std::vector<RecordName> names = {{RecordKind::kNeed, need}};
  question.need = context.records->GetMany(names)->front().value();
  question.settings.today = kToday;
  question.settings.limit = 100;
  question.settings.per_institution_max = 100;
  return question;
}

MatchAnswer Answer(const MatchContext& context, const MatchQuestion& question) {
  auto answer = Match(context, question);
  EXPECT_TRUE(answer.ok()) << answer.status();
  return *std::move(answer);
}
MatchAnswer Answer(const std::vector<Record>& all, const std::string& need = "n-li") {
  const SmallWorld world(all);
  return Answer(world.context(), QuestionFor(world.context(), need));
}

const MatchEntry* In(const MatchList& list, const std::string& id) {
  for (const MatchEntry& entry : list.entries) {
    if (entry.name.id == id) return &entry;
  }
  return nullptr;
}

double Points(const MatchEntry& entry, std::string_view part) {
  for (const ScorePart& one : entry.parts) {
    if (one.part == part) return one.contribution;
  }
  return 0;
}

void ExpectBarredLast(const MatchList& list) {
  for (size_t i = 1; i < list.entries.size(); ++i)
    EXPECT_LE(list.entries[i - 1].barred.empty() ? 0 : 1, list.entries[i].barred.empty() ? 0 : 1) << i;
}

struct BlockedCase {
  const char* name;
  RecordKind kind;
  const char* id;
  const char* words;
  const char* why;
};
constexpr BlockedCase kBlocked[] = {
    {"InvalidPatent", RecordKind::kResult, "r-li", "发明专利，已失效", "知识产权已失效"},
    {"LicensedExclusively", RecordKind::kResult, "r-li", "已独占许可给某公司", "独占许可"},
    {"ExpertGone", RecordKind::kExpert, "x1", "高镁锂比卤水提锂吸附剂研究，已故", "不在岗"},
    {"InstitutionClosed", RecordKind::kInstitution, "tj", "海水与卤水化工，盐湖资源分离提取，已注销",
     "停止活动"},
};

TEST(GateTest, WhatCannotBeHadStandsLastIsNeverAdequateAndSaysWhy) {
  for (const BlockedCase& c : kBlocked) {
    SCOPED_TRACE(c.name);
    std::vector<Record> all = SaltLakesAndGoji();
    const MatchAnswer before = Answer(all);
    Record& record = Find(all, c.kind, c.id);
    (c.kind == RecordKind::kResult ? record.ip_status : record.text) = c.words;
    const MatchAnswer after = Answer(all);
    const auto list_of = [&](const MatchAnswer& answer) -> const MatchList& {
      return c.kind == RecordKind::kResult   ? answer.results
             : c.kind == RecordKind::kExpert ? answer.experts
                                             : answer.partners;
    };
    ASSERT_EQ(list_of(before).entries.front().name.id, c.id) << "it was the best";
    ASSERT_TRUE(list_of(before).entries.front().adequate);
    const MatchEntry* barred = In(list_of(after), c.id);
    ASSERT_NE(barred, nullptr) << "it is shown, so that nobody misses it";
    EXPECT_FALSE(barred->adequate);
    EXPECT_EQ(barred->adequacy, 0);
    EXPECT_THAT(barred->barred, HasSubstr(c.why));
    EXPECT_THAT(barred->reasons.front(), HasSubstr(c.why));
    EXPECT_NE(list_of(after).entries.front().name.id, c.id);
    for (const MatchList* list : {&after.partners, &after.experts, &after.results}) ExpectBarredLast(*list);
  }
}

TEST(GateTest, OffersOfInstitutionsThatAllClosedAreBarredOthersAreToBeCleared) {
  std::vector<Record> all = SaltLakesAndGoji();
  Find(all, RecordKind::kInstitution, "tj").text += "，已注销";
  Find(all, RecordKind::kResult, "r-goji-tj").owners.push_back(OfInstitution("js"));
  const MatchAnswer salt = Answer(all);
  EXPECT_THAT(In(salt.results, "r-li")->barred, HasSubstr("示例·天津化工所"));
  EXPECT_THAT(In(salt.experts, "x1")->barred, HasSubstr("示例·天津化工所"));
  const MatchAnswer goji = Answer(all, "n-goji");
  const MatchEntry& shared = *In(goji.results, "r-goji-tj");
  EXPECT_THAT(shared.barred, IsEmpty()) << "the other owner is there";
  EXPECT_LT(Points(shared, "standing"), 0);
}

TEST(GateTest, WhatHasToBeClearedCostsThePenaltyWhateverTheWeight) {
  for (const double weight : {1.0, 0.0}) {
    std::vector<Record> all = SaltLakesAndGoji();
    const SmallWorld plain(all);
    MatchQuestion question = QuestionFor(plain.context(), "n-li");
    question.settings.policy_weight = weight;
    const MatchAnswer before = Answer(plain.context(), question);
    Find(all, RecordKind::kResult, "r-li").ip_status = "发明专利实质审查中";
    Find(all, RecordKind::kInstitution, "sd").valid_until = "2026-01-01";
    const SmallWorld world(all);
    const MatchAnswer after = Answer(world.context(), question);
    for (const char* id : {"r-li", "r-li2"}) {
      const MatchEntry& entry = *In(after.results, id);
      const double penalty = world.context().ranking->standing_penalty;
      EXPECT_EQ(Points(entry, "standing"), -penalty) << id;
      EXPECT_NEAR(entry.score, In(before.results, id)->score - penalty, 1e-9) << id;
      EXPECT_EQ(entry.adequacy, In(before.results, id)->adequacy) << id;
      EXPECT_THAT(entry.reasons.back(), HasSubstr("先要核实")) << id;
      EXPECT_THAT(entry.barred, IsEmpty());
    }
    EXPECT_THAT(In(after.results, "r-li2")->reasons.back(), HasSubstr("示例·山东盐化所"));
  }
}

TEST(GateTest, AnEndedTermIsReadFromYearAndKindOfRight) {
  std::vector<Record> all = SaltLakesAndGoji();
  Record& result = Find(all, RecordKind::kResult, "r-li");
  result.ip_status = "实用新型";
  result.year = 2016;
  EXPECT_EQ(Points(*In(Answer(all).results, "r-li"), "standing"), 0) << "2026 is its last year";
  Find(all, RecordKind::kResult, "r-li").year = 2015;
  EXPECT_LT(Points(*In(Answer(all).results, "r-li"), "standing"), 0);
}

TEST(GateTest, AFullExpertIsLoweredAndAnOverloadedOneBarred) {
  const SmallWorld world(SaltLakesAndGoji());
  const MatchQuestion question = QuestionFor(world.context(), "n-li");
  const int max = world.context().ranking->expert_open_matches_max;
  MatchContext context = world.context();
  const FixedLoads below(max - 1), full(max), over(2 * max);
  context.loads = &below;
  EXPECT_EQ(Points(*In(Answer(context, question).experts, "x1"), "standing"), 0);
  context.loads = &full;
  EXPECT_LT(Points(*In(Answer(context, question).experts, "x1"), "standing"), 0);
  context.loads = &over;
  const MatchAnswer barred = Answer(context, question);
  EXPECT_EQ(barred.experts.entries.back().name.id, "x1");
  EXPECT_THAT(barred.experts.entries.back().barred, HasSubstr("上限"));
}

TEST(GateTest, HowManyAnExpertTakesIsHisOwnWordWhereHeSaysIt) {
  std::vector<Record> all = SaltLakesAndGoji();
  Find(all, RecordKind::kExpert, "x1").open_matches_max = 2;
  const SmallWorld world(all);
  const MatchQuestion question = QuestionFor(world.context(), "n-li");
  MatchContext context = world.context();
  const FixedLoads below(1), full(2), over(4);
  context.loads = &below;
  const MatchAnswer free = Answer(context, question);
  EXPECT_EQ(Points(*In(free.experts, "x1"), "standing"), 0);
  ASSERT_TRUE(In(free.experts, "x1")->load.has_value());
  EXPECT_EQ(In(free.experts, "x1")->load->open, 1);
  EXPECT_EQ(In(free.experts, "x1")->load->max, 2);
  EXPECT_EQ(In(free.experts, "x2")->load->max, context.ranking->expert_open_matches_max);
  context.loads = &full;
  const MatchAnswer lowered = Answer(context, question);
  EXPECT_LT(Points(*In(lowered.experts, "x1"), "standing"), 0);
  EXPECT_THAT(In(lowered.experts, "x1")->reasons.back(), HasSubstr("正在进行 2 项，上限 2 项"));
  context.loads = &over;
  EXPECT_THAT(In(Answer(context, question).experts, "x1")->barred, HasSubstr("上限"));
  context.loads = nullptr;
  EXPECT_FALSE(In(Answer(context, question).experts, "x1")->load.has_value()) << "the ledger is not known";
}

// As on a later page, whose reader may not see the institution any more: the gate knows it from the table.
TEST(GateTest, WhatTheGateDidIsSaidInWordsAlsoWhereItsCauseIsNotShownAnyMore) {
  for (const char* words : {"，已注销", "，已更名为示例·乙所"}) {
    SCOPED_TRACE(words);
    std::vector<Record> all = SaltLakesAndGoji();
    Find(all, RecordKind::kInstitution, "tj").text += words;
    SmallWorld world(all);
    const MatchQuestion question = QuestionFor(world.context(), "n-li");
    const MatchAnswer before = Answer(world.context(), question);
    world.source().records.erase({RecordKind::kInstitution, "tj"});
    const MatchAnswer after = Answer(world.context(), question);
    const MatchEntry &shown = *In(before.results, "r-li"), &hidden = *In(after.results, "r-li");
    EXPECT_EQ(hidden.score, shown.score);
    EXPECT_EQ(hidden.barred.empty(), shown.barred.empty());
    const std::string why = hidden.barred.empty() ? hidden.reasons.back() : hidden.barred;
    EXPECT_THAT(why, HasSubstr("请向供方核实"));
    for (const std::string& reason : hidden.reasons)
      EXPECT_THAT(reason, testing::Not(HasSubstr("天津化工所")));
  }
}

TEST(GateTest, ANeedForAPartyIsNotMetByATechnology) {
  std::vector<Record> all = SaltLakesAndGoji();
  Record need = Find(all, RecordKind::kNeed, "n-li");
  need.id = "n-operator";
  need.wanted = "需要园区运营商";
  need.modes = {"park_operation"};
  all.push_back(need);
  Find(all, RecordKind::kInstitution, "tj").type = "university";
  Find(all, RecordKind::kInstitution, "sd").type = "park_operator";
  const MatchAnswer answer = Answer(all, "n-operator");
  EXPECT_TRUE(answer.results.no_adequate_match);
  for (const MatchEntry& entry : answer.results.entries) {
    EXPECT_FALSE(entry.adequate) << entry.name.id;
    EXPECT_THAT(entry.barred, HasSubstr("园区运营方")) << entry.name.id;
  }
  EXPECT_THAT(In(answer.partners, "sd")->barred, IsEmpty());
  EXPECT_THAT(In(answer.partners, "tj")->barred, HasSubstr("不是这一类"));
  ExpectBarredLast(answer.partners);
  const MatchAnswer technology = Answer(all);
  EXPECT_THAT(In(technology.partners, "tj")->barred, IsEmpty());
}

TEST(GateTest, ModesThatExcludeOneAnotherLowerAsMuchAsAllMetRaise) {
  std::vector<Record> all = SaltLakesAndGoji();
  Find(all, RecordKind::kNeed, "n-li").modes = {"joint_rd"};
  Find(all, RecordKind::kResult, "r-li").modes = {"license", "transfer"};
  Find(all, RecordKind::kResult, "r-li2").modes = {"license", "technical_service"};  // one goes in part
  const SmallWorld world(all);
  MatchQuestion question = QuestionFor(world.context(), "n-li");
  const MatchAnswer answer = Answer(world.context(), question);
  EXPECT_EQ(Points(*In(answer.results, "r-li"), "mode"), -world.context().ranking->mode_boost_max);
  EXPECT_EQ(Points(*In(answer.results, "r-li2"), "mode"), 0);
  question.settings.policy_weight = 0;
  EXPECT_EQ(Points(*In(Answer(world.context(), question).results, "r-li"), "mode"), 0);
}

TEST(GateTest, ModesExcludeOneAnotherExactlyWhereTheirVerdictContradicts) {
  const std::vector<std::string> codes = {"transfer",        "license",          "equity",
                                          "joint_rd",        "commissioned_rd",  "technical_service",
                                          "training",        "popularisation",   "conversion",
                                          "joint_platform",  "resource_sharing", "offsite_conversion",
                                          "flexible_hiring", "apprenticeship",   "industry_transfer"};
  const auto name = [](std::string_view code) { return std::string(code); };
  for (const std::string& wanted : codes) {
    for (const std::string& offered : codes) {
      const auto verdicts =
          requirement::JudgeModes(std::vector<std::string>{wanted}, std::vector<std::string>{offered}, name,
                                  requirement::BuiltInRequirementTables());
      EXPECT_EQ(!ModesGoTogether(wanted, offered),
                verdicts.front().outcome == requirement::Outcome::kContradictory)
          << wanted << " " << offered;
    }
  }
}

TEST(GateTest, PagesTogetherAreTheWholeListWithBarredEntriesAtItsEnd) {
  std::vector<Record> all = SaltLakesAndGoji();
  for (Record& record : all) {
    if (record.kind == RecordKind::kResult && record.id < "r-f4") record.ip_status = "已失效";
  }
  const SmallWorld world(all);
  MatchQuestion question = QuestionFor(world.context(), "n-li");
  std::vector<std::string> whole, paged;
  const MatchAnswer answer = Answer(world.context(), question);
  ExpectBarredLast(answer.results);
  EXPECT_FALSE(answer.results.entries.back().barred.empty());
  for (const MatchEntry& entry : answer.results.entries) whole.push_back(entry.name.id);
  question.settings.limit = 2;
  for (question.settings.offset = 0;; question.settings.offset += 2) {
    const MatchAnswer page = Answer(world.context(), question);
    for (const MatchEntry& entry : page.results.entries) paged.push_back(entry.name.id);
    if (!page.results.more) break;
  }
  EXPECT_EQ(paged, whole);
}

TEST(GateTest, ABarredEntryTakesNoPlaceOfItsInstitution) {
  std::vector<Record> all = SaltLakesAndGoji();
  Find(all, RecordKind::kResult, "r-li").ip_status = "发明专利，已失效";
  all.push_back(Result("r-sound", "盐湖卤水", "吸附", {OfInstitution("tj")}));
  const SmallWorld world(all);
  MatchQuestion question = QuestionFor(world.context(), "n-li");
  question.settings.per_institution_max = 1;
  const MatchAnswer answer = Answer(world.context(), question);
  ASSERT_NE(In(answer.results, "r-li"), nullptr);
  EXPECT_FALSE(In(answer.results, "r-li")->barred.empty());
  ASSERT_NE(In(answer.results, "r-sound"), nullptr) << "the only sound result of its institution";
}

TEST(GateTest, ABarredEntryThatBroadeningBroughtSaysSo) {
  std::vector<Record> all = SaltLakesAndGoji();
  Record& barred = Find(all, RecordKind::kResult, "r-li");
  barred.ip_status = "发明专利，已失效";
  barred.year = 2020;
  const SmallWorld world(all);
  MatchQuestion question = QuestionFor(world.context(), "n-li");
  question.settings.filter = *ParseFilter("year>=2024", *world.context().policy);
  question.settings.broaden = true;
  const MatchAnswer answer = Answer(world.context(), question);
  ASSERT_NE(In(answer.results, "r-li"), nullptr);
  EXPECT_FALSE(In(answer.results, "r-li")->barred.empty());
  EXPECT_EQ(In(answer.results, "r-li")->broadened, 1);
}

TEST(GateTest, FacetsCountNoBarredCandidate) {
  std::vector<Record> all = SaltLakesAndGoji();
  const auto count = [](const std::vector<Record>& records) {
    const SmallWorld world(records);
    MatchQuestion question = QuestionFor(world.context(), "n-li");
    question.settings.facets = {FacetKind::kRegion};
    const MatchAnswer answer = Answer(world.context(), question);
    const auto adequate =
        static_cast<uint64_t>(std::count_if(answer.results.entries.begin(), answer.results.entries.end(),
                                            [](const MatchEntry& entry) { return entry.adequate; }));
    EXPECT_EQ(answer.results.adequate, adequate);
    return answer.results.adequate;
  };
  const uint64_t before = count(all);
  Find(all, RecordKind::kResult, "r-li").ip_status = "已失效";
  EXPECT_EQ(count(all), before - 1);
}

TEST(GateTest, AnExplanationSaysThatACandidateIsBarred) {
  std::vector<Record> all = SaltLakesAndGoji();
  Find(all, RecordKind::kResult, "r-li").ip_status = "专利权终止";
  const SmallWorld world(all);
  MatchQuestion question = QuestionFor(world.context(), "n-li");
  const auto explained = ExplainMatch(world.context(), question, {RecordKind::kResult, "r-li"});
  ASSERT_TRUE(explained.ok()) << explained.status();
  EXPECT_EQ(explained->rank, explained->ranked);
  EXPECT_THAT(explained->text, HasSubstr("不宜推荐"));
  EXPECT_THAT(explained->text, HasSubstr("知识产权已失效（“专利权终止”）"));
  ASSERT_TRUE(explained->entry.has_value());
  EXPECT_FALSE(explained->entry->adequate);
}

TEST(GateTest, ALiveWriteBarsAtOnceAndAnotherLiftsIt) {
  std::vector<Record> all = SaltLakesAndGoji();
  SmallWorld world(all);
  const MatchQuestion question = QuestionFor(world.context(), "n-li");
  DeltaBuilder delta(world.context().generation);
  MatchContext context = world.context();
  const auto write = [&](const std::string& ip_status) {
    Record record = Find(all, RecordKind::kResult, "r-li");
    record.ip_status = ip_status;
    world.source().records[{record.kind, record.id}] = record;
    const RecordChange change{{record.kind, record.id}, record};
    ASSERT_TRUE(delta.Apply(std::span(&change, 1), absl::InfiniteFuture()).ok());
    context.generation = delta.Overlay();
  };
  write("已失效");
  EXPECT_FALSE(In(Answer(context, question).results, "r-li")->barred.empty());
  write("授权发明专利");
  EXPECT_TRUE(In(Answer(context, question).results, "r-li")->barred.empty());
}

TEST(GateTest, ABarredEntryIsNoMemberOfAConsortium) {
  std::vector<Record> all = SaltLakesAndGoji();
  Record& need = Find(all, RecordKind::kNeed, "n-li");
  need.wanted = "需要高选择性吸附剂，要求锂收率≥85%，适合高海拔地区";
  Record& result = Find(all, RecordKind::kResult, "r-li");
  result.text += "，锂收率90%，已在高海拔地区应用";
  const auto is_member = [](const MatchAnswer& answer, const std::string& id) {
    EXPECT_TRUE(answer.consortium.has_value());
    if (!answer.consortium) return false;
    const auto& members = answer.consortium->members;
    return std::any_of(members.begin(), members.end(),
                       [&](const ConsortiumMember& member) { return member.name.id == id; });
  };
  const MatchAnswer before = Answer(all);
  std::vector<std::string> by_result;  // who covers with this result's words: itself, its owner, its expert
  for (const char* id : {"r-li", "tj", "x1"}) {
    if (is_member(before, id)) by_result.emplace_back(id);
  }
  ASSERT_FALSE(by_result.empty()) << "otherwise nothing is tested";
  Find(all, RecordKind::kResult, "r-li").ip_status = "已失效";
  Find(all, RecordKind::kInstitution, "tj").text += "，已注销";
  const MatchAnswer after = Answer(all);
  for (const char* id : {"r-li", "tj", "x1"}) EXPECT_FALSE(is_member(after, id)) << id;
}

TEST(AdaptationTest, AnEntrySaysHowFarItIsFromTheSiteWhereTheNeedAsks) {
  std::vector<Record> all = SaltLakesAndGoji();
  Find(all, RecordKind::kNeed, "n-li").conditions = {"high_altitude"};
  Find(all, RecordKind::kResult, "r-li").conditions = {"high_altitude"};
  const MatchAnswer answer = Answer(all);
  ASSERT_TRUE(In(answer.results, "r-li")->adaptation.has_value());
  EXPECT_EQ(In(answer.results, "r-li")->adaptation->value, 0);
  EXPECT_EQ(In(answer.results, "r-li2")->adaptation->value, 1);
  EXPECT_FALSE(In(answer.results, "r-li2")->adaptation->reason.empty());
  EXPECT_FALSE(In(Answer(all, "n-goji").results, "r-li")->adaptation.has_value()) << "nothing is asked for";
}

TEST(RouteInstitutionsTest, AGapOfMaturityNamesPartnersOfTheAnswer) {
  std::vector<Record> all = SaltLakesAndGoji();
  Find(all, RecordKind::kNeed, "n-li").maturity = 8;
  Find(all, RecordKind::kResult, "r-li").maturity = 5;
  Find(all, RecordKind::kInstitution, "tj").type = "research_institute";
  Find(all, RecordKind::kInstitution, "sd").type = "platform";
  const MatchAnswer answer = Answer(all);
  const MatchEntry& entry = *In(answer.results, "r-li");
  const auto verdict =
      std::find_if(entry.requirements.begin(), entry.requirements.end(),
                   [](const auto& one) { return one.kind == requirement::RequirementKind::kMaturity; });
  ASSERT_NE(verdict, entry.requirements.end());
  ASSERT_EQ(verdict->route_institutions.size(), 2u);
  std::map<std::string, std::string> routes;
  for (const requirement::RouteInstitution& one : verdict->route_institutions)
    routes[one.name.id] = one.route;
  EXPECT_EQ(routes["sd"], "pilot_platform");
  EXPECT_EQ(routes["tj"], "joint_rd");
  EXPECT_THAT(verdict->reason, HasSubstr("可以找：示例·"));
  Find(all, RecordKind::kInstitution, "sd").text += "，已注销";
  for (const MatchEntry& one : Answer(all).results.entries) {
    for (const auto& requirement : one.requirements) {
      for (const auto& named : requirement.route_institutions) EXPECT_NE(named.name.id, "sd");
    }
  }
}

TEST(RouteInstitutionsTest, NamedAgainTheyAreThePartnersThatAreLeft) {
  std::vector<Record> all = SaltLakesAndGoji();
  Find(all, RecordKind::kNeed, "n-li").maturity = 8;
  Find(all, RecordKind::kResult, "r-li").maturity = 5;
  Find(all, RecordKind::kInstitution, "tj").type = "research_institute";
  Find(all, RecordKind::kInstitution, "sd").type = "platform";
  const SmallWorld world(all);
  const DocumentTable& documents = *world.context().generation->offers.documents;
  MatchAnswer answer = Answer(world.context(), QuestionFor(world.context(), "n-li"));
  const auto verdict = [&answer]() {
    for (const requirement::RequirementVerdict& one : In(answer.results, "r-li")->requirements) {
      if (one.kind == requirement::RequirementKind::kMaturity) return one;
    }
    return requirement::RequirementVerdict();
  };
  const std::string reason = verdict().reason;
  ASSERT_EQ(verdict().route_institutions.size(), 2u);
  NameRouteInstitutions(documents, answer);
  EXPECT_EQ(verdict().reason, reason);
  std::erase_if(answer.partners.entries, [](const MatchEntry& one) { return one.name.id == "sd"; });
  NameRouteInstitutions(documents, answer);
  ASSERT_EQ(verdict().route_institutions.size(), 1u);
  EXPECT_EQ(verdict().route_institutions[0].name.id, "tj");
  EXPECT_THAT(verdict().reason, Not(HasSubstr(Find(all, RecordKind::kInstitution, "sd").title)));
  answer.partners.entries.clear();
  NameRouteInstitutions(documents, answer);
  EXPECT_THAT(verdict().route_institutions, IsEmpty());
  EXPECT_THAT(verdict().reason, Not(HasSubstr("可以找")));
}

}  // namespace
}  // namespace dongxi
