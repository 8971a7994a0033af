// dongxi-server: parses options, runs the server until SIGTERM or SIGINT, or one of its commands
// (commands.h). Exit code: 0 stopped, 1 failed, 2 wrong usage.
#include <sched.h>
#include <semaphore.h>
#include <signal.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <filesystem>
#include <iostream>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "engine/base/status_macros.h"
#include "server/commands.h"
#include "server/secret_file.h"
#include "server/server.h"

namespace {

constexpr char kDescription[] =
    "东西（Dongxi）匹配服务：gRPC 接口，RocksDB 目录和 Faiss 索引都在进程内，不需要另外启动任何服务。";
constexpr char kExamples[] =
    "示例：\n"
    "  dongxi-server --data DIR                          只在本机 127.0.0.1:7878 提供服务\n"
    "  dongxi-server --data DIR --listen 127.0.0.1:9000  换一个端口\n"
    "  dongxi-server token create --data DIR …           创建访问令牌（dongxi-server token --help）\n"
    "  dongxi-server audit verify --data DIR             核对审计日志（dongxi-server audit --help）\n"
    "  dongxi-server --data DIR --listen 0.0.0.0:7878 --tls-cert CERT.pem --tls-key KEY.pem\n"
    "                                                    对外提供服务：必须用 TLS，每次调用都要出示令牌\n"
    "还没有任何令牌时，本机调用者就是运维者；有了令牌，或不在本机监听，就必须出示令牌。\n"
    "DIR/catalogue 是目录（没有就新建），DIR/generations 是 dongxi-indexer build 建好的索引；\n"
    "新索引发布后一秒内自动换上，正在处理的调用不受影响。停止：Ctrl-C 或 SIGTERM。";

struct Arguments {
  dongxi::ServerOptions options;
  std::string token_file, audit_key_file;
  int grace_seconds = 10;
  int drain_seconds = 0;
  int queue_ms = 500;
  int connection_age_minutes = 60;
  std::string auto_build = "on";
  double auto_build_percent = 10;
  int auto_build_hours = 24;
  uint64_t build_memory_mib = 0;
  int match_log_days = 90;
  uint64_t match_log_mib = 2'048;
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

void AddMatchLogOptions(CLI::App* app, Arguments* arguments) {
  app->add_option("--match-log-days", arguments->match_log_days,
                  "答案的匹配记录保留多少天；没有记录的答案不能再重放、不能再翻页")
      ->check(CLI::Range(1, 36'500))
      ->capture_default_str();
  app->add_option("--match-log-max", arguments->match_log_mib,
                  "匹配记录总共最多多少 MiB；超过时从最早的删起，直到上限的九成")
      ->check(CLI::Range(1, 100'000'000))
      ->capture_default_str();
}

void AddSecurityOptions(CLI::App* app, Arguments* arguments) {
  dongxi::ServerOptions& options = arguments->options;
  app->add_option(
         "--token-file", arguments->token_file,
         "运维令牌文件，一行，至少 16 个字符，权限不受限制；其他令牌用 dongxi-server token create 创建")
      ->type_name("FILE");
  app->add_flag("--read-only", options.read_only,
                "本服务是另一个服务的副本：照常匹配、检索、查阅；写入一律拒绝，也不自动建索引");
  app->add_flag("--require-token", options.require_token, "还没有任何令牌时，本机调用者也要出示令牌");
  app->add_option("--tls-cert", options.tls.certificate, "证书链（PEM）；替换文件后新连接一秒内用上新证书")
      ->type_name("FILE");
  app->add_option("--tls-key", options.tls.key, "证书的私钥（PEM，无口令）")->type_name("FILE");
  app->add_option("--tls-client-ca", options.tls.client_ca,
                  "客户端证书的签发者（PEM）；给出后客户端必须出示证书")
      ->type_name("FILE");
  app->add_flag("--insecure-plaintext", options.insecure_plaintext,
                "同意在本机以外用明文监听；必须已有令牌，只用于可信网络");
  app->add_flag_callback(
      "--no-reflection", [arguments] { arguments->options.reflection = false; }, "关闭 gRPC 反射");
  app->add_option("--audit-key-file", arguments->audit_key_file,
                  "审计日志的 HMAC 密钥文件，一行，至少 16 个字符；应存放在日志所在的盘以外")
      ->type_name("FILE");
  app->add_option("--audit-files-max", options.audit_files_max,
                  "审计日志留几个文件（每个约 64 MiB），更早的删去并在日志里记一行；0 表示全留")
      ->check(CLI::Range(0, 100'000))
      ->capture_default_str();
  app->add_flag("--audit-sync", options.audit_sync,
                "每行审计日志落盘后才回答（默认：先交给系统，一秒内落盘；断电可能丢最后一秒）");
}

void AddLoadOptions(CLI::App* app, Arguments* arguments) {
  dongxi::ServerOptions& options = arguments->options;
  app->add_option("--threads", options.threads, "在处理和排队的调用总数上限；各类调用各占一份")
      ->check(CLI::Range(16, 4'096))
      ->capture_default_str();
  app->add_option("--heavy-slots", options.heavy_slots, "同时计算的匹配和检索数；0 表示与处理器核数相同")
      ->check(CLI::Range(0, 1'024))
      ->capture_default_str();
  app->add_option("--queue-wait-ms", arguments->queue_ms,
                  "估计要等这么久以上的匹配和检索立即得到 RESOURCE_EXHAUSTED 和重试时间")
      ->check(CLI::Range(1, 60'000))
      ->capture_default_str();
  app->add_option("--max-message-bytes", options.limits.message_bytes_max,
                  "一条消息、一个 HTTP 请求体的字节数上限")
      ->check(CLI::Range(1 << 16, 1 << 30))
      ->capture_default_str();
  app->add_option("--max-metadata-bytes", options.limits.metadata_bytes_max, "一次调用的元数据字节数上限")
      ->check(CLI::Range(1 << 10, 1 << 20))
      ->capture_default_str();
  app->add_option("--max-streams", options.limits.streams_max, "一个连接上同时进行的调用数上限")
      ->check(CLI::Range(1, 1 << 16))
      ->capture_default_str();
  app->add_option("--max-connection-age-minutes", arguments->connection_age_minutes,
                  "连接到这个年龄后请客户端重连")
      ->check(CLI::Range(1, 10'080))
      ->capture_default_str();
  app->add_option(
         "--metrics-listen", options.metrics_listen,
         "Prometheus 指标和探针（/metrics、/healthz、/readyz、/readyz/match）的监听地址；空表示不提供")
      ->type_name("HOST:PORT")
      ->capture_default_str();
  app->add_flag("--insecure-metrics", options.insecure_metrics,
                "同意在本机以外用明文提供指标；读取 /metrics 要出示令牌");
  app->add_flag("--metrics-token", options.metrics_token, "在本机读取 /metrics 也要出示令牌");
  app->add_option("--drain-delay", arguments->drain_seconds,
                  "停止时先报告未就绪，过这么多秒才停止监听，让负载均衡先撤走")
      ->check(CLI::Range(0, 600))
      ->capture_default_str();
  app->add_option("--grace", arguments->grace_seconds, "停止监听后最多等正在处理的调用多少秒")
      ->check(CLI::Range(0, 600))
      ->capture_default_str();
}

void AddOptions(CLI::App* app, Arguments* arguments) {
  dongxi::ServerOptions& options = arguments->options;
  options.listen = "127.0.0.1:7878";
  options.metrics_listen = "127.0.0.1:9464";
  options.policy_directory = (DataFolder() / "policy").string();
  options.ranking_file = (DataFolder() / "ranking" / "default.json").string();
  app->add_option("--data", options.data, "数据文件夹，其中有 catalogue/ 和 generations/")
      ->required()
      ->type_name("DIR");
  app->add_option("--listen", options.listen,
                  "监听地址；明文只限本机，其他地址必须给出 --tls-cert 和 --tls-key")
      ->type_name("HOST:PORT")
      ->capture_default_str();
  app->add_option("--policy", options.policy_directory, "政策表文件夹（默认：随程序的 data/policy）")
      ->type_name("DIR");
  app->add_option("--ranking", options.ranking_file,
                  "排序参数文件（默认：随程序的 data/ranking/default.json）")
      ->type_name("FILE");
  app->add_option(
         "--embedding-url", options.embedding_url,
         "远程向量服务 /v1/embeddings 的地址；只在索引由它建成时需要，密钥放在环境变量 DONGXI_EMBEDDING_KEY")
      ->type_name("URL");
  app->add_option("--embedding-model", options.embedding_model, "远程向量服务的模型名称")->type_name("NAME");
  AddSecurityOptions(app, arguments);
  AddLoadOptions(app, arguments);
  AddBuildOptions(app, arguments);
  AddMatchLogOptions(app, arguments);
  app->add_option("--http-listen", options.http.listen,
                  "HTTP/JSON 接口的监听地址，默认不开；同样的令牌、权限和限额，也提供 /v1/embeddings")
      ->type_name("HOST:PORT");
  app->add_option("--http-cors-origin", options.http.cors_origins,
                  "允许跨域调用的网页来源，例如 https://portal.example，可以给多个；默认一个也不允许")
      ->type_name("ORIGIN");
  app->add_option("--http-threads", options.http.threads, "同时处理的 HTTP 连接数")
      ->check(CLI::Range(1, 1'024))
      ->capture_default_str();
  app->set_version_flag("--version", std::string("dongxi-server ") + DONGXI_VERSION);
  app->set_help_flag("-h,--help", "显示本说明");
  app->footer(kExamples);
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
  dongxi::ServerOptions& options = arguments.options;
  if (!arguments.token_file.empty()) {
    DX_ASSIGN_OR_RETURN(options.token, dongxi::ReadSecretFile("--token-file", arguments.token_file));
  }
  options.auto_build.on = arguments.auto_build == "on";
  options.auto_build.changes_share = arguments.auto_build_percent / 100;
  options.auto_build.age_max = absl::Hours(arguments.auto_build_hours);
  options.build.memory_max_bytes = arguments.build_memory_mib << 20;
  options.match_log.age_max = absl::Hours(24) * arguments.match_log_days;
  options.match_log.bytes_max = arguments.match_log_mib << 20;
  if (!arguments.audit_key_file.empty()) {
    DX_ASSIGN_OR_RETURN(options.audit_key,
                        dongxi::ReadSecretFile("--audit-key-file", arguments.audit_key_file));
  }
  options.drain_delay = absl::Seconds(arguments.drain_seconds);
  options.queue_wait_max = absl::Milliseconds(arguments.queue_ms);
  options.limits.age_max = absl::Minutes(arguments.connection_age_minutes);
  // The folder of a copy is a link that is turned to a newer one while this server runs
  // (deploy/dongxi-replica).
  std::error_code error;
  const std::filesystem::path folder = std::filesystem::weakly_canonical(options.data, error);
  if (!error) options.data = folder;
  CatchSignals();
  options.log = stderr;
  DX_ASSIGN_OR_RETURN(const std::unique_ptr<dongxi::Server> server, dongxi::Server::Start(options));
  WaitForSignal();
  return server->Shutdown(absl::Seconds(arguments.grace_seconds));
}

}  // namespace

namespace {

// Calls that come in do not interrupt a match in work; they are looked at together when its slice of a few
// milliseconds ends. More matches are made that way under load; all threads that are started later inherit
// it, and it needs no privilege. Where it is not to be had the server works as well.
void ScheduleInSlices() {
  const sched_param none = {};
  (void)::sched_setscheduler(0, SCHED_BATCH, &none);
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view command = argc > 1 ? argv[1] : "";
  if (command == "token") return dongxi::RunTokenCommand(argc - 1, argv + 1);
  if (command == "audit") return dongxi::RunAuditCommand(argc - 1, argv + 1);
  CLI::App app{kDescription, "dongxi-server"};
  Arguments arguments;
  try {
    AddOptions(&app, &arguments);
    app.parse(argc, argv);
    arguments.options.metrics_optional = app.count("--metrics-listen") == 0;
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  ScheduleInSlices();
  const absl::Status status = Run(std::move(arguments));
  if (status.ok()) return 0;
  std::cerr << "dongxi-server: " << status.message() << "\n";
  return 1;
}
