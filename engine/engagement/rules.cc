#include "engine/engagement/rules.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <utility>

namespace dongxi {
namespace {

constexpr int64_t kDayUs = 86'400LL * 1'000'000;
constexpr int64_t kChinaUs = 8 * 3'600LL * 1'000'000;
constexpr int64_t kEarliestUs = 631'152'000LL * 1'000'000;  // 1990-01-01 UTC
constexpr int64_t kNever = std::numeric_limits<int64_t>::max();
constexpr double kCentWan = 1e-6;  // one fen in 万元

// Meetings and signatures are known by the day, in China.
int64_t DayOf(int64_t time_us) { return (time_us + kChinaUs) / kDayUs; }

class Findings {
 public:
  void Refuse(const LedgerEntry& entry, std::string_view code, std::string message) {
    found_.push_back({code, entry.id, std::move(message), true});
  }
  void Warn(const LedgerEntry& entry, std::string_view code, std::string message) {
    found_.push_back({code, entry.id, std::move(message), false});
  }
  std::vector<Finding> Take() && { return std::move(found_); }

 private:
  std::vector<Finding> found_;
};

std::string Named(Step step) { return "“" + std::string(ChineseNameOf(step)) + "”"; }

void CheckTimes(const LedgerEntry& entry, int64_t now_us, Findings& out) {
  if (entry.event_time_us < kEarliestUs) {
    out.Refuse(entry, "EVENT_TIME_MISSING", "没有发生时间，或早于 1990 年：写明实际发生的日期");
  } else if (entry.event_time_us > now_us + kFutureToleranceUs) {
    out.Refuse(entry, "EVENT_TIME_IN_FUTURE", "发生时间在将来：只登记已经发生的事");
  }
}

void CheckAmount(const LedgerEntry& entry, Findings& out) {
  const bool has_amount =
      entry.step == Step::kSigned || entry.step == Step::kRegistered || entry.step == Step::kPaid;
  if (!entry.amount_wan) {
    if (entry.step == Step::kPaid) out.Refuse(entry, "AMOUNT_MISSING", "到账要写金额（万元）");
    return;
  }
  if (!has_amount) {
    out.Refuse(entry, "AMOUNT_NOT_EXPECTED",
               Named(entry.step) + "没有金额：金额只写在签约、技术合同登记、到账");
  } else if (!(*entry.amount_wan >= 0 && *entry.amount_wan <= kAmountWanMax)) {  // Written so that NaN fails.
    out.Refuse(entry, "AMOUNT_INVALID", "金额不对：应为 0 至 1 亿之间的数，单位是万元");
  }
}

// A pair may have several contracts; two within a month are often one that was recorded twice.
void CheckSecondContract(const LedgerEntry& before, const LedgerEntry& entry, Findings& out) {
  out.Warn(entry, "SIGNED_AGAIN", "这一对已有签约登记，这是又一份合同");
  const int64_t days = DayOf(entry.event_time_us) - DayOf(before.event_time_us);
  if (days > kContractsCloseDays) return;
  out.Warn(entry, "SIGNED_TWICE_CLOSE",
           (days == 0 ? "与上一次签约在同一天" : "与上一次签约只隔 " + std::to_string(days) + " 天") +
               "：若是同一份合同，撤回其中一条");
}

// When each step came on record, as places in the ledger: a correction keeps the place of what it corrects.
std::map<std::string_view, size_t> PlacesOfRecording(std::span<const LedgerEntry> ledger) {
  std::map<std::string_view, size_t> places;
  for (const LedgerEntry& entry : ledger) {
    const auto corrected = places.find(entry.corrects);
    const size_t place = corrected == places.end() ? places.size() : corrected->second;
    places.emplace(entry.id, place);
  }
  return places;
}

bool IsOnEarlierDay(const LedgerEntry& a, const LedgerEntry& b) {
  return DayOf(a.event_time_us) < DayOf(b.event_time_us);
}

// A meeting that came on record after a contract of before it is no first contact: the two were partners.
bool WerePartnersBefore(const LedgerEntry& met, const std::vector<LedgerEntry>& history,
                        const std::map<std::string_view, size_t>& places) {
  return std::any_of(history.begin(), history.end(), [&](const LedgerEntry& entry) {
    return entry.step == Step::kSigned && IsOnEarlierDay(entry, met) &&
           places.at(entry.id) < places.at(met.id);
  });
}

const LedgerEntry* FirstOf(Step step, const std::vector<LedgerEntry>& history) {
  const auto first = std::find_if(history.begin(), history.end(),
                                  [step](const LedgerEntry& entry) { return entry.step == step; });
  return first == history.end() ? nullptr : &*first;
}

void CheckSigned(std::span<const LedgerEntry> ledger, const std::vector<LedgerEntry>& history,
                 Findings& out) {
  const LedgerEntry* const met = FirstOf(Step::kMet, history);
  const bool partners = met != nullptr && WerePartnersBefore(*met, history, PlacesOfRecording(ledger));
  if (partners) {
    out.Warn(*met, "MET_AFTER_CONTRACT",
             "首次登记的会谈在已有合同之后：以前就有合作的不必改；日期有误就更正");
  }
  const LedgerEntry* before = nullptr;  // the signature before this one
  for (const LedgerEntry& entry : history) {
    if (entry.step != Step::kSigned) continue;
    const bool before_met = met != nullptr && IsOnEarlierDay(entry, *met);
    if (met == nullptr || (before_met && partners)) {
      out.Warn(entry, "NO_MEETING", "签约之前没有会谈的登记");
    } else if (before_met) {
      out.Refuse(entry, "SIGNED_BEFORE_MET", "签约早于首次会谈：两个日期有一个不对，请先更正");
    }
    if (before != nullptr) CheckSecondContract(*before, entry, out);
    before = &entry;
  }
}

void CheckWhatNeedsASignature(const std::vector<LedgerEntry>& history, Findings& out) {
  const LedgerEntry* const signature = FirstOf(Step::kSigned, history);
  for (const LedgerEntry& entry : history) {
    const bool needs_signature =
        entry.step == Step::kRegistered || entry.step == Step::kPaid || entry.step == Step::kDelivered;
    if (!needs_signature) continue;
    if (signature == nullptr) {
      out.Refuse(entry, "SIGNATURE_MISSING", Named(entry.step) + "之前没有签约：先登记签约");
    } else if (IsOnEarlierDay(entry, *signature)) {
      out.Refuse(entry, "SIGNATURE_MISSING", Named(entry.step) + "早于签约：两个日期有一个不对，请先更正");
    }
  }
}

void CheckAmounts(const std::vector<LedgerEntry>& history, Findings& out) {
  double contracts = 0, paid = 0;
  bool all_known = true, any = false;
  std::vector<double> amounts;
  for (const LedgerEntry& entry : history) {
    if (entry.step != Step::kSigned) continue;
    any = true;
    all_known = all_known && entry.amount_wan.has_value();
    contracts += entry.amount_wan.value_or(0);
    if (entry.amount_wan) amounts.push_back(*entry.amount_wan);
  }
  if (!any || !all_known) return;
  for (const LedgerEntry& entry : history) {
    if (entry.step == Step::kPaid) {
      paid += entry.amount_wan.value_or(0);
      if (paid > contracts + kCentWan)
        out.Warn(entry, "PAID_MORE_THAN_SIGNED", "到账合计超过签约金额，请核对");
    }
    if (entry.step != Step::kRegistered || !entry.amount_wan || amounts.empty()) continue;
    const bool same = std::any_of(amounts.begin(), amounts.end(), [&](double amount) {
      return std::abs(amount - *entry.amount_wan) <= kCentWan;
    });
    if (!same) out.Warn(entry, "REGISTERED_AMOUNT_DIFFERS", "登记金额与签约金额不同，请核对");
  }
}

// By id, also of what no longer counts.
std::map<std::string_view, const LedgerEntry*> EntriesById(std::span<const LedgerEntry> ledger) {
  std::map<std::string_view, const LedgerEntry*> entries;
  for (const LedgerEntry& entry : ledger) entries.emplace(entry.id, &entry);
  return entries;
}

// True if `entry` comes after one of the refusals, given by their times. One that the same step stood behind
// before it was corrected came on record after it and is not asked again.
bool IsAfterRefusal(const LedgerEntry& entry, const std::vector<int64_t>& refused_us,
                    const std::map<std::string_view, const LedgerEntry*>& entries) {
  const auto corrected = entries.find(entry.corrects);
  const bool stood = corrected != entries.end() && corrected->second->step == entry.step;
  const int64_t stood_at_us = stood ? corrected->second->event_time_us : 0;
  return std::any_of(refused_us.begin(), refused_us.end(), [&](int64_t refused) {
    return refused <= entry.event_time_us && !(stood && refused <= stood_at_us);
  });
}

// In order of recording: when an entry was recorded, was the pair refused by an entry that still counts?
void CheckRefusals(std::span<const LedgerEntry> ledger, const std::vector<LedgerEntry>& history,
                   Findings& out) {
  std::set<std::string_view> counting, seen, cleared;
  for (const LedgerEntry& entry : history) counting.insert(entry.id);
  const std::map<std::string_view, const LedgerEntry*> entries = EntriesById(ledger);
  std::vector<int64_t> refused_us;  // of those that hold
  int64_t signed_since_day = kNever;
  for (const LedgerEntry& entry : ledger) {
    if (entry.kind == LedgerKind::kClearance) {
      cleared.insert(seen.begin(), seen.end());
      seen.clear();
      refused_us.clear();
      continue;
    }
    // What takes the place of a cleared refusal is cleared too.
    (cleared.contains(entry.corrects) ? cleared : seen).insert(entry.id);
    if (!counting.contains(entry.id)) continue;
    if (entry.step == Step::kSigned) {
      signed_since_day = std::min(signed_since_day, DayOf(entry.event_time_us));
      if (IsAfterRefusal(entry, refused_us, entries))
        out.Refuse(entry, "REFUSAL_NOT_CLEARED", "这一对已被拒绝：先解除拒绝，再登记签约");
    } else if (entry.step == Step::kRefused) {
      // A refusal of before the contract may come on record late: nobody refused what was signed.
      if (signed_since_day <= DayOf(entry.event_time_us))
        out.Warn(entry, "REFUSED_AFTER_SIGNED", "这一对已经签约，仍登记为拒绝");
      if (!cleared.contains(entry.id)) refused_us.push_back(entry.event_time_us);
    } else if (entry.step <= Step::kMet && IsAfterRefusal(entry, refused_us, entries)) {
      out.Warn(entry, "AFTER_REFUSAL", "这一对已被拒绝，之后又有" + Named(entry.step));
    }
  }
}

}  // namespace

std::vector<Finding> CheckEntry(const LedgerEntry& entry, int64_t now_us) {
  Findings out;
  CheckTimes(entry, now_us, out);
  if (entry.kind == LedgerKind::kWithdrawal || entry.kind == LedgerKind::kClearance)
    return std::move(out).Take();
  CheckAmount(entry, out);
  if (entry.step == Step::kRegistered && entry.registration_number.empty()) {
    out.Refuse(entry, "REGISTRATION_NUMBER_MISSING", "技术合同登记要写登记编号");
  }
  if (entry.step != Step::kRegistered && !entry.registration_number.empty()) {
    out.Refuse(entry, "REGISTRATION_NUMBER_NOT_EXPECTED", "登记编号只写在技术合同登记");
  }
  if (entry.step == Step::kRefused && entry.reason == RefusalReason::kNone) {
    out.Refuse(entry, "REFUSAL_REASON_MISSING", "拒绝要写原因代码");
  }
  if (entry.step != Step::kRefused && entry.reason != RefusalReason::kNone) {
    out.Refuse(entry, "REFUSAL_REASON_NOT_EXPECTED", "原因代码只写在拒绝");
  }
  return std::move(out).Take();
}

std::vector<Finding> CheckPair(std::span<const LedgerEntry> ledger) {
  Findings out;
  const std::vector<LedgerEntry> history = EffectiveHistory(ledger);
  CheckSigned(ledger, history, out);
  CheckWhatNeedsASignature(history, out);
  CheckAmounts(history, out);
  CheckRefusals(ledger, history, out);
  return std::move(out).Take();
}

std::vector<Finding> CheckAppend(std::span<const LedgerEntry> ledger, const LedgerEntry& entry,
                                 int64_t now_us) {
  std::vector<Finding> findings = CheckEntry(entry, now_us);
  const std::vector<Finding> before = CheckPair(ledger);
  std::vector<LedgerEntry> after(ledger.begin(), ledger.end());
  after.push_back(entry);
  std::set<std::pair<std::string_view, std::string_view>> known;
  for (const Finding& finding : before) known.emplace(finding.code, finding.entry);
  for (Finding& finding : CheckPair(after)) {
    if (!known.contains({finding.code, finding.entry})) findings.push_back(std::move(finding));
  }
  return findings;
}

}  // namespace dongxi
