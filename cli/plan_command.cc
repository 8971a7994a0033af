#include "cli/plan_command.h"

#include <CLI/CLI.hpp>
#include <limits>
#include <string>

#include "absl/strings/numbers.h"
#include "cli/commands.h"
#include "cli/plan_local.h"
#include "cli/plan_server.h"

namespace dongxi::cli {
namespace {

constexpr char kExamples[] =
    "例（不需要服务，计划是一个文件夹）：\n"
    "  dongxi plan template --out 对接会.xlsx          # 模板；后缀写 .json 得 JSON\n"
    "  dongxi plan make 对接会.xlsx --out 日程          # 排日程，写出 XLSX、PDF、ICS、JSON\n"
    "  dongxi plan make 对接会.xlsx --report 报告 --out 日程   # 候选配对取自匹配报告\n"
    "  dongxi plan check 日程                          # 用独立的检查程序再验一遍\n"
    "  dongxi plan publish 日程\n"
    "  dongxi plan replan 日程 --now S5 --no-show O-03 --late N-02=S7 --max-changes 12 --out 日程2\n"
    "  dongxi plan outcome 日程 --need N-01 --offer O-03 --result 意向 --note 十二月互访\n"
    "  dongxi plan outcome 日程 --need N-02 --offer O-03 --result 未到   # 没有谈成，可以补谈：\n"
    "  dongxi plan replan 日程 --now S5 --lock N-02,O-03,S6\n"
    "  dongxi plan replan 日程 --cancel N-01,O-02        # 撤下还没谈的一场，以后也不再排\n"
    "  dongxi plan outcomes 日程 --server 127.0.0.1:7878   # 结果记到服务的台账\n"
    "例（写了 --server，计划存在服务里，名称如 plans/p-…）：\n"
    "  dongxi plan make 对接会.xlsx --server 127.0.0.1:7878 --out 日程\n"
    "  dongxi plan list --server 127.0.0.1:7878\n"
    "  dongxi plan show plans/p-0005f2 --out 日程 --server 127.0.0.1:7878\n"
    "输入与输出的说明见 docs/planning.md。";

// From 0 on. The words of CLI11 itself are English.
CLI::Validator NumberUpTo(double most, const std::string& expected) {
  return CLI::Validator(
      [most, expected](const std::string& text) {
        double value = 0;
        const bool is_one = absl::SimpleAtod(text, &value) && value >= 0 && value <= most;
        return is_one ? std::string() : "“" + text + "”不是 " + expected;
      },
      "");
}

CLI::App* Sub(CLI::App& command, const char* name, const char* help) {
  CLI::App* sub = command.add_subcommand(name, help);
  sub->set_help_flag("-h,--help", "显示用法");
  sub->fallthrough();  // --server and its like
  return sub;
}

CLI::App* SubOfPlan(CLI::App& command, const char* name, const char* help, PlanOptions& options) {
  CLI::App* sub = Sub(command, name, help);
  sub->add_option("plan", options.plan, "计划的文件夹；用服务时是名称 plans/…")
      ->required()
      ->type_name("PLAN");
  return sub;
}

void DefineMake(CLI::App& command, PlanOptions& options) {
  options.make = Sub(command, "make", "从表格排出日程，写到一个文件夹，或存到服务里");
  options.make->add_option("inputs", options.inputs, "活动的 .xlsx 或 .json，可以几个")->type_name("FILE");
  options.make->add_option("--report", options.report, "匹配报告的文件夹或 JSON：候选配对取自它")
      ->type_name("DIR");
  options.make->add_flag("--near", options.near_misses,
                         "报告里只是“接近”的候选也排；不写只排“合适”的，“不宜推荐”的从来不排");
  options.make->add_option("--out", options.out, "写到哪个文件夹；用服务时可以不写")->type_name("DIR");
  options.make
      ->add_option("--fair-share", options.fair_percent, "公平最多可让出价值的百分之几；不写按表，默认 2")
      ->type_name("PERCENT")
      ->check(NumberUpTo(100, "0 到 100 的数；改法：写百分之几，如 2"));
  options.make->add_flag("--force", options.force, "覆盖已发布的计划");
}

void DefineReplan(CLI::App& command, PlanOptions& options) {
  options.replan = SubOfPlan(command, "replan", "缺席、迟到、取消或锁定之后，尽量少改地重排", options);
  options.replan
      ->add_option("--now", options.now,
                   "现在的时段，之前的会谈都不动；不写沿用上次重排的，会谈已经开始的要写")
      ->type_name("SLOT");
  options.replan->add_option("--no-show", options.no_shows, "从现在起不来的参会方（编号，可多次）")
      ->type_name("ID");
  options.replan
      ->add_option("--late", options.late, "迟到：编号=能到的时段，可多次；报过缺席又来了的也这样写")
      ->type_name("ID=SLOT");
  options.replan
      ->add_option("--lock", options.locks, "锁定：需求方,供给方,时段[,桌]，可多次；未到的补谈也这样写")
      ->type_name("N,O,SLOT");
  options.replan
      ->add_option("--cancel", options.cancelled,
                   "组织方取消两方的会谈：需求方,供给方，可多次；还没谈的撤下，以后不再排")
      ->type_name("N,O");
  options.replan->add_option("--max-changes", options.changes_max, "最多改几场；不写就尽量少改")
      ->type_name("N")
      ->check([](const std::string& text) {
        const bool is_count =
            !text.empty() && text.size() <= 6 && text.find_first_not_of("0123456789") == std::string::npos;
        return is_count ? "" : "“" + text + "”不是 0 到 999999 的整数；改法：写最多改几场，如 12";
      });
  options.replan->add_flag("--preview", options.preview, "只看会改什么，不改计划");
  options.replan->add_option("--out", options.out, "写到哪个文件夹；不写就写回原处")->type_name("DIR");
}

void DefineOutcome(CLI::App& command, PlanOptions& options) {
  options.outcome = SubOfPlan(command, "outcome", "记一场会谈的结果", options);
  options.outcome->add_option("--need", options.need, "需求方编号")->required()->type_name("ID");
  options.outcome->add_option("--offer", options.offer, "供给方编号")->required()->type_name("ID");
  options.outcome->add_option("--result", options.result, "已会谈、意向、签约、拒绝 或 未到")
      ->required()
      ->type_name("TEXT");
  options.outcome->add_option("--reason", options.reason, "拒绝的原因，如 成熟度不足")->type_name("TEXT");
  options.outcome->add_option("--amount", options.amount_wan, "签约金额（万元）")
      ->type_name("WAN")
      ->check(NumberUpTo(std::numeric_limits<double>::max(), "0 以上的数；改法：写多少万元，如 320"));
  options.outcome->add_option("--note", options.note, "备注")->type_name("TEXT");
  options.outcome->add_option("--why", options.why, "用服务时：以前记错了，为什么更正")->type_name("TEXT");
  options.outcomes =
      SubOfPlan(command, "outcomes", "把文件夹里记下的结果记到服务的台账（要 --server）", options);
}

bool MovesState(const PlanOptions& options) {
  return options.state->parsed() || options.publish->parsed() || options.start->parsed() ||
         options.close->parsed();
}

int RunLocally(const PlanOptions& options, const Io& io) {
  if (options.make->parsed()) return MakeLocalPlan(options, io);
  if (options.show->parsed()) return ShowLocalPlan(options, io);
  if (options.replan->parsed()) return ReplanLocally(options, io);
  if (MovesState(options)) return MoveLocalPlan(options, io);
  if (options.outcome->parsed()) return RecordLocalOutcome(options, io);
  io.err << "dongxi plan: 这个命令要服务：加上 --server 主机:端口\n";
  return kExitUsage;
}

int RunServed(const PlanOptions& options, const ConnectionOptions& connection, const Io& io) {
  if (absl::Status status = CheckConnection(connection); !status.ok()) return Fail(status, kExitUsage, io);
  const absl::StatusOr<std::unique_ptr<Client>> client = Client::Open(connection);
  if (!client.ok()) return Fail(client.status(), kExitFailed, io);
  if (options.make->parsed()) return MakeServedPlan(**client, options, io);
  if (options.show->parsed()) return ShowServedPlan(**client, options, io);
  if (options.list->parsed()) return ListServedPlans(**client, io);
  if (options.replan->parsed()) return ReplanServed(**client, options, io);
  if (MovesState(options)) return MoveServedPlan(**client, options, io);
  if (options.outcome->parsed()) return RecordServedOutcome(**client, options, io);
  return SendOutcomes(**client, options, io);
}

}  // namespace

CLI::App* AddPlanCommand(CLI::App& app, PlanOptions& options) {
  CLI::App* command = app.add_subcommand(
      "plan", "排一对一会谈的日程：最优或带差距证明，公平，可打印（不写 --server 就不用服务）");
  command->require_subcommand(1);
  DefineMake(*command, options);
  options.check = SubOfPlan(*command, "check", "检查一个文件夹里的计划是否守住所有规则", options);
  options.show = SubOfPlan(*command, "show", "看一个计划的指标；用服务时可以 --out 写出文件", options);
  options.show->add_option("--out", options.out, "写到哪个文件夹")->type_name("DIR");
  options.list = Sub(*command, "list", "列出服务里的计划，新的在前");
  DefineReplan(*command, options);
  options.publish = SubOfPlan(*command, "publish", "发布：可以通知各方了", options);
  options.start = SubOfPlan(*command, "start", "开始：活动进行中，可以记结果", options);
  options.close = SubOfPlan(*command, "close", "结束：不再改动", options);
  options.state = SubOfPlan(*command, "state", "改状态：published、running、closed，或退回 draft", options);
  options.state->add_option("to", options.to, "新状态")->required()->type_name("STATE");
  DefineOutcome(*command, options);
  options.template_ = Sub(*command, "template", "写一个模板（.xlsx 或 .json），里面的示例可以直接排");
  options.template_->add_option("--out", options.out, "写到哪个文件")->required()->type_name("FILE");
  command->footer(kExamples);
  return command;
}

int RunPlan(const PlanOptions& options, const ConnectionOptions* connection, const Io& io) {
  if (options.check->parsed()) return CheckLocalPlan(options, io);
  if (options.template_->parsed()) return WritePlanTemplate(options, io);
  return connection == nullptr ? RunLocally(options, io) : RunServed(options, *connection, io);
}

}  // namespace dongxi::cli
