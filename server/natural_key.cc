#include "server/natural_key.h"

#include <initializer_list>
#include <set>
#include <utility>
#include <vector>

#include "engine/base/status_macros.h"
#include "server/engagement_convert.h"
#include "server/engagement_table.h"

namespace dongxi {
namespace {

namespace pb = dongxi::v1;

std::string IdOf(const std::string& name) { return name.substr(name.find('/') + 1); }

// What the first of several such steps is found by.
std::string FirstKey(const pb::Engagement& entry) {
  std::string key;
  const std::string step = std::to_string(static_cast<int>(entry.step()));
  for (const std::string* part : {&entry.match_id(), &entry.need(), &entry.offer(), &step, &entry.tenant(),
                                  &entry.recorder(), &entry.actor()}) {
    key += *part;
    key.push_back('\0');
  }
  return EngagementTableKey(EngagementKey::kNatural, key);
}

std::string OwnKey(const pb::Engagement& entry) {
  switch (entry.step()) {
    case pb::ENGAGEMENT_STEP_MET:
    case pb::ENGAGEMENT_STEP_PAID:
    case pb::ENGAGEMENT_STEP_SIGNED:
      return FirstKey(entry) + BigEndian(static_cast<uint64_t>(MicrosOf(entry.event_time())));
    case pb::ENGAGEMENT_STEP_REGISTERED:
      return FirstKey(entry) + entry.registration_number();
    default:
      return FirstKey(entry);
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

absl::Status PutIfAbsent(const std::string& key, const std::string& id, TableOverlay* table) {
  DX_ASSIGN_OR_RETURN(const std::optional<std::string> known, table->Get(key));
  if (!known) table->Put(key, id);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::optional<std::string>> FindRepeated(const TableOverlay& table,
                                                        const pb::Engagement& entry, bool time_given) {
  const bool is_signature = entry.step() == pb::ENGAGEMENT_STEP_SIGNED;
  if (is_signature && !time_given) return table.Get(FirstKey(entry));
  DX_ASSIGN_OR_RETURN(std::optional<std::string> id, table.Get(OwnKey(entry)));
  if (id || (!is_signature && entry.step() != pb::ENGAGEMENT_STEP_REGISTERED)) return id;
  // Ledgers of before contracts had keys of their own know the first one only.
  DX_ASSIGN_OR_RETURN(id, table.Get(FirstKey(entry)));
  if (!id) return id;
  DX_ASSIGN_OR_RETURN(const pb::Engagement first, ReadEngagement(table, *id));
  const bool same = is_signature ? MicrosOf(first.event_time()) == MicrosOf(entry.event_time())
                                 : first.registration_number() == entry.registration_number();
  return same ? id : std::optional<std::string>();
}

absl::Status PutNaturalKeys(const std::string& id, const pb::Engagement& entry, TableOverlay* table) {
  DX_ASSIGN_OR_RETURN(const std::vector<pb::Engagement> chain, ChainOf(entry, *table));
  DX_RETURN_IF_ERROR(PutIfAbsent(OwnKey(chain.front()), id, table));
  if (entry.step() != pb::ENGAGEMENT_STEP_SIGNED) return absl::OkStatus();
  return PutIfAbsent(FirstKey(chain.front()), id, table);
}

absl::Status ForgetNaturalKeys(const pb::Engagement& newest, TableOverlay* table) {
  DX_ASSIGN_OR_RETURN(const std::vector<pb::Engagement> chain, ChainOf(newest, *table));
  std::set<std::string> ids;
  for (const pb::Engagement& entry : chain) ids.insert(IdOf(entry.name()));
  for (const pb::Engagement& entry : chain) {
    for (const std::string& key : {OwnKey(entry), FirstKey(entry)}) {
      DX_ASSIGN_OR_RETURN(const std::optional<std::string> id, table->Get(key));
      if (id && ids.contains(*id)) table->Remove(key);
    }
  }
  return absl::OkStatus();
}

}  // namespace dongxi
