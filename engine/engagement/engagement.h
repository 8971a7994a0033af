// What came of a match: steps in the life of a need–offer pair, recorded in a ledger that only grows. A wrong
// entry is corrected or withdrawn by a later one; what counts today is the effective history. Plain values
// and pure functions; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/record/record.h"

namespace dongxi {

// Numbers are those of dongxi.v1.EngagementStep and are stored: never renumber.
enum class Step : uint8_t {
  kShown = 1,       // 推荐
  kViewed = 2,      // 查看
  kInterested = 3,  // 意向
  kMet = 4,         // 会谈
  kSigned = 5,      // 签约
  kRegistered = 6,  // 技术合同登记
  kPaid = 7,        // 到账
  kDelivered = 8,   // 验收
  kRefused = 9,     // 拒绝
};
inline constexpr Step kAllSteps[] = {Step::kShown, Step::kViewed,    Step::kInterested,
                                     Step::kMet,   Step::kSigned,    Step::kRegistered,
                                     Step::kPaid,  Step::kDelivered, Step::kRefused};

// Why a pair was refused: a closed list, so that refusals can be counted. Numbers as in dongxi.v1.
enum class RefusalReason : uint8_t {
  kNone = 0,
  kTooEarly = 1,                // 成熟度不足
  kBenefitUnclear = 2,          // 效益不明确
  kCommercialRouteUnclear = 3,  // 商业化路径不清
  kDescriptionUnclear = 4,      // 描述不清
  kNoBudget = 5,                // 无经费
  kConditionNotFit = 6,         // 条件不适应
  kAlreadySolved = 7,           // 问题已解决
  kOtherPartner = 8,            // 已有其他合作方
  kRightsUnavailable = 9,       // 权属或许可受限
  kNoCapacity = 10,             // 对方无力承接
  kOther = 11,                  // 其他
};
inline constexpr int kRefusalReasons = 11;

// "shown", "registered" …; 推荐, 技术合同登记 ….
std::string_view CodeOf(Step step);
std::string_view ChineseNameOf(Step step);
// Reads a code or a Chinese name.
std::optional<Step> StepOf(std::string_view word);

// "too_early" …; 成熟度不足 …. Empty for kNone.
std::string_view CodeOf(RefusalReason reason);
std::string_view ChineseNameOf(RefusalReason reason);
std::optional<RefusalReason> RefusalReasonOf(std::string_view word);

// Numbers as in dongxi.v1.Engagement.Kind.
enum class LedgerKind : uint8_t {
  kRecord = 1,      // something happened
  kCorrection = 2,  // takes the place of the entry that it corrects
  kWithdrawal = 3,  // the entry that it corrects never happened
  kClearance = 4,   // the refusals of the pair that were recorded before it no longer hold
};

// One line of the ledger, as far as rules look at it.
struct LedgerEntry {
  std::string id;
  LedgerKind kind = LedgerKind::kRecord;
  std::string corrects;  // id of the entry that a correction or withdrawal is about
  Step step = Step::kShown;
  RefusalReason reason = RefusalReason::kNone;
  int64_t event_time_us = 0;   // when it happened, since 1970 UTC
  int64_t record_time_us = 0;  // when it was recorded
  std::optional<double> amount_wan;
  std::string registration_number;
  bool operator==(const LedgerEntry&) const = default;
};

// What counts today, of the entries of one pair in order of recording: corrected and withdrawn entries are
// left out, clearances too; a refusal that was cleared stays (it happened). In order of event time; what
// happened at the same time stays in order of recording.
std::vector<LedgerEntry> EffectiveHistory(std::span<const LedgerEntry> ledger);

struct PairState {
  std::optional<Step> furthest;        // of the steps from shown to delivered; none if there is none
  std::optional<LedgerEntry> refusal;  // the last one that is not cleared; the pair is then not shown again
  double signed_wan = 0;               // sum over the signatures
  double registered_wan = 0;           // sum over the registrations
  double paid_wan = 0;                 // sum over the payments
};
PairState StateOf(std::span<const LedgerEntry> ledger);

// An amount in 万元 in whole fen: 10.2 for 10.2 and for 102,000 times 1e-4, which differ in their last bit.
// Like this two amounts are compared and sums are told.
double InWholeFen(double amount_wan);

}  // namespace dongxi
