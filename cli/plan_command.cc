#include "cli/plan_command.h"

#include <CLI/CLI.hpp>
#include <filesystem>
#include <map>

#include "absl/strings/str_cat.h"
#include "cli/plan/event_xlsx.h"
#include "cli/plan/folder.h"
#include "cli/plan/report_pairs.h"
#include "cli/plan/words.h"
#include "cli/table.h"
#include "engine/base/files.h"
#include "engine/base/status_macros.h"
#include "engine/plan/check.h"
#include "engine/plan/planner.h"
#include "engine/plan/replan.h"

namespace dongxi::cli {
namespace {

namespace fs = std::filesystem;

constexpr size_t kProblemsShown = 20;
constexpr char kExamples[] =
    "例：\n"
    "  dongxi plan template --out 对接会.xlsx          # 模板；后缀写 .json 得 JSON\n"
    "  dongxi plan make 对接会.xlsx --out 日程          # 排日程，写出 XLSX、PDF、ICS、JSON\n"
    "  dongxi plan make 对接会.xlsx --report 报告 --out 日程   # 候选配对取自匹配报告\n"
    "  dongxi plan check 日程                          # 用独立的检查程序再验一遍\n"
    "  dongxi plan state 日程 published\n"
    "  dongxi plan replan 日程 --now S5 --no-show O-03 --late N-02=S7 --max-changes 12 --out 日程2\n"
    "  dongxi plan outcome 日程 --need N-01 --offer O-03 --result 意向 --note 十二月互访\n"
    "不需要服务。输入与输出的说明见 docs/planning.md。";

CLI::App* Sub(CLI::App& command, const char* name, const char* help) {
  CLI::App* sub = command.add_subcommand(name, help);
  sub->set_help_flag("-h,--help", "显示用法");
  return sub;
}

void DefineReplan(CLI::App& command, PlanOptions& options) {
  options.replan = Sub(command, "replan", "缺席、迟到或锁定之后，尽量少改地重排");
  options.replan->add_option("folder", options.folder, "计划的文件夹")->required()->type_name("DIR");
  options.replan->add_option("--now", options.now, "现在的时段；之前的会谈都不动")->type_name("SLOT");
  options.replan->add_option("--no-show", options.no_shows, "从现在起不来的参会方（编号，可多次）")
      ->type_name("ID");
  options.replan->add_option("--late", options.late, "迟到：编号=能到的时段")->type_name("ID=SLOT");
  options.replan->add_option("--lock", options.locks, "锁定：需求方,供给方,时段[,桌]")->type_name("N,O,SLOT");
  options.replan->add_option("--max-changes", options.changes_max, "最多改几场；不写就尽量少改")
      ->type_name("N");
  options.replan->add_option("--out", options.out, "写到哪个文件夹；不写就写回原处")->type_name("DIR");
}

// Messages of problems; false if one of them is fatal.
bool ShowProblems(const std::vector<plan::Problem>& problems, const Io& io) {
  size_t shown = 0;
  for (const plan::Problem& problem : problems) {
    if (shown++ == kProblemsShown) {
      io.err << "……还有 " << problems.size() - kProblemsShown << " 条\n";
      break;
    }
    io.err << (problem.fatal ? "错误：" : "提醒：") << Printable(problem.Text()) << "\n";
  }
  return !plan::HasFatal(problems);
}

absl::StatusOr<plan::EventTables> ReadInput(const std::string& file, std::vector<plan::Problem>* problems) {
  DX_ASSIGN_OR_RETURN(const std::string bytes, ReadFile(file, plan::kEventBytesMax));
  const bool is_json = fs::path(file).extension() == ".json";
  absl::StatusOr<plan::EventTables> tables =
      is_json ? plan::TablesFromJson(bytes) : ReadEventXlsx(bytes, problems);
  if (!tables.ok()) return absl::InvalidArgumentError(file + "：" + std::string(tables.status().message()));
  return tables;
}

// What several files say, one after the other.
absl::StatusOr<plan::EventTables> ReadInputs(const PlanOptions& options,
                                             std::vector<plan::Problem>* problems) {
  plan::EventTables tables;
  for (const std::string& file : options.inputs) {
    DX_ASSIGN_OR_RETURN(plan::EventTables more, ReadInput(file, problems));
    for (auto& [sheet, rows] : more) {
      std::vector<plan::EventRow>& all = tables[sheet];
      all.insert(all.end(), std::make_move_iterator(rows.begin()), std::make_move_iterator(rows.end()));
    }
  }
  if (options.report.empty()) return tables;
  fs::path report = options.report;
  std::error_code ignored;
  if (fs::is_directory(report, ignored)) report /= "report.json";
  DX_ASSIGN_OR_RETURN(const std::string json, ReadFile(report, size_t{512} << 20));
  DX_RETURN_IF_ERROR(AddReport(json, &tables));
  return tables;
}

void Summarise(const plan::PlanFile& file, const std::string& folder, const Io& io) {
  for (const auto& [name, value] : FigureWords(file.plan.figures)) io.err << name << "：" << value << "\n";
  if (!file.plan.curve.empty()) io.err << "价值与公平（可用 --fair-share 改上限）：\n";
  for (const plan::FairnessPoint& point : file.plan.curve) {
    io.err << "  权重 " << Fixed(point.weight, 2) << "：价值 " << Percent(point.value_share) << "，最少一方 "
           << point.worst_off << " 场，没有会谈 " << point.without_meeting << " 方，基尼 "
           << Fixed(point.gini, 3) << (point.chosen ? "  ← 采用" : "") << "\n";
  }
  for (const plan::Price& price : file.plan.prices) {
    io.err << "再加" << price.of << "：价值 +" << Fixed(price.value, 2) << "，会谈 "
           << (price.meetings < 0 ? "" : "+") << price.meetings << " 场\n";
  }
  for (const plan::UnmetMust& unmet : file.plan.unmet) {
    const plan::Pair& pair = file.event.pairs[unmet.pair];
    io.err << "排不进的必见：" << Printable(file.event.parties[pair.need].name) << " × "
           << Printable(file.event.parties[pair.offer].name) << "\n";
    for (const std::string& condition : unmet.clash) io.err << "  冲突：" << Printable(condition) << "\n";
  }
  io.out << folder << "\n";
}

int Fails(const absl::Status& status, const Io& io) {
  io.err << "dongxi plan: " << Printable(std::string(status.message())) << "\n";
  return kExitFailed;
}

int RunMake(const PlanOptions& options, const Io& io) {
  std::vector<plan::Problem> problems;
  absl::StatusOr<plan::EventTables> tables = ReadInputs(options, &problems);
  if (!tables.ok()) return Fails(tables.status(), io);
  plan::PlanFile file{.event = DecodeEvent(*tables, &problems)};
  if (!plan::HasFatal(problems)) {
    const std::vector<plan::Problem> more = Validate(file.event);
    problems.insert(problems.end(), more.begin(), more.end());
  }
  if (!ShowProblems(problems, io)) return kExitFailed;
  if (options.fair_percent >= 0) file.event.settings.fair_share_max = options.fair_percent / 100;
  std::error_code ignored;
  if (!options.force && fs::exists(fs::path(options.out) / "plan.json", ignored)) {
    const absl::StatusOr<plan::PlanFile> before = ReadPlanFolder(options.out);
    if (before.ok() && before->state != plan::State::kDraft) {
      return Fails(
          absl::FailedPreconditionError("那里的计划" + std::string(plan::StateWord(before->state)) +
                                        "，不覆盖；改用 dongxi plan replan，或换一个 --out，或加 --force"),
          io);
    }
  }
  absl::StatusOr<plan::Plan> plan = plan::MakePlan(file.event);
  if (!plan.ok()) return Fails(plan.status(), io);
  file.plan = *std::move(plan);
  const absl::Status written = WritePlanFolder(file, options.out);
  if (!written.ok()) return Fails(written, io);
  Summarise(file, options.out, io);
  return kExitOk;
}

int RunCheck(const PlanOptions& options, const Io& io) {
  const absl::StatusOr<plan::PlanFile> file = ReadPlanFolder(options.folder);
  if (!file.ok()) return Fails(file.status(), io);
  if (!ShowProblems(Validate(file->event), io)) return kExitFailed;
  const std::vector<plan::Violation> violations = CheckPlan(file->event, file->plan);
  for (const plan::Violation& violation : violations) io.err << "违反：" << Printable(violation.text) << "\n";
  if (!violations.empty()) return kExitFailed;
  io.out << "通过：" << file->plan.meetings.size() << " 场会谈，没有违反任何规则\n";
  return kExitOk;
}

// Names of the command line to places in the event.
class Namer {
 public:
  explicit Namer(const plan::Event& event) : event_(event) {}
  absl::StatusOr<int> Party(const std::string& id) const { return Look(event_.parties, id, "参会方"); }
  absl::StatusOr<int> Slot(const std::string& id) const { return Look(event_.slots, id, "时段"); }
  absl::StatusOr<int> Table(const std::string& id) const { return Look(event_.tables, id, "桌"); }
  absl::StatusOr<plan::Lock> Lock(const std::string& text) const {
    const std::vector<std::string> parts = CLI::detail::split(text, ',');
    if (parts.size() < 3 || parts.size() > 4) {
      return absl::InvalidArgumentError("--lock 写成 需求方,供给方,时段[,桌]：" + text);
    }
    plan::Lock lock{.pair = -1, .place = {"锁定", 0}};
    DX_ASSIGN_OR_RETURN(const int need, Party(parts[0]));
    DX_ASSIGN_OR_RETURN(const int offer, Party(parts[1]));
    DX_ASSIGN_OR_RETURN(lock.slot, Slot(parts[2]));
    if (parts.size() == 4) {
      DX_ASSIGN_OR_RETURN(lock.table, Table(parts[3]));
    }
    for (size_t i = 0; i < event_.pairs.size(); ++i) {
      if (event_.pairs[i].need == need && event_.pairs[i].offer == offer) lock.pair = static_cast<int>(i);
    }
    if (lock.pair < 0) return absl::InvalidArgumentError("锁定的两方没有配对，先写进表“配对”：" + text);
    return lock;
  }

