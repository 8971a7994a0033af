#include "engine/plan/outcome_figures.h"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <vector>

#include "engine/plan/figures.h"
#include "engine/plan/instance.h"

namespace dongxi::plan {
namespace {

constexpr std::string_view kNoShow = "未到";

void CountWishes(const Event& event, const std::vector<Meeting>& held, OutcomeFigures& figures) {
  int64_t value = 0;
  for (const Meeting& meeting : held) {
    const Pair& pair = event.pairs[meeting.pair];
    value += std::max<int64_t>(0, PairUnits(pair));
    if (IsMust(pair))
      ++figures.musts_met;
    else if (pair.by_need == Wish::kWant || pair.by_offer == Wish::kWant)
      ++figures.wants_met;
  }
  figures.value = static_cast<double>(value) / static_cast<double>(kScoreUnit);
}

// By how much more a minimum is missed by `held` meetings than by the planned ones.
int MoreMissing(int minimum, int planned, int held) {
  return std::max(0, minimum - held) - std::max(0, minimum - planned);
}

// Who has no meeting in the plan has none here either: what the plan's figures say of them stays.
void CountParties(const Event& event, const Plan& plan, const std::vector<Meeting>& held,
                  OutcomeFigures& figures) {
  const std::vector<int> planned = CountsOf(event, plan.meetings), now = CountsOf(event, held);
  const int most = static_cast<int>(event.parties.size());
  std::vector<int> counts(static_cast<size_t>(std::clamp(plan.figures.without_meeting, 0, most)), 0);
  figures.min_shortfall = plan.figures.min_shortfall;
  for (size_t p = 0; p < planned.size(); ++p) {
    if (planned[p] == 0) continue;
    const Party& party = event.parties[p];
    const int least = party.is_protected ? event.settings.protected_floor : 0;
    figures.min_shortfall += MoreMissing(std::max(party.min_meetings, least), planned[p], now[p]);
    counts.push_back(now[p]);
  }
  if (!counts.empty()) figures.worst_off = *std::min_element(counts.begin(), counts.end());
  figures.without_meeting = static_cast<int>(std::count(counts.begin(), counts.end(), 0));
  figures.gini = Gini(counts);
}

std::vector<int> GroupCountsOf(const Event& event, const Groups& groups,
                               const std::vector<Meeting>& meetings) {
  std::vector<int> counts(groups.all.size(), 0);
  for (const Meeting& meeting : meetings) {
    const Pair& pair = event.pairs[meeting.pair];
    ForEachGroup(groups, pair.need, pair.offer, [&](int group) { ++counts[group]; });
  }
  return counts;
}

int QuotaShortfall(const Event& event, const Plan& plan, const std::vector<Meeting>& held) {
  const Groups groups = MakeGroups(event);
  const std::vector<int> planned = GroupCountsOf(event, groups, plan.meetings);
  const std::vector<int> now = GroupCountsOf(event, groups, held);
  int missing = plan.figures.quota_shortfall;
  for (size_t g = 0; g < groups.all.size(); ++g)
    missing += MoreMissing(groups.all[g].minimum, planned[g], now[g]);
  return missing;
}

}  // namespace

bool IsNoShow(const Meeting& meeting) { return meeting.outcome == kNoShow; }

bool TookPlace(const Meeting& meeting) { return meeting.outcome.empty() ? meeting.held : !IsNoShow(meeting); }

OutcomeFigures OutcomeFiguresOf(const Event& event, const Plan& plan) {
  std::vector<Meeting> held;
  std::copy_if(plan.meetings.begin(), plan.meetings.end(), std::back_inserter(held), TookPlace);
  OutcomeFigures figures;
  figures.held = static_cast<int>(held.size());
  for (const Meeting& meeting : plan.meetings) {
    figures.noted += meeting.outcome.empty() ? 0 : 1;
    figures.no_shows += IsNoShow(meeting) ? 1 : 0;
  }
  CountWishes(event, held, figures);
  CountParties(event, plan, held, figures);
  figures.quota_shortfall = QuotaShortfall(event, plan, held);
  return figures;
}

}  // namespace dongxi::plan
