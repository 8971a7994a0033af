// dongxi admin: generations, backups, reloads, checks and operations of a running server.
#include <CLI/CLI.hpp>
#include <map>
#include <memory>

#include "cli/admin_text.h"
#include "cli/commands.h"
#include "cli/operation_wait.h"
#include "cli/table.h"
#include "dongxi/v1/admin.grpc.pb.h"
#include "engine/base/status_macros.h"
#include "grpcpp/channel.h"

namespace dongxi::cli {
namespace {

namespace lro = google::longrunning;
using Stub = v1::AdminService::Stub;

constexpr char kExamples[] =
    "例：\n"
    "  dongxi admin generations                 列出索引版本\n"
    "  dongxi admin build                       在后台建立新版本并换上\n"
    "  dongxi admin build --hold                只建不换；看过再 dongxi admin publish 版本\n"
    "  dongxi admin rollback                    退回上一个版本（自动重建随之暂停）\n"
    "  dongxi admin backup                      备份目录和索引\n"
    "  dongxi admin verify                      检查全部数据\n"
    "  dongxi admin reload policy               重新读入政策表，不用重启\n"
    "  dongxi admin operations --filter 'done = false'\n"
    "等待时按 Ctrl-C 只结束等待，作业在服务里继续；要停止它用 dongxi admin cancel 作业。";

// One call after another on one server.
class Admin {
 public:
  Admin(const Client& client, const Io& io)
      : client_(client),
        io_(io),
        admin_(v1::AdminService::NewStub(client.channel())),
        operations_(lro::Operations::NewStub(client.channel())) {}

  template <typename Service, typename Request, typename Response>
  absl::StatusOr<Response> Call(grpc::Status (Service::*method)(grpc::ClientContext*, const Request&,
                                                                Response*),
                                const std::unique_ptr<Service>& stub, const Request& request) const {
    grpc::ClientContext context;
    client_.Prepare(&context);
    Response response;
    const grpc::Status status = ((*stub).*method)(&context, request, &response);
    if (!status.ok()) return FromGrpc(status, client_.context());
    return response;
  }
  template <typename Request, typename Response>
  absl::StatusOr<Response> Ask(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                               const Request& request) const {
    return Call(method, admin_, request);
  }
  const std::unique_ptr<lro::Operations::Stub>& operations() const { return operations_; }

  // Waits and unpacks the response; with --no-wait prints the operation's name and returns nothing.
  template <typename Response>
  absl::StatusOr<std::unique_ptr<Response>> Finish(const absl::StatusOr<lro::Operation>& started,
                                                   bool no_wait) const {
    if (!started.ok()) return started.status();
    if (no_wait) {
      io_.out << Printable(started->name()) << "\n";
      return nullptr;
    }
    DX_ASSIGN_OR_RETURN(const lro::Operation ended, WaitForOperation(client_, *started, io_));
    auto response = std::make_unique<Response>();
    if (!ended.response().UnpackTo(response.get())) return absl::InternalError("服务的答复不是预期的种类");
    return response;
  }

  const Io& io() const { return io_; }

