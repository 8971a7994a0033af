// dongxi search: records of the catalogue by words and meaning.
#include <CLI/CLI.hpp>

#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/match_table.h"
#include "engine/base/status_macros.h"
#include "report/json.h"

namespace dongxi::cli {
namespace {

constexpr char kExamples[] =
    "例：\n"
    "  dongxi search --text 盐湖提锂\n"
    "  dongxi search --text \"枸杞 深加工\" --kinds results,experts --filter 'region = \"32\"' --top 20\n"
    "  dongxi search --text 牦牛 --kinds needs --json";

absl::StatusOr<v1::SearchRequest> MakeRequest(const SearchOptions& options) {
  if (options.text.empty()) return absl::InvalidArgumentError("缺少 --text，或它是空的：写出要查找的词语");
  DX_RETURN_IF_ERROR(CheckTop(options.top));
  v1::SearchRequest request;
  request.set_query(options.text);
  DX_ASSIGN_OR_RETURN(const std::vector<v1::RecordKind> kinds, ParseSearchKinds(options.kinds));
  for (const v1::RecordKind kind : kinds) request.add_kinds(kind);
  request.set_filter(options.filter);
  request.set_page_size(options.top);
  return request;
}

}  // namespace

CLI::App* AddSearchCommand(CLI::App& app, SearchOptions& options) {
  CLI::App* search = app.add_subcommand("search", "按词语和意思查找目录里的记录");
  search->add_option("--text", options.text, "要查找的词语")->type_name("TEXT");
  search
      ->add_option("--kinds", options.kinds, "类别：institutions,experts,results,needs,evidence；不写是全部")
      ->type_name("KINDS")
      ->delimiter(',');
  search->add_option("--filter", options.filter, "筛选，如 'region = \"44\"'")->type_name("EXPR");
  search->add_option("--top", options.top, "条数，1 至 1000；不写是 10")->type_name("N");
  search->add_flag("--json", options.json, "输出一个 JSON 对象");
  search->footer(kExamples);
  return search;
}

int RunSearch(const ConnectionOptions& connection, const SearchOptions& options, const Io& io) {
  const absl::StatusOr<v1::SearchRequest> request = MakeRequest(options);
  if (!request.ok()) return Fail(request.status(), kExitUsage, io);
  const absl::StatusOr<std::unique_ptr<Client>> client = Client::Open(connection);
  if (!client.ok()) return Fail(client.status(), kExitFailed, io);
  const absl::StatusOr<v1::SearchResponse> answer = (*client)->Search(*request);
  if (!answer.ok()) return Fail(answer.status(), kExitFailed, io);
  if (options.json) {
    io.out << report::JsonText(report::SearchToJson(*answer));
  } else {
    PrintSearch(*answer, io);
  }
  return kExitOk;
}

}  // namespace dongxi::cli
