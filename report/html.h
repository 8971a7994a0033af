// A match report as one HTML file in Chinese: nothing is loaded from elsewhere, reads without JavaScript,
// prints on A4 with one need a page. Pure function; any thread.
#pragma once

#include <string>

#include "report/model.h"

namespace dongxi::report {

// The whole file, UTF-8. It is well-formed XML too. Every text of the report is escaped. The same report
// gives the same bytes.
std::string RenderHtml(const MatchReport& report);

}  // namespace dongxi::report
