// Which entries the ledger takes. What cannot be true is refused; what is odd but happens is taken with a
// warning, which stays with the entry. Pure functions; any thread.
//
// Refused:
//   EVENT_TIME_MISSING           no time at all, or before 1990
//   EVENT_TIME_IN_FUTURE         later than now by more than 5 minutes (clocks differ)
//   AMOUNT_INVALID               negative, no number, or above 100,000,000 万元
//   AMOUNT_NOT_EXPECTED          an amount with a step that has none: only signed, registered, paid have one
//   AMOUNT_MISSING               a payment without an amount
//   REGISTRATION_NUMBER_MISSING  a registration without the number of the registered contract
//   REGISTRATION_NUMBER_NOT_EXPECTED  that number with a step other than registered
//   REFUSAL_REASON_MISSING       a refusal without a reason
//   REFUSAL_REASON_NOT_EXPECTED  a reason with another step
//   SIGNATURE_MISSING            registered, paid or delivered without a signature, or dated before the first
//   SIGNED_BEFORE_MET            signed on an earlier day than the first meeting on record, unless it came
//                                on record after a contract of before it
//   REFUSAL_NOT_CLEARED          signed although the pair is refused: clear the refusal first. What stood
//                                there as signed before the refusal can still be corrected
// Taken with a warning:
//   NO_MEETING                   signed without a meeting on record before it
//   MET_AFTER_CONTRACT           the first meeting on record, recorded after a contract of an earlier day:
//   the
//                                two were partners before
//   PAID_MORE_THAN_SIGNED        payments of more than the contracts; only if every signature has an amount
//   AFTER_REFUSAL                shown, viewed, interested or met although the pair is refused
//   REFUSED_AFTER_SIGNED         refused although signed, on that day or before
//   SIGNED_AGAIN                 a second signature: another contract
//   SIGNED_TWICE_CLOSE           a second signature within 30 days of the one before: perhaps the same
//   contract REGISTERED_AMOUNT_DIFFERS    registered with another amount than signed
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "engine/engagement/engagement.h"

namespace dongxi {

inline constexpr double kAmountWanMax = 1e8;
inline constexpr int64_t kContractsCloseDays = 30;
inline constexpr int64_t kFutureToleranceUs = 5 * 60 * 1'000'000LL;

struct Finding {
  std::string_view code;  // of the lists above; static
  std::string entry;      // id of the entry that it is about
  std::string message;    // Chinese, ready to print
  bool refused = false;   // false: a warning
  bool operator==(const Finding&) const = default;
};

// What is wrong with `entry` by itself. Of a withdrawal or clearance nothing but its times is looked at.
std::vector<Finding> CheckEntry(const LedgerEntry& entry, int64_t now_us);

// What is wrong with a pair's ledger as a whole, entry by entry.
std::vector<Finding> CheckPair(std::span<const LedgerEntry> ledger);

// What recording `entry` would bring: the findings of CheckEntry, and those of CheckPair that `ledger` did
// not have before. `ledger` holds the pair's entries in order of recording, `entry` comes behind them.
std::vector<Finding> CheckAppend(std::span<const LedgerEntry> ledger, const LedgerEntry& entry,
                                 int64_t now_us);

}  // namespace dongxi
