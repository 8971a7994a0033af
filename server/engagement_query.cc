#include "server/engagement_query.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "engine/base/status_macros.h"
#include "engine/engagement/rules.h"
#include "engine/record/value_parsers.h"
#include "engine/statistics/group_key.h"
#include "engine/statistics/one_contract.h"
#include "engine/text/normalize.h"
#include "server/catalogue_page.h"
#include "server/engagement_convert.h"
#include "server/engagement_table.h"
#include "server/grpc_status.h"
#include "server/ledger_disclosure.h"
#include "server/pair_ledger.h"
#include "server/plan_codes.h"
#include "server/refusals.h"
#include "store/record_codec.h"

namespace dongxi {
namespace {

constexpr int kScannedBetweenChecks = 256;

bool Sees(const Caller& caller, const pb::Engagement& entry) {
  return caller.viewer.all_tenants || entry.tenant() == caller.tenant();
}

bool BeginsWith(const std::string& text, const std::string& prefix) { return text.rfind(prefix, 0) == 0; }
bool IsOrAny(const std::string& wanted, const std::string& found) {
  return wanted.empty() || wanted == found;
}
// As in statistics: "none" for a channel or task are the entries without one.
bool IsCodeOrAny(const std::string& wanted, const std::string& found) {
  return IsOrAny(wanted, found) || (wanted == kNoGroup && found.empty());
}

bool StepWanted(const pb::EngagementFilter& filter, pb::EngagementStep step) {
  return filter.steps().empty() ||
         std::find(filter.steps().begin(), filter.steps().end(), step) != filter.steps().end();
}

bool Counts(const pb::Engagement& entry) {
  const bool happened =
      entry.kind() == pb::Engagement::KIND_RECORD || entry.kind() == pb::Engagement::KIND_CORRECTION;
  return happened && entry.corrected_by().empty();
}

bool Passes(const pb::EngagementFilter& filter, const pb::Engagement& entry) {
  const int64_t time = MicrosOf(entry.event_time());
  if (filter.has_start_time() && time < MicrosOf(filter.start_time())) return false;
  if (filter.has_end_time() && time >= MicrosOf(filter.end_time())) return false;
  return (filter.whole_ledger() || Counts(entry)) && StepWanted(filter, entry.step()) &&
         BeginsWith(entry.need_region_code(), filter.need_region_code()) &&
         BeginsWith(entry.offer_region_code(), filter.offer_region_code()) &&
         IsCodeOrAny(filter.channel(), entry.channel()) && IsCodeOrAny(filter.task(), entry.task()) &&
         IsOrAny(filter.need(), entry.need()) && IsOrAny(filter.offer(), entry.offer()) &&
         IsOrAny(filter.match_id(), entry.match_id());
}

// Entries have 63, never 630000: with its zeros a code would begin none of them.
pb::EngagementFilter WithoutFillingZeros(pb::EngagementFilter filter) {
  for (std::string* code : {filter.mutable_need_region_code(), filter.mutable_offer_region_code()})
    *code = ParseRegionCode(*code).value_or(*code);
  return filter;
}

absl::Status CheckRegion(const std::string& field, const std::string& code) {
  const bool good = code.size() <= 6 && code.find_first_not_of("0123456789") == std::string::npos;
  if (good) return absl::OkStatus();
  return FieldError(field,
                    "found '" + CutCharacters(code, 40) + "', expected the beginning of a GB/T 2260 code");
}

std::vector<pb::Engagement*> PointersTo(std::vector<pb::Engagement>& entries) {
  std::vector<pb::Engagement*> pointers;
  for (pb::Engagement& entry : entries) pointers.push_back(&entry);
  return pointers;
}

// Places of the order: event time big-endian, id.
class PageReader {
 public:
  PageReader(const CatalogueReader& catalogue, const pb::EngagementFilter& filter, int limit,
             const Caller& caller, const std::function<bool()>& cancelled)
      : table_(catalogue, Table::kEngagements),
        filter_(filter),
        limit_(limit),
        caller_(caller),
        cancelled_(cancelled) {}

  // Reads the entry at `place`; false once the page ends.
  bool Take(std::string_view place) {
    // Where a page ends is told in its token, so it ends behind an entry that the caller sees.
    page_.more = scanned_ >= kEngagementsScannedMax && !page_.last.empty();
    if (page_.more) return false;
    if (++scanned_ % kScannedBetweenChecks == 0 && cancelled_ && cancelled_()) {
      status_ = absl::CancelledError("the caller went away");
      return false;
    }
    absl::StatusOr<pb::Engagement> entry = ReadEngagement(table_, std::string(place.substr(8)));
    if (!entry.ok()) {
      status_ = absl::IsNotFound(entry.status()) ? absl::DataLossError(std::string(entry.status().message()))
                                                 : entry.status();
      return false;
    }
    if (!Sees(caller_, *entry)) return true;
    // One more than the page holds: so we know that it is not the last one.
    page_.more = static_cast<int>(page_.entries.size()) == limit_;
    if (page_.more) return false;
    const bool shown = Passes(filter_, *entry);
    if (shown) bytes_ += entry->ByteSizeLong();
    page_.more = shown && bytes_ > kPageBytesMax && !page_.entries.empty();
    if (page_.more) return false;
    page_.last = std::string(place);
    if (shown) page_.entries.push_back(*std::move(entry));
    return true;
  }

