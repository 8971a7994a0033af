#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/policy/policy.h"
#include "server/convert.h"

namespace dongxi {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr int64_t kNowSeconds = 1'763'600'000;

Snapshot SnapshotOfSequenceSeven() {
  auto generation = std::make_shared<Generation>();
  generation->manifest.generation = "g-7-1a2b3c4d";
  generation->manifest.catalogue_sequence = 5;  // and two writes since
  generation->manifest.model = "lsa-8-00000000";
  const auto policy = LoadPolicy("data/policy");
  EXPECT_TRUE(policy.ok()) << policy.status();
  return {std::move(generation), *policy, nullptr, absl::UnixEpoch(), /*sequence=*/7};
}

MatchEntry FullEntry() {
  MatchEntry entry;
  entry.name = {RecordKind::kInstitution, "tj"};
  entry.title = "示例·天津盐湖化工研究所";
  entry.region = "12";
  entry.region_name = "天津";
  entry.score = 2.5;
  entry.adequacy = 0.4;
  entry.adequate = true;
  entry.parts = {{"semantic", 0.8, 1.0}, {"policy", 1.0, 1.5}};
  entry.terms = {{"提锂", 0.7, {{"title", 0, 2}, {"text", 3, 5}}, {{"text", 9, 11}}}};
  entry.evidence = {{{RecordKind::kResult, "r-1"}, "提锂工艺", 1.0, true}};
  entry.reasons = {"通过科技援青: 青海 ↔ 天津, 盐湖产业"};
  entry.policy =
      PolicyBoost{1.0, "3.2", "通过科技援青: 青海 ↔ 天津, 盐湖产业", "原文", PairingStrength::kNamed};
  entry.illustrative = true;
  entry.institutions = {"示例"};
  return entry;
}

TEST(EncodeMatchEntryTest, FullViewHasEverything) {
  pb::MatchEntry message;
  EncodeMatchEntry(FullEntry(), pb::MATCH_VIEW_FULL, RecordKind::kNeed, &message);
  EXPECT_EQ(message.name(), "institutions/tj");
  EXPECT_EQ(message.kind(), pb::INSTITUTION);
  EXPECT_EQ(message.title(), "示例·天津盐湖化工研究所");
  EXPECT_EQ(message.region_code(), "12");
  EXPECT_EQ(message.region_name(), "天津");
  EXPECT_EQ(message.score(), 2.5);
  EXPECT_EQ(message.adequacy(), 0.4);
  EXPECT_TRUE(message.adequate());
  ASSERT_EQ(message.score_parts_size(), 2);
  EXPECT_EQ(message.score_parts(1).part(), "policy");
  EXPECT_EQ(message.score_parts(1).value(), 1.0);
  EXPECT_EQ(message.score_parts(1).contribution(), 1.5);
  ASSERT_EQ(message.matched_terms_size(), 1);
  EXPECT_EQ(message.matched_terms(0).weight(), 0.7);
  ASSERT_EQ(message.evidence_size(), 1);
  EXPECT_EQ(message.evidence(0).name(), "results/r-1");
  EXPECT_TRUE(message.evidence(0).illustrative());
  EXPECT_THAT(message.reasons(), ElementsAre("通过科技援青: 青海 ↔ 天津, 盐湖产业"));
  EXPECT_EQ(message.policy_reason().task(), "3.2");
  EXPECT_EQ(message.policy_reason().strength(), pb::NAMED);
  EXPECT_THAT(message.institutions(), ElementsAre("示例"));
}

TEST(EncodeMatchEntryTest, SpansAreToldInTheFieldsOfTheApi) {
  pb::MatchEntry message;
  EncodeMatchEntry(FullEntry(), pb::MATCH_VIEW_FULL, RecordKind::kNeed, &message);
  const pb::MatchedTerm& term = message.matched_terms(0);
  ASSERT_EQ(term.need_spans_size(), 2);
  EXPECT_EQ(term.need_spans(0).field(), "title");
  EXPECT_EQ(term.need_spans(1).field(), "description");
  EXPECT_EQ(term.evidence_spans(0).field(), "abstract");
  EXPECT_EQ(term.evidence_spans(0).begin(), 9);
  EXPECT_EQ(term.evidence_spans(0).end(), 11);
}

TEST(EncodeMatchEntryTest, RequirementsAreOfTheFullViewAndNameTheFieldsOfTheApi) {
  MatchEntry entry = FullEntry();
  requirement::RequirementVerdict verdict;
  verdict.outcome = requirement::Outcome::kShort;
  verdict.requirement = "锂收率 ≥85%";
  verdict.need_span = requirement::FieldSpan{"text", 2, 8};
  verdict.offer_span = requirement::FieldSpan{"text", 4, 9};
  verdict.shortfall = 0.05;
  verdict.shortfall_text = "低 4 个百分点（5%）";
  entry.requirements = {verdict};
  verdict.kind = requirement::RequirementKind::kLiveness;
  verdict.outcome = requirement::Outcome::kContradictory;
  entry.requirements.push_back(verdict);
  pb::MatchEntry message;
  EncodeMatchEntry(entry, pb::MATCH_VIEW_FULL, RecordKind::kNeed, &message);
  ASSERT_EQ(message.requirements_size(), 2);
  const pb::RequirementVerdict& first = message.requirements(0);
  EXPECT_EQ(first.kind(), pb::RequirementVerdict::INDICATOR);
  EXPECT_EQ(first.outcome(), pb::RequirementVerdict::SHORT);
  EXPECT_EQ(first.requirement(), "锂收率 ≥85%");
  EXPECT_EQ(first.need_span().field(), "description");
  EXPECT_EQ(first.offer_span().field(), "abstract");
  EXPECT_EQ(first.shortfall_text(), "低 4 个百分点（5%）");
  // Liveness is read of the entry itself, an institution here.
  EXPECT_EQ(message.requirements(1).offer_span().field(), "statement");
  pb::MatchEntry basic;
  EncodeMatchEntry(entry, pb::MATCH_VIEW_BASIC, RecordKind::kNeed, &basic);
  EXPECT_EQ(basic.requirements_size(), 0);
}

TEST(EncodeMatchEntryTest, BarRoutesAndAdaptationAreTold) {
  MatchEntry entry = FullEntry();
  entry.barred = "机构已停止活动";
  entry.adaptation = requirement::AdaptationDistance{0.35, "缺高寒"};
  requirement::RequirementVerdict verdict;
  verdict.kind = requirement::RequirementKind::kMaturity;
  verdict.routes = {"pilot_platform"};
  verdict.route_institutions = {{{RecordKind::kInstitution, "sd"}, "某平台", "pilot_platform"}};
  entry.requirements = {verdict};
  pb::MatchEntry full, basic, names;
  EncodeMatchEntry(entry, pb::MATCH_VIEW_FULL, RecordKind::kNeed, &full);
  EXPECT_EQ(full.barred(), "机构已停止活动");
  EXPECT_EQ(full.adaptation().value(), 0.35);
  EXPECT_EQ(full.adaptation().reason(), "缺高寒");
  ASSERT_EQ(full.requirements(0).route_institutions_size(), 1);
  EXPECT_EQ(full.requirements(0).route_institutions(0).name(), "institutions/sd");
  EXPECT_EQ(full.requirements(0).route_institutions(0).title(), "某平台");
  EXPECT_EQ(full.requirements(0).route_institutions(0).route(), "pilot_platform");
  EncodeMatchEntry(entry, pb::MATCH_VIEW_BASIC, RecordKind::kNeed, &basic);
  EXPECT_EQ(basic.barred(), "机构已停止活动");
  EXPECT_FALSE(basic.has_adaptation());
  EncodeMatchEntry(entry, pb::MATCH_VIEW_ID_ONLY, RecordKind::kNeed, &names);
  EXPECT_EQ(names.barred(), "");
}

TEST(EncodeMatchEntryTest, NeedSpansOfAReverseMatchLieInTheNeed) {
  MatchEntry entry = FullEntry();
  entry.name = {RecordKind::kNeed, "n-1"};
  entry.evidence.clear();
  pb::MatchEntry message;
  EncodeMatchEntry(entry, pb::MATCH_VIEW_FULL, RecordKind::kResult, &message);
  const pb::MatchedTerm& term = message.matched_terms(0);
  ASSERT_EQ(term.need_spans_size(), 1);
  EXPECT_EQ(term.need_spans(0).field(), "description");
  EXPECT_EQ(term.need_spans(0).begin(), 9);
  EXPECT_EQ(term.evidence_spans(1).field(), "abstract");
}

TEST(EncodeMatchEntryTest, SmallerViewsLeaveOutWhatTheyPromise) {
  pb::MatchEntry names;
  EncodeMatchEntry(FullEntry(), pb::MATCH_VIEW_ID_ONLY, RecordKind::kNeed, &names);
  EXPECT_EQ(names.name(), "institutions/tj");
  EXPECT_EQ(names.score(), 2.5);
  EXPECT_TRUE(names.illustrative());
  EXPECT_EQ(names.title(), "");
  EXPECT_EQ(
      names.score_parts_size() + names.reasons_size() + names.matched_terms_size() + names.evidence_size(),
      0);

  pb::MatchEntry basic;
  EncodeMatchEntry(FullEntry(), pb::MATCH_VIEW_BASIC, RecordKind::kNeed, &basic);
  EXPECT_EQ(basic.title(), "示例·天津盐湖化工研究所");
  EXPECT_EQ(basic.score_parts_size(), 2);
  EXPECT_EQ(basic.reasons_size(), 1);
  EXPECT_EQ(basic.matched_terms_size() + basic.evidence_size(), 0);
}

TEST(EncodeMatchAnswerTest, NamesWhatItWasMadeFrom) {
  const Snapshot snapshot = SnapshotOfSequenceSeven();
  MatchAnswer answer;
  answer.policy_boost_max = 1.5;
  answer.policy.channel = "none";
  answer.policy.channel_name = "无对应通道";
  answer.policy.tasks = {{"", 1.0}};
  pb::MatchResponse response;
  EncodeMatchAnswer(answer, MatchCall{}, snapshot, absl::FromUnixSeconds(kNowSeconds) + absl::Nanoseconds(5),
                    &response);
  EXPECT_EQ(response.provenance().generation(), "generations/g-7-1a2b3c4d");
  EXPECT_EQ(response.provenance().catalogue_sequence(), 7);
  EXPECT_EQ(response.provenance().model(), "lsa-8-00000000");
  EXPECT_EQ(response.provenance().policy(), snapshot.policy->version());
  EXPECT_EQ(response.provenance().read_time().seconds(), kNowSeconds);
  EXPECT_EQ(response.provenance().read_time().nanos(), 5);
  EXPECT_EQ(response.policy().channel(), "none");
  EXPECT_EQ(response.policy().channel_name(), "无对应通道");
  EXPECT_EQ(response.policy().tasks(0).probability(), 1.0);
  EXPECT_EQ(response.policy_boost_max(), 1.5);
}

TEST(EncodeMatchAnswerTest, TasksCarryTheirTitles) {
  const Snapshot snapshot = SnapshotOfSequenceSeven();
  const Task& task = snapshot.policy->tasks().front();
  MatchAnswer answer;
  answer.policy.tasks = {{task.id, 0.75}, {"", 0.25}};
  pb::MatchResponse response;
  EncodeMatchAnswer(answer, MatchCall{}, snapshot, absl::UnixEpoch(), &response);
  EXPECT_EQ(response.policy().tasks(0).task(), task.id);
  EXPECT_EQ(response.policy().tasks(0).title(), task.title);
  EXPECT_EQ(response.policy().tasks(1).title(), "");
}

TEST(EncodeMatchAnswerTest, OnlyListsAskedForAreSetAndATokenMeansMore) {
  const Snapshot snapshot = SnapshotOfSequenceSeven();
  MatchCall call;
  call.question.experts = false;
  call.cursor.limit = 1;
  MatchAnswer answer;
  answer.partners.entries = {FullEntry()};
  answer.partners.more = true;
  answer.results.no_adequate_match = true;
  pb::MatchResponse response;
  EncodeMatchAnswer(answer, call, snapshot, absl::UnixEpoch(), &response);
  EXPECT_EQ(response.partners().entries_size(), 1);
  EXPECT_FALSE(response.partners().next_page_token().empty());
  EXPECT_FALSE(response.has_experts());
  EXPECT_TRUE(response.results().no_adequate_match());
  EXPECT_TRUE(response.results().next_page_token().empty());
}

// What is left of a page of ten entries of that many bytes and some each: its first two were left out.
MatchList LongList(size_t bytes) {
  MatchList list;
  for (size_t place = 2; place < 10; ++place) {
    MatchEntry entry = FullEntry();
    entry.title = std::string(bytes, 'x');
    entry.place = place;
    list.entries.push_back(entry);
  }
  return list;
}

// The token that goes on at that place of the call's page.
std::string TokenAt(int place, const MatchCall& call, pb::RecordKind kind, const Snapshot& snapshot) {
  Cursor cursor = call.cursor;
  cursor.limit = place;
  return NextPageToken(cursor, kind, snapshot.generation->manifest.generation);
}

TEST(EncodeMatchAnswerTest, AListEndsBeforeItIsTooLongAndItsTokenGoesOnAtTheEntryThatHadNoRoom) {
  const Snapshot snapshot = SnapshotOfSequenceSeven();
  MatchCall call;
  call.cursor.offset = 30;
  call.cursor.limit = 1'000;
  call.question.experts = call.question.results = false;
  MatchAnswer answer;
  answer.partners = LongList(600'000);  // five of them have less than 3 MiB
  pb::MatchResponse response;
  EncodeMatchAnswer(answer, call, snapshot, absl::UnixEpoch(), &response);
  EXPECT_EQ(response.partners().entries_size(), 5);
  EXPECT_EQ(response.partners().next_page_token(), TokenAt(7, call, pb::INSTITUTION, snapshot));

  call.read_mask.add_paths("name");
  response.Clear();
  EncodeMatchAnswer(answer, call, snapshot, absl::UnixEpoch(), &response);
  EXPECT_EQ(response.partners().entries_size(), 8) << "what is counted is what is sent";
  EXPECT_THAT(response.partners().next_page_token(), IsEmpty());
}

TEST(EncodeMatchAnswerTest, ListsShareTheLengthOfAnAnswerAndEachHasAnEntry) {
  const Snapshot snapshot = SnapshotOfSequenceSeven();
  MatchCall call;
  call.cursor.limit = 1'000;
  MatchAnswer answer;
  answer.partners = LongList(200'000);  // five of them have less than 1 MiB
  answer.experts = LongList(size_t{1} << 20);
  answer.results = LongList(100);
  pb::MatchResponse response;
  EncodeMatchAnswer(answer, call, snapshot, absl::UnixEpoch(), &response);
  EXPECT_EQ(response.partners().entries_size(), 5);
  EXPECT_EQ(response.partners().next_page_token(), TokenAt(7, call, pb::INSTITUTION, snapshot));
  EXPECT_EQ(response.experts().entries_size(), 1);
  EXPECT_EQ(response.experts().next_page_token(), TokenAt(3, call, pb::EXPERT, snapshot));
  EXPECT_EQ(response.results().entries_size(), 8);
  EXPECT_THAT(response.results().next_page_token(), IsEmpty());
}

TEST(EncodeReverseAnswerTest, ItsListEndsBeforeItIsTooLongToo) {
  const Snapshot snapshot = SnapshotOfSequenceSeven();
  ReverseMatchCall call;
  call.offer_name = {RecordKind::kResult, "r-1"};
  call.cursor.limit = 1'000;
  ReverseAnswer answer;
  answer.needs = LongList(600'000);
  pb::ReverseMatchResponse response;
  EncodeReverseAnswer(answer, call, snapshot, absl::UnixEpoch(), &response);
  EXPECT_EQ(response.needs().entries_size(), 5);
  EXPECT_FALSE(response.needs().next_page_token().empty());
}

TEST(EncodeMatchAnswerTest, PositionsInAFreeTextAreThoseOfTheText) {
  const Snapshot snapshot = SnapshotOfSequenceSeven();
  MatchCall call;
  call.free_text = true;
  call.title_begin = 3;
  MatchAnswer answer;
  answer.partners.entries = {FullEntry()};  // title [0, 2) and text [3, 5) are the same place
  pb::MatchResponse response;
  EncodeMatchAnswer(answer, call, snapshot, absl::UnixEpoch(), &response);
  const pb::MatchedTerm& term = response.partners().entries(0).matched_terms(0);
  ASSERT_EQ(term.need_spans_size(), 1);
  EXPECT_EQ(term.need_spans(0).field(), "text");
  EXPECT_EQ(term.need_spans(0).begin(), 3);
  EXPECT_EQ(term.need_spans(0).end(), 5);
}

TEST(EncodeSearchAnswerTest, HitsCarrySnippetAndSpans) {
  const Snapshot snapshot = SnapshotOfSequenceSeven();
  SearchAnswer answer;
  SearchHit hit;
  hit.name = {RecordKind::kEvidence, "p-1"};
  hit.title = "题目";
  hit.score = 1.25;
  hit.snippet = "高镁锂比卤水";
  hit.spans = {{"snippet", 4, 6}};
  answer.hits = {hit};
  answer.more = true;
  pb::SearchResponse response;
  EncodeSearchAnswer(answer, SearchCall{}, snapshot, absl::UnixEpoch(), &response);
  ASSERT_EQ(response.hits_size(), 1);
  EXPECT_EQ(response.hits(0).name(), "evidence/p-1");
  EXPECT_EQ(response.hits(0).kind(), pb::EVIDENCE);
  EXPECT_EQ(response.hits(0).score(), 1.25);
  EXPECT_EQ(response.hits(0).snippet_spans(0).field(), "snippet");
  EXPECT_EQ(response.hits(0).snippet_spans(0).begin(), 4);
  EXPECT_FALSE(response.next_page_token().empty());
}

}  // namespace
}  // namespace dongxi
