#include "server/ledger_disclosure.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/status_macros.h"
#include "engine/record/viewer.h"
#include "store/record_codec.h"

namespace dongxi {
namespace {

namespace pb = dongxi::v1;

// Each record that entries name, once: what there is of it, live or deleted.
using Named = std::map<std::string, std::optional<Record>>;

absl::Status Read(const CatalogueReader& catalogue, Named* named) {
  std::vector<RecordName> names;
  std::vector<std::optional<Record>*> places;
  for (auto& [text, record] : *named) {
    const std::optional<RecordName> name = ParseResourceName(text);
    if (!name) continue;
    names.push_back(*name);
    places.push_back(&record);
  }
  DX_ASSIGN_OR_RETURN(auto live, catalogue.GetMany(names));
  DX_ASSIGN_OR_RETURN(auto deleted, catalogue.GetManyDeleted(names));
  for (size_t i = 0; i < names.size(); ++i) *places[i] = std::move(live[i] ? live[i] : deleted[i]);
  return absl::OkStatus();
}

bool Discloses(const Viewer& viewer, const std::optional<Record>& record) {
  return record ? MaySee(viewer, *record) : viewer.disclosure_max == Disclosure::kOrganiser;
}

void HideWords(pb::Engagement* entry) {
  entry->clear_note();
  entry->clear_why();
  entry->clear_evidence();
}

}  // namespace

absl::Status HideWhatIsNotDisclosed(const CatalogueReader& catalogue, const Caller& caller,
                                    std::span<pb::Engagement* const> entries) {
  Named named;
  for (const pb::Engagement* entry : entries) {
    named.try_emplace(entry->need());
    named.try_emplace(entry->offer());
  }
  DX_RETURN_IF_ERROR(Read(catalogue, &named));
  for (const auto& [name, record] : named) {
    if (record && MaySee(caller.viewer, *record)) caller.Showed(*record);
  }
  for (pb::Engagement* entry : entries) {
    const bool need = Discloses(caller.viewer, named.at(entry->need()));
    const bool offer = Discloses(caller.viewer, named.at(entry->offer()));
    if (!need) entry->clear_need_title();
    if (!offer) {
      entry->clear_offer_title();
      entry->clear_offer_institution();
    }
    if (!need || !offer) HideWords(entry);
  }
  return absl::OkStatus();
}

absl::Status HideNotesThatAreNotDisclosed(const CatalogueReader& catalogue, const Caller& caller,
                                          const pb::PlanEvent& event,
                                          std::span<pb::PlanMeeting* const> meetings) {
  std::map<std::string_view, std::string_view> parties;                             // record by id
  std::map<std::pair<std::string_view, std::string_view>, std::string_view> pairs;  // offer's record by ids
  for (const pb::PlanParty& party : event.parties()) parties[party.id()] = party.record();
  for (const pb::PlanPair& pair : event.pairs()) pairs[{pair.need(), pair.offer()}] = pair.record();
  std::vector<std::pair<pb::PlanMeeting*, std::string>> asked;  // with one record of it
  Named named;
  for (pb::PlanMeeting* const meeting : meetings) {
    if (meeting->note().empty()) continue;
    for (const std::string_view record :
         {parties[meeting->need()], parties[meeting->offer()], pairs[{meeting->need(), meeting->offer()}]}) {
      if (record.empty()) continue;
      named.try_emplace(std::string(record));
      asked.push_back({meeting, std::string(record)});
    }
  }
  DX_RETURN_IF_ERROR(Read(catalogue, &named));
  for (const auto& [name, record] : named) {
    if (record && MaySee(caller.viewer, *record)) caller.Showed(*record);
  }
  for (const auto& [meeting, record] : asked) {
    if (!Discloses(caller.viewer, named.at(record))) meeting->clear_note();
  }
  return absl::OkStatus();
}

std::vector<std::string> RecordsIn(const pb::PlanEvent& event) {
  std::vector<std::string> records;
  for (const pb::PlanParty& party : event.parties()) records.push_back(party.record());
  for (const pb::PlanPair& pair : event.pairs()) records.push_back(pair.record());
  return records;
}

absl::Status TellRecords(const CatalogueReader& catalogue, const Caller& caller,
                         const std::vector<std::string>& records) {
  if (caller.note == nullptr) return absl::OkStatus();
  Named named;
  for (const std::string& record : records) named.try_emplace(record);
  DX_RETURN_IF_ERROR(Read(catalogue, &named));
  for (const auto& [name, record] : named) {
    if (record) caller.Showed(*record);
  }
  return absl::OkStatus();
}

}  // namespace dongxi
