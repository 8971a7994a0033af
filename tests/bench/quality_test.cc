// The quality command's parts: reading a collection, running the engine over it, ratings.
#include <unistd.h>

#include <algorithm>
#include <fstream>

#include "bench/quality_engine.h"
#include "bench/ratings.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace dongxi::bench {
namespace {

using testing::HasSubstr;

class QualityTest : public testing::Test {
 protected:
  QualityTest()
      : file_(std::filesystem::path(testing::TempDir()) / ("dongxi_quality_" + std::to_string(getpid()))) {}
  ~QualityTest() override { std::filesystem::remove(file_); }
  void Write(const std::string& text) const { std::ofstream(file_) << text; }
  std::string Error(QualityTarget target) const {
    return std::string(ReadCollection(file_, target, {}).status().message());
  }

  const std::filesystem::path file_;
};

TEST_F(QualityTest, DocumentsMayLackTextAndHaveUnknownKeys) {
  Write(R"({"id":"b","title":"盐湖提锂","colour":"red"})"
        "\n"
        R"({"id":"a","title":null,"text":"卤水","owners":["x"]})"
        "\n");
  const auto records = ReadCollection(file_, QualityTarget::kResult, {});
  ASSERT_TRUE(records.ok()) << records.status();
  ASSERT_EQ(records->size(), 2u);
  EXPECT_EQ((*records)[0].id, "a");
  EXPECT_EQ((*records)[0].text, "卤水");
  EXPECT_TRUE((*records)[0].owners.empty());
  EXPECT_EQ((*records)[1].title, "盐湖提锂");
}

TEST_F(QualityTest, OwnersBecomeRecordsOnce) {
  Write(R"({"id":"1","title":"盐湖","owners":["x","y"]})"
        "\n"
        R"({"id":"2","title":"牦牛","owners":["x"]})"
        "\n");
  const auto records = ReadCollection(file_, QualityTarget::kPartner, {});
  ASSERT_TRUE(records.ok()) << records.status();
  const auto institutions = std::count_if(records->begin(), records->end(), [](const Record& record) {
    return record.kind == RecordKind::kInstitution;
  });
  EXPECT_EQ(institutions, 2);
  EXPECT_EQ(records->size(), 4u);
}

TEST_F(QualityTest, OnlyTheFieldsAskedForAreSearched) {
  Write(R"({"id":"1","title":"题名","abstract":"摘要"})");
  const auto records = ReadCollection(file_, QualityTarget::kResult, {{"abstract"}});
  ASSERT_TRUE(records.ok());
  EXPECT_EQ((*records)[0].title, "");
  EXPECT_EQ((*records)[0].text, "摘要");
}

TEST_F(QualityTest, ErrorsNameThePlace) {
  Write("{\"id\":\"1\"}\n{\"title\":\"无编号\"}\n");
  EXPECT_THAT(Error(QualityTarget::kResult), HasSubstr(":2"));
  Write("{\"id\":\"1\"}\n{\"id\":\"1\"}\n");
  EXPECT_THAT(Error(QualityTarget::kResult), HasSubstr("stands twice"));
  Write("{\"id\":\"1\",\"title\":\"盐湖\"}\n");
  EXPECT_THAT(Error(QualityTarget::kExpert), HasSubstr("owners"));
  Write("");
  EXPECT_THAT(Error(QualityTarget::kResult), HasSubstr("no document"));
}

std::vector<Record> Collection() {
  const char* topics[] = {"盐湖卤水提锂吸附剂", "牦牛冻精人工授精", "光伏组件清洗机器人",
                          "马铃薯脱毒种薯繁育", "煤矿瓦斯抽采装备", "沙漠公路防沙治沙",
                          "藏药材种苗标准化",   "镁合金压铸件",     "草原毒草监测遥感",
                          "枸杞多糖提取",       "风机叶片除冰涂层", "葡萄酒发酵菌种"};
  std::vector<Record> records;
  for (const char* topic : topics) {
    Record record;
    record.id = "r" + std::to_string(10 + records.size());
    record.title = topic;
    record.text = std::string(topic) + "的关键技术研究与应用示范，已在两个县推广";
    records.push_back(record);
  }
  return records;
}

std::vector<TextQuery> Queries() {
  return {{"q1", "提锂", "公司从事盐湖卤水资源开发，需要吸附剂"},
          {"q2", "牦牛繁殖", ""},
          {"q3", "", "需要治理风沙危害的公路防护技术"},
          {"q4", "酵母", "葡萄酒酿造中的发酵"}};
}

SystemRun MustRun(const std::vector<TextQuery>& queries) {
  QualityOptions options;
  options.tables.model = "tests/fixtures/static-model-v1.dxm";
  options.threads = 2;
  auto run = RunEngine(Collection(), queries, options, nullptr);
  EXPECT_TRUE(run.ok()) << run.status();
  return run.ok() ? run->run : SystemRun{};
}

TEST(QualityEngineTest, AnAnswerDoesNotDependOnTheOtherQueries) {
  const SystemRun together = MustRun(Queries());
  std::vector<TextQuery> turned = Queries();
  std::reverse(turned.begin(), turned.end());
  EXPECT_EQ(*RunText(MustRun(turned)), *RunText(together));
  SystemRun apart;
  apart.tag = together.tag;
  for (const TextQuery& query : Queries()) apart.queries.merge(MustRun({query}).queries);
  EXPECT_EQ(*RunText(apart), *RunText(together));
}

TEST(QualityEngineTest, FindsWhatIsAskedForAndAnswersNothingWithoutAWord) {
  std::vector<TextQuery> queries = Queries();
  queries.push_back({"q5", "，。", ""});
  const SystemRun run = MustRun(queries);
  EXPECT_EQ(run.queries.at("q1").front().document, "r10");
  EXPECT_EQ(run.queries.at("q2").front().document, "r11");
  EXPECT_EQ(run.queries.at("q3").front().document, "r15");
  EXPECT_TRUE(run.queries.at("q5").empty());
}

TEST(RatingsTest, ShareIsWeightedAndTiesCountHalf) {
  const std::vector<Rating> ratings = {
      {"e", "a", 5}, {"e", "b", 3}, {"e", "c", 1}, {"f", "a", 2}, {"f", "b", 2}};
  const auto score = [](const std::string&, const std::string& query) {
    return query == "a" ? 2.0 : query == "b" ? 1.0 : 1.0;
  };
  const OrderedShare share = ShareOrdered(ratings, score);
  EXPECT_DOUBLE_EQ(share.weight, 2 + 4 + 2);
  EXPECT_DOUBLE_EQ(share.share, (2 + 4 + 1) / 8.0);
}

TEST_F(QualityTest, BadRatingsAreNamedWithTheirLine) {
  struct Case {
    std::string content, error;
  };
  const Case cases[] = {{"expert\tpaper\texpertise\ne\ta\tx\n", ":2: rating 'x'"},
                        {"expert\tpaper\texpertise\ne\ta\n", ":2: 2 fields"},
                        {"h\nE\ta\t1\nE\ta\t2\n", ":3: E rated a before"},
                        {"h\nE\ta\tnan\n", "no number"},
                        {"h\n", "no rating"}};
  for (const Case& c : cases) {
    Write(c.content);
    EXPECT_THAT(std::string(ReadRatings(file_).status().message()), HasSubstr(c.error));
  }
}

}  // namespace
}  // namespace dongxi::bench
