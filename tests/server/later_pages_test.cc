// What a page token opens: its own answer, for the tenant that asked, for a day, and of that only what the
// caller may still see and whom nobody refused since. Over gRPC with a real catalogue, generation and tokens.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "absl/strings/escaping.h"
#include "absl/time/clock.h"
#include "dongxi/v1/catalogue.grpc.pb.h"
#include "dongxi/v1/engagement.grpc.pb.h"
#include "dongxi/v1/match.grpc.pb.h"
#include "dongxi/v1/replay.grpc.pb.h"
#include "dongxi/v1/search.grpc.pb.h"
#include "server/audit_trail.h"
#include "server/match_history.h"
#include "server/page_token.h"
#include "tests/server/server_testing.h"
#include "tests/server/tenant_tokens.h"

namespace dongxi {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using Code = grpc::StatusCode;

constexpr char kNeed[] = "needs/n-lithium";

class LaterPagesTest : public testing::Test {
 protected:
  void SetUp() override {
    std::vector<Record> records = SmallCatalogue();
    for (int i = 0; i < 6; ++i) {
      Record record;
      record.kind = RecordKind::kResult;
      record.id = "r-park" + std::to_string(i);
      record.title = "盐湖提锂吸附剂" + std::to_string(i);
      record.tenant = "park";
      record.shared = true;
      records.push_back(record);
    }
    WriteCatalogue(data(), records);
    ASSERT_FALSE(Build(data()).empty());
    park_ = NewTokenIn(data(), "park", "write");
    other_ = NewTokenIn(data(), "other", "write");
    operator_ = NewTokenIn(data(), "", "admin");
    Start();
  }
  std::filesystem::path data() const { return folder_.path(); }
  void Start() {
    running_ = StartServer(OptionsFor(data()));
    ASSERT_NE(running_.server, nullptr);
    catalogue_ = pb::CatalogueService::NewStub(running_.channel);
    engagements_ = pb::EngagementService::NewStub(running_.channel);
    match_ = pb::MatchService::NewStub(running_.channel);
    search_ = pb::SearchService::NewStub(running_.channel);
    replay_ = pb::ReplayService::NewStub(running_.channel);
  }
  void Stop() {
    ASSERT_TRUE(running_.server->Shutdown(absl::Seconds(5)).ok());
    running_.server.reset();
  }
  template <typename Stub, typename Request, typename Response>
  static grpc::Status Call(const std::string& token, const std::unique_ptr<Stub>& stub,
                           grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                           const Request& request, Response* response) {
    grpc::ClientContext context;
    context.AddMetadata("authorization", "Bearer " + token);
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::minutes(1));
    response->Clear();
    return (stub.get()->*method)(&context, request, response);
  }
  static pb::MatchRequest LithiumRequest(pb::MatchView view = pb::MATCH_VIEW_FULL) {
    pb::MatchRequest request;
    request.set_text("盐湖提锂吸附剂");
    request.add_kinds(pb::RESULT);
    request.set_page_size(2);
    request.set_per_institution_max(10);
    request.set_view(view);
    return request;
  }
  static pb::MatchRequest NeedRequest(pb::MatchView view = pb::MATCH_VIEW_FULL) {
    pb::MatchRequest request = LithiumRequest(view);
    request.set_need_name(kNeed);
    return request;
  }
  pb::MatchResponse Match(const std::string& token, const pb::MatchRequest& request) {
    pb::MatchResponse response;
    const grpc::Status status = Call(token, match_, &pb::MatchService::Stub::Match, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }
  grpc::Status StatusOfMatch(const std::string& token, const pb::MatchRequest& request) {
    pb::MatchResponse response;
    return Call(token, match_, &pb::MatchService::Stub::Match, request, &response);
  }
  // What is left of the answer from the page of `request` on.
  std::vector<std::string> Rest(const std::string& token, pb::MatchRequest request) {
    std::vector<std::string> names;
    do {
      const pb::MatchResponse page = Match(token, request);
      for (const pb::MatchEntry& entry : page.results().entries()) names.push_back(entry.name());
      request.set_page_token(page.results().next_page_token());
    } while (!request.page_token().empty());
    return names;
  }
  // The same, page by page.
  std::vector<std::vector<std::string>> Pages(const std::string& token, pb::MatchRequest request) {
    std::vector<std::vector<std::string>> pages;
    do {
      const pb::MatchResponse page = Match(token, request);
      pages.push_back(Names(page));
      request.set_page_token(page.results().next_page_token());
    } while (!request.page_token().empty());
    return pages;
  }
  static std::vector<std::string> Names(const pb::MatchResponse& page) {
    std::vector<std::string> names;
    for (const pb::MatchEntry& entry : page.results().entries()) names.push_back(entry.name());
    return names;
  }
  // The first result that is the park's, or is not.
  static std::string FirstOf(const std::vector<std::string>& names, bool of_park) {
    for (const std::string& name : names) {
      if ((name.find("r-park") != std::string::npos) == of_park) return name;
    }
    ADD_FAILURE() << "there is none";
    return "";
  }
  void Refuse(const std::string& token, const std::string& need, const std::string& offer) {
    pb::RecordEngagementRequest request;
    request.mutable_engagement()->set_need(need);
    request.mutable_engagement()->set_offer(offer);
    request.mutable_engagement()->set_step(pb::ENGAGEMENT_STEP_REFUSED);
    request.mutable_engagement()->set_refusal_reason(pb::REFUSAL_REASON_NO_BUDGET);
    pb::RecordEngagementResponse response;
    const grpc::Status status =
        Call(token, engagements_, &pb::EngagementService::Stub::RecordEngagement, request, &response);
    ASSERT_TRUE(status.ok()) << status.error_message();
  }
  void ClearRefusal(const std::string& token, const std::string& offer) {
    pb::ClearRefusalRequest request;
    request.set_need(kNeed);
    request.set_offer(offer);
    request.set_why("条件已变");
    pb::RecordEngagementResponse response;
    const grpc::Status status =
        Call(token, engagements_, &pb::EngagementService::Stub::ClearRefusal, request, &response);
    ASSERT_TRUE(status.ok()) << status.error_message();
  }
  std::vector<std::string> ExcludedOf(const std::string& match_id) { return ExcludedOf(match_id, other_); }
  std::vector<std::string> ExcludedOf(const std::string& match_id, const std::string& token) {
    pb::GetMatchRecordRequest request;
    request.set_name("matches/" + match_id);
    pb::MatchRecord record;
    const grpc::Status status =
        Call(token, replay_, &pb::ReplayService::Stub::GetMatchRecord, request, &record);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return {record.excluded().begin(), record.excluded().end()};
  }
  // The lines of the audit log about a method.
  std::string AuditOf(const std::string& method) const {
    std::string found;
    for (const auto& entry : std::filesystem::directory_iterator(data() / kAuditFolderName)) {
      std::ifstream lines(entry.path());
      for (std::string line; std::getline(lines, line);) {
        if (line.find(method) != std::string::npos) found += line + "\n";
      }
    }
    return found;
  }
  void Delete(const std::string& result) {
    pb::DeleteResultRequest request;
    request.set_name(result);
    pb::Result deleted;
    const grpc::Status status =
        Call(park_, catalogue_, &pb::CatalogueService::Stub::DeleteResult, request, &deleted);
    ASSERT_TRUE(status.ok()) << status.error_message();
  }
  void Unshare(const std::string& result) {
    pb::UpdateResultRequest request;
    request.mutable_result()->set_name(result);
    request.mutable_update_mask()->add_paths("shared");
    pb::Result updated;
    const grpc::Status status =
        Call(park_, catalogue_, &pb::CatalogueService::Stub::UpdateResult, request, &updated);
    ASSERT_TRUE(status.ok()) << status.error_message();
  }

  TemporaryFolder folder_;
  std::string park_, other_, operator_;
  Running running_;
  std::unique_ptr<pb::CatalogueService::Stub> catalogue_;
  std::unique_ptr<pb::EngagementService::Stub> engagements_;
  std::unique_ptr<pb::MatchService::Stub> match_;
  std::unique_ptr<pb::SearchService::Stub> search_;
  std::unique_ptr<pb::ReplayService::Stub> replay_;
};

TEST_F(LaterPagesTest, LeaveOutWhatWasDeletedOrUnsharedSince) {
  for (const pb::MatchView view : {pb::MATCH_VIEW_FULL, pb::MATCH_VIEW_ID_ONLY}) {
    pb::MatchRequest request = LithiumRequest(view);
    const pb::MatchResponse first = Match(other_, request);
    request.set_page_token(first.results().next_page_token());
    const std::vector<std::string> before = Rest(other_, request);
    std::vector<std::string> of_park;
    for (const std::string& name : before) {
      if (name.find("r-park") != std::string::npos) of_park.push_back(name);
    }
    ASSERT_GE(of_park.size(), 2u);
    Delete(of_park[0]);
    Unshare(of_park[1]);
    const std::vector<std::string> after = Rest(other_, request);
    EXPECT_THAT(after, Not(Contains(of_park[0])));
    EXPECT_THAT(after, Not(Contains(of_park[1])));
    EXPECT_EQ(after.size(), before.size() - 2);
  }
}

TEST_F(LaterPagesTest, LeaveOutPairsThatWereRefusedSinceAndMoveNothingElse) {
  for (const pb::MatchView view : {pb::MATCH_VIEW_FULL, pb::MATCH_VIEW_BASIC, pb::MATCH_VIEW_ID_ONLY}) {
    SCOPED_TRACE(view);
    pb::MatchRequest request = NeedRequest(view);
    request.set_page_token(Match(other_, request).results().next_page_token());
    const std::vector<std::vector<std::string>> before = Pages(other_, request);
    ASSERT_GE(before.size(), 3u);
    const std::string refused = FirstOf(Rest(other_, request), /*of_park=*/true);
    Refuse(park_, kNeed, refused);
    std::vector<std::vector<std::string>> want = before;
    for (std::vector<std::string>& page : want) std::erase(page, refused);
    ASSERT_NE(want, before);
    EXPECT_EQ(Pages(other_, request), want);
    ClearRefusal(park_, refused);
    EXPECT_EQ(Pages(other_, request), before);
  }
}

TEST_F(LaterPagesTest, ARefusalThatHoldsForOneTenantAloneChangesNoOtherTenantsPages) {
  pb::MatchRequest of_park = NeedRequest(), of_other = NeedRequest();
  of_park.set_page_token(Match(park_, of_park).results().next_page_token());
  of_other.set_page_token(Match(other_, of_other).results().next_page_token());
  const std::vector<std::string> before = Rest(park_, of_park);
  const std::string common = FirstOf(before, /*of_park=*/false);
  ASSERT_THAT(Rest(other_, of_other), Contains(common));
  Refuse(other_, kNeed, common);
  EXPECT_THAT(Rest(other_, of_other), Not(Contains(common)));
  EXPECT_EQ(Rest(park_, of_park), before);
}

TEST_F(LaterPagesTest, AnOffersLaterPagesLeaveOutNeedsThatWereRefusedSince) {
  const std::string offer = "results/r-park0";
  pb::ReverseMatchRequest request;
  request.set_offer_name(offer);
  request.set_page_size(1);
  pb::ReverseMatchResponse page;
  using Stub = pb::MatchService::Stub;
  ASSERT_TRUE(Call(park_, match_, &Stub::ReverseMatch, request, &page).ok());
  ASSERT_EQ(page.needs().entries_size(), 1);
  request.set_page_token(page.needs().next_page_token());
  ASSERT_TRUE(Call(park_, match_, &Stub::ReverseMatch, request, &page).ok());
  ASSERT_EQ(page.needs().entries_size(), 1);
  Refuse(park_, page.needs().entries(0).name(), offer);
  ASSERT_TRUE(Call(park_, match_, &Stub::ReverseMatch, request, &page).ok());
  EXPECT_EQ(page.needs().entries_size(), 0);
}

TEST_F(LaterPagesTest, EachPageSaysAndReplaysTheRefusalsOfItsTime) {
  Refuse(park_, kNeed, "results/r-park0");
  pb::MatchRequest request = NeedRequest();
  const pb::MatchResponse first = Match(other_, request);
  request.set_page_token(first.results().next_page_token());
  request.set_page_size(100);
  const pb::MatchResponse before = Match(other_, request);
  const std::string refused = FirstOf(Names(before), /*of_park=*/true);
  Refuse(park_, kNeed, refused);
  const pb::MatchResponse after = Match(other_, request);
  EXPECT_EQ(after.results().entries_size(), before.results().entries_size() - 1);
  EXPECT_THAT(ExcludedOf(first.match_id()), ElementsAre("results/r-park0"));
  EXPECT_THAT(ExcludedOf(before.match_id()), ElementsAre("results/r-park0"));
  EXPECT_THAT(ExcludedOf(after.match_id()), ElementsAre("results/r-park0", refused));
  Stop();
  Start();
  for (const pb::MatchResponse* given : {&first, &before, &after}) {
    for (const std::string& token : {other_, operator_}) {
      pb::ReplayMatchRequest again;
      again.set_name("matches/" + given->match_id());
      pb::ReplayMatchResponse replayed;
      ASSERT_TRUE(Call(token, replay_, &pb::ReplayService::Stub::ReplayMatch, again, &replayed).ok());
      EXPECT_TRUE(replayed.identical());
      EXPECT_EQ(Names(replayed.match()), Names(*given));
    }
  }
}

TEST_F(LaterPagesTest, ASearchLeavesOutWhatWasUnsharedSince) {
  pb::SearchRequest request;
  request.set_query("盐湖提锂吸附剂");
  request.set_page_size(1);
  pb::SearchResponse page;
  ASSERT_TRUE(Call(other_, search_, &pb::SearchService::Stub::Search, request, &page).ok());
  request.set_page_token(page.next_page_token());
  request.set_page_size(100);
  ASSERT_TRUE(Call(other_, search_, &pb::SearchService::Stub::Search, request, &page).ok());
  std::string shared;
  for (const pb::SearchHit& hit : page.hits()) {
    if (hit.name().find("r-park") != std::string::npos) shared = hit.name();
  }
  ASSERT_FALSE(shared.empty());
  Unshare(shared);
  ASSERT_TRUE(Call(other_, search_, &pb::SearchService::Stub::Search, request, &page).ok());
  for (const pb::SearchHit& hit : page.hits()) EXPECT_NE(hit.name(), shared);
  EXPECT_GT(page.hits_size(), 0);
}

// Of SimilarResults, as of a match: a record that goes shifts none of the others to a page that was read.
TEST_F(LaterPagesTest, SimilarRecordsSkipNothingAfterADeletionAndASwap) {
  pb::SimilarResultsRequest request;
  request.set_result_name("results/r-park0");
  request.set_page_size(2);
  pb::SimilarResultsResponse page;
  using Stub = pb::SearchService::Stub;
  const auto rest = [&](const std::string& token) {
    std::vector<std::string> names;
    pb::SimilarResultsRequest next = request;
    next.set_page_token(token);
    while (!next.page_token().empty()) {
      const grpc::Status status = Call(park_, search_, &Stub::SimilarResults, next, &page);
      EXPECT_TRUE(status.ok()) << status.error_message();
      for (const pb::SimilarRecord& record : page.results()) names.push_back(record.name());
      next.set_page_token(status.ok() ? page.next_page_token() : "");
    }
    return names;
  };
  ASSERT_TRUE(Call(park_, search_, &Stub::SimilarResults, request, &page).ok());
  ASSERT_EQ(page.results_size(), 2);
  const std::string of_first_page = page.results(0).name(), token = page.next_page_token();
  ASSERT_THAT(of_first_page, testing::HasSubstr("r-park"));
  const std::vector<std::string> before = rest(token);
  ASSERT_GE(before.size(), 3u);
  Delete(of_first_page);
  EXPECT_EQ(rest(token), before);
  Stop();
  ASSERT_FALSE(Build(data()).empty());
  Start();
  EXPECT_EQ(rest(token), before);
}

TEST_F(LaterPagesTest, AForgedTokenOpensNothing) {
  pb::MatchRequest request = LithiumRequest();
  const pb::MatchResponse mine = Match(park_, request);
  const pb::MatchResponse theirs = Match(other_, request);
  const std::string text = mine.results().next_page_token();
  // A token is opaque, not secret: what it holds can be read and its checksum made anew.
  std::string bytes;
  ASSERT_TRUE(absl::WebSafeBase64Unescape(text, &bytes));
  uint64_t hash = 0;
  for (int i = 8; i >= 1; --i) hash = hash << 8 | static_cast<unsigned char>(bytes[static_cast<size_t>(i)]);
  PageToken token = *DecodePageToken(text, hash);
  ASSERT_EQ(token.match_id, mine.match_id());
  token.match_id = theirs.match_id();
  for (const std::string& signature : {token.signature, std::string(), std::string(32, '0')}) {
    token.signature = signature;
    request.set_page_token(EncodePageToken(token));
    const grpc::Status status = StatusOfMatch(park_, request);
    EXPECT_EQ(status.error_code(), Code::INVALID_ARGUMENT) << status.error_message();
    EXPECT_EQ(DetailsOf(status).reason, "PAGE_TOKEN_INVALID");
    EXPECT_EQ(DetailsOf(status).field, "page_token");
  }
}

TEST_F(LaterPagesTest, AnotherTenantsTokenIsRefused) {
  pb::MatchRequest request = LithiumRequest();
  request.set_page_token(Match(park_, request).results().next_page_token());
  EXPECT_TRUE(StatusOfMatch(park_, request).ok());
  for (const std::string& token : {other_, operator_}) {
    const grpc::Status status = StatusOfMatch(token, request);
    EXPECT_EQ(status.error_code(), Code::INVALID_ARGUMENT);
    EXPECT_EQ(DetailsOf(status).reason, "PAGE_TOKEN_OF_OTHER_TENANT");
  }
}

TEST_F(LaterPagesTest, ATokenOutlivesARestartButNotADay) {
  pb::MatchRequest request = LithiumRequest();
  const pb::MatchResponse first = Match(park_, request);
  request.set_page_token(first.results().next_page_token());
  const std::vector<std::string> rest = Rest(park_, request);
  Stop();
  Start();
  EXPECT_EQ(Rest(park_, request), rest);
  Stop();
  {
    const auto catalogue = Catalogue::Open(data() / "catalogue");
    ASSERT_TRUE(catalogue.ok()) << catalogue.status();
    pb::MatchRecord record;
    ASSERT_TRUE(record.ParseFromString(**(*catalogue)->GetTable(Table::kMatches, first.match_id())));
    record.mutable_provenance()->mutable_read_time()->set_seconds(
        absl::ToUnixSeconds(absl::Now() - kPageTokenAgeMax) - 1);
    ASSERT_TRUE((*catalogue)->NoteMatch(first.match_id(), record.SerializeAsString()).ok());
  }
  Start();
  const grpc::Status status = StatusOfMatch(park_, request);
  EXPECT_EQ(status.error_code(), Code::ABORTED) << status.error_message();
  EXPECT_EQ(DetailsOf(status).reason, "PAGE_TOKEN_EXPIRED");
}

TEST_F(LaterPagesTest, AReplayShowsATenantOnlyWhatItMayStillSeeAndTheOperatorAll) {
  pb::MatchRequest request = LithiumRequest();
  request.set_page_size(100);
  const pb::MatchResponse given = Match(other_, request);
  std::string shared;
  for (const pb::MatchEntry& entry : given.results().entries()) {
    if (entry.name().find("r-park") != std::string::npos) shared = entry.name();
  }
  ASSERT_FALSE(shared.empty());
  Unshare(shared);
  pb::ReplayMatchRequest again;
  again.set_name("matches/" + given.match_id());
  pb::ReplayMatchResponse replayed;
  ASSERT_TRUE(Call(other_, replay_, &pb::ReplayService::Stub::ReplayMatch, again, &replayed).ok());
  EXPECT_FALSE(replayed.identical());
  EXPECT_EQ(replayed.match().results().entries_size(), given.results().entries_size() - 1);
  for (const pb::MatchEntry& entry : replayed.match().results().entries()) EXPECT_NE(entry.name(), shared);
  ASSERT_TRUE(Call(operator_, replay_, &pb::ReplayService::Stub::ReplayMatch, again, &replayed).ok());
  EXPECT_TRUE(replayed.identical());
}

TEST_F(LaterPagesTest, TheOperatorReplaysALaterPageAsItWasGiven) {
  pb::MatchRequest request = LithiumRequest();
  const pb::MatchResponse first = Match(other_, request);
  request.set_page_token(first.results().next_page_token());
  request.set_page_size(100);
  const pb::MatchResponse before = Match(other_, request);
  std::vector<std::string> of_park;
  for (const pb::MatchEntry& entry : before.results().entries()) {
    if (entry.name().find("r-park") != std::string::npos) of_park.push_back(entry.name());
  }
  ASSERT_GE(of_park.size(), 2u);
  Unshare(of_park[0]);
  const pb::MatchResponse page = Match(other_, request);
  Unshare(of_park[1]);
  pb::ReplayMatchRequest again;
  again.set_name("matches/" + page.match_id());
  pb::ReplayMatchResponse replayed;
  ASSERT_TRUE(Call(operator_, replay_, &pb::ReplayService::Stub::ReplayMatch, again, &replayed).ok());
  EXPECT_TRUE(replayed.identical());
  EXPECT_EQ(replayed.match().results().entries_size(), before.results().entries_size() - 1);
}

// The park's refusal holds for everybody: the result is its own. That it is there is told to nobody else.
TEST_F(LaterPagesTest, ARefusedRecordThatIsNotTheCallersToSeeIsNamedToItsTenantAndTheOperatorAlone) {
  const std::string secret = "results/r-park0", shared = "results/r-park1";
  for (const std::string& name : {secret, shared}) Refuse(park_, kNeed, name);
  Unshare(secret);
  const pb::MatchResponse of_other = Match(other_, NeedRequest()), of_park = Match(park_, NeedRequest());
  EXPECT_THAT(ExcludedOf(of_other.match_id()), ElementsAre(shared));
  EXPECT_THAT(ExcludedOf(of_other.match_id(), operator_), ElementsAre(secret, shared));
  EXPECT_THAT(ExcludedOf(of_park.match_id(), park_), ElementsAre(secret, shared));
  pb::ReplayMatchRequest again;
  again.set_name("matches/" + of_other.match_id());
  pb::ReplayMatchResponse replayed;
  ASSERT_TRUE(Call(other_, replay_, &pb::ReplayService::Stub::ReplayMatch, again, &replayed).ok());
  EXPECT_THAT(replayed.record().excluded(), ElementsAre(shared));
  EXPECT_TRUE(replayed.identical());
  EXPECT_EQ(Names(replayed.match()), Names(of_other));
  ASSERT_TRUE(Call(operator_, replay_, &pb::ReplayService::Stub::ReplayMatch, again, &replayed).ok());
  EXPECT_THAT(replayed.record().excluded(), ElementsAre(secret, shared));
  EXPECT_TRUE(replayed.identical());
}

TEST_F(LaterPagesTest, ARefusedRecordAboveTheCallersLevelIsNotNamedAndOneWithinItIsAudited) {
  const std::string high = NewTokenIn(data(), "park", "write", Disclosure::kOrganiser);
  Stop();
  Start();  // with the new token
  Refuse(high, kNeed, "results/secret");
  const pb::MatchResponse answer = Match(park_, NeedRequest());
  EXPECT_THAT(ExcludedOf(answer.match_id(), park_), IsEmpty());
  EXPECT_THAT(AuditOf("GetMatchRecord"), IsEmpty()) << "nothing that is not public was shown";
  EXPECT_THAT(ExcludedOf(answer.match_id(), high), ElementsAre("results/secret"));
  EXPECT_THAT(AuditOf("GetMatchRecord"), HasSubstr("\"disclosed\":[\"results/secret\"]"));
}

}  // namespace
}  // namespace dongxi
