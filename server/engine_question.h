// From an occasion to what the engine asks for. Internal to server/match_*.cc and watch_poll.cc.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "dongxi/v1/match.pb.h"
#include "engine/match/matcher.h"
#include "server/catalogue_records.h"
#include "server/convert.h"
#include "server/deadline.h"
#include "server/grpc_status.h"
#include "server/occasion.h"
#include "server/pair_index.h"

namespace dongxi {

// `loads` may be null.
inline MatchContext ContextOf(const Occasion& occasion, std::shared_ptr<const RankingConfig> ranking,
                              const RecordSource& records, const ExpertLoads* loads = nullptr) {
  const Snapshot& snapshot = *occasion.snapshot;
  return {snapshot.generation, snapshot.policy, std::move(ranking), &records, occasion.stages, loads};
}

// The ledger as it was on the occasion. REQUIRES: occasion.ledger.
inline LedgerSight SightOf(const Occasion& occasion) {
  return {*occasion.ledger, occasion.viewer, DayInChina(occasion.read_time)};
}

// What the asking record's pairs went through; null where the occasion does not know.
inline absl::StatusOr<std::shared_ptr<const PairMemories>> MemoriesOn(const CatalogueReader& catalogue,
                                                                      const Occasion& occasion,
                                                                      const RecordName& need_or_offer) {
  if (!occasion.ledger) return std::shared_ptr<const PairMemories>();
  absl::StatusOr<PairMemories> memories = MemoriesOf(catalogue, need_or_offer, SightOf(occasion));
  if (!memories.ok()) return memories.status();
  return std::make_shared<const PairMemories>(*std::move(memories));
}

// None where the occasion does not know.
inline std::optional<LedgerLoads> LoadsOn(const CatalogueReader& catalogue, const Occasion& occasion,
                                          KnownLoads* shared) {
  if (!occasion.ledger) return std::nullopt;
  return std::optional<LedgerLoads>(std::in_place, catalogue, SightOf(occasion), shared);
}
inline const ExpertLoads* PointerTo(const std::optional<LedgerLoads>& loads) {
  return loads ? &*loads : nullptr;
}

// What MatchSettings and SearchQuestion have in common.
template <typename Settings>
void SetOccasion(const Occasion& occasion, const RunLimits& limits, Settings& settings) {
  settings.viewer = occasion.viewer;
  settings.deadline = limits.deadline;
  settings.cancelled = limits.cancelled;
  settings.degraded = occasion.degraded;
}

// What the answer shows: as it was on the occasion, as far as its reader may still see it; the audit log
// hears of it.
inline CatalogueRecords RecordsOf(const CatalogueReader& catalogue, const Occasion& occasion) {
  return CatalogueRecords(catalogue, Caller{.viewer = occasion.Reader(), .note = occasion.note},
                          occasion.snapshot->sequence, occasion.visible_at);
}
// What only decides the order: as it was for the first page, whoever may see it now. Shown to nobody, so the
// audit log does not hear of it.
inline CatalogueRecords RankingRecordsOf(const CatalogueReader& catalogue, const Occasion& occasion) {
  return CatalogueRecords(catalogue, Caller{.viewer = occasion.viewer}, occasion.snapshot->sequence);
}

// The need of the catalogue whose pairs' past holds for the match: the one that the request names, or the one
// that an inline need says it is, if it is among `records`, as the viewer may see it. Empty: none.
inline absl::StatusOr<std::string> NeedAskedAbout(const dongxi::v1::MatchRequest& request,
                                                  const CatalogueRecords& records) {
  if (!request.has_need()) return request.need_name();
  const std::optional<RecordName> copied = ParseResourceName(request.need().name());
  if (!copied || copied->kind != RecordKind::kNeed) return std::string();
  const absl::StatusOr<std::vector<std::optional<Record>>> found = records.GetMany({&*copied, 1});
  if (!found.ok()) return found.status();
  return found->front().has_value() ? request.need().name() : std::string();
}
// The same on an occasion: of all pages alike, also when the need is gone or hidden since.
inline absl::StatusOr<std::string> NeedAskedAbout(const dongxi::v1::MatchRequest& request,
                                                  const CatalogueReader& catalogue,
                                                  const Occasion& occasion) {
  return NeedAskedAbout(request, RankingRecordsOf(catalogue, occasion));
}

// What the engine refuses of a question is its text, which stands in `field`: all else is checked where the
// request is decoded.
template <typename Answered>
absl::StatusOr<Answered> AboutText(absl::StatusOr<Answered> answer, const std::string& field) {
  if (!absl::IsInvalidArgument(answer.status())) return answer;
  return FieldError(field, std::string(answer.status().message()));
}

// The same of a question whose text is that of a record, which `field` names.
template <typename Answered>
absl::StatusOr<Answered> AboutRecord(absl::StatusOr<Answered> answer, const std::string& field) {
  absl::StatusOr<Answered> told = AboutText(std::move(answer), field);
  if (!absl::IsInvalidArgument(told.status())) return told;
  return WithReason(told.status(), "RECORD_WITHOUT_TEXT");
}

// The field of a match that its text comes from.
inline std::string TextFieldOf(const dongxi::v1::MatchRequest& request) {
  if (request.has_text()) return "text";
  return request.has_need() ? "need" : "need_name";
}

// Takes out of a later page that is of names alone what its reader may not see (any more); pages with texts
// lack it already, because its record was not there to be read.
inline absl::Status LeaveOutHidden(const CatalogueReader& catalogue, const Occasion& occasion, Detail detail,
                                   MatchList& list) {
  if (!occasion.visible_at || detail != Detail::kNamesOnly) return absl::OkStatus();
  std::vector<RecordName> names;
  for (const MatchEntry& entry : list.entries) names.push_back(entry.name);
  const CatalogueRecords records(catalogue, Caller{.viewer = occasion.Reader()}, occasion.visible_at);
  const absl::StatusOr<std::vector<std::optional<Record>>> shown = records.GetMany(names);
  if (!shown.ok()) return shown.status();
  size_t at = 0;
  std::erase_if(list.entries, [&](const MatchEntry&) { return !(*shown)[at++].has_value(); });
  return absl::OkStatus();
}

// Tells the audit log of names that an answer shows without reading their records, which would tell it
// itself: a name alone says that the record is there and that it fits.
inline void TellName(const DocumentTable& documents, const RecordName& name, CallNote* note) {
  if (note == nullptr) return;
  const std::optional<DocId> doc = documents.Find(name.kind, name.id);
  const Disclosure level = doc ? documents.disclosure(*doc) : Disclosure::kPublic;
  if (level != Disclosure::kPublic) note->Disclosed(ResourceName(name.kind, name.id), level);
}

inline void TellNames(const DocumentTable& documents, Detail detail, const MatchList& list, CallNote* note) {
  if (detail != Detail::kNamesOnly) return;
  for (const MatchEntry& entry : list.entries) TellName(documents, entry.name, note);
}

}  // namespace dongxi