  absl::StatusOr<EngagementPage> Take() && {
    if (!status_.ok()) return status_;
    return std::move(page_);
  }
  const TableOverlay& table() const { return table_; }

 private:
  const TableOverlay table_;
  const pb::EngagementFilter& filter_;
  const int limit_;
  const Caller& caller_;
  const std::function<bool()>& cancelled_;
  int scanned_ = 0;
  size_t bytes_ = 0;
  EngagementPage page_;
  absl::Status status_;
};

// By the index of pairs: a need has few entries beside the whole ledger.
absl::Status ReadByNeed(const pb::EngagementFilter& filter, const std::string& after, PageReader& reader) {
  std::vector<std::string> places;
  DX_ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                      ReadPairIds(reader.table(), filter.need(), filter.offer()));
  for (const std::string& id : ids) {
    DX_ASSIGN_OR_RETURN(const pb::Engagement entry, ReadEngagement(reader.table(), id));
    places.push_back(BigEndian(static_cast<uint64_t>(MicrosOf(entry.event_time()))) + id);
  }
  std::sort(places.begin(), places.end());
  for (auto place = std::upper_bound(places.begin(), places.end(), after); place != places.end(); ++place) {
    if (!reader.Take(*place)) break;
  }
  return absl::OkStatus();
}

absl::Status ReadByTime(const CatalogueReader& catalogue, const pb::EngagementFilter& filter,
                        const std::string& after, PageReader& reader) {
  std::string first = after;
  if (first.empty() && filter.has_start_time())
    first = BigEndian(static_cast<uint64_t>(std::max<int64_t>(0, MicrosOf(filter.start_time()))));
  const std::string key = EngagementTableKey(EngagementKey::kTime, first);
  const uint64_t end = filter.has_end_time()
                           ? static_cast<uint64_t>(std::max<int64_t>(0, MicrosOf(filter.end_time())))
                           : ~uint64_t{0};
  return catalogue.ScanTable(Table::kEngagements, key, [&](std::string_view found, std::string_view) {
    if (found.size() < 9 || found.front() != static_cast<char>(EngagementKey::kTime)) return false;
    const std::string_view place = found.substr(1);
    if (!after.empty() && place == after) return true;
    if (FromBigEndian(place.substr(0, 8)) >= end) return false;
    return reader.Take(place);
  });
}

absl::Status CheckBothVisible(const CatalogueReader& catalogue, const EngagementPair& names,
                              const Caller& caller) {
  const RecordName both[] = {names.need, names.offer};
  DX_ASSIGN_OR_RETURN(const auto live, catalogue.GetMany(both));
  DX_ASSIGN_OR_RETURN(const auto deleted, catalogue.GetManyDeleted(both));
  for (const size_t i : {0, 1}) {
    const std::optional<Record>& record = live[i] ? live[i] : deleted[i];
    if (record && !MaySee(caller.viewer, *record)) {
      return WithReason(
          absl::NotFoundError(ResourceName(record->kind, record->id) + ": no such record in the catalogue"),
          "RECORD_NOT_FOUND");
    }
  }
  return absl::OkStatus();
}

// Without what another tenant had told before of the same contract, as in statistics, and what that took the
// place of.
std::vector<pb::Engagement> ToldOnce(const std::vector<pb::Engagement>& entries) {
  OneContract contracts;
  std::set<std::string> told_before;
  for (const pb::Engagement& entry : entries) {
    if (!Counts(entry)) continue;
    const LedgerEntry one = ToLedgerEntry(entry);
    LedgerRow row;
    row.need = entry.need();
    row.offer = entry.offer();
    row.step = one.step;
    row.event_time_us = one.event_time_us;
    row.amount_wan = one.amount_wan;
    row.simulated = entry.simulated();
    if (contracts.ToldByAnother(row, one.registration_number, entry.tenant(), 0))
      told_before.insert(entry.name());
  }
  std::vector<pb::Engagement> told;
  for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry) {
    if (told_before.contains(entry->name())) {
      told_before.insert(entry->corrects());
    } else {
      told.push_back(*entry);
    }
  }
  std::reverse(told.begin(), told.end());
  return told;
}

// What follows from all entries of the pair, whatever the page; what was only simulated is in the history
// alone.
void EncodePairState(const std::vector<pb::Engagement>& entries, pb::Pair* pair) {
  const std::vector<LedgerEntry> ledger = LedgerOf(ToldOnce(entries), /*simulated=*/false);
  const PairState state = StateOf(ledger);
  if (state.furthest) pair->set_furthest_step(static_cast<pb::EngagementStep>(*state.furthest));
  pair->set_signed_wan(state.signed_wan);
  pair->set_registered_wan(state.registered_wan);
  pair->set_paid_wan(state.paid_wan);
  EncodeWarnings(CheckPair(ledger), pair->mutable_warnings());
  const int beyond = pair->warnings_size() - kPairWarningsMax;
  if (beyond > 0) pair->mutable_warnings()->DeleteSubrange(kPairWarningsMax, beyond);
  pair->set_total_size(static_cast<int32_t>(entries.size()));
}

