// What keeps its place on later pages: the order is that of the first page, for whatever goes meanwhile and
// whoever asks. Over gRPC with a real catalogue, generation and tokens.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <iterator>

#include "dongxi/v1/catalogue.grpc.pb.h"
#include "dongxi/v1/engagement.grpc.pb.h"
#include "dongxi/v1/match.grpc.pb.h"
#include "dongxi/v1/replay.grpc.pb.h"
#include "server/audit_trail.h"
#include "tests/server/server_testing.h"
#include "tests/server/tenant_tokens.h"

namespace dongxi {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using Pages = std::vector<std::vector<std::string>>;

constexpr char kNeed[] = "needs/n-lithium";
constexpr char kSecretNeed[] = "needs/n-k-secret";

class LaterPagesOrderTest : public testing::Test {
 protected:
  void SetUp() override {
    std::vector<Record> records = SmallCatalogue();
    const auto add = [&records](RecordKind kind, const std::string& id) -> Record& {
      Record& record = records.emplace_back();
      record.kind = kind;
      record.id = id;
      record.title = "盐湖提锂吸附剂";
      return record;
    };
    for (int i = 0; i < 12; ++i) {  // every second one wants what results/r-lithium offers
      Record& need = add(RecordKind::kNeed, "n-k" + std::to_string(100 + i));
      need.region = "63";
      if (i % 2 == 0) need.modes = {"transfer"};
    }
    add(RecordKind::kNeed, "n-k-secret").disclosure = Disclosure::kOrganiser;
    records.back().text = "与农产品加工、冷链物流一并考虑";  // not the first in any list
    for (int i = 0; i < 9; ++i) {
      Record& result = add(RecordKind::kResult, "r-k" + std::to_string(i));
      if (i % 3 == 0) {
        result.id += "-secret";
        result.disclosure = Disclosure::kOrganiser;
      }
    }
    Record& closed = add(RecordKind::kInstitution, "closed");
    closed.region = "12";
    closed.disclosure = Disclosure::kOrganiser;
    for (int i = 0; i < 4; ++i) {
      Record& result = add(RecordKind::kResult, "r-of-closed" + std::to_string(i));
      result.owners = {{RecordKind::kInstitution, "closed"}};
    }
    WriteCatalogue(data(), records);
    ASSERT_FALSE(Build(data()).empty());
    high_ = NewTokenIn(data(), "park", "write", Disclosure::kOrganiser);
    low_ = NewTokenIn(data(), "park", "write");
    operator_ = NewTokenIn(data(), "", "admin", Disclosure::kOrganiser);
    Start();
  }
  std::filesystem::path data() const { return folder_.path(); }
  void Start() {
    running_ = StartServer(OptionsFor(data()));
    ASSERT_NE(running_.server, nullptr);
    catalogue_ = pb::CatalogueService::NewStub(running_.channel);
    engagements_ = pb::EngagementService::NewStub(running_.channel);
    match_ = pb::MatchService::NewStub(running_.channel);
    replay_ = pb::ReplayService::NewStub(running_.channel);
  }
  void Restart() {
    ASSERT_TRUE(running_.server->Shutdown(absl::Seconds(5)).ok());
    running_.server.reset();
    Start();
  }
  template <typename Stub, typename Request, typename Response>
  static void Call(const std::string& token, const std::unique_ptr<Stub>& stub,
                   grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                   const Request& request, Response* response) {
    grpc::ClientContext context;
    context.AddMetadata("authorization", "Bearer " + token);
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::minutes(1));
    response->Clear();
    const grpc::Status status = (stub.get()->*method)(&context, request, response);
    ASSERT_TRUE(status.ok()) << status.error_message();
  }
  pb::MatchResponse Match(const std::string& token, const pb::MatchRequest& request) {
    pb::MatchResponse response;
    Call(token, match_, &pb::MatchService::Stub::Match, request, &response);
    return response;
  }
  pb::ReverseMatchResponse Reverse(const std::string& token, const pb::ReverseMatchRequest& request) {
    pb::ReverseMatchResponse response;
    Call(token, match_, &pb::MatchService::Stub::ReverseMatch, request, &response);
    return response;
  }
  // Of results, two a page.
  static pb::MatchRequest ResultsFor(const std::string& text) {
    pb::MatchRequest request;
    request.set_text(text);
    request.add_kinds(pb::RESULT);
    request.set_page_size(2);
    request.set_per_institution_max(10);
    return request;
  }
  static std::vector<std::string> Names(const pb::MatchList& list) {
    std::vector<std::string> names;
    for (const pb::MatchEntry& entry : list.entries()) names.push_back(entry.name());
    return names;
  }
  // From the page of `request` on.
  Pages PagesFrom(const std::string& token, pb::MatchRequest request) {
    Pages pages;
    do {
      const pb::MatchResponse page = Match(token, request);
      pages.push_back(Names(page.results()));
      request.set_page_token(page.results().next_page_token());
    } while (!request.page_token().empty());
    return pages;
  }
  Pages PagesFrom(const std::string& token, pb::ReverseMatchRequest request) {
    Pages pages;
    do {
      const pb::ReverseMatchResponse page = Reverse(token, request);
      pages.push_back(Names(page.needs()));
      request.set_page_token(page.needs().next_page_token());
    } while (!request.page_token().empty());
    return pages;
  }
  static Pages Without(Pages pages, const std::string& part_of_name) {
    for (std::vector<std::string>& page : pages) {
      std::erase_if(page,
                    [&](const std::string& name) { return name.find(part_of_name) != std::string::npos; });
    }
    return pages;
  }
  void Delete(const std::string& need) {
    pb::DeleteNeedRequest request;
    request.set_name(need);
    pb::Need deleted;
    Call(operator_, catalogue_, &pb::CatalogueService::Stub::DeleteNeed, request, &deleted);
  }
  void Refuse(const std::string& offer) {
    pb::RecordEngagementRequest request;
    request.mutable_engagement()->set_need(kNeed);
    request.mutable_engagement()->set_offer(offer);
    request.mutable_engagement()->set_step(pb::ENGAGEMENT_STEP_REFUSED);
    request.mutable_engagement()->set_refusal_reason(pb::REFUSAL_REASON_NO_BUDGET);
    pb::RecordEngagementResponse response;
    Call(low_, engagements_, &pb::EngagementService::Stub::RecordEngagement, request, &response);
  }
  void ClearRefusal(const std::string& offer) {
    pb::ClearRefusalRequest request;
    request.set_need(kNeed);
    request.set_offer(offer);
    request.set_why("条件已变");
    pb::RecordEngagementResponse response;
    Call(low_, engagements_, &pb::EngagementService::Stub::ClearRefusal, request, &response);
  }
  std::string Audited() const {
    std::string text;
    for (const auto& entry : std::filesystem::directory_iterator(data() / kAuditFolderName)) {
      std::ifstream file(entry.path());
      text += std::string(std::istreambuf_iterator<char>(file), {});
    }
    return text;
  }

