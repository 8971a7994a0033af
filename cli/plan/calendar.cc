#include "cli/plan/calendar.h"

#include <set>

#include "absl/strings/str_format.h"
#include "absl/time/civil_time.h"
#include "cli/plan/words.h"
#include "engine/base/crc32c.h"
#include "engine/text/normalize.h"

namespace dongxi::cli {
namespace {

constexpr size_t kLineOctetsMax = 75;

std::string Escaped(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '\\' || c == ';' || c == ',') escaped += '\\';
    if (c == '\n') {
      escaped += "\\n";
    } else if (static_cast<unsigned char>(c) >= 0x20) {
      escaped += c;
    }
  }
  return escaped;
}

// Local minutes of a day as UTC: 20261126T010000Z.
std::string Utc(const plan::Event& event, const std::string& date, int minute) {
  absl::CivilDay day;
  if (!absl::ParseCivilTime(date, &day)) return "19700101T000000Z";
  const absl::CivilMinute utc = absl::CivilMinute(day) + (minute - event.settings.utc_offset_minutes);
  return absl::StrFormat("%04d%02d%02dT%02d%02d00Z", utc.year(), utc.month(), utc.day(), utc.hour(),
                         utc.minute());
}

// Of what the entry is about, not of where it stands.
std::string UidOf(const plan::Event& event, int party, const AgendaEntry& entry) {
  std::string key = event.settings.title + "\n" + event.slots[0].date + "\n" + event.parties[party].id + "\n";
  if (entry.pair >= 0) {
    const plan::Pair& pair = event.pairs[entry.pair];
    key += event.parties[pair.need].id + "\n" + event.parties[pair.offer].id;
  } else {
    key += "session\n" + event.sessions[entry.session].id;
  }
  const std::string reversed(key.rbegin(), key.rend());
  return absl::StrFormat("%08x%08x@dongxi", Crc32c(key), Crc32c(reversed));
}

std::string EventOf(const plan::Event& event, int party, const AgendaEntry& entry, int sequence,
                    bool cancelled) {
  const plan::Slot& slot = event.slots[entry.slot];
  std::string ics = IcsLine("BEGIN", "VEVENT") + IcsLine("UID", UidOf(event, party, entry)) +
                    IcsLine("DTSTAMP", Utc(event, event.slots[0].date, 0)) +
                    IcsLine("SEQUENCE", std::to_string(sequence)) +
                    IcsLine("DTSTART", Utc(event, slot.date, slot.begin_minute)) +
                    IcsLine("DTEND", Utc(event, slot.date, slot.end_minute));
  if (cancelled) ics += IcsLine("STATUS", "CANCELLED");
  ics += IcsLine("SUMMARY",
                 (cancelled ? "已取消　" : "") + ((entry.is_session ? "活动：" : "会谈：") + entry.title));
  const std::string place = event.settings.venue + (entry.place.empty() ? "" : " 桌 " + entry.place);
  if (!place.empty()) ics += IcsLine("LOCATION", place);
  if (!entry.detail.empty()) ics += IcsLine("DESCRIPTION", entry.detail);
  return ics + IcsLine("END", "VEVENT");
}

// Entries that a calendar of ours says are cancelled, without those of `uids`.
std::string CancelledOf(std::string_view ics, const std::set<std::string>& uids) {
  const std::string begin = IcsLine("BEGIN", "VEVENT"), end = IcsLine("END", "VEVENT");
  std::string cancelled;
  for (size_t at = ics.find(begin); at != std::string_view::npos; at = ics.find(begin, at)) {
    const size_t stop = ics.find(end, at);
    if (stop == std::string_view::npos) break;
    const std::string_view entry = ics.substr(at, stop + end.size() - at);
    at = stop + end.size();
    const size_t uid = entry.find("\r\nUID:");
    if (uid == std::string_view::npos || entry.find(IcsLine("STATUS", "CANCELLED")) == std::string_view::npos)
      continue;
    const size_t from = uid + std::string_view("\r\nUID:").size();
    if (!uids.contains(std::string(entry.substr(from, entry.find("\r\n", from) - from)))) cancelled += entry;
  }
  return cancelled;
}

}  // namespace

std::string IcsLine(std::string_view name, std::string_view text) {
  std::string line(name);
  line += ':';
  line += Escaped(IsValidUtf8(text) ? std::string(text) : EncodeUtf8(DecodeUtf8(text)));
  std::string folded;
  size_t octets = 0;
  for (size_t i = 0; i < line.size();) {
    size_t length = 1;
    while (i + length < line.size() && (static_cast<unsigned char>(line[i + length]) & 0xC0) == 0x80)
      ++length;
    if (octets + length > kLineOctetsMax) {
      folded += "\r\n ";
      octets = 1;
    }
    folded.append(line, i, length);
    octets += length;
    i += length;
  }
  return folded + "\r\n";
}

Calendars::Calendars(const plan::PlanFile& file, const plan::PlanFile* before)
    : file_(file), before_(before), now_(file.event, file.plan) {
  if (before == nullptr) return;
  then_.emplace(before->event, before->plan);
  for (size_t p = 0; p < before->event.parties.size(); ++p)
    places_.emplace(before->event.parties[p].id, static_cast<int>(p));
}

std::string Calendars::Of(int party, std::string_view earlier) const {
  const plan::Event& event = file_.event;
  std::string ics = IcsLine("BEGIN", "VCALENDAR") + IcsLine("VERSION", "2.0") +
                    IcsLine("PRODID", "-//Dongxi//dongxi plan//ZH") + IcsLine("CALSCALE", "GREGORIAN") +
                    IcsLine("X-WR-CALNAME", event.settings.title + " " + event.parties[party].name);
  const int sequence = file_.revision + file_.sequence_ahead;
  std::set<std::string> uids;
  for (const AgendaEntry& entry : now_.Of(party)) {
    if (entry.is_break) continue;
    uids.insert(UidOf(event, party, entry));
    ics += EventOf(event, party, entry, sequence, /*cancelled=*/false);
  }
  const auto then = places_.find(event.parties[party].id);
  if (then == places_.end()) return ics + IcsLine("END", "VCALENDAR");
  for (const AgendaEntry& entry : then_->Of(then->second)) {
    if (!entry.is_break && uids.insert(UidOf(before_->event, then->second, entry)).second)
      ics += EventOf(before_->event, then->second, entry, sequence, /*cancelled=*/true);
  }
  return ics + CancelledOf(earlier, uids) + IcsLine("END", "VCALENDAR");
}

}  // namespace dongxi::cli
