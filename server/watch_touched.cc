#include "server/watch_touched.h"

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "engine/base/status_macros.h"
#include "engine/requirement/requirement_tables.h"
#include "engine/requirement/standing.h"

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

bool IsClosed(const Record& institution) {
  return requirement::ReadStanding(institution, requirement::BuiltInRequirementTables()).words ==
         requirement::Standing::kBlocked;
}

// Whether the change of an institution or expert decides anew over what it owns: by the region that it lends,
// by who sees it, by the institution behind an expert, or by an institution that closed or opened again. Of
// one that comes `before` is none.
bool DecidesAnew(const std::optional<Record>& before, const Record& after, const Viewer& viewer) {
  const bool links = after.kind == RecordKind::kExpert;  // what he owns is his institution's, seen or not
  if (links && (!before || before->institution != after.institution)) return true;
  if (!MaySee(viewer, after) && !(before && MaySee(viewer, *before))) return false;
  if (!before || before->region != after.region || before->disclosure != after.disclosure ||
      before->tenant != after.tenant || before->shared != after.shared)
    return true;
  return !links && IsClosed(*before) != IsClosed(after);
}

// Those of `names` whose change in the window decides anew over what they own.
absl::StatusOr<std::vector<RecordName>> Deciding(const CatalogueReader& catalogue,
                                                 std::span<const RecordName> names,
                                                 const TouchQuestion& question) {
  std::vector<RecordName> deciding;
  for (size_t begin = 0; begin < names.size(); begin += kRecordsReadAtOnce) {
    const auto some = names.subspan(begin, std::min(kRecordsReadAtOnce, names.size() - begin));
    DX_ASSIGN_OR_RETURN(const auto before, catalogue.GetManyAt(some, question.from));
    DX_ASSIGN_OR_RETURN(const auto after, catalogue.GetManyAt(some, question.until));
    for (size_t i = 0; i < some.size(); ++i) {
      if (after[i] && DecidesAnew(before[i], *after[i], question.viewer)) deciding.push_back(some[i]);
    }
  }
  return deciding;
}

// The institutions and experts written in the window that may decide over candidates: all, or for needs those
// that own the watched offer.
std::vector<RecordName> OwnersWritten(const DocumentTable& documents, const Window& window,
                                      const TouchQuestion& question) {
  std::vector<RecordName> owners;
  if (question.offers) {
    for (const RecordName& name : window.inside) {
      if (name.kind == RecordKind::kInstitution || name.kind == RecordKind::kExpert) owners.push_back(name);
    }
    return owners;
  }
  if (!question.target) return owners;
  const std::optional<DocId> offer = documents.Find(question.target->kind, question.target->id);
  if (!offer) return owners;
  for (const DocId owner : documents.owners(*offer)) {
    RecordName name{documents.kind(owner), std::string(documents.id(owner))};
    if (window.inside.contains(name)) owners.push_back(std::move(name));
  }
  return owners;
}

// Adds what those that decide anew own, as touched by their writes, and whom it votes for. One look at each
// document, as the delta takes after such a change. False, and nothing is added, if they are more than
// kTouchedByOwnersMax.
bool AddOwned(const DocumentTable& documents, std::span<const RecordName> deciding, const Window& window,
              Touched* touched) {
  std::map<DocId, uint64_t> newest, reached;
  for (const RecordName& name : deciding) {
    if (const std::optional<DocId> doc = documents.Find(name.kind, name.id))
      newest[*doc] = window.newest.at(name);
  }
  if (newest.empty()) return true;
  for (const RecordKind kind : {RecordKind::kExpert, RecordKind::kResult, RecordKind::kEvidence}) {
    for (const DocId doc : documents.DocsOf(kind)) {
      uint64_t sequence = 0;
      for (const DocId owner : documents.owners(doc)) {
        const auto found = owner == doc ? newest.end() : newest.find(owner);
        if (found != newest.end()) sequence = std::max(sequence, found->second);
      }
      if (sequence == 0 || documents.gone(doc)) continue;
      const auto reach = [&](DocId one) { reached[one] = std::max(reached[one], sequence); };
      if (kind != RecordKind::kEvidence) reach(doc);
      for (const DocId owner : documents.owners(doc)) reach(owner);
      if (reached.size() > kTouchedByOwnersMax) return false;
    }
  }
  for (const auto& [doc, sequence] : reached) {
    uint64_t& last = (*touched)[ResourceName(documents.kind(doc), std::string(documents.id(doc)))];
    last = std::max(last, sequence);
  }
  return true;
}

absl::StatusOr<Window> ReadWindow(const CatalogueReader& catalogue, const TouchQuestion& question) {
  Window window;
  DX_RETURN_IF_ERROR(catalogue.ScanChanges(question.from, [&](const Change& change) {
    if (change.sequence > question.now) return false;
    if (change.operation != ChangeOperation::kUpsert) return true;
    window.newest[change.name] = change.sequence;
    if (change.sequence <= question.until) window.inside.insert(change.name);
    return true;
  }));
  return window;
}

// The candidates that were written in the window or that what was written speaks for.
absl::StatusOr<Touched> WrittenIn(const CatalogueReader& catalogue, const Window& window, bool offers) {
  Touched touched;
  std::vector<RecordName> names;
  Owners owners(catalogue);
  for (const RecordName& name : window.inside) {
    if (offers == (name.kind == RecordKind::kNeed)) continue;
    if (!offers) {
      touched[ResourceName(name.kind, name.id)] = window.newest.at(name);
      continue;
    }
    names.push_back(name);
    if (names.size() < kRecordsReadAtOnce) continue;
    DX_RETURN_IF_ERROR(owners.Add(std::exchange(names, {}), window, &touched));
  }
  DX_RETURN_IF_ERROR(owners.Add(names, window, &touched));
  return touched;
}

}  // namespace

absl::StatusOr<TouchedWindow> TouchedIn(const CatalogueReader& catalogue, const DocumentTable& documents,
                                        const TouchQuestion& question) {
  const TouchedWindow everything{.everything = true, .candidates = {}};
  if (question.from == 0 || question.from < catalogue.HistoryStart()) return everything;
  const absl::StatusOr<Window> window = ReadWindow(catalogue, question);
  if (absl::IsOutOfRange(window.status())) return everything;
  if (!window.ok()) return window.status();
  if (question.target && window->inside.contains(*question.target)) return everything;
  const absl::StatusOr<std::vector<RecordName>> deciding =
      Deciding(catalogue, OwnersWritten(documents, *window, question), question);
  if (absl::IsOutOfRange(deciding.status())) return everything;  // pruned meanwhile
  if (!deciding.ok()) return deciding.status();
  if (!question.offers && !deciding->empty()) return everything;
  TouchedWindow touched;
  DX_ASSIGN_OR_RETURN(touched.candidates, WrittenIn(catalogue, *window, question.offers));
  if (!AddOwned(documents, *deciding, *window, &touched.candidates)) return everything;
  return touched;
}

}  // namespace dongxi
