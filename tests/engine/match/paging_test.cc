// Pages of long lists: whatever their size, joined they are the list, and nobody's hidden records change it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <optional>
#include <set>
#include <span>

#include "engine/match/matcher.h"
#include "tests/engine/match/random_world.h"

namespace dongxi {
namespace {

using testing::ElementsAreArray;
using testing::Gt;
using testing::SizeIs;
using testing_world::Dice;
using testing_world::Institution;
using testing_world::OfInstitution;
using testing_world::RandomRecords;
using testing_world::Result;
using testing_world::SmallWorld;

constexpr unsigned kSeed = 5;
constexpr absl::CivilDay kToday(2026, 11, 23);
constexpr int kBigPage = 1'000;
// Beyond the first layer of every list here.
constexpr size_t kWalkedByOne = 900;

// Lists of more than a thousand entries in each direction.
std::vector<Record> ManyRecords() {
  std::vector<Record> all = RandomRecords(kSeed, 1'300, 1'300, 3'000);
  Dice dice(kSeed + 1);
  for (int i = 0; i < 1'500; ++i) {
    all.push_back({.kind = RecordKind::kNeed,
                   .id = "many" + std::to_string(i),
                   .title = dice.Text(),
                   .text = dice.Text(),
                   .region = dice.OneIn(2) ? "6328" : "12",
                   .modes = {dice.OneIn(2) ? "transfer" : "license"},
                   .maturity = dice.Below(10)});
  }
  return all;
}

SmallWorld& World() {
  static SmallWorld* const world = new SmallWorld(ManyRecords());
  return *world;
}

Record RecordOf(RecordKind kind, const std::string& id) {
  const std::vector<RecordName> name = {{kind, id}};
  return *(*World().context().records->GetMany(name))[0];
}

struct Page {
  std::vector<std::string> ids;
  std::vector<double> scores;
  bool more = false;
};
using PageAt = std::function<Page(int offset, int limit)>;

Page PageFrom(const MatchList& list) {
  Page page{.ids = {}, .scores = {}, .more = list.more};
  for (const MatchEntry& entry : list.entries) {
    page.ids.push_back(entry.name.id);
    page.scores.push_back(entry.score);
  }
  return page;
}

// The pages of one size, one after the other, to their end or to `most` entries.
Page Joined(const PageAt& at, int limit, size_t most = SIZE_MAX) {
  Page joined;
  do {
    const Page page = at(static_cast<int>(joined.ids.size()), limit);
    joined.ids.insert(joined.ids.end(), page.ids.begin(), page.ids.end());
    joined.scores.insert(joined.scores.end(), page.scores.begin(), page.scores.end());
    joined.more = page.more;
  } while (joined.more && joined.ids.size() < most);
  return joined;
}

void ExpectPagesFitTogether(const PageAt& at) {
  const Page whole = Joined(at, kBigPage);
  ASSERT_THAT(whole.ids, SizeIs(Gt(1'000u)));
  EXPECT_THAT(std::set<std::string>(whole.ids.begin(), whole.ids.end()), SizeIs(whole.ids.size()));
  for (const int limit : {100, 7}) {
    SCOPED_TRACE(limit);
    const Page joined = Joined(at, limit);
    EXPECT_EQ(joined.ids, whole.ids);
    EXPECT_EQ(joined.scores, whole.scores);
  }
  const Page single = Joined(at, 1, kWalkedByOne);
  EXPECT_THAT(single.ids, ElementsAreArray(
                              std::vector<std::string>(whole.ids.begin(), whole.ids.begin() + kWalkedByOne)));
}

MatchQuestion LithiumQuestion(RecordKind kind) {
  MatchQuestion question;
  question.need = RecordOf(RecordKind::kNeed, "n0");
  question.settings.today = kToday;
  question.settings.detail = Detail::kNamesOnly;
  question.settings.per_institution_max = 40;
  question.partners = kind == RecordKind::kInstitution;
  question.experts = kind == RecordKind::kExpert;
  question.results = kind == RecordKind::kResult;
  return question;
}

MatchList ListOf(MatchQuestion question, RecordKind kind, int offset, int limit) {
  question.settings.offset = offset;
  question.settings.limit = limit;
  const auto answer = Match(World().context(), question);
  EXPECT_TRUE(answer.ok()) << answer.status();
  if (!answer.ok()) return {};
  if (kind == RecordKind::kInstitution) return answer->partners;
  return kind == RecordKind::kExpert ? answer->experts : answer->results;
}

class PagingOfMatchTest : public testing::TestWithParam<RecordKind> {};

TEST_P(PagingOfMatchTest, PagesJoinedAreTheWholeListOfMoreThanAThousand) {
  ExpectPagesFitTogether([](int offset, int limit) {
    return PageFrom(ListOf(LithiumQuestion(GetParam()), GetParam(), offset, limit));
  });
}

TEST_P(PagingOfMatchTest, PagesJoinedAreTheWholeListWithDiversity) {
  MatchQuestion question = LithiumQuestion(GetParam());
  question.settings.diversity = {0.5, 0.5};
  const PageAt at = [&](int offset, int limit) {
    return PageFrom(ListOf(question, GetParam(), offset, limit));
  };
  EXPECT_EQ(Joined(at, 100).ids, Joined(at, kBigPage).ids);
}

// How far a filter is widened depends on the page size; each entry still comes once, the narrow ones first.
TEST_P(PagingOfMatchTest, BroadenedPagesRepeatNothingAndLeaveNothingOut) {
  MatchQuestion question = LithiumQuestion(GetParam());
  question.settings.filter = *ParseFilter("region = \"12\" maturity >= 2", *World().context().policy);
  const PageAt narrow = [&](int offset, int limit) {
    return PageFrom(ListOf(question, GetParam(), offset, limit));
  };
  const std::vector<std::string> strict = Joined(narrow, kBigPage).ids;
  ASSERT_FALSE(strict.empty());
  question.settings.broaden = true;
  const double threshold = World().ranking().adequacy_threshold;
  World().ranking().adequacy_threshold = 2;  // never enough: every step is taken
  std::vector<std::string> joined;
  int step = 0;
  for (bool more = true; more;) {
    const MatchList list = ListOf(question, GetParam(), static_cast<int>(joined.size()), 7);
    for (const MatchEntry& entry : list.entries) {
      EXPECT_GE(entry.broadened, step);
      step = entry.broadened;
      joined.push_back(entry.name.id);
    }
    more = list.more;
  }
  World().ranking().adequacy_threshold = threshold;
  EXPECT_THAT(std::set<std::string>(joined.begin(), joined.end()), SizeIs(joined.size()));
  EXPECT_GT(step, 0);
  ASSERT_GE(joined.size(), strict.size());
  joined.resize(strict.size());
  EXPECT_EQ(joined, strict);
}

INSTANTIATE_TEST_SUITE_P(Lists, PagingOfMatchTest,
                         testing::Values(RecordKind::kInstitution, RecordKind::kExpert, RecordKind::kResult),
                         [](const auto& info) { return std::string(CollectionOf(info.param)); });

TEST(PagingOfReverseMatchTest, PagesJoinedAreTheWholeListOfMoreThanAThousand) {
  ReverseQuestion question;
  question.offer = RecordOf(RecordKind::kResult, "r0");
  question.offer.modes = {"transfer"};  // wanted by some of the needs, as is its maturity: boosts count
  question.offer.maturity = 5;
  question.settings.today = kToday;
  question.settings.detail = Detail::kNamesOnly;
  ExpectPagesFitTogether([&](int offset, int limit) {
    question.settings.offset = offset;
    question.settings.limit = limit;
    const auto answer = ReverseMatch(World().context(), question);
    EXPECT_TRUE(answer.ok()) << answer.status();
    return answer.ok() ? PageFrom(answer->needs) : Page{};
  });
}

// Hears how many records are asked for at a time.
class CountedRecords final : public RecordSource {
 public:
  explicit CountedRecords(const RecordSource* inner) : inner_(inner) {}
  absl::StatusOr<std::vector<std::optional<Record>>> GetMany(
      std::span<const RecordName> names) const override {
    most = std::max(most, names.size());
    return inner_->GetMany(names);
  }
  mutable size_t most = 0;

 private:
  const RecordSource* inner_;
};

TEST(PagingOfReverseMatchTest, AVeryDeepPageHoldsFewRecordsAtATime) {
  ReverseQuestion question;
  question.offer = RecordOf(RecordKind::kResult, "r0");
  question.settings.today = kToday;
  question.settings.detail = Detail::kNamesOnly;
  question.settings.offset = 1'000'000;
  MatchContext context = World().context();
  const CountedRecords counted(context.records);
  context.records = &counted;
  const auto answer = ReverseMatch(context, question);
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_TRUE(answer->needs.entries.empty());
  EXPECT_GT(counted.most, 0u);
  EXPECT_LE(counted.most, 500u);
}

// Lacks some records, and hears which are asked for.
class SomeHidden final : public RecordSource {
 public:
  SomeHidden(const RecordSource* inner, std::set<RecordName> hidden)
      : inner_(inner), hidden_(std::move(hidden)) {}
  absl::StatusOr<std::vector<std::optional<Record>>> GetMany(
      std::span<const RecordName> names) const override {
    auto found = inner_->GetMany(names);
    if (!found.ok()) return found;
    for (size_t i = 0; i < names.size(); ++i) {
      asked.insert(names[i]);
      if (hidden_.contains(names[i])) (*found)[i].reset();
    }
    return found;
  }
  mutable std::set<RecordName> asked;

 private:
  const RecordSource* inner_;
  const std::set<RecordName> hidden_;
};

ReverseQuestion BoostingQuestion() {
  ReverseQuestion question;
  question.offer = RecordOf(RecordKind::kResult, "r0");
  question.offer.modes = {"transfer"};
  question.offer.maturity = 5;
  question.settings.today = kToday;
  question.settings.detail = Detail::kBasic;
  question.settings.facets = {FacetKind::kRegion};
  return question;
}

bool IsBoosted(const MatchEntry& entry) {
  return std::any_of(entry.parts.begin(), entry.parts.end(), [](const ScorePart& part) {
    return (part.part == "mode" || part.part == "maturity") && part.contribution > 0;
  });
}

TEST(PagingOfReverseMatchTest, WhatIsHiddenSinceGoesFromItsPageAndMovesNoOtherEntry) {
  ReverseQuestion question = BoostingQuestion();
  question.settings.limit = 100;
  const auto whole = ReverseMatch(World().context(), question);
  ASSERT_TRUE(whole.ok()) << whole.status();
  std::set<RecordName> gone;
  for (const MatchEntry& entry : whole->needs.entries) {
    if (gone.size() < 3 && IsBoosted(entry)) gone.insert(entry.name);
  }
  ASSERT_THAT(gone, SizeIs(3));
  MatchContext context = World().context();
  const SomeHidden shown(context.records, gone);
  context.ranking_records = context.records;
  context.records = &shown;
  question.settings.limit = 10;
  for (size_t offset = 0; offset < 100; offset += 10) {
    SCOPED_TRACE(offset);
    std::vector<std::pair<std::string, double>> want, got;
    for (size_t i = offset; i < offset + 10; ++i) {
      const MatchEntry& entry = whole->needs.entries.at(i);
      if (!gone.contains(entry.name)) want.emplace_back(entry.name.id, entry.score);
    }
    question.settings.offset = static_cast<int>(offset);
    const auto page = ReverseMatch(context, question);
    ASSERT_TRUE(page.ok()) << page.status();
    for (const MatchEntry& entry : page->needs.entries) got.emplace_back(entry.name.id, entry.score);
    EXPECT_EQ(got, want);
    EXPECT_EQ(page->needs.adequate, whole->needs.adequate);
  }
}

TEST(PagingOfReverseMatchTest, OfNeedsThatAreRankedOnlyThoseOfThePageAreReadToBeShown) {
  ReverseQuestion question = BoostingQuestion();
  question.settings.limit = 10;
  MatchContext context = World().context();
  const SomeHidden shown(context.records, {});
  context.ranking_records = context.records;
  context.records = &shown;
  const auto page = ReverseMatch(context, question);
  ASSERT_TRUE(page.ok()) << page.status();
  std::set<RecordName> needs, listed;
  for (const RecordName& name : shown.asked) {
    if (name.kind == RecordKind::kNeed) needs.insert(name);
  }
  for (const MatchEntry& entry : page->needs.entries) listed.insert(entry.name);
  EXPECT_THAT(listed, SizeIs(10));
  EXPECT_EQ(needs, listed);
  shown.asked.clear();
  question.settings.detail = Detail::kNamesOnly;
  ASSERT_TRUE(ReverseMatch(context, question).ok());
  EXPECT_THAT(shown.asked, testing::IsEmpty());
}

TEST(PagingOfSearchTest, PagesJoinedAreTheWholeListOfMoreThanAThousand) {
  SearchQuestion question;
  question.text = "盐湖提锂吸附剂";
  question.today = kToday;
  ExpectPagesFitTogether([&](int offset, int limit) {
    question.offset = offset;
    question.limit = limit;
    Page page;
    const auto answer = Search(World().context(), question);
    EXPECT_TRUE(answer.ok()) << answer.status();
    if (!answer.ok()) return page;
    for (const SearchHit& hit : answer->hits) {
      page.ids.push_back(ResourceName(hit.name.kind, hit.name.id));
      page.scores.push_back(hit.score);
    }
    page.more = answer->more;
    return page;
  });
}

// Eight institutions with one exact result each, one with three that are nearly so, and others far away.
std::vector<Record> FewThatFit() {
  std::vector<Record> all = {{.kind = RecordKind::kNeed, .id = "n", .title = "盐湖提锂吸附剂"}};
  const auto add = [&](const std::string& id, const std::string& title) {
    all.push_back(Result("r-" + id, title, title, {OfInstitution(id.substr(0, id.find('-')))}));
  };
  for (int i = 0; i < 8; ++i) {
    const std::string id = "one" + std::to_string(i);
    all.push_back(Institution(id, "示例单位" + std::to_string(i), "12", "综合研究"));
    add(id, "盐湖提锂吸附剂");
  }
  all.push_back(Institution("three", "示例单位三", "12", "综合研究"));
  for (const char* more : {"-装置", "-工艺", "-试验"})
    add(std::string("three") + more, "盐湖提锂吸附剂制备与再生");
  Dice dice(kSeed);
  for (int i = 0; i < 600; ++i) {
    const std::string id = "far" + std::to_string(i);
    all.push_back(Institution(id, "示例远处" + std::to_string(i), "33", testing_world::kTopics[1 + i % 7]));
    add(id, std::string(testing_world::kTopics[1 + i % 7]) + std::to_string(i));
  }
  return all;
}

// So many that they would take nearly all places of the first pool.
void AddCrowd(std::vector<Record>& all, const std::function<void(Record&)>& close) {
  all.push_back(Institution("crowd", "示例拥挤单位", "12", "综合研究"));
  for (int i = 0; i < 392; ++i) {
    Record record = Result("r-crowd" + std::to_string(i), "盐湖提锂吸附剂", "盐湖提锂吸附剂盐湖提锂吸附剂",
                           {OfInstitution("crowd")});
    close(record);
    all.push_back(std::move(record));
  }
}

// Ids of the first partners, each with the names of its evidence.
std::vector<std::string> FirstPartners(SmallWorld& world) {
  MatchQuestion question;
  const std::vector<RecordName> name = {{RecordKind::kNeed, "n"}};
  question.need = *(*world.context().records->GetMany(name))[0];
  question.settings.today = kToday;
  question.settings.limit = 3;
  question.settings.viewer.tenant = "mine";
  const auto answer = Match(world.context(), question);
  EXPECT_TRUE(answer.ok()) << answer.status();
  std::vector<std::string> partners;
  if (!answer.ok()) return partners;
  for (const MatchEntry& entry : answer->partners.entries) {
    partners.push_back(entry.name.id);
    for (const EvidenceShare& evidence : entry.evidence)
      partners.back() += " " + ResourceName(evidence.name.kind, evidence.name.id);
  }
  return partners;
}

TEST(CrowdedPoolTest, RecordsThatTheAskerMayNotSeeTakeNobodysPlace) {
  SmallWorld alone(FewThatFit());
  const std::vector<std::string> want = FirstPartners(alone);
  ASSERT_THAT(want, SizeIs(3));
  ASSERT_EQ(want.front().substr(0, want.front().find(' ')), "three");
  const std::pair<const char*, std::function<void(Record&)>> closed[] = {
      {"Undisclosed", [](Record& record) { record.disclosure = Disclosure::kOrganiser; }},
      {"OfAnotherTenant", [](Record& record) { record.tenant = "theirs"; }},
      {"Expired", [](Record& record) { record.valid_until = "2020-01-01"; }}};
  for (const auto& [why, close] : closed) {
    SCOPED_TRACE(why);
    std::vector<Record> all = FewThatFit();
    AddCrowd(all, close);
    SmallWorld crowded(std::move(all));
    EXPECT_EQ(FirstPartners(crowded), want);
  }
}

}  // namespace
}  // namespace dongxi
