// A real generation of a few records in a temporary folder, and the records themselves as the source.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/embed/lsa.h"
#include "engine/index/record_text.h"
#include "engine/match/matcher.h"

namespace dongxi::testing_world {

class RecordsInMemory final : public RecordSource {
 public:
  absl::StatusOr<std::vector<std::optional<Record>>> GetMany(
      std::span<const RecordName> names) const override {
    std::vector<std::optional<Record>> found;
    for (const RecordName& name : names) {
      const auto at = records.find(name);
      found.push_back(at == records.end() ? std::nullopt : std::optional(at->second));
    }
    return found;
  }
  std::map<RecordName, Record> records;
};

// Expert x1 has so many open matches, all others none.
class FixedLoads final : public ExpertLoads {
 public:
  explicit FixedLoads(int open) : open_(open) {}
  absl::StatusOr<int> OpenMatches(const RecordName& expert) const override {
    return expert.id == "x1" ? open_ : 0;
  }
  absl::StatusOr<bool> IsOpen(const RecordName& /*expert*/, const RecordName& /*need*/) const override {
    return false;
  }

 private:
  int open_;
};

class SmallWorld {
 public:
  explicit SmallWorld(std::vector<Record> all) {
    std::sort(all.begin(), all.end(), [](const Record& a, const Record& b) {
      return RecordName{a.kind, a.id} < RecordName{b.kind, b.id};
    });
    for (const Record& record : all) source_.records[{record.kind, record.id}] = record;
    static int count = 0;
    folder_ = std::filesystem::path(testing::TempDir()) /
              ("small_world-" + std::to_string(getpid()) + "-" + std::to_string(count++));
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    Build(all);
    auto policy = LoadPolicy("data/policy");
    EXPECT_TRUE(policy.ok()) << policy.status();
    auto ranking = LoadRankingConfig("data/ranking/default.json");
    EXPECT_TRUE(ranking.ok()) << ranking.status();
    context_.policy = *policy;
    ranking_ = std::make_shared<RankingConfig>(**ranking);
    context_.ranking = ranking_;
    context_.records = &source_;
  }
  ~SmallWorld() { std::filesystem::remove_all(folder_); }
  SmallWorld(const SmallWorld&) = delete;
  SmallWorld& operator=(const SmallWorld&) = delete;

  const MatchContext& context() const { return context_; }
  RecordsInMemory& source() { return source_; }
  RankingConfig& ranking() { return *ranking_; }

 private:
  void Build(const std::vector<Record>& all) {
    std::vector<EmbedInput> texts;
    for (const Record& record : all) texts.push_back(TextOf(record));
    LsaOptions options;
    options.dim = 16;
    options.df_min = 1;
    ASSERT_TRUE(TrainLsa(texts, *EmptyLexicon(), options, folder_ / kModelFile).ok());
    auto generation = std::make_shared<Generation>();
    auto embedder = OpenLsaEmbedder(folder_ / kModelFile, EmptyLexicon());
    ASSERT_TRUE(embedder.ok()) << embedder.status();
    generation->lexicon = EmptyLexicon();
    generation->embedder = std::shared_ptr<const Embedder>(std::move(*embedder));
    generation->offers = BuildCollection(all, *generation->embedder, false);
    generation->needs = BuildCollection(all, *generation->embedder, true);
    context_.generation = generation;
  }

  Collection BuildCollection(const std::vector<Record>& all, const Embedder& embedder, bool needs) {
    const std::filesystem::path folder = folder_ / (needs ? kNeedsName : kOffersName);
    std::filesystem::create_directories(folder);
    DocumentTableBuilder documents;
    const auto lexical = LexicalIndexBuilder::Create({});
    std::vector<EmbedInput> texts;
    for (const Record& record : all) {
      if ((record.kind == RecordKind::kNeed) != needs) continue;
      documents.Add(record);
      texts.push_back(TextOf(record));
      lexical->Add(LexicalTermsOf(texts.back(), *EmptyLexicon()));
    }
    EXPECT_TRUE(documents.Write(folder / kDocumentsFile).ok());
    EXPECT_TRUE(lexical->Write(folder / kPostingsFile).ok());
    auto vectors = embedder.Embed(texts, absl::InfiniteFuture());
    EXPECT_TRUE(vectors.ok()) << vectors.status();
    vectors->dim = embedder.dim();
    EXPECT_TRUE(WriteVectorIndex(*vectors, folder, {}, nullptr, nullptr).ok());
    Collection collection;
    collection.documents = std::move(*DocumentTable::Open(folder / kDocumentsFile));
    collection.lexical = std::move(*OpenLexicalIndex(folder / kPostingsFile));
    collection.vectors = std::move(*OpenVectorIndex(folder));
    return collection;
  }

