#include "server/statistics_ledger.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "dongxi/v1/engagement.pb.h"
#include "dongxi/v1/replay.pb.h"
#include "engine/base/status_macros.h"
#include "engine/index/record_text.h"
#include "engine/statistics/one_contract.h"
#include "engine/statistics/pairing_lines.h"
#include "server/engagement_convert.h"
#include "server/engagement_match.h"
#include "server/engagement_table.h"
#include "server/grpc_status.h"

namespace dongxi {
namespace {

namespace pb = dongxi::v1;

constexpr size_t kRowsBetweenChecks = 1'024;

// The name of an institution with its aliases, as pairings compare it.
struct InstitutionName {
  std::string title;
  std::vector<std::string> aliases;
};

class RowMaker {
 public:
  RowMaker(const CatalogueReader& catalogue, const Policy& policy)
      : catalogue_(catalogue), policy_(policy), pairings_(policy) {}

  absl::StatusOr<LedgerRow> Make(pb::Engagement entry, std::string id) {
    LedgerRow row;
    row.id = std::move(id);
    row.need = entry.need();
    row.offer = entry.offer();
    row.step = static_cast<Step>(entry.step());
    row.reason = static_cast<RefusalReason>(entry.refusal_reason());
    row.event_time_us = MicrosOf(entry.event_time());
    if (entry.has_amount_wan()) row.amount_wan = entry.amount_wan();
    row.need_region = entry.need_region_code();
    row.offer_region = entry.offer_region_code();
    row.channel = entry.channel();
    row.task = entry.task();
    row.field = entry.field();
    row.mode = entry.mode();
    row.institution = entry.offer_institution();
    row.has_match = !entry.match_id().empty() && !IsNotListed(entry);
    DX_ASSIGN_OR_RETURN(row.match_time_us, MatchTime(entry.match_id()));
    row.has_evidence = entry.evidence_size() > 0;
    row.illustrative = entry.illustrative();
    row.simulated = entry.simulated();
    DX_ASSIGN_OR_RETURN(row.pairing, PairingOf(row));
    return row;
  }

 private:
  absl::StatusOr<std::string> PairingOf(const LedgerRow& row) {
    if (row.task.empty()) return std::string();
    // The tables change with the day: pairings of a year are looked up once a month.
    const absl::CivilDay day = ChinaDay(row.event_time_us);
    const std::string key = row.task + "|" + row.need_region + "|" + row.offer_region + "|" +
                            row.institution + "|" + std::to_string(day.year() * 12 + day.month());
    const auto [found, added] = known_.try_emplace(key);
    if (!added) return found->second;
    DX_ASSIGN_OR_RETURN(const InstitutionName* const name, NameOf(row.institution));
    found->second = pairings_.KeyOf(policy_, row.task, row.need_region,
                                    {row.offer_region, name->title, &name->aliases}, day);
    return found->second;
  }

  // When the match was answered; none if the match log does not keep it any more, and for a watch.
  absl::StatusOr<std::optional<int64_t>> MatchTime(const std::string& match_id) {
    if (match_id.empty()) return std::optional<int64_t>();
    const auto [found, added] = match_times_.try_emplace(match_id);
    if (!added) return found->second;
    DX_ASSIGN_OR_RETURN(const std::optional<std::string> bytes,
                        catalogue_.GetTable(Table::kMatches, match_id));
    pb::MatchRecord record;
    if (bytes && record.ParseFromString(*bytes) && record.provenance().has_read_time())
      found->second = MicrosOf(record.provenance().read_time());
    return found->second;
  }

  absl::StatusOr<const InstitutionName*> NameOf(const std::string& institution) {
    const auto [found, added] = names_.try_emplace(institution);
    if (!added || institution.empty()) return &found->second;
    const std::optional<RecordName> name = ParseResourceName(institution);
    if (!name) return &found->second;
    DX_ASSIGN_OR_RETURN(const auto records, catalogue_.GetMany({&*name, 1}));
    if (records.front()) found->second = {records.front()->title, records.front()->aliases};
    return &found->second;
  }

  const CatalogueReader& catalogue_;
  const Policy& policy_;
  const PairingLines pairings_;
  std::unordered_map<std::string, std::string> known_;
  std::map<std::string, InstitutionName> names_;
  std::unordered_map<std::string, std::optional<int64_t>> match_times_;
};

// What only the second of two parties told of a contract, for the row of the first.
void TellMore(const LedgerRow& row, LedgerRow* first) {
  if (!first->has_match && row.has_match) {
    first->has_match = true;
    first->match_time_us = row.match_time_us;
  }
  if (first->mode.empty()) first->mode = row.mode;
  first->has_evidence = first->has_evidence || row.has_evidence;
}

// Ids of the entries that another one took the place of.
absl::StatusOr<std::unordered_set<std::string>> CorrectedIds(const CatalogueReader& catalogue) {
  std::unordered_set<std::string> corrected;
  const char kind = static_cast<char>(EngagementKey::kCorrected);
  DX_RETURN_IF_ERROR(catalogue.ScanTable(Table::kEngagements, std::string(1, kind),
                                         [&](std::string_view key, std::string_view) {
                                           if (key.empty() || key.front() != kind) return false;
                                           corrected.emplace(key.substr(1));
                                           return true;
                                         }));
  return corrected;
}

class LedgerScan {
 public:
  LedgerScan(const CatalogueReader& catalogue, const Policy& policy, absl::CivilDay end, const Caller& caller,
             const std::function<bool()>& cancelled)
      : catalogue_(catalogue),
        end_us_(ChinaDayStartUs(end)),
        caller_(caller),
        cancelled_(cancelled),
        maker_(catalogue, policy) {}

