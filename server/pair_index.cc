#include "server/pair_index.h"

#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "engine/base/status_macros.h"
#include "server/engagement_convert.h"
#include "server/engagement_number.h"
#include "server/engagement_table.h"
#include "server/pair_ledger.h"

namespace dongxi {
namespace {

namespace pb = dongxi::v1;

constexpr size_t kEntriesAWrite = 2'000;
// Of the key kComplete; before it was "1": simulated entries had lines as if they had happened.
constexpr std::string_view kApartMark = "2";

std::string Key(const std::string& from, const std::string& to, const std::string& id) {
  std::string rest = from;
  rest.push_back('\0');
  rest += to;
  rest.push_back('\0');
  return EngagementTableKey(EngagementKey::kBothEnds, rest + id);
}

absl::Status Damaged(const std::string& id) {
  return absl::DataLossError(EngagementName(id) +
                             ": its line in the index of pairs cannot be read; run dongxi-indexer verify");
}

// One line of the index.
struct Line {
  std::string other;  // resource name of the pair's other end
  std::string tenant;
  LedgerEntry entry;
};

std::optional<Line> ReadLine(std::string_view rest, std::string_view value) {
  const size_t end = rest.find('\0');
  pb::Engagement stored;
  if (end == std::string_view::npos || !stored.ParseFromArray(value.data(), static_cast<int>(value.size())))
    return std::nullopt;
  stored.set_name(EngagementName(std::string(rest.substr(end + 1))));
  return Line{std::string(rest.substr(0, end)), stored.tenant(), ToLedgerEntry(stored)};
}

// The entries of one pair that the viewer sees, by tenant, in order of recording.
using PairLedgers = std::map<std::string, std::vector<LedgerEntry>>;

std::string PairsOf(const RecordName& name) {
  return EngagementTableKey(EngagementKey::kBothEnds, ResourceName(name.kind, name.id)) +
         std::string(1, '\0');
}

// Calls `visit` for each pair of `name`, by name of the other end: of all, or of `only`.
absl::Status ForEachPair(const CatalogueReader& catalogue, const RecordName& name, const LedgerSight& sight,
                         const std::function<void(const std::string& other, const PairLedgers&)>& visit,
                         const std::optional<RecordName>& only = std::nullopt) {
  const std::string all = PairsOf(name);
  const std::string prefix = only ? all + ResourceName(only->kind, only->id) + std::string(1, '\0') : all;
  std::string other;
  PairLedgers ledgers;
  absl::Status status;
  DX_RETURN_IF_ERROR(
      catalogue.ScanTable(Table::kEngagements, prefix, [&](std::string_view key, std::string_view value) {
        if (key.substr(0, prefix.size()) != prefix) return false;
        const std::string_view rest = key.substr(all.size());
        if (EngagementNumber(rest.substr(rest.rfind('\0') + 1)) > sight.last) return true;
        std::optional<Line> line = ReadLine(rest, value);
        if (!line) {
          status = Damaged(std::string(rest.substr(rest.rfind('\0') + 1)));
          return false;
        }
        if (!sight.viewer.all_tenants && line->tenant != sight.viewer.tenant) return true;
        if (line->other != other) {
          if (!ledgers.empty()) visit(other, ledgers);
          ledgers.clear();
          other = line->other;
        }
        ledgers[line->tenant].push_back(std::move(line->entry));
        return true;
      }));
  DX_RETURN_IF_ERROR(status);
  if (!ledgers.empty()) visit(other, ledgers);
  return absl::OkStatus();
}

// One pass over the ledger of before: `whole` if it has an index of pairs already.
class Upgrade {
 public:
  Upgrade(const CatalogueReader& reader, bool whole)
      : reader_(reader),
        whole_(whole),
        engagements_(reader, Table::kEngagements),
        refusals_(reader, Table::kRefusals) {}

