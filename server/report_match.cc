#include "server/report_match.h"

#include <memory>
#include <utility>

#include "engine/base/status_macros.h"
#include "engine/filter/filter.h"
#include "engine/record/viewer.h"
#include "report/assemble.h"
#include "server/catalogue_records.h"
#include "server/grpc_status.h"
#include "server/own_fault.h"
#include "server/record_filter_row.h"
#include "store/record_codec.h"

namespace dongxi {
namespace {

constexpr int kScannedBetweenChecks = 256;

// True if the next need would have the same error.
bool EndsTheReport(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kNotFound:
    case absl::StatusCode::kOutOfRange:
    case absl::StatusCode::kInternal:
    case absl::StatusCode::kDataLoss:
    case absl::StatusCode::kUnknown:
      return false;
    default:
      return !status.ok();
  }
}

// As people read it in the report.
std::string InWords(const absl::Status& status) {
  const std::string words(status.message());
  if (absl::IsNotFound(status)) return "目录里没有这项需求，或者没有权限看它\n  " + words;
  if (absl::IsInvalidArgument(status)) return "这项需求的内容不能匹配，请按下面的说明改正\n  " + words;
  if (IsOwnFault(status)) return "没有匹配成功：服务出错，请管理员按作业名称查看服务日志";
  return "没有匹配成功，请查看服务日志\n  " + words;
}

absl::Status NoNeeds(const std::string& filter) {
  return absl::NotFoundError(filter.empty()
                                 ? "目录里没有这个令牌能看到的需求；先导入需求"
                                 : "没有需求符合 need_filter “" + filter + "”；放宽条件，或用 needs 指定");
}

absl::Status TooLarge(uint64_t bytes_max) {
  return WithReason(
      absl::ResourceExhaustedError("报告太大：全部答案超过 " + std::to_string(bytes_max >> 20) +
                                   " MiB；减少需求（need_filter、needs）或每个列表的条数（page_size），"
                                   "分几份做"),
      "REPORT_TOO_LARGE");
}

}  // namespace

Caller MakerOf(const storage::ReportJob& job) {
  Caller maker;
  maker.viewer.tenant = job.scope().tenant();
  maker.viewer.disclosure_max = static_cast<Disclosure>(job.scope().disclosure());
  maker.viewer.all_tenants = job.scope().all_tenants();
  maker.token_id = job.token_id();
  return maker;
}

int TopOf(const pb::RunReportRequest& request) {
  return request.match().page_size() == 0 ? report::kTopDefault : request.match().page_size();
}

report::ExposureLimits ExposureLimitsOf(const pb::RunReportRequest& request) {
  return {request.institution_max(), request.province_max(), request.county_min(), request.expert_max()};
}

std::string InlineNeedName(const pb::RunReportRequest& request, int index) {
  const std::string& name = request.inline_needs(index).name();
  return name.empty() ? "needs/inline-" + std::to_string(index + 1) : name;
}

absl::StatusOr<std::vector<std::string>> ReportNeedNames(const storage::ReportJob& job,
                                                         const CatalogueReader& catalogue,
                                                         const ImportVocabulary& vocabulary,
                                                         const std::function<bool()>& cancelled) {
  const pb::RunReportRequest& request = job.request();
  std::vector<std::string> names(request.needs().begin(), request.needs().end());
  for (int i = 0; i < request.inline_needs_size(); ++i) names.push_back(InlineNeedName(request, i));
  if (!names.empty()) return names;
  DX_ASSIGN_OR_RETURN(const std::shared_ptr<const Filter> filter,
                      ParseFilter(request.need_filter(), vocabulary));
  const Viewer viewer = MakerOf(job).viewer;
  int scanned = 0;
  bool stopped = false, too_many = false;
  DX_RETURN_IF_ERROR(catalogue.Scan(RecordKind::kNeed, "", [&](const Record& record) {
    stopped = ++scanned % kScannedBetweenChecks == 0 && cancelled();
    if (stopped) return false;
    if (!MaySee(viewer, record) || !filter->Matches(RecordFilterRow(record))) return true;
    too_many = names.size() == kReportNeedsMax;
    if (!too_many) names.push_back(ResourceName(record.kind, record.id));
    return !too_many;
  }));
  if (stopped) return absl::CancelledError("cancelled");
  if (too_many) {
    return FieldError("need_filter", "more than " + std::to_string(kReportNeedsMax) +
                                         " needs pass; narrow it and make several reports");
  }
  if (names.empty()) return NoNeeds(request.need_filter());
  return names;
}

