// The delta over a real generation: the obvious computation is the oracle of its scores, and the same log
// read once or change by change must give the same answers.
#include "engine/index/delta_builder.h"

#include <gmock/gmock.h>

#include <cmath>
#include <random>

#include "engine/index/bm25.h"
#include "engine/match/admission.h"
#include "tests/engine/match/random_world.h"

namespace dongxi {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::Not;
using namespace testing_world;

RecordName NameOf(const Record& record) { return {record.kind, record.id}; }
RecordChange Written(const Record& record) { return {NameOf(record), record}; }
RecordChange Deleted(RecordKind kind, const std::string& id) { return {{kind, id}, std::nullopt}; }

// A small world whose records change.
class LiveWorld {
 public:
  explicit LiveWorld(std::vector<Record> all)
      : world_(std::move(all)), builder_(world_.context().generation) {}

  void Apply(const std::vector<RecordChange>& changes) {
    const auto concerned = world_.source().GetMany(builder_.Concerned(changes));
    ASSERT_TRUE(concerned.ok());
    builder_.Adopt(*concerned);
    ASSERT_TRUE(builder_.Apply(changes, absl::InfiniteFuture()).ok());
    for (const RecordChange& change : changes) {
      world_.source().records.erase(change.name);
      if (change.record.has_value()) world_.source().records[change.name] = *change.record;
    }
  }
  std::shared_ptr<const Generation> Now() { return builder_.Overlay(); }
  MatchContext Context() {
    MatchContext context = world_.context();
    context.generation = Now();
    return context;
  }
  std::vector<std::string> Results(const std::string& text, const Viewer& viewer = {}) {
    MatchQuestion question{.need = {.kind = RecordKind::kNeed, .title = text}};
    question.settings.viewer = viewer;
    const auto answer = Match(Context(), question);
    EXPECT_TRUE(answer.ok()) << answer.status();
    std::vector<std::string> ids;
    for (const MatchEntry& entry : answer->results.entries) ids.push_back(entry.name.id);
    return ids;
  }
  DeltaBuilder& builder() { return builder_; }

