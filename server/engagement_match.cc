#include "server/engagement_match.h"

#include <optional>
#include <string>

#include "dongxi/v1/replay.pb.h"
#include "dongxi/v1/watch.pb.h"
#include "engine/base/status_macros.h"
#include "server/grpc_status.h"
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

absl::Status CheckWatch(const pb::Engagement& entry, const CatalogueReader& catalogue, const Caller& caller) {
  const absl::StatusOr<pb::Watch> watch = ReadWatch(catalogue, entry.match_id(), caller);
  if (absl::IsNotFound(watch.status())) return NotFound(entry.match_id());
  if (!watch.ok()) return watch.status();
  const std::string& need =
      watch->target_case() == pb::Watch::kNeed ? watch->need() : watch->request().need_name();
  // A saved query may be about a text: then the pair says nothing against it.
  const bool about = watch->target_case() == pb::Watch::kOffer ? watch->offer() == entry.offer()
                                                               : need.empty() || need == entry.need();
  return about ? absl::OkStatus() : OfOthers(entry.match_id());
}

}  // namespace

absl::Status CheckMatchOf(const pb::Engagement& entry, const CatalogueReader& catalogue,
                          const Caller& caller) {
  if (entry.match_id().rfind("watches/", 0) == 0) return CheckWatch(entry, catalogue, caller);
  DX_ASSIGN_OR_RETURN(const std::optional<std::string> match,
                      catalogue.GetTable(Table::kMatches, entry.match_id()));
  if (!match) return NotFound(entry.match_id());
  pb::MatchRecord record;
  if (!record.ParseFromString(*match))
    return absl::DataLossError("matches/" + entry.match_id() + ": the record of the answer cannot be read");
  if (!caller.viewer.all_tenants && record.viewer().tenant() != caller.tenant())
    return NotFound(entry.match_id());
  // An answer to a text or to a search may be about any need.
  const std::string& need = record.match().need_name();
  const std::string& offer = record.reverse_match().offer_name();
  const bool about = (need.empty() || need == entry.need()) && (offer.empty() || offer == entry.offer());
  return about ? absl::OkStatus() : OfOthers(entry.match_id());
}

}  // namespace dongxi
