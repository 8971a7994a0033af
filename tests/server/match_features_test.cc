// What a match can be asked for beside its lists, and what stands around it, over gRPC on loopback: masks,
// facets, profiles, diversity, broadening, explanations, batches, similar records, an embedding service that
// is away.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <httplib.h>

#include <cmath>
#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>

#include "dongxi/v1/admin.grpc.pb.h"
#include "dongxi/v1/match.grpc.pb.h"
#include "dongxi/v1/search.grpc.pb.h"
#include "engine/embed/remote_embedder.h"
#include "engine/index/manifest.h"
#include "tests/server/served_catalogue.h"

namespace dongxi {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

std::vector<std::string> NamesOf(const pb::MatchList& list) {
  std::vector<std::string> names;
  for (const pb::MatchEntry& entry : list.entries()) names.push_back(entry.name());
  return names;
}

class MatchFeaturesTest : public ServedCatalogueTest {
 protected:
  void Connect() override {
    match_ = pb::MatchService::NewStub(running_.channel);
    search_ = pb::SearchService::NewStub(running_.channel);
    request_.set_need_name("needs/n-lithium");
  }

  grpc::Status Match() {
    grpc::ClientContext context;
    response_.Clear();
    return match_->Match(&context, request_, &response_);
  }
  grpc::Status Explain(const std::string& candidate) {
    pb::ExplainMatchRequest request;
    *request.mutable_match() = request_;
    request.set_candidate(candidate);
    grpc::ClientContext context;
    explained_.Clear();
    return match_->ExplainMatch(&context, request, &explained_);
  }
  // What the stream brought, and how it ended.
  std::pair<std::vector<pb::BatchMatchResponse>, grpc::Status> Batch(const pb::BatchMatchRequest& request) {
    grpc::ClientContext context;
    const auto reader = match_->BatchMatch(&context, request);
    std::vector<pb::BatchMatchResponse> all;
    for (pb::BatchMatchResponse one; reader->Read(&one);) all.push_back(one);
    return {all, reader->Finish()};
  }

