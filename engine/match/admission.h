// Which documents may be listed and which may vote: filters, expiry, disclosure and tenant, the need's own
// institution.
// Immutable; keeps references to its arguments.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "engine/index/document_table.h"
#include "engine/index/vector_index.h"
#include "engine/match/match.h"

namespace dongxi {

class Admission {
 public:
  // `own_institution`: its records are not offered to it; empty for none.
  Admission(const DocumentTable& documents, std::shared_ptr<const Filter> filter, absl::CivilDay today,
            Viewer viewer, std::string_view own_institution);

  // These candidates are never listed (the need's pair with them was refused); they still vote for others.
  // Names that the table does not have are passed over.
  void Exclude(std::span<const RecordName> names);
  bool IsExcluded(DocId doc) const;

  // The document may be listed or vote at all, whatever the filter says: the viewer may see it, it is not
  // deleted, not expired, not the asker's own.
  bool IsOpen(DocId doc) const;
  // The document itself may be listed.
  bool Admits(DocId doc) const;
  // `candidate` may be listed through the vote of open `evidence`: attributes of evidence (maturity, mode,
  // condition, year) are those of the evidence, all others those of the candidate.
  bool AdmitsVote(DocId candidate, DocId evidence) const;

  bool filtered() const { return filter_ != nullptr; }
  // All documents of `kind` that are admitted, ascending. Asks `stop` (may be null) at least every 4,096
  // documents; Cancelled once it says true.
  absl::StatusOr<DocSet> AdmittedOf(RecordKind kind, const std::function<bool()>& stop) const;
  // All documents with a vote for an admitted candidate of `kind`, ascending. Stops as AdmittedOf.
  absl::StatusOr<DocSet> VotersFor(RecordKind kind, const std::function<bool()>& stop) const;

  // Why a document is not open, the first that holds; kOpen if it is.
  enum class Standing { kOpen, kHidden, kExpired, kOwnInstitution };
  Standing StandingOf(DocId doc) const;
  // The filter's conditions that the candidate fails with that evidence; empty if it passes.
  std::vector<std::string> FailedConditions(DocId candidate, DocId evidence) const;

 private:
  const DocumentTable& documents_;
  std::shared_ptr<const Filter> filter_;
  int32_t today_;
  Viewer viewer_;
  std::optional<DocId> own_institution_;
  std::vector<DocId> excluded_;  // ascending
};

}  // namespace dongxi
