// dongxi engage: what came of a match: record, list, pair, clear, import.
#include <CLI/CLI.hpp>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/engagement_words.h"
#include "cli/ledger_file.h"
#include "cli/ledger_import.h"
#include "cli/table.h"
#include "engine/base/files.h"
#include "engine/base/status_macros.h"

namespace dongxi::cli {
namespace {

constexpr char kExamples[] =
    "例：\n"
    "  dongxi engage record --need n-c-001 --offer results/r-c-001 --step 会谈 --date 2025-03-12\n"
    "  dongxi engage record --need n-c-001 --offer results/r-c-001 --step 签约 --amount 120 --date "
    "2025-04-01\n"
    "  dongxi engage record --need n-c-001 --offer results/r-c-002 --step 拒绝 --reason 成熟度不足\n"
    "  dongxi engage list --from 2025-01-01 --to 2026-01-01 --region 63 --csv > 台账.csv\n"
    "  dongxi engage list --jsonl > eng.jsonl    # 给 dongxi-bench split 和 train-ranker --engagements\n"
    "  dongxi engage pair --need n-c-001 --offer results/r-c-001\n"
    "  dongxi engage clear --need n-c-001 --offer results/r-c-002 --why 已完成中试\n"
    "  dongxi engage import 台账.xlsx --dry-run --errors 问题.csv    # 先试，再去掉 "
    "--dry-run；重复导入没有影响\n"
    "步骤：推荐、查看、意向、会谈、签约、技术合同登记、到账、验收、拒绝（或英文代码 shown … refused）。";

const absl::TimeZone kChina = absl::FixedTimeZone(8 * 3600);

absl::Status Wrong(const std::string& option, const std::string& found, const std::string& expected) {
  return absl::InvalidArgumentError(option + " 的值“" + found + "”不对：" + expected);
}

// The beginning of a day in China.
absl::Status SetDay(const std::string& option, const std::string& text,
                    google::protobuf::Timestamp* (v1::EngagementFilter::*field)(),
                    v1::EngagementFilter* filter) {
  if (text.empty()) return absl::OkStatus();
  absl::CivilDay day;
  if (!absl::ParseCivilTime(text, &day)) return Wrong(option, text, "应为日期，如 2025-03-12");
  (filter->*field)()->set_seconds(absl::ToUnixSeconds(absl::FromCivil(day, kChina)));
  return absl::OkStatus();
}

absl::StatusOr<v1::EngagementStep> StepOption(const std::string& word) {
  const std::optional<v1::EngagementStep> step = StepOfWord(word);
  if (step) return *step;
  return Wrong("--step", word, "应为 推荐、查看、意向、会谈、签约、技术合同登记、到账、验收 或 拒绝");
}

absl::StatusOr<v1::RecordEngagementRequest> RecordRequest(const EngageOptions& options) {
  v1::RecordEngagementRequest request;
  v1::Engagement& engagement = *request.mutable_engagement();
  DX_ASSIGN_OR_RETURN(*engagement.mutable_need(), NeedName("--need", options.need));
  DX_ASSIGN_OR_RETURN(*engagement.mutable_offer(), OfferName(options.offer));
  DX_ASSIGN_OR_RETURN(const v1::EngagementStep step, StepOption(options.step));
  engagement.set_step(step);
  if (!options.reason.empty()) {
    const std::optional<v1::RefusalReason> reason = RefusalReasonOfWord(options.reason);
    if (!reason) return Wrong("--reason", options.reason, "应为 " + RefusalReasonWords() + " 之一");
    engagement.set_refusal_reason(*reason);
  }
  if (!options.date.empty()) {
    absl::CivilDay day;
    if (!absl::ParseCivilTime(options.date, &day))
      return Wrong("--date", options.date, "应为日期，如 2025-03-12");
    engagement.mutable_event_time()->set_seconds(absl::ToUnixSeconds(absl::FromCivil(day, kChina)));
  }
  if (options.amount_wan) engagement.set_amount_wan(*options.amount_wan);
  engagement.set_registration_number(options.registration_number);
  engagement.set_match_id(options.match_id);
  engagement.set_note(options.note);
  engagement.set_actor(options.actor);
  for (const std::string& evidence : options.evidence) engagement.add_evidence(evidence);
  return request;
}

absl::StatusOr<v1::EngagementFilter> Filter(const EngageOptions& options) {
  v1::EngagementFilter filter;
  DX_RETURN_IF_ERROR(SetDay("--from", options.from, &v1::EngagementFilter::mutable_start_time, &filter));
  DX_RETURN_IF_ERROR(SetDay("--to", options.to, &v1::EngagementFilter::mutable_end_time, &filter));
  for (const auto& [option, code] :
       {std::pair{"--region", &options.region}, std::pair{"--offer-region", &options.offer_region}}) {
    if (!code->empty()) DX_RETURN_IF_ERROR(CheckRegionCode(option, *code));
  }
  filter.set_need_region_code(options.region);
  filter.set_offer_region_code(options.offer_region);
  filter.set_channel(ChannelOfWord(options.channel));
  filter.set_task(options.task);
  if (!options.step.empty()) {
    DX_ASSIGN_OR_RETURN(const v1::EngagementStep step, StepOption(options.step));
    filter.add_steps(step);
  }
  if (!options.need.empty()) {
    DX_ASSIGN_OR_RETURN(*filter.mutable_need(), NeedName("--need", options.need));
  }
  if (!options.offer.empty()) {
    DX_ASSIGN_OR_RETURN(*filter.mutable_offer(), OfferName(options.offer));
  }
  filter.set_whole_ledger(options.whole_ledger);
  if (options.jsonl && (options.csv || options.whole_ledger)) {
    return absl::InvalidArgumentError(
        "--jsonl 只写现在算数的进展，不能和 --csv、--whole-ledger 一起用；改法：去掉其中一个");
  }
  return filter;
}

int Record(const Client& client, const v1::RecordEngagementRequest& request, const Io& io) {
  const auto answer = client.RecordEngagement(request);
  if (!answer.ok()) return Fail(answer.status(), kExitFailed, io);
  const v1::Engagement& entry = answer->engagement();
  io.out << (answer->state() == v1::RecordEngagementResponse::CREATED ? "已登记 " : "以前登记过 ")
         << Printable(entry.name()) << "  " << ChineseStep(entry) << "  " << DayOf(entry) << "\n";
  for (const v1::EngagementWarning& warning : entry.warnings())
    io.out << "注意：" << Printable(warning.message()) << "\n";
  return kExitOk;
}

// Without what only a simulation says: nobody is to learn from it.
int ListJsonLines(const Client& client, const v1::EngagementFilter& filter, const Io& io) {
  size_t written = 0, simulated = 0;
  const absl::Status status =
      client.ExportEngagements(filter, [&](const v1::ExportEngagementsResponse& part) {
        for (const v1::Engagement& entry : part.engagements()) {
          ++(entry.simulated() ? simulated : written);
          if (!entry.simulated()) io.out << JsonLine(entry);
        }
      });
  if (!status.ok()) return Fail(status, kExitFailed, io);
  if (simulated > 0) io.err << "没有写模拟数据 " << simulated << " 条\n";
  if (written == 0) io.err << "没有登记的进展，一行也没有写\n";
  return kExitOk;
}

int List(const Client& client, const v1::EngagementFilter& filter, const EngageOptions& options,
         const Io& io) {
  if (options.jsonl) return ListJsonLines(client, filter, io);
  std::vector<v1::Engagement> entries;
  if (options.csv) io.out << CsvHeader();
  const absl::Status status =
      client.ExportEngagements(filter, [&](const v1::ExportEngagementsResponse& part) {
        for (const v1::Engagement& entry : part.engagements()) {
          if (options.csv) {
            io.out << CsvRow(entry);
          } else {
            entries.push_back(entry);
          }
        }
      });
  if (!status.ok()) return Fail(status, kExitFailed, io);
  if (!options.csv) PrintEngagements(entries, io);
  return kExitOk;
}

int Pair(const Client& client, const v1::GetPairRequest& request, const Io& io) {
  const absl::StatusOr<v1::Pair> pair = client.GetPair(request);
  if (!pair.ok()) return Fail(pair.status(), kExitFailed, io);
  io.out << Printable(pair->need() + " 与 " + pair->offer()) << "\n";
  if (pair->refused())
    io.out << "已拒绝（" << ChineseReason(pair->refusal_reason())
           << "），匹配时不再列出；解除用 engage clear\n";
  if (pair->signed_wan() > 0 || pair->paid_wan() > 0) {
    io.out << absl::StrFormat("签约 %.15g 万元，登记 %.15g 万元，到账 %.15g 万元\n", pair->signed_wan(),
                              pair->registered_wan(), pair->paid_wan());
  }
  PrintEngagements({pair->history().begin(), pair->history().end()}, io);
  for (const v1::EngagementWarning& warning : pair->warnings())
    io.out << "注意：" << Printable(warning.message()) << "\n";
  return kExitOk;
}

int Clear(const Client& client, const v1::ClearRefusalRequest& request, const Io& io) {
  const auto answer = client.ClearRefusal(request);
  if (!answer.ok()) return Fail(answer.status(), kExitFailed, io);
  io.out << "已解除拒绝，今后匹配时重新列出：" << Printable(request.need() + " 与 " + request.offer())
         << "\n";
  return kExitOk;
}

constexpr size_t kWarningsShown = 20;

int Import(const Client& client, const EngageOptions& options, const Io& io) {
  LedgerFile file = ReadLedgerFile(options.file);
  LedgerImport done;
  const absl::Status status = RecordLedger(client, options.dry_run, &file, &done);
  io.out << TextReport(file.report);
  for (size_t i = 0; i < std::min(done.warnings.size(), kWarningsShown); ++i)
    io.out << "注意：" << done.warnings[i] << "\n";
  if (done.warnings.size() > kWarningsShown)
    io.out << "注意：另有 " << done.warnings.size() - kWarningsShown << " 条类似的提示\n";
  io.out << (options.dry_run ? "试运行，没有写入：可登记 " : "新登记 ") << done.created << " 行，以前登记过 "
         << done.unchanged << " 行，已有编号未改动 " << file.untouched << " 行，有问题未登记 "
         << file.report.rejected << " 行\n";
  if (!options.errors.empty()) {
    const absl::Status written = WriteFileAtomically(options.errors, CsvReport(file.report));
    if (!written.ok()) return Fail(written, kExitFailed, io);
  }
  if (!status.ok()) return Fail(status, kExitFailed, io);
  return file.report.clean() ? kExitOk : kExitFailed;
}

void AddPairOptions(CLI::App* command, EngageOptions& options, bool required) {
  CLI::Option* need = command->add_option("--need", options.need, "需求编号")->type_name("ID");
  CLI::Option* offer =
      command->add_option("--offer", options.offer, "institutions/编号、experts/编号 或 results/编号")
          ->type_name("NAME");
  if (!required) return;
  need->required();
  offer->required();
}

void AddRecord(CLI::App* record, EngageOptions& options) {
  AddPairOptions(record, options, /*required=*/true);
  record->add_option("--step", options.step, "到了哪一步")->type_name("STEP")->required();
  record->add_option("--reason", options.reason, "拒绝的原因：" + RefusalReasonWords())->type_name("REASON");
  record->add_option("--date", options.date, "发生的日期；不写是现在")->type_name("DATE");
  record->add_option("--amount", options.amount_wan, "金额，万元：签约、技术合同登记、到账")
      ->type_name("WAN");
  record->add_option("--registration-number", options.registration_number, "技术合同登记编号")
      ->type_name("NUMBER");
  record->add_option("--match-id", options.match_id, "由哪次匹配而来；不写是系统之外促成的")->type_name("ID");
  record->add_option("--evidence", options.evidence, "凭据：文号或链接，可重复")
      ->type_name("TEXT")
      ->take_all();
  record->add_option("--note", options.note, "备注，不写个人联系方式")->type_name("TEXT");
  record->add_option("--actor", options.actor, "登记单位")->type_name("TEXT");
}

void AddList(CLI::App* list, EngageOptions& options) {
  AddPairOptions(list, options, /*required=*/false);
  list->add_option("--from", options.from, "从这一天起（含）")->type_name("DATE");
  list->add_option("--to", options.to, "到这一天为止（不含）")->type_name("DATE");
  list->add_option("--region", options.region, "需求方地区代码")->type_name("CODE");
  list->add_option("--offer-region", options.offer_region, "供给方地区代码")->type_name("CODE");
  list->add_option("--channel", options.channel,
                   "通道名称或代码，如 科技援青 或 keji-yuanqing；none 为无对应通道")
      ->type_name("ID");
  list->add_option("--task", options.task, "任务编号，如 3.2；none 为不属于各项任务")->type_name("ID");
  list->add_option("--step", options.step, "只列这一步")->type_name("STEP");
  list->add_flag("--whole-ledger", options.whole_ledger, "连同已更正、已撤回的记录和更正记录");
  list->add_flag("--csv", options.csv, "输出 CSV，可用表格软件打开");
  list->add_flag(
      "--jsonl", options.jsonl,
      "每行一个 JSON：need、candidate、step、time，拒绝的另有 reason；给 dongxi-bench 用，不含模拟数据。"
      "没有 position：服务不告诉展示时排在第几位");
}

void AddImport(CLI::App* import, EngageOptions& options) {
  import->add_option("file", options.file, "XLSX 或 CSV 文件；模板用 engage template 生成")
      ->type_name("FILE")
      ->required();
  import->add_flag("--dry-run", options.dry_run, "只检查，不写入");
  import->add_option("--errors", options.errors, "把有问题的行逐行写入这个 CSV 文件")->type_name("FILE");
}

}  // namespace

CLI::App* AddEngageCommand(CLI::App& app, EngageOptions& options) {
  CLI::App* engage = app.add_subcommand("engage", "登记和查询匹配之后的进展：会谈、签约、到账、拒绝 …");
  engage->require_subcommand(1);
  engage->footer(kExamples);
  options.record = engage->add_subcommand("record", "登记一步");
  options.list = engage->add_subcommand("list", "按时间列出台账，可导出 CSV 和 JSONL");
  options.pair = engage->add_subcommand("pair", "一条需求与一个供给方的进展和历史");
  options.clear = engage->add_subcommand("clear", "解除拒绝，以后匹配时重新列出");
  options.import = engage->add_subcommand("import", "从电子表格登记系统之外发生的进展，逐行报告问题");
  options.template_ = engage->add_subcommand("template", "生成台账的空白电子表格");
  options.template_->add_option("--out", options.out, "写入的文件")->type_name("FILE")->required();
  AddImport(options.import, options);
  AddRecord(options.record, options);
  AddList(options.list, options);
  AddPairOptions(options.pair, options, /*required=*/true);
  AddPairOptions(options.clear, options, /*required=*/true);
  options.clear->add_option("--why", options.why, "为什么解除")->type_name("TEXT")->required();
  options.clear->add_option("--actor", options.actor, "由谁解除")->type_name("TEXT");
  for (CLI::App* command :
       {options.record, options.list, options.pair, options.clear, options.import, options.template_}) {
    command->group("命令");
    command->set_help_flag("-h,--help", "显示用法");
    command->fallthrough();
  }
  return engage;
}

int RunEngage(const ConnectionOptions& connection, const EngageOptions& options, const Io& io) {
  if (options.template_->parsed()) {
    const absl::Status written = WriteLedgerTemplate(options.out);
    if (!written.ok()) return Fail(written, kExitFailed, io);
    io.out << options.out << "\n";
    return kExitOk;
  }
  const absl::StatusOr<std::unique_ptr<Client>> client = Client::Open(connection);
  if (!client.ok()) return Fail(client.status(), kExitFailed, io);
  if (options.record->parsed()) {
    const auto request = RecordRequest(options);
    return request.ok() ? Record(**client, *request, io) : Fail(request.status(), kExitUsage, io);
  }
  if (options.list->parsed()) {
    const auto filter = Filter(options);
    return filter.ok() ? List(**client, *filter, options, io) : Fail(filter.status(), kExitUsage, io);
  }
  if (options.import->parsed()) return Import(**client, options, io);
  const absl::StatusOr<std::string> need = NeedName("--need", options.need);
  if (!need.ok()) return Fail(need.status(), kExitUsage, io);
  const absl::StatusOr<std::string> offer = OfferName(options.offer);
  if (!offer.ok()) return Fail(offer.status(), kExitUsage, io);
  if (options.pair->parsed()) {
    v1::GetPairRequest request;
    request.set_need(*need);
    request.set_offer(*offer);
    return Pair(**client, request, io);
  }
  v1::ClearRefusalRequest request;
  request.set_need(*need);
  request.set_offer(*offer);
  request.set_why(options.why);
  request.set_actor(options.actor);
  return Clear(**client, request, io);
}

}  // namespace dongxi::cli