  std::unique_ptr<pb::MatchService::Stub> match_;
  std::unique_ptr<pb::SearchService::Stub> search_;
  pb::MatchRequest request_;
  pb::MatchResponse response_;
  pb::ExplainMatchResponse explained_;
};

TEST_F(MatchFeaturesTest, ReadMaskLeavesTheFieldsItNames) {
  request_.mutable_read_mask()->add_paths("name");
  request_.mutable_read_mask()->add_paths("score");
  ASSERT_TRUE(Match().ok());
  const pb::MatchEntry& entry = response_.results().entries(0);
  EXPECT_EQ(entry.name(), "results/r-lithium");
  EXPECT_NE(entry.score(), 0);
  EXPECT_THAT(entry.title(), IsEmpty());
  EXPECT_THAT(entry.matched_terms(), IsEmpty());
  request_.mutable_read_mask()->add_paths("titel");
  const grpc::Status wrong = Match();
  EXPECT_EQ(wrong.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(wrong.error_message(), HasSubstr("'titel'"));
  EXPECT_EQ(DetailsOf(wrong).field, "read_mask");
  EXPECT_EQ(DetailsOf(wrong).reason, "READ_MASK_INVALID");
  for (const char* empty_part : {"", "evidence.", "evidence..name"}) {
    request_.mutable_read_mask()->set_paths(2, empty_part);
    EXPECT_EQ(DetailsOf(Match()).reason, "READ_MASK_INVALID") << empty_part;
  }
}

TEST_F(MatchFeaturesTest, FacetsCountTheAdequateOfEveryList) {
  request_.add_facets(pb::FACET_FIELD_REGION);
  request_.add_facets(pb::FACET_FIELD_MODE);
  request_.set_page_size(1);
  ASSERT_TRUE(Match().ok());
  const pb::MatchList& results = response_.results();
  ASSERT_EQ(results.facets_size(), 2);
  EXPECT_EQ(results.facets(0).field(), pb::FACET_FIELD_REGION);
  int64_t regions = 0;
  for (const pb::FacetValue& value : results.facets(0).values()) {
    regions += value.count();
    EXPECT_THAT(value.label(), Not(IsEmpty()));
  }
  EXPECT_EQ(regions, results.adequate_count());
  EXPECT_GT(regions, 0);
  request_.add_facets(pb::FACET_FIELD_REGION);
  EXPECT_EQ(DetailsOf(Match()).field, "facets");
}

TEST_F(MatchFeaturesTest, TheProfileAndItsWeightsStandInTheAnswer) {
  ASSERT_TRUE(Match().ok());
  const double bound = response_.policy_boost_max();
  EXPECT_EQ(response_.ranking().profile(), "default");
  EXPECT_EQ(response_.ranking().weights().policy(), 1);
  EXPECT_EQ(response_.ranking().per_institution_max(), 3);
  request_.set_ranking_profile("policy_first");
  request_.mutable_weights()->set_mode(0);
  ASSERT_TRUE(Match().ok());
  EXPECT_EQ(response_.ranking().profile_title(), "政策优先");
  EXPECT_EQ(response_.ranking().weights().policy(), 2);
  EXPECT_EQ(response_.ranking().weights().mode(), 0);
  EXPECT_NEAR(response_.policy_boost_max(), bound + 1.5 - 0.3, 1e-9);
  request_.set_ranking_profile("wide_choice");
  ASSERT_TRUE(Match().ok());
  EXPECT_EQ(response_.ranking().per_institution_max(), 1);
  EXPECT_EQ(response_.ranking().diversity().lambda(), 0.4);
}

TEST_F(MatchFeaturesTest, WrongProfilesWeightsAndDiversityNameTheirBounds) {
  struct Case {
    const char* field;
    const char* message;
    std::function<void(pb::MatchRequest&)> set;
  };
  const Case cases[] = {
      {"ranking_profile", "policy_first", [](auto& r) { r.set_ranking_profile("no such"); }},
      {"weights.policy", "found 2.5, expected 0 to 2", [](auto& r) { r.mutable_weights()->set_policy(2.5); }},
      {"weights.lexical", "expected 0.5 to 2",
       [](auto& r) { r.mutable_weights()->set_lexical(std::nan("")); }},
      {"diversity.lambda", "expected 0 to 0.8", [](auto& r) { r.mutable_diversity()->set_lambda(0.9); }},
      {"diversity", "one of them",
       [](auto& r) {
         r.mutable_diversity()->set_lambda(0.2);
         r.mutable_diversity()->set_level(pb::Diversity::LOW);
       }},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.field);
    pb::MatchRequest request = request_;
    c.set(request);
    pb::MatchResponse response;
    grpc::ClientContext context;
    const grpc::Status status = match_->Match(&context, request, &response);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
    EXPECT_EQ(DetailsOf(status).field, c.field);
    EXPECT_THAT(status.error_message(), HasSubstr(c.message));
  }
}

TEST_F(MatchFeaturesTest, BroadeningSaysWhatItGaveUp) {
  request_.set_filter("region = \"1201\"");
  ASSERT_TRUE(Match().ok());
  EXPECT_THAT(NamesOf(response_.results()), IsEmpty());
  request_.set_enable_broadening(true);
  ASSERT_TRUE(Match().ok());
  ASSERT_THAT(NamesOf(response_.results()), Contains("results/r-lithium"));
  EXPECT_EQ(response_.results().broadening(0).condition(), "region=1201");
  EXPECT_THAT(response_.results().entries(0).broadened(), HasSubstr("地区放宽到全省"));
}

TEST_F(MatchFeaturesTest, ExplainsWhatIsListedAndWhatIsNot) {
  ASSERT_TRUE(Explain("results/r-lithium").ok());
  EXPECT_EQ(explained_.verdict(), pb::MATCH_VERDICT_LISTED);
  EXPECT_EQ(explained_.rank(), 1);
  EXPECT_GT(explained_.entry().matched_terms_size(), 0);
  EXPECT_THAT(explained_.text(), HasSubstr("第 1 位"));
  request_.set_filter("region = \"32\"");
  ASSERT_TRUE(Explain("results/r-lithium").ok());
  EXPECT_EQ(explained_.verdict(), pb::MATCH_VERDICT_FILTERED);
  EXPECT_THAT(explained_.failed_conditions(), ElementsAre("region=32"));
  request_.clear_filter();
  request_.add_kinds(pb::EXPERT);
  ASSERT_TRUE(Explain("results/r-lithium").ok());
  EXPECT_EQ(explained_.verdict(), pb::MATCH_VERDICT_NOT_ASKED);
}

TEST_F(MatchFeaturesTest, AnInvisibleCandidateIsAsAbsentAsOneThatIsNotThere) {
  const grpc::Status hidden = Explain("results/secret"), absent = Explain("results/no-such");
  EXPECT_EQ(hidden.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(absent.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(DetailsOf(hidden).reason, DetailsOf(absent).reason);
  const grpc::Status need = Explain("needs/n-goji");
  EXPECT_EQ(DetailsOf(need).field, "candidate");
  request_.set_page_size(-1);
  EXPECT_EQ(DetailsOf(Explain("results/r-lithium")).field, "match.page_size");
}

TEST_F(MatchFeaturesTest, WhatHasNoLetterIsRefusedWithItsField) {
  const auto expect_refusal = [](const grpc::Status& status, const std::string& field,
                                 const std::string& reason) {
    SCOPED_TRACE(field);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT) << status.error_message();
    EXPECT_EQ(DetailsOf(status).field, field);
    EXPECT_EQ(DetailsOf(status).reason, reason);
  };
  for (const char* text : {"，。！", "🙂", "2026 11.5"}) {
    request_.set_text(text);
    expect_refusal(Match(), "text", "NEED_WITHOUT_TEXT");
    expect_refusal(Explain("results/r-lithium"), "match.text", "NEED_WITHOUT_TEXT");
    request_.mutable_need()->set_title(text);
    expect_refusal(Match(), "need", "NEED_WITHOUT_TEXT");
    expect_refusal(Explain("results/r-lithium"), "match.need", "NEED_WITHOUT_TEXT");
  }
  Stop();
  WriteCatalogue(folder_.path(), {{.kind = RecordKind::kNeed, .id = "n-signs", .title = "！2026？"},
                                  {.kind = RecordKind::kResult, .id = "r-signs", .title = "🙂 100%"}});
  Start();
  request_.set_need_name("needs/n-signs");
  expect_refusal(Match(), "need_name", "RECORD_WITHOUT_TEXT");
  expect_refusal(Explain("results/r-lithium"), "match.need_name", "RECORD_WITHOUT_TEXT");
  pb::ReverseMatchRequest reverse;
  reverse.set_offer_name("results/r-signs");
  pb::ReverseMatchResponse reversed;
  grpc::ClientContext first;
  expect_refusal(match_->ReverseMatch(&first, reverse, &reversed), "offer_name", "RECORD_WITHOUT_TEXT");
  pb::SimilarNeedsRequest needs;
  needs.set_need_name("needs/n-signs");
  pb::SimilarNeedsResponse near_needs;
  grpc::ClientContext second;
  expect_refusal(search_->SimilarNeeds(&second, needs, &near_needs), "need_name", "RECORD_WITHOUT_TEXT");
  pb::SimilarResultsRequest results;
  results.set_result_name("results/r-signs");
  pb::SimilarResultsResponse near_results;
  grpc::ClientContext third;
  expect_refusal(search_->SimilarResults(&third, results, &near_results), "result_name",
                 "RECORD_WITHOUT_TEXT");
}

TEST_F(MatchFeaturesTest, ASearchTakesNumbersButNoSignsAlone) {
  pb::SearchRequest search;
  pb::SearchResponse found;
  search.set_query("2026");
  grpc::ClientContext numbers;
  EXPECT_TRUE(search_->Search(&numbers, search, &found).ok());
  search.set_query("，。！");
  grpc::ClientContext signs;
  EXPECT_EQ(DetailsOf(search_->Search(&signs, search, &found)).field, "query");
}

TEST_F(MatchFeaturesTest, ErrorsOfTheRankingNameItsFieldWithinTheMatch) {
  request_.set_ranking_profile("no such");
  EXPECT_EQ(DetailsOf(Explain("results/r-lithium")).field, "match.ranking_profile");
  pb::BatchMatchRequest batch;
  batch.add_need_names("needs/n-goji");
  batch.mutable_match()->mutable_weights()->set_policy(2.5);
  const grpc::Status refused = Batch(batch).second;
  EXPECT_EQ(DetailsOf(refused).field, "match.weights.policy");
  EXPECT_EQ(DetailsOf(refused).reason, "OUT_OF_BOUNDS");
}

TEST_F(MatchFeaturesTest, ABatchGivesEachNeedWhatItsOwnMatchGives) {
  pb::BatchMatchRequest request;
  request.add_need_names("needs/n-goji");
  request.add_need_names("needs/no-such");
  request.add_need_names("needs/n-lithium");
  const auto [all, status] = Batch(request);
  ASSERT_TRUE(status.ok()) << status.error_message();
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(all[1].error().code(), static_cast<int>(grpc::StatusCode::NOT_FOUND));
  EXPECT_EQ(all[2].done(), 3);
  EXPECT_EQ(all[2].total(), 3);
  ASSERT_TRUE(Match().ok());
  EXPECT_EQ(NamesOf(all[2].match().results()), NamesOf(response_.results()));
  EXPECT_EQ(all[2].match().results().entries(0).score(), response_.results().entries(0).score());
}

TEST_F(MatchFeaturesTest, ABatchByFilterTakesTheNeedsThatPass) {
  pb::BatchMatchRequest request;
  request.set_need_filter("region = \"64\"");
  const auto [all, status] = Batch(request);
  ASSERT_TRUE(status.ok()) << status.error_message();
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].need_name(), "needs/n-goji");
  request.set_need_filter("region ~ 64");
  EXPECT_EQ(DetailsOf(Batch(request).second).field, "need_filter");
  request.add_need_names("needs/n-goji");
  EXPECT_EQ(DetailsOf(Batch(request).second).field, "need_names");
  request.clear_need_filter();
  request.mutable_match()->set_page_size(-1);
  EXPECT_EQ(DetailsOf(Batch(request).second).field, "match.page_size");
}

