#include "engine/match/admission.h"

#include <algorithm>
#include <utility>

namespace dongxi {
namespace {

// A filter's view of a candidate and, where it has one, the evidence that speaks for it.
class TableRow final : public FilterRow {
 public:
  TableRow(const DocumentTable& documents, DocId candidate, DocId evidence)
      : documents_(documents), candidate_(candidate), evidence_(evidence) {}

  RecordKind kind() const override { return documents_.kind(candidate_); }
  std::string_view region() const override { return documents_.region(candidate_); }
  std::string_view type() const override { return documents_.type(candidate_); }
  int maturity() const override { return documents_.maturity(evidence_); }
  int year() const override { return documents_.year(evidence_); }
  std::optional<bool> illustrative() const override { return documents_.illustrative(candidate_); }
  bool HasFieldContaining(std::string_view normalized) const override {
    for (const std::string_view field : documents_.fields(candidate_)) {
      if (field.find(normalized) != std::string_view::npos) return true;
    }
    return false;
  }
  bool HasMode(std::string_view code) const override { return Contains(documents_.modes(evidence_), code); }
  bool HasCondition(std::string_view code) const override {
    return Contains(documents_.conditions(evidence_), code);
  }

 private:
  static bool Contains(const std::vector<std::string_view>& codes, std::string_view code) {
    return std::find(codes.begin(), codes.end(), code) != codes.end();
  }
  const DocumentTable& documents_;
  DocId candidate_, evidence_;
};

}  // namespace

Admission::Admission(const DocumentTable& documents, std::shared_ptr<const Filter> filter,
                     absl::CivilDay today, Viewer viewer, std::string_view own_institution)
    : documents_(documents),
      filter_(std::move(filter)),
      today_(static_cast<int32_t>(today - absl::CivilDay(1970, 1, 1))),
      viewer_(std::move(viewer)) {
  // An empty filter admits all: then nothing need be evaluated for each document.
  if (filter_ != nullptr && filter_->ToString().empty()) filter_ = nullptr;
  if (!own_institution.empty()) own_institution_ = documents.Find(RecordKind::kInstitution, own_institution);
}

bool Admission::IsOpen(DocId doc) const {
  if (documents_.gone(doc) || documents_.valid_until_day(doc) < today_) return false;
  if (!MaySee(viewer_, documents_.disclosure(doc), documents_.tenant(doc), documents_.shared(doc)))
    return false;
  if (!own_institution_.has_value()) return true;
  const std::span<const DocId> owners = documents_.owners(doc);
  return std::find(owners.begin(), owners.end(), *own_institution_) == owners.end();
}

bool Admission::Admits(DocId doc) const {
  return IsOpen(doc) && (filter_ == nullptr || filter_->Matches(TableRow(documents_, doc, doc)));
}

bool Admission::AdmitsVote(DocId candidate, DocId evidence) const {
  return IsOpen(candidate) &&
         (filter_ == nullptr || filter_->Matches(TableRow(documents_, candidate, evidence)));
}

DocSet Admission::AdmittedOf(RecordKind kind) const {
  DocSet set;
  for (const DocId doc : documents_.DocsOf(kind)) {
    if (Admits(doc)) set.docs.push_back(doc);
  }
  return set;
}

DocSet Admission::VotersFor(RecordKind kind) const {
  DocSet set;
  for (DocId doc = 0; doc < documents_.size(); ++doc) {
    if (!IsOpen(doc)) continue;
    const std::span<const DocId> owners = documents_.owners(doc);
    const bool votes = std::any_of(owners.begin(), owners.end(), [&](DocId owner) {
      return documents_.kind(owner) == kind && AdmitsVote(owner, doc);
    });
    if (votes) set.docs.push_back(doc);
  }
  return set;
}

}  // namespace dongxi
