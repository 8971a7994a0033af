// Calendar files (RFC 5545). Pure functions; any thread.
#pragma once

#include <string>
#include <string_view>

#include "engine/plan/plan_file.h"

namespace dongxi::cli {

// One party's meetings and sessions as VEVENTs, CR LF, lines folded at 75 octets between characters. The UID
// of a meeting stays when it moves; SEQUENCE is the plan's revision.
std::string CalendarOf(const plan::PlanFile& file, int party);

// A content line, escaped value included: folded, with its CR LF.
std::string IcsLine(std::string_view name, std::string_view text);

}  // namespace dongxi::cli
