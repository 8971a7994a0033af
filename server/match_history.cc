#include "server/match_history.h"

#include <algorithm>
#include <functional>
#include <set>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "dongxi/storage/match_pin.pb.h"
#include "engine/base/crc32c.h"
#include "engine/base/status_macros.h"
#include "engine/match/query.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "server/convert.h"
#include "server/digest.h"
#include "server/grpc_status.h"
#include "server/page_token.h"

namespace dongxi {
namespace {

constexpr char kMatchesPrefix[] = "matches/";
constexpr char kGenerationsPrefix[] = "generations/";
constexpr size_t kPruneBatch = 1'000;
constexpr char kTokenKey[] = "page-token-key";  // in the table of settings
constexpr size_t kTokenKeyBytes = 32;

// Damage and absence alike: the answer's generation is not there to be read. Why names files, which are not
// the caller's matter: damage is told in the operator's log.
absl::Status Gone(const std::string& what) {
  return WithReason(
      absl::FailedPreconditionError("the answer cannot be made again: " + what + " is not kept any more"),
      "REPLAY_SOURCE_GONE");
}

absl::Time TimeOf(const google::protobuf::Timestamp& time) {
  return absl::FromUnixSeconds(time.seconds()) + absl::Nanoseconds(time.nanos());
}

// The key of page tokens, made and kept where there is none. One that cannot be kept serves until the next
// start: pages are then to be begun again.
std::string TokenKeyOf(Catalogue& catalogue, const OperatorLog& log) {
  std::string key;
  const auto plan = [&key](const CatalogueReader& newest) -> absl::StatusOr<WriteBatch> {
    DX_ASSIGN_OR_RETURN(const std::optional<std::string> kept, newest.GetTable(Table::kSettings, kTokenKey));
    key = kept.value_or(RandomHex(kTokenKeyBytes));
    WriteBatch batch;
    if (!kept) batch.puts.push_back({Table::kSettings, kTokenKey, key});
    return batch;
  };
  const absl::StatusOr<std::optional<std::string>> kept = catalogue.GetTable(Table::kSettings, kTokenKey);
  if (kept.ok() && kept->has_value()) return **kept;
  const absl::Status written = catalogue.Write(plan, absl::ToUnixMicros(absl::Now())).status();
  if (written.ok()) return key;
  log.Warning("the key of page tokens is not kept, tokens end with this process: " +
              std::string(written.message()));
  return RandomHex(kTokenKeyBytes);
}

// Whether records can be read as they were at `sequence`: what is pinned can be older than what is kept.
absl::Status CheckKept(const CatalogueReader& catalogue, uint64_t sequence) {
  if (sequence >= catalogue.HistoryStart()) return absl::OkStatus();
  return Gone("the catalogue's history at sequence " + std::to_string(sequence));
}

Viewer ViewerOf(const pb::MatchRecord& record) {
  return {.disclosure_max = static_cast<Disclosure>(record.viewer().disclosure_max()),
          .tenant = record.viewer().tenant(),
          .all_tenants = record.viewer().all_tenants()};
}

std::function<bool()> StopOf(const RunLimits& limits) {
  return [limits] { return (limits.cancelled && limits.cancelled()) || absl::Now() >= limits.deadline; };
}

std::string NameIn(const std::string& prefix, const std::string& name) {
  return name.substr(0, prefix.size()) == prefix ? name.substr(prefix.size()) : name;
}

std::vector<RecordName> ExcludedIn(const pb::MatchRecord& record) {
  std::vector<RecordName> names;
  for (const std::string& name : record.excluded()) {
    if (std::optional<RecordName> parsed = ParseResourceName(name)) names.push_back(*std::move(parsed));
  }
  return names;
}

// For whom a noted answer was ranked and whom it left out as refused. A later page's line names its reader,
// and those refused for its first page and since alike. For whom and without whom the list was ranked the
// first page's line tells, which has the same read time and generation and so is kept as long.
absl::Status ReadFirstPage(const MatchHistory& history, const pb::MatchRecord& record, Occasion* occasion) {
  occasion->viewer = ViewerOf(record);
  occasion->excluded = ExcludedIn(record);
  if (record.first_page().empty()) return absl::OkStatus();
  const absl::StatusOr<NotedMatch> first = history.Read(NameIn(kMatchesPrefix, record.first_page()));
  if (absl::IsNotFound(first.status())) return Gone(record.first_page());
  if (!first.ok()) return first.status();
  const Disclosure asked = ViewerOf(first->record).disclosure_max;
  if (occasion->viewer.disclosure_max < asked)
    occasion->shown_max = std::exchange(occasion->viewer.disclosure_max, asked);
  std::vector<RecordName> all = std::move(occasion->excluded);
  occasion->excluded = ExcludedIn(first->record);
  const std::set<RecordName> then(occasion->excluded.begin(), occasion->excluded.end());
  for (RecordName& name : all) {
    if (!then.contains(name)) occasion->refused_since.push_back(std::move(name));
  }
  return absl::OkStatus();
}

}  // namespace

bool NotedMatch::MayList(std::string_view name) const {
  return !listed || std::find(listed->begin(), listed->end(), HashBytes(name)) != listed->end();
}

std::optional<NotedMatch> ReadNotedMatch(const std::string& bytes) {
  NotedMatch noted;
  storage::MatchPin pin;
  if (!noted.record.ParseFromString(bytes) || !pin.ParseFromString(bytes)) return std::nullopt;
  noted.record.DiscardUnknownFields();  // the pin's
  if (pin.has_ledger()) noted.ledger = pin.ledger();
  if (pin.has_visible_at()) noted.visible_at = pin.visible_at();
  if (pin.has_listed()) noted.listed.emplace(pin.listed().hashes().begin(), pin.listed().hashes().end());
  return noted;
}

uint32_t AnswerChecksum(const google::protobuf::MessageLite& answer) {
  std::string bytes;
  {
    google::protobuf::io::StringOutputStream stream(&bytes);
    google::protobuf::io::CodedOutputStream coded(&stream);
    coded.SetSerializationDeterministic(true);
    answer.SerializeToCodedStream(&coded);
  }
  return Crc32c(bytes);
}

absl::StatusOr<uint64_t> PruneMatches(Catalogue& catalogue, uint64_t oldest_generation_sequence,
                                      int64_t now_us) {
  uint64_t removed = 0;
  std::string first;
  while (true) {
    std::vector<TablePut> puts;
    std::string last;
    DX_RETURN_IF_ERROR(
        catalogue.ScanTable(Table::kMatches, first, [&](std::string_view key, std::string_view value) {
          pb::MatchRecord record;
          last = key;
          const bool read = record.ParseFromArray(value.data(), static_cast<int>(value.size()));
          if (!read || static_cast<uint64_t>(record.generation_sequence()) < oldest_generation_sequence)
            puts.push_back({Table::kMatches, std::string(key), std::nullopt});
          return puts.size() < kPruneBatch;
        }));
    if (puts.empty()) return removed;
    removed += puts.size();
    const bool more = puts.size() == kPruneBatch;
    const auto plan = [&](const CatalogueReader&) -> absl::StatusOr<WriteBatch> {
      return WriteBatch{.upserts = {}, .deletes = {}, .undeletes = {}, .puts = std::move(puts)};
    };
    DX_RETURN_IF_ERROR(catalogue.Write(plan, now_us).status());
    if (!more) return removed;
    first = last;
  }
}

MatchHistory::MatchHistory(Catalogue* catalogue, const ServingState* state, const LiveIndex* live,
                           GenerationWatcherOptions generations, SettingsArchive* settings,
                           const OperatorLog* log)
    : catalogue_(catalogue),
      state_(state),
      live_(live),
      generations_(std::move(generations)),
      settings_(settings),
      log_(log),
      token_key_(TokenKeyOf(*catalogue, *log)) {}

void MatchHistory::Note(const std::string& match_id, const Occasion& occasion, pb::MatchRecord record,
                        const std::vector<std::string>& listed) {
  const Snapshot& snapshot = *occasion.snapshot;
  const absl::Status kept = settings_->Keep(*snapshot.policy, *snapshot.ranking);
  if (!kept.ok()) log_->Warning(std::string(kept.message()));
  record.set_name(kMatchesPrefix + match_id);
  EncodeProvenance(snapshot, occasion.read_time, record.mutable_provenance());
  record.set_generation_sequence(static_cast<int64_t>(snapshot.generation->manifest.catalogue_sequence));
  record.set_ranking(snapshot.ranking->digest);
  const Viewer reader = occasion.Reader();
  record.mutable_viewer()->set_disclosure_max(static_cast<int32_t>(reader.disclosure_max));
  record.mutable_viewer()->set_tenant(reader.tenant);
  record.mutable_viewer()->set_all_tenants(reader.all_tenants);
  for (const std::vector<RecordName>* names : {&occasion.excluded, &occasion.refused_since}) {
    for (const RecordName& name : *names) record.add_excluded(ResourceName(name.kind, name.id));
  }
  record.set_degraded(occasion.degraded);
  if (occasion.first_page != match_id) record.set_first_page(kMatchesPrefix + occasion.first_page);
  storage::MatchPin pin;
  if (occasion.ledger) pin.set_ledger(*occasion.ledger);
  if (occasion.visible_at) pin.set_visible_at(*occasion.visible_at);
  for (const std::string& name : listed) pin.mutable_listed()->add_hashes(HashBytes(name));
  if (listed.empty()) pin.mutable_listed();  // it is known that there is none
  const absl::Status noted =
      catalogue_->NoteMatch(match_id, record.SerializeAsString() + pin.SerializeAsString());
  if (!noted.ok())
    log_->Warning("an answer is not in the match log and cannot be replayed: " +
                  std::string(noted.message()));
}

void MatchHistory::Pin(const std::string& match_id, const Occasion& occasion) {
  std::list<Pinned> released;  // after the lock
  const absl::MutexLock lock(&mutex_);
  if (const auto found = places_.find(match_id); found != places_.end()) {
    pinned_.splice(pinned_.begin(), pinned_, found->second);
    return;
  }
  pinned_.emplace_front(match_id, occasion);
  places_[match_id] = pinned_.begin();
  PinnedState& state = states_[StateOf(*occasion.snapshot)];
  if (state.pins++ == 0) state.generation = occasion.snapshot->generation;
  while (pinned_.size() > kPinnedMax || states_.size() > kPinnedSnapshotsMax) {
    const auto oldest = states_.find(StateOf(*pinned_.back().second.snapshot));
    if (--oldest->second.pins == 0) states_.erase(oldest);  // the occasion keeps it until after the lock
    places_.erase(pinned_.back().first);
    released.splice(released.begin(), pinned_, std::prev(pinned_.end()));
  }
}

MatchHistory::State MatchHistory::StateOf(const Snapshot& snapshot) {
  return {snapshot.generation->manifest.generation, snapshot.sequence};
}

// Null if neither what is served nor a pinned occasion is of that state.
std::shared_ptr<const Generation> MatchHistory::InMemory(const State& state) {
  const std::shared_ptr<const Snapshot> current = state_->Current();
  if (current != nullptr && StateOf(*current) == state) return current->generation;
  const absl::MutexLock lock(&mutex_);
  const auto found = states_.find(state);
  return found == states_.end() ? nullptr : found->second.generation;
}

absl::StatusOr<NotedMatch> MatchHistory::Read(const std::string& match_id) const {
  DX_ASSIGN_OR_RETURN(const std::optional<std::string> bytes,
                      catalogue_->GetTable(Table::kMatches, match_id));
  std::optional<NotedMatch> noted = bytes ? ReadNotedMatch(*bytes) : std::nullopt;
  if (noted) return *std::move(noted);
  return WithReason(absl::NotFoundError(kMatchesPrefix + match_id + ": no such answer is in the match log"),
                    "MATCH_NOT_FOUND");
}

absl::StatusOr<std::shared_ptr<const Generation>> MatchHistory::Base(const std::string& name) {
  const std::shared_ptr<const Generation> served = live_->base();
  if (served != nullptr && served->manifest.generation == name) return served;
  {
    const absl::MutexLock lock(&mutex_);
    if (reopened_ != nullptr && reopened_->manifest.generation == name) return reopened_;
  }
  DX_ASSIGN_OR_RETURN(std::shared_ptr<const Generation> opened, OpenServedGeneration(generations_, name));
  const absl::MutexLock lock(&mutex_);
  reopened_ = opened;
  return opened;
}

absl::StatusOr<std::shared_ptr<const Generation>> MatchHistory::GenerationOf(const pb::Provenance& provenance,
                                                                             const RunLimits& limits) {
  const auto sequence = static_cast<uint64_t>(provenance.catalogue_sequence());
  DX_RETURN_IF_ERROR(CheckKept(*catalogue_, sequence));
  const std::string name = NameIn(kGenerationsPrefix, provenance.generation());
  if (std::shared_ptr<const Generation> known = InMemory({name, sequence})) return known;
  const auto base = Base(name);
  if (!base.ok()) {
    if (!absl::IsNotFound(base.status())) log_->Warning(std::string(base.status().message()));
    return Gone(provenance.generation());
  }
  auto generation = GenerationAt(*catalogue_, *base, sequence, StopOf(limits));
  if (absl::IsOutOfRange(generation.status()))
    return Gone("the catalogue's history at sequence " + std::to_string(sequence));
  if (!generation.ok()) return StopReason(generation.status(), limits.deadline);
  return generation;
}

absl::StatusOr<Occasion> MatchHistory::Reopen(const NotedMatch& noted, const RunLimits& limits) {
  const pb::MatchRecord& record = noted.record;
  const pb::Provenance& provenance = record.provenance();
  Snapshot snapshot;
  snapshot.sequence = static_cast<uint64_t>(provenance.catalogue_sequence());
  DX_ASSIGN_OR_RETURN(snapshot.generation, GenerationOf(provenance, limits));
  snapshot.policy = state_->policy();
  if (snapshot.policy->version() != provenance.policy()) {
    auto policy = settings_->OpenPolicy(provenance.policy());
    if (!policy.ok()) return Gone("policy " + provenance.policy());
    snapshot.policy = *std::move(policy);
  }
  snapshot.ranking = state_->ranking();
  if (snapshot.ranking->digest != record.ranking()) {
    auto ranking = settings_->OpenRanking(record.ranking());
    if (!ranking.ok()) return Gone("ranking " + record.ranking());
    snapshot.ranking = *std::move(ranking);
  }
  Occasion occasion;
  occasion.snapshot = std::make_shared<const Snapshot>(std::move(snapshot));
  occasion.read_time = TimeOf(provenance.read_time());
  DX_RETURN_IF_ERROR(ReadFirstPage(*this, record, &occasion));
  occasion.ledger = noted.ledger;
  occasion.visible_at = noted.visible_at;
  occasion.degraded = record.degraded();
  occasion.first_page =
      NameIn(kMatchesPrefix, record.first_page().empty() ? record.name() : record.first_page());
  return occasion;
}

absl::StatusOr<Occasion> MatchHistory::OccasionOf(const std::string& match_id, const RunLimits& limits,
                                                  Check check) {
  {
    const absl::MutexLock lock(&mutex_);
    if (const auto found = places_.find(match_id); found != places_.end()) {
      const Occasion& pinned = found->second->second;
      DX_RETURN_IF_ERROR(check(pinned.viewer, pinned.read_time));
      DX_RETURN_IF_ERROR(CheckKept(*catalogue_, pinned.snapshot->sequence));
      pinned_.splice(pinned_.begin(), pinned_, found->second);
      return pinned;
    }
  }
  DX_ASSIGN_OR_RETURN(const NotedMatch noted, Read(match_id));
  DX_RETURN_IF_ERROR(check(ViewerOf(noted.record), TimeOf(noted.record.provenance().read_time())));
  DX_ASSIGN_OR_RETURN(Occasion occasion, Reopen(noted, limits));
  Pin(match_id, occasion);
  return occasion;
}

}  // namespace dongxi
