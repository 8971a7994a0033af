#include "bench/consortium_figures.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace dongxi::bench {
namespace {

using ::testing::ElementsAre;

RecordName Partner(const std::string& id) { return {RecordKind::kInstitution, id}; }
RecordName Result(const std::string& id) { return {RecordKind::kResult, id}; }

MatchEntry Entry(const RecordName& name, bool adequate) {
  MatchEntry entry;
  entry.name = name;
  entry.adequate = adequate;
  return entry;
}

ConsortiumElement Element(std::vector<RecordName> covered_by) {
  ConsortiumElement element;
  element.covered_by = std::move(covered_by);
  return element;
}

// One result covers two of three elements, and nobody the third.
MatchAnswer OneMember() {
  MatchAnswer answer;
  answer.partners.entries = {Entry(Partner("p-1"), true), Entry(Partner("p-2"), false),
                             Entry(Partner("p-3"), false)};
  answer.partners.entries[2].barred = "已吊销";
  answer.results.entries = {Entry(Result("r-1"), true)};
  MatchConsortium consortium;
  consortium.elements = {Element({Partner("p-1"), Result("r-1")}), Element({Result("r-1")}), Element({})};
  ConsortiumMember member;
  member.name = Result("r-1");
  member.elements = {0, 1};
  consortium.members = {member};
  consortium.open = 1;
  consortium.cost = 1;
  consortium.lower_bound = 1;
  consortium.exact = true;
  answer.consortium = consortium;
  return answer;
}

TEST(ConsortiumFiguresTest, TheCoverOfAnAnswerIsFoundAgainFromItsEntries) {
  const MatchAnswer answer = OneMember();
  const AnswerCover asked = CoverOfAnswer(answer);
  EXPECT_FALSE(asked.cut);
  std::vector<uint64_t> covers;
  for (const requirement::CoverCandidate& candidate : asked.candidates) covers.push_back(candidate.covers);
  EXPECT_THAT(covers, ElementsAre(1, 0, 3));  // the barred one is none
  EXPECT_DOUBLE_EQ(asked.candidates[1].cost, MemberCost(2, /*adequate=*/false, /*broadened=*/false));
  const requirement::Cover cover = requirement::FindCover(asked.elements, asked.candidates);
  EXPECT_THAT(cover.chosen, ElementsAre(2));
  EXPECT_TRUE(IsCoverOf(*answer.consortium, cover));
  MatchConsortium other = *answer.consortium;
  other.open = 0;
  EXPECT_FALSE(IsCoverOf(other, cover));
  other = *answer.consortium;
  other.lower_bound = 0.5;
  EXPECT_FALSE(IsCoverOf(other, cover));
}

TEST(ConsortiumFiguresTest, AnElementThatNamesAsManyAsItMayLeavesTheCoverUnknown) {
  MatchAnswer answer = OneMember();
  std::vector<RecordName>& names = answer.consortium->elements[1].covered_by;
  while (names.size() + 1 < kCoveredByShown) names.push_back(Partner(absl::StrCat("q-", names.size())));
  EXPECT_FALSE(CoverOfAnswer(answer).cut);
  names.push_back(Partner("last"));
  EXPECT_TRUE(CoverOfAnswer(answer).cut);
}

TEST(ConsortiumFiguresTest, ProofsGapsAndSizesAreCountedOverTheAnswers) {
  ConsortiumFigures figures;
  AddTo(OneMember(), figures);
  MatchAnswer bounded = OneMember();  // not proven, and nothing stays open
  bounded.consortium->elements.pop_back();
  bounded.consortium->open = 0;
  bounded.consortium->exact = false;
  bounded.consortium->lower_bound = 0.8;
  AddTo(bounded, figures);
  MatchAnswer nobody = OneMember();
  nobody.consortium->members.clear();
  nobody.consortium->open = 3;
  AddTo(nobody, figures);
  AddTo(MatchAnswer(), figures);  // without a consortium
  EXPECT_EQ(figures.needs, 4u);
  EXPECT_EQ(figures.consortia, 3u);
  EXPECT_EQ(figures.covered, 2u);
  EXPECT_EQ(figures.exact, 1u);
  EXPECT_EQ(figures.complete, 1u);
  EXPECT_EQ(figures.elements, 8u);
  EXPECT_EQ(figures.open, 4u);
  EXPECT_DOUBLE_EQ(figures.gap, 0.2);
  EXPECT_DOUBLE_EQ(figures.gap_share, 0.25);
  EXPECT_THAT(figures.elements_of, ElementsAre(3, 2, 3));
  EXPECT_THAT(figures.offers_of, ElementsAre(2, 2));
  EXPECT_THAT(figures.members_of, ElementsAre(1, 1));
}

}  // namespace
}  // namespace dongxi::bench
