#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>

#include "server/convert.h"
#include "server/grpc_status.h"
#include "tests/server/server_testing.h"

namespace dongxi {
namespace {

constexpr absl::CivilDay kToday(2025, 11, 20);

std::string Repeat(const std::string& text, int times) {
  std::string repeated;
  for (int i = 0; i < times; ++i) repeated += text;
  return repeated;
}

pb::MatchRequest TextRequest() {
  pb::MatchRequest request;
  request.set_text("盐湖提锂");
  return request;
}

absl::StatusOr<MatchCall> Decode(const pb::MatchRequest& request) {
  return DecodeMatchRequest(request, FewWords(), kToday);
}

TEST(DecodeMatchRequestTest, DefaultsOfAnEmptyRequest) {
  const auto call = Decode(TextRequest());
  ASSERT_TRUE(call.ok()) << call.status();
  const MatchSettings& settings = call->question.settings;
  EXPECT_EQ(settings.limit, 10);
  EXPECT_EQ(settings.offset, 0);
  EXPECT_EQ(settings.policy_weight, 1.0);
  EXPECT_EQ(settings.per_institution_max, 3);
  EXPECT_EQ(settings.detail, Detail::kFull);
  EXPECT_EQ(settings.today, kToday);
  EXPECT_TRUE(call->question.partners && call->question.experts && call->question.results);
  EXPECT_EQ(call->question.need.title, "盐湖提锂");
  EXPECT_EQ(call->question.need.kind, RecordKind::kNeed);
  EXPECT_EQ(call->question.need.text, "");
}

TEST(DecodeMatchRequestTest, EveryFieldArrives) {
  pb::MatchRequest request;
  request.set_need_name("needs/n-1");
  request.set_region_code("630000");
  request.add_kinds(pb::RESULT);
  request.set_filter("maturity >= 6");
  request.set_page_size(5'000);
  request.set_policy_weight(0);
  request.set_per_institution_max(1'000);
  request.set_view(pb::MATCH_VIEW_ID_ONLY);
  const auto call = Decode(request);
  ASSERT_TRUE(call.ok()) << call.status();
  EXPECT_EQ(call->need_name, (RecordName{RecordKind::kNeed, "n-1"}));
  EXPECT_EQ(call->region, "63");
  EXPECT_FALSE(call->question.partners || call->question.experts);
  EXPECT_TRUE(call->question.results);
  EXPECT_TRUE(call->question.settings.filter->ReadsEvidence());
  EXPECT_EQ(call->question.settings.limit, 1'000);
  EXPECT_EQ(call->question.settings.policy_weight, 0);
  EXPECT_EQ(call->question.settings.per_institution_max, 1'000);
  EXPECT_EQ(call->question.settings.detail, Detail::kNamesOnly);
}

TEST(DecodeMatchRequestTest, LongTextGetsItsFirstSentenceAsTitle) {
  pb::MatchRequest request;
  request.set_text("  \n我县老卤提锂收率低。" + Repeat("吸附剂溶损大，", 20));
  const auto call = Decode(request);
  ASSERT_TRUE(call.ok()) << call.status();
  EXPECT_EQ(call->question.need.title, "我县老卤提锂收率低");
  EXPECT_EQ(call->question.need.text, request.text());
  EXPECT_EQ(call->title_begin, 3);
  EXPECT_TRUE(call->free_text);
}

TEST(DecodeMatchRequestTest, TextOfSixtyCharactersIsATitleAndOneMoreIsNot) {
  pb::MatchRequest request;
  request.set_text(Repeat("盐", 60));
  EXPECT_EQ(Decode(request)->question.need.title, request.text());
  EXPECT_EQ(Decode(request)->question.need.text, "");
  request.set_text(Repeat("盐", 61));
  EXPECT_EQ(Decode(request)->question.need.title, Repeat("盐", 60));
  EXPECT_EQ(Decode(request)->question.need.text, request.text());
}

TEST(DecodeMatchRequestTest, InlineNeedIsEnoughWithOneOfItsTexts) {
  for (const auto& set : std::initializer_list<std::function<void(pb::Need*)>>{
           [](pb::Need* need) { need->set_title("提锂"); },
           [](pb::Need* need) { need->set_description("提锂"); },
           [](pb::Need* need) { need->set_wanted("提锂"); }}) {
    pb::MatchRequest request;
    set(request.mutable_need());
    EXPECT_TRUE(Decode(request).ok()) << Decode(request).status();
  }
}

TEST(DecodeMatchRequestTest, InlineNeedKeepsItsFieldsAndDropsOutputOnlyOnes) {
  pb::MatchRequest request;
  request.mutable_need()->set_title("提锂");
  request.mutable_need()->set_region_code("632800");
  request.mutable_need()->set_institution("institutions/i-1");
  request.mutable_need()->set_task("3.2");
  request.mutable_need()->set_etag("anything");
  request.mutable_need()->mutable_create_time()->set_seconds(5);
  const auto call = Decode(request);
  ASSERT_TRUE(call.ok()) << call.status();
  EXPECT_EQ(call->question.need.region, "6328");
  EXPECT_EQ(call->question.need.institution, "i-1");
  EXPECT_EQ(call->question.need.task, "3.2");
  EXPECT_EQ(call->question.need.create_time_us, 0);
}

struct WrongCase {
  const char* name;
  std::function<void(pb::MatchRequest*)> change;
  const char* field;
};

TEST(DecodeMatchRequestTest, EveryLimitNamesItsField) {
  const WrongCase cases[] = {
      {"NoQuery", [](auto* r) { r->clear_query(); }, "query"},
      {"EmptyText", [](auto* r) { r->set_text(""); }, "text"},
      {"BlankText", [](auto* r) { r->set_text(" \t\n\u3000"); }, "text"},
      {"TextOfSigns", [](auto* r) { r->set_text("，。！🙂"); }, "text"},
      {"TextOfNumbers", [](auto* r) { r->set_text("2026 11.5"); }, "text"},
      {"TextOfAMillionCharacters", [](auto* r) { r->set_text(Repeat("盐", 1'000'000)); }, "text"},
      {"TextOneTooLong", [](auto* r) { r->set_text(Repeat("盐", 100'001)); }, "text"},
      {"NeedNameOfAnotherCollection", [](auto* r) { r->set_need_name("results/r-1"); }, "need_name"},
      {"NeedNameWithoutId", [](auto* r) { r->set_need_name("needs/"); }, "need_name"},
      {"NeedWithoutText", [](auto* r) { r->mutable_need()->set_region_code("63"); }, "need"},
      {"NeedWithBlankText", [](auto* r) { r->mutable_need()->set_title(" "); }, "need"},
      {"NeedOfSignsAndNumbers",
       [](auto* r) {
         r->mutable_need()->set_title("863");
         r->mutable_need()->set_wanted("！");
       },
       "need"},
      {"NeedTitleTooLong", [](auto* r) { r->mutable_need()->set_title(Repeat("盐", 501)); }, "need.title"},
      {"NeedDescriptionTooLong", [](auto* r) { r->mutable_need()->set_description(Repeat("盐", 100'001)); },
       "need.description"},
      {"NeedWantedTooLong", [](auto* r) { r->mutable_need()->set_wanted(Repeat("盐", 100'001)); },
       "need.wanted"},
      {"NeedRegionUnknown",
       [](auto* r) {
         r->mutable_need()->set_title("t");
         r->mutable_need()->set_region_code("99");
       },
       "need.region_code"},
      {"NeedMaturityTen",
       [](auto* r) {
         r->mutable_need()->set_title("t");
         r->mutable_need()->set_maturity(10);
       },
       "need.maturity"},
      {"NeedConditionUnknown",
       [](auto* r) {
         r->mutable_need()->set_title("t");
         r->mutable_need()->add_conditions("underwater");
       },
       "need.conditions"},
      {"NeedModeUnknown",
       [](auto* r) {
         r->mutable_need()->set_title("t");
         r->mutable_need()->add_modes("barter");
       },
       "need.modes"},
      {"NeedInstitutionNoName",
       [](auto* r) {
         r->mutable_need()->set_title("t");
         r->mutable_need()->set_institution("i-1");
       },
       "need.institution"},
      {"RegionNoNumber", [](auto* r) { r->set_region_code("青海"); }, "region_code"},
      {"RegionTooLong", [](auto* r) { r->set_region_code("6328010"); }, "region_code"},
      {"RegionUnknown", [](auto* r) { r->set_region_code("99"); }, "region_code"},
      {"KindNeed", [](auto* r) { r->add_kinds(pb::NEED); }, "kinds"},
      {"KindUnspecified", [](auto* r) { r->add_kinds(pb::RECORD_KIND_UNSPECIFIED); }, "kinds"},
      {"KindOfAnotherVersion", [](auto* r) { r->add_kinds(static_cast<pb::RecordKind>(77)); }, "kinds"},
      {"FilterSyntax", [](auto* r) { r->set_filter("maturity >="); }, "filter"},
      {"FilterAttribute", [](auto* r) { r->set_filter("price > 3"); }, "filter"},
      {"FilterTooLong", [](auto* r) { r->set_filter(Repeat(" ", 4'001) + "year = 1"); }, "filter"},
      {"PageSizeNegative", [](auto* r) { r->set_page_size(-1); }, "page_size"},
      {"PageTokenForeign",
       [](auto* r) {
         r->add_kinds(pb::RESULT);
         r->set_page_token("CiAKHgoP");
       },
       "page_token"},
      {"PageTokenWithoutList", [](auto* r) { r->set_page_token("CiAKHgoP"); }, "kinds"},
      {"PolicyWeightNegative", [](auto* r) { r->set_policy_weight(-0.1); }, "policy_weight"},
      {"PolicyWeightAboveOne", [](auto* r) { r->set_policy_weight(1.1); }, "policy_weight"},
      {"PolicyWeightNaN", [](auto* r) { r->set_policy_weight(std::nan("")); }, "policy_weight"},
      {"PerInstitutionNegative", [](auto* r) { r->set_per_institution_max(-1); }, "per_institution_max"},
      {"PerInstitutionTooMany", [](auto* r) { r->set_per_institution_max(1'001); }, "per_institution_max"},
      {"ViewOfAnotherVersion", [](auto* r) { r->set_view(static_cast<pb::MatchView>(9)); }, "view"},
  };
  for (const WrongCase& c : cases) {
    SCOPED_TRACE(c.name);
    pb::MatchRequest request = TextRequest();
    c.change(&request);
    const auto call = Decode(request);
    EXPECT_TRUE(absl::IsInvalidArgument(call.status())) << call.status();
    EXPECT_EQ(FieldOf(call.status()), c.field) << call.status();
    EXPECT_EQ(std::string(call.status().message()).rfind(c.field, 0), 0u) << call.status();
  }
}

TEST(DecodeMatchRequestTest, ANeedWhoseOnlyWordIsItsFieldIsTaken) {
  pb::MatchRequest request;
  request.mutable_need()->set_title("863");
  request.mutable_need()->add_fields("盐湖");
  const auto call = Decode(request);
  EXPECT_TRUE(call.ok()) << call.status();
}

TEST(MatchPageTokenTest, ContinuesTheListItWasMadeFor) {
  pb::MatchRequest request = TextRequest();
  request.set_page_size(7);
  const auto first = Decode(request);
  request.set_page_token(NextPageToken(first->cursor, pb::RESULT, "g-1"));
  request.add_kinds(pb::RESULT);
  request.set_page_size(20);
  const auto second = Decode(request);
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_EQ(second->question.settings.offset, 7);
  EXPECT_EQ(second->question.settings.limit, 20);
  EXPECT_TRUE(CheckGeneration(second->cursor, "g-1").ok());
  EXPECT_TRUE(CheckGeneration(first->cursor, "g-1").ok());

  const absl::Status moved = CheckGeneration(second->cursor, "g-2");
  EXPECT_TRUE(absl::IsAborted(moved));
  EXPECT_EQ(ReasonOf(moved), "GENERATION_CHANGED");
}

TEST(MatchPageTokenTest, IsRefusedByAnotherListAndAnotherQuestion) {
  const auto first = Decode(TextRequest());
  const std::string token = NextPageToken(first->cursor, pb::RESULT, "g-1");
  const WrongCase cases[] = {
      {"AnotherList", [](auto* r) { r->set_kinds(0, pb::EXPERT); }, "page_token"},
      {"AnotherText", [](auto* r) { r->set_text("枸杞"); }, "page_token"},
      {"AnotherFilter", [](auto* r) { r->set_filter("year > 2020"); }, "page_token"},
      {"AnotherRegion", [](auto* r) { r->set_region_code("63"); }, "page_token"},
      {"AnotherWeight", [](auto* r) { r->set_policy_weight(0.5); }, "page_token"},
  };
  for (const WrongCase& c : cases) {
    SCOPED_TRACE(c.name);
    pb::MatchRequest request = TextRequest();
    request.add_kinds(pb::RESULT);
    request.set_page_token(token);
    c.change(&request);
    EXPECT_EQ(FieldOf(Decode(request).status()), c.field);
  }
}

TEST(MatchPageTokenTest, AnOffsetBeyondAnyListIsRefused) {
  pb::MatchRequest request = TextRequest();
  Cursor cursor = Decode(request)->cursor;
  cursor.offset = std::numeric_limits<int>::max();
  request.set_page_token(NextPageToken(cursor, pb::RESULT, "g-1"));
  request.add_kinds(pb::RESULT);
  EXPECT_EQ(FieldOf(Decode(request).status()), "page_token");
}

TEST(DecodeReverseMatchRequestTest, TakesOffersOnly) {
  pb::ReverseMatchRequest request;
  for (const char* name : {"institutions/i", "experts/e", "results/r"}) {
    request.set_offer_name(name);
    EXPECT_TRUE(DecodeReverseMatchRequest(request, FewWords(), kToday).ok()) << name;
  }
  for (const char* name : {"", "needs/n", "evidence/p", "results/", "r-1"}) {
    request.set_offer_name(name);
    EXPECT_EQ(FieldOf(DecodeReverseMatchRequest(request, FewWords(), kToday).status()), "offer_name") << name;
  }
}

struct WrongReverse {
  const char* name;
  std::function<void(pb::ReverseMatchRequest*)> change;
  const char* field;
};

TEST(DecodeReverseMatchRequestTest, EveryLimitNamesItsField) {
  const WrongReverse cases[] = {
      {"PageSize", [](auto* r) { r->set_page_size(-1); }, "page_size"},
      {"PageToken", [](auto* r) { r->set_page_token("x"); }, "page_token"},
      {"Filter", [](auto* r) { r->set_filter("(("); }, "filter"},
      {"PolicyWeight", [](auto* r) { r->set_policy_weight(2); }, "policy_weight"},
      {"View", [](auto* r) { r->set_view(static_cast<pb::MatchView>(9)); }, "view"},
  };
  for (const WrongReverse& c : cases) {
    SCOPED_TRACE(c.name);
    pb::ReverseMatchRequest request;
    request.set_offer_name("results/r");
    c.change(&request);
    EXPECT_EQ(FieldOf(DecodeReverseMatchRequest(request, FewWords(), kToday).status()), c.field);
  }
}

struct WrongSearch {
  const char* name;
  std::function<void(pb::SearchRequest*)> change;
  const char* field;
};

TEST(DecodeSearchRequestTest, EveryLimitNamesItsField) {
  const WrongSearch cases[] = {
      {"EmptyQuery", [](auto* r) { r->set_query(""); }, "query"},
      {"BlankQuery", [](auto* r) { r->set_query("  "); }, "query"},
      {"QueryTooLong", [](auto* r) { r->set_query(Repeat("盐", 10'001)); }, "query"},
      {"Kind", [](auto* r) { r->add_kinds(pb::RECORD_KIND_UNSPECIFIED); }, "kinds"},
      {"PageSize", [](auto* r) { r->set_page_size(-1); }, "page_size"},
      {"PageToken", [](auto* r) { r->set_page_token("x"); }, "page_token"},
      {"Filter", [](auto* r) { r->set_filter("kind = BANANA"); }, "filter"},
  };
  for (const WrongSearch& c : cases) {
    SCOPED_TRACE(c.name);
    pb::SearchRequest request;
    request.set_query("盐湖");
    c.change(&request);
    EXPECT_EQ(FieldOf(DecodeSearchRequest(request, FewWords(), kToday).status()), c.field);
  }
}

TEST(DecodeSearchRequestTest, TokenOfAMatchIsRefused) {
  const std::string token = NextPageToken(Decode(TextRequest())->cursor, pb::RECORD_KIND_UNSPECIFIED, "g-1");
  pb::SearchRequest request;
  request.set_query("盐湖提锂");
  request.set_page_token(token);
  EXPECT_EQ(FieldOf(DecodeSearchRequest(request, FewWords(), kToday).status()), "page_token");
}

TEST(DayInChinaTest, BeginsEightHoursBeforeUtc) {
  EXPECT_EQ(DayInChina(absl::FromCivil(absl::CivilSecond(2025, 11, 19, 15, 59, 59), absl::UTCTimeZone())),
            absl::CivilDay(2025, 11, 19));
  EXPECT_EQ(DayInChina(absl::FromCivil(absl::CivilSecond(2025, 11, 19, 16, 0, 0), absl::UTCTimeZone())),
            absl::CivilDay(2025, 11, 20));
}

}  // namespace
}  // namespace dongxi
