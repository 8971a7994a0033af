// What became of each contract of a pair, as far as the ledger tells, and which notes mark a good case. Pure
// functions; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dongxi/v1/engagement.pb.h"

namespace dongxi::cli {

// An effective entry of the pair from 签约 on, or a refusal.
struct ContractEntry {
  v1::EngagementStep step = v1::ENGAGEMENT_STEP_UNSPECIFIED;
  int64_t time_s = 0;
  std::optional<double> amount_wan;
  std::string name, task;
  bool cleared = false;  // a refusal that no longer holds
};

// A signature with what followed.
struct Contract {
  ContractEntry signature;
  bool registered = false, paid = false, delivered = false;
};

// The contracts of one pair in order of signature; `entries` in order of event time. The ledger does not say
// to which contract a registration, payment or delivery belongs: each is taken for the earliest contract that
// still lacks it, a registration before that for one of its own amount. So a pair with two contracts and one
// registration has one that is not registered. What has the day of the signature may stand before it in the
// list: entries of one time have no order. A refusal ends the contracts signed up to then that are not
// delivered: they are left out unless something was registered, paid or delivered for them after it. One that
// was cleared leaves them open, until the pair signs anew: then the new contract stands in their place.
std::vector<Contract> ContractsOf(std::span<const ContractEntry> entries);

// The note has 典型案例 in a part without a negation: 不作为典型案例 marks nothing.
bool MarksGoodCase(std::string_view note);

// The name of a plan of meetings, which its outcomes carry as evidence, says where an entry came from: it
// proves nothing of what became of the pair.
bool Proves(std::string_view evidence);

}  // namespace dongxi::cli
