#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <string>

#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "engine/base/status_macros.h"
#include "engine/text/normalize.h"
#include "server/commands.h"
#include "server/token_file.h"

namespace dongxi {
namespace {

constexpr char kExamples[] =
    "示例：\n"
    "  dongxi-server token create --data DIR --label 门户网站 --tenant portal --permissions write\n"
    "  dongxi-server token create --data DIR --label 大屏 --permissions read --methods 'MatchService.*' "
    "--days 90\n"
    "  dongxi-server token list --data DIR\n"
    "  dongxi-server token revoke --data DIR --id 0123456789ab\n"
    "令牌全文只在创建时显示一次，文件里只存加盐的 SHA-256。正在运行的服务一秒内生效，不必重启。";

struct TokenArguments {
  std::filesystem::path data;
  std::string id, label, tenant, permissions = "read", disclosure = "public";
  std::vector<std::string> methods;
  double per_second = 0;
  double burst = 0;
  int days = 0;

  std::filesystem::path file() const { return data / kTokenFileName; }
};

std::string TimeText(absl::Time time) {
  if (time == absl::InfiniteFuture()) return "—";
  return absl::FormatTime("%Y-%m-%d %H:%M:%S", time, absl::LocalTimeZone());
}

std::string StateText(const Token& token, absl::Time now) {
  if (now >= token.revoke_time) return "已吊销";
  return now >= token.expire_time ? "已过期" : "有效";
}

void Print(const Token& token, absl::Time now) {
  std::cout << "编号      " << token.id << "\n"
            << "说明      " << token.label << "\n"
            << "状态      " << StateText(token, now) << "\n"
            << "租户      " << (token.tenant.empty() ? "（公共）" : token.tenant) << "\n"
            << "权限      " << PermissionsText(token.permissions) << "\n"
            << "公开范围  " << DisclosureText(token.disclosure) << "\n"
            << "方法      " << (token.methods.empty() ? "全部" : absl::StrJoin(token.methods, "，")) << "\n"
            << "限速      ";
  if (token.rate.per_second > 0) {
    std::cout << "每秒 " << token.rate.per_second << " 次，一次最多 " << token.rate.burst << " 次\n";
  } else {
    std::cout << "不限\n";
  }
  std::cout << "创建      " << TimeText(token.create_time) << "\n"
            << "到期      " << TimeText(token.expire_time) << "\n"
            << "吊销      " << TimeText(token.revoke_time) << "\n";
}

// The tokens' file is JSON, which holds no other bytes.
absl::Status CheckUtf8(const std::string& option, const std::string& text) {
  if (IsValidUtf8(text)) return absl::OkStatus();
  return absl::InvalidArgumentError(
      option +
      "：不是 UTF-8 编码的文字，没有创建令牌；请把终端的编码改为 UTF-8（脚本可用 iconv -f GBK -t UTF-8 "
      "转换）后重试");
}

absl::Status Create(const TokenArguments& arguments) {
  DX_RETURN_IF_ERROR(CheckUtf8("--label", arguments.label));
  DX_RETURN_IF_ERROR(CheckUtf8("--tenant", arguments.tenant));
  for (const std::string& method : arguments.methods) DX_RETURN_IF_ERROR(CheckUtf8("--methods", method));
  Token wanted;
  wanted.label = arguments.label;
  wanted.tenant = arguments.tenant;
  DX_ASSIGN_OR_RETURN(wanted.permissions, ParsePermissions(arguments.permissions));
  DX_ASSIGN_OR_RETURN(wanted.disclosure, ParseDisclosure(arguments.disclosure));
  if ((wanted.permissions & static_cast<uint8_t>(Permission::kAdmin)) != 0 && !wanted.tenant.empty()) {
    return absl::InvalidArgumentError(
        "--tenant：admin 令牌管理整个服务，不能属于一个租户；去掉 --tenant，或改用 --permissions write");
  }
  if (arguments.label.size() > kTokenLabelBytesMax) return absl::InvalidArgumentError("--label：太长");
  if (arguments.methods.size() > kTokenMethodsMax) return absl::InvalidArgumentError("--methods：太多");
  wanted.methods = arguments.methods;
  wanted.rate.per_second = arguments.per_second;
  wanted.rate.burst = arguments.burst > 0 ? arguments.burst : std::max(1.0, 2 * arguments.per_second);
  wanted.create_time = absl::Now();
  if (arguments.days > 0) wanted.expire_time = wanted.create_time + absl::Hours(24) * arguments.days;
  const NewTokenResult made = NewToken(std::move(wanted));
  DX_RETURN_IF_ERROR(ChangeTokens(arguments.file(), [&](std::vector<Token>* tokens) {
    tokens->push_back(made.token);
    return absl::OkStatus();
  }));
  // The text alone on stdout, so that it can be piped into a secret store.
  std::cerr << "已创建令牌 " << made.token.id << "。下面一行只显示这一次，请马上妥善保存：\n";
  std::cout << made.text << "\n";
  return absl::OkStatus();
}

absl::Status NoSuchToken(const std::string& id) {
  return absl::NotFoundError("--id：没有编号为“" + id + "”的令牌；用 dongxi-server token list 查看");
}

absl::Status List(const TokenArguments& arguments) {
  DX_ASSIGN_OR_RETURN(const std::vector<Token> tokens, ReadTokens(arguments.file()));
  const absl::Time now = absl::Now();
  std::cout << "编号\t状态\t权限\t公开范围\t租户\t到期\t说明\n";
  for (const Token& token : tokens) {
    std::cout << token.id << "\t" << StateText(token, now) << "\t" << PermissionsText(token.permissions)
              << "\t" << DisclosureText(token.disclosure) << "\t"
              << (token.tenant.empty() ? "—" : token.tenant) << "\t" << TimeText(token.expire_time) << "\t"
              << token.label << "\n";
  }
  return absl::OkStatus();
}

absl::Status Show(const TokenArguments& arguments) {
  DX_ASSIGN_OR_RETURN(const std::vector<Token> tokens, ReadTokens(arguments.file()));
  for (const Token& token : tokens) {
    if (token.id != arguments.id) continue;
    Print(token, absl::Now());
    return absl::OkStatus();
  }
  return NoSuchToken(arguments.id);
}

absl::Status Revoke(const TokenArguments& arguments) {
  const absl::Time now = absl::Now();
  DX_RETURN_IF_ERROR(ChangeTokens(arguments.file(), [&](std::vector<Token>* tokens) -> absl::Status {
    const auto found = std::find_if(tokens->begin(), tokens->end(),
                                    [&](const Token& token) { return token.id == arguments.id; });
    if (found == tokens->end()) return NoSuchToken(arguments.id);
    found->revoke_time = std::min(found->revoke_time, now);
    return absl::OkStatus();
  }));
  std::cout << "已吊销令牌 " << arguments.id << "，正在运行的服务一秒内不再接受它\n";
  return absl::OkStatus();
}

using Action = absl::Status (*)(const TokenArguments&);

CLI::App* AddAction(CLI::App* app, const char* name, const char* help, TokenArguments* arguments,
                    Action action, Action* chosen) {
  CLI::App* const command = app->add_subcommand(name, help);
  command->set_help_flag("-h,--help", "显示本说明");
  command->add_option("--data", arguments->data, "数据文件夹，令牌存放在其中的 tokens 文件")
      ->required()
      ->check(CLI::ExistingDirectory)
      ->type_name("DIR");
  command->callback([action, chosen] { *chosen = action; });
  return command;
}

void AddCreateOptions(CLI::App* create, TokenArguments* arguments) {
  create->add_option("--label", arguments->label, "说明：令牌交给谁、用在哪里")
      ->required()
      ->type_name("TEXT");
  create->add_option("--tenant", arguments->tenant, "租户：只看见、只修改这个租户的记录（和公共的、共享的）")
      ->type_name("ID");
  create
      ->add_option("--permissions", arguments->permissions,
                   "权限：read 只读；write 读写；admin 另加运维操作，不能与 --tenant 同用")
      ->type_name("read|write|admin")
      ->capture_default_str();
  create->add_option("--disclosure", arguments->disclosure, "答案里最多看到哪一级记录")
      ->type_name("public|registered|organiser")
      ->capture_default_str();
  create->add_option("--methods", arguments->methods, "只准调用这些方法，可用 * 和 ?，逗号分隔（默认：全部）")
      ->delimiter(',')
      ->type_name("GLOB");
  create->add_option("--per-second", arguments->per_second, "每秒最多调用多少次（默认：不限）")
      ->check(CLI::Range(0.0, 1e6));
  create->add_option("--burst", arguments->burst, "停顿之后一次最多连续调用多少次（默认：每秒次数的两倍）")
      ->check(CLI::Range(0.0, 1e6));
  create->add_option("--days", arguments->days, "多少天后过期（默认：不过期）")->check(CLI::Range(1, 36'500));
}

}  // namespace

int RunTokenCommand(int argc, const char* const* argv) {
  CLI::App app{"管理访问令牌；服务运行时也可以用。", "dongxi-server token"};
  app.set_help_flag("-h,--help", "显示本说明");
  app.footer(kExamples);
  app.require_subcommand(1);
  TokenArguments arguments;
  Action chosen = nullptr;
  AddCreateOptions(AddAction(&app, "create", "创建令牌，显示一次", &arguments, &Create, &chosen), &arguments);
  AddAction(&app, "list", "列出全部令牌（不含密文）", &arguments, &List, &chosen);
  for (const auto& [name, help, action] : {std::tuple("show", "显示一个令牌的权限和期限", &Show),
                                           std::tuple("revoke", "吊销令牌，立即生效，不能恢复", &Revoke)}) {
    AddAction(&app, name, help, &arguments, action, &chosen)
        ->add_option("--id", arguments.id, "令牌编号")
        ->required()
        ->type_name("ID");
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  const absl::Status status = chosen(arguments);
  if (status.ok()) return 0;
  std::cerr << "dongxi-server token: " << status.message() << "\n";
  return 1;
}

}  // namespace dongxi
