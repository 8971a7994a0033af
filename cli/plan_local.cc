#include "cli/plan_local.h"

#include <filesystem>

#include "cli/folder_lock.h"
#include "cli/plan/event_xlsx.h"
#include "cli/plan/folder.h"
#include "cli/plan/words.h"
#include "cli/plan_parts.h"
#include "cli/plan_progress.h"
#include "cli/table.h"
#include "engine/base/files.h"
#include "engine/base/status_macros.h"
#include "engine/plan/check.h"
#include "engine/plan/event_tables.h"
#include "engine/plan/planner.h"
#include "engine/plan/replan.h"

namespace dongxi::cli {
namespace {

namespace fs = std::filesystem;

// Names of the command line to places in the event.
class Namer {
 public:
  explicit Namer(const plan::Event& event) : event_(event) {}
  absl::StatusOr<int> Party(const std::string& id) const {
    return Look(event_.parties, id, "参会方；改法：编号见 schedule.xlsx 的“各方日程”");
  }
  absl::StatusOr<int> Slot(const std::string& id) const {
    return Look(event_.slots, id, "时段；改法：编号见 schedule.xlsx 的“总日程”");
  }
  absl::StatusOr<int> Table(const std::string& id) const {
    return Look(event_.tables, id, "桌；改法：编号见活动表的“桌位”");
  }
  absl::StatusOr<plan::Lock> Lock(const std::string& text) const {
    DX_ASSIGN_OR_RETURN(const std::vector<std::string> parts, ParseLock(text));
    plan::Lock lock{.pair = -1, .place = {"锁定", 0}};
    DX_ASSIGN_OR_RETURN(lock.pair, Pair(parts));
    DX_ASSIGN_OR_RETURN(lock.slot, Slot(parts[2]));
    if (parts.size() == 4) {
      DX_ASSIGN_OR_RETURN(lock.table, Table(parts[3]));
    }
    if (lock.pair < 0) return absl::InvalidArgumentError("锁定的两方没有配对，先写进表“配对”：" + text);
    return lock;
  }
  absl::StatusOr<int> Cancelled(const std::string& text) const {
    DX_ASSIGN_OR_RETURN(const std::vector<std::string> parts, ParseCancel(text));
    DX_ASSIGN_OR_RETURN(const int pair, Pair(parts));
    if (pair >= 0) return pair;
    return absl::InvalidArgumentError("取消的两方没有配对，本来就不会排。改法：核对编号，需求方写在前面：" +
                                      text);
  }

 private:
  // Of the need and the offer that come first; -1 if the event has no such pair.
  absl::StatusOr<int> Pair(const std::vector<std::string>& ids) const {
    DX_ASSIGN_OR_RETURN(const int need, Party(ids[0]));
    DX_ASSIGN_OR_RETURN(const int offer, Party(ids[1]));
    for (size_t i = 0; i < event_.pairs.size(); ++i) {
      if (event_.pairs[i].need == need && event_.pairs[i].offer == offer) return static_cast<int>(i);
    }
    return -1;
  }
  template <typename Items>
  static absl::StatusOr<int> Look(const Items& items, const std::string& id, const char* what_and_remedy) {
    for (size_t i = 0; i < items.size(); ++i) {
      if (items[i].id == id) return static_cast<int>(i);
    }
    return absl::InvalidArgumentError(std::string("没有编号是“") + id + "”的" + what_and_remedy);
  }
  const plan::Event& event_;
};

absl::StatusOr<plan::Incident> IncidentOf(const PlanOptions& options, const plan::PlanFile& file) {
  const Namer namer(file.event);
  plan::Incident incident{.changes_max = options.changes_max, .earlier = file.absences};
  if (options.now.empty()) {
    DX_ASSIGN_OR_RETURN(incident.now, NowUnsaid(file));
  } else {
    DX_ASSIGN_OR_RETURN(incident.now, namer.Slot(options.now));
  }
  for (const std::string& id : options.no_shows) {
    DX_ASSIGN_OR_RETURN(const int party, namer.Party(id));
    incident.away.push_back({party, incident.now});
  }
  for (const std::string& text : options.late) {
    DX_ASSIGN_OR_RETURN(const LateText late, ParseLate(text));
    DX_ASSIGN_OR_RETURN(const int party, namer.Party(late.party));
    DX_ASSIGN_OR_RETURN(const int slot, namer.Slot(late.slot));
    incident.away.push_back({party, incident.now, slot});
    incident.back.push_back({party, slot});
  }
  for (const std::string& text : options.locks) {
    DX_ASSIGN_OR_RETURN(plan::Lock lock, namer.Lock(text));
    incident.locks.push_back(lock);
  }
  for (const std::string& text : options.cancelled) {
    DX_ASSIGN_OR_RETURN(const int pair, namer.Cancelled(text));
    incident.cancelled.push_back(pair);
  }
  return incident;
}

// What somebody noted in another plan, in --out, is not to be lost. The plan itself is written back.
absl::Status MayReplanInto(const fs::path& from, const PlanOptions& options) {
  std::error_code ignored;
  if (options.preview || options.out.empty() || fs::equivalent(from, options.out, ignored))
    return absl::OkStatus();
  return MayOverwrite(options);
}

// With the progress shown to who waits.
absl::StatusOr<plan::Plan> MakeShown(const plan::Event& event, const Io& io) {
  PlanProgress progress(io);
  plan::PlanOptions options;
  options.step = [&progress](double share, std::string_view step) {
    progress.Show(share, step);
    return true;
  };
  return MakePlan(event, options);
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
             {"id": "N-02", "name": "示例县农业合作社", "side": "需求方", "title": "牦牛乳保鲜", "region": "青海海西", "protected": "是", "min": "1", "slots": "S1~S2"},
             {"id": "O-01", "name": "示例化工研究院", "side": "供给方", "title": "吸附提锂中试线", "region": "湖北武汉", "members": "王教授、赵工"},
             {"id": "O-02", "name": "王教授", "side": "供给方", "title": "盐湖化学", "region": "湖北武汉", "members": "王教授",
              "institution": "示例化工研究院"},
             {"id": "O-03", "name": "示例食品大学", "side": "供给方", "title": "乳品工程", "absent": "S1", "online": "是"}],
 "pairs": [{"need": "N-01", "offer": "O-01", "score": "0.86", "reason": "同做盐湖卤水吸附提锂"},
           {"need": "N-01", "offer": "O-02", "score": "0.71", "history": "延续"},
           {"need": "N-02", "offer": "O-03", "score": "0.64"}, {"need": "N-01", "offer": "O-03", "score": "0.21"}],
 "requests": [{"from": "N-01", "to": "O-01", "wish": "必见"}, {"from": "O-03", "to": "N-02", "wish": "想见"},
              {"from": "O-02", "to": "N-02", "wish": "不见", "by": "组织方"}],
 "locks": [{"need": "N-01", "offer": "O-02", "slot": "S2", "table": "A2"}],
 "sessions": [{"id": "R-1", "name": "盐湖专题路演", "kind": "路演", "slot": "S3", "participants": "O-01", "invited": "N-01、N-02", "capacity": "20"}],
 "quotas": [{"kind": "地区", "group": "青海海西", "side": "需求方", "min": "2"}, {"kind": "地区", "group": "湖北", "max": "40"},
            {"kind": "单位", "group": "示例化工研究院", "max": "6"}]})";

}  // namespace

