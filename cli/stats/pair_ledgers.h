// What the whole ledger of each pair says as it stands, up to the end of a period: what is odd about its
// entries, and which refusals no longer hold. Warnings that are stored with an entry are those of the day on
// which it was recorded; what was recorded or corrected since changes them. Not thread-safe.
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "dongxi/v1/engagement.pb.h"
#include "engine/engagement/engagement.h"
#include "engine/statistics/one_contract.h"

namespace dongxi::cli {

// It happened, and no later entry took its place.
bool CountsToday(const v1::Engagement& entry);

// Whether another tenant's entry, seen before, told the same of a contract.
bool ToldBefore(const v1::Engagement& entry, OneContract* contracts);

class PairLedgers {
 public:
  // Takes every entry of the whole ledger, those that were corrected, withdrawals and clearances included, in
  // order of event time. One that a correction moved out of the period counts no more.
  void Add(const v1::Engagement& entry);

  struct Warning {
    std::string code;   // of engine/engagement/rules.h
    std::string entry;  // name
  };
  // What is odd. The tenants of a pair tell of it together: the meeting that one of them recorded came before
  // the contract of the other. A contract before its first meeting has NO_MEETING, too.
  std::vector<Warning> Warnings() const;

  // Names of the entries that a clearance by their tenant followed, and of what took their place: refusals
  // among them no longer hold.
  std::set<std::string> Cleared() const;

 private:
  struct Recorded {
    LedgerEntry entry;
    std::string corrected_by, tenant;
    bool simulated = false;
  };
  using Order = std::vector<const Recorded*>;  // of recording

  static Order OrderOf(const std::vector<Recorded>& pair);
  static std::vector<LedgerEntry> LedgerOf(const Order& order, bool simulated);

  OneContract contracts_;
  std::map<std::pair<std::string, std::string>, std::vector<Recorded>> pairs_;  // by need and offer
};

}  // namespace dongxi::cli