 private:
  template <typename Items>
  static absl::StatusOr<int> Look(const Items& items, const std::string& id, const char* what) {
    for (size_t i = 0; i < items.size(); ++i) {
      if (items[i].id == id) return static_cast<int>(i);
    }
    return absl::InvalidArgumentError(std::string("没有编号是“") + id + "”的" + what);
  }
  const plan::Event& event_;
};

absl::StatusOr<plan::Incident> IncidentOf(const PlanOptions& options, const plan::Event& event) {
  const Namer namer(event);
  plan::Incident incident{.changes_max = options.changes_max};
  if (!options.now.empty()) {
    DX_ASSIGN_OR_RETURN(incident.now, namer.Slot(options.now));
  }
  for (const std::string& id : options.no_shows) {
    DX_ASSIGN_OR_RETURN(const int party, namer.Party(id));
    incident.away.push_back({party, incident.now});
  }
  for (const std::string& text : options.late) {
    const size_t mark = text.rfind('=');
    if (mark == std::string::npos) return absl::InvalidArgumentError("--late 写成 编号=能到的时段：" + text);
    DX_ASSIGN_OR_RETURN(const int party, namer.Party(text.substr(0, mark)));
    DX_ASSIGN_OR_RETURN(const int slot, namer.Slot(text.substr(mark + 1)));
    incident.away.push_back({party, incident.now, slot});
  }
  for (const std::string& text : options.locks) {
    DX_ASSIGN_OR_RETURN(plan::Lock lock, namer.Lock(text));
    incident.locks.push_back(lock);
  }
  return incident;
}

int RunReplan(const PlanOptions& options, const Io& io) {
  absl::StatusOr<plan::PlanFile> file = ReadPlanFolder(options.folder);
  if (!file.ok()) return Fails(file.status(), io);
  if (file->state == plan::State::kClosed)
    return Fails(absl::FailedPreconditionError("计划已结束，不能重排"), io);
  const absl::StatusOr<plan::Incident> incident = IncidentOf(options, file->event);
  if (!incident.ok()) return Fails(incident.status(), io);
  absl::StatusOr<plan::Replanned> now = Replan(file->event, file->plan, *incident);
  if (!now.ok()) return Fails(now.status(), io);
  plan::PlanFile next{
      .event = now->event, .plan = now->plan, .state = file->state, .revision = file->revision + 1};
  for (const plan::Change& change : now->changes) next.changes.push_back(ChangeText(now->event, change));
  std::string tell;
  for (const int party : now->tell) tell += (tell.empty() ? "" : "、") + now->event.parties[party].name;
  if (!tell.empty()) next.changes.push_back("要通知：" + tell);
  const std::string out = options.out.empty() ? options.folder : options.out;
  const absl::Status written = WritePlanFolder(next, out);
  if (!written.ok()) return Fails(written, io);
  io.err << "改动 " << now->changes.size() << " 场，其中非改不可的 " << now->forced << " 场；价值 "
         << Fixed(now->plan.figures.value, 2) << "，不限改动时至多 " << Fixed(now->value_bound, 2) << "\n";
  for (const std::string& change : next.changes) io.err << Printable(change) << "\n";
  io.out << out << "\n";
  return kExitOk;
}

int RunState(const PlanOptions& options, const Io& io) {
  static const std::map<std::string, plan::State> kStates = {{"draft", plan::State::kDraft},
                                                             {"published", plan::State::kPublished},
                                                             {"running", plan::State::kRunning},
                                                             {"closed", plan::State::kClosed}};
  const auto to = kStates.find(options.to);
  if (to == kStates.end()) {
    io.err << "dongxi plan: 状态写 draft、published、running 或 closed\n";
    return kExitUsage;
  }
  absl::StatusOr<plan::PlanFile> file = ReadPlanFolder(options.folder);
  if (!file.ok()) return Fails(file.status(), io);
  absl::Status status = Advance(to->second, *file);
  if (status.ok()) status = WritePlanFolder(*file, options.folder);
  if (!status.ok()) return Fails(status, io);
  io.out << plan::StateWord(file->state) << "\n";
  return kExitOk;
}

int RunOutcome(const PlanOptions& options, const Io& io) {
  absl::StatusOr<plan::PlanFile> file = ReadPlanFolder(options.folder);
  if (!file.ok()) return Fails(file.status(), io);
  absl::Status status = RecordOutcome(options.need, options.offer, options.result, options.note, *file);
  if (status.ok()) status = WritePlanFolder(*file, options.folder);
  const fs::path engagements = fs::path(options.folder) / "engagements.json";
  if (status.ok()) status = WriteFileAtomically(engagements, EngagementsToJson(*file));
  if (!status.ok()) return Fails(status, io);
  io.out << engagements.string() << "\n";
  return kExitOk;
}

// A small event that can be planned as it is, so that every sheet shows how it is filled.
constexpr char kExampleEvent[] = R"({
 "settings": [{"key": "活动名称", "value": "示例对接会"}, {"key": "地点", "value": "会展中心一层"}, {"key": "公平让利上限", "value": "2%"}],
 "slots": [{"id": "S1", "date": "2026-11-26", "begin": "09:00", "end": "09:25", "kind": "会谈"},
           {"id": "S2", "date": "2026-11-26", "begin": "09:30", "end": "09:55", "kind": "会谈"},
           {"id": "B1", "date": "2026-11-26", "begin": "09:55", "end": "10:10", "kind": "休息"},
           {"id": "S3", "date": "2026-11-26", "begin": "10:10", "end": "10:35", "kind": "会谈"}],
 "tables": [{"id": "A1", "name": "一层 A1", "seats": "6", "online": "是"}, {"id": "A2", "name": "一层 A2", "seats": "6"}],
 "parties": [{"id": "N-01", "name": "示例盐湖化工企业", "side": "需求方", "title": "高镁锂比卤水提锂吸附剂", "region": "青海海西",
              "members": "张工、李工", "max": "3"},
             {"id": "N-02", "name": "示例县农业合作社", "side": "需求方", "title": "牦牛乳保鲜", "protected": "是", "min": "1", "slots": "S1~S2"},
             {"id": "O-01", "name": "示例化工研究院", "side": "供给方", "title": "吸附提锂中试线", "members": "王教授、赵工"},
             {"id": "O-02", "name": "王教授", "side": "供给方", "title": "盐湖化学", "members": "王教授"},
             {"id": "O-03", "name": "示例食品大学", "side": "供给方", "title": "乳品工程", "absent": "S1", "online": "是"}],
 "pairs": [{"need": "N-01", "offer": "O-01", "score": "0.86", "reason": "同做盐湖卤水吸附提锂"},
           {"need": "N-01", "offer": "O-02", "score": "0.71", "history": "延续"},
           {"need": "N-02", "offer": "O-03", "score": "0.64"}, {"need": "N-01", "offer": "O-03", "score": "0.21"}],
 "requests": [{"from": "N-01", "to": "O-01", "wish": "必见"}, {"from": "O-03", "to": "N-02", "wish": "想见"},
              {"from": "O-02", "to": "N-02", "wish": "不见", "by": "组织方"}],
 "locks": [{"need": "N-01", "offer": "O-02", "slot": "S2", "table": "A2"}],
 "sessions": [{"id": "R-1", "name": "盐湖专题路演", "kind": "路演", "slot": "S3", "participants": "O-01", "invited": "N-01、N-02", "capacity": "20"}]})";

