// Makes the delta of a generation from changed records, in order. One thread at a time; what Overlay returns
// is immutable and may be used by any thread, also after the builder is gone.
//
// The delta is a function of the base, the order of the names' first changes, and the records as they are
// now: applying a log change by change or once with the last state of each record gives the same overlay, as
// far as the embedder answers the same.
//
// Owners and regions are those that a build gives: a document of the base whose owner came, went or changed
// is adopted, and its row follows. Known limit, until the next generation: a result or evidence of the base
// whose owner had no record when it was built neither votes for him nor has his region when he comes.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/time/time.h"
#include "engine/index/generation.h"

namespace dongxi {

// A record as a write left it; none: it was deleted.
struct RecordChange {
  RecordName name;
  std::optional<Record> record;
};

class DeltaBuilder {
 public:
  // `base` is a generation without a delta.
  explicit DeltaBuilder(std::shared_ptr<const Generation> base);
  DeltaBuilder(const DeltaBuilder&) = delete;
  DeltaBuilder& operator=(const DeltaBuilder&) = delete;

  // The documents of the base that these changes concern without being among them: those that can get other
  // owners or another region by them, and the experts whose own region decides over that of one of them or of
  // a changed record. In order, without those that the builder knows already. Every name at most once.
  std::vector<RecordName> Concerned(std::span<const RecordChange> changes) const;
  // Takes up the records of what is concerned, before the changes are applied: from then on the rows of their
  // documents follow their owners. Those without one (it is deleted) are passed over.
  void Adopt(std::span<const std::optional<Record>> records);

  // Every name at most once; what they concern was adopted. Always applies everything; an error is that of
  // the embedder (the documents then have no vector and are found by their words) or of a record that cannot
  // be indexed (left out).
  absl::Status Apply(std::span<const RecordChange> changes, absl::Time deadline);

  // The generation as the changes so far make it: engine code sees no difference from one that was built. The
  // base itself if nothing has changed. Cost: a copy of pointers.
  std::shared_ptr<const Generation> Overlay();

  // Documents changed, added or deleted since the base.
  size_t size() const { return offers_.state.pages.count() + needs_.state.pages.count(); }

 private:
  using Key = std::pair<RecordKind, std::string>;
  struct Side {
    const Collection* base = nullptr;
    std::shared_ptr<DeltaNames> names = std::make_shared<DeltaNames>();
    CollectionDelta state;
    std::shared_ptr<const CollectionDelta> published;  // null: `state` has changed since
    // Of the documents that are there and were changed or adopted.
    absl::flat_hash_map<DocId, DocumentFields> fields;
  };
  using Texts = std::vector<std::shared_ptr<const DeltaText>>;
  using Dirty = std::set<std::pair<RecordKind, DocId>>;

  Side& SideOf(RecordKind kind) { return kind == RecordKind::kNeed ? needs_ : offers_; }
  void Open(const Collection& base, Side* side);
  DocId PlaceOf(const RecordName& name);
  absl::StatusOr<Matrix> Embed(std::span<const RecordChange> changes, absl::Time deadline) const;
  Texts TextsOf(std::span<const RecordChange> changes, const Matrix* vectors) const;
  std::vector<RecordName> Moved(std::span<const RecordChange> changes) const;
  std::set<DocId> OwnedBy(std::span<const RecordName> moved) const;
  void AddOwningExperts(std::span<const RecordChange> changes, std::set<DocId>* docs) const;
  std::string OwnRegion(DocId owner) const;
  void MarkDependents(const RecordName& name, Dirty* dirty) const;
  void SetText(const RecordChange& change, DocId doc, std::shared_ptr<const DeltaText> text);
  absl::Status Encode(RecordKind kind, DocId doc);
  std::vector<DocId> ResolveOwners(const DocumentFields& fields, DocId self, const DocumentTable& table);
  Collection OverlayOf(Side& side) const;

  std::shared_ptr<const Generation> base_;
  Side offers_, needs_;
  // Offers that were changed or adopted, by the names that their owners come from.
  absl::flat_hash_map<Key, std::set<DocId>> dependents_;
};

}  // namespace dongxi
