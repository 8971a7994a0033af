// What is known of a pair when it first enters the ledger, and whether it was signed in the end. Pure
// functions; any thread.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/policy/policy.h"
#include "engine/statistics/ledger_row.h"
#include "engine/statistics/pairing_lines.h"

namespace dongxi {

inline constexpr size_t kSigningFeatures = 9;
// Chinese, in the order of SigningCase::features.
std::span<const std::string_view> SigningFeatureNames();

inline constexpr int kSigningPatienceDays = 730;

enum class SigningOutcome : uint8_t {
  kOpen,    // neither signed nor refused, and not old enough to be given up
  kSigned,  // signed within kSigningPatienceDays of the first entry
  kFailed,  // refused, or without a signature after kSigningPatienceDays; a signature after that changes it
            // no more
};

struct SigningCase {
  std::string need, offer;
  int64_t first_us = 0;    // of its first entry
  int64_t decided_us = 0;  // when it was signed, refused or given up; 0 while open
  SigningOutcome outcome = SigningOutcome::kOpen;
  // It entered at least kSigningPatienceDays ago, so that its outcome is known whatever it is. Of younger
  // pairs only the quick ones are decided, and among these the signed are too many: nothing is learnt from
  // them.
  bool ripe = false;
  // Days from the first entry until the pair was signed, refused, given up, or until today while it is open.
  double open_days = 0;
  bool simulated = false;  // some entry is
  // As they were at `first_us`: of other pairs only those that were ripe by then count.
  std::array<double, kSigningFeatures> features{};
};

// One case a pair, in order of first entry. Pairs whose first day has no step before a contract (a contract
// imported alone, a refusal) are none: their end was known when they entered. Rows after `as_of_us` are
// ignored. `pairings` gives the strength of LedgerRow::pairing.
std::vector<SigningCase> SigningCases(std::span<const LedgerRow> ledger, const PairingLines& pairings,
                                      int64_t as_of_us);

}  // namespace dongxi