  // Looks at up to kEntriesAWrite entries behind `after`; the last id read, empty at the end.
  absl::StatusOr<std::string> Some(const std::string& after) {
    const std::string first = EngagementTableKey(EngagementKey::kEntry, after);
    std::string last;
    size_t seen = 0;
    absl::Status status;
    DX_RETURN_IF_ERROR(
        reader_.ScanTable(Table::kEngagements, first, [&](std::string_view key, std::string_view value) {
          if (key.empty() || key.front() != static_cast<char>(EngagementKey::kEntry)) return false;
          if (!after.empty() && key == first) return true;
          last = key.substr(1);
          status = Look(last, value);
          return status.ok() && ++seen < kEntriesAWrite;
        }));
    DX_RETURN_IF_ERROR(status);
    // With the last lines: what is cut short begins anew.
    if (last.empty())
      engagements_.Put(EngagementTableKey(EngagementKey::kComplete, ""), std::string(kApartMark));
    return last;
  }
  WriteBatch Take() const {
    WriteBatch batch;
    engagements_.AppendTo(&batch.puts);
    refusals_.AppendTo(&batch.puts);
    return batch;
  }

 private:
  absl::Status Look(const std::string& id, std::string_view value) {
    pb::Engagement entry;
    if (!entry.ParseFromArray(value.data(), static_cast<int>(value.size()))) {
      return absl::DataLossError(EngagementName(id) +
                                 ": the entry cannot be read; run dongxi-indexer verify");
    }
    if (entry.simulated()) DX_RETURN_IF_ERROR(SetApart(id, entry));
    if (!whole_ || entry.simulated()) PutInPairIndex(id, entry, &engagements_);
    return absl::OkStatus();
  }

  // What it has among the entries that happened goes: lines, a refusal that it holds, its number.
  absl::Status SetApart(const std::string& id, const pb::Engagement& entry) {
    if (whole_) {
      engagements_.Remove(Key(entry.need(), entry.offer(), id));
      engagements_.Remove(Key(entry.offer(), entry.need(), id));
    }
    DX_RETURN_IF_ERROR(SetNumberApart(id, entry, &engagements_));
    if (entry.step() != pb::ENGAGEMENT_STEP_REFUSED) return absl::OkStatus();
    DX_ASSIGN_OR_RETURN(std::vector<pb::Engagement> pair,
                        ReadPair(engagements_, entry.need(), entry.offer()));
    std::erase_if(pair, [&](const pb::Engagement& other) { return other.tenant() != entry.tenant(); });
    UpdateRefusal(pair, &refusals_);
    return absl::OkStatus();
  }

