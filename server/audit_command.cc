#include <CLI/CLI.hpp>
#include <filesystem>
#include <iostream>
#include <string>

#include "engine/base/files.h"
#include "engine/base/status_macros.h"
#include "server/audit_trail.h"
#include "server/commands.h"
#include "server/secret_file.h"

namespace dongxi {
namespace {

struct AuditArguments {
  std::filesystem::path data;
  std::string key_file;
  bool archived = false;
};

absl::StatusOr<bool> Verify(const AuditArguments& arguments) {
  std::string key;
  if (!arguments.key_file.empty()) {
    DX_ASSIGN_OR_RETURN(key, ReadSecretFile("--audit-key-file", arguments.key_file));
  }
  DX_ASSIGN_OR_RETURN(const AuditReport report,
                      VerifyAudit(arguments.data / kAuditFolderName, key, arguments.archived));
  std::cout << "共 " << report.files << " 个文件，" << report.lines << " 行，序号 " << report.first << " 到 "
            << report.last << "\n";
  if (report.removed_before > 0) {
    std::cout << "第 " << report.removed_before
              << " 行以前的文件由服务按 --audit-files-max 删去，日志里有记载\n";
  }
  if (report.torn_end) std::cout << "最后一行还没有写完（服务正在写，或写到一半时停掉），未计入\n";
  for (const std::string& finding : report.findings) std::cout << "发现：" << finding << "\n";
  std::cout << (report.findings.empty() ? "完整：没有发现改动、删除或换位\n" : "不完整：审计日志被改动过\n");
  return report.findings.empty();
}

}  // namespace

int RunAuditCommand(int argc, const char* const* argv) {
  CLI::App app{"审计日志：谁在什么时候写了什么、看了哪些非公开记录。", "dongxi-server audit"};
  app.set_help_flag("-h,--help", "显示本说明");
  app.require_subcommand(1);
  AuditArguments arguments;
  CLI::App* const verify = app.add_subcommand("verify", "逐行核对摘要链，找出被改动、删除或换位的行");
  verify->set_help_flag("-h,--help", "显示本说明");
  verify->add_option("--data", arguments.data, "数据文件夹，日志在其中的 audit/")
      ->required()
      ->type_name("DIR");
  verify->add_option("--audit-key-file", arguments.key_file, "写日志时用的密钥文件；给出后还核对每行的 HMAC")
      ->type_name("FILE");
  verify->add_flag("--archived", arguments.archived, "较早的文件已有意移走：日志可以不从第 1 行开始");
  verify->footer(
      "示例：\n  dongxi-server audit verify --data DIR\n退出码：0 完整，1 不完整或读不出，2 用法不对");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  const absl::StatusOr<bool> whole = Verify(arguments);
  if (whole.ok()) return *whole ? 0 : 1;
  std::cerr << "dongxi-server audit: " << whole.status().message() << "\n";
  return 1;
}

}  // namespace dongxi
