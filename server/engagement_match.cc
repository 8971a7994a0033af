#include "server/engagement_match.h"

#include <algorithm>
#include <optional>
#include <string>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "dongxi/v1/replay.pb.h"
#include "dongxi/v1/watch.pb.h"
#include "engine/base/status_macros.h"
#include "server/convert.h"
#include "server/engagement_convert.h"
#include "server/grpc_status.h"
#include "server/match_history.h"
#include "server/watch_store.h"

namespace dongxi {
namespace {

namespace pb = dongxi::v1;

absl::Status NotFound(const std::string& match_id) {
  return WithReason(
      WithField(absl::NotFoundError("engagement.match_id: " + match_id +
                                    ": no such match or watch; leave it empty if the step happened without a "
                                    "recommendation"),
                "engagement.match_id"),
      "MATCH_NOT_FOUND");
}

absl::Status OfOthers(const std::string& match_id) {
  return WithReason(FieldError("engagement.match_id", match_id + " was about another need or offer"),
                    "MATCH_OF_OTHERS");
}

absl::CivilDay DayOf(const google::protobuf::Timestamp& time) {
  return DayInChina(absl::FromUnixMicros(MicrosOf(time)));
}

// What comes of a match comes after it.
absl::Status CheckDay(const pb::Engagement& entry, const google::protobuf::Timestamp& answered) {
  const absl::CivilDay day = DayOf(answered);
  if (day <= DayOf(entry.event_time())) return absl::OkStatus();
  return WithReason(
      FieldError("engagement.match_id", entry.match_id() + " 是 " + absl::FormatCivilTime(day) +
                                            " 才有的，晚于这一步发生的日期：不是由它促成的，不写匹配编号"),
      "MATCH_AFTER_EVENT");
}

absl::StatusOr<bool> WatchListed(const pb::Engagement& entry, const CatalogueReader& catalogue,
                                 const Caller& caller) {
  const absl::StatusOr<pb::Watch> watch = ReadWatch(catalogue, entry.match_id(), caller);
  if (absl::IsNotFound(watch.status())) return NotFound(entry.match_id());
  if (!watch.ok()) return watch.status();
  const std::string& need =
      watch->target_case() == pb::Watch::kNeed ? watch->need() : watch->request().need_name();
  const bool of_offer = watch->target_case() == pb::Watch::kOffer;
  // A saved query may be about a text: then the pair says nothing against it.
  const bool about = of_offer ? watch->offer() == entry.offer() : need.empty() || need == entry.need();
  if (!about) return OfOthers(entry.match_id());
  DX_RETURN_IF_ERROR(CheckDay(entry, watch->create_time()));
  return of_offer || !need.empty();
}

}  // namespace

bool IsNotListed(const pb::Engagement& entry) {
  return std::any_of(entry.warnings().begin(), entry.warnings().end(),
                     [](const pb::EngagementWarning& warning) { return warning.code() == kNotListed; });
}

absl::StatusOr<bool> MatchListed(const pb::Engagement& entry, const CatalogueReader& catalogue,
                                 const Caller& caller) {
  if (entry.match_id().rfind("watches/", 0) == 0) return WatchListed(entry, catalogue, caller);
  DX_ASSIGN_OR_RETURN(const std::optional<std::string> line,
                      catalogue.GetTable(Table::kMatches, entry.match_id()));
  if (!line) return NotFound(entry.match_id());
  const std::optional<NotedMatch> match = ReadNotedMatch(*line);
  if (!match)
    return absl::DataLossError("matches/" + entry.match_id() + ": the record of the answer cannot be read");
  const pb::MatchRecord& record = match->record;
  if (!caller.viewer.all_tenants && record.viewer().tenant() != caller.tenant())
    return NotFound(entry.match_id());
  // An answer to a text or to a search may be about any need.
  const std::string& need = record.match().need_name();
  const std::string& offer = record.reverse_match().offer_name();
  const bool about = (need.empty() || need == entry.need()) && (offer.empty() || offer == entry.offer());
  if (!about) return OfOthers(entry.match_id());
  DX_RETURN_IF_ERROR(CheckDay(entry, record.provenance().read_time()));
  const bool lists_needs = record.has_reverse_match() || record.has_search();
  const bool lists_offers = !record.has_reverse_match();
  return (lists_offers && match->MayList(entry.offer())) || (lists_needs && match->MayList(entry.need()));
}

}  // namespace dongxi
