// dongxi explain: why a candidate stands where it does for a need, or why it was left out.
#include <CLI/CLI.hpp>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/match_table.h"
#include "cli/table.h"
#include "engine/base/status_macros.h"

namespace dongxi::cli {
namespace {

constexpr char kExamples[] =
    "例：\n"
    "  dongxi explain --need n-c-001 --candidate results/r-c-001\n"
    "  dongxi explain --text 盐湖提锂 --candidate institutions/i-c-001 --filter 'region = \"12\"'\n"
    "其余选项同 dongxi match：解释的就是那次匹配的第一页。";

absl::StatusOr<v1::ExplainMatchRequest> MakeRequest(const ExplainOptions& options) {
  if (options.need.empty() == options.text.empty())
    return absl::InvalidArgumentError("--need 和 --text 要给且只给一个");
  DX_RETURN_IF_ERROR(CheckTop(options.top));
  v1::ExplainMatchRequest request;
  v1::MatchRequest& match = *request.mutable_match();
  if (!options.need.empty()) {
    DX_ASSIGN_OR_RETURN(std::string name, NeedName("--need", options.need));
    match.set_need_name(name);
  } else {
    match.set_text(options.text);
  }
  if (!options.region.empty()) {
    DX_RETURN_IF_ERROR(CheckRegionCode("--region", options.region));
    match.set_region_code(options.region);
  }
  match.set_filter(options.filter);
  match.set_ranking_profile(options.profile);
  match.set_page_size(options.top);
  if (options.candidate.empty())
    return absl::InvalidArgumentError("缺少 --candidate：写出候选，如 results/编号");
  request.set_candidate(options.candidate);
  return request;
}

void Print(const v1::ExplainMatchResponse& answer, const Io& io) {
  if (!answer.degraded().empty()) io.out << "注意：" << Printable(answer.degraded()) << "\n";
  const v1::MatchEntry& entry = answer.entry();
  if (!entry.title().empty()) io.out << Printable(entry.title()) << "\n";
  io.out << Printable(answer.text()) << "\n";
  if (entry.score_parts().empty()) return;
  Table table({{"得分组成", 12}, {"数值", 10, Align::kRight}, {"得分", 10, Align::kRight}});
  for (const v1::ScorePart& part : entry.score_parts()) {
    table.AddRow(
        {part.part(), absl::StrFormat("%.3f", part.value()), absl::StrFormat("%.3f", part.contribution())});
  }
  table.Print(io.out, io.columns);
  for (const std::string& reason : entry.reasons()) io.out << "· " << Printable(reason) << "\n";
  PrintRequirements(entry, io);
}

}  // namespace

CLI::App* AddExplainCommand(CLI::App& app, ExplainOptions& options) {
  CLI::App* explain = app.add_subcommand("explain", "解释一个候选为什么排在那里，或为什么没有列出");
  explain->add_option("--need", options.need, "目录中的需求编号")->type_name("ID");
  explain->add_option("--text", options.text, "直接写出需求")->type_name("TEXT");
  explain->add_option("--candidate", options.candidate, "候选：institutions/编号、experts/编号、results/编号")
      ->type_name("NAME");
  explain->add_option("--region", options.region, "需求方的行政区划代码")->type_name("CODE");
  explain->add_option("--filter", options.filter, "那次匹配的筛选条件")->type_name("EXPR");
  explain->add_option("--profile", options.profile, "那次匹配的排序方案")->type_name("NAME");
  explain->add_option("--top", options.top, "那次匹配每个列表的条数；不写是 10")->type_name("N");
  explain->add_flag("--json", options.json, "输出一个 JSON 对象");
  explain->footer(kExamples);
  return explain;
}

int RunExplain(const ConnectionOptions& connection, const ExplainOptions& options, const Io& io) {
  const absl::StatusOr<v1::ExplainMatchRequest> request = MakeRequest(options);
  if (!request.ok()) return Fail(request.status(), kExitUsage, io);
  const absl::StatusOr<std::unique_ptr<Client>> client = Client::Open(connection);
  if (!client.ok()) return Fail(client.status(), kExitFailed, io);
  const absl::StatusOr<v1::ExplainMatchResponse> answer = (*client)->ExplainMatch(*request);
  if (!answer.ok()) return Fail(answer.status(), kExitFailed, io);
  if (options.json) {
    PrintMessage(*answer, io);
  } else {
    Print(*answer, io);
  }
  return kExitOk;
}

}  // namespace dongxi::cli
