#include "server/natural_key.h"

#include <bit>
#include <cmath>
#include <cstdint>
#include <initializer_list>
#include <set>
#include <utility>
#include <vector>

#include "engine/base/status_macros.h"
#include "engine/engagement/engagement.h"
#include "server/engagement_convert.h"
#include "server/engagement_table.h"

namespace dongxi {
namespace {

namespace pb = dongxi::v1;

std::string IdOf(const std::string& name) { return name.substr(name.find('/') + 1); }

// What the first of several such steps is found by. Simulated entries have keys of their own (`apart`): they
// are no repeats of what happened.
std::string FirstKey(const pb::Engagement& entry, bool apart) {
  std::string key;
  const std::string step = std::to_string(static_cast<int>(entry.step())) + (apart ? "s" : "");
  for (const std::string* part : {&entry.match_id(), &entry.need(), &entry.offer(), &step, &entry.tenant(),
                                  &entry.recorder(), &entry.actor()}) {
    key += *part;
    key.push_back('\0');
  }
  return EngagementTableKey(EngagementKey::kNatural, key);
}

std::string TimeOf(const pb::Engagement& entry) {
  return BigEndian(static_cast<uint64_t>(MicrosOf(entry.event_time())));
}

// Steps of which one sent without a time repeats the first, though they may happen several times.
bool MayLackTime(pb::EngagementStep step) {
  switch (step) {
    case pb::ENGAGEMENT_STEP_SHOWN:
    case pb::ENGAGEMENT_STEP_VIEWED:
    case pb::ENGAGEMENT_STEP_INTERESTED:
    case pb::ENGAGEMENT_STEP_SIGNED:
    case pb::ENGAGEMENT_STEP_DELIVERED:
      return true;
    default:
      return false;
  }
}

// What tells a step from others of its kind.
std::string OwnPart(const pb::Engagement& entry) {
  switch (entry.step()) {
    case pb::ENGAGEMENT_STEP_REGISTERED:
      return entry.registration_number();
    case pb::ENGAGEMENT_STEP_REFUSED:
      return "";
    case pb::ENGAGEMENT_STEP_SIGNED:  // two contracts are signed and paid on one day
    case pb::ENGAGEMENT_STEP_PAID:
      if (!entry.has_amount_wan()) return TimeOf(entry);
      return TimeOf(entry) + BigEndian(std::bit_cast<uint64_t>(InWholeFen(entry.amount_wan())));
    default:
      return TimeOf(entry);
  }
}

std::string OwnKey(const pb::Engagement& entry) {
  return FirstKey(entry, entry.simulated()) + OwnPart(entry);
}

// OwnPart of signatures and payments as ledgers of before have it: with the amount as it was read, which was
// a product where it was written in 元 or 亿元.
std::set<std::string> OwnPartsOfBefore(const pb::Engagement& entry) {
  std::set<std::string> parts;
  const bool by_amount =
      entry.step() == pb::ENGAGEMENT_STEP_SIGNED || entry.step() == pb::ENGAGEMENT_STEP_PAID;
  if (!by_amount || !entry.has_amount_wan()) return parts;
  const double wan = InWholeFen(entry.amount_wan());
  const double yuan = std::round(wan * 1e6) / 100, yi = std::round(wan * 1e6) / 1e10;
  for (const double amount : {entry.amount_wan(), yuan * 1e-4, yi * 10'000})
    parts.insert(TimeOf(entry) + BigEndian(std::bit_cast<uint64_t>(amount)));
  return parts;
}

// All that `entry` may be found by. Ledgers of before knew the first of several steps only, signatures and
// payments without their amount or with that of OwnPartsOfBefore, and simulated entries beside the others.
std::vector<std::string> KeysOf(const pb::Engagement& entry) {
  std::vector<std::string> keys = {OwnKey(entry)};
  for (const bool apart : {true, false}) {
    if (apart && !entry.simulated()) continue;
    const std::string first = FirstKey(entry, apart);
    keys.insert(keys.end(), {first + OwnPart(entry), first + TimeOf(entry), first});
    for (const std::string& part : OwnPartsOfBefore(entry)) keys.push_back(first + part);
  }
  return keys;
}

// A signature of which one of the two says no amount: one may well be what the other forgot. What was
// corrected since says it by its correction.
bool MayBeOneContract(const pb::Engagement& entry, const pb::Engagement& known) {
  return entry.step() == pb::ENGAGEMENT_STEP_SIGNED && known.step() == entry.step() &&
         !(entry.has_amount_wan() && known.has_amount_wan()) && known.corrected_by().empty() &&
         TimeOf(entry) == TimeOf(known);
}

bool IsSame(const pb::Engagement& entry, const pb::Engagement& known, bool whatever_time) {
  const bool happened =
      known.kind() == pb::Engagement::KIND_RECORD || known.kind() == pb::Engagement::KIND_CORRECTION;
  return happened && known.simulated() == entry.simulated() &&
         (whatever_time || OwnPart(known) == OwnPart(entry) || MayBeOneContract(entry, known));
}

// The id of the entry that `entry` repeats: of `id`, or of what took its place since.
absl::StatusOr<std::optional<std::string>> SameSince(std::string id, const pb::Engagement& entry,
                                                     bool whatever_time, const TableOverlay& table) {
  while (true) {
    DX_ASSIGN_OR_RETURN(const pb::Engagement known, ReadEngagement(table, id));
    if (IsSame(entry, known, whatever_time)) return std::optional<std::string>(std::move(id));
    if (known.corrected_by().empty()) return std::optional<std::string>();
    id = IdOf(known.corrected_by());
  }
}

// `newest` and what it corrects, back to the first entry; all as its recorder would have recorded them.
absl::StatusOr<std::vector<pb::Engagement>> ChainOf(const pb::Engagement& newest, const TableOverlay& table) {
  std::vector<pb::Engagement> chain = {newest};
  while (!chain.back().corrects().empty()) {
    DX_ASSIGN_OR_RETURN(pb::Engagement before, ReadEngagement(table, IdOf(chain.back().corrects())));
    chain.push_back(std::move(before));
  }
  for (pb::Engagement& entry : chain) {
    entry.set_recorder(chain.back().recorder());
    entry.set_actor(chain.back().actor());
  }
  return chain;
}

// What a simulated entry of before is found by is free for what happened; it then gets a key of its own.
absl::Status PutIfFree(const std::string& key, const std::string& id, const pb::Engagement& entry,
                       TableOverlay* table) {
  DX_ASSIGN_OR_RETURN(const std::optional<std::string> known, table->Get(key));
  if (known) {
    DX_ASSIGN_OR_RETURN(const pb::Engagement holder, ReadEngagement(*table, *known));
    if (holder.simulated() == entry.simulated()) return absl::OkStatus();
    DX_RETURN_IF_ERROR(PutNaturalKeys(*known, holder, table));
  }
  table->Put(key, id);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::optional<std::string>> FindRepeated(const TableOverlay& table,
                                                        const pb::Engagement& entry, bool time_given) {
  for (const std::string& key : KeysOf(entry)) {
    DX_ASSIGN_OR_RETURN(const std::optional<std::string> known, table.Get(key));
    if (!known) continue;
    DX_ASSIGN_OR_RETURN(std::optional<std::string> same,
                        SameSince(*known, entry, !time_given && MayLackTime(entry.step()), table));
    if (same) return same;
  }
  return std::optional<std::string>();
}

absl::Status PutNaturalKeys(const std::string& id, const pb::Engagement& entry, TableOverlay* table) {
  DX_ASSIGN_OR_RETURN(const std::vector<pb::Engagement> chain, ChainOf(entry, *table));
  const pb::Engagement& as_recorded = chain.front();
  DX_RETURN_IF_ERROR(PutIfFree(OwnKey(as_recorded), id, entry, table));
  if (!MayLackTime(entry.step())) return absl::OkStatus();
  const std::string first = FirstKey(as_recorded, entry.simulated());
  if (entry.step() == pb::ENGAGEMENT_STEP_SIGNED)
    DX_RETURN_IF_ERROR(PutIfFree(first + TimeOf(as_recorded), id, entry, table));
  return PutIfFree(first, id, entry, table);
}

absl::Status ForgetNaturalKeys(const pb::Engagement& newest, TableOverlay* table) {
  DX_ASSIGN_OR_RETURN(const std::vector<pb::Engagement> chain, ChainOf(newest, *table));
  std::set<std::string> ids;
  for (const pb::Engagement& entry : chain) ids.insert(IdOf(entry.name()));
  for (const pb::Engagement& entry : chain) {
    for (const std::string& key : KeysOf(entry)) {
      DX_ASSIGN_OR_RETURN(const std::optional<std::string> id, table->Get(key));
      if (id && ids.contains(*id)) table->Remove(key);
    }
  }
  return absl::OkStatus();
}

}  // namespace dongxi