// Cuts the page out of all entries, which stand in order of recording and so of their names.
void KeepPage(const std::string& after, int limit, std::vector<pb::Engagement>* entries, PairPage* page) {
  const auto first = std::upper_bound(
      entries->begin(), entries->end(), after,
      [](const std::string& name, const pb::Engagement& entry) { return name < entry.name(); });
  auto end = first;
  for (size_t bytes = 0; end != entries->end() && end - first < limit; ++end) {
    bytes += end->ByteSizeLong();
    if (bytes > kPageBytesMax && end != first) break;
  }
  page->more = end != entries->end();
  if (end != first) page->last = std::prev(end)->name();
  entries->erase(end, entries->end());
  entries->erase(entries->begin(), first);
}

}  // namespace

absl::Status CheckEngagementFilter(const pb::EngagementFilter& filter, const Policy& policy) {
  DX_RETURN_IF_ERROR(CheckRegion("filter.need_region_code", filter.need_region_code()));
  DX_RETURN_IF_ERROR(CheckRegion("filter.offer_region_code", filter.offer_region_code()));
  DX_RETURN_IF_ERROR(CheckChannelCode("filter.channel", filter.channel(), policy));
  DX_RETURN_IF_ERROR(CheckTaskCode("filter.task", filter.task(), policy));
  for (const int step : filter.steps()) {
    if (step == pb::ENGAGEMENT_STEP_UNSPECIFIED || !pb::EngagementStep_IsValid(step))
      return FieldError("filter.steps", "found " + std::to_string(step) + ", no step");
  }
  // Either end may be left open, a wrong name would silently find nothing.
  DX_RETURN_IF_ERROR(DecodePair(filter.need().empty() ? "needs/n" : filter.need(),
                                filter.offer().empty() ? "results/r" : filter.offer(), "filter.")
                         .status());
  const bool backwards = filter.has_start_time() && filter.has_end_time() &&
                         MicrosOf(filter.start_time()) > MicrosOf(filter.end_time());
  return backwards ? FieldError("filter.end_time", "lies before start_time") : absl::OkStatus();
}

absl::StatusOr<EngagementPage> ReadEngagements(const CatalogueReader& catalogue,
                                               const pb::EngagementFilter& filter, const std::string& after,
                                               int limit, const Caller& caller,
                                               const std::function<bool()>& cancelled) {
  const pb::EngagementFilter wanted = WithoutFillingZeros(filter);
  PageReader reader(catalogue, wanted, limit, caller, cancelled);
  DX_RETURN_IF_ERROR(filter.need().empty() ? ReadByTime(catalogue, filter, after, reader)
                                           : ReadByNeed(filter, after, reader));
  DX_ASSIGN_OR_RETURN(EngagementPage page, std::move(reader).Take());
  DX_RETURN_IF_ERROR(HideWhatIsNotDisclosed(catalogue, caller, PointersTo(page.entries)));
  return page;
}

absl::StatusOr<PairPage> ReadPairState(const CatalogueReader& catalogue, const std::string& need,
                                       const std::string& offer, const std::string& after, int limit,
                                       const Caller& caller) {
  DX_ASSIGN_OR_RETURN(const EngagementPair names, DecodePair(need, offer, ""));
  DX_RETURN_IF_ERROR(CheckBothVisible(catalogue, names, caller));
  PairPage page;
  page.pair.set_need(need);
  page.pair.set_offer(offer);
  const TableOverlay table(catalogue, Table::kEngagements);
  DX_ASSIGN_OR_RETURN(std::vector<pb::Engagement> entries, ReadPair(table, need, offer));
  std::erase_if(entries, [&](const pb::Engagement& entry) { return !Sees(caller, entry); });
  EncodePairState(entries, &page.pair);
  DX_ASSIGN_OR_RETURN(std::vector<pb::Engagement> all, RefusalsOf(catalogue, names.need, names.offer));
  DX_ASSIGN_OR_RETURN(const std::vector<pb::Engagement> refusals,
                      HoldingFor(caller.viewer, catalogue, names.need, names.offer, std::move(all)));
  if (!refusals.empty()) {
    page.pair.set_refused(true);
    page.pair.set_refusal_reason(refusals.front().refusal_reason());
    *page.pair.mutable_refusal_time() = refusals.front().event_time();
  }
  KeepPage(after, limit, &entries, &page);
  DX_RETURN_IF_ERROR(HideWhatIsNotDisclosed(catalogue, caller, PointersTo(entries)));
  for (pb::Engagement& entry : entries) *page.pair.add_history() = std::move(entry);
  return page;
}

}  // namespace dongxi
