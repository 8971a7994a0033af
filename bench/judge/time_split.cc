#include "bench/judge/time_split.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "bench/judge/problems.h"

namespace dongxi::bench {
namespace {

FirstSteps NeedsOf(const std::vector<Engagement>& engagements) {
  FirstSteps needs;
  for (const Engagement& one : engagements) needs.emplace(one.need, &one);
  return needs;
}

absl::Status CheckSides(const TimeSplit& split, std::string_view before, const std::string& first,
                        const std::string& last) {
  if (!split.history.empty() && !split.after.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError("no engagement " +
                                    std::string(split.history.empty() ? "before " : "on or after ") +
                                    std::string(before) + "; they are of " + first + " to " + last +
                                    ", expected some on both sides; give another --before");
}

void Append(std::vector<Leak>& leaks, std::vector<Leak> more) {
  std::move(more.begin(), more.end(), std::back_inserter(leaks));
}

}  // namespace

absl::StatusOr<TimeSplit> SplitByTime(std::vector<Engagement> engagements, std::string_view before,
                                      const NeedTexts& needs, const std::vector<LateDocument>& late) {
  TimeSplit split;
  std::string first, last;
  for (Engagement& one : engagements) {
    if (first.empty() || one.date < first) first = one.date;
    last = std::max(last, one.date);
    (one.date < before ? split.history : split.after).push_back(std::move(one));
  }
  if (const absl::Status status = CheckSides(split, before, first, last); !status.ok()) return status;
  for (const Engagement& one : split.after) {
    int& grade = split.qrels[one.need][one.candidate];
    grade = std::max(grade, GradeOfStep(one.step).value_or(0));
  }
  split.leaks = PairLeaks(split.history, split.after);
  Append(split.leaks, NeedLeaks(NeedsOf(split.history), NeedsOf(split.after), needs));
  Append(split.leaks, DocumentLeaks(late, split.after));
  return split;
}

absl::StatusOr<std::set<std::string>> DropLeakingQueries(TimeSplit& split) {
  std::set<std::string> leaking;
  for (const Leak& leak : split.leaks) {
    if (!leak.need.empty()) leaking.insert(leak.need);
  }
  for (const std::string& need : leaking) split.qrels.erase(need);
  std::erase_if(split.after, [&](const Engagement& one) { return leaking.contains(one.need); });
  if (!split.qrels.empty()) return leaking;
  return absl::InvalidArgumentError("all " + std::to_string(leaking.size()) +
                                    " queries leak, none is left; give an earlier or later --before");
}

std::string LeakLines(const std::vector<Leak>& leaks) {
  std::string lines;
  const size_t shown = std::min(kProblemsShown, leaks.size());
  for (size_t i = 0; i < shown; ++i) lines += "\n  " + leaks[i].text;
  if (shown < leaks.size()) lines += "\n  and " + std::to_string(leaks.size() - shown) + " more";
  return lines;
}

}  // namespace dongxi::bench