TEST_F(MatchFeaturesTest, ACancelledBatchEnds) {
  pb::BatchMatchRequest request;
  request.set_need_filter("kind = NEED");
  grpc::ClientContext context;
  const auto reader = match_->BatchMatch(&context, request);
  context.TryCancel();
  for (pb::BatchMatchResponse one; reader->Read(&one);) {
  }
  EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::CANCELLED);
}

TEST_F(MatchFeaturesTest, SimilarRecordsAreNearAndNotTheRecordItself) {
  pb::SimilarNeedsRequest needs;
  needs.set_need_name("needs/n-lithium");
  pb::SimilarNeedsResponse near_needs;
  grpc::ClientContext first;
  ASSERT_TRUE(search_->SimilarNeeds(&first, needs, &near_needs).ok());
  ASSERT_EQ(near_needs.needs_size(), 1);
  EXPECT_EQ(near_needs.needs(0).name(), "needs/n-goji");
  pb::SimilarResultsRequest results;
  results.set_result_name("results/r-lithium");
  results.set_page_size(1);
  pb::SimilarResultsResponse near_results;
  grpc::ClientContext second;
  ASSERT_TRUE(search_->SimilarResults(&second, results, &near_results).ok());
  ASSERT_EQ(near_results.results_size(), 1);
  EXPECT_EQ(near_results.results(0).name(), "results/r-magnesium");
  EXPECT_GT(near_results.results(0).matched_terms_size(), 0);
  results.set_page_token(near_results.next_page_token());
  grpc::ClientContext third;
  ASSERT_TRUE(search_->SimilarResults(&third, results, &near_results).ok());
  EXPECT_NE(near_results.results(0).name(), "results/r-magnesium");
  results.clear_page_token();
  results.set_result_name("results/secret");
  grpc::ClientContext fourth;
  EXPECT_EQ(search_->SimilarResults(&fourth, results, &near_results).error_code(),
            grpc::StatusCode::NOT_FOUND);
}

