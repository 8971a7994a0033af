// dongxi-server: parses options, runs the server until SIGTERM or SIGINT. Exit code: 0 stopped, 1 failed, 2
// wrong usage.
#include <semaphore.h>
#include <signal.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <filesystem>
#include <iostream>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "engine/base/files.h"
#include "engine/base/status_macros.h"
#include "server/server.h"

namespace {

constexpr absl::Duration kGrace = absl::Seconds(10);
constexpr size_t kTokenFileBytesMax = 4'096;
constexpr size_t kTokenBytesMin = 16;

constexpr char kDescription[] =
    "东西（Dongxi）匹配服务：gRPC 接口，RocksDB 目录和 Faiss 索引都在进程内，不需要另外启动任何服务。";
constexpr char kExamples[] =
    "示例：\n"
    "  dongxi-server --data DIR                          只在本机 127.0.0.1:7878 提供服务\n"
    "  dongxi-server --data DIR --listen 127.0.0.1:9000  换一个端口\n"
    "  dongxi-server --data DIR --token-file FILE        每次调用都要出示令牌，非公开记录也在答案里\n"
    "DIR/catalogue 是目录（没有就新建），DIR/generations 是 dongxi-indexer build 建好的索引；\n"
    "新索引发布后一秒内自动换上，正在处理的调用不受影响。停止：Ctrl-C 或 SIGTERM。";

struct Arguments {
  dongxi::ServerOptions options;
  std::string token_file;
  std::string auto_build = "on";
  double auto_build_percent = 10;
  int auto_build_hours = 24;
  uint64_t build_memory_mib = 0;
};

// The data folder of an installation stands beside its programs; otherwise the one this program was built
// with.
std::filesystem::path DataFolder() {
  std::error_code error;
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", error);
  const std::filesystem::path installed = program.parent_path().parent_path() / "share" / "dongxi" / "data";
  return !error && std::filesystem::is_directory(installed, error) ? installed
                                                                   : std::filesystem::path(DONGXI_DATA_DIR);
}

void AddBuildOptions(CLI::App* app, Arguments* arguments) {
  dongxi::BuildBudget& build = arguments->options.build;
  dongxi::AutoBuildOptions& automatic = arguments->options.auto_build;
  build.lexicon_directory = (DataFolder() / "lexicon").string();
  build.static_model = DataFolder().parent_path() / "models" / "dongxi-static.dxm";
  app->add_option("--auto-build", arguments->auto_build,
                  "on：改动够多或索引过旧时自动在后台重建，空目录有了第一批记录也会建；off：只在收到请求时建")
      ->check(CLI::IsMember({"on", "off"}))
      ->capture_default_str();
  app->add_option("--auto-build-changes", automatic.changes_min,
                  "改动的记录超过这个数（并超过下面的比例）才自动重建")
      ->check(CLI::Range(1, 100'000'000))
      ->capture_default_str();
  app->add_option("--auto-build-percent", arguments->auto_build_percent, "改动占全部记录的百分比，同上")
      ->check(CLI::Range(0.0, 100.0))
      ->capture_default_str();
  app->add_option("--auto-build-hours", arguments->auto_build_hours, "有改动时，索引超过这么多小时就重建")
      ->check(CLI::Range(1, 8'760))
      ->capture_default_str();
  app->add_option("--build-threads", build.threads,
                  "后台建索引的线程数；0 为核数的一半。这些线程只用空闲的处理器时间")
      ->check(CLI::Range(0, 1'024))
      ->capture_default_str();
  app->add_option("--build-memory-max", arguments->build_memory_mib,
                  "后台建索引的内存上限（MiB）；估计会超过就不建，0 为不限")
      ->check(CLI::Range(0, 100'000'000))
      ->capture_default_str();
  app->add_option("--keep-generations", build.keep, "保留几个索引版本；至少 2 个才能回退")
      ->check(CLI::Range(1, 1'000))
      ->capture_default_str();
  app->add_option("--lexicon", build.lexicon_directory, "建索引用的词表文件夹（默认：随程序的 data/lexicon）")
      ->type_name("DIR");
  app->add_option("--model", build.static_model, "建索引用的向量模型文件（默认：随程序的模型）")
      ->type_name("FILE");
  app->add_option("--backups", arguments->options.backups,
                  "备份文件夹（默认：数据文件夹下的 backups；最好在另一块磁盘上）")
      ->type_name("DIR");
}

void AddOptions(CLI::App* app, Arguments* arguments) {
  dongxi::ServerOptions& options = arguments->options;
  options.listen = "127.0.0.1:7878";
  options.policy_directory = (DataFolder() / "policy").string();
  options.ranking_file = (DataFolder() / "ranking" / "default.json").string();
  app->add_option("--data", options.data, "数据文件夹，其中有 catalogue/ 和 generations/")
      ->required()
      ->type_name("DIR");
  app->add_option("--listen", options.listen, "监听地址；本版本只有明文，所以默认只在本机")
      ->type_name("HOST:PORT")
      ->capture_default_str();
  app->add_option("--policy", options.policy_directory, "政策表文件夹（默认：随程序的 data/policy）")
      ->type_name("DIR");
  app->add_option("--ranking", options.ranking_file,
                  "排序参数文件（默认：随程序的 data/ranking/default.json）")
      ->type_name("FILE");
  app->add_option("--token-file", arguments->token_file,
                  "令牌文件，一行，至少 16 个字符；给出后每次调用都要带上 authorization: Bearer "
                  "令牌（grpc.health.v1 除外）")
      ->type_name("FILE");
  app->add_flag("--insecure-plaintext", options.insecure_plaintext,
                "同意在本机以外用明文监听；必须同时给出 --token-file，只用于可信网络");
  app->add_option(
         "--embedding-url", options.embedding_url,
         "远程向量服务 /v1/embeddings 的地址；只在索引由它建成时需要，密钥放在环境变量 DONGXI_EMBEDDING_KEY")
      ->type_name("URL");
  app->add_option("--embedding-model", options.embedding_model, "远程向量服务的模型名称")->type_name("NAME");
  app->add_option("--threads", options.threads, "同时处理的调用数上限，超出的调用得到 RESOURCE_EXHAUSTED")
      ->check(CLI::Range(1, 4'096))
      ->capture_default_str();
  AddBuildOptions(app, arguments);
  app->set_version_flag("--version", std::string("dongxi-server ") + DONGXI_VERSION);
  app->set_help_flag("-h,--help", "显示本说明");
  app->footer(kExamples);
}

absl::StatusOr<std::string> ReadToken(const std::string& file) {
  DX_ASSIGN_OR_RETURN(std::string token, dongxi::ReadFile(file, kTokenFileBytesMax));
  while (!token.empty() && (token.back() == '\n' || token.back() == '\r')) token.pop_back();
  const bool plain =
      token.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/=") ==
      std::string::npos;
  if (token.size() >= kTokenBytesMin && plain) return token;
  return absl::InvalidArgumentError("--token-file " + file + ": expected one line of at least " +
                                    std::to_string(kTokenBytesMin) +
                                    " letters, digits and -._~+/=; make one with: openssl rand -hex 32");
}

// The one global variable: a signal handler can reach nothing else. Blocking the signals and waiting for them
// would need none, but OpenBLAS starts threads before main that do not block them, and a signal that came to
// one of those would kill us.
sem_t stop_asked;

extern "C" void AskToStop(int) { ::sem_post(&stop_asked); }

void CatchSignals() {
  ::sem_init(&stop_asked, 0, 0);
  struct sigaction action = {};
  action.sa_handler = &AskToStop;
  action.sa_flags = SA_RESTART;
  ::sigaction(SIGTERM, &action, nullptr);
  ::sigaction(SIGINT, &action, nullptr);
  ::signal(SIGPIPE, SIG_IGN);  // A log reader that goes away must not end the server.
}

void WaitForSignal() {
  while (::sem_wait(&stop_asked) != 0 && errno == EINTR) {
  }
}

absl::Status Run(Arguments arguments) {
  if (!arguments.token_file.empty()) {
    DX_ASSIGN_OR_RETURN(arguments.options.token, ReadToken(arguments.token_file));
  }
  arguments.options.auto_build.on = arguments.auto_build == "on";
  arguments.options.auto_build.changes_share = arguments.auto_build_percent / 100;
  arguments.options.auto_build.age_max = absl::Hours(arguments.auto_build_hours);
  arguments.options.build.memory_max_bytes = arguments.build_memory_mib << 20;
  CatchSignals();
  arguments.options.log = stderr;
  DX_ASSIGN_OR_RETURN(const std::unique_ptr<dongxi::Server> server, dongxi::Server::Start(arguments.options));
  WaitForSignal();
  return server->Shutdown(kGrace);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{kDescription, "dongxi-server"};
  Arguments arguments;
  try {
    AddOptions(&app, &arguments);
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  const absl::Status status = Run(std::move(arguments));
  if (status.ok()) return 0;
  std::cerr << "dongxi-server: " << status.message() << "\n";
  return 1;
}
