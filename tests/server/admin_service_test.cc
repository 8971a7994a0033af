// The administration over gRPC on a real server with a real catalogue and real generations.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <set>

#include "absl/time/clock.h"
#include "dongxi/v1/admin.grpc.pb.h"
#include "dongxi/v1/health.grpc.pb.h"
#include "dongxi/v1/match.grpc.pb.h"
#include "dongxi/v1/replay.grpc.pb.h"
#include "engine/base/files.h"
#include "google/longrunning/operations.grpc.pb.h"
#include "indexer/backup/backup.h"
#include "server/token_file.h"
#include "tests/server/server_testing.h"

namespace dongxi {
namespace {

namespace fs = std::filesystem;
namespace lro = google::longrunning;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

void AllowAMinute(grpc::ClientContext* context) {
  context->set_deadline(std::chrono::system_clock::now() + std::chrono::minutes(1));
}

std::vector<Record> ManyResults(int count) {
  std::vector<Record> many;
  for (int i = 0; i < count; ++i) {
    Record record;
    record.kind = RecordKind::kResult;
    record.id = "many-" + std::to_string(i);
    record.title = "成果" + std::to_string(i * 7'919 % 10'007) + "号工艺";
    record.text =
        "第" + std::to_string(i * 104'729 % 99'991) + "种盐湖提锂吸附剂、膜分离、枸杞干燥和防沙涂层的方法";
    many.push_back(std::move(record));
  }
  return many;
}

class AdminServiceTest : public testing::Test {
 protected:
  void Start(ServerOptions options) {
    options.build.lexicon_directory = "data/lexicon";
    options.build.dim = 8;
    options.build.threads = 1;
    running_ = StartServer(options);
    ASSERT_NE(running_.server, nullptr);
    admin_ = v1::AdminService::NewStub(running_.channel);
    operations_ = lro::Operations::NewStub(running_.channel);
    match_ = v1::MatchService::NewStub(running_.channel);
    health_ = v1::HealthService::NewStub(running_.channel);
  }
  void StartOn(const fs::path& data) { Start(OptionsFor(data)); }
  void Stop() {
    ASSERT_TRUE(running_.server->Shutdown(absl::Seconds(10)).ok());
    running_ = {};
  }

  template <typename Stub, typename Request, typename Response>
  grpc::Status Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*), Stub* stub,
                    const Request& request, Response* response) {
    grpc::ClientContext context;
    AllowAMinute(&context);
    return (stub->*method)(&context, request, response);
  }
  template <typename Request, typename Response>
  grpc::Status Admin(grpc::Status (v1::AdminService::Stub::*method)(grpc::ClientContext*, const Request&,
                                                                    Response*),
                     const Request& request, Response* response) {
    return Call(method, admin_.get(), request, response);
  }

