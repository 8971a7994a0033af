#include "engine/plan/replan_changes.h"

#include <algorithm>
#include <set>

#include "engine/plan/replan_sessions.h"

namespace dongxi::plan {
namespace {

std::string NamesOf(const Event& event, const Pair& pair) {
  return "“" + PartyText(event, pair.need) + "”与“" + PartyText(event, pair.offer) + "”";
}

}  // namespace

std::string PartyText(const Event& event, int party) {
  const Party& one = event.parties[party];
  const bool is_shared = std::any_of(event.parties.begin(), event.parties.end(), [&one](const Party& other) {
    return &other != &one && other.name == one.name;
  });
  return is_shared ? one.name + "（" + one.id + "）" : one.name;
}

std::vector<Change> ChangesBetween(const Plan& old, const Plan& now, size_t pairs) {
  std::vector<const Meeting*> before(pairs, nullptr), after(pairs, nullptr);
  for (const Meeting& meeting : old.meetings) before[meeting.pair] = &meeting;
  for (const Meeting& meeting : now.meetings) after[meeting.pair] = &meeting;
  std::vector<Change> changes;
  for (size_t i = 0; i < pairs; ++i) {
    const Meeting* a = before[i];
    const Meeting* b = after[i];
    if (a == nullptr && b == nullptr) continue;
    if (a != nullptr && b != nullptr && a->slot == b->slot && a->table == b->table) continue;
    Change change{.kind = b == nullptr   ? ChangeKind::kCancelled
                          : a == nullptr ? ChangeKind::kAdded
                                         : ChangeKind::kMoved,
                  .pair = static_cast<int>(i)};
    if (a != nullptr) change.old_slot = a->slot, change.old_table = a->table;
    if (b != nullptr) change.new_slot = b->slot, change.new_table = b->table;
    changes.push_back(change);
  }
  return changes;
}

std::vector<int> CancelledWithoutMeeting(const Plan& old, const std::vector<int>& cancelled) {
  std::set<int> pairs(cancelled.begin(), cancelled.end());
  for (const Meeting& meeting : old.meetings) pairs.erase(meeting.pair);
  return {pairs.begin(), pairs.end()};
}

std::string ChangeText(const Event& event, const Change& change) {
  const Pair& pair = event.pairs[change.pair];
  const auto where = [&](int slot, int table) {
    return SlotTimeText(event, slot) + (table >= 0 ? " 桌 " + event.tables[table].id : "");
  };
  const std::string who = NamesOf(event, pair);
  if (change.kind == ChangeKind::kCancelled) {
    const char* const by = pair.by_organiser == Wish::kNo ? "，组织方取消，以后不再排" : "";
    return "取消：" + who + "（原 " + where(change.old_slot, change.old_table) + "）" + by;
  }
  if (change.kind == ChangeKind::kAdded)
    return "新增：" + who + "，" + where(change.new_slot, change.new_table);
  return "改动：" + who + "，" + where(change.old_slot, change.old_table) + " 改为 " +
         where(change.new_slot, change.new_table);
}

std::string OutText(const Event& event, int pair) {
  return "取消：" + NamesOf(event, event.pairs[pair]) + "（没有排会谈，不用通知），组织方取消，以后不再排";
}

}  // namespace dongxi::plan
