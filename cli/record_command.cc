// dongxi record: deletes, undeletes and expires one record of the catalogue, after its name was typed again.
#include <CLI/CLI.hpp>
#include <istream>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "absl/strings/ascii.h"
#include "cli/call_service.h"
#include "cli/commands.h"
#include "cli/table.h"
#include "engine/base/status_macros.h"
#include "engine/record/record.h"

namespace dongxi::cli {
namespace {

using Stub = v1::CatalogueService::Stub;

constexpr char kExamples[] =
    "例：\n"
    "  dongxi record expire needs/n-c-001            # 到期：不再参与匹配，列表里还有\n"
    "  dongxi record delete results/r-c-001          # 删除：30 天内可以恢复\n"
    "  dongxi record undelete results/r-c-001\n"
    "  dongxi record delete experts/e-c-001 --yes    # 在脚本里用：不问\n"
    "会先显示记录的标题，照样输入它的名称才改。只能改自己租户的记录，管理令牌可以改全部。";

// What is shown of a record of any kind, and what a change of it is bound to.
struct Shown {
  std::string name, title, etag;
};

std::string TitleOf(const v1::Institution& record) { return record.display_name(); }
std::string TitleOf(const v1::Expert& record) { return record.display_name(); }
std::string TitleOf(const v1::Result& record) { return record.title(); }
std::string TitleOf(const v1::Need& record) { return record.title(); }
std::string TitleOf(const v1::Evidence& record) { return record.title(); }

template <typename Request, typename Message>
using Method = grpc::Status (Stub::*)(grpc::ClientContext*, const Request&, Message*);

template <typename Request, typename Message>
absl::StatusOr<Shown> Read(const Client& client, Method<Request, Message> method, const std::string& name,
                           bool show_deleted) {
  Request request;
  request.set_name(name);
  request.set_show_deleted(show_deleted);
  DX_ASSIGN_OR_RETURN(const Message record, CallService<v1::CatalogueService>(client, method, request));
  return Shown{record.name(), TitleOf(record), record.etag()};
}

template <typename Request, typename Message>
absl::StatusOr<Shown> Change(const Client& client, Method<Request, Message> method, const Shown& of) {
  Request request;
  request.set_name(of.name);
  request.set_etag(of.etag);
  DX_ASSIGN_OR_RETURN(const Message record, CallService<v1::CatalogueService>(client, method, request));
  return Shown{record.name(), TitleOf(record), record.etag()};
}

absl::Status NoSuchKind() { return absl::InternalError("不认识的记录类别"); }

absl::StatusOr<Shown> Get(const Client& client, RecordKind kind, const std::string& name, bool deleted) {
  switch (kind) {
    case RecordKind::kInstitution:
      return Read(client, &Stub::GetInstitution, name, deleted);
    case RecordKind::kExpert:
      return Read(client, &Stub::GetExpert, name, deleted);
    case RecordKind::kResult:
      return Read(client, &Stub::GetResult, name, deleted);
    case RecordKind::kNeed:
      return Read(client, &Stub::GetNeed, name, deleted);
    case RecordKind::kEvidence:
      return Read(client, &Stub::GetEvidence, name, deleted);
  }
  return NoSuchKind();
}

absl::StatusOr<Shown> Delete(const Client& client, RecordKind kind, const Shown& of) {
  switch (kind) {
    case RecordKind::kInstitution:
      return Change(client, &Stub::DeleteInstitution, of);
    case RecordKind::kExpert:
      return Change(client, &Stub::DeleteExpert, of);
    case RecordKind::kResult:
      return Change(client, &Stub::DeleteResult, of);
    case RecordKind::kNeed:
      return Change(client, &Stub::DeleteNeed, of);
    case RecordKind::kEvidence:
      return Change(client, &Stub::DeleteEvidence, of);
  }
  return NoSuchKind();
}

absl::StatusOr<Shown> Undelete(const Client& client, RecordKind kind, const Shown& of) {
  switch (kind) {
    case RecordKind::kInstitution:
      return Change(client, &Stub::UndeleteInstitution, of);
    case RecordKind::kExpert:
      return Change(client, &Stub::UndeleteExpert, of);
    case RecordKind::kResult:
      return Change(client, &Stub::UndeleteResult, of);
    case RecordKind::kNeed:
      return Change(client, &Stub::UndeleteNeed, of);
    case RecordKind::kEvidence:
      return Change(client, &Stub::UndeleteEvidence, of);
  }
  return NoSuchKind();
}

absl::StatusOr<Shown> Expire(const Client& client, RecordKind kind, const Shown& of) {
  switch (kind) {
    case RecordKind::kInstitution:
      return Change(client, &Stub::ExpireInstitution, of);
    case RecordKind::kExpert:
      return Change(client, &Stub::ExpireExpert, of);
    case RecordKind::kResult:
      return Change(client, &Stub::ExpireResult, of);
    case RecordKind::kNeed:
      return Change(client, &Stub::ExpireNeed, of);
    case RecordKind::kEvidence:
      return Change(client, &Stub::ExpireEvidence, of);
  }
  return NoSuchKind();
}

struct Action {
  absl::StatusOr<Shown> (*change)(const Client&, RecordKind, const Shown&);
  const char *about, *will, *done, *then;
  bool of_deleted = false;
};
const std::map<std::string, Action>& Actions() {
  static const auto& actions = *new std::map<std::string, Action>{
      {"delete",
       {&Delete, "删除一条记录，30 天内可以恢复", "要删除 ", "已删除 ",
        "；30 天内可用 dongxi record undelete 恢复"}},
      {"undelete", {&Undelete, "恢复一条已删除的记录", "要恢复 ", "已恢复 ", "", true}},
      {"expire",
       {&Expire, "让一条记录到期：有效期改为昨天", "要使其到期 ", "已到期 ", "；不再参与匹配，列表里还有"}}};
  return actions;
}

std::string Words(const Shown& record) {
  return Printable(record.name) + (record.title.empty() ? "" : "“" + Printable(record.title) + "”");
}

// Whoever is at the keyboard types the name of what is shown to him.
bool IsConfirmed(const Action& action, const Shown& record, const Io& io) {
  io.err << action.will << Words(record) << "\n照样输入名称 " << Printable(record.name) << " 来确认：";
  io.err.flush();
  std::string line;
  std::getline(*io.in, line);
  return absl::StripAsciiWhitespace(line) == record.name;
}

absl::StatusOr<int> Run(const Client& client, RecordKind kind, const RecordOptions& options, const Io& io) {
  const Action& action = Actions().at(options.action);
  Shown record{.name = options.name, .title = "", .etag = ""};
  if (!options.yes) {
    DX_ASSIGN_OR_RETURN(record, Get(client, kind, options.name, action.of_deleted));
    if (!IsConfirmed(action, record, io)) {
      io.err << "输入的和名称不同，什么也没有改\n";
      return kExitFailed;
    }
  }
  DX_ASSIGN_OR_RETURN(const Shown changed, action.change(client, kind, record));
  io.out << action.done << Words(changed) << action.then << "\n";
  return kExitOk;
}

}  // namespace

CLI::App* AddRecordCommand(CLI::App& app, RecordOptions& options) {
  CLI::App* record = app.add_subcommand("record", "删除、恢复目录里的一条记录，或让它到期");
  record->require_subcommand(1);
  record->footer(kExamples);
  for (const auto& [name, action] : Actions()) {
    CLI::App* const sub = record->add_subcommand(name, action.about);
    sub->set_help_flag("-h,--help", "显示用法");
    sub->fallthrough();
    sub->callback([&options, chosen = name] { options.action = chosen; });
    sub->add_option("NAME", options.name, "记录的全名，如 needs/n-c-001、results/r-c-001")->required();
    sub->add_flag("--yes", options.yes, "不问就改，在脚本里用");
  }
  return record;
}

int RunRecord(const ConnectionOptions& connection, const RecordOptions& options, const Io& io) {
  const std::optional<RecordName> name = ParseResourceName(options.name);
  if (!name) {
    return Fail(absl::InvalidArgumentError(
                    "“" + Printable(options.name) +
                    "”不是记录的全名：写 institutions/、experts/、results/、needs/ 或 evidence/ 加编号"),
                kExitUsage, io);
  }
  if (!options.yes && io.in == nullptr) {
    return Fail(absl::InvalidArgumentError("没有终端可以确认，什么也没有改；确定要改的，加上 --yes"),
                kExitUsage, io);
  }
  const absl::StatusOr<std::unique_ptr<Client>> client = Client::Open(connection);
  if (!client.ok()) return Fail(client.status(), kExitFailed, io);
  const absl::StatusOr<int> code = Run(**client, name->kind, options, io);
  return code.ok() ? *code : Fail(code.status(), kExitFailed, io);
}

}  // namespace dongxi::cli
