// The parts of the HTML file, for html.cc only. Each appends to `out`.
#pragma once

#include <string>
#include <string_view>

#include "report/model.h"
#include "report/overview.h"

namespace dongxi::report {

extern const std::string_view kStyle;   // contents of <style>
extern const std::string_view kScript;  // contents of <script>: the search box

// 示例数据, or nothing.
std::string_view IllustrativeBadge(bool illustrative);

// Figures, tables by channel and province, institutions.
void AppendOverview(const MatchReport& report, const Overview& overview, std::string* out);
// By task and field as bars, province pairs as a matrix, exposure, what changed, needs without a match.
void AppendCharts(const MatchReport& report, const Overview& overview, std::string* out);
// The list of needs with links to their pages.
void AppendContents(const MatchReport& report, std::string* out);
// One need with its three lists; `index` is its place in `report.needs`.
void AppendNeed(const MatchReport& report, size_t index, std::string* out);

// Offers that no need asks for, a section of its own; nothing if they were not looked for.
void AppendIdleOffers(const MatchReport& report, std::string* out);

// How the two link to each other.
std::string NeedAnchor(size_t index);
// 青海海西州; what the need itself is called: its title, else the beginning of what it says.
std::string NeedTitle(const v1::Need& need);

}  // namespace dongxi::report
