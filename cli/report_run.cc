#include "cli/report_run.h"

#include <grpcpp/channel.h>

#include <chrono>
#include <cmath>
#include <functional>
#include <initializer_list>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/synchronization/mutex.h"
#include "cli/arguments.h"
#include "cli/call_service.h"
#include "cli/patient_call.h"
#include "cli/report_exposure.h"
#include "cli/table.h"
#include "engine/base/status_macros.h"
#include "report/assemble.h"

namespace dongxi::cli {
namespace {

constexpr int kResultsPage = 1'000;

using Clock = std::chrono::steady_clock;

// "匹配 12/90，约剩 0:35" on one line of a terminal, or a line every few seconds elsewhere.
class Progress {
 public:
  Progress(int total, int before, const Io& io)
      : total_(total), before_(before), io_(io), start_(Clock::now()), shown_(start_) {}

  void Show(int done) {
    const Clock::time_point now = Clock::now();
    const bool last = done == total_;
    const auto pause =
        io_.err_is_terminal ? std::chrono::milliseconds(100) : std::chrono::milliseconds(5'000);
    if (!last && done > 0 && now - shown_ < pause) return;
    shown_ = now;
    std::string line = absl::StrCat("匹配 ", done, "/", total_, " 项需求");
    if (done > before_ && !last) {
      const double spent_s = std::chrono::duration<double>(now - start_).count();
      const int64_t left_s = std::llround(spent_s * (total_ - done) / (done - before_));
      absl::StrAppend(&line, absl::StrFormat("，约剩 %d:%02d", left_s / 60, left_s % 60));
    }
    if (io_.err_is_terminal) {
      io_.err << "\r" << PadToWidth(line, 48, Align::kLeft) << (last ? "\n" : "") << std::flush;
    } else {
      io_.err << line << "\n";
    }
  }

 private:
  const int total_, before_;
  const Io& io_;
  const Clock::time_point start_;
  Clock::time_point shown_;
};

// Asks the question about the need.
absl::Status Ask(const Client& client, const ReportNeed& need, v1::MatchRequest question,
                 const BeforeWaiting& busy, v1::MatchResponse* answer) {
  if (need.in_catalogue) {
    question.set_need_name(need.need.name());
  } else {
    *question.mutable_need() = need.need;
    question.mutable_need()->clear_name();
  }
  DX_ASSIGN_OR_RETURN(*answer, AskPatiently(busy, [&] { return client.Match(question); }));
  return absl::OkStatus();
}

// Shares the needs out to a few callers.
class Matching {
 public:
  // Of lists of `top` entries; the request may ask for more. With `take`, Run gives empty matches.
  Matching(const Client& client, const v1::MatchRequest& request, int top,
           const std::vector<ReportNeed>& needs, report::Journal* journal, TakeMatches take, const Io& io)
      : client_(client),
        request_(request),
        top_(top),
        needs_(needs),
        journal_(journal),
        take_(std::move(take)),
        busy_(io),
        matched_(needs.size()) {
    TakeFromJournal();
    progress_.emplace(static_cast<int>(needs.size()), done_, io);
  }

  absl::StatusOr<std::vector<report::NeedMatches>> Run(int jobs) {
    std::vector<std::thread> threads;
    for (int i = 1; i < jobs; ++i) threads.emplace_back([this] { Work(); });
    Work();
    for (std::thread& thread : threads) thread.join();
    const absl::MutexLock lock(&mutex_);
    DX_RETURN_IF_ERROR(stopped_);
    std::vector<report::NeedMatches> all;
    for (std::optional<report::NeedMatches>& one : matched_) all.push_back(*std::move(one));
    return all;
  }

  const absl::Status& first_error() const ABSL_NO_THREAD_SAFETY_ANALYSIS { return first_error_; }

