#include "server/match_log_limit.h"

#include <algorithm>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "dongxi/v1/replay.pb.h"
#include "engine/base/status_macros.h"

namespace dongxi {
namespace {

constexpr int64_t kSecondsAMinute = 60;
constexpr size_t kRemovedAtATime = 1'000;  // so that other writes come between
constexpr absl::Duration kInterval = absl::Minutes(1);
constexpr int kRestForWork = 20;

// Of rows that say no time: the last to go.
constexpr int64_t kNoMinute = std::numeric_limits<int32_t>::max();

struct Row {
  int64_t minute = 0;  // of the answer, since 1970; 0 if it cannot be read
  uint64_t bytes = 0;
};

Row RowOf(std::string_view key, std::string_view value) {
  v1::MatchRecord record;
  Row row{0, key.size() + value.size()};
  if (!record.ParseFromArray(value.data(), static_cast<int>(value.size()))) return row;
  const v1::Provenance& provenance = record.provenance();
  row.minute = provenance.has_read_time() ? provenance.read_time().seconds() / kSecondsAMinute : kNoMinute;
  return row;
}

using Minutes = std::map<int64_t, MatchLogSize>;

absl::StatusOr<Minutes> Measure(const CatalogueReader& catalogue, const std::function<bool()>& stopping) {
  Minutes minutes;
  bool stopped = false;
  DX_RETURN_IF_ERROR(
      catalogue.ScanTable(Table::kMatches, "", [&](std::string_view key, std::string_view value) {
        const Row row = RowOf(key, value);
        MatchLogSize& size = minutes[row.minute];
        ++size.rows;
        size.bytes += row.bytes;
        return !(stopped = stopping());
      }));
  if (stopped) return absl::CancelledError("the server stops");
  return minutes;
}

MatchLogSize SumFrom(const Minutes& minutes, int64_t first) {
  MatchLogSize sum;
  for (auto it = minutes.lower_bound(first); it != minutes.end(); ++it) {
    sum.rows += it->second.rows;
    sum.bytes += it->second.bytes;
  }
  return sum;
}

// The first minute that stays.
int64_t FirstKept(const Minutes& minutes, const MatchLogLimits& limits, absl::Time now) {
  int64_t first = absl::ToUnixSeconds(now - limits.age_max) / kSecondsAMinute;
  uint64_t bytes = SumFrom(minutes, first).bytes;
  if (bytes <= limits.bytes_max) return first;
  // Somewhat more than need be, so that not every look removes a little.
  const uint64_t aim = limits.bytes_max / 10 * 9;
  for (auto it = minutes.lower_bound(first); it != minutes.end() && bytes > aim; ++it) {
    bytes -= it->second.bytes;
    first = it->first + 1;
  }
  return first;
}

absl::Status RemoveBefore(Catalogue& catalogue, int64_t first_minute, absl::Time now,
                          const std::function<bool()>& stopping) {
  std::string next;
  for (bool more = true; more;) {
    if (stopping()) return absl::CancelledError("the server stops");
    std::vector<TablePut> puts;
    more = false;
    DX_RETURN_IF_ERROR(
        catalogue.ScanTable(Table::kMatches, next, [&](std::string_view key, std::string_view value) {
          if (RowOf(key, value).minute < first_minute)
            puts.push_back({Table::kMatches, std::string(key), std::nullopt});
          more = puts.size() == kRemovedAtATime;
          if (more) next = key;
          return !more;
        }));
    if (puts.empty()) break;
    const auto plan = [&](const CatalogueReader&) -> absl::StatusOr<WriteBatch> {
      return WriteBatch{.upserts = {}, .deletes = {}, .undeletes = {}, .puts = std::move(puts)};
    };
    DX_RETURN_IF_ERROR(catalogue.Write(plan, absl::ToUnixMicros(now)).status());
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<MatchLogSize> TrimMatches(Catalogue& catalogue, const MatchLogLimits& limits, absl::Time now,
                                         const std::function<bool()>& stopping) {
  DX_ASSIGN_OR_RETURN(const Minutes minutes, Measure(catalogue, stopping));
  const int64_t first = FirstKept(minutes, limits, now);
  if (!minutes.empty() && minutes.begin()->first < first)
    DX_RETURN_IF_ERROR(RemoveBefore(catalogue, first, now, stopping));
  return SumFrom(minutes, first);
}

void MatchLogSweep::Start() {
  thread_ = std::thread([this] { Run(); });
}

void MatchLogSweep::Run() {
  while (true) {
    const absl::Time start = absl::Now();
    const absl::StatusOr<MatchLogSize> left =
        TrimMatches(*catalogue_, limits_, start, [this] { return Stopping(); });
    if (!left.ok() && !absl::IsCancelled(left.status()))
      log_->Warning("the match log is not trimmed: " + std::string(left.status().message()));
    const absl::Duration rest = std::max(kInterval, kRestForWork * (absl::Now() - start));
    const absl::MutexLock lock(&mutex_);
    if (left.ok()) size_ = *left;
    if (mutex_.AwaitWithTimeout(absl::Condition(&stopping_), rest)) return;
  }
}

bool MatchLogSweep::Stopping() const {
  const absl::MutexLock lock(&mutex_);
  return stopping_;
}

MatchLogSize MatchLogSweep::size() const {
  const absl::MutexLock lock(&mutex_);
  return size_;
}

void MatchLogSweep::Stop() {
  {
    const absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  if (thread_.joinable()) thread_.join();
}

}  // namespace dongxi
