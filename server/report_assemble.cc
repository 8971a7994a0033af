#include "server/report_assemble.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <utility>

#include "absl/time/time.h"
#include "engine/base/status_macros.h"
#include "engine/record/viewer.h"
#include "report/assemble.h"
#include "report/compare.h"
#include "report/json_reader.h"
#include "report/overview.h"
#include "report/shown_answers.h"
#include "server/catalogue_records.h"
#include "server/convert.h"
#include "server/grpc_status.h"

namespace dongxi {
namespace {

constexpr size_t kNamesARead = 1'000;

// Keeps what records would tell the audit log.
class DisclosureNote final : public CallNote {
 public:
  void Touched(std::string_view) override {}
  void Disclosed(std::string_view name, Disclosure level) override { levels_[std::string(name)] = level; }
  absl::Status Commit() override { return absl::OkStatus(); }
  const std::map<std::string, Disclosure>& levels() const { return levels_; }

 private:
  std::map<std::string, Disclosure> levels_;
};

// Records of these names that the maker may see, in pieces; other names are passed over.
absl::Status VisitRecords(const std::set<std::string>& names, const Caller& maker,
                          const CatalogueReader& catalogue, const std::function<void(const Record&)>& visit) {
  std::vector<RecordName> piece;
  const auto read = [&]() -> absl::Status {
    DX_ASSIGN_OR_RETURN(const auto records, CatalogueRecords(catalogue, maker).GetMany(piece));
    for (const std::optional<Record>& record : records) {
      if (record) visit(*record);
    }
    piece.clear();
    return absl::OkStatus();
  };
  for (const std::string& name : names) {
    if (const std::optional<RecordName> parsed = ParseResourceName(name)) piece.push_back(*parsed);
    if (piece.size() == kNamesARead) DX_RETURN_IF_ERROR(read());
  }
  return read();
}

// The institution whose region counts for a record without one of its own; "" for none.
std::string OwnerOf(const Record& record) {
  if (record.kind == RecordKind::kExpert && !record.institution.empty())
    return ResourceName(RecordKind::kInstitution, record.institution);
  for (const RecordName& owner : record.owners) {
    if (owner.kind == RecordKind::kInstitution) return ResourceName(owner.kind, owner.id);
  }
  return "";
}

absl::StatusOr<std::vector<report::IdleOffer>> IdleOffersOf(const std::set<std::string>& wanted,
                                                            const std::string& today,
                                                            const pb::MatchRequest& choice,
                                                            const Viewer& viewer,
                                                            const CatalogueReader& catalogue) {
  constexpr std::pair<pb::RecordKind, RecordKind> kKinds[] = {{pb::RESULT, RecordKind::kResult},
                                                              {pb::EXPERT, RecordKind::kExpert},
                                                              {pb::INSTITUTION, RecordKind::kInstitution}};
  std::vector<report::IdleOffer> idle;
  std::map<std::string, std::string> regions;  // of institutions, asked for or not
  for (const auto& pair : kKinds) {
    const RecordKind kind = pair.second;  // clang 14 captures no structured binding
    const bool is_asked = report::AsksFor(choice, pair.first);
    if (!is_asked && kind != RecordKind::kInstitution) continue;
    DX_RETURN_IF_ERROR(catalogue.Scan(kind, "", [&](const Record& record) {
      if (!MaySee(viewer, record)) return true;
      report::IdleOffer offer{ResourceName(record.kind, record.id), record.title, record.region,
                              record.illustrative, OwnerOf(record)};
      if (kind == RecordKind::kInstitution) regions[offer.name] = record.region;
      if (is_asked && report::IsIdle(wanted, today, offer, record.valid_until))
        idle.push_back(std::move(offer));
      return true;
    }));
  }
  report::FillRegions(regions, &idle);
  return idle;
}

absl::StatusOr<report::Comparison> ComparisonOf(const report::MatchReport& report, const std::string& earlier,
                                                const Caller& maker, const ReportStore& store) {
  DX_ASSIGN_OR_RETURN(const storage::ReportManifest manifest, store.Find(earlier, "compare_with", maker));
  DX_RETURN_IF_ERROR(ReportStore::CheckMayRead(manifest, maker));
  DX_ASSIGN_OR_RETURN(std::ifstream json, report::OpenReport(store.PathOf(earlier, report::kReportJsonName)));
  const absl::Time time = absl::FromUnixSeconds(manifest.report().create_time().seconds());
  const std::string day =
      std::string(absl::FormatTime("%Y-%m-%d %H:%M", time, absl::FixedTimeZone(8 * 60 * 60)));
  DX_ASSIGN_OR_RETURN(const report::EarlierReport before,
                      report::ReadEarlierReport(json, earlier + "（" + day + "）"));
  return report::Compare(report, before);
}

absl::Status TakeAnswers(const std::vector<ReportedNeed>& needs, const ReportMatcher& matcher,
                         report::Journal* journal, report::MatchReport* report) {
  for (size_t i = 0; i < needs.size(); ++i) {
    report::NeedMatches matches;
    if (needs[i].error.empty()) {
      DX_ASSIGN_OR_RETURN(matches, journal->Read(needs[i].key));
    } else {
      absl::StatusOr<pb::Need> need = matcher.Need(needs[i].name, i);
      if (need.ok()) matches.need = *std::move(need);
      matches.need.set_name(needs[i].name);
      matches.error = needs[i].error;
    }
    report->needs.push_back(std::move(matches));
  }
  return absl::OkStatus();
}

void AddNames(const pb::MatchList& list, std::set<std::string>* names) {
  for (const pb::MatchEntry& entry : list.entries()) {
    names->insert(entry.name());
    names->insert(entry.institutions().begin(), entry.institutions().end());
    for (const pb::EvidenceShare& share : entry.evidence()) names->insert(share.name());
    // Who could close a gap is named there even where a limit took him off his list.
    for (const pb::RequirementVerdict& verdict : entry.requirements()) {
      for (const pb::RouteInstitution& one : verdict.route_institutions()) names->insert(one.name());
    }
  }
}

// Needs that are gone and entries that are listed no more are told with their titles.
void AddNames(const report::Comparison& comparison, std::set<std::string>* names) {
  for (const report::NeedChange& change : comparison.changes) {
    names->insert(change.need);
    names->insert(change.gained_names.begin(), change.gained_names.end());
    names->insert(change.lost_names.begin(), change.lost_names.end());
  }
}

}  // namespace

report::Format FormatFromProto(pb::ReportFormat format) {
  return static_cast<report::Format>(format - pb::REPORT_FORMAT_HTML);
}

pb::ReportFormat FormatToProto(report::Format format) {
  return static_cast<pb::ReportFormat>(static_cast<int>(format) + pb::REPORT_FORMAT_HTML);
}

std::vector<report::Format> FormatsOf(const pb::RunReportRequest& request) {
  std::vector<report::Format> formats;
  for (const int format : request.formats())
    formats.push_back(FormatFromProto(static_cast<pb::ReportFormat>(format)));
  return formats;
}

absl::StatusOr<report::MatchReport> AssembleReport(const storage::ReportJob& job,
                                                   const std::vector<ReportedNeed>& needs,
                                                   const ReportMatcher& matcher, report::Journal* journal,
                                                   const CatalogueReader& catalogue,
                                                   const ReportStore& store) {
  const pb::RunReportRequest& request = job.request();
  const Caller maker = MakerOf(job);
  report::MatchReport report;
  report.title = request.title().empty() ? kReportTitleDefault : request.title();
  report::TellQuestion(request.match(), TopOf(request), request.need_filter(), &report);
  DX_RETURN_IF_ERROR(TakeAnswers(needs, matcher, journal, &report));
  DX_RETURN_IF_ERROR(
      VisitRecords(report::InstitutionsToName(report), maker, catalogue, [&](const Record& record) {
        if (!record.title.empty())
          report.institution_names[ResourceName(record.kind, record.id)] = record.title;
      }));
  // What a limit of exposure takes off the lists is wanted all the same.
  std::set<std::string> wanted = report::WantedNames(report, TopOf(request));
  const report::ShownNames shown = report::ShownIn(report, TopOf(request));
  report::BalanceExposure(ExposureLimitsOf(request), TopOf(request), &report);
  const auto ask = [&](size_t need, const pb::MatchRequest& question, pb::MatchResponse* answer) {
    return matcher.Ask(needs[need].name, need, question, answer);
  };
  DX_RETURN_IF_ERROR(report::NameWhatIsShown(matcher.question(), TopOf(request), shown, ask, &report));
  wanted.merge(report::WantedNames(report, TopOf(request)));
  // Of some needs or some candidates only, nobody can say that an offer interests nobody.
  const bool every_need =
      request.needs().empty() && request.need_filter().empty() && request.inline_needs().empty();
  if (every_need && report::CanTellIdleOffers(request.match())) {
    DX_ASSIGN_OR_RETURN(report.idle_offers, IdleOffersOf(wanted, report::DayOf(report), request.match(),
                                                         maker.viewer, catalogue));
  }
  if (!request.compare_with().empty()) {
    DX_ASSIGN_OR_RETURN(report.comparison, ComparisonOf(report, request.compare_with(), maker, store));
  }
  return report;
}

storage::ReportManifest ManifestOf(const std::string& name, const storage::ReportJob& job,
                                   const report::MatchReport& report) {
  storage::ReportManifest manifest;
  *manifest.mutable_scope() = job.scope();
  pb::Report& out = *manifest.mutable_report();
  out.set_name(name);
  out.set_title(report.title);
  out.set_creator(job.token_id());
  out.set_tenant(job.scope().tenant());
  int unmatched = 0, matched = 0;
  for (const report::NeedMatches& need : report.needs) {
    if (!need.error.empty()) continue;
    ++matched;
    unmatched += report::OutcomeOf(need) == report::Outcome::kUnmatched ? 1 : 0;
    *out.mutable_provenance() = need.answer.provenance();  // of the last one in the end
  }
  out.set_need_count(matched);
  out.set_unmatched_count(unmatched);
  return manifest;
}

absl::StatusOr<std::vector<std::pair<std::string, Disclosure>>> DisclosedIn(
    const report::MatchReport& report, const Caller& maker, const CatalogueReader& catalogue) {
  std::set<std::string> names;
  for (const report::NeedMatches& need : report.needs) {
    names.insert(need.need.name());
    names.insert(need.need.institution());
    for (const pb::MatchList* list :
         {&need.answer.partners(), &need.answer.experts(), &need.answer.results()})
      AddNames(*list, &names);
  }
  if (report.idle_offers) {
    for (const report::IdleOffer& offer : *report.idle_offers) names.insert(offer.name);
  }
  if (report.comparison) AddNames(*report.comparison, &names);
  DisclosureNote note;
  Caller noted = maker;
  noted.note = &note;
  DX_RETURN_IF_ERROR(VisitRecords(names, noted, catalogue, [](const Record&) {}));
  return std::vector<std::pair<std::string, Disclosure>>(note.levels().begin(), note.levels().end());
}

}  // namespace dongxi