 private:
  void TakeFromJournal() ABSL_NO_THREAD_SAFETY_ANALYSIS {
    if (journal_ == nullptr) return;
    for (size_t i = 0; i < needs_.size(); ++i) {
      absl::StatusOr<report::NeedMatches> found = journal_->Read(report::KeyOf(needs_[i].need));
      if (!found.ok()) continue;  // it is asked again
      matched_[i] = *std::move(found);
      ++done_;
    }
  }

  std::optional<size_t> Next() ABSL_LOCKS_EXCLUDED(mutex_) {
    const absl::MutexLock lock(&mutex_);
    while (next_ < needs_.size() && matched_[next_].has_value()) ++next_;
    if (!stopped_.ok() || next_ == needs_.size()) return std::nullopt;
    return next_++;
  }

  void Work() {
    while (const std::optional<size_t> index = Next()) {
      const ReportNeed& need = needs_[*index];
      Keep(*index, need.problem.ok() ? Match(need) : absl::StatusOr<v1::MatchResponse>(need.problem));
    }
  }

  absl::StatusOr<v1::MatchResponse> Match(const ReportNeed& need) ABSL_LOCKS_EXCLUDED(mutex_) {
    const BeforeWaiting busy = [this](absl::Duration delay) {
      const absl::MutexLock lock(&mutex_);
      busy_(delay);
    };
    const auto ask = [&](const v1::MatchRequest& question, v1::MatchResponse* answer) {
      return Ask(client_, need, question, busy, answer);
    };
    v1::MatchResponse answer;
    DX_RETURN_IF_ERROR(report::AskForReport(request_, top_, ask, &answer));
    return answer;
  }

  void Keep(size_t index, absl::StatusOr<v1::MatchResponse> answer) ABSL_LOCKS_EXCLUDED(mutex_) {
    const absl::MutexLock lock(&mutex_);
    if (!stopped_.ok()) return;
    report::NeedMatches matches{needs_[index].need, {}, ""};
    if (answer.ok()) {
      matches.answer = *std::move(answer);
      if (journal_ != nullptr) stopped_ = journal_->Append(report::KeyOf(needs_[index].need), matches);
    } else if (ConcernsEveryCall(answer.status())) {
      stopped_ = answer.status();
    } else {
      matches.error = std::string(answer.status().message());
      if (first_error_.ok()) first_error_ = answer.status();
    }
    if (!stopped_.ok()) return;
    if (take_) {
      take_(index, matches);
      matches = report::NeedMatches();
    }
    matched_[index] = std::move(matches);
    progress_->Show(++done_);
  }