TEST_F(MatchFeaturesTest, SearchHasMasksAndFacets) {
  pb::SearchRequest request;
  request.set_query("盐湖卤水提锂吸附剂");
  request.add_facets(pb::FACET_FIELD_KIND);
  request.mutable_read_mask()->add_paths("name");
  pb::SearchResponse response;
  grpc::ClientContext context;
  ASSERT_TRUE(search_->Search(&context, request, &response).ok());
  EXPECT_THAT(response.hits(0).title(), IsEmpty());
  int64_t sum = 0;
  for (const pb::FacetValue& value : response.facets(0).values()) sum += value.count();
  EXPECT_EQ(sum, response.adequate_count());
}

// Vectors from the lengths of the texts: enough to be vectors.
class EmbeddingService {
 public:
  EmbeddingService() {
    server_.Post("/v1/embeddings", [this](const httplib::Request& request, httplib::Response& response) {
      const std::lock_guard lock(mutex_);
      traceparent_ = request.get_header_value("traceparent");
      nlohmann::json answer = {{"data", nlohmann::json::array()}};
      const nlohmann::json asked = nlohmann::json::parse(request.body);
      for (const nlohmann::json& text : asked["input"]) {
        const auto size = static_cast<double>(text.get<std::string>().size());
        answer["data"].push_back({{"index", answer["data"].size()}, {"embedding", {size, 1.0, 50.0}}});
      }
      response.set_content(answer.dump(), "application/json");
    });
    port_ = server_.bind_to_any_port("127.0.0.1");
    thread_ = std::jthread([this] { server_.listen_after_bind(); });
    while (!server_.is_running()) std::this_thread::yield();
  }
  ~EmbeddingService() { server_.stop(); }
  void Close() {
    server_.stop();
    thread_.join();
  }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/v1/embeddings"; }
  // Of the last request.
  std::string traceparent() const {
    const std::lock_guard lock(mutex_);
    return traceparent_;
  }