int MakeLocalPlan(const PlanOptions& options, const Io& io) {
  if (options.out.empty()) {
    io.err << "dongxi plan: 不用服务时要写 --out：排好的日程写到哪个文件夹\n";
    return kExitUsage;
  }
  absl::StatusOr<plan::Event> event = ReadEvent(options, io);
  if (!event.ok()) return FailPlan(event.status(), io);
  if (const absl::Status may = MayOverwrite(options); !may.ok()) return FailPlan(may, io);
  absl::StatusOr<plan::Plan> plan = MakeShown(*event, io);
  if (!plan.ok()) return FailPlan(plan.status(), io);
  const absl::StatusOr<FolderLock> lock = LockFolder(options.out, io.err);
  if (!lock.ok()) return FailPlan(lock.status(), io);
  // Planning takes its time: what was a draft before may be published by now.
  if (const absl::Status may = MayOverwrite(options); !may.ok()) return FailPlan(may, io);
  // Who has the calendars of the plan that was there takes over these only with a later revision.
  const absl::StatusOr<plan::PlanFile> before = ReadPlanFolder(options.out);
  const plan::PlanFile file{.event = *std::move(event),
                            .plan = *std::move(plan),
                            .revision = before.ok() ? before->revision + before->sequence_ahead + 1 : 1};
  const absl::Status written = WritePlanFolder(file, options.out, before.ok() ? &*before : nullptr);
  if (!written.ok()) return FailPlan(written, io);
  Summarise(file, io);
  io.out << options.out << "\n";
  return kExitOk;
}

int CheckLocalPlan(const PlanOptions& options, const Io& io) {
  const absl::StatusOr<plan::PlanFile> file = ReadPlanFolder(options.plan);
  if (!file.ok()) return FailPlan(file.status(), io);
  if (!ShowProblems(Validate(file->event), io)) return kExitFailed;
  const std::vector<plan::Violation> violations = CheckPlan(file->event, file->plan);
  for (const plan::Violation& violation : violations) io.err << "违反：" << Printable(violation.text) << "\n";
  if (!violations.empty()) return kExitFailed;
  io.out << "通过：" << file->plan.meetings.size() << " 场会谈，没有违反任何规则\n";
  return kExitOk;
}

int ShowLocalPlan(const PlanOptions& options, const Io& io) {
  const absl::StatusOr<plan::PlanFile> file = ReadPlanFolder(options.plan);
  if (!file.ok()) return FailPlan(file.status(), io);
  Summarise(*file, io);
  io.out << plan::StateWord(file->state) << "，第 " << file->revision << " 版，" << file->plan.meetings.size()
         << " 场会谈\n";
  return kExitOk;
}

