// Which documents may be listed and which may vote: filters, expiry, disclosure and tenant, the need's own
// institution.
// Immutable; keeps references to its arguments.
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "engine/index/document_table.h"
#include "engine/index/vector_index.h"
#include "engine/match/match.h"

namespace dongxi {

class Admission {
 public:
  // `own_institution`: its records are not offered to it; empty for none.
  Admission(const DocumentTable& documents, std::shared_ptr<const Filter> filter, absl::CivilDay today,
            Viewer viewer, std::string_view own_institution);

  // The document may be listed or vote at all, whatever the filter says: the viewer may see it, it is not
  // deleted, not expired, not the asker's own.
  bool IsOpen(DocId doc) const;
  // The document itself may be listed.
  bool Admits(DocId doc) const;
  // `candidate` may be listed through the vote of open `evidence`: attributes of evidence (maturity, mode,
  // condition, year) are those of the evidence, all others those of the candidate.
  bool AdmitsVote(DocId candidate, DocId evidence) const;

  bool filtered() const { return filter_ != nullptr; }
  // All documents of `kind` that are admitted, ascending.
  DocSet AdmittedOf(RecordKind kind) const;
  // All documents with a vote for an admitted candidate of `kind`, ascending.
  DocSet VotersFor(RecordKind kind) const;

 private:
  const DocumentTable& documents_;
  std::shared_ptr<const Filter> filter_;
  int32_t today_;
  Viewer viewer_;
  std::optional<DocId> own_institution_;
};

}  // namespace dongxi
