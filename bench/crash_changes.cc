#include "bench/crash_changes.h"

#include <cstdlib>
#include <set>
#include <string_view>
#include <utility>

#include "absl/strings/str_format.h"

namespace dongxi::bench {
namespace {

constexpr uint64_t kTurnsUntilDeleted = 3;
constexpr std::string_view kWatchTitle = "crash-";

// The server has looked at the request and said no. All other errors: it is gone, or has no time.
bool IsRefusal(const absl::Status& status) {
  return absl::IsAborted(status) || absl::IsNotFound(status) || absl::IsAlreadyExists(status) ||
         absl::IsInvalidArgument(status) || absl::IsFailedPrecondition(status) ||
         absl::IsPermissionDenied(status);
}

std::string Essence(const v1::Watch& watch) {
  return watch.title() + " of " + watch.need() + ", etag " + watch.etag();
}

}  // namespace

std::string CrashSingleName(size_t number) { return absl::StrFormat("results/s-%02d", number); }

// Not all begin with the same step, so that a short run has deletions too.
ChangePromises::ChangePromises() {
  for (size_t number = 0; number < kCrashSingles; ++number) singles_[number].turns = number;
}

SingleChange ChangePromises::Send() {
  last_ = next_;
  next_ = (next_ + 1) % kCrashSingles;
  Single& single = singles_[last_];
  State sent = single.promised;
  SingleChange change;
  change.record.set_name(CrashSingleName(last_));
  if (!sent.live) {
    change.step = ChangeStep::kUndelete;
  } else if (++single.turns % kTurnsUntilDeleted == 0) {
    change.step = ChangeStep::kDelete;
  } else {
    sent.version = next_version_++;
    change.record = CrashRecord(CrashSingleName(last_), sent.version);
  }
  last_step_ = change.step;
  change.record.set_etag(sent.etag);
  sent.live = change.step != ChangeStep::kDelete;
  sent.etag.clear();
  single.sent = std::move(sent);
  return change;
}

void ChangePromises::Acknowledge(const v1::Result& answer) {
  Single& single = singles_[last_];
  if (single.sent) single.promised = *single.sent;
  single.sent.reset();
  single.promised.etag = answer.etag();
  ++acknowledged_[static_cast<size_t>(last_step_)];
}

void ChangePromises::Fail(const absl::Status& why) {
  if (IsRefusal(why))
    refusals_.push_back(CrashSingleName(last_) +
                        ": a change with the present etag was refused: " + std::string(why.message()));
}

std::string ChangePromises::Describe(const State& state) {
  return absl::StrFormat("version %d, %s, etag %s", state.version, state.live ? "there" : "deleted",
                         state.etag.empty() ? "not known" : state.etag);
}

void ChangePromises::CheckOne(const std::string& name, Single* single, const State& found,
                              Violations* violations) {
  const auto same = [&](const State& state) {
    return state.live == found.live && state.version == found.version &&
           (state.etag.empty() || state.etag == found.etag);
  };
  const bool as_sent = single->sent && same(*single->sent);
  if (!same(single->promised) && !as_sent) {
    const std::string sent = single->sent ? "; sent " + Describe(*single->sent) : "";
    violations->push_back(name + ": promised " + Describe(single->promised) + sent + "; found " +
                          Describe(found));
  }
  single->promised = found;
  single->sent.reset();
}

Violations ChangePromises::Check(const std::map<std::string, v1::Result>& live,
                                 const std::map<std::string, v1::Result>& deleted) {
  Violations violations = std::exchange(refusals_, {});
  for (size_t number = 0; number < kCrashSingles; ++number) {
    const std::string name = CrashSingleName(number);
    const auto found_live = live.find(name);
    const auto found_deleted = deleted.find(name);
    const bool is_live = found_live != live.end();
    if (is_live == (found_deleted != deleted.end())) {
      violations.push_back(name + (is_live ? ": is there and deleted" : ": is neither there nor deleted"));
      continue;
    }
    const v1::Result& record = is_live ? found_live->second : found_deleted->second;
    const std::optional<uint64_t> version = VersionOf(record);
    if (!version) {
      violations.push_back(name + ": the parts of the record do not belong together");
      continue;
    }
    if (record.has_delete_time() == is_live)
      violations.push_back(name + ": delete_time does not say whether it is deleted");
    CheckOne(name, &singles_[number], {is_live, *version, record.etag()}, &violations);
  }
  return violations;
}

std::map<std::string, bool> ChangePromises::Live() const {
  std::map<std::string, bool> live;
  for (size_t number = 0; number < kCrashSingles; ++number)
    live[CrashSingleName(number)] = singles_[number].promised.live;
  return live;
}

v1::CreateWatchRequest WatchPromises::Send() {
  if (unanswered_) return *unanswered_;
  const uint64_t number = next_++;
  v1::CreateWatchRequest request;
  request.mutable_watch()->set_title(std::string(kWatchTitle) + std::to_string(number));
  request.mutable_watch()->set_need(kCrashNeed);
  // Other ids than those of the engagements: an id belongs to one request of a tenant.
  request.set_request_id(absl::StrFormat("00000000-0000-4000-8001-%012x", number));
  unanswered_ = request;
  return request;
}

void WatchPromises::Acknowledge(const v1::Watch& watch) {
  promised_[watch.name()] = Essence(watch);
  unanswered_.reset();
}

Violations WatchPromises::Check(const std::vector<v1::Watch>& watches) {
  Violations violations;
  std::set<std::string> titles, names;
  for (const v1::Watch& watch : watches) {
    names.insert(watch.name());
    if (!titles.insert(watch.title()).second)
      violations.push_back(watch.name() + ": the same watch was created twice");
    const auto [promised, is_new] = promised_.emplace(watch.name(), Essence(watch));
    if (!is_new && promised->second != Essence(watch))
      violations.push_back(watch.name() + ": differs from what was answered: " + Essence(watch) +
                           "; answered " + promised->second);
    // Sent, written, but killed before the answer: from now on it must stay.
    const bool ours = watch.title().rfind(kWatchTitle, 0) == 0;
    if (is_new && (!ours || std::strtoull(watch.title().c_str() + kWatchTitle.size(), nullptr, 10) >= next_))
      violations.push_back(watch.name() + ": was never sent");
  }
  for (const auto& [name, essence] : promised_) {
    if (!names.contains(name)) violations.push_back(name + ": an acknowledged watch is lost: " + essence);
  }
  return violations;
}

}  // namespace dongxi::bench