  const CatalogueReader& reader_;
  const bool whole_;
  TableOverlay engagements_, refusals_;
};

// How far the ledger has come.
enum class Indexed { kNot, kWhole, kApart };

absl::StatusOr<Indexed> IndexedIn(const CatalogueReader& catalogue) {
  DX_ASSIGN_OR_RETURN(
      const std::optional<std::string> mark,
      catalogue.GetTable(Table::kEngagements, EngagementTableKey(EngagementKey::kComplete, "")));
  if (!mark) return Indexed::kNot;
  return std::string_view(*mark) == kApartMark ? Indexed::kApart : Indexed::kWhole;
}

}  // namespace

absl::StatusOr<uint64_t> LastEngagement(const CatalogueReader& catalogue) {
  DX_ASSIGN_OR_RETURN(const std::optional<std::string> last,
                      catalogue.GetTable(Table::kEngagements, EngagementTableKey(EngagementKey::kLast, "")));
  return FromBigEndian(last.value_or(""));
}

absl::StatusOr<PairMemories> MemoriesOf(const CatalogueReader& catalogue, const RecordName& need_or_offer,
                                        const LedgerSight& sight) {
  PairMemories memories;
  DX_RETURN_IF_ERROR(
      ForEachPair(catalogue, need_or_offer, sight, [&](const std::string& other, const PairLedgers& ledgers) {
        PairMemory memory;
        for (const auto& [tenant, ledger] : ledgers)
          memory = Stronger(std::move(memory), RememberPair(ledger, sight.today, BuiltInCoolDowns()));
        const std::optional<RecordName> name = ParseResourceName(other);
        if (name && memory.past != PairPast::kNone) memories.emplace(*name, std::move(memory));
      }));
  return memories;
}

absl::StatusOr<int> LedgerLoads::OpenMatches(const RecordName& expert) const {
  if (const auto found = known_.find(expert); found != known_.end()) return found->second;
  const std::optional<int> shared = shared_ == nullptr ? std::nullopt : shared_->Find(sight_, expert);
  int open = shared.value_or(0);
  if (!shared) {
    DX_ASSIGN_OR_RETURN(open, Count(expert));
    if (shared_ != nullptr) shared_->Keep(sight_, expert, open);
  }
  known_.emplace(expert, open);
  return open;
}

absl::StatusOr<int> LedgerLoads::Count(const RecordName& expert) const {
  int open = 0;
  DX_RETURN_IF_ERROR(
      ForEachPair(catalogue_, expert, sight_, [&](const std::string&, const PairLedgers& ledgers) {
        bool any = false;
        for (const auto& [tenant, ledger] : ledgers) any = any || IsUnderWay(ledger, sight_.today);
        open += any ? 1 : 0;
      }));
  return open;
}

absl::StatusOr<bool> LedgerLoads::IsOpen(const RecordName& expert, const RecordName& need) const {
  bool any = false;
  const auto look = [&](const std::string&, const PairLedgers& ledgers) {
    for (const auto& [tenant, ledger] : ledgers) any = any || IsUnderWay(ledger, sight_.today);
  };
  DX_RETURN_IF_ERROR(ForEachPair(catalogue_, expert, sight_, look, need));
  return any;
}

bool IsInPairIndex(const pb::Engagement& entry) {
  if (entry.simulated()) return !entry.corrects().empty();
  return entry.kind() != pb::Engagement::KIND_RECORD || entry.step() >= pb::ENGAGEMENT_STEP_INTERESTED;
}

void PutInPairIndex(const std::string& id, const pb::Engagement& entry, TableOverlay* engagements) {
  if (!IsInPairIndex(entry)) return;
  pb::Engagement stored;
  stored.set_tenant(entry.tenant());
  // As in server/pair_ledger.h: of what is simulated matching sees only that something else never happened.
  stored.set_kind(entry.simulated() ? pb::Engagement::KIND_WITHDRAWAL : entry.kind());
  stored.set_corrects(entry.corrects());
  stored.set_step(entry.step());
  stored.set_refusal_reason(entry.refusal_reason());
  *stored.mutable_event_time() = entry.event_time();
  const std::string bytes = stored.SerializeAsString();
  engagements->Put(Key(entry.need(), entry.offer(), id), bytes);
  engagements->Put(Key(entry.offer(), entry.need(), id), bytes);
}

absl::StatusOr<bool> IsPairIndexComplete(const CatalogueReader& catalogue) {
  DX_ASSIGN_OR_RETURN(const Indexed indexed, IndexedIn(catalogue));
  return indexed != Indexed::kNot;
}

absl::Status CompletePairIndex(Catalogue& catalogue, int64_t now_us) {
  DX_ASSIGN_OR_RETURN(const Indexed indexed, IndexedIn(catalogue));
  bool complete = indexed == Indexed::kApart;
  std::string after;
  while (!complete) {
    std::string last;
    const auto plan = [&](const CatalogueReader& reader) -> absl::StatusOr<WriteBatch> {
      Upgrade upgrade(reader, /*whole=*/indexed == Indexed::kWhole);
      DX_ASSIGN_OR_RETURN(last, upgrade.Some(after));
      return upgrade.Take();
    };
    DX_RETURN_IF_ERROR(catalogue.Write(plan, now_us).status());
    complete = last.empty();
    after = last;
  }
  return absl::OkStatus();
}

}  // namespace dongxi
