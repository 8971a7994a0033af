// What a match report says: needs with their answers, as the server gave them. Plain values, built by the
// caller (dongxi report does it over gRPC); html.h and json.h write it out.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "dongxi/v1/match.pb.h"
#include "dongxi/v1/records.pb.h"

namespace dongxi::report {

// A list whose adequate entries limits of exposure took away, every one of them.
struct EmptiedList {
  v1::RecordKind kind = v1::RECORD_KIND_UNSPECIFIED;  // INSTITUTION, EXPERT or RESULT
  std::vector<std::string> limits;                    // which ones, in Chinese: 每家机构至多 1 次
};

// One need and its answer.
struct NeedMatches {
  v1::Need need;
  // Provenance, policy reading and the three lists with score parts, terms, spans, evidence and reasons. The
  // lists are written in full: the caller decides how many entries they have.
  v1::MatchResponse answer;
  // Why the need could not be matched, in Chinese; then `answer` is not read. Empty: it was matched.
  std::string error;
  // In the order of the lists (exposure_balance.h).
  std::vector<EmptiedList> emptied{};
};

// An offer of the catalogue that no need of the report has among its adequate entries: a result, an expert,
// or an institution that has no need in the report itself.
struct IdleOffer {
  std::string name;  // "results/r-1", "experts/e-1", "institutions/i-1"
  std::string title;
  std::string region_code;
  bool illustrative = false;
  std::string
      owner{};  // "institutions/i-1", whose region counts where the offer names none; "" if there is none
};

// What changed in one need's lists since an earlier report.
struct NeedChange {
  std::string need;  // resource name
  std::string title;
  std::string what;  // in Chinese: 新需求, 由未找到变为合适, 合适的名单有变, 本次未能匹配 …
  std::vector<std::string> gained;  // titles of adequate entries that are new
  std::vector<std::string> lost;    // and of those that were adequate before
  // Resource names of the gained and of the lost ones, in the same order.
  std::vector<std::string> gained_names{}, lost_names{};
};

// This report beside an earlier one (compare.h).
struct Comparison {
  std::string earlier;  // which report, as a reader knows it: its file name and time
  int earlier_needs = 0, earlier_matched = 0;
  std::vector<NeedChange> changes;  // needs in the order of this report, then those that are gone
  int unchanged = 0;
  // In Chinese, where the two did not ask the same: which options differ, and what of the lists is compared.
  std::string note{};
};

struct MatchReport {
  // Heading of the report; empty: 供需匹配报告.
  std::string title;
  std::vector<NeedMatches> needs;  // in the order of the report
  // Display names by resource name ("institutions/i-1"), where the lists name institutions so. May be empty.
  std::map<std::string, std::string> institution_names;
  // How the candidates were chosen, in Chinese, a line each: 每个列表 5 条, 政策权重 1 …
  std::vector<std::string> options;
  // Lists that were asked for: INSTITUTION, EXPERT, RESULT; empty: all three. No form says of another list
  // that nothing was found.
  std::vector<v1::RecordKind> kinds{};
  int top = 0;  // entries that a list may have; 0: not known
  // Offers that nobody needs, of each kind in order of name; nothing if they were not looked for.
  std::optional<std::vector<IdleOffer>> idle_offers;
  std::optional<Comparison> comparison;
  // A short form for print, a need a page: HTML and PDF leave out how scores are made, evidence, what is not
  // said, the conditions of the site and the members of consortia, tell little of near misses beside adequate
  // entries, cut long texts, and draw a need smaller that is too long all the same, down to 0.7 (HTML: 0.6,
  // by its script) of its size. Two entries a list then fit on a page; with more of them a need may take
  // several. Other files are as ever.
  bool brief = false;
};

}  // namespace dongxi::report
