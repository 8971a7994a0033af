#include "server/watch_touched.h"

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "engine/base/status_macros.h"

namespace dongxi {
namespace {

constexpr size_t kRecordsReadAtOnce = 500;

struct Window {
  std::map<RecordName, uint64_t> newest;  // write in (from, now]
  std::set<RecordName> inside;            // written in (from, until]
};

// The candidates that a changed record speaks for, itself included; the rules of DocumentTable's owners.
class Owners {
 public:
  explicit Owners(const CatalogueReader& catalogue) : catalogue_(catalogue) {}

  absl::Status Add(std::span<const RecordName> names, const Window& window, Touched* touched) {
    DX_ASSIGN_OR_RETURN(const auto records, catalogue_.GetMany(names));
    std::vector<RecordName> experts;
    for (const std::optional<Record>& record : records) {
      if (!record) continue;
      for (const RecordName& owner : record->owners) {
        if (owner.kind == RecordKind::kExpert) experts.push_back(owner);
      }
    }
    DX_ASSIGN_OR_RETURN(const auto behind, catalogue_.GetMany(experts));
    std::map<std::string, std::string> institution_of;
    for (const std::optional<Record>& expert : behind) {
      if (expert) institution_of[expert->id] = expert->institution;
    }
    for (size_t i = 0; i < names.size(); ++i) {
      if (!records[i]) continue;  // Deleted since: nothing to show, nothing to vote.
      const uint64_t sequence = window.newest.at(names[i]);
      if (names[i].kind != RecordKind::kEvidence) Touch(names[i], sequence, touched);
      TouchInstitution(records[i]->institution, sequence, touched);
      for (const RecordName& owner : records[i]->owners) {
        Touch(owner, sequence, touched);
        if (owner.kind == RecordKind::kExpert) TouchInstitution(institution_of[owner.id], sequence, touched);
      }
    }
    return absl::OkStatus();
  }

 private:
  static void Touch(const RecordName& name, uint64_t sequence, Touched* touched) {
    uint64_t& newest = (*touched)[ResourceName(name.kind, name.id)];
    newest = std::max(newest, sequence);
  }
  static void TouchInstitution(const std::string& id, uint64_t sequence, Touched* touched) {
    if (!id.empty()) Touch({RecordKind::kInstitution, id}, sequence, touched);
  }

  const CatalogueReader& catalogue_;
};

absl::StatusOr<Window> ReadWindow(const CatalogueReader& catalogue, uint64_t from, uint64_t until,
                                  uint64_t now) {
  Window window;
  DX_RETURN_IF_ERROR(catalogue.ScanChanges(from, [&](const Change& change) {
    if (change.sequence > now) return false;
    if (change.operation != ChangeOperation::kUpsert) return true;
    window.newest[change.name] = change.sequence;
    if (change.sequence <= until) window.inside.insert(change.name);
    return true;
  }));
  return window;
}

}  // namespace

absl::StatusOr<TouchedWindow> TouchedIn(const CatalogueReader& catalogue, uint64_t from, uint64_t until,
                                        uint64_t now, const std::optional<RecordName>& target, bool offers) {
  if (from == 0 || from < catalogue.HistoryStart()) return TouchedWindow{.everything = true};
  absl::StatusOr<Window> window = ReadWindow(catalogue, from, until, now);
  if (absl::IsOutOfRange(window.status())) return TouchedWindow{.everything = true};
  if (!window.ok()) return window.status();
  if (target && window->inside.contains(*target)) return TouchedWindow{.everything = true};
  TouchedWindow touched;
  std::vector<RecordName> names;
  Owners owners(catalogue);
  for (const RecordName& name : window->inside) {
    if (offers == (name.kind == RecordKind::kNeed)) continue;
    if (!offers) {
      touched.candidates[ResourceName(name.kind, name.id)] = window->newest.at(name);
      continue;
    }
    names.push_back(name);
    if (names.size() < kRecordsReadAtOnce) continue;
    DX_RETURN_IF_ERROR(owners.Add(std::exchange(names, {}), *window, &touched.candidates));
  }
  DX_RETURN_IF_ERROR(owners.Add(names, *window, &touched.candidates));
  return touched;
}

}  // namespace dongxi