ReportMatcher::ReportMatcher(Parts parts, const storage::ReportJob* job, report::Journal* journal,
                             std::function<bool()> cancelled)
    : parts_(std::move(parts)),
      job_(*job),
      journal_(journal),
      cancelled_(std::move(cancelled)),
      maker_(MakerOf(*job)),
      question_(report::QuestionOf(job->request().match(), TopOf(job->request()),
                                   ExposureLimitsOf(job->request()))) {}

absl::StatusOr<pb::Need> ReportMatcher::Need(const std::string& name, size_t index) const {
  pb::Need need;
  if (!job_.request().inline_needs().empty()) {
    need = job_.request().inline_needs(static_cast<int>(index));
    need.set_name(name);
    return need;
  }
  const std::optional<RecordName> parsed = ParseResourceName(name);
  if (!parsed) return absl::InvalidArgumentError(name + ": is no name of a need");
  DX_ASSIGN_OR_RETURN(const Record record, CatalogueRecords(*parts_.catalogue, maker_).Get(*parsed));
  ToProto(record, &need);
  return need;
}

absl::Status ReportMatcher::Ask(const std::string& name, size_t index, pb::MatchRequest question,
                                pb::MatchResponse* answer) const {
  if (job_.request().inline_needs().empty()) {
    question.set_need_name(name);
  } else {
    DX_ASSIGN_OR_RETURN(*question.mutable_need(), Need(name, index));
    question.mutable_need()->clear_name();
  }
  RunLimits limits;
  limits.cancelled = cancelled_;
  return parts_.runner->Run(question, maker_, limits, answer);
}

absl::StatusOr<ReportedNeed> ReportMatcher::MatchOne(const std::string& name, size_t index) {
  ReportedNeed reported{name, "", ""};
  absl::StatusOr<pb::Need> need = Need(name, index);
  absl::Status status = need.status();
  if (status.ok()) {
    reported.key = report::KeyOf(*need);
    if (journal_->Has(reported.key)) return reported;
    parts_.spare.Await(cancelled_);
    report::NeedMatches matches{*std::move(need), {}, ""};
    const auto ask = [&](const pb::MatchRequest& question, pb::MatchResponse* answer) {
      return Ask(name, index, question, answer);
    };
    status = report::AskForReport(question_, TopOf(job_.request()), ask, &matches.answer);
    if (status.ok()) {
      DX_RETURN_IF_ERROR(journal_->Append(reported.key, matches));
      return reported;
    }
  }
  if (EndsTheReport(status)) return status;
  if (IsOwnFault(status)) parts_.fault(status);
  if (first_error_.ok()) first_error_ = status;
  return ReportedNeed{name, "", InWords(status)};
}

absl::StatusOr<std::vector<ReportedNeed>> ReportMatcher::Run(const std::vector<std::string>& names,
                                                             const Step& step) {
  std::vector<ReportedNeed> needs;
  bool any = false;
  for (size_t i = 0; i < names.size(); ++i) {
    step(i, names.size());
    if (cancelled_()) return absl::CancelledError("cancelled");
    DX_ASSIGN_OR_RETURN(ReportedNeed need, MatchOne(names[i], i));
    if (journal_->bytes() > parts_.answer_bytes_max) return TooLarge(parts_.answer_bytes_max);
    any = any || need.error.empty();
    needs.push_back(std::move(need));
  }
  return any ? absl::StatusOr<std::vector<ReportedNeed>>(std::move(needs)) : first_error_;
}

}  // namespace dongxi
