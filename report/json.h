// Answers and reports as JSON, for programs. One form for the command line and for report files; keys stay as
// they are from version to version and new ones may be added. Pure functions; any thread.
#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "dongxi/v1/match.pb.h"
#include "dongxi/v1/search.pb.h"
#include "report/model.h"

namespace dongxi::report {

// Of a need of a report: its lists that limits emptied.
inline constexpr char kEmptiedKey[] = "emptied_by_limit";
// Under which key a list of this kind stands: partners, experts, results.
const char* ListKey(v1::RecordKind kind);

// Keys in the order in which people want to read them.
using Json = nlohmann::ordered_json;

// id, resource_name, kind, name (institutions, experts) or title (results, needs), region, region_name,
// score, adequacy, adequate, illustrative, institutions, reasons, score_parts, matched_terms, evidence,
// policy_reason (null if there is none); where the answer judges the need's requirements also requirements
// (kind, outcome, requirement, shortfall, shortfall_text, reason and, if any, routes, route_institutions),
// where the need asks for conditions adaptation (value, reason), where it is barred barred (why), where the
// pair has a past pair_history: state (cool_down, extend), text, until (RFC 3339; null unless it cools down),
// engagements.
Json EntryToJson(const v1::MatchEntry& entry);

// partners, experts, results, no_adequate_match (an object with these three keys), policy_reading,
// policy_boost_max, next_page_token, where the answer was made by words alone degraded (why), then
// generation, model, policy, policy_version (the same string), match_id, catalogue_sequence, read_time (RFC
// 3339, null if not given).
Json MatchToJson(const v1::MatchResponse& answer);

// The same with the one list `needs` and without policy_reading.
Json ReverseMatchToJson(const v1::ReverseMatchResponse& answer);

// hits (id, resource_name, kind, name or title, region, region_name, score, illustrative, snippet,
// snippet_spans), next_page_token, then generation … read_time.
Json SearchToJson(const v1::SearchResponse& answer);

// id, title, description, wanted, region … as an import file has them; absent values are left out.
Json NeedToJson(const v1::Need& need);

// All that the pages say. title, options, lists (keys of those asked for; the others are empty in every need
// and say nothing, and figures of theirs are null in the summary), top (entries that a list may have, null if
// not known), summary (figures, distributions, province_pairs, exposure, institutions), unmatched (ids of
// needs), unmatched_by_limit (ids of needs whose adequate entries limits of exposure took away, all of them;
// not in unmatched), idle_offers (null: not looked for), comparison (null: with none), needs (each: need,
// then the keys of MatchToJson, or error; where limits emptied lists also emptied_by_limit, an object with
// the limits of each such list: {"experts": ["每位专家至多 2 项"]}, whose no_adequate_match is false as it
// speaks of the match). `stop`, which may be null, is asked before each need; null once it says yes.
Json ReportToJson(const MatchReport& report, const std::function<bool()>& stop = nullptr);

// JsonText(ReportToJson(report)) a piece at a time: of a thousand needs the whole takes a gigabyte. Errors:
// Cancelled if `stop` says yes, else what `write` returns.
absl::Status WriteReportJson(const MatchReport& report, const std::function<bool()>& stop,
                             const std::function<absl::Status(std::string_view)>& write);

// The text of a file or of standard output: indented, UTF-8, one line break at the end. Ill-formed UTF-8
// becomes U+FFFD. Never throws.
std::string JsonText(const Json& json);

}  // namespace dongxi::report
