#include "cli/plan/calendar.h"

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

std::string CalendarOf(const plan::PlanFile& file, int party) {
  const plan::Event& event = file.event;
  std::string ics = IcsLine("BEGIN", "VCALENDAR") + IcsLine("VERSION", "2.0") +
                    IcsLine("PRODID", "-//Dongxi//dongxi plan//ZH") + IcsLine("CALSCALE", "GREGORIAN") +
                    IcsLine("METHOD", "PUBLISH") +
                    IcsLine("X-WR-CALNAME", event.settings.title + " " + event.parties[party].name);
  for (const AgendaEntry& entry : AgendaOf(event, file.plan, party)) {
    if (entry.is_break) continue;
    const plan::Slot& slot = event.slots[entry.slot];
    const std::string what = entry.pair >= 0 ? event.parties[event.pairs[entry.pair].need].id + "\n" +
                                                   event.parties[event.pairs[entry.pair].offer].id
                                             : "session\n" + entry.title;
    const std::string key = event.settings.title + "\n" + event.slots[0].date + "\n" + what;
    const std::string reversed(key.rbegin(), key.rend());
    ics += IcsLine("BEGIN", "VEVENT");
    ics += IcsLine("UID", absl::StrFormat("%08x%08x-%d@dongxi", Crc32c(key), Crc32c(reversed), party));
    ics += IcsLine("DTSTAMP", Utc(event, event.slots[0].date, 0));
    ics += IcsLine("SEQUENCE", std::to_string(file.revision));
    ics += IcsLine("DTSTART", Utc(event, slot.date, slot.begin_minute));
    ics += IcsLine("DTEND", Utc(event, slot.date, slot.end_minute));
    ics += IcsLine("SUMMARY", (entry.is_session ? "活动：" : "会谈：") + entry.title);
    const std::string place = event.settings.venue + (entry.place.empty() ? "" : " 桌 " + entry.place);
    if (!place.empty()) ics += IcsLine("LOCATION", place);
    if (!entry.detail.empty()) ics += IcsLine("DESCRIPTION", entry.detail);
    ics += IcsLine("END", "VEVENT");
  }
  return ics + IcsLine("END", "VCALENDAR");
}

}  // namespace dongxi::cli