 private:
  SmallWorld world_;
  DeltaBuilder builder_;
};

TEST(DeltaBuilderTest, WithoutChangesTheGenerationItselfIsServed) {
  SmallWorld world(SaltLakesAndGoji());
  DeltaBuilder builder(world.context().generation);
  EXPECT_EQ(builder.Overlay(), world.context().generation);
  EXPECT_EQ(builder.size(), 0u);
}

TEST(DeltaBuilderTest, NewChangedAndDeletedRecordsAreSeenAtOnce) {
  LiveWorld world(SaltLakesAndGoji());
  const std::string text = "萃取法从油田卤水回收铷铯";
  world.Apply({Written(Result("r-new", text, "铷铯分离", {OfInstitution("tj")}))});
  EXPECT_EQ(world.Results(text).front(), "r-new");
  const auto before = world.Now();

  world.Apply({Deleted(RecordKind::kResult, "r-new")});
  EXPECT_THAT(world.Results(text), Not(Contains("r-new")));
  EXPECT_EQ(world.Now()->offers.documents->Find(RecordKind::kResult, "r-new"), std::nullopt);
  EXPECT_NE(before->offers.documents->Find(RecordKind::kResult, "r-new"), std::nullopt);  // as it was

  world.Apply({Written(Result("r-new", text, "再次发布", {}))});
  EXPECT_EQ(world.Results(text).front(), "r-new");

  world.Apply({Written(Result("r-goji", text, "枸杞改题", {OfInstitution("js")})),
               Deleted(RecordKind::kResult, "r-li")});
  EXPECT_THAT(world.Results(text), Contains("r-goji"));
  EXPECT_THAT(world.Results("高镁锂比盐湖卤水提锂"), Not(Contains("r-li")));
  // Three documents of the base keep their place, so references to them stay valid.
  EXPECT_EQ(world.Now()->offers.documents->size(), before->offers.documents->size());
}

TEST(DeltaBuilderTest, OwnersThatComeLaterAreFoundAndMovesAreFollowed) {
  LiveWorld world(SaltLakesAndGoji());
  Record expert{.kind = RecordKind::kExpert, .id = "x-new", .title = "新专家", .institution = "i-new"};
  world.Apply({Written(Result("r-new", "铷铯萃取", "", {OfExpert("x-new")}))});
  const DocId result = *world.Now()->offers.documents->Find(RecordKind::kResult, "r-new");
  EXPECT_TRUE(world.Now()->offers.documents->owners(result).empty());

  world.Apply({Written(expert)});
  world.Apply({Written(Institution("i-new", "新所", "44", ""))});
  const auto now = world.Now();
  const DocId x = *now->offers.documents->Find(RecordKind::kExpert, "x-new");
  const DocId i = *now->offers.documents->Find(RecordKind::kInstitution, "i-new");
  EXPECT_THAT(now->offers.documents->owners(result), ElementsAre(x, i));
  EXPECT_EQ(now->offers.documents->region(result), "44");

  expert.institution = "sd";
  world.Apply({Written(expert)});
  const auto moved = world.Now();
  const DocId sd = *moved->offers.documents->Find(RecordKind::kInstitution, "sd");
  EXPECT_THAT(moved->offers.documents->owners(result), ElementsAre(x, sd));
  EXPECT_EQ(moved->offers.documents->region(result), "37");
}

TEST(DeltaBuilderTest, TenantsSeeTheirOwnAndWhatIsShared) {
  LiveWorld world(SaltLakesAndGoji());
  const std::string text = "萃取法从油田卤水回收铷铯";
  Record own = Result("r-own", text, "", {}), shared = Result("r-shared", text, "", {});
  own.tenant = shared.tenant = "a";
  shared.shared = true;
  world.Apply({Written(own), Written(shared)});
  EXPECT_THAT(world.Results(text, {.tenant = "a"}), testing::IsSupersetOf({"r-own", "r-shared"}));
  for (const Viewer& other : {Viewer{}, Viewer{.tenant = "b"}}) {
    EXPECT_THAT(world.Results(text, other), Contains("r-shared"));
    EXPECT_THAT(world.Results(text, other), Not(Contains("r-own")));
  }
  EXPECT_THAT(world.Results(text, {.all_tenants = true}), Contains("r-own"));
}

// What everybody always sees is told by the rules one document at a time.
std::vector<DocId> NotSeenByAllAlways(const DocumentTable& documents) {
  const Admission today(documents, nullptr, absl::CivilDay(2026, 1, 1), {}, "");
  const Admission in_a_century(documents, nullptr, absl::CivilDay(2126, 1, 1), {}, "");
  std::vector<DocId> docs;
  for (DocId doc = 0; doc < documents.size(); ++doc) {
    if (!today.IsOpen(doc) || !in_a_century.IsOpen(doc)) docs.push_back(doc);
  }
  return docs;
}

TEST(DeltaBuilderTest, RestrictedDocumentsAreThoseThatNotEverybodyAlwaysSees) {
  std::vector<Record> all = SaltLakesAndGoji();
  for (size_t i = 0; i < all.size(); i += 3) all[i].valid_until = "2026-12-31";
  LiveWorld world(all);
  std::mt19937 rng(5);
  const std::shared_ptr<const Generation> first = world.Now();
  EXPECT_EQ(first->offers.documents->Restricted(), NotSeenByAllAlways(*first->offers.documents));
  EXPECT_THAT(first->offers.documents->Restricted(), Not(testing::IsEmpty()));
  for (int step = 0; step < 200; ++step) {
    Record record = rng() % 2 == 0 ? all[rng() % all.size()]
                                   : Result("r" + std::to_string(rng() % 20), "卤水提锂", "", {});
    if (record.kind == RecordKind::kNeed) continue;
    record.valid_until = rng() % 4 == 0 ? "2026-06-30" : "";
    record.disclosure = rng() % 4 == 0 ? Disclosure::kRegistered : Disclosure::kPublic;
    record.tenant = rng() % 4 == 0 ? "a" : "";
    record.shared = rng() % 2 == 0;
    world.Apply({rng() % 5 == 0 ? Deleted(record.kind, record.id) : Written(record)});
    const std::shared_ptr<const Generation> now = world.Now();
    const DocumentTable& documents = *now->offers.documents;
    ASSERT_EQ(documents.Restricted(), NotSeenByAllAlways(documents)) << "step " << step;
  }
}

TEST(DeltaBuilderTest, ScoresAreTheFormulaWithTheBasesStatistics) {
  LiveWorld world(SaltLakesAndGoji());
  const auto base = world.Now();
  const char* words[] = {"枸杞", "卤水", "提锂", "吸附", "干燥", "铷铯", "风机", "马铃薯", "膜", "镁"};
  std::mt19937 rng(7);
  const auto random_text = [&] {
    std::string text;
    for (int i = 0; i < 6; ++i) text += words[rng() % std::size(words)];
    return text;
  };
  // Large segments, small ones and a tail; names come twice, so many entries are dead.
  std::vector<RecordChange> last;
  for (int round = 0; round < 3; ++round) {
    std::vector<RecordChange> batch;
    for (int i = 0; i < 200; ++i)
      batch.push_back(Written(Result("d-" + std::to_string(i), random_text(), "", {})));
    batch.push_back(Written(Result("r-li", random_text(), "", {})));
    batch.push_back(Deleted(RecordKind::kResult, "r-goji"));
    world.Apply(batch);
    last = batch;
  }
  std::vector<WeightedTerm> query;
  for (const auto& [term, count] : CountTerms("枸杞干燥提锂铷铯卤水膜", *EmptyLexicon()))
    query.push_back({term, 0.5F});
  const auto now = world.Now();
  const auto scores = now->offers.lexical->Score(query, nullptr, 6);
  const auto base_scores = base->offers.lexical->Score(query, nullptr, 6);
  ASSERT_TRUE(scores.ok() && base_scores.ok());
  EXPECT_EQ(scores->mean, base_scores->mean);
  EXPECT_EQ(scores->deviation, base_scores->deviation);
  EXPECT_EQ(scores->ceiling, base_scores->ceiling);
  std::vector<float> want(now->offers.documents->size());
  std::copy(base_scores->scores.begin(), base_scores->scores.end(), want.begin());
  for (const RecordChange& change : last) {
    const DocId doc = *now->offers.documents->FindPlace(change.name.kind, change.name.id);
    want[doc] = 0;
    if (!change.record.has_value()) continue;
    std::map<std::string, uint32_t> counts;
    uint32_t length = 0;
    for (const auto& [term, count] : LexicalTermsOf(TextOf(*change.record), *EmptyLexicon())) {
      counts[term] += count;
      length += count;
    }
    for (const WeightedTerm& term : query) {
      if (counts[term.term] == 0) continue;
      const double idf = IdfPower(base->offers.lexical->Idf(term.term), 6);
      want[doc] += Bm25Part(term.weight * static_cast<float>(idf), counts[term.term],
                            base->offers.lexical->k1_plus_1(), base->offers.lexical->NormOf(length));
      EXPECT_EQ(now->offers.lexical->TermFrequency(term.term, doc), counts[term.term]);
    }
  }
  EXPECT_EQ(scores->scores, want);
  EXPECT_THAT(want, Contains(testing::Gt(0.0F)));
}

TEST(DeltaBuilderTest, VectorSearchIsExactOverBaseAndDelta) {
  LiveWorld world(SaltLakesAndGoji());
  world.Apply({Written(Result("r-new", "枸杞多糖提取", "冻干", {})), Deleted(RecordKind::kResult, "r-goji"),
               Written(Result("r-li", "枸杞汁灌装", "", {}))});
  const auto now = world.Now();
  const EmbedInput text{"枸杞干燥与多糖提取", ""};
  const auto query = now->embedder->Embed({&text, 1}, absl::InfiniteFuture());
  ASSERT_TRUE(query.ok());
  const auto& vectors = *now->offers.vectors;
  std::vector<DocId> all;
  for (DocId doc = 0; doc < vectors.size(); ++doc) all.push_back(doc);
  const auto cosines = vectors.Similarities(query->row(0), all);
  ASSERT_TRUE(cosines.ok());
  std::vector<Neighbor> want;
  for (const DocId doc : all) {
    if (!now->offers.documents->gone(doc)) want.push_back({doc, (*cosines)[doc]});
    std::vector<float> copy(static_cast<size_t>(vectors.dim()));
    ASSERT_TRUE(vectors.CopyVector(doc, copy).ok());
  }
  std::stable_sort(want.begin(), want.end(),
                   [](const Neighbor& a, const Neighbor& b) { return a.similarity > b.similarity; });
  want.resize(8);
  const auto found = vectors.Search(query->row(0), 8, nullptr, {});
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(*found, want);
  DocSet few{{want[1].doc, want[3].doc}};
  std::sort(few.docs.begin(), few.docs.end());
  const auto filtered = vectors.Search(query->row(0), 8, &few, {});
  ASSERT_TRUE(filtered.ok());
  EXPECT_THAT(*filtered, ElementsAre(want[1], want[3]));
}

TEST(DeltaBuilderTest, ALogReadOnceAnswersAsOneReadChangeByChange) {
  LiveWorld stepwise(SaltLakesAndGoji()), at_once(SaltLakesAndGoji());
  std::mt19937 rng(11);
  const char* words[] = {"枸杞干燥", "卤水提锂", "吸附剂", "风机叶片", "马铃薯种薯", "铷铯萃取"};
  std::vector<RecordName> order;
  std::map<RecordName, std::optional<Record>> last;
  for (int step = 0; step < 300; ++step) {
    const std::string number = std::to_string(rng() % 12);
    Record record;
    const std::string text = std::string(words[rng() % 6]) + words[rng() % 6];
    switch (rng() % 4) {
      case 0:
        record = Institution(rng() % 4 == 0 ? "tj" : "i" + number, text, rng() % 2 ? "44" : "12", text);
        break;
      case 1:
        record = {.kind = RecordKind::kExpert,
                  .id = "x" + number,
                  .title = text,
                  .institution = "i" + std::to_string(rng() % 12)};
        break;
      case 2:
        record = {.kind = RecordKind::kNeed, .id = "n" + number, .title = text};
        break;
      default:
        record = Result(
            "r" + number, text, "",
            {OfExpert("x" + std::to_string(rng() % 12)), OfInstitution("i" + std::to_string(rng() % 12))});
    }
    std::optional<Record> written = rng() % 5 == 0 ? std::nullopt : std::optional(record);
    stepwise.Apply({{NameOf(record), written}});
    if (!last.contains(NameOf(record))) order.push_back(NameOf(record));
    last[NameOf(record)] = written;
  }
  std::vector<RecordChange> changes;
  for (const RecordName& name : order) changes.push_back({name, last[name]});
  at_once.Apply(changes);

  const auto a = stepwise.Now(), b = at_once.Now();
  ASSERT_EQ(a->offers.documents->size(), b->offers.documents->size());
  for (DocId doc = 0; doc < a->offers.documents->size(); ++doc) {
    SCOPED_TRACE(a->offers.documents->id(doc));
    EXPECT_EQ(a->offers.documents->id(doc), b->offers.documents->id(doc));
    EXPECT_EQ(a->offers.documents->gone(doc), b->offers.documents->gone(doc));
    EXPECT_EQ(a->offers.documents->region(doc), b->offers.documents->region(doc));
    EXPECT_TRUE(std::ranges::equal(a->offers.documents->owners(doc), b->offers.documents->owners(doc)));
  }
  for (const char* text : words) {
    MatchQuestion question{.need = {.kind = RecordKind::kNeed, .title = text}};
    const auto first = Match(stepwise.Context(), question), second = Match(at_once.Context(), question);
    ASSERT_TRUE(first.ok() && second.ok());
    const auto same = [](const MatchList& x, const MatchList& y) {
      ASSERT_EQ(x.entries.size(), y.entries.size());
      for (size_t i = 0; i < x.entries.size(); ++i) {
        EXPECT_EQ(x.entries[i].name, y.entries[i].name);
        EXPECT_EQ(x.entries[i].score, y.entries[i].score);  // bit for bit
        EXPECT_EQ(x.entries[i].reasons, y.entries[i].reasons);
      }
    };
    same(first->partners, second->partners);
    same(first->experts, second->experts);
    same(first->results, second->results);
  }
}

// Experts with and without a region of their own, before and behind institutions, results without any.
std::vector<Record> OwnersOfManyRegions() {
  std::vector<Record> all = RandomRecords(3, 8, 12, 80);
  for (size_t i = 0; i < all.size(); ++i) {
    if (all[i].kind == RecordKind::kExpert && i % 3 == 0) all[i].region = "51";
    if (all[i].kind == RecordKind::kResult) all[i].region.clear();
    if (i % 2 == 0) std::reverse(all[i].owners.begin(), all[i].owners.end());
  }
  return all;
}

TEST(DeltaBuilderTest, ADeltaGivesEveryDocumentTheRegionThatABuildGivesIt) {
  const std::vector<Record> all = OwnersOfManyRegions();
  const SmallWorld built(all);
  const DocumentTable& want = *built.context().generation->offers.documents;
  for (const bool owners_in_base : {false, true}) {
    SCOPED_TRACE(owners_in_base);
    std::vector<Record> base = {Result("only", "枸杞干燥", "枸杞", {})};
    std::vector<RecordChange> changes;
    for (const Record& record : all) {
      if (owners_in_base && (record.kind == RecordKind::kInstitution || record.kind == RecordKind::kExpert)) {
        base.push_back(record);
      } else {
        changes.push_back(Written(record));
      }
    }
    LiveWorld grown(base);
    grown.Apply(changes);
    const auto now = grown.Now();
    const DocumentTable& got = *now->offers.documents;
    for (DocId doc = 0; doc < want.size(); ++doc) {
      SCOPED_TRACE(want.id(doc));
      const std::optional<DocId> same = got.Find(want.kind(doc), want.id(doc));
      ASSERT_TRUE(same.has_value());
      EXPECT_EQ(got.region(*same), want.region(doc));
    }
  }
}

// Region and owners of every document that is there.
std::map<std::string, std::string> RowsOf(const DocumentTable& documents) {
  std::map<std::string, std::string> rows;
  for (DocId doc = 0; doc < documents.size(); ++doc) {
    if (documents.gone(doc)) continue;
    std::string& row = rows[ResourceName(documents.kind(doc), documents.id(doc))];
    row = documents.region(doc);
    for (const DocId owner : documents.owners(doc))
      row += " " + ResourceName(documents.kind(owner), documents.id(owner));
  }
  return rows;
}

// What a record can become: of another region, more or less open, an expert of another institution.
Record Altered(Record record, Dice& dice) {
  constexpr const char* kRegions[] = {"12", "44", "51", ""};
  constexpr Disclosure kLevels[] = {Disclosure::kPublic, Disclosure::kRegistered, Disclosure::kOrganiser};
  record.region = dice.Pick(kRegions);
  record.disclosure = dice.Pick(kLevels);
  record.tenant = dice.OneIn(3) ? "a" : "";
  record.shared = dice.OneIn(2);
  if (record.kind == RecordKind::kExpert) record.institution = "i" + std::to_string(dice.Below(12));
  return record;
}

TEST(DeltaBuilderTest, DocumentsOfTheBaseFollowTheirOwnersAsABuildWouldHaveThem) {
  std::vector<Record> all = OwnersOfManyRegions();
  for (Record& record : all) {  // some of an institution that comes later
    if (record.kind == RecordKind::kExpert && record.id.size() == 2) record.institution = "i9";
    if (record.kind == RecordKind::kResult && record.id.ends_with('7')) record.region = "12";
  }
  LiveWorld live(all);
  std::map<RecordName, Record> now;
  for (const Record& record : all) now[NameOf(record)] = record;
  Dice dice(17);
  const std::vector<Record> before = all;
  for (int round = 0; round < 8; ++round) {
    SCOPED_TRACE(round);
    std::map<RecordName, RecordChange> changes;
    for (int i = 0; i < 6; ++i) {
      Record record = dice.OneIn(3) ? Institution("i" + std::to_string(dice.Below(12)), "新所", "", "盐湖")
                                    : before[static_cast<size_t>(dice.Below(30))];
      record = Altered(std::move(record), dice);
      const RecordName name = NameOf(record);
      changes[name] = dice.OneIn(4) ? RecordChange{name, std::nullopt} : RecordChange{name, record};
    }
    std::vector<RecordChange> batch;
    for (const auto& [name, change] : changes) {
      batch.push_back(change);
      now.erase(name);
      if (change.record.has_value()) now[name] = *change.record;
    }
    live.Apply(batch);
    std::vector<Record> records;
    for (const auto& [name, record] : now) records.push_back(record);
    const SmallWorld built(records);
    const auto served = live.Now();
    EXPECT_EQ(RowsOf(*served->offers.documents), RowsOf(*built.context().generation->offers.documents));
  }
}

TEST(DeltaBuilderTest, WhatFollowsItsOwnersIsNotChangedItself) {
  LiveWorld world(SaltLakesAndGoji());
  const auto before = world.Now();
  Record tj = Institution("tj", "示例·天津化工所", "44", "海水与卤水化工，盐湖资源分离提取");
  world.Apply({Written(tj)});
  const auto now = world.Now();
  const DocId result = *now->offers.documents->Find(RecordKind::kResult, "r-li");
  EXPECT_EQ(before->offers.documents->region(result), "12");
  EXPECT_EQ(now->offers.documents->region(result), "44");
  EXPECT_EQ(world.builder().size(), 1u) << "the institution alone";
  EXPECT_EQ(now->offers.lexical->TermFrequency("卤水", result),
            before->offers.lexical->TermFrequency("卤水", result));
  world.Apply({Deleted(RecordKind::kInstitution, "tj")});
  const auto without = world.Now();
  EXPECT_EQ(without->offers.documents->region(result), "");
  const DocId expert = *without->offers.documents->Find(RecordKind::kExpert, "x1");
  EXPECT_THAT(without->offers.documents->owners(result), ElementsAre(expert));
}

TEST(DeltaBuilderTest, AWorldThatGrewFromNearlyNothingAnswers) {
  LiveWorld world({Result("only", "枸杞干燥", "枸杞", {})});
  world.Apply({Written(Result("r1", "高镁锂比盐湖卤水提锂", "吸附剂", {OfInstitution("i")})),
               Written(Result("r2", "风机叶片防护", "涂层", {OfInstitution("i")})),
               Written(Institution("i", "示例所", "12", "盐湖")),
               Written({.kind = RecordKind::kNeed, .id = "n", .title = "卤水提锂"})});
  EXPECT_EQ(world.Results("卤水提锂吸附剂").front(), "r1");
  const auto answer =
      ReverseMatch(world.Context(), {.offer = Result("r1", "高镁锂比盐湖卤水提锂", "吸附剂", {})});
  ASSERT_TRUE(answer.ok()) << answer.status();
  ASSERT_EQ(answer->needs.entries.size(), 1u);
  EXPECT_EQ(answer->needs.entries[0].name.id, "n");
}

}  // namespace
}  // namespace dongxi
