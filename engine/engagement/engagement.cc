#include "engine/engagement/engagement.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace dongxi {
namespace {

constexpr double kFenPerWan = 1e6;

template <typename Value>
struct Words {
  Value value;
  std::string_view code, chinese;
};

constexpr Words<Step> kSteps[] = {
    {Step::kShown, "shown", "推荐"},
    {Step::kViewed, "viewed", "查看"},
    {Step::kInterested, "interested", "意向"},
    {Step::kMet, "met", "会谈"},
    {Step::kSigned, "signed", "签约"},
    {Step::kRegistered, "registered", "技术合同登记"},
    {Step::kPaid, "paid", "到账"},
    {Step::kDelivered, "delivered", "验收"},
    {Step::kRefused, "refused", "拒绝"},
};

constexpr Words<RefusalReason> kReasons[] = {
    {RefusalReason::kTooEarly, "too_early", "成熟度不足"},
    {RefusalReason::kBenefitUnclear, "benefit_unclear", "效益不明确"},
    {RefusalReason::kCommercialRouteUnclear, "commercial_route_unclear", "商业化路径不清"},
    {RefusalReason::kDescriptionUnclear, "description_unclear", "描述不清"},
    {RefusalReason::kNoBudget, "no_budget", "无经费"},
    {RefusalReason::kConditionNotFit, "condition_not_fit", "条件不适应"},
    {RefusalReason::kAlreadySolved, "already_solved", "问题已解决"},
    {RefusalReason::kOtherPartner, "other_partner", "已有其他合作方"},
    {RefusalReason::kRightsUnavailable, "rights_unavailable", "权属或许可受限"},
    {RefusalReason::kNoCapacity, "no_capacity", "对方无力承接"},
    {RefusalReason::kOther, "other", "其他"},
};
static_assert(std::size(kReasons) == kRefusalReasons);
static_assert(std::size(kSteps) == std::size(kAllSteps));

template <typename Value, size_t kSize>
const Words<Value>* Find(const Words<Value> (&table)[kSize], Value value) {
  const auto* found = std::find_if(std::begin(table), std::end(table),
                                   [&](const Words<Value>& words) { return words.value == value; });
  return found == std::end(table) ? nullptr : found;
}

template <typename Value, size_t kSize>
std::optional<Value> Read(const Words<Value> (&table)[kSize], std::string_view word) {
  for (const Words<Value>& words : table) {
    if (word == words.code || word == words.chinese) return words.value;
  }
  return std::nullopt;
}

}  // namespace

std::string_view CodeOf(Step step) {
  const auto* words = Find(kSteps, step);
  return words != nullptr ? words->code : std::string_view();
}
std::string_view ChineseNameOf(Step step) {
  const auto* words = Find(kSteps, step);
  return words != nullptr ? words->chinese : std::string_view();
}
std::optional<Step> StepOf(std::string_view word) { return Read(kSteps, word); }

std::string_view CodeOf(RefusalReason reason) {
  const auto* words = Find(kReasons, reason);
  return words != nullptr ? words->code : std::string_view();
}
std::string_view ChineseNameOf(RefusalReason reason) {
  const auto* words = Find(kReasons, reason);
  return words != nullptr ? words->chinese : std::string_view();
}
std::optional<RefusalReason> RefusalReasonOf(std::string_view word) { return Read(kReasons, word); }

std::vector<LedgerEntry> EffectiveHistory(std::span<const LedgerEntry> ledger) {
  std::set<std::string_view> replaced;
  for (const LedgerEntry& entry : ledger) {
    if (!entry.corrects.empty()) replaced.insert(entry.corrects);
  }
  std::vector<LedgerEntry> history;
  for (const LedgerEntry& entry : ledger) {
    const bool happened = entry.kind == LedgerKind::kRecord || entry.kind == LedgerKind::kCorrection;
    if (happened && !replaced.contains(entry.id)) history.push_back(entry);
  }
  std::stable_sort(history.begin(), history.end(), [](const LedgerEntry& a, const LedgerEntry& b) {
    return a.event_time_us < b.event_time_us;
  });
  return history;
}

PairState StateOf(std::span<const LedgerEntry> ledger) {
  PairState state;
  // Clearances hold in order of recording: a refusal may be recorded late, for an earlier day. A corrected
  // refusal keeps its place: what was cleared stays cleared.
  std::set<std::string_view> cleared, seen;
  for (const LedgerEntry& entry : ledger) {
    if (entry.kind == LedgerKind::kClearance) cleared.insert(seen.begin(), seen.end());
    const bool was_cleared = cleared.contains(entry.corrects);
    seen.insert(entry.id);
    if (was_cleared) cleared.insert(entry.id);
  }
  int64_t refused_at_us = 0;
  for (const LedgerEntry& entry : EffectiveHistory(ledger)) {
    if (entry.step == Step::kRefused) {
      const bool newer = !state.refusal || entry.record_time_us >= refused_at_us;
      if (cleared.contains(entry.id) || !newer) continue;
      state.refusal = entry;
      refused_at_us = entry.record_time_us;
      continue;
    }
    if (!state.furthest || entry.step > *state.furthest) state.furthest = entry.step;
    if (entry.step == Step::kSigned) state.signed_wan += entry.amount_wan.value_or(0);
    if (entry.step == Step::kRegistered) state.registered_wan += entry.amount_wan.value_or(0);
    if (entry.step == Step::kPaid) state.paid_wan += entry.amount_wan.value_or(0);
  }
  return state;
}

double InWholeFen(double amount_wan) { return std::round(amount_wan * kFenPerWan) / kFenPerWan; }

}  // namespace dongxi
