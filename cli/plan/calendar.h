// Calendar files (RFC 5545). Pure functions; any thread.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "cli/plan/words.h"
#include "engine/plan/plan_file.h"

namespace dongxi::cli {

// The calendars of all parties. The UID of a meeting or session is made of ids: it stays when the meeting
// moves and when rows of the event change their order. SEQUENCE is the plan's revision (plus
// PlanFile::sequence_ahead). What a party had in `before`, an earlier revision of the plan (may be null), and
// has no more follows as cancelled, so that a calendar takes it out. There is no METHOD: the file is for
// import, not an invitation that somebody answers. Both plans outlive it.
class Calendars {
 public:
  explicit Calendars(const plan::PlanFile& file, const plan::PlanFile* before = nullptr);
  // One party's meetings and sessions as VEVENTs, CR LF, lines folded at 75 octets between characters. What
  // `earlier`, the party's calendar of the revision before, cancelled is cancelled still.
  std::string Of(int party, std::string_view earlier = {}) const;

 private:
  const plan::PlanFile& file_;
  const plan::PlanFile* const before_;
  const Agendas now_;
  std::optional<Agendas> then_;
  std::map<std::string_view, int> places_;  // of the parties of `before`, by id
};
inline std::string CalendarOf(const plan::PlanFile& file, int party, const plan::PlanFile* before = nullptr) {
  return Calendars(file, before).Of(party);
}

// A content line, escaped value included: folded, with its CR LF.
std::string IcsLine(std::string_view name, std::string_view text);

}  // namespace dongxi::cli
