// Match, reverse match and search over gRPC on loopback, with a real catalogue and a real generation.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "absl/time/clock.h"
#include "dongxi/v1/catalogue.grpc.pb.h"
#include "dongxi/v1/match.grpc.pb.h"
#include "dongxi/v1/search.grpc.pb.h"
#include "engine/match/ranking_config.h"
#include "tests/server/served_catalogue.h"

namespace dongxi {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

class MatchServiceTest : public ServedCatalogueTest {
 protected:
  void Connect() override {
    match_ = pb::MatchService::NewStub(running_.channel);
    search_ = pb::SearchService::NewStub(running_.channel);
  }

  grpc::Status Match(const pb::MatchRequest& request, pb::MatchResponse* response) {
    grpc::ClientContext context;
    response->Clear();
    return match_->Match(&context, request, response);
  }

  pb::ExplainMatchResponse Explain(const pb::MatchRequest& request, const std::string& candidate) {
    grpc::ClientContext context;
    pb::ExplainMatchRequest explain;
    *explain.mutable_match() = request;
    explain.set_candidate(candidate);
    pb::ExplainMatchResponse explained;
    const grpc::Status status = match_->ExplainMatch(&context, explain, &explained);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return explained;
  }

  static double ContributionOf(const std::string& part, const pb::MatchEntry& entry) {
    for (const pb::ScorePart& one : entry.score_parts()) {
      if (one.part() == part) return one.contribution();
    }
    return 0;
  }

  static std::vector<std::string> NamesOf(const pb::MatchList& list) {
    std::vector<std::string> names;
    for (const pb::MatchEntry& entry : list.entries()) names.push_back(entry.name());
    return names;
  }

