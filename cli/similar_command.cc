// dongxi similar: needs near to a need, results near to a result.
#include <CLI/CLI.hpp>
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/match_table.h"
#include "cli/table.h"
#include "engine/base/status_macros.h"

namespace dongxi::cli {
namespace {

constexpr int kTermsShown = 5;
constexpr char kExamples[] =
    "例：\n"
    "  dongxi similar --need n-c-001\n"
    "  dongxi similar --result r-c-001 --filter 'region = \"44\"' --top 20";

absl::Status Check(const SimilarOptions& options) {
  if (options.need.empty() == options.result.empty())
    return absl::InvalidArgumentError("--need 和 --result 要给且只给一个");
  return CheckTop(options.top);
}

std::string ResultName(const std::string& id) { return id.starts_with("results/") ? id : "results/" + id; }

void Print(const google::protobuf::RepeatedPtrField<v1::SimilarRecord>& records, const std::string& degraded,
           const Io& io) {
  if (!degraded.empty()) io.out << "注意：" << Printable(degraded) << "\n";
  if (records.empty()) {
    io.out << "没有相近的记录。\n";
    return;
  }
  Table table({{"#", 4, Align::kRight},
               {"得分", 8, Align::kRight},
               {"相似", 6, Align::kRight},
               {"编号", 24},
               {"名称", 44},
               {"地区", 12},
               {"共同要点", 0}});
  int rank = 0;
  for (const v1::SimilarRecord& record : records) {
    std::string terms;
    for (int i = 0; i < std::min(record.matched_terms_size(), kTermsShown); ++i)
      absl::StrAppend(&terms, i == 0 ? "" : "、", record.matched_terms(i));
    table.AddRow({std::to_string(++rank), absl::StrFormat("%.3f", record.score()),
                  absl::StrFormat("%.2f", record.similarity()), record.name(),
                  (record.illustrative() ? "[示例数据]" : "") + record.title(), record.region_name(), terms});
  }
  table.Print(io.out, io.columns);
}

template <typename Request>
void SetCommon(const SimilarOptions& options, Request* request) {
  request->set_filter(options.filter);
  request->set_page_size(options.top);
}

int Show(const google::protobuf::Message& answer,
         const google::protobuf::RepeatedPtrField<v1::SimilarRecord>& records, const std::string& degraded,
         const SimilarOptions& options, const Io& io) {
  if (options.json) {
    PrintMessage(answer, io);
  } else {
    Print(records, degraded, io);
  }
  return kExitOk;
}

}  // namespace

CLI::App* AddSimilarCommand(CLI::App& app, SimilarOptions& options) {
  CLI::App* similar = app.add_subcommand("similar", "查找与一条需求或一项成果相近的记录");
  similar->add_option("--need", options.need, "目录中的需求编号：找相近的需求")->type_name("ID");
  similar->add_option("--result", options.result, "目录中的成果编号：找相近的成果")->type_name("ID");
  similar->add_option("--filter", options.filter, "筛选，如 'region = \"44\"'")->type_name("EXPR");
  similar->add_option("--top", options.top, "条数，1 至 1000；不写是 10")->type_name("N");
  similar->add_flag("--json", options.json, "输出一个 JSON 对象");
  similar->footer(kExamples);
  return similar;
}

int RunSimilar(const ConnectionOptions& connection, const SimilarOptions& options, const Io& io) {
  if (absl::Status status = Check(options); !status.ok()) return Fail(status, kExitUsage, io);
  const absl::StatusOr<std::unique_ptr<Client>> client = Client::Open(connection);
  if (!client.ok()) return Fail(client.status(), kExitFailed, io);
  if (options.need.empty()) {
    v1::SimilarResultsRequest request;
    request.set_result_name(ResultName(options.result));
    SetCommon(options, &request);
    const absl::StatusOr<v1::SimilarResultsResponse> answer = (*client)->SimilarResults(request);
    if (!answer.ok()) return Fail(answer.status(), kExitFailed, io);
    return Show(*answer, answer->results(), answer->degraded(), options, io);
  }
  const absl::StatusOr<std::string> name = NeedName("--need", options.need);
  if (!name.ok()) return Fail(name.status(), kExitUsage, io);
  v1::SimilarNeedsRequest request;
  request.set_need_name(*name);
  SetCommon(options, &request);
  const absl::StatusOr<v1::SimilarNeedsResponse> answer = (*client)->SimilarNeeds(request);
  if (!answer.ok()) return Fail(answer.status(), kExitFailed, io);
  return Show(*answer, answer->needs(), answer->degraded(), options, io);
}

}  // namespace dongxi::cli
