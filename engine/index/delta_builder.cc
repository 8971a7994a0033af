#include "engine/index/delta_builder.h"

#include <algorithm>

#include "engine/base/status_macros.h"
#include "engine/index/delta_indexes.h"
#include "engine/index/openness.h"
#include "engine/index/record_text.h"
#include "engine/index/vector_file.h"

namespace dongxi {
namespace {

std::shared_ptr<const DeltaText> NoText() {
  static const auto none = std::make_shared<const DeltaText>();
  return none;
}

std::shared_ptr<const DeltaText> TextFrom(const Record& record, const Lexicon& lexicon,
                                          std::span<const float> vector) {
  auto text = std::make_shared<DeltaText>();
  std::vector<TermCount> terms = LexicalTermsOf(TextOf(record), lexicon);
  std::sort(terms.begin(), terms.end());
  for (auto& [term, count] : terms) {
    text->length += count;
    if (!text->terms.empty() && text->terms.back().first == term) {
      text->terms.back().second += count;
    } else if (count > 0) {
      text->terms.emplace_back(std::move(term), count);
    }
  }
  if (!vector.empty() && !IsZero(vector)) text->vector.assign(vector.begin(), vector.end());
  return text;
}

// A table that reads `state` as it stands; it must not outlive it.
std::unique_ptr<DocumentTable> TableOver(const Collection& base, const CollectionDelta& state) {
  return DocumentTable::WithDelta(
      std::shared_ptr<const DocumentTable>(std::shared_ptr<void>(), base.documents.get()),
      std::shared_ptr<const CollectionDelta>(std::shared_ptr<void>(), &state));
}

// Whether the change can give other owners or another region to what its record owns. `now`: the documents
// before it.
bool IsMove(const RecordChange& change, const DocumentTable& now) {
  // In a table an expert's own region is not told apart from that of his institution.
  if (change.name.kind == RecordKind::kExpert) return true;
  if (change.name.kind != RecordKind::kInstitution) return false;
  const std::optional<DocId> doc = now.Find(change.name.kind, change.name.id);
  if (!doc.has_value() || !change.record.has_value()) return doc.has_value() != change.record.has_value();
  const Record& record = *change.record;
  return now.region(*doc) != record.region || now.disclosure(*doc) != record.disclosure ||
         now.tenant(*doc) != record.tenant || now.shared(*doc) != record.shared;
}

}  // namespace

DeltaBuilder::DeltaBuilder(std::shared_ptr<const Generation> base) : base_(std::move(base)) {
  Open(base_->offers, &offers_);
  Open(base_->needs, &needs_);
}

void DeltaBuilder::Open(const Collection& base, Side* side) {
  side->base = &base;
  side->state.names = side->names;
  side->state.base_size = side->state.size = base.documents->size();
}

// New names get the next number, also for a record that is gone by now: so the numbers do not depend on how
// far the log is read in one go.
DocId DeltaBuilder::PlaceOf(const RecordName& name) {
  Side& side = SideOf(name.kind);
  if (const auto in_base = side.base->documents->FindPlace(name.kind, name.id)) return *in_base;
  DocId doc = side.names->Find(name.kind, name.id);
  if (doc == UINT32_MAX) {
    doc = static_cast<DocId>(side.state.size++);
    side.names->Add(name, doc);
  }
  return doc;
}

absl::StatusOr<Matrix> DeltaBuilder::Embed(std::span<const RecordChange> changes, absl::Time deadline) const {
  std::vector<EmbedInput> inputs;
  for (const RecordChange& change : changes) {
    if (change.record.has_value()) inputs.push_back(TextOf(*change.record));
  }
  if (inputs.empty()) return Matrix{};
  return base_->embedder->Embed(inputs, deadline);
}

DeltaBuilder::Texts DeltaBuilder::TextsOf(std::span<const RecordChange> changes,
                                          const Matrix* vectors) const {
  Texts texts;
  size_t row = 0;
  for (const RecordChange& change : changes) {
    if (!change.record.has_value()) {
      texts.push_back(NoText());
      continue;
    }
    const std::span<const float> vector = vectors == nullptr ? std::span<const float>() : vectors->row(row++);
    texts.push_back(TextFrom(*change.record, *base_->lexicon, vector));
  }
  return texts;
}

void DeltaBuilder::SetText(const RecordChange& change, DocId doc, std::shared_ptr<const DeltaText> text) {
  Side& side = SideOf(change.name.kind);
  side.published = nullptr;
  if (doc < side.state.base_size && side.state.pages.Find(doc) == nullptr) ++side.state.overridden;
  if (change.record.has_value()) {
    side.fields[doc] = FieldsOf(*change.record);
  } else {
    side.fields.erase(doc);
  }
  if (!text->terms.empty()) side.state.postings.Add({doc, side.base->lexical->NormOf(text->length), text});
  auto document = std::make_shared<DeltaDocument>();
  // Until it is encoded: the name alone, which is all that remains of a deleted record.
  DocumentHeap heap;
  if (const absl::StatusOr<uint32_t> id = heap.Add(change.name.id); id.ok()) document->encoded.row.id = *id;
  document->encoded.row.kind = static_cast<uint8_t>(change.name.kind);
  document->encoded.row.gone = 1;
  document->encoded.heap = heap.bytes();
  document->text = std::move(text);
  side.state.pages.Set(doc, std::move(document));
}

std::vector<RecordName> DeltaBuilder::Moved(std::span<const RecordChange> changes) const {
  const std::unique_ptr<DocumentTable> now = TableOver(*offers_.base, offers_.state);
  std::vector<RecordName> moved;
  for (const RecordChange& change : changes) {
    if (IsMove(change, *now)) moved.push_back(change.name);
  }
  return moved;
}

// Documents of the base that have one of these owners there, and experts who name an institution that the
// base does not have, with what they own.
std::set<DocId> DeltaBuilder::OwnedBy(std::span<const RecordName> moved) const {
  const DocumentTable& base = *offers_.base->documents;
  std::set<DocId> owners, owned;
  std::set<std::string_view> new_institutions;
  for (const RecordName& name : moved) {
    if (const std::optional<DocId> doc = base.Find(name.kind, name.id)) {
      owners.insert(*doc);
    } else if (name.kind == RecordKind::kInstitution) {
      new_institutions.insert(name.id);
    }
  }
  if (owners.empty() && new_institutions.empty()) return owned;
  // Experts first: what joins an institution brings what it owns.
  for (const RecordKind kind : {RecordKind::kExpert, RecordKind::kResult, RecordKind::kEvidence}) {
    for (const DocId doc : base.DocsOf(kind)) {
      const bool joins = kind == RecordKind::kExpert && new_institutions.contains(base.institution_id(doc));
      const std::span<const DocId> of = base.owners(doc);
      const bool is_owned = std::any_of(of.begin(), of.end(),
                                        [&](DocId owner) { return owner != doc && owners.contains(owner); });
      if (joins) owners.insert(doc);
      if (joins || is_owned) owned.insert(doc);
    }
  }
  return owned;
}

// The experts of the base who own one of `docs` or a changed record.
void DeltaBuilder::AddOwningExperts(std::span<const RecordChange> changes, std::set<DocId>* docs) const {
  const DocumentTable& base = *offers_.base->documents;
  std::set<DocId> experts;
  for (const DocId doc : *docs) {
    for (const DocId owner : base.owners(doc)) {
      if (base.kind(owner) == RecordKind::kExpert) experts.insert(owner);
    }
  }
  for (const RecordChange& change : changes) {
    if (!change.record.has_value()) continue;
    for (const RecordName& owner : change.record->owners) {
      if (owner.kind != RecordKind::kExpert) continue;
      if (const std::optional<DocId> doc = base.Find(owner.kind, owner.id)) experts.insert(*doc);
    }
  }
  docs->merge(experts);
}

std::vector<RecordName> DeltaBuilder::Concerned(std::span<const RecordChange> changes) const {
  const DocumentTable& base = *offers_.base->documents;
  std::set<DocId> docs = OwnedBy(Moved(changes));
  AddOwningExperts(changes, &docs);
  for (const RecordChange& change : changes) {
    if (change.name.kind == RecordKind::kNeed) continue;
    if (const std::optional<DocId> doc = base.Find(change.name.kind, change.name.id)) docs.erase(*doc);
  }
  std::vector<RecordName> names;
  for (const DocId doc : docs) {
    const bool known = offers_.fields.contains(doc) || offers_.state.pages.Find(doc) != nullptr;
    if (!known) names.push_back({base.kind(doc), std::string(base.id(doc))});
  }
  return names;
}

void DeltaBuilder::Adopt(std::span<const std::optional<Record>> records) {
  const std::unique_ptr<DocumentTable> now = TableOver(*offers_.base, offers_.state);
  for (const std::optional<Record>& record : records) {
    if (!record.has_value() || record->kind == RecordKind::kNeed) continue;
    const std::optional<DocId> doc = offers_.base->documents->Find(record->kind, record->id);
    if (!doc.has_value() || offers_.state.pages.Find(*doc) != nullptr) continue;
    const DocumentFields& fields = offers_.fields[*doc] = FieldsOf(*record);
    (void)ResolveOwners(fields, *doc, *now);  // notes whom it depends on
  }
}

// The region of the owner's own record, which is all that DocumentTableBuilder gives to what he owns. In a
// table an expert without one has that of his institution, which is why experts are adopted.
std::string DeltaBuilder::OwnRegion(DocId owner) const {
  const auto known = offers_.fields.find(owner);
  if (known != offers_.fields.end()) return known->second.region;
  return std::string(offers_.base->documents->region(owner));
}

void DeltaBuilder::MarkDependents(const RecordName& name, Dirty* dirty) const {
  const auto found = dependents_.find(Key(name.kind, name.id));
  if (found == dependents_.end()) return;
  for (const DocId doc : found->second) {
    const auto fields = offers_.fields.find(doc);
    if (fields == offers_.fields.end()) continue;  // deleted since
    const DocumentFields& dependent = fields->second;
    if (!dirty->emplace(dependent.kind, doc).second) continue;
    if (dependent.kind == RecordKind::kExpert) MarkDependents({dependent.kind, dependent.id}, dirty);
  }
}

// As DocumentTableBuilder resolves them, from the documents as they are now. What is only adopted keeps to
// the owners that the base knows: otherwise it would depend on the way here whether the others are found.
std::vector<DocId> DeltaBuilder::ResolveOwners(const DocumentFields& fields, DocId self,
                                               const DocumentTable& table) {
  std::vector<DocId> owners;
  const auto add = [&](RecordKind kind, const std::string& id) {
    dependents_[Key(kind, id)].insert(self);
    const std::optional<DocId> found = table.Find(kind, id);
    if (found.has_value() && std::find(owners.begin(), owners.end(), *found) == owners.end())
      owners.push_back(*found);
  };
  switch (fields.kind) {
    case RecordKind::kInstitution:
      return {self};
    case RecordKind::kExpert:
      owners.push_back(self);
      if (!fields.institution.empty()) add(RecordKind::kInstitution, fields.institution);
      return owners;
    case RecordKind::kNeed:
      return {};
    case RecordKind::kResult:
    case RecordKind::kEvidence:
      break;
  }
  const bool adopted = offers_.state.pages.Find(self) == nullptr;
  for (const RecordName& owner : fields.owners) {
    if (!adopted || offers_.base->documents->Find(owner.kind, owner.id).has_value())
      add(owner.kind, owner.id);
  }
  const std::vector<DocId> named = owners;
  for (const DocId owner : named) {
    if (table.kind(owner) != RecordKind::kExpert) continue;
    const std::string institution(table.institution_id(owner));
    if (!institution.empty()) add(RecordKind::kInstitution, institution);
  }
  return owners;
}

absl::Status DeltaBuilder::Encode(RecordKind kind, DocId doc) {
  Side& side = SideOf(kind);
  side.published = nullptr;
  const DocumentFields& fields = side.fields.at(doc);
  const std::unique_ptr<DocumentTable> table = TableOver(*side.base, side.state);
  auto document = std::make_shared<DeltaDocument>();
  const DeltaDocument* const changed = side.state.pages.Find(doc);
  if (changed != nullptr) document->text = changed->text;
  document->encoded.owners = ResolveOwners(fields, doc, *table);
  std::string region;
  for (const DocId owner : document->encoded.owners) {
    const bool lends = owner != doc && IsSeenByAllWhoSee(OpennessOf(*table, owner), OpennessOf(fields));
    if (region.empty() && lends) region = OwnRegion(owner);
  }
  DocumentHeap heap;
  DX_ASSIGN_OR_RETURN(document->encoded.row, EncodeRow(fields, region, heap));
  document->encoded.heap = heap.bytes();
  (changed != nullptr ? side.state.pages : side.state.rows).Set(doc, std::move(document));
  return absl::OkStatus();
}

absl::Status DeltaBuilder::Apply(std::span<const RecordChange> changes, absl::Time deadline) {
  const absl::StatusOr<Matrix> vectors = Embed(changes, deadline);
  absl::Status status = vectors.status();
  const Texts texts = TextsOf(changes, vectors.ok() ? &*vectors : nullptr);
  const std::vector<RecordName> moved = Moved(changes);
  Dirty dirty;  // in order of kind: whoever owns is encoded before what he owns
  for (size_t i = 0; i < changes.size(); ++i) {
    const RecordName& name = changes[i].name;
    const DocId doc = PlaceOf(name);
    SetText(changes[i], doc, texts[i]);
    if (changes[i].record.has_value()) dirty.emplace(name.kind, doc);
  }
  for (const RecordName& name : moved) MarkDependents(name, &dirty);
  for (const auto& [kind, doc] : dirty) {
    if (const absl::Status encoded = Encode(kind, doc); !encoded.ok()) status.Update(encoded);
  }
  return status;
}

Collection DeltaBuilder::OverlayOf(Side& side) const {
  if (side.published == nullptr) side.published = std::make_shared<const CollectionDelta>(side.state);
  const auto part = [this](const auto& of_base) {
    using Part = std::remove_reference_t<decltype(*of_base)>;
    return std::shared_ptr<const Part>(base_, of_base.get());
  };
  Collection overlay;
  overlay.documents = DocumentTable::WithDelta(part(side.base->documents), side.published);
  overlay.lexical = NewDeltaLexicalIndex(part(side.base->lexical), side.published);
  overlay.vectors = NewDeltaVectorIndex(part(side.base->vectors), side.published);
  return overlay;
}

std::shared_ptr<const Generation> DeltaBuilder::Overlay() {
  if (size() == 0) return base_;
  auto overlay = std::make_shared<Generation>();
  overlay->manifest = base_->manifest;
  overlay->directory = base_->directory;
  overlay->lexicon = base_->lexicon;
  overlay->static_model = base_->static_model;
  overlay->names = base_->names;
  overlay->embedder = base_->embedder;
  overlay->offers = OverlayOf(offers_);
  overlay->needs = OverlayOf(needs_);
  return overlay;
}

}  // namespace dongxi
