#include "tests/server/server_testing.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <fstream>

#include "engine/index/generation.h"
#include "indexer/build/generation_builder.h"

namespace dongxi {
namespace {

constexpr int64_t kWriteTimeUs = 1'760'000'000'000'000;

Record Make(RecordKind kind, const std::string& id, const std::string& title, const std::string& text) {
  Record record;
  record.kind = kind;
  record.id = id;
  record.title = title;
  record.text = text;
  record.illustrative = true;
  return record;
}

Record Institution(const std::string& id, const std::string& title, const std::string& region,
                   const std::string& text) {
  Record record = Make(RecordKind::kInstitution, id, title, text);
  record.type = "research_institute";
  record.region = region;
  return record;
}

Record Result(const std::string& id, const std::string& title, const std::string& institution,
              const std::string& text) {
  Record record = Make(RecordKind::kResult, id, title, text);
  record.type = "technology";
  record.owners = {{RecordKind::kInstitution, institution}};
  record.maturity = 7;
  record.modes = {"transfer"};
  return record;
}

Record Need(const std::string& id, const std::string& title, const std::string& region,
            const std::string& wanted) {
  Record record = Make(RecordKind::kNeed, id, title, "");
  record.region = region;
  record.wanted = wanted;
  return record;
}

}  // namespace

TemporaryFolder::TemporaryFolder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "dongxi-server-XXXXXX").string();
  path_ = ::mkdtemp(pattern.data());
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code error;
  std::filesystem::remove_all(path_, error);
}

std::vector<Record> SmallCatalogue() {
  std::vector<Record> records = {
      Institution("tj", "示例·天津盐湖化工研究所", "12", "盐湖卤水提锂，吸附剂和膜分离，镁资源利用"),
      Institution("js", "示例·江苏枸杞加工研究所", "32", "枸杞干燥和贮藏，果蔬加工装备"),
      Institution("bj", "示例·北京风电研究所", "11", "风机叶片防护，电网稳定"),
      Result("r-lithium", "高镁锂比卤水吸附提锂工艺", "tj", "颗粒吸附剂从盐湖卤水中提锂，溶损低，已中试"),
      Result("r-magnesium", "盐湖镁资源制备阻燃材料", "tj", "以盐湖氯化镁为原料制备氢氧化镁阻燃剂"),
      Result("r-goji", "枸杞热泵干燥装备", "js", "枸杞热泵干燥，保色，节能三成"),
      Result("r-blade", "风机叶片前缘防沙蚀涂层", "bj", "耐沙蚀聚氨酯涂层，可在塔上施工"),
      Result("secret", "盐湖提锂电渗析膜", "tj", "盐湖卤水提锂用电渗析膜，仅组织方可见"),
      Need("n-lithium", "高镁锂比盐湖卤水提锂收率低", "63", "希望得到低溶损的提锂吸附剂和工艺"),
      Need("n-goji", "枸杞干燥能耗高", "64", "想要枸杞干燥的节能装备"),
  };
  records[7].disclosure = Disclosure::kOrganiser;
  Record expert = Make(RecordKind::kExpert, "e-lithium", "示例专家·提锂方向研究员", "盐湖提锂，吸附剂造粒");
  expert.institution = "tj";
  expert.region = "12";
  records.push_back(expert);
  Record evidence = Make(RecordKind::kEvidence, "p-1", "盐湖卤水提锂研究", "高镁锂比卤水的吸附提锂");
  evidence.type = "publication";
  evidence.owners = {{RecordKind::kInstitution, "tj"}};
  evidence.year = 2023;
  records.push_back(evidence);
  return records;
}

void WriteCatalogue(const std::filesystem::path& data, const std::vector<Record>& records) {
  const auto catalogue = Catalogue::Open(data / "catalogue");
  ASSERT_TRUE(catalogue.ok()) << catalogue.status();
  const auto written = (*catalogue)->Upsert(records, kWriteTimeUs);
  ASSERT_TRUE(written.ok()) << written.status();
  ASSERT_TRUE((*catalogue)->Flush().ok());
}

std::string Build(const std::filesystem::path& data, std::shared_ptr<const Embedder> remote) {
  const auto view = OpenCatalogueView(data / "catalogue");
  if (!view.ok()) {
    ADD_FAILURE() << view.status();
    return "";
  }
  BuildOptions options;
  options.generations = data / "generations";
  options.lexicon_directory = "data/lexicon";
  options.policy_version = "test";
  options.dim = 8;
  options.remote = std::move(remote);
  options.threads = 1;
  const auto built = BuildGeneration(**view, options);
  if (!built.ok()) {
    ADD_FAILURE() << built.status();
    return "";
  }
  return built->manifest.generation;
}

void Damage(const std::filesystem::path& data, const std::string& generation) {
  const std::filesystem::path file = data / "generations" / generation / kOffersName / kPostingsFile;
  std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
  ASSERT_TRUE(stream.good()) << file;
  stream.seekg(-5, std::ios::end);
  const char byte = static_cast<char>(stream.peek() ^ 0x40);
  stream.seekp(-5, std::ios::end);
  stream.put(byte);
}

ServerOptions OptionsFor(const std::filesystem::path& data) {
  ServerOptions options;
  options.data = data;
  options.listen = "127.0.0.1:0";
  options.policy_directory = "data/policy";
  options.ranking_file = "data/ranking/default.json";
  return options;
}

Running StartServer(const ServerOptions& options) {
  Running running;
  absl::StatusOr<std::unique_ptr<Server>> server = Server::Start(options);
  if (!server.ok()) {
    ADD_FAILURE() << server.status();
    return running;
  }
  running.server = *std::move(server);
  running.channel = grpc::CreateChannel("127.0.0.1:" + std::to_string(running.server->port()),
                                        grpc::InsecureChannelCredentials());
  return running;
}

ErrorDetails DetailsOf(const grpc::Status& status) {
  ErrorDetails details;
  google::rpc::Status envelope;
  if (!envelope.ParseFromString(status.error_details())) return details;
  for (const google::protobuf::Any& any : envelope.details()) {
    google::rpc::ErrorInfo info;
    google::rpc::BadRequest bad_request;
    if (any.UnpackTo(&info)) {
      details.reason = info.reason();
      details.domain = info.domain();
    }
    if (any.UnpackTo(&bad_request) && bad_request.field_violations_size() > 0) {
      details.field = bad_request.field_violations(0).field();
    }
  }
  return details;
}

}  // namespace dongxi
