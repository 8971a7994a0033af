// One contract that both of its parties recorded, each in the ledger of its own tenant: whoever sees the two
// counts it once. Not thread-safe.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

#include "engine/statistics/ledger_row.h"

namespace dongxi {

class OneContract {
 public:
  // Where the entry stands, as `place` said then, by which another tenant told the same of a contract: a
  // registration of the same pair and number; a signature, payment or delivery of the same pair, day in China
  // and amount. None if there is no such entry; then this is the first to tell it. Of `row` the pair, step,
  // time, amount and mark of simulation are looked at.
  std::optional<size_t> ToldByAnother(const LedgerRow& row, const std::string& registration_number,
                                      const std::string& tenant, size_t place);

 private:
  std::unordered_map<std::string, std::pair<std::string, size_t>> first_;  // tenant and place
};

}  // namespace dongxi
