#include "cli/plan_parts.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_replace.h"
#include "cli/plan/event_xlsx.h"
#include "cli/plan/folder.h"
#include "cli/plan/report_pairs.h"
#include "cli/plan/words.h"
#include "cli/table.h"
#include "engine/base/files.h"
#include "engine/base/status_macros.h"
#include "engine/engagement/rules.h"
#include "engine/plan/event_tables.h"
#include "proto/convert/plan_message.h"
#include "report/json_reader.h"

namespace dongxi::cli {
namespace {

namespace fs = std::filesystem;

constexpr size_t kProblemsShown = 20;

absl::Status CannotRead(const std::string& file, const absl::Status& status) {
  const char* const why = absl::IsNotFound(status) ? "没有这个文件" : "读不了这个文件（不可读，或太大）";
  return absl::Status(status.code(), file + "：" + why +
                                         "。改法：核对文件名和位置；新的活动表用 dongxi plan "
                                         "template --out 对接会.xlsx 生成");
}

absl::Status CannotReadReport(const std::string& file, const absl::Status& status) {
  const char* const why = absl::IsNotFound(status) ? "没有这个文件" : "读不了这个文件（不可读，或太大）";
  return absl::Status(status.code(), file + "：" + why +
                                         "。改法：--report 写 dongxi report 的 --folder；那份报告要有 JSON，"
                                         "做报告时写了 --formats 的，要写上 json");
}

absl::StatusOr<plan::EventTables> ReadInput(const std::string& file, std::vector<plan::Problem>* problems) {
  const absl::StatusOr<std::string> read = ReadFile(file, plan::kEventBytesMax);
  if (!read.ok()) return CannotRead(file, read.status());
  const std::string& bytes = *read;
  const std::string extension = absl::AsciiStrToLower(fs::path(file).extension().string());
  const bool is_json = extension == ".json";
  absl::StatusOr<plan::EventTables> tables =
      is_json ? plan::TablesFromJson(bytes) : ReadEventXlsx(bytes, problems);
  if (tables.ok()) return tables;
  if (!is_json && extension != ".xlsx") {
    return absl::InvalidArgumentError(file +
                                      "：活动表要 .xlsx 或 .json。改法：在电子表格程序里另存为 .xlsx；模板用 "
                                      "dongxi plan template --out 对接会.xlsx 生成");
  }
  return absl::InvalidArgumentError(file + "：" + std::string(tables.status().message()));
}

// The parties and pairs of --report, if it is given.
absl::Status AddReportOf(const PlanOptions& options, plan::EventTables* tables) {
  if (options.report.empty()) return absl::OkStatus();
  fs::path file = options.report;
  std::error_code ignored;
  if (fs::is_directory(file, ignored)) file /= "report.json";
  absl::StatusOr<std::ifstream> json = report::OpenReport(file);
  if (!json.ok()) return CannotReadReport(file.string(), json.status());
  const absl::Status added = AddReport(*json, tables, {.near_misses = options.near_misses});
  if (added.ok()) return added;
  if (!absl::IsInvalidArgument(added)) return CannotReadReport(file.string(), added);
  return absl::InvalidArgumentError(file.string() + "：" + std::string(added.message()));
}

// What several files say, one after the other. Places then name the file too: 甲.xlsx 参会方.
absl::StatusOr<plan::EventTables> ReadInputs(const PlanOptions& options,
                                             std::vector<plan::Problem>* problems) {
  plan::EventTables tables;
  for (const std::string& file : options.inputs) {
    const std::string of_file = options.inputs.size() < 2 ? "" : fs::path(file).filename().string() + " ";
    const size_t known = problems->size();
    DX_ASSIGN_OR_RETURN(plan::EventTables more, ReadInput(file, problems));
    for (size_t i = known; i < problems->size(); ++i) (*problems)[i].place.sheet.insert(0, of_file);
    for (auto& [sheet, rows] : more) {
      for (plan::EventRow& row : rows) row.place.sheet.insert(0, of_file);
      std::vector<plan::EventRow>& all = tables[sheet];
      all.insert(all.end(), std::make_move_iterator(rows.begin()), std::make_move_iterator(rows.end()));
    }
  }
  DX_RETURN_IF_ERROR(AddReportOf(options, &tables));
  return tables;
}

// Between commas, also those of a Chinese keyboard.
std::vector<std::string> PartsOf(const std::string& text) {
  std::vector<std::string> parts = CLI::detail::split(absl::StrReplaceAll(text, {{"，", ","}}), ',');
  for (std::string& part : parts) absl::StripAsciiWhitespace(&part);
  return parts;
}

}  // namespace

int FailPlan(const absl::Status& status, const Io& io) {
  io.err << "dongxi plan: " << Printable(std::string(status.message())) << "\n";
  return kExitFailed;
}

bool ShowProblems(const std::vector<plan::Problem>& problems, const Io& io) {
  // Behind twenty warnings nobody would read why the event is not planned.
  std::vector<const plan::Problem*> order;
  for (const plan::Problem& problem : problems) order.push_back(&problem);
  std::stable_partition(order.begin(), order.end(), [](const plan::Problem* one) { return one->fatal; });
  size_t shown = 0;
  for (const plan::Problem* const problem : order) {
    if (shown++ == kProblemsShown) {
      io.err << "……还有 " << problems.size() - kProblemsShown << " 条\n";
      break;
    }
    io.err << (problem->fatal ? "错误：" : "提醒：") << Printable(problem->Text()) << "\n";
  }
  return !plan::HasFatal(problems);
}

absl::StatusOr<plan::Event> ReadEvent(const PlanOptions& options, const Io& io) {
  std::vector<plan::Problem> problems;
  DX_ASSIGN_OR_RETURN(const plan::EventTables tables, ReadInputs(options, &problems));
  plan::Event event = DecodeEvent(tables, &problems);
  if (!plan::HasFatal(problems)) {
    const std::vector<plan::Problem> more = Validate(event);
    problems.insert(problems.end(), more.begin(), more.end());
  }
  if (!ShowProblems(problems, io)) return absl::InvalidArgumentError("活动有错误，没有排；改好上面各条再来");
  if (options.fair_percent >= 0) event.settings.fair_share_max = options.fair_percent / 100;
  return event;
}

absl::Status MayOverwrite(const PlanOptions& options, std::string_view served) {
  std::error_code ignored;
  if (options.force || !fs::exists(fs::path(options.out) / "plan.json", ignored)) return absl::OkStatus();
  const absl::StatusOr<plan::PlanFile> before = ReadPlanFolder(options.out);
  if (absl::IsNotFound(before.status())) return absl::OkStatus();
  const std::string force = options.make->parsed() ? "，或加 --force" : "";
  if (!before.ok()) {
    return absl::FailedPreconditionError("那里的 plan.json 读不出来（" +
                                         std::string(before.status().message()) +
                                         "），不知道是否已发布，不覆盖；换一个 --out" + force);
  }
  const bool is_copy = !served.empty() && before->served == served;
  if (is_copy || before->state == plan::State::kDraft) return absl::OkStatus();
  return absl::FailedPreconditionError("那里的计划" + std::string(plan::StateWord(before->state)) +
                                       "，不覆盖；" + (force.empty() ? "" : "改用 dongxi plan replan，或") +
                                       "换一个 --out" + force);
}

void Summarise(const plan::PlanFile& file, const Io& io, const plan::Figures* before) {
  for (const FigureWord& figure : FigureWords(file, before))
    io.err << figure.name << "：" << Printable(figure.value) << "\n";
  if (!file.plan.curve.empty()) io.err << "价值与公平（可用 --fair-share 改上限）：\n";
  for (const plan::FairnessPoint& point : file.plan.curve) {
    io.err << "  权重 " << Fixed(point.weight, 2) << "：价值 " << Percent(point.value_share) << "，最少一方 "
           << point.worst_off << " 场，没有会谈 " << point.without_meeting << " 方，基尼 "
           << Fixed(point.gini, 3) << (point.chosen ? "  ← 采用" : "") << "\n";
  }
  for (const plan::Price& price : file.plan.prices) {
    io.err << "再加" << price.of << "：" << PriceWords(price) << "，会谈 " << (price.meetings < 0 ? "" : "+")
           << price.meetings << " 场\n";
  }
  for (const plan::QuotaResult& result : file.plan.quotas) {
    const plan::Quota& quota = file.event.quotas[result.quota];
    io.err << "名额" << Printable(QuotaName(quota)) << "：" << QuotaWords(quota, result);
    if (result.value_lost > 0) io.err << "；不设它价值 +" << Fixed(result.value_lost, 2);
    io.err << "\n";
    for (const std::string& reason : result.reasons) io.err << "  原因：" << Printable(reason) << "\n";
  }
  for (const plan::UnmetMust& unmet : file.plan.unmet) {
    const plan::Pair& pair = file.event.pairs[unmet.pair];
    io.err << "排不进的必见：" << Printable(file.event.parties[pair.need].name) << " × "
           << Printable(file.event.parties[pair.offer].name) << "\n";
    for (const std::string& condition : unmet.clash) io.err << "  冲突：" << Printable(condition) << "\n";
  }
}

void TellReplan(const ReplanSummary& summary, const PlanOptions& options, const Io& io) {
  io.err << "改动 " << summary.changes << " 场，其中非改不可的 " << summary.forced << " 场；价值 "
         << Fixed(summary.value, 2) << "，不限改动时至多 " << Fixed(summary.value_bound, 2) << "；阻塞对 "
         << BeforeAndNow(summary.blocking_before, summary.blocking_now) << "\n";
  for (const std::string& pair : options.cancelled) io.err << "以后不再排：" << Printable(pair) << "\n";
}

absl::StatusOr<LateText> ParseLate(const std::string& text) {
  for (const std::string_view mark : {"=", "＝"}) {
    const size_t at = text.rfind(mark);
    if (at != std::string::npos) return LateText{text.substr(0, at), text.substr(at + mark.size())};
  }
  return absl::InvalidArgumentError("--late 写成 编号=能到的时段，如 O-03=S6：" + text);
}

absl::StatusOr<std::vector<std::string>> ParseLock(const std::string& text) {
  std::vector<std::string> parts = PartsOf(text);
  if (parts.size() < 3 || parts.size() > 4)
    return absl::InvalidArgumentError("--lock 写成 需求方,供给方,时段[,桌]，如 N-01,O-02,S6：" + text);
  return parts;
}

absl::StatusOr<std::vector<std::string>> ParseCancel(const std::string& text) {
  std::vector<std::string> parts = PartsOf(text);
  if (parts.size() != 2)
    return absl::InvalidArgumentError("--cancel 写成 需求方,供给方，如 N-01,O-02：" + text);
  return parts;
}

absl::Status CheckReplan(const PlanOptions& options) {
  for (const std::string& text : options.late) DX_RETURN_IF_ERROR(ParseLate(text).status());
  for (const std::string& text : options.locks) DX_RETURN_IF_ERROR(ParseLock(text).status());
  for (const std::string& text : options.cancelled) DX_RETURN_IF_ERROR(ParseCancel(text).status());
  return absl::OkStatus();
}

absl::StatusOr<plan::State> WantedState(const PlanOptions& options) {
  if (options.publish->parsed()) return plan::State::kPublished;
  if (options.start->parsed()) return plan::State::kRunning;
  if (options.close->parsed()) return plan::State::kClosed;
  constexpr std::pair<std::string_view, plan::State> kStates[] = {{"draft", plan::State::kDraft},
                                                                  {"published", plan::State::kPublished},
                                                                  {"running", plan::State::kRunning},
                                                                  {"closed", plan::State::kClosed}};
  for (const auto& [word, state] : kStates) {
    if (options.to == word || options.to == plan::StateWord(state)) return state;
  }
  return absl::InvalidArgumentError(
      "状态写 draft（草案）、published（已发布）、running（进行中）或 closed（已结束），中文英文都可以");
}

absl::Status CheckOutcome(const PlanOptions& options) {
  const v1::MeetingOutcome outcome = OutcomeOf(options.result);
  if (outcome == v1::MEETING_OUTCOME_UNSPECIFIED) {
    return absl::InvalidArgumentError("--result “" + options.result +
                                      "”不对：写 已会谈、意向、签约、拒绝 或 未到");
  }
  const bool refused = outcome == v1::MEETING_OUTCOME_REFUSED;
  const bool has_reason = ReasonOfWord(options.reason) != v1::REFUSAL_REASON_UNSPECIFIED;
  if (refused && !has_reason)
    return absl::InvalidArgumentError("--result 拒绝 要写 --reason，如 成熟度不足、无经费、条件不适应、其他");
  if (!refused && !options.reason.empty())
    return absl::InvalidArgumentError("--reason 只和 --result 拒绝 一起写");
  if (options.amount_wan != 0 && outcome != v1::MEETING_OUTCOME_SIGNED)
    return absl::InvalidArgumentError("--amount 只和 --result 签约 一起写");
  if (!(options.amount_wan >= 0 && options.amount_wan <= kAmountWanMax))  // so that NaN fails
    return absl::InvalidArgumentError("--amount 应为 0 到 100000000 万元");
  return absl::OkStatus();
}

}  // namespace dongxi::cli
