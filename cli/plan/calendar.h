// Calendar files (RFC 5545). Pure functions; any thread.
#pragma once

#include <string>
#include <string_view>

#include "engine/plan/plan_file.h"

namespace dongxi::cli {

// One party's meetings and sessions as VEVENTs, CR LF, lines folded at 75 octets between characters. The UID
// of a meeting or session is made of ids: it stays when the meeting moves and when rows of the event change
// their order. SEQUENCE is the plan's revision. What the party had in `before`, an earlier revision of the
// plan (may be null), and has no more follows as cancelled, so that a calendar takes it out. There is no
// METHOD: the file is for import, not an invitation that somebody answers.
std::string CalendarOf(const plan::PlanFile& file, int party, const plan::PlanFile* before = nullptr);

// A content line, escaped value included: folded, with its CR LF.
std::string IcsLine(std::string_view name, std::string_view text);

}  // namespace dongxi::cli
