// What a need asks for and whether an offer gives it, requirement by requirement. Plain values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/record/record.h"
#include "engine/requirement/compare_indicators.h"

namespace dongxi::requirement {

enum class RequirementKind { kIndicator, kMaturity, kMode, kParty, kCondition, kLiveness };

// Unicode code points [begin, end) of a field of a record: title, text, wanted, indicators (its items joined
// with ；), ip_status.
struct FieldSpan {
  std::string field;
  uint32_t begin = 0, end = 0;
  bool operator==(const FieldSpan&) const = default;
};

// An institution that could take a way over a gap of maturity.
struct RouteInstitution {
  RecordName name;
  std::string title;
  std::string route;  // code of routes.tsv
};

struct RequirementVerdict {
  RequirementKind kind = RequirementKind::kIndicator;
  Outcome outcome = Outcome::kUnknown;
  std::string requirement;  // what is asked for, as printed: 锂总收率 ≥85%, 成熟度 TRL 7, 联合攻关
  std::optional<FieldSpan> need_span;   // where the need says so; none for what a field other than text says
  std::optional<FieldSpan> offer_span;  // where the offer answers, in its evidence
  double shortfall = 0;                 // as IndicatorVerdict; maturity: levels
  std::string shortfall_text;           // Chinese; empty where nothing is short
  std::string reason;                   // a Chinese sentence
  std::vector<std::string> routes;      // maturity: codes of routes.tsv over the gap
  double distance = 0;                  // condition: 0 validated as hard as asked to 1 nothing validated
  std::vector<RouteInstitution> route_institutions;  // of the same answer's partners; set by the matcher
};

// ✓ 满足, ✗ 不满足, △ 差, ? 未说明.
std::string MarkOf(Outcome outcome);
std::string WordOf(Outcome outcome);
// 考核指标, 成熟度, 合作方式, 对方类型, 环境条件, 可合作状态.
std::string WordOf(RequirementKind kind);

}  // namespace dongxi::requirement
