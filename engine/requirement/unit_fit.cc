#include "engine/requirement/unit_fit.h"

#include <algorithm>
#include <cmath>
#include <string_view>

namespace dongxi::requirement {

bool UnitFits(const Indicator& indicator, const RequirementTables& tables) {
  if (indicator.unit.empty() || indicator.name.head.empty()) return true;
  const UnitFitRow* row = tables.UnitFitOf(indicator.name.head);
  if (row == nullptr) return true;
  const bool ratio = indicator.dimension.is_ratio();
  // Any quantity can rise by a share of itself.
  if (indicator.change && (ratio || indicator.points)) return true;
  if (ratio && !row->ratio) return false;
  if (!indicator.dimension.IsMadeOf(row->bases) && !indicator.points) return false;
  constexpr double kRounding = 1e-9;
  const double value = std::isinf(indicator.low) ? indicator.high : indicator.low;
  return !ratio || row->share_max <= 0 || value <= row->share_max + kRounding;
}

std::vector<std::string> UnitMisfits(const Record& record, const RequirementTables& tables) {
  const Side side = record.kind == RecordKind::kNeed ? Side::kNeed : Side::kOffer;
  std::vector<std::string> misfits;
  for (const std::string& text : record.indicators) {
    for (const Indicator& one : ParseIndicators(text, {.side = side, .indicator_list = true}, tables)) {
      if (one.misfit) misfits.push_back(text.substr(one.span.begin, one.span.end - one.span.begin));
    }
  }
  return misfits;
}

}  // namespace dongxi::requirement
