#include "engine/statistics/one_contract.h"

#include <bit>
#include <cstdint>

#include "engine/engagement/registration_number.h"

namespace dongxi {
namespace {

// Empty for what comes before a contract, and for a refusal.
std::string KeyOf(const LedgerRow& row, const std::string& registration_number) {
  if (row.step < Step::kSigned || row.step > Step::kDelivered) return "";
  std::string key = row.need + '\n' + row.offer + '\n' + std::string(CodeOf(row.step));
  key += row.simulated ? " simulated\n" : "\n";
  if (row.step == Step::kRegistered) return key + RegistrationNumberKey(registration_number);
  key += absl::FormatCivilTime(ChinaDay(row.event_time_us));
  if (row.amount_wan) key += '\n' + std::to_string(std::bit_cast<uint64_t>(InWholeFen(*row.amount_wan)));
  return key;
}

}  // namespace

std::optional<size_t> OneContract::ToldByAnother(const LedgerRow& row, const std::string& registration_number,
                                                 const std::string& tenant, size_t place) {
  const std::string key = KeyOf(row, registration_number);
  if (key.empty()) return std::nullopt;
  const auto [found, added] = first_.try_emplace(key, tenant, place);
  if (added || found->second.first == tenant) return std::nullopt;
  return found->second.second;
}

}  // namespace dongxi