 private:
  const Client& client_;
  const Io& io_;
  const std::unique_ptr<Stub> admin_;
  const std::unique_ptr<lro::Operations::Stub> operations_;
};

std::string Full(const std::string& collection, const std::string& name) {
  return name.empty() || name.rfind(collection, 0) == 0 ? name : collection + name;
}

absl::StatusOr<int> Generations(const Admin& admin, const AdminOptions&) {
  DX_ASSIGN_OR_RETURN(const auto response, admin.Ask(&Stub::ListGenerations, v1::ListGenerationsRequest()));
  PrintGenerations(response, admin.io());
  return kExitOk;
}

absl::StatusOr<int> Build(const Admin& admin, const AdminOptions& options) {
  v1::BuildGenerationRequest request;
  request.set_hold(options.hold);
  request.set_force(options.force);
  DX_ASSIGN_OR_RETURN(const auto built, admin.Finish<v1::BuildGenerationResponse>(
                                            admin.Ask(&Stub::BuildGeneration, request), options.no_wait));
  if (built == nullptr) return kExitOk;
  const std::string done = built->unchanged()   ? "没有变化，沿用"
                           : built->published() ? "已建成并换上"
                                                : "已建成，尚未换上（dongxi admin publish）";
  PrintGeneration(done, built->generation(), admin.io());
  return kExitOk;
}

absl::StatusOr<int> Publish(const Admin& admin, const AdminOptions& options) {
  v1::PublishGenerationRequest request;
  request.set_name(Full("generations/", options.name));
  DX_ASSIGN_OR_RETURN(const auto generation, admin.Ask(&Stub::PublishGeneration, request));
  PrintGeneration("已换上", generation, admin.io());
  return kExitOk;
}

// Names the generation to go back from: if another one becomes current meanwhile, nothing is done.
absl::StatusOr<int> RollBack(const Admin& admin, const AdminOptions&) {
  DX_ASSIGN_OR_RETURN(const auto known, admin.Ask(&Stub::ListGenerations, v1::ListGenerationsRequest()));
  v1::RollBackGenerationRequest request;
  for (const v1::Generation& one : known.generations()) {
    if (one.current()) request.set_from(one.name());
  }
  DX_ASSIGN_OR_RETURN(const auto generation, admin.Ask(&Stub::RollBackGeneration, request));
  PrintGeneration("已退回", generation, admin.io());
  admin.io().out << "自动重建已暂停，直到下一次 dongxi admin build 或 publish\n";
  return kExitOk;
}

absl::StatusOr<int> Remove(const Admin& admin, const AdminOptions& options) {
  if (options.name.rfind("backups/", 0) == 0 || options.name.rfind("b-", 0) == 0) {
    v1::DeleteBackupRequest request;
    request.set_name(Full("backups/", options.name));
    DX_RETURN_IF_ERROR(admin.Ask(&Stub::DeleteBackup, request).status());
  } else {
    v1::DeleteGenerationRequest request;
    request.set_name(Full("generations/", options.name));
    DX_RETURN_IF_ERROR(admin.Ask(&Stub::DeleteGeneration, request).status());
  }
  admin.io().out << "已删除 " << Printable(options.name) << "\n";
  return kExitOk;
}

absl::StatusOr<int> Backup(const Admin& admin, const AdminOptions& options) {
  DX_ASSIGN_OR_RETURN(
      const auto backup,
      admin.Finish<v1::Backup>(admin.Ask(&Stub::CreateBackup, v1::CreateBackupRequest()), options.no_wait));
  if (backup != nullptr) PrintBackup(*backup, admin.io());
  return kExitOk;
}

absl::StatusOr<int> Backups(const Admin& admin, const AdminOptions&) {
  DX_ASSIGN_OR_RETURN(const auto response, admin.Ask(&Stub::ListBackups, v1::ListBackupsRequest()));
  PrintBackups(response, admin.io());
  return kExitOk;
}

absl::StatusOr<lro::Operation> StartVerification(const Admin& admin, const std::string& name) {
  if (name.empty()) return admin.Ask(&Stub::Verify, v1::VerifyRequest());
  if (name.rfind("b-", 0) == 0 || name.rfind("backups/", 0) == 0) {
    v1::VerifyBackupRequest request;
    request.set_name(Full("backups/", name));
    return admin.Ask(&Stub::VerifyBackup, request);
  }
  v1::VerifyGenerationRequest request;
  request.set_name(Full("generations/", name));
  return admin.Ask(&Stub::VerifyGeneration, request);
}

absl::StatusOr<int> Verify(const Admin& admin, const AdminOptions& options) {
  DX_ASSIGN_OR_RETURN(const auto found, admin.Finish<v1::VerifyResponse>(
                                            StartVerification(admin, options.name), options.no_wait));
  if (found == nullptr) return kExitOk;
  return PrintVerification(*found, admin.io()) ? kExitOk : kExitFailed;
}

absl::StatusOr<int> Reload(const Admin& admin, const AdminOptions& options) {
  absl::StatusOr<v1::ReloadResponse> response;
  if (options.what == "policy") {
    response = admin.Ask(&Stub::ReloadPolicy, v1::ReloadPolicyRequest());
  } else if (options.what == "ranking") {
    response = admin.Ask(&Stub::ReloadRanking, v1::ReloadRankingRequest());
  } else {
    v1::ReloadModelRequest request;
    request.set_build(options.build);
    response = admin.Ask(&Stub::ReloadModel, request);
  }
  if (!response.ok()) return response.status();
  admin.io().out << "现用 " << Printable(response->version());
  if (!response->previous_version().empty())
    admin.io().out << "，之前 " << Printable(response->previous_version());
  admin.io().out << "\n";
  if (!response->has_operation()) return kExitOk;
  DX_ASSIGN_OR_RETURN(const auto built,
                      admin.Finish<v1::BuildGenerationResponse>(response->operation(), options.no_wait));
  if (built != nullptr) PrintGeneration("已建成", built->generation(), admin.io());
  return kExitOk;
}

absl::StatusOr<int> Operations(const Admin& admin, const AdminOptions& options) {
  lro::ListOperationsRequest request;
  request.set_filter(options.filter);
  DX_ASSIGN_OR_RETURN(const auto response,
                      admin.Call(&lro::Operations::Stub::ListOperations, admin.operations(), request));
  PrintOperations(response, admin.io());
  return kExitOk;
}

absl::StatusOr<int> Cancel(const Admin& admin, const AdminOptions& options) {
  lro::CancelOperationRequest request;
  request.set_name(Full("operations/", options.name));
  DX_RETURN_IF_ERROR(
      admin.Call(&lro::Operations::Stub::CancelOperation, admin.operations(), request).status());
  admin.io().out << "已请求停止 " << Printable(request.name()) << "\n";
  return kExitOk;
}

absl::StatusOr<int> Prune(const Admin& admin, const AdminOptions& options) {
  v1::PruneRequest request;
  request.set_keep(options.keep);
  DX_ASSIGN_OR_RETURN(const auto response, admin.Ask(&Stub::Prune, request));
  for (const std::string& name : response.removed_generations()) {
    admin.io().out << "已删除 " << Printable(name) << "\n";
  }
  admin.io().out << "历史保留到写入序号 " << response.oldest_sequence() << "\n";
  return kExitOk;
}

using Action = absl::StatusOr<int> (*)(const Admin&, const AdminOptions&);
const std::map<std::string, Action>& Actions() {
  static const auto& actions =
      *new std::map<std::string, Action>{{"generations", &Generations}, {"build", &Build},
                                         {"publish", &Publish},         {"rollback", &RollBack},
                                         {"delete", &Remove},           {"backup", &Backup},
                                         {"backups", &Backups},         {"verify", &Verify},
                                         {"reload", &Reload},           {"prune", &Prune},
                                         {"operations", &Operations},   {"cancel", &Cancel}};
  return actions;
}

// A subcommand of admin; remembers its name when it is given.
CLI::App* AddAction(CLI::App* admin, AdminOptions& options, const std::string& name,
                    const std::string& about) {
  CLI::App* action = admin->add_subcommand(name, about);
  action->set_help_flag("-h,--help", "显示用法");
  action->fallthrough();
  action->callback([&options, name] { options.action = name; });
  return action;
}

void AddNoWait(CLI::App* action, AdminOptions& options) {
  action->add_flag("--no-wait", options.no_wait, "不等做完，只显示作业的名称");
}

}  // namespace

CLI::App* AddAdminCommand(CLI::App& app, AdminOptions& options) {
  CLI::App* admin = app.add_subcommand("admin", "管理服务：索引版本、备份、检查、重新读入、作业");
  admin->require_subcommand(1);
  AddAction(admin, options, "generations", "列出索引版本");
  CLI::App* build = AddAction(admin, options, "build", "在服务里建立新的索引版本并换上");
  build->add_flag("--hold", options.hold, "只建不换");
  build->add_flag("--force", options.force, "没有变化也重新建立");
  AddNoWait(build, options);
  AddAction(admin, options, "publish", "换上一个已有的版本；先检查它的每个文件")
      ->add_option("NAME", options.name, "版本名称")
      ->required();
  AddAction(admin, options, "rollback", "退回上一个版本");
  AddAction(admin, options, "delete", "删除一个不在用的版本，或一个备份")
      ->add_option("NAME", options.name, "版本（g-…）或备份（b-…）的名称")
      ->required();
  AddNoWait(AddAction(admin, options, "backup", "把目录和索引备份到服务的备份文件夹"), options);
  AddAction(admin, options, "backups", "列出备份");
  CLI::App* verify = AddAction(admin, options, "verify", "检查全部数据，或一个版本、一个备份");
  verify->add_option("NAME", options.name, "版本（g-…）或备份（b-…）的名称；不写是全部数据");
  AddNoWait(verify, options);
  CLI::App* reload = AddAction(admin, options, "reload", "重新读入政策表、排序参数或模型，不用重启");
  reload->add_option("WHAT", options.what, "policy、ranking 或 model")
      ->required()
      ->check(CLI::IsMember({"policy", "ranking", "model"}));
  reload->add_flag("--build", options.build, "读入模型后用它建立新版本");
  AddNoWait(reload, options);
  AddAction(admin, options, "prune", "删除多余的旧版本和用不到的历史")
      ->add_option("--keep", options.keep, "保留几个版本；不写按服务的设置")
      ->check(CLI::Range(1, 1'000));
  AddAction(admin, options, "operations", "列出作业")
      ->add_option("--filter", options.filter, "如 'done = false' 或 'kind = \"build\"'")
      ->type_name("EXPR");
  AddAction(admin, options, "cancel", "停止一个作业")
      ->add_option("NAME", options.name, "作业名称")
      ->required();
  admin->footer(kExamples);
  return admin;
}

int RunAdmin(const ConnectionOptions& connection, const AdminOptions& options, const Io& io) {
  const absl::StatusOr<std::unique_ptr<Client>> client = Client::Open(connection);
  if (!client.ok()) return Fail(client.status(), kExitFailed, io);
  const absl::StatusOr<int> code = Actions().at(options.action)(Admin(**client, io), options);
  return code.ok() ? *code : Fail(code.status(), kExitFailed, io);
}

}  // namespace dongxi::cli