  TemporaryFolder folder_;
  std::string high_, low_, operator_;
  Running running_;
  std::unique_ptr<pb::CatalogueService::Stub> catalogue_;
  std::unique_ptr<pb::EngagementService::Stub> engagements_;
  std::unique_ptr<pb::MatchService::Stub> match_;
  std::unique_ptr<pb::ReplayService::Stub> replay_;
};

TEST_F(LaterPagesOrderTest, AReverseMatchKeepsTheOrderInWhichANeedThatIsDeletedSinceWasBoosted) {
  for (const pb::MatchView view : {pb::MATCH_VIEW_FULL, pb::MATCH_VIEW_ID_ONLY}) {
    SCOPED_TRACE(view);
    pb::ReverseMatchRequest request;
    request.set_offer_name("results/r-lithium");
    request.set_page_size(2);
    request.set_view(view);
    request.set_page_token(Reverse(low_, request).needs().next_page_token());
    const Pages before = PagesFrom(low_, request);
    ASSERT_GE(before.size(), 4u);
    std::string boosted;  // of needs with the same text those that are boosted stand first
    for (const std::vector<std::string>& page : before) {
      for (const std::string& name : page) {
        if (boosted.empty() && name.find("/n-k1") != std::string::npos) boosted = name;
      }
    }
    ASSERT_FALSE(boosted.empty());
    Delete(boosted);
    EXPECT_EQ(PagesFrom(low_, request), Without(before, boosted));
    Restart();
    EXPECT_EQ(PagesFrom(low_, request), Without(before, boosted));
  }
}

