#include "cli/plan_server.h"

#include <grpcpp/channel.h>

#include <algorithm>
#include <filesystem>
#include <vector>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "cli/call_service.h"
#include "cli/folder_lock.h"
#include "cli/operation_wait.h"
#include "cli/plan/folder.h"
#include "cli/plan/words.h"
#include "cli/plan_parts.h"
#include "cli/table.h"
#include "dongxi/v1/plan.grpc.pb.h"
#include "engine/base/files.h"
#include "engine/base/status_macros.h"
#include "engine/plan/replan_changes.h"
#include "proto/convert/plan_message.h"

namespace dongxi::cli {
namespace {

constexpr int kEntriesACall = 500;
constexpr int kPageSize = 200;
constexpr size_t kRequestBytesMax = size_t{8} << 20;  // that a server takes: server/limits.h

using Stub = v1::PlanService::Stub;

absl::StatusOr<plan::PlanFile> Fetch(const Client& client, const std::string& name) {
  v1::GetPlanRequest request;
  request.set_name(name);
  DX_ASSIGN_OR_RETURN(const v1::Plan plan, CallService<v1::PlanService>(client, &Stub::GetPlan, request));
  return PlanFileOf(plan);
}

// The server's transport would only say that a message is too large.
absl::Status FitsOneMessage(const v1::MakePlanRequest& request) {
  const size_t bytes = request.ByteSizeLong();
  if (bytes <= kRequestBytesMax) return absl::OkStatus();
  return absl::InvalidArgumentError("配对太多，服务一次收不下：" +
                                    std::to_string(request.event().pairs_size()) + " 对，活动共 " +
                                    Fixed(static_cast<double>(bytes) / (1 << 20), 1) +
                                    " MiB，服务最多收 8 MiB（报告带入的配对约 5 万对），没有送。改法：不加 "
                                    "--server，在本机排（要写 --out）；"
                                    "或做报告时改小 --top，少带些配对");
}

absl::StatusOr<std::string> Make(const Client& client, const PlanOptions& options, const Io& io) {
  DX_ASSIGN_OR_RETURN(const plan::Event event, ReadEvent(options, io));
  v1::MakePlanRequest request;
  *request.mutable_event() = EventMessageOf(event);
  DX_RETURN_IF_ERROR(FitsOneMessage(request));
  DX_ASSIGN_OR_RETURN(google::longrunning::Operation operation,
                      CallService<v1::PlanService>(client, &Stub::MakePlan, request));
  DX_ASSIGN_OR_RETURN(operation, WaitForOperation(client, std::move(operation), io));
  v1::Plan plan;
  if (!operation.response().UnpackTo(&plan))
    return absl::InternalError("服务的回答读不懂：" + operation.response().type_url());
  return plan.name();
}

// To --out, unless a plan is there that is not to be lost. Calendars cancel what those of the folder have,
// which may be older than `before`: in between somebody may have replanned on the server alone. `before`
// counts where the folder has no copy of this plan, and another plan that lay there where that is null too.
absl::Status WriteCopy(plan::PlanFile& file, const PlanOptions& options, const plan::PlanFile* before,
                       const Io& io) {
  DX_ASSIGN_OR_RETURN(const FolderLock lock, LockFolder(options.out, io.err));
  DX_RETURN_IF_ERROR(MayOverwrite(options, file.served));
  const absl::StatusOr<plan::PlanFile> there = ReadPlanFolder(options.out);
  if (!there.ok()) return WritePlanFolder(file, options.out, before);
  const bool is_copy = there->served == file.served;
  // Who has the calendars of another plan takes over these only with a later SEQUENCE.
  file.sequence_ahead = is_copy ? there->sequence_ahead
                                : std::max(0, there->revision + there->sequence_ahead + 1 - file.revision);
  return WritePlanFolder(file, options.out, is_copy || before == nullptr ? &*there : before);
}

// Figures to `io.err`, beside those of `before` (may be null), files to --out if it is given; calendars
// cancel what was in `before`.
int Show(const Client& client, const std::string& name, const PlanOptions& options, const Io& io,
         const plan::PlanFile* before = nullptr) {
  absl::StatusOr<plan::PlanFile> file = Fetch(client, name);
  if (!file.ok()) return FailPlan(file.status(), io);
  file->served = name;
  if (!options.out.empty()) {
    const absl::Status written = WriteCopy(*file, options, before, io);
    if (!written.ok()) return FailPlan(written, io);
  }
  Summarise(*file, io, before == nullptr ? nullptr : &before->plan.figures);
  io.out << Printable(name) << "  " << plan::StateWord(file->state) << "，第 " << file->revision << " 版，"
         << file->plan.meetings.size() << " 场会谈\n";
  return kExitOk;
}

absl::StatusOr<v1::ReplanRequest> ReplanRequestOf(const PlanOptions& options) {
  v1::ReplanRequest request;
  request.set_name(options.plan);
  request.set_now(options.now);
  request.set_validate_only(options.preview);
  if (options.changes_max >= 0) request.set_max_changes(options.changes_max);
  for (const std::string& id : options.no_shows) request.add_absences()->set_party(id);
  for (const std::string& text : options.late) {
    DX_ASSIGN_OR_RETURN(const LateText late, ParseLate(text));
    v1::PlanAbsence& absence = *request.add_absences();
    absence.set_party(late.party);
    absence.set_to(late.slot);
  }
  for (const std::string& text : options.locks) {
    DX_ASSIGN_OR_RETURN(const std::vector<std::string> parts, ParseLock(text));
    v1::PlanLock& lock = *request.add_locks();
    lock.set_need(parts[0]);
    lock.set_offer(parts[1]);
    lock.set_slot(parts[2]);
    if (parts.size() == 4) lock.set_table(parts[3]);
  }
  for (const std::string& text : options.cancelled) {
    DX_ASSIGN_OR_RETURN(const std::vector<std::string> parts, ParseCancel(text));
    v1::PlanCancellation& cancelled = *request.add_cancelled();
    cancelled.set_need(parts[0]);
    cancelled.set_offer(parts[1]);
  }
  return request;
}

template <typename Request>
absl::StatusOr<v1::Plan> Move(const Client& client,
                              grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, v1::Plan*),
                              const std::string& name) {
  Request request;
  request.set_name(name);
  return CallService<v1::PlanService>(client, method, request);
}

int64_t BeginOf(const plan::Event& event, int slot) {
  const plan::Slot& at = event.slots[slot];
  absl::CivilDay day;
  if (!absl::ParseCivilTime(at.date, &day)) return 0;
  const absl::TimeZone zone = absl::FixedTimeZone(event.settings.utc_offset_minutes * 60);
  return absl::ToUnixSeconds(absl::FromCivil(absl::CivilMinute(day) + at.begin_minute, zone));
}

// What became of an entry, sent once more without its match if that is too late or forgotten: that the two
// met stays true.
v1::EngagementOutcome SentAnyway(const Client& client, v1::RecordEngagementRequest request,
                                 const v1::EngagementOutcome& outcome, const Io& io) {
  if (outcome.reason() != "MATCH_AFTER_EVENT" && outcome.reason() != "MATCH_NOT_FOUND") return outcome;
  io.err << "注意：不带匹配编号登记：" << Printable(outcome.message()) << "\n";
  request.mutable_engagement()->clear_match_id();
  v1::BatchRecordEngagementsRequest one;
  *one.add_requests() = request;
  grpc::ClientContext context;
  client.Prepare(&context);
  v1::BatchRecordEngagementsResponse response;
  const grpc::Status status =
      v1::EngagementService::NewStub(client.channel())->BatchRecordEngagements(&context, one, &response);
  return status.ok() && response.outcomes_size() == 1 ? response.outcomes(0) : outcome;
}

// The entries that a folder's outcomes are, and which meeting each is of.
struct Outgoing {
  std::vector<v1::RecordEngagementRequest> entries;
  std::vector<size_t> meeting;
  int left_out = 0;
};

Outgoing OutgoingOf(const plan::PlanFile& file, const Io& io) {
  Outgoing all;
  for (size_t m = 0; m < file.plan.meetings.size(); ++m) {
    const plan::Meeting& meeting = file.plan.meetings[m];
    // Beside entries that contradict them, new ones would be refused, or worse.
    if (!meeting.superseded.empty()) {
      ++all.left_out;
      continue;
    }
    if (meeting.outcome.empty() || meeting.outcome == WordOf(v1::MEETING_OUTCOME_NO_SHOW)) continue;
    const plan::Pair& pair = file.event.pairs[meeting.pair];
    const plan::Party& need = file.event.parties[pair.need];
    const plan::Party& offer = file.event.parties[pair.offer];
    const v1::MeetingOutcome outcome = OutcomeOf(meeting.outcome);
    const std::vector<v1::EngagementStep> steps = StepsOf(outcome);
    const std::string& offer_record = pair.record.empty() ? offer.record : pair.record;
    if (steps.empty() || need.record.empty() || offer_record.empty()) {
      io.err << "没有送：" << Printable(need.id + " × " + offer.id) << "，"
             << (steps.empty() ? "结果“" + Printable(meeting.outcome) + "”不是台账里的一步"
                               : std::string("有一方没有目录名称（表“参会方”的列“目录名称”）"))
             << "\n";
      ++all.left_out;
      continue;
    }
    for (const v1::EngagementStep step : steps) {
      v1::Engagement& entry = *all.entries.emplace_back().mutable_engagement();
      all.meeting.push_back(m);
      entry.set_match_id(pair.match_id);
      entry.set_need(need.record);
      entry.set_offer(offer_record);
      entry.set_step(step);
      entry.mutable_event_time()->set_seconds(BeginOf(file.event, meeting.slot));
      if (step == steps.back()) entry.set_note(meeting.note);
      if (step == v1::ENGAGEMENT_STEP_REFUSED) entry.set_refusal_reason(ReasonOfWord(meeting.reason));
      if (step == v1::ENGAGEMENT_STEP_SIGNED && meeting.amount_wan > 0)
        entry.set_amount_wan(meeting.amount_wan);
    }
  }
  return all;
}

struct Sent {
  int created = 0, unchanged = 0, refused = 0, withdrawn = 0;
};

// Takes back what earlier outcomes of the plan made. What somebody corrected in the ledger himself holds.
// Errors: those that concern every call; others are said and the entry stays superseded.
absl::Status WithdrawSuperseded(const Client& client, plan::PlanFile* file, Sent* sent, const Io& io) {
  const auto stub = v1::EngagementService::NewStub(client.channel());
  for (plan::Meeting& meeting : file->plan.meetings) {
    std::vector<std::string> left;
    absl::Status broken;
    for (const std::string& name : meeting.superseded) {
      v1::CorrectEngagementRequest request;
      request.set_name(name);
      request.set_withdraw(true);
      request.set_why("会谈结果更正：计划里现在是“" +
                      (meeting.outcome.empty() ? "未到，另排时段" : meeting.outcome) + "”");
      grpc::ClientContext context;
      client.Prepare(&context);
      v1::RecordEngagementResponse response;
      if (broken.ok()) {
        const grpc::Status status = stub->CorrectEngagement(&context, request, &response);
        const bool is_gone =
            status.error_code() == grpc::StatusCode::NOT_FOUND || ReasonOf(status) == "ALREADY_CORRECTED";
        sent->withdrawn += status.ok();
        if (status.ok() || is_gone) continue;
        const absl::Status failed = FromGrpc(status, client.context());
        if (ConcernsEveryCall(failed)) broken = failed;
        ++sent->refused;
        io.err << "没有撤回 " << Printable(name + "：" + std::string(failed.message())) << "\n";
      }
      left.push_back(name);
    }
    meeting.superseded = std::move(left);
    if (!broken.ok()) return broken;
  }
  return absl::OkStatus();
}

std::string WhyRefused(const v1::EngagementOutcome& outcome) {
  if (outcome.reason() != "ENGAGEMENT_EXISTS") return outcome.message();
  const std::string name = outcome.message().substr(0, outcome.message().find(':'));
  return "台账里这一步已有别的内容（" + name +
         "），不是这份计划记的。改法：先核实以哪个为准；台账错了，用 CorrectEngagement "
         "更正那一条，计划错了，改计划里的结果";
}

absl::Status Send(const Client& client, const Outgoing& all, plan::PlanFile* file, Sent* sent, const Io& io) {
  const auto stub = v1::EngagementService::NewStub(client.channel());
  for (size_t begin = 0; begin < all.entries.size(); begin += kEntriesACall) {
    const size_t end = std::min(all.entries.size(), begin + kEntriesACall);
    v1::BatchRecordEngagementsRequest request;
    for (size_t i = begin; i < end; ++i) *request.add_requests() = all.entries[i];
    grpc::ClientContext context;
    client.Prepare(&context);
    v1::BatchRecordEngagementsResponse response;
    const grpc::Status status = stub->BatchRecordEngagements(&context, request, &response);
    if (!status.ok()) return FromGrpc(status, client.context());
    for (size_t i = begin; i < end && i - begin < static_cast<size_t>(response.outcomes_size()); ++i) {
      const v1::EngagementOutcome outcome =
          SentAnyway(client, all.entries[i], response.outcomes(static_cast<int>(i - begin)), io);
      const v1::Engagement& asked = all.entries[i].engagement();
      if (outcome.code() != 0) {
        ++sent->refused;
        io.err << "没有记上：" << Printable(asked.need() + " × " + asked.offer() + "：" + WhyRefused(outcome))
               << "\n";
        continue;
      }
      const bool created = outcome.response().state() == v1::RecordEngagementResponse::CREATED;
      ++(created ? sent->created : sent->unchanged);
      std::vector<std::string>& names = file->plan.meetings[all.meeting[i]].engagements;
      const std::string& name = outcome.response().engagement().name();
      if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    }
  }
  return absl::OkStatus();
}

}  // namespace