  lro::Operation Wait(const std::string& name) {
    lro::WaitOperationRequest request;
    request.set_name(name);
    lro::Operation operation;
    const grpc::Status status =
        Call(&lro::Operations::Stub::WaitOperation, operations_.get(), request, &operation);
    EXPECT_TRUE(status.ok()) << status.error_message();
    EXPECT_TRUE(operation.done());
    return operation;
  }
  // Until a build has begun to read or to train.
  void AwaitTheMiddle(const std::string& name) {
    lro::GetOperationRequest get;
    get.set_name(name);
    lro::Operation operation;
    v1::OperationMetadata metadata;
    do {
      ASSERT_TRUE(Call(&lro::Operations::Stub::GetOperation, operations_.get(), get, &operation).ok());
      ASSERT_TRUE(operation.metadata().UnpackTo(&metadata));
    } while (metadata.stage().empty() && !operation.done());
    ASSERT_FALSE(operation.done()) << "it was over before its middle";
  }
  template <typename Response, typename Request>
  Response Run(grpc::Status (v1::AdminService::Stub::*method)(grpc::ClientContext*, const Request&,
                                                              lro::Operation*),
               const Request& request) {
    lro::Operation operation;
    const grpc::Status status = Admin(method, request, &operation);
    EXPECT_TRUE(status.ok()) << status.error_message();
    operation = Wait(operation.name());
    Response response;
    EXPECT_TRUE(operation.response().UnpackTo(&response)) << operation.ShortDebugString();
    return response;
  }
  v1::BuildGenerationResponse BuildGeneration(bool hold = false, bool force = false) {
    v1::BuildGenerationRequest request;
    request.set_hold(hold);
    request.set_force(force);
    return Run<v1::BuildGenerationResponse>(&v1::AdminService::Stub::BuildGeneration, request);
  }
  std::vector<v1::Generation> Generations() {
    v1::ListGenerationsResponse response;
    EXPECT_TRUE(Admin(&v1::AdminService::Stub::ListGenerations, {}, &response).ok());
    return {response.generations().begin(), response.generations().end()};
  }
  std::string Served() {
    v1::ServerStatus status;
    EXPECT_TRUE(Call(&v1::HealthService::Stub::GetServerStatus, health_.get(), {}, &status).ok());
    return status.generation();
  }
  // The watcher swaps on its own thread.
  bool ServedSoon(const std::string& generation) {
    for (const absl::Time end = absl::Now() + absl::Seconds(30); absl::Now() < end;) {
      if (Served() == generation) return true;
    }
    return false;
  }
  v1::MatchResponse Match(const std::string& need = "needs/n-lithium") {
    v1::MatchRequest request;
    request.set_need_name(need);
    v1::MatchResponse response;
    const grpc::Status status = Call(&v1::MatchService::Stub::Match, match_.get(), request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }
  // Without what differs between two calls of the same question.
  static std::string AnswerOf(v1::MatchResponse response) {
    response.clear_match_id();
    response.mutable_provenance()->clear_read_time();
    return response.SerializeAsString();
  }
  const fs::path& data() const { return folder_.path(); }

  TemporaryFolder folder_;
  Running running_;
  std::unique_ptr<v1::AdminService::Stub> admin_;
  std::unique_ptr<lro::Operations::Stub> operations_;
  std::unique_ptr<v1::MatchService::Stub> match_;
  std::unique_ptr<v1::HealthService::Stub> health_;
};

TEST_F(AdminServiceTest, BuildsPublishesAndRollsBack) {
  WriteCatalogue(data(), SmallCatalogue());
  const std::string first = "generations/" + Build(data());
  Record more;
  more.kind = RecordKind::kResult;
  more.id = "more";
  more.title = "新成果";
  WriteCatalogue(data(), {more});
  StartOn(data());

  const v1::BuildGenerationResponse held = BuildGeneration(/*hold=*/true);
  EXPECT_FALSE(held.published());
  const std::string second = held.generation().name();
  EXPECT_NE(second, first);
  EXPECT_EQ(Served(), first);

  v1::PublishGenerationRequest publish;
  publish.set_name(second);
  v1::Generation generation;
  ASSERT_TRUE(Admin(&v1::AdminService::Stub::PublishGeneration, publish, &generation).ok());
  EXPECT_TRUE(generation.current());
  EXPECT_TRUE(ServedSoon(second));

  ASSERT_TRUE(Admin(&v1::AdminService::Stub::RollBackGeneration, {}, &generation).ok());
  EXPECT_EQ(generation.name(), first);
  EXPECT_TRUE(ServedSoon(first));
  const grpc::Status none = Admin(&v1::AdminService::Stub::RollBackGeneration, {}, &generation);
  EXPECT_EQ(DetailsOf(none).reason, "NO_PREVIOUS_GENERATION");

  v1::DeleteGenerationRequest remove;
  google::protobuf::Empty empty;
  remove.set_name(first);
  EXPECT_EQ(DetailsOf(Admin(&v1::AdminService::Stub::DeleteGeneration, remove, &empty)).reason,
            "GENERATION_IN_SERVICE");
  remove.set_name(second);
  ASSERT_TRUE(Admin(&v1::AdminService::Stub::DeleteGeneration, remove, &empty).ok());
  EXPECT_THAT(Generations(), SizeIs(1));
  EXPECT_TRUE(BuildGeneration().published()) << "asked for, so it ends the hold of the roll-back";
  EXPECT_TRUE(ServedSoon(second)) << "the same content has the same name";
}

TEST_F(AdminServiceTest, ABuildThatIsRefusedOrAnsweredAgainDoesNotEndTheHoldOfARollBack) {
  WriteCatalogue(data(), SmallCatalogue());
  const std::string first = "generations/" + Build(data());
  Record more;
  more.kind = RecordKind::kResult;
  more.id = "more";
  more.title = "新成果";
  WriteCatalogue(data(), {more});
  ServerOptions options = OptionsFor(data());
  options.build.idle_priority = false;  // on a busy machine it would take for ever
  Start(options);
  v1::BuildGenerationRequest again;
  again.set_request_id("0b8f1c7e-5d2a-4c3b-9e6f-112233445566");
  ASSERT_TRUE(Run<v1::BuildGenerationResponse>(&v1::AdminService::Stub::BuildGeneration, again).published());
  v1::Generation generation;
  ASSERT_TRUE(Admin(&v1::AdminService::Stub::RollBackGeneration, {}, &generation).ok());
  ASSERT_EQ(generation.name(), first);
  v1::BuildGenerationRequest refused;
  refused.set_request_id("nonsense");
  lro::Operation operation;
  EXPECT_EQ(DetailsOf(Admin(&v1::AdminService::Stub::BuildGeneration, refused, &operation)).field,
            "request_id");
  ASSERT_TRUE(Admin(&v1::AdminService::Stub::BuildGeneration, again, &operation).ok());
  Stop();
  const auto catalogue = Catalogue::Open(data() / "catalogue");
  ASSERT_TRUE(catalogue.ok()) << catalogue.status();
  EXPECT_TRUE((*catalogue)->GetTable(Table::kSettings, "builds-held")->has_value());
}

TEST_F(AdminServiceTest, ARollBackWinsOverABuildThatRunsAndTheBuildSaysSo) {
  WriteCatalogue(data(), SmallCatalogue());
  const std::string first = "generations/" + Build(data());
  Record more;
  more.kind = RecordKind::kResult;
  more.id = "more";
  more.title = "新成果";
  WriteCatalogue(data(), {more});
  ASSERT_NE("generations/" + Build(data()), first);
  WriteCatalogue(data(), ManyResults(8'000));  // how long the build takes
  ServerOptions options = OptionsFor(data());
  options.build.idle_priority = false;  // on a busy machine it would take for ever
  Start(options);
  lro::Operation operation;
  ASSERT_TRUE(Admin(&v1::AdminService::Stub::BuildGeneration, v1::BuildGenerationRequest(), &operation).ok());
  AwaitTheMiddle(operation.name());
  v1::Generation current;
  ASSERT_TRUE(Admin(&v1::AdminService::Stub::RollBackGeneration, {}, &current).ok());
  EXPECT_EQ(current.name(), first);

  operation = Wait(operation.name());
  v1::BuildGenerationResponse built;
  ASSERT_TRUE(operation.response().UnpackTo(&built)) << operation.ShortDebugString();
  EXPECT_FALSE(built.published());
  EXPECT_FALSE(built.unchanged());
  EXPECT_TRUE(ServedSoon(first));
  v1::GetGenerationRequest get;
  get.set_name(first);
  ASSERT_TRUE(Admin(&v1::AdminService::Stub::GetGeneration, get, &current).ok());
  EXPECT_TRUE(current.current());
  v1::PublishGenerationRequest publish;
  publish.set_name(built.generation().name());
  ASSERT_TRUE(Admin(&v1::AdminService::Stub::PublishGeneration, publish, &current).ok())
      << "it is there for who wants it after all";
}

TEST_F(AdminServiceTest, ADamagedGenerationIsNotPublished) {
  WriteCatalogue(data(), SmallCatalogue());
  const std::string first = "generations/" + Build(data());
  Record more;
  more.kind = RecordKind::kResult;
  more.id = "more";
  more.title = "新成果";
  WriteCatalogue(data(), {more});
  StartOn(data());
  const std::string second = BuildGeneration(/*hold=*/true).generation().name();
  Damage(data(), second.substr(sizeof("generations/") - 1));
  v1::PublishGenerationRequest publish;
  publish.set_name(second);
  v1::Generation generation;
  const grpc::Status refused = Admin(&v1::AdminService::Stub::PublishGeneration, publish, &generation);
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::DATA_LOSS);
  EXPECT_EQ(Served(), first);
  const auto found = Run<v1::VerifyResponse>(&v1::AdminService::Stub::Verify, v1::VerifyRequest());
  ASSERT_THAT(found.problems(), SizeIs(1));
  EXPECT_THAT(found.problems(0), HasSubstr(second.substr(sizeof("generations/") - 1)));
  EXPECT_EQ(found.records(), static_cast<int64_t>(SmallCatalogue().size()) + 1);
}

TEST_F(AdminServiceTest, AFreshServerBuildsItsFirstGenerationAfterTheFirstWrites) {
  WriteCatalogue(data(), SmallCatalogue());
  ServerOptions options = OptionsFor(data());
  options.auto_build.on = true;
  options.auto_build.interval = absl::Milliseconds(1);
  Start(options);
  for (const absl::Time end = absl::Now() + absl::Seconds(60); Served().empty() && absl::Now() < end;) {
  }
  EXPECT_GT(Match().results().entries_size(), 0);
}

TEST_F(AdminServiceTest, ABuildOverTheMemoryLimitIsRefusedWithTheFigures) {
  WriteCatalogue(data(), SmallCatalogue());
  ServerOptions options = OptionsFor(data());
  options.build.memory_max_bytes = 1 << 20;
  Start(options);
  lro::Operation operation;
  ASSERT_TRUE(Admin(&v1::AdminService::Stub::BuildGeneration, v1::BuildGenerationRequest(), &operation).ok());
  operation = Wait(operation.name());
  EXPECT_EQ(operation.error().code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_THAT(operation.error().message(), HasSubstr("--build-memory-max allows 1"));
}

TEST_F(AdminServiceTest, ABackupRestoredIntoAnEmptyFolderAnswersTheSame) {
  WriteCatalogue(data(), SmallCatalogue());
  StartOn(data());
  BuildGeneration();
  for (const absl::Time end = absl::Now() + absl::Seconds(30); Served().empty() && absl::Now() < end;) {
  }
  const v1::MatchResponse answered = Match();
  const std::string before = AnswerOf(answered);
  const auto backup = Run<v1::Backup>(&v1::AdminService::Stub::CreateBackup, v1::CreateBackupRequest());
  EXPECT_EQ(backup.generation(), Served());
  v1::ListBackupsResponse listed;
  ASSERT_TRUE(Admin(&v1::AdminService::Stub::ListBackups, {}, &listed).ok());
  ASSERT_THAT(listed.backups(), SizeIs(1));
  EXPECT_EQ(listed.backups(0).name(), backup.name());
  v1::VerifyBackupRequest verify;
  verify.set_name(backup.name());
  EXPECT_THAT(Run<v1::VerifyResponse>(&v1::AdminService::Stub::VerifyBackup, verify).problems(), IsEmpty());
  Stop();

  const TemporaryFolder machine;
  const auto restored = RestoreBackup(data() / backup.name(), machine.path() / "data", {});
  ASSERT_TRUE(restored.ok()) << restored.status();
  StartOn(machine.path() / "data");
  EXPECT_EQ(Served(), backup.generation());
  EXPECT_EQ(AnswerOf(Match()), before);
  const auto replay = v1::ReplayService::NewStub(running_.channel);
  v1::ReplayMatchRequest request;
  request.set_name("matches/" + answered.match_id());
  v1::ReplayMatchResponse replayed;
  const grpc::Status status = Call(&v1::ReplayService::Stub::ReplayMatch, replay.get(), request, &replayed);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(replayed.match().SerializeAsString(), answered.SerializeAsString());
}

TEST_F(AdminServiceTest, ABackupIsRefusedWhileTheFilesAreNotThoseThatAnswersAreMadeWith) {
  const TemporaryFolder tables;
  fs::copy("data/policy", tables.path() / "policy");
  fs::copy("data/ranking", tables.path() / "ranking");
  WriteCatalogue(data(), SmallCatalogue());
  Build(data());
  ServerOptions options = OptionsFor(data());
  options.policy_directory = (tables.path() / "policy").string();
  options.ranking_file = (tables.path() / "ranking" / "default.json").string();
  Start(options);
  const auto refused = [this] {
    lro::Operation operation;
    EXPECT_TRUE(Admin(&v1::AdminService::Stub::CreateBackup, v1::CreateBackupRequest(), &operation).ok());
    operation = Wait(operation.name());
    EXPECT_EQ(operation.error().code(), grpc::StatusCode::FAILED_PRECONDITION);
    return operation.error().message();
  };
  std::ofstream(tables.path() / "policy" / "topics.tsv", std::ios::app) << "# changed\n";
  EXPECT_THAT(refused(), HasSubstr("请先运行 dongxi admin reload policy"));
  v1::ReloadResponse reloaded;
  ASSERT_TRUE(Admin(&v1::AdminService::Stub::ReloadPolicy, {}, &reloaded).ok());
  const auto backup = Run<v1::Backup>(&v1::AdminService::Stub::CreateBackup, v1::CreateBackupRequest());
  EXPECT_EQ(backup.policy(), reloaded.version());
  std::ofstream(options.ranking_file, std::ios::app) << "\n";
  EXPECT_THAT(refused(), HasSubstr("请先运行 dongxi admin reload ranking"));
}

// The table of docs/operations.md says which parts of the data folder a backup holds.
TEST_F(AdminServiceTest, ABackupHoldsWhatTheHandbookSays) {
  WriteCatalogue(data(), SmallCatalogue());
  Build(data());
  StartOn(data());
  Match();
  Stop();
  ASSERT_TRUE(ChangeTokens(data() / kTokenFileName, [](std::vector<Token>* tokens) {
                tokens->push_back(NewToken({}).token);
                return absl::OkStatus();
              }).ok());
  const auto catalogue = Catalogue::Open(data() / "catalogue");
  ASSERT_TRUE(catalogue.ok()) << catalogue.status();
  BackupOptions options;
  options.data = data();
  options.to = data() / "backups";
  options.time = absl::Now();
  const auto backup = MakeBackup(**catalogue, options);
  ASSERT_TRUE(backup.ok()) << backup.status();

  std::ifstream handbook("docs/operations.md");
  std::set<std::string> told, known;
  for (std::string line; std::getline(handbook, line);) {
    if (line.rfind("| `DIR/", 0) != 0) continue;
    const std::string part = line.substr(7, line.find_first_of("/`", 7) - 7);
    known.insert(part);
    if (line.find(" | 有 | ") != std::string::npos) told.insert(part);
  }
  std::set<std::string> held, there;
  for (const auto& entry : fs::directory_iterator(backup->directory)) {
    if (entry.is_directory()) held.insert(entry.path().filename().string());
  }
  EXPECT_EQ(held, told);
  for (const auto& entry : fs::directory_iterator(data())) there.insert(entry.path().filename().string());
  there.erase("tokens.lock");
  EXPECT_EQ(known.erase("reports"), 1u);  // made with the first report
  EXPECT_EQ(there, known) << "the table names every part of the folder";
}

TEST_F(AdminServiceTest, ABrokenPolicyOrRankingIsRefusedAndTheOldOneStays) {
  const TemporaryFolder tables;
  fs::copy("data/policy", tables.path() / "policy", fs::copy_options::recursive);
  fs::copy_file("data/ranking/default.json", tables.path() / "ranking.json");
  WriteCatalogue(data(), SmallCatalogue());
  Build(data());
  ServerOptions options = OptionsFor(data());
  options.policy_directory = (tables.path() / "policy").string();
  options.ranking_file = (tables.path() / "ranking.json").string();
  Start(options);
  const std::string before = AnswerOf(Match());

  const std::string meta = *ReadFile(tables.path() / "policy" / "meta.tsv", 1 << 20);
  std::ofstream(tables.path() / "policy" / "channels.tsv") << "broken\n";
  std::ofstream(tables.path() / "ranking.json") << "{";
  v1::ReloadResponse reloaded;
  EXPECT_EQ(DetailsOf(Admin(&v1::AdminService::Stub::ReloadPolicy, {}, &reloaded)).reason, "RELOAD_REFUSED");
  EXPECT_EQ(DetailsOf(Admin(&v1::AdminService::Stub::ReloadRanking, {}, &reloaded)).reason, "RELOAD_REFUSED");
  EXPECT_EQ(AnswerOf(Match()), before);

  fs::copy_file("data/policy/channels.tsv", tables.path() / "policy" / "channels.tsv",
                fs::copy_options::overwrite_existing);
  fs::copy_file("data/policy/groups.tsv", tables.path() / "policy" / "groups.tsv",
                fs::copy_options::overwrite_existing);
  std::ofstream(tables.path() / "policy" / "topics.tsv", std::ios::app)
      << "# a comment changes the version\n";
  ASSERT_TRUE(Admin(&v1::AdminService::Stub::ReloadPolicy, {}, &reloaded).ok());
  EXPECT_NE(reloaded.version(), reloaded.previous_version());
  EXPECT_EQ(Match().provenance().policy(), reloaded.version());
}

TEST_F(AdminServiceTest, ABuildIsCancelledInTheMiddleAndAnotherSurvivesARestart) {
  WriteCatalogue(data(), SmallCatalogue());
  WriteCatalogue(data(), ManyResults(20'000));
  StartOn(data());
  lro::Operation operation;
  ASSERT_TRUE(Admin(&v1::AdminService::Stub::BuildGeneration, v1::BuildGenerationRequest(), &operation).ok());
  lro::CancelOperationRequest cancel;
  cancel.set_name(operation.name());
  google::protobuf::Empty empty;
  AwaitTheMiddle(operation.name());
  ASSERT_TRUE(Call(&lro::Operations::Stub::CancelOperation, operations_.get(), cancel, &empty).ok());
  operation = Wait(operation.name());
  EXPECT_EQ(operation.error().code(), grpc::StatusCode::CANCELLED);
  EXPECT_THAT(Generations(), IsEmpty());
  EXPECT_FALSE(fs::exists(data() / "generations" / ".building"));

  ASSERT_TRUE(Admin(&v1::AdminService::Stub::BuildGeneration, v1::BuildGenerationRequest(), &operation).ok());
  Stop();
  StartOn(data());
  operation = Wait(operation.name());
  v1::BuildGenerationResponse built;
  EXPECT_TRUE(operation.response().UnpackTo(&built)) << operation.ShortDebugString();
  EXPECT_TRUE(built.published());
}

TEST_F(AdminServiceTest, NamesAndIdsAreChecked) {
  StartOn(data());
  v1::GetGenerationRequest get;
  v1::Generation generation;
  for (const char* name : {"", "g-1", "generations/", "generations/../catalogue", "generations/.lock"}) {
    get.set_name(name);
    const grpc::Status status = Admin(&v1::AdminService::Stub::GetGeneration, get, &generation);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT) << name;
    EXPECT_EQ(DetailsOf(status).field, "name");
  }
  v1::CreateBackupRequest backup;
  backup.set_request_id("1");
  lro::Operation operation;
  EXPECT_EQ(DetailsOf(Admin(&v1::AdminService::Stub::CreateBackup, backup, &operation)).field, "request_id");
}

}  // namespace
}  // namespace dongxi
