// dongxi match: a need to its offers, or with --offer an offer to needs.
#include <CLI/CLI.hpp>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/match_table.h"
#include "cli/need_file.h"
#include "engine/base/status_macros.h"
#include "report/json.h"

namespace dongxi::cli {
namespace {

constexpr char kExamples[] =
    "例：\n"
    "  dongxi match --text \"高镁锂比盐湖卤水提锂吸附剂\" --region 63 --top 10\n"
    "  dongxi match --need n-c-001 --partner-region 44 --partner-region 31 --kinds partners,results\n"
    "  dongxi match --need-file need.json --filter 'maturity >= 6' --json\n"
    "  dongxi match --need n-c-001 --filter 'region = \"320506\" year >= 2022' --broaden --facets "
    "region,maturity\n"
    "  dongxi match --need n-c-001 --profile regional_balance --diversity high\n"
    "  dongxi match --offer results/r-c-001 --top 20\n"
    "--region 是需求方所在地，决定通道和结对关系，不筛选候选；筛选候选所在地用 --partner-region。\n"
    "--partner-region 之间是“或”，与 --filter 之间是“且”。";

// Exactly one thing to match, and only options that go with it.
absl::Status CheckTogether(const MatchOptions& options) {
  const int given =
      !options.need.empty() + !options.need_file.empty() + !options.text.empty() + !options.offer.empty();
  if (given != 1) {
    return absl::InvalidArgumentError(absl::StrCat(
        "--need、--need-file、--text、--offer 要给且只给一个（不能是空的），现在给了 ", given, " 个"));
  }
  if (!options.offer.empty() && !(options.region.empty() && options.kinds.empty())) {
    return absl::InvalidArgumentError(
        "--offer 是从成果、专家或机构找需求，不能和 --region、--kinds 一起用；需求的地区用 --partner-region "
        "筛选");
  }
  const bool ranks =
      !options.profile.empty() || !options.diversity.empty() || !options.facets.empty() || options.broaden;
  if (!options.offer.empty() && ranks) {
    return absl::InvalidArgumentError("--profile、--diversity、--facets、--broaden 不能和 --offer 一起用");
  }
  if (options.policy_weight && !(*options.policy_weight >= 0 && *options.policy_weight <= 1)) {
    return absl::InvalidArgumentError(
        absl::StrFormat("--policy-weight 的值“%g”不对：应为 0 至 1，0 是不计政策", *options.policy_weight));
  }
  return CheckTop(options.top);
}

// What only a match has, not a reverse match.
absl::Status SetRankingOptions(const MatchOptions& options, v1::MatchRequest* request) {
  request->set_ranking_profile(options.profile);
  request->set_enable_broadening(options.broaden);
  if (!options.diversity.empty())
    DX_RETURN_IF_ERROR(SetDiversity(options.diversity, request->mutable_diversity()));
  DX_ASSIGN_OR_RETURN(const std::vector<v1::FacetField> facets, ParseFacets(options.facets));
  for (const v1::FacetField facet : facets) request->add_facets(facet);
  return absl::OkStatus();
}

absl::StatusOr<v1::MatchRequest> MakeRequest(const MatchOptions& options) {
  v1::MatchRequest request;
  if (!options.need.empty()) {
    DX_ASSIGN_OR_RETURN(std::string name, NeedName("--need", options.need));
    request.set_need_name(name);
  } else if (!options.text.empty()) {
    request.set_text(options.text);
  }
  if (!options.region.empty()) {
    DX_RETURN_IF_ERROR(CheckRegionCode("--region", options.region));
    request.set_region_code(options.region);
  }
  DX_ASSIGN_OR_RETURN(const std::vector<v1::RecordKind> kinds, ParseMatchKinds(options.kinds));
  for (const v1::RecordKind kind : kinds) request.add_kinds(kind);
  DX_ASSIGN_OR_RETURN(std::string filter, CandidateFilter(options.partner_regions, options.filter));
  request.set_filter(filter);
  if (options.policy_weight) request.set_policy_weight(*options.policy_weight);
  DX_RETURN_IF_ERROR(SetRankingOptions(options, &request));
  request.set_page_size(options.top);
  request.set_view(v1::MATCH_VIEW_FULL);  // the table counts requirements
  return request;
}

absl::StatusOr<v1::ReverseMatchRequest> MakeReverseRequest(const MatchOptions& options) {
  v1::ReverseMatchRequest request;
  DX_ASSIGN_OR_RETURN(std::string name, OfferName(options.offer));
  request.set_offer_name(name);
  DX_ASSIGN_OR_RETURN(std::string filter, CandidateFilter(options.partner_regions, options.filter));
  request.set_filter(filter);
  if (options.policy_weight) request.set_policy_weight(*options.policy_weight);
  request.set_page_size(options.top);
  request.set_view(v1::MATCH_VIEW_FULL);
  return request;
}

int RunReverse(const ConnectionOptions& connection, const MatchOptions& options, const Io& io) {
  const absl::StatusOr<v1::ReverseMatchRequest> request = MakeReverseRequest(options);
  if (!request.ok()) return Fail(request.status(), kExitUsage, io);
  const absl::StatusOr<std::unique_ptr<Client>> client = Client::Open(connection);
  if (!client.ok()) return Fail(client.status(), kExitFailed, io);
  const absl::StatusOr<v1::ReverseMatchResponse> answer = (*client)->ReverseMatch(*request);
  if (!answer.ok()) return Fail(answer.status(), kExitFailed, io);
  if (options.json) {
    io.out << report::JsonText(report::ReverseMatchToJson(*answer));
  } else {
    PrintReverseMatch(*answer, io);
  }
  return kExitOk;
}

}  // namespace

CLI::App* AddMatchCommand(CLI::App& app, MatchOptions& options) {
  CLI::App* match = app.add_subcommand("match", "为一条需求推荐合作机构、专家和成果；或为一项成果等推荐需求");
  match->add_option("--need", options.need, "目录中的需求编号")->type_name("ID");
  match
      ->add_option("--need-file", options.need_file,
                   "一条需求的 JSON 文件，键同导入文件：title、description、wanted、region、modes …")
      ->type_name("FILE");
  match->add_option("--text", options.text, "直接写出需求")->type_name("TEXT");
  match->add_option("--offer", options.offer, "反向匹配：institutions/编号、experts/编号、results/编号")
      ->type_name("NAME");
  match->add_option("--region", options.region, "需求方的行政区划代码，2 至 6 位")->type_name("CODE");
  match->add_option("--partner-region", options.partner_regions, "只列这些地区的候选，可重复")
      ->type_name("CODE")
      ->expected(1)
      ->take_all();
  match->add_option("--kinds", options.kinds, "要哪些列表：partners,experts,results；不写是全部")
      ->type_name("KINDS")
      ->delimiter(',');
  match->add_option("--policy-weight", options.policy_weight, "政策的分量，0 至 1；0 是不计政策，不写是 1")
      ->type_name("W");
  match->add_option("--filter", options.filter, "筛选候选，如 'maturity >= 6 AND mode : \"transfer\"'")
      ->type_name("EXPR");
  match
      ->add_option("--profile", options.profile,
                   "排序方案：default、policy_first、mature_first、regional_balance 等；不写是 default")
      ->type_name("NAME");
  match->add_option("--diversity", options.diversity, "多样性：off、low、high，或 0 至 0.8 的数")
      ->type_name("LEVEL");
  match->add_option("--facets", options.facets, "分类计数：region,field,maturity,mode,type")
      ->type_name("FACETS")
      ->delimiter(',');
  match->add_flag("--broaden", options.broaden, "合适的候选不足时逐条放宽 --filter，并说明放宽了什么");
  match->add_option("--top", options.top, "每个列表的条数，1 至 1000；不写是 10")->type_name("N");
  match->add_flag("--json", options.json, "输出一个 JSON 对象，内容最全");
  match->footer(kExamples);
  return match;
}

int RunMatch(const ConnectionOptions& connection, const MatchOptions& options, const Io& io) {
  if (absl::Status status = CheckTogether(options); !status.ok()) return Fail(status, kExitUsage, io);
  if (!options.offer.empty()) return RunReverse(connection, options, io);
  absl::StatusOr<v1::MatchRequest> request = MakeRequest(options);
  if (!request.ok()) return Fail(request.status(), kExitUsage, io);
  if (!options.need_file.empty()) {
    absl::StatusOr<v1::Need> need = ReadNeedFile(options.need_file);
    if (!need.ok()) return Fail(need.status(), kExitFailed, io);
    *request->mutable_need() = *std::move(need);
  }
  const absl::StatusOr<std::unique_ptr<Client>> client = Client::Open(connection);
  if (!client.ok()) return Fail(client.status(), kExitFailed, io);
  const absl::StatusOr<v1::MatchResponse> answer = (*client)->Match(*request);
  if (!answer.ok()) return Fail(answer.status(), kExitFailed, io);
  if (options.json) {
    report::Json json = report::MatchToJson(*answer);
    AddMatchExtras(*answer, &json);
    io.out << report::JsonText(json);
  } else {
    PrintMatch(*request, *answer, io);
  }
  return kExitOk;
}

}  // namespace dongxi::cli