TEST_F(LaterPagesOrderTest, AReverseMatchAuditsTheNeedsOfItsPageAndNotAllThatItRanks) {
  pb::ReverseMatchRequest request;
  request.set_offer_name("results/r-lithium");
  request.set_page_size(1);
  ASSERT_THAT(Names(Reverse(high_, request).needs()), Not(Contains(kSecretNeed)));
  EXPECT_THAT(Audited(), Not(HasSubstr(kSecretNeed)));
  request.set_page_size(100);
  ASSERT_THAT(Names(Reverse(high_, request).needs()), Contains(kSecretNeed));
  EXPECT_THAT(Audited(), HasSubstr(kSecretNeed));
}

TEST_F(LaterPagesOrderTest, ATokenThatSeesLessGetsItsPartOfEachPageAndSkipsNothing) {
  pb::MatchRequest request = ResultsFor("盐湖提锂吸附剂");
  request.add_facets(pb::FACET_FIELD_KIND);
  request.set_page_token(Match(high_, request).results().next_page_token());
  const Pages all = PagesFrom(high_, request);
  ASSERT_NE(Without(all, "secret"), all);
  EXPECT_EQ(PagesFrom(low_, request), Without(all, "secret"));
  EXPECT_THAT(Match(high_, request).results().facets(), Not(IsEmpty()));
  const pb::MatchResponse given = Match(low_, request);
  EXPECT_THAT(given.results().facets(), IsEmpty()) << "they count records that the token may not see";
  EXPECT_EQ(given.results().adequate_count(), 0);
  Restart();
  EXPECT_EQ(PagesFrom(low_, request), Without(all, "secret"));
  pb::ReplayMatchRequest again;
  again.set_name("matches/" + given.match_id());
  pb::ReplayMatchResponse replayed;
  Call(low_, replay_, &pb::ReplayService::Stub::ReplayMatch, again, &replayed);
  EXPECT_TRUE(replayed.identical());
  EXPECT_EQ(Names(replayed.match().results()), Names(given.results()));
}

TEST_F(LaterPagesOrderTest, ATokenThatSeesLessIsNotToldThePairingOfAnInstitutionThatItMayNotSee) {
  pb::MatchRequest request = ResultsFor("");
  request.set_need_name(kNeed);
  request.set_page_token(Match(high_, request).results().next_page_token());
  request.set_page_size(100);
  const auto entry_of_closed = [&](const std::string& token) {
    const pb::MatchResponse page = Match(token, request);
    for (const pb::MatchEntry& entry : page.results().entries()) {
      if (entry.name().find("r-of-closed") != std::string::npos) return entry;
    }
    ADD_FAILURE() << "none is listed";
    return pb::MatchEntry();
  };
  const pb::MatchEntry seen = entry_of_closed(high_), less = entry_of_closed(low_);
  ASSERT_TRUE(seen.has_policy_reason());
  EXPECT_EQ(less.name(), seen.name());
  EXPECT_EQ(less.score(), seen.score());
  EXPECT_FALSE(less.has_policy_reason());
  EXPECT_THAT(less.reasons(), Not(Contains(seen.reasons(0))));
}

TEST_F(LaterPagesOrderTest, AnInlineNeedThatIsDeletedSinceKeepsWhatItsPairsWentThrough) {
  pb::MatchRequest request = ResultsFor("");
  request.mutable_need()->set_name(kNeed);
  request.mutable_need()->set_title("盐湖提锂吸附剂");
  const std::string cooling = Match(low_, request).results().entries(0).name();
  Refuse(cooling);
  ClearRefusal(cooling);
  request.set_page_token(Match(low_, request).results().next_page_token());
  const Pages before = PagesFrom(low_, request);
  ASSERT_GE(before.size(), 3u);
  ASSERT_NE(Without(before, cooling), before) << "it has sunk to a later page";
  const std::string refused = before.front().front();
  ASSERT_NE(refused, cooling);
  Refuse(refused);
  ASSERT_EQ(PagesFrom(low_, request), Without(before, refused));
  Delete(kNeed);
  EXPECT_EQ(PagesFrom(low_, request), Without(before, refused));
}

}  // namespace
}  // namespace dongxi