  absl::StatusOr<std::vector<LedgerRow>> Run() {
    DX_ASSIGN_OR_RETURN(corrected_, CorrectedIds(catalogue_));
    const char kind = static_cast<char>(EngagementKey::kEntry);
    DX_RETURN_IF_ERROR(catalogue_.ScanTable(Table::kEngagements, std::string(1, kind),
                                            [&](std::string_view key, std::string_view value) {
                                              if (key.empty() || key.front() != kind) return false;
                                              status_ = Take(std::string(key.substr(1)), value);
                                              return status_.ok();
                                            }));
    DX_RETURN_IF_ERROR(status_);
    return std::move(rows_);
  }

 private:
  absl::Status Take(const std::string& id, std::string_view value) {
    if (++scanned_ % kRowsBetweenChecks == 0 && cancelled_ && cancelled_())
      return absl::CancelledError("the caller went away");
    if (corrected_.contains(id)) return absl::OkStatus();
    pb::Engagement entry;
    if (!entry.ParseFromArray(value.data(), static_cast<int>(value.size())))
      return absl::DataLossError(EngagementName(id) + ": the entry cannot be read");
    const bool happened =
        entry.kind() == pb::Engagement::KIND_RECORD || entry.kind() == pb::Engagement::KIND_CORRECTION;
    const bool sees = caller_.viewer.all_tenants || entry.tenant() == caller_.tenant();
    if (!happened || !sees || MicrosOf(entry.event_time()) >= end_us_) return absl::OkStatus();
    if (rows_.size() == kStatisticsRowsMax) {
      return WithReason(
          absl::ResourceExhaustedError("the ledger has more than 500,000 entries before the end "
                                       "of the period; ask for an earlier period"),
          "LEDGER_TOO_LARGE");
    }
    const std::string tenant = entry.tenant(), number = entry.registration_number();
    DX_ASSIGN_OR_RETURN(LedgerRow row, maker_.Make(std::move(entry), EngagementName(id)));
    if (const auto first = contracts_.ToldByAnother(row, number, tenant, rows_.size())) {
      TellMore(row, &rows_[*first]);
      return absl::OkStatus();
    }
    rows_.push_back(std::move(row));
    return absl::OkStatus();
  }

  const CatalogueReader& catalogue_;
  const int64_t end_us_;
  const Caller& caller_;
  const std::function<bool()>& cancelled_;
  RowMaker maker_;
  std::unordered_set<std::string> corrected_;
  OneContract contracts_;
  std::vector<LedgerRow> rows_;
  size_t scanned_ = 0;
  absl::Status status_;
};

void LowerTo(const std::string& iso_day, absl::CivilDay* last) {
  absl::CivilDay day;
  if (!iso_day.empty() && absl::ParseCivilTime(iso_day, &day)) *last = std::min(*last, day);
}

NeedRow NeedRowOf(const Record& need, const Policy& policy, absl::CivilDay today) {
  NeedRow row;
  row.name = ResourceName(RecordKind::kNeed, need.id);
  row.region = need.region;
  row.fields = need.fields;
  row.modes = need.modes;
  row.illustrative = need.illustrative;
  row.first_day = ChinaDay(need.create_time_us);
  LowerTo(need.deadline, &row.last_day);
  LowerTo(need.valid_until, &row.last_day);
  const EmbedInput text = TextOf(need);
  const PolicyReading reading = policy.Read(need.region, need.task, text.title, text.text, today);
  row.channel = reading.channel;
  if (!reading.tasks.empty()) row.task = reading.tasks.front().task;
  return row;
}

}  // namespace

absl::StatusOr<StatisticsInput> ReadStatisticsInput(const CatalogueReader& catalogue, const Policy& policy,
                                                    const StatisticsQuery& query, const Caller& caller,
                                                    const std::function<bool()>& cancelled) {
  const absl::CivilDay end = query.period.end;
  StatisticsInput input;
  DX_ASSIGN_OR_RETURN(input.rows, LedgerScan(catalogue, policy, end, caller, cancelled).Run());
  std::unordered_map<std::string_view, int64_t> first_entry;
  for (const LedgerRow& row : input.rows) {
    // What was only simulated makes no need older, unless it is asked for.
    if (row.simulated && query.simulated == Simulated::kExclude) continue;
    const auto [found, added] = first_entry.try_emplace(row.need, row.event_time_us);
    if (!added) found->second = std::min(found->second, row.event_time_us);
  }
  std::set<std::string> there;
  size_t scanned = 0;
  bool stopped = false;
  DX_RETURN_IF_ERROR(catalogue.Scan(RecordKind::kNeed, "", [&](const Record& need) {
    stopped = ++scanned % kRowsBetweenChecks == 0 && cancelled && cancelled();
    there.insert(ResourceName(RecordKind::kNeed, need.id));
    if (MaySee(caller.viewer, need)) input.needs.push_back(NeedRowOf(need, policy, end - 1));
    return !stopped;
  }));
  if (stopped) return absl::CancelledError("the caller went away");
  for (NeedRow& need : input.needs) {
    const auto found = first_entry.find(need.name);
    if (found != first_entry.end()) need.first_day = std::min(need.first_day, ChinaDay(found->second));
  }
  for (LedgerRow& row : input.rows) row.need_deleted = !there.contains(row.need);
  return input;
}

}  // namespace dongxi