  std::unique_ptr<pb::MatchService::Stub> match_;
  std::unique_ptr<pb::SearchService::Stub> search_;
};

TEST_F(MatchServiceTest, NeedOfTheCatalogueGetsThreeRankedListsWithReasons) {
  pb::MatchRequest request;
  request.set_need_name("needs/n-lithium");
  pb::MatchResponse response;
  const grpc::Status status = Match(request, &response);
  ASSERT_TRUE(status.ok()) << status.error_message();
  ASSERT_FALSE(response.results().entries().empty());
  const pb::MatchEntry& best = response.results().entries(0);
  EXPECT_EQ(best.name(), "results/r-lithium");
  EXPECT_EQ(best.kind(), pb::RESULT);
  EXPECT_EQ(best.region_name().substr(0, 6), "天津");
  EXPECT_TRUE(best.illustrative());
  EXPECT_GT(best.reasons_size(), 0);
  EXPECT_GT(best.matched_terms_size(), 0);
  EXPECT_EQ(response.partners().entries(0).name(), "institutions/tj");
  EXPECT_EQ(response.experts().entries(0).name(), "experts/e-lithium");
  EXPECT_THAT(response.match_id(), StartsWith("m-"));
  EXPECT_EQ(response.provenance().generation(), "generations/" + generation_);
  EXPECT_EQ(response.policy().channel_name(), "科技援青");
}

TEST_F(MatchServiceTest, EveryAnswerHasItsOwnId) {
  pb::MatchRequest request;
  request.set_text("盐湖提锂");
  pb::MatchResponse first, second;
  ASSERT_TRUE(Match(request, &first).ok());
  ASSERT_TRUE(Match(request, &second).ok());
  EXPECT_NE(first.match_id(), second.match_id());
}

TEST_F(MatchServiceTest, ATextWithoutALetterIsAnErrorOfItsField) {
  pb::SearchRequest search;
  search.set_query("!!!");
  pb::SearchResponse found;
  grpc::ClientContext context;
  const grpc::Status of_search = search_->Search(&context, search, &found);
  EXPECT_EQ(of_search.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(DetailsOf(of_search).field, "query");
  pb::MatchRequest text, inline_need;
  text.set_text("！！！");
  inline_need.mutable_need()->set_title("！！！");
  pb::MatchResponse response;
  EXPECT_EQ(DetailsOf(Match(text, &response)).field, "text");
  EXPECT_EQ(DetailsOf(Match(inline_need, &response)).field, "need");
}

TEST_F(MatchServiceTest, FreeTextAndInlineNeedFindTheSame) {
  pb::MatchRequest text, inline_need;
  text.set_text("枸杞干燥节能装备");
  text.set_region_code("64");
  inline_need.mutable_need()->set_title("枸杞干燥节能装备");
  inline_need.mutable_need()->set_region_code("64");
  pb::MatchResponse by_text, by_need;
  ASSERT_TRUE(Match(text, &by_text).ok());
  ASSERT_TRUE(Match(inline_need, &by_need).ok());
  EXPECT_EQ(NamesOf(by_text.results()), NamesOf(by_need.results()));
  EXPECT_EQ(by_text.results().entries(0).name(), "results/r-goji");
  EXPECT_EQ(by_text.policy().channel(), by_need.policy().channel());
  EXPECT_EQ(by_text.results().entries(0).matched_terms(0).need_spans(0).field(), "text");
}

TEST_F(MatchServiceTest, AnExplanationOfAFreeTextTellsItsPositionsAsTheMatchDoes) {
  pb::MatchRequest request;
  request.set_text("  枸杞干燥节能装备，节能三成以上");
  request.set_region_code("64");
  pb::MatchResponse match;
  ASSERT_TRUE(Match(request, &match).ok());
  const pb::MatchEntry& matched = match.results().entries(0);
  ASSERT_GT(matched.matched_terms(0).need_spans_size(), 0);
  pb::ExplainMatchRequest explain;
  *explain.mutable_match() = request;
  explain.set_candidate(matched.name());
  pb::ExplainMatchResponse explained;
  grpc::ClientContext context;
  const grpc::Status status =
      pb::MatchService::NewStub(running_.channel)->ExplainMatch(&context, explain, &explained);
  ASSERT_TRUE(status.ok()) << status.error_message();
  ASSERT_EQ(explained.entry().matched_terms_size(), matched.matched_terms_size());
  for (int i = 0; i < matched.matched_terms_size(); ++i) {
    const pb::MatchedTerm &told = explained.entry().matched_terms(i), &wanted = matched.matched_terms(i);
    EXPECT_EQ(told.SerializeAsString(), wanted.SerializeAsString()) << told.ShortDebugString();
    for (const pb::TextSpan& span : told.need_spans()) EXPECT_EQ(span.field(), "text");
  }
}

TEST_F(MatchServiceTest, AnExplanationComparesACandidateWithTheOneBeforeItAsTheMatchScoresThem) {
  pb::MatchRequest request;
  request.set_need_name("needs/n-lithium");
  pb::MatchResponse match;
  ASSERT_TRUE(Match(request, &match).ok());
  const auto& entries = match.results().entries();
  ASSERT_GE(entries.size(), 2);
  const auto ranking = LoadRankingConfig("data/ranking/default.json");
  ASSERT_TRUE(ranking.ok()) << ranking.status();
  for (int i = 0; i < entries.size(); ++i) {
    SCOPED_TRACE(entries[i].name());
    const pb::ExplainMatchResponse told = Explain(request, entries[i].name());
    EXPECT_EQ(told.rank(), i + 1);
    EXPECT_EQ(told.rank_by_score(), i + 1);
    EXPECT_EQ(told.ranked_count(), entries.size()) << "all of the small catalogue fits on the page";
    EXPECT_EQ(told.adequacy_threshold(), (*ranking)->adequacy_threshold);
    EXPECT_THAT(told.ahead(), IsEmpty());
    if (i == 0) {
      EXPECT_EQ(told.next_better(), "");
      EXPECT_EQ(told.gaps_size(), 0);
      continue;
    }
    const pb::MatchEntry &mine = entries[i], &better = entries[i - 1];
    EXPECT_EQ(told.next_better(), better.name());
    EXPECT_NEAR(told.next_better_score(), better.score(), 1e-9);
    double own = 0, theirs = 0;
    for (const pb::PartGap& gap : told.gaps()) {
      EXPECT_NEAR(gap.own(), ContributionOf(gap.part(), mine), 1e-9) << gap.part();
      EXPECT_NEAR(gap.next_better(), ContributionOf(gap.part(), better), 1e-9) << gap.part();
      own += gap.own();
      theirs += gap.next_better();
    }
    EXPECT_GT(theirs, own) << "the one before has the higher score: the two are not swapped";
    const pb::PartGap& most = told.gaps(0);
    EXPECT_GT(most.next_better(), most.own()) << "where it has most more stands first";
  }
}

TEST_F(MatchServiceTest, AnExplanationNamesWhoHasThePlacesOfTheInstitution) {
  pb::MatchRequest request;
  request.set_need_name("needs/n-lithium");
  request.set_per_institution_max(1);
  const pb::ExplainMatchResponse told = Explain(request, "results/r-magnesium");
  EXPECT_EQ(told.verdict(), pb::MATCH_VERDICT_INSTITUTION_CAP);
  EXPECT_EQ(told.rank(), 0);
  EXPECT_THAT(told.ahead(), ElementsAre("results/r-lithium"));
}

TEST_F(MatchServiceTest, AnExplanationTellsThePlaceByScoreBesideThatOfADiverseList) {
  Stop();
  // As good as the best and of the same province: diversity puts one of another province between the two.
  Record twin = SmallCatalogue()[3];
  ASSERT_EQ(twin.id, "r-lithium");
  twin.id = "r-twin";
  Record far = twin;
  far.id = "r-far";
  far.title = "卤水综合利用";
  far.text = "卤水蒸发结晶，兼顾提锂，设备维护";
  far.owners = {{RecordKind::kInstitution, "js"}};
  WriteCatalogue(folder_.path(), {twin, far});
  generation_ = Build(folder_.path());
  Start();
  pb::MatchRequest request;
  request.set_need_name("needs/n-lithium");
  request.set_policy_weight(0);  // no province is preferred
  pb::MatchResponse match;
  ASSERT_TRUE(Match(request, &match).ok());
  const std::vector<std::string> by_score = NamesOf(match.results());
  request.mutable_diversity()->set_lambda(0.7);
  request.mutable_diversity()->set_region_share(1);
  ASSERT_TRUE(Match(request, &match).ok());
  const std::vector<std::string> diverse = NamesOf(match.results());
  ASSERT_THAT(diverse, testing::UnorderedElementsAreArray(by_score));
  ASSERT_NE(diverse, by_score) << "the case needs a list that diversity changes";
  for (size_t i = 0; i < diverse.size(); ++i) {
    const pb::ExplainMatchResponse told = Explain(request, diverse[i]);
    EXPECT_EQ(told.rank(), static_cast<int>(i) + 1) << diverse[i];
    const auto place = std::find(by_score.begin(), by_score.end(), diverse[i]) - by_score.begin();
    EXPECT_EQ(told.rank_by_score(), static_cast<int>(place) + 1) << diverse[i];
  }
}

TEST_F(MatchServiceTest, RegionOfTheRequestIsThatOfTheOwnerAndFiltersNobody) {
  pb::MatchRequest request;
  request.set_need_name("needs/n-lithium");
  request.set_region_code("44");
  pb::MatchResponse response;
  ASSERT_TRUE(Match(request, &response).ok());
  EXPECT_EQ(response.policy().channel(), "none");
  EXPECT_EQ(response.results().entries(0).name(), "results/r-lithium");
}

TEST_F(MatchServiceTest, FilterAndKindsNarrowTheLists) {
  pb::MatchRequest request;
  request.set_text("盐湖提锂");
  request.add_kinds(pb::INSTITUTION);
  request.set_filter("region = \"32\"");
  pb::MatchResponse response;
  ASSERT_TRUE(Match(request, &response).ok());
  EXPECT_FALSE(response.has_results());
  EXPECT_THAT(NamesOf(response.partners()), Not(Contains("institutions/tj")));
}

TEST_F(MatchServiceTest, PagesOfAListJoinToTheWholeList) {
  pb::MatchRequest request;
  request.set_text("盐湖提锂吸附剂");
  request.add_kinds(pb::RESULT);
  pb::MatchResponse whole;
  ASSERT_TRUE(Match(request, &whole).ok());
  ASSERT_GE(whole.results().entries_size(), 2);
  request.set_page_size(1);
  std::vector<std::string> names;
  pb::MatchResponse page;
  do {
    ASSERT_TRUE(Match(request, &page).ok());
    ASSERT_LE(page.results().entries_size(), 1);
    for (const std::string& name : NamesOf(page.results())) names.push_back(name);
    request.set_page_token(page.results().next_page_token());
  } while (!page.results().next_page_token().empty());
  EXPECT_EQ(names, NamesOf(whole.results()));
}

TEST_F(MatchServiceTest, HiddenRecordsAreInNoAnswer) {
  pb::MatchRequest request;
  request.set_text("盐湖提锂电渗析膜");
  for (const pb::MatchView view : {pb::MATCH_VIEW_FULL, pb::MATCH_VIEW_ID_ONLY}) {
    request.set_view(view);
    pb::MatchResponse response;
    ASSERT_TRUE(Match(request, &response).ok());
    EXPECT_THAT(response.ShortDebugString(), Not(HasSubstr("secret")));
  }
  grpc::ClientContext context;
  pb::SearchRequest search;
  search.set_query("盐湖提锂电渗析膜");
  pb::SearchResponse found;
  ASSERT_TRUE(search_->Search(&context, search, &found).ok());
  EXPECT_GT(found.hits_size(), 0);
  EXPECT_THAT(found.ShortDebugString(), Not(HasSubstr("secret")));
}

TEST_F(MatchServiceTest, ErrorsAreToldWithCodeAndField) {
  pb::MatchResponse response;
  pb::MatchRequest request;
  request.set_need_name("needs/absent");
  grpc::Status status = Match(request, &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_THAT(status.error_message(), HasSubstr("needs/absent"));
  EXPECT_EQ(DetailsOf(status).reason, "RECORD_NOT_FOUND");

  request.mutable_need();
  status = Match(request, &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(DetailsOf(status).reason, "NEED_WITHOUT_TEXT");

  request.set_text("盐湖");
  request.set_page_size(-1);
  status = Match(request, &response);
  EXPECT_EQ(DetailsOf(status).field, "page_size");
}

TEST_F(MatchServiceTest, TextOfAMillionCharactersGetsOurOwnError) {
  pb::MatchRequest request;
  for (int i = 0; i < 1'000'000; ++i) request.mutable_text()->append("盐");
  pb::MatchResponse response;
  const grpc::Status status = Match(request, &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(DetailsOf(status).field, "text");
  EXPECT_THAT(status.error_message(), HasSubstr("1000000 characters"));
}

TEST_F(MatchServiceTest, APassedDeadlineReturnsNothing) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() - std::chrono::seconds(1));
  pb::MatchRequest request;
  request.set_text("盐湖");
  pb::MatchResponse response;
  EXPECT_EQ(match_->Match(&context, request, &response).error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
}

TEST_F(MatchServiceTest, OfferFindsItsNeed) {
  grpc::ClientContext context;
  pb::ReverseMatchRequest request;
  request.set_offer_name("results/r-goji");
  pb::ReverseMatchResponse response;
  const grpc::Status status = match_->ReverseMatch(&context, request, &response);
  ASSERT_TRUE(status.ok()) << status.error_message();
  ASSERT_FALSE(response.needs().entries().empty());
  EXPECT_EQ(response.needs().entries(0).name(), "needs/n-goji");
  EXPECT_EQ(response.needs().entries(0).kind(), pb::NEED);
}

TEST_F(MatchServiceTest, AHiddenOfferIsNotFound) {
  grpc::ClientContext context;
  pb::ReverseMatchRequest request;
  request.set_offer_name("results/secret");
  pb::ReverseMatchResponse response;
  EXPECT_EQ(match_->ReverseMatch(&context, request, &response).error_code(), grpc::StatusCode::NOT_FOUND);
}

TEST_F(MatchServiceTest, SearchFindsRecordsOfEveryKindWanted) {
  grpc::ClientContext context;
  pb::SearchRequest request;
  request.set_query("枸杞干燥");
  request.add_kinds(pb::NEED);
  pb::SearchResponse response;
  const grpc::Status status = search_->Search(&context, request, &response);
  ASSERT_TRUE(status.ok()) << status.error_message();
  ASSERT_GT(response.hits_size(), 0);
  EXPECT_EQ(response.hits(0).name(), "needs/n-goji");
  for (const pb::SearchHit& hit : response.hits()) EXPECT_EQ(hit.kind(), pb::NEED);
}

TEST_F(MatchServiceTest, ANewGenerationIsServedWithoutDroppingARequest) {
  grpc::ClientContext context;
  const auto stream = pb::CatalogueService::NewStub(running_.channel)->ImportRecords(&context);
  pb::ImportRecordsRequest import;
  import.add_records()->mutable_result()->set_name("results/new");
  import.mutable_records(0)->mutable_result()->set_title("高镁锂比盐湖卤水提锂新工艺");
  pb::ImportRecordsResponse imported;
  ASSERT_TRUE(stream->Write(import));
  ASSERT_TRUE(stream->Read(&imported));
  stream->WritesDone();
  ASSERT_TRUE(stream->Finish().ok());

  // Built beside the running server, from a view of its catalogue.
  const std::string next = "generations/" + Build(folder_.path());
  pb::MatchRequest request;
  request.set_text("高镁锂比盐湖卤水提锂新工艺");
  pb::MatchResponse response;
  const absl::Time give_up = absl::Now() + absl::Seconds(60);
  do {
    const grpc::Status status = Match(request, &response);
    ASSERT_TRUE(status.ok()) << status.error_message();
    ASSERT_LT(absl::Now(), give_up) << "still serving " << response.provenance().generation();
  } while (response.provenance().generation() != next);
  EXPECT_EQ(response.results().entries(0).name(), "results/new");
  EXPECT_EQ(response.provenance().catalogue_sequence(), 2);
}

}  // namespace
}  // namespace dongxi
