// A match report as one HTML file in Chinese: nothing is loaded from elsewhere, reads without JavaScript,
// prints on A4 with one need a page. Pure function; any thread.
#pragma once

#include <functional>
#include <string>

#include "report/model.h"

namespace dongxi::report {

// The whole file, UTF-8. It is well-formed XML too. Every text of the report is escaped. The same report
// gives the same bytes. `stop`, which may be null, is asked before each need; the result is empty once it
// says yes.
std::string RenderHtml(const MatchReport& report, const std::function<bool()>& stop = nullptr);

}  // namespace dongxi::report