int MakeServedPlan(const Client& client, const PlanOptions& options, const Io& io) {
  // Before the server has a plan more that nobody asked for.
  if (const absl::Status may = options.out.empty() ? absl::OkStatus() : MayOverwrite(options); !may.ok())
    return FailPlan(may, io);
  const absl::StatusOr<std::string> name = Make(client, options, io);
  if (!name.ok()) return FailPlan(name.status(), io);
  return Show(client, *name, options, io);
}

int ShowServedPlan(const Client& client, const PlanOptions& options, const Io& io) {
  return Show(client, options.plan, options, io);
}

int ListServedPlans(const Client& client, const Io& io) {
  v1::ListPlansRequest request;
  request.set_page_size(kPageSize);
  bool any = false;
  do {
    const absl::StatusOr<v1::ListPlansResponse> page =
        CallService<v1::PlanService>(client, &Stub::ListPlans, request);
    if (!page.ok()) return FailPlan(page.status(), io);
    for (const v1::Plan& plan : page->plans()) {
      const auto state = static_cast<plan::State>(std::clamp(static_cast<int>(plan.state()) - 1, 0, 3));
      io.out << Printable(plan.name()) << "  " << plan::StateWord(state) << "  第 " << plan.revision()
             << " 版  " << plan.figures().meetings() << " 场会谈  " << Printable(plan.title()) << "\n";
    }
    any |= !page->plans().empty();
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  if (!any) io.err << "服务里还没有计划；用 dongxi plan make 对接会.xlsx --server 主机:端口 来排\n";
  return kExitOk;
}

int ReplanServed(const Client& client, const PlanOptions& options, const Io& io) {
  const absl::StatusOr<v1::ReplanRequest> request = ReplanRequestOf(options);
  if (!request.ok()) {
    FailPlan(request.status(), io);
    return kExitUsage;
  }
  if (!options.out.empty() && !options.preview) {
    if (const absl::Status may = MayOverwrite(options, options.plan); !may.ok()) return FailPlan(may, io);
  }
  const absl::StatusOr<plan::PlanFile> before = Fetch(client, options.plan);
  if (!before.ok()) return FailPlan(before.status(), io);
  const absl::StatusOr<v1::ReplanResponse> now =
      CallService<v1::PlanService>(client, &Stub::Replan, *request);
  if (!now.ok()) return FailPlan(now.status(), io);
  TellReplan({.changes = now->changes_size(),
              .forced = now->forced_changes(),
              .value = now->plan().figures().value(),
              .value_bound = now->value_bound(),
              .blocking_before = before->plan.figures.blocking_pairs,
              .blocking_now = now->plan().figures().blocking_pairs()},
             options, io);
  for (const v1::PlanChange& change : now->changes()) io.err << Printable(change.text()) << "\n";
  for (const std::string& change : now->session_changes()) io.err << Printable(change) << "\n";
  const std::vector<plan::Party>& parties = before->event.parties;
  std::string tell;
  for (const std::string& id : now->tell()) {
    const auto party =
        std::find_if(parties.begin(), parties.end(), [&id](const plan::Party& one) { return one.id == id; });
    const bool known = party != parties.end();
    tell += (tell.empty() ? "" : "、") +
            (known ? PartyText(before->event, static_cast<int>(party - parties.begin())) : id);
  }
  if (!tell.empty()) io.err << "要通知：" << Printable(tell) << "\n";
  if (options.preview) {
    io.out << "只看，没有改\n";
    return kExitOk;
  }
  return Show(client, options.plan, options, io, &*before);
}

int MoveServedPlan(const Client& client, const PlanOptions& options, const Io& io) {
  const absl::StatusOr<plan::State> to = WantedState(options);
  if (!to.ok()) {
    FailPlan(to.status(), io);
    return kExitUsage;
  }
  absl::StatusOr<v1::Plan> plan;
  switch (*to) {
    case plan::State::kDraft:
      plan = Move(client, &Stub::UnpublishPlan, options.plan);
      break;
    case plan::State::kPublished:
      plan = Move(client, &Stub::PublishPlan, options.plan);
      break;
    case plan::State::kRunning:
      plan = Move(client, &Stub::StartPlan, options.plan);
      break;
    case plan::State::kClosed:
      plan = Move(client, &Stub::ClosePlan, options.plan);
      break;
  }
  if (!plan.ok()) return FailPlan(plan.status(), io);
  io.out << plan::StateWord(*to) << "\n";
  return kExitOk;
}

int RecordServedOutcome(const Client& client, const PlanOptions& options, const Io& io) {
  v1::RecordOutcomeRequest request;
  request.set_name(options.plan);
  request.set_need(options.need);
  request.set_offer(options.offer);
  request.set_outcome(OutcomeOf(options.result));
  absl::Status checked = CheckOutcome(options);
  if (request.outcome() == v1::MEETING_OUTCOME_UNSPECIFIED)
    checked = absl::InvalidArgumentError("--result 写 已会谈、意向、签约、拒绝 或 未到");
  if (!checked.ok()) {
    FailPlan(checked, io);
    return kExitUsage;
  }
  request.set_refusal_reason(ReasonOfWord(options.reason));
  if (options.amount_wan > 0) request.set_amount_wan(options.amount_wan);
  request.set_note(options.note);
  request.set_why(options.why);
  const absl::StatusOr<v1::RecordOutcomeResponse> recorded =
      CallService<v1::PlanService>(client, &Stub::RecordOutcome, request);
  if (!recorded.ok()) return FailPlan(recorded.status(), io);
  if (!recorded->not_in_ledger().empty()) io.err << "注意：" << Printable(recorded->not_in_ledger()) << "\n";
  io.out << "已记 " << WordOf(recorded->meeting().outcome());
  for (const std::string& name : recorded->meeting().engagements()) io.out << "  " << Printable(name);
  io.out << "\n";
  return kExitOk;
}

int SendOutcomes(const Client& client, const PlanOptions& options, const Io& io) {
  const std::filesystem::path folder = PlanFolderOf(options.plan);
  const absl::StatusOr<FolderLock> lock = LockFolder(folder, io.err);
  if (!lock.ok()) return FailPlan(lock.status(), io);
  absl::StatusOr<plan::PlanFile> file = ReadPlanFolder(options.plan);
  if (!file.ok()) return FailPlan(file.status(), io);
  Sent sent;
  absl::Status status = WithdrawSuperseded(client, &*file, &sent, io);
  const Outgoing all = status.ok() ? OutgoingOf(*file, io) : Outgoing();
  if (status.ok()) status = Send(client, all, &*file, &sent, io);
  // What was recorded before an error is noted too.
  if (sent.created + sent.unchanged + sent.withdrawn > 0) {
    const absl::Status written = WritePlanFile(*file, folder);
    if (status.ok()) status = written;
  }
  if (!status.ok()) return FailPlan(status, io);
  io.out << "台账：新记 " << sent.created << " 条，以前记过 " << sent.unchanged << " 条，撤回 "
         << sent.withdrawn << " 条，没有记上 " << sent.refused << " 条，没有送 " << all.left_out << " 场\n";
  return sent.refused > 0 ? kExitFailed : kExitOk;
}

}  // namespace dongxi::cli
