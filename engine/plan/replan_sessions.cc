#include "engine/plan/replan_sessions.h"

#include <algorithm>
#include <cstdio>
#include <map>
#include <string_view>

namespace dongxi::plan {
namespace {

// Whoever is in a meeting: parties, and their members by name.
class InMeetings {
 public:
  InMeetings(const Event& event, const std::vector<Meeting>& meetings) : event_(event) {
    for (const Meeting& meeting : meetings) {
      for (const int party : {event.pairs[meeting.pair].need, event.pairs[meeting.pair].offer}) {
        parties_.insert({party, meeting.slot});
        for (const std::string& member : event.parties[party].members) people_.insert({member, meeting.slot});
      }
    }
  }
  bool Has(int party, int slot) const {
    const std::vector<std::string>& members = event_.parties[party].members;
    return parties_.contains({party, slot}) ||
           std::any_of(members.begin(), members.end(), [&](const std::string& member) {
             return people_.contains({member, slot});
           });
  }

 private:
  const Event& event_;
  std::set<std::pair<int, int>> parties_;
  std::set<std::pair<std::string, int>> people_;
};

void Cancel(const Event& event, const Session& asked, const SessionPlan& session, CarriedSessions& result) {
  result.changes.push_back("取消活动：“" + asked.name + "”（原 " + SlotTimeText(event, session.slot) +
                           "），必到方都不在");
  result.tell.insert(session.parties.begin(), session.parties.end());
}

}  // namespace

CarriedSessions CarrySessions(const Event& before, const Plan& old, const Event& after,
                              const std::vector<Meeting>& meetings) {
  CarriedSessions result;
  if (old.sessions.empty()) return result;  // most events: no need to know who is where
  const InMeetings busy(after, meetings);
  std::map<std::string_view, int> by_id;
  for (size_t i = 0; i < after.sessions.size(); ++i) by_id.emplace(after.sessions[i].id, static_cast<int>(i));
  for (const SessionPlan& session : old.sessions) {
    if (session.slot < 0) continue;
    const Session& was = before.sessions[session.session];
    const auto found = by_id.find(was.id);
    if (found == by_id.end()) {
      Cancel(before, was, session, result);
      continue;
    }
    SessionPlan kept{.session = found->second, .slot = session.slot};
    const Session& asked = after.sessions[found->second];
    const std::set<int> must_come(asked.participants.begin(), asked.participants.end());
    const std::set<int> presented(was.participants.begin(), was.participants.end());
    bool presenter_left = false;
    for (const int party : session.parties) {
      const bool is_away = !after.parties[party].available[session.slot];
      const bool meets = !must_come.contains(party) && busy.Has(party, session.slot);
      if (!is_away && !meets) {
        kept.parties.push_back(party);
        continue;
      }
      result.changes.push_back("活动“" + was.name + "”（" + SlotTimeText(before, session.slot) + "）：“" +
                               after.parties[party].name + (is_away ? "”不在" : "”有会谈，不来了"));
      result.tell.insert(party);
      presenter_left |= presented.contains(party);
    }
    if (presenter_left) result.tell.insert(kept.parties.begin(), kept.parties.end());
    result.sessions.push_back(std::move(kept));
  }
  return result;
}

std::string SlotTimeText(const Event& event, int slot) {
  const Slot& s = event.slots[slot];
  char time[16];
  std::snprintf(time, sizeof(time), "%02d:%02d", s.begin_minute / 60, s.begin_minute % 60);
  return s.date + " " + time;
}

}  // namespace dongxi::plan