int ReplanLocally(const PlanOptions& options, const Io& io) {
  if (const absl::Status form = CheckReplan(options); !form.ok()) {
    FailPlan(form, io);
    return kExitUsage;
  }
  const fs::path from = PlanFolderOf(options.plan);
  const fs::path out = options.out.empty() ? from : fs::path(options.out);
  const absl::StatusOr<FolderLock> lock = options.preview ? FolderLock() : LockFolder(out, io.err);
  if (!lock.ok()) return FailPlan(lock.status(), io);
  if (const absl::Status may = MayReplanInto(from, options); !may.ok()) return FailPlan(may, io);
  absl::StatusOr<plan::PlanFile> file = ReadPlanFolder(options.plan);
  if (!file.ok()) return FailPlan(file.status(), io);
  if (file->state == plan::State::kClosed)
    return FailPlan(absl::FailedPreconditionError("计划已结束，不能重排"), io);
  const absl::StatusOr<plan::Incident> incident = IncidentOf(options, *file);
  if (!incident.ok()) return FailPlan(incident.status(), io);
  if (options.now.empty() && incident->now > 0)
    io.err << "没有写 --now，按上次重排的 " << Printable(file->event.slots[incident->now].id) << " 算现在\n";
  if (const absl::Status late = CheckLateArrivals(file->event, *incident); !late.ok())
    return FailPlan(late, io);
  absl::StatusOr<plan::Replanned> now = Replan(file->event, file->plan, *incident);
  if (!now.ok()) return FailPlan(now.status(), io);
  plan::PlanFile next = NextRevision(*file, *now);
  next.sequence_ahead = file->sequence_ahead;
  if (!options.preview) {
    const absl::Status written = WritePlanFolder(next, out, &*file, from);
    if (!written.ok()) return FailPlan(written, io);
  }
  TellReplan({.changes = static_cast<int>(now->changes.size()),
              .forced = now->forced,
              .value = now->plan.figures.value,
              .value_bound = now->value_bound,
              .blocking_before = file->plan.figures.blocking_pairs,
              .blocking_now = now->plan.figures.blocking_pairs},
             options, io);
  for (const std::string& change : next.changes) io.err << Printable(change) << "\n";
  io.out << (options.preview ? "只看，没有写" : out.string()) << "\n";
  return kExitOk;
}

int MoveLocalPlan(const PlanOptions& options, const Io& io) {
  const absl::StatusOr<plan::State> to = WantedState(options);
  if (!to.ok()) {
    FailPlan(to.status(), io);
    return kExitUsage;
  }
  const fs::path folder = PlanFolderOf(options.plan);
  const absl::StatusOr<FolderLock> lock = LockFolder(folder, io.err);
  if (!lock.ok()) return FailPlan(lock.status(), io);
  absl::StatusOr<plan::PlanFile> file = ReadPlanFolder(options.plan);
  if (!file.ok()) return FailPlan(file.status(), io);
  absl::Status status = Advance(*to, *file);
  file->served.clear();  // the server's plan is another from here on
  if (status.ok()) status = WritePlanState(*file, folder);
  if (!status.ok()) return FailPlan(status, io);
  io.out << plan::StateWord(file->state) << "\n";
  return kExitOk;
}

int RecordLocalOutcome(const PlanOptions& options, const Io& io) {
  if (const absl::Status checked = CheckOutcome(options); !checked.ok()) {
    FailPlan(checked, io);
    return kExitUsage;
  }
  const fs::path folder = PlanFolderOf(options.plan);
  const absl::StatusOr<FolderLock> lock = LockFolder(folder, io.err);
  if (!lock.ok()) return FailPlan(lock.status(), io);
  absl::StatusOr<plan::PlanFile> file = ReadPlanFolder(options.plan);
  if (!file.ok()) return FailPlan(file.status(), io);
  absl::Status status = RecordOutcome(
      options.need, options.offer, {options.result, options.reason, options.amount_wan, options.note}, *file);
  file->served.clear();  // the server's plan is another from here on
  if (status.ok()) status = WritePlanFile(*file, folder);
  const fs::path engagements = EngagementsFileOf(folder);
  if (status.ok()) status = WriteFileAtomically(engagements, EngagementsToJson(*file));
  if (!status.ok()) return FailPlan(status, io);
  size_t superseded = 0;
  for (const plan::Meeting& meeting : file->plan.meetings) superseded += meeting.superseded.size();
  if (superseded > 0)
    io.err << "台账里有 " << superseded << " 条与现在的结果不符，下次 dongxi plan outcomes 时撤回\n";
  io.out << engagements.string() << "\n";
  return kExitOk;
}

int WritePlanTemplate(const PlanOptions& options, const Io& io) {
  const bool is_json = fs::path(options.out).extension() == ".json";
  const absl::StatusOr<plan::EventTables> example = plan::TablesFromJson(kExampleEvent);
  if (!example.ok()) return FailPlan(example.status(), io);
  const absl::Status status = is_json ? WriteFileAtomically(options.out, plan::TablesToJson(*example))
                                      : WriteEventXlsx(*example, options.out);
  if (!status.ok()) return FailPlan(status, io);
  io.out << options.out << "\n";
  return kExitOk;
}

}  // namespace dongxi::cli
