#include "engine/match/admission.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "engine/base/status_macros.h"
#include "engine/match/stop.h"

namespace dongxi {
namespace {

// A filter's view of a candidate and, where it has one, the evidence that speaks for it.
class TableDocument final : public FilterRow {
 public:
  TableDocument(const DocumentTable& documents, DocId candidate, DocId evidence)
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

  std::string_view id() const override { return documents_.id(candidate_); }
  std::string_view tenant() const override { return documents_.tenant(candidate_); }
  std::optional<int32_t> valid_until_day() const override {
    const int32_t day = documents_.valid_until_day(candidate_);
    return day == std::numeric_limits<int32_t>::max() ? std::nullopt : std::optional(day);
  }

 private:
  static bool Contains(const std::vector<std::string_view>& codes, std::string_view code) {
    return code.empty() ? !codes.empty() : std::find(codes.begin(), codes.end(), code) != codes.end();
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

Admission::Standing Admission::StandingOf(DocId doc) const {
  const bool visible = !documents_.gone(doc) && MaySee(viewer_, documents_.disclosure(doc),
                                                       documents_.tenant(doc), documents_.shared(doc));
  if (!visible) return Standing::kHidden;
  if (documents_.valid_until_day(doc) < today_) return Standing::kExpired;
  if (!own_institution_.has_value()) return Standing::kOpen;
  const std::span<const DocId> owners = documents_.owners(doc);
  const bool own = std::find(owners.begin(), owners.end(), *own_institution_) != owners.end();
  return own ? Standing::kOwnInstitution : Standing::kOpen;
}

bool Admission::IsOpen(DocId doc) const { return StandingOf(doc) == Standing::kOpen; }

void Admission::Exclude(std::span<const RecordName> names) {
  for (const RecordName& name : names) {
    if (const std::optional<DocId> doc = documents_.Find(name.kind, name.id)) excluded_.push_back(*doc);
  }
  std::sort(excluded_.begin(), excluded_.end());
}

bool Admission::IsExcluded(DocId doc) const {
  return std::binary_search(excluded_.begin(), excluded_.end(), doc);
}

bool Admission::Admits(DocId doc) const {
  return IsOpen(doc) && !IsExcluded(doc) &&
         (filter_ == nullptr || filter_->Matches(TableDocument(documents_, doc, doc)));
}

bool Admission::AdmitsVote(DocId candidate, DocId evidence) const {
  return IsOpen(candidate) && !IsExcluded(candidate) &&
         (filter_ == nullptr || filter_->Matches(TableDocument(documents_, candidate, evidence)));
}

absl::StatusOr<DocSet> Admission::AdmittedOf(RecordKind kind, const std::function<bool()>& stop) const {
  DocSet set;
  size_t seen = 0;
  for (const DocId doc : documents_.DocsOf(kind)) {
    if (seen++ % kDocumentsAStop == 0) DX_RETURN_IF_ERROR(CheckStop(stop));
    if (Admits(doc)) set.docs.push_back(doc);
  }
  return set;
}

absl::StatusOr<DocSet> Admission::VotersFor(RecordKind kind, const std::function<bool()>& stop) const {
  DocSet set;
  for (DocId doc = 0; doc < documents_.size(); ++doc) {
    if (doc % kDocumentsAStop == 0) DX_RETURN_IF_ERROR(CheckStop(stop));
    if (!IsOpen(doc)) continue;
    const std::span<const DocId> owners = documents_.owners(doc);
    const bool votes = std::any_of(owners.begin(), owners.end(), [&](DocId owner) {
      return documents_.kind(owner) == kind && AdmitsVote(owner, doc);
    });
    if (votes) set.docs.push_back(doc);
  }
  return set;
}

std::vector<std::string> Admission::FailedConditions(DocId candidate, DocId evidence) const {
  if (filter_ == nullptr) return {};
  return filter_->FailedConditions(TableDocument(documents_, candidate, evidence));
}

}  // namespace dongxi