int RunTemplate(const PlanOptions& options, const Io& io) {
  const bool is_json = fs::path(options.out).extension() == ".json";
  const absl::StatusOr<plan::EventTables> example = plan::TablesFromJson(kExampleEvent);
  if (!example.ok()) return Fails(example.status(), io);
  const absl::Status status = is_json ? WriteFileAtomically(options.out, plan::TablesToJson(*example))
                                      : WriteEventXlsx(*example, options.out);
  if (!status.ok()) return Fails(status, io);
  io.out << options.out << "\n";
  return kExitOk;
}

}  // namespace

CLI::App* AddPlanCommand(CLI::App& app, PlanOptions& options) {
  CLI::App* command =
      app.add_subcommand("plan", "排一对一会谈的日程：最优或带差距证明，公平，可打印（不需要服务）");
  command->require_subcommand(1);
  options.make = Sub(*command, "make", "从表格排出日程，写到一个文件夹");
  options.make->add_option("inputs", options.inputs, "活动的 .xlsx 或 .json，可以几个")->type_name("FILE");
  options.make->add_option("--report", options.report, "匹配报告的文件夹或 JSON：候选配对取自它")
      ->type_name("DIR");
  options.make->add_option("--out", options.out, "写到哪个文件夹")->required()->type_name("DIR");
  options.make
      ->add_option("--fair-share", options.fair_percent, "公平最多可让出价值的百分之几；不写按表，默认 2")
      ->type_name("PERCENT")
      ->check(CLI::Range(0.0, 100.0));
  options.make->add_flag("--force", options.force, "覆盖已发布的计划");
  options.check = Sub(*command, "check", "检查一个计划是否守住所有规则");
  options.check->add_option("folder", options.folder, "计划的文件夹或 plan.json")
      ->required()
      ->type_name("DIR");
  DefineReplan(*command, options);
  options.state = Sub(*command, "state", "改状态：published、running、closed，或退回 draft");
  options.state->add_option("folder", options.folder, "计划的文件夹")->required()->type_name("DIR");
  options.state->add_option("to", options.to, "新状态")->required()->type_name("STATE");
  options.outcome = Sub(*command, "outcome", "记一场会谈的结果，并导出 engagements.json");
  options.outcome->add_option("folder", options.folder, "计划的文件夹")->required()->type_name("DIR");
  options.outcome->add_option("--need", options.need, "需求方编号")->required()->type_name("ID");
  options.outcome->add_option("--offer", options.offer, "供给方编号")->required()->type_name("ID");
  options.outcome->add_option("--result", options.result, "如 已会谈、意向、签约、未到")
      ->required()
      ->type_name("TEXT");
  options.outcome->add_option("--note", options.note, "备注")->type_name("TEXT");
  options.template_ = Sub(*command, "template", "写一个模板（.xlsx 或 .json），里面的示例可以直接排");
  options.template_->add_option("--out", options.out, "写到哪个文件")->required()->type_name("FILE");
  command->footer(kExamples);
  return command;
}

int RunPlan(const PlanOptions& options, const Io& io) {
  if (options.make->parsed()) return RunMake(options, io);
  if (options.check->parsed()) return RunCheck(options, io);
  if (options.replan->parsed()) return RunReplan(options, io);
  if (options.state->parsed()) return RunState(options, io);
  if (options.outcome->parsed()) return RunOutcome(options, io);
  return RunTemplate(options, io);
}

}  // namespace dongxi::cli