  std::filesystem::path folder_;
  RecordsInMemory source_;
  std::shared_ptr<RankingConfig> ranking_;
  MatchContext context_;
};

inline Record Institution(std::string id, std::string name, std::string region, std::string statement) {
  return {.kind = RecordKind::kInstitution,
          .id = std::move(id),
          .title = std::move(name),
          .text = std::move(statement),
          .region = std::move(region)};
}

inline Record Result(std::string id, std::string title, std::string abstract,
                     std::vector<RecordName> owners) {
  return {.kind = RecordKind::kResult,
          .id = std::move(id),
          .title = std::move(title),
          .text = std::move(abstract),
          .owners = std::move(owners)};
}

inline RecordName OfInstitution(std::string id) { return {RecordKind::kInstitution, std::move(id)}; }
inline RecordName OfExpert(std::string id) { return {RecordKind::kExpert, std::move(id)}; }

// Salt lakes in 天津 and 山东, goji in 江苏 and 天津, fillers of other fields.
inline std::vector<Record> SaltLakesAndGoji() {
  std::vector<Record> all = {
      Institution("tj", "示例·天津化工所", "12", "海水与卤水化工，盐湖资源分离提取"),
      Institution("sd", "示例·山东盐化所", "37", "溴素与钾盐加工，卤水净化"),
      Institution("js", "示例·江苏食品院", "32", "果蔬与枸杞精深加工，冻干和提取工艺"),
      Institution("qh", "示例·海西盐湖企业", "6328", "氯化钾生产"),
      {.kind = RecordKind::kExpert,
       .id = "x1",
       .title = "示例专家·提锂",
       .text = "高镁锂比卤水提锂吸附剂研究",
       .institution = "tj"},
      {.kind = RecordKind::kExpert,
       .id = "x2",
       .title = "示例专家·果品",
       .text = "枸杞干燥与多糖提取",
       .institution = "js"},
      Result("r-li", "高镁锂比盐湖卤水吸附提锂成套工艺", "铝系吸附剂连续吸附，锂收率高，适合高镁锂比卤水",
             {OfInstitution("tj"), OfExpert("x1")}),
      Result("r-li2", "电渗析法盐湖提锂装置", "选择性膜分离镁锂，处理盐湖老卤", {OfInstitution("sd")}),
      Result("r-goji", "枸杞鲜果低温干燥与多糖提取技术", "枸杞精深加工，保留多糖与类胡萝卜素",
             {OfInstitution("js"), OfExpert("x2")}),
      Result("r-goji-tj", "枸杞汁澄清与灌装生产线", "枸杞原汁酶解澄清，无菌灌装", {OfInstitution("tj")}),
      {.kind = RecordKind::kEvidence,
       .id = "p1",
       .title = "高镁锂比盐湖卤水吸附提锂机理研究",
       .text = "吸附剂在卤水中的锂镁分离行为",
       .type = "publication",
       .owners = {OfInstitution("sd")}},
      {.kind = RecordKind::kNeed,
       .id = "n-li",
       .title = "高镁锂比盐湖卤水提锂吸附剂",
       .text = "卤水镁锂比高，现有工艺收率低",
       .wanted = "需要高选择性吸附剂",
       .region = "6328",
       .institution = "qh"},
      {.kind = RecordKind::kNeed,
       .id = "n-goji",
       .title = "枸杞干燥和深加工",
       .text = "枸杞晾晒损失大，要延长产业链",
       .region = "6328",
       .institution = "qh"},
  };
  const char* fillers[] = {"马铃薯脱毒种薯繁育", "风力发电机叶片除冰", "牦牛冻精人工授精",
                           "稀土永磁电机",       "区块链存证平台",     "草原退化监测遥感",
                           "棉花机械采收",       "光伏组件清洗机器人"};
  int i = 0;
  for (const char* filler : fillers) {
    const std::string id = "f" + std::to_string(i++);
    all.push_back(Institution(id, "示例·" + std::string(filler) + "单位", "33", filler));
    all.push_back(Result("r-" + id, std::string(filler) + "技术", std::string(filler) + "的设备与方法",
                         {OfInstitution(id)}));
  }
  return all;
}

}  // namespace dongxi::testing_world