 private:
  mutable std::mutex mutex_;
  std::string traceparent_;
  httplib::Server server_;
  int port_ = 0;
  std::jthread thread_;
};

// What is CURRENT is all that a restart serves.
TEST(DegradedMatchTest, AGenerationThatThisServerCannotServeIsNotRolledBackTo) {
  const TemporaryFolder folder;
  WriteCatalogue(folder.path(), SmallCatalogue());
  EmbeddingService service;
  RemoteEmbedderOptions remote;
  remote.url = service.url();
  remote.model = "test";
  auto embedder = OpenRemoteEmbedder(remote);
  ASSERT_TRUE(embedder.ok()) << embedder.status();
  ASSERT_FALSE(Build(folder.path(), *std::move(embedder)).empty());
  const std::string own = Build(folder.path());
  const Running running = StartServer(OptionsFor(folder.path()));
  ASSERT_NE(running.server, nullptr);
  pb::Generation generation;
  grpc::ClientContext context;
  const grpc::Status status =
      pb::AdminService::NewStub(running.channel)->RollBackGeneration(&context, {}, &generation);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::FAILED_PRECONDITION) << status.error_message();
  EXPECT_EQ(DetailsOf(status).reason, "GENERATION_NOT_SERVABLE");
  EXPECT_EQ(*ReadCurrent(folder.path() / "generations"), own);
}

TEST(DegradedMatchTest, AClosedEmbeddingServiceCostsTheMeaningAndNotTheAnswer) {
  const TemporaryFolder folder;
  WriteCatalogue(folder.path(), SmallCatalogue());
  EmbeddingService service;
  RemoteEmbedderOptions remote;
  remote.url = service.url();
  remote.model = "test";
  auto embedder = OpenRemoteEmbedder(remote);
  ASSERT_TRUE(embedder.ok()) << embedder.status();
  Build(folder.path(), *std::move(embedder));
  ServerOptions options = OptionsFor(folder.path());
  options.embedding_url = remote.url;
  options.embedding_model = remote.model;
  options.metrics_listen = "127.0.0.1:0";
  const Running running = StartServer(options);
  ASSERT_NE(running.server, nullptr);
  const auto stub = pb::MatchService::NewStub(running.channel);
  pb::MatchRequest request;
  request.set_need_name("needs/n-lithium");
  pb::MatchResponse whole, degraded;
  const std::string trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  grpc::ClientContext first, untraced;
  first.AddMetadata("traceparent", trace);
  ASSERT_TRUE(stub->Match(&first, request, &whole).ok());
  EXPECT_THAT(whole.degraded(), IsEmpty());
  EXPECT_EQ(service.traceparent(), trace) << "the trace goes on in the embedding service";
  ASSERT_TRUE(stub->Match(&untraced, request, &whole).ok());
  EXPECT_THAT(service.traceparent(), IsEmpty()) << "and ends with its call";
  const auto metrics = [&] {
    return httplib::Client("127.0.0.1", running.server->metrics_port()).Get("/metrics")->body;
  };
  EXPECT_THAT(metrics(), AllOf(HasSubstr("dongxi_embedder_healthy 1\n"),
                               HasSubstr("dongxi_embedder_failures_total 0\n")));
  service.Close();
  for (int i = 0; i < 4; ++i) {  // the third and later ones do not even ask
    grpc::ClientContext context;
    degraded.Clear();
    ASSERT_TRUE(stub->Match(&context, request, &degraded).ok());
    EXPECT_THAT(degraded.degraded(), HasSubstr("只按用词匹配"));
    EXPECT_THAT(degraded.degraded(), Not(HasSubstr("127.0.0.1")));
    EXPECT_EQ(degraded.results().entries(0).name(), "results/r-lithium");
  }
  EXPECT_THAT(metrics(), AllOf(HasSubstr("dongxi_embedder_healthy 0\n"),
                               HasSubstr("dongxi_embedder_failures_total 4\n")));
}

}  // namespace
}  // namespace dongxi