  const Client& client_;
  const v1::MatchRequest& request_;
  const int top_;
  const std::vector<ReportNeed>& needs_;
  report::Journal* const journal_;
  const TakeMatches take_;  // may be none; called under mutex_
  absl::Mutex mutex_;
  BusyNotice busy_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::optional<report::NeedMatches>> matched_ ABSL_GUARDED_BY(mutex_);
  std::optional<Progress> progress_ ABSL_GUARDED_BY(mutex_);
  size_t next_ ABSL_GUARDED_BY(mutex_) = 0;
  int done_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::Status stopped_ ABSL_GUARDED_BY(mutex_);
  absl::Status first_error_ ABSL_GUARDED_BY(mutex_);
};

// Learns the display names behind resource names. One that is missing keeps its resource name: no reason to
// give up the report.
absl::Status LookUpInstitutions(const Client& client, const Io& io, report::MatchReport* report) {
  BusyNotice busy(io);
  for (const std::string& name : report::InstitutionsToName(*report)) {
    v1::GetInstitutionRequest request;
    request.set_name(name);
    request.mutable_read_mask()->add_paths("display_name");
    const absl::StatusOr<v1::Institution> institution =
        AskPatiently(std::ref(busy), [&] { return client.GetInstitution(request); });
    if (institution.ok() && !institution->display_name().empty()) {
      report->institution_names[name] = institution->display_name();
    }
    if (ConcernsEveryCall(institution.status())) return institution.status();
  }
  return absl::OkStatus();
}

template <typename Record>
const std::string& TitleOf(const Record& record) {
  if constexpr (requires { record.display_name(); }) {
    return record.display_name();
  } else {
    return record.title();
  }
}

// The institution whose region counts for a record without one of its own.
template <typename Record>
std::string OwnerOf(const Record& record) {
  if constexpr (requires { record.owners(); }) {
    for (const std::string& owner : record.owners()) {
      if (owner.starts_with("institutions/")) return owner;
    }
  } else if constexpr (requires { record.institution(); }) {
    return record.institution();
  }
  return "";
}

// What makes a record an idle offer (report::IsIdle), and the regions of all institutions by name.
struct IdleTest {
  const std::set<std::string>& wanted;
  const std::string today;
  std::map<std::string, std::string> regions;
};

// All records of a collection that nobody wants. `items` are the records of a page.
template <typename Request, typename Response, typename Items>
absl::Status AddIdle(const Client& client,
                     grpc::Status (v1::CatalogueService::Stub::*method)(grpc::ClientContext*, const Request&,
                                                                        Response*),
                     const Items& items, std::initializer_list<const char*> fields, const BeforeWaiting& busy,
                     IdleTest& test, std::vector<report::IdleOffer>* idle) {
  Request request;
  request.set_page_size(kResultsPage);
  for (const char* path : {"name", "region_code", "illustrative", "valid_until"})
    request.mutable_read_mask()->add_paths(path);
  for (const char* path : fields) request.mutable_read_mask()->add_paths(path);
  while (true) {
    const absl::StatusOr<Response> answer =
        AskPatiently(busy, [&] { return CallService<v1::CatalogueService>(client, method, request); });
    if (!answer.ok()) return answer.status();
    const Response& page = *answer;
    for (const auto& record : items(page)) {
      report::IdleOffer offer{record.name(), TitleOf(record), record.region_code(), record.illustrative(),
                              OwnerOf(record)};
      if (offer.name.starts_with("institutions/")) test.regions[offer.name] = offer.region_code;
      if (report::IsIdle(test.wanted, test.today, offer, record.valid_until()))
        idle->push_back(std::move(offer));
    }
    if (page.next_page_token().empty() || page.next_page_token() == request.page_token())
      return absl::OkStatus();
    request.set_page_token(page.next_page_token());
  }
}

}  // namespace

absl::StatusOr<v1::MatchRequest> ChoiceOf(const ReportOptions& options) {
  v1::MatchRequest choice;
  DX_ASSIGN_OR_RETURN(const std::vector<v1::RecordKind> kinds, ParseMatchKinds(options.kinds));
  for (const v1::RecordKind kind : kinds) choice.add_kinds(kind);
  DX_ASSIGN_OR_RETURN(*choice.mutable_filter(), CandidateFilter(options.partner_regions, options.filter));
  if (options.policy_weight) choice.set_policy_weight(*options.policy_weight);
  return choice;
}

absl::StatusOr<MatchedReport> MatchNeeds(const Client& client, const ReportOptions& options,
                                         const std::vector<ReportNeed>& needs, report::Journal* journal,
                                         const Io& io) {
  DX_ASSIGN_OR_RETURN(const v1::MatchRequest choice, ChoiceOf(options));
  const v1::MatchRequest question = report::QuestionOf(choice, options.top, ExposureLimitsOf(options));
  MatchedReport matched;
  Matching matching(client, question, options.top, needs, journal, nullptr, io);
  DX_ASSIGN_OR_RETURN(matched.report.needs, matching.Run(options.jobs));
  matched.first_error = matching.first_error();
  matched.report.title = options.title;
  report::TellQuestion(choice, options.top, options.need_filter, &matched.report);
  for (report::NeedMatches& need : matched.report.needs) {
    matched.failed += need.error.empty() ? 0 : 1;
    if (options.reproducible) report::MakeReproducible(&need.answer);
  }
  DX_RETURN_IF_ERROR(LookUpInstitutions(client, io, &matched.report));
  return matched;
}

absl::StatusOr<MatchFailures> MatchEachNeed(const Client& client, const v1::MatchRequest& question, int jobs,
                                            const std::vector<ReportNeed>& needs, const TakeMatches& take,
                                            const Io& io) {
  MatchFailures failures;
  const auto count_and_take = [&](size_t need, const report::NeedMatches& matches) {
    failures.failed += matches.error.empty() ? 0 : 1;
    take(need, matches);
  };
  Matching matching(client, question, question.page_size(), needs, nullptr, count_and_take, io);
  DX_RETURN_IF_ERROR(matching.Run(jobs).status());
  failures.first_error = matching.first_error();
  return failures;
}

absl::Status NameWhatIsShown(const Client& client, const ReportOptions& options,
                             const std::vector<ReportNeed>& needs, const report::ShownNames& before,
                             const Io& io, report::MatchReport* report) {
  DX_ASSIGN_OR_RETURN(const v1::MatchRequest choice, ChoiceOf(options));
  BusyNotice busy(io);
  const auto ask = [&](size_t need, const v1::MatchRequest& question, v1::MatchResponse* answer) {
    return Ask(client, needs[need], question, std::ref(busy), answer);
  };
  return report::NameWhatIsShown(report::QuestionOf(choice, options.top, ExposureLimitsOf(options)),
                                 options.top, before, ask, report);
}

absl::StatusOr<std::string> FingerprintOf(const Client& client, const ReportOptions& options, const Io& io) {
  DX_ASSIGN_OR_RETURN(const v1::MatchRequest choice, ChoiceOf(options));
  BusyNotice busy(io);
  const absl::StatusOr<v1::ServerStatus> served =
      AskPatiently(std::ref(busy), [&] { return client.GetServerStatus(); });
  // Answers of before must not be lost to a moment in which the server does not answer.
  if (absl::IsUnavailable(served.status()) || absl::IsResourceExhausted(served.status()))
    return served.status();
  std::string text = report::QuestionOf(choice, options.top, ExposureLimitsOf(options)).SerializeAsString();
  if (served.ok()) {
    absl::StrAppend(&text, "\n", served->generation(), "\n", served->catalogue_sequence(), "\n",
                    served->policy());
  }
  return text;
}

absl::StatusOr<std::vector<report::IdleOffer>> IdleOffersOf(const Client& client,
                                                            const ReportOptions& options,
                                                            const std::set<std::string>& wanted,
                                                            const std::string& today, const Io& io) {
  using Stub = v1::CatalogueService::Stub;
  DX_ASSIGN_OR_RETURN(const v1::MatchRequest choice, ChoiceOf(options));
  BusyNotice notice(io);
  const BeforeWaiting busy = std::ref(notice);
  IdleTest test{wanted, today, {}};
  std::vector<report::IdleOffer> idle, unasked;
  if (report::AsksFor(choice, v1::RESULT)) {
    DX_RETURN_IF_ERROR(AddIdle(
        client, &Stub::ListResults, [](const auto& page) { return page.results(); }, {"title", "owners"},
        busy, test, &idle));
  }
  if (report::AsksFor(choice, v1::EXPERT)) {
    DX_RETURN_IF_ERROR(AddIdle(
        client, &Stub::ListExperts, [](const auto& page) { return page.experts(); },
        {"display_name", "institution"}, busy, test, &idle));
  }
  // Their regions are needed in any case.
  DX_RETURN_IF_ERROR(AddIdle(
      client, &Stub::ListInstitutions, [](const auto& page) { return page.institutions(); }, {"display_name"},
      busy, test, report::AsksFor(choice, v1::INSTITUTION) ? &idle : &unasked));
  report::FillRegions(test.regions, &idle);
  return idle;
}

}  // namespace dongxi::cli
