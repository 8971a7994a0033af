#include "server/report_request.h"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "engine/base/status_macros.h"
#include "engine/record/viewer.h"
#include "engine/text/normalize.h"
#include "server/catalogue_records.h"
#include "server/convert.h"
#include "server/grpc_status.h"
#include "server/report_match.h"

namespace dongxi {
namespace {

constexpr size_t kNamesARead = 1'000;

// The error about a field of a match as one about that field of the request: "need.title" becomes
// `prefix`"title" where it begins with `within`.
absl::Status Within(const std::string& prefix, const std::string& within, const absl::Status& status) {
  std::string field = FieldOf(status);
  if (field.empty()) return status;
  if (field.starts_with(within)) field.erase(0, within.size());
  std::string words(status.message());
  if (const size_t colon = words.find(": "); colon != std::string::npos) words.erase(0, colon + 2);
  return WithReason(FieldError(prefix + field, words), ReasonOf(status));
}

absl::Status CheckSources(const pb::RunReportRequest& request) {
  const int given = (request.needs().empty() ? 0 : 1) + (request.need_filter().empty() ? 0 : 1) +
                    (request.inline_needs().empty() ? 0 : 1);
  if (given > 1) return FieldError("needs", "give one of needs, need_filter and inline_needs");
  if (request.needs_size() > kReportNeedsMax) {
    return FieldError("needs", "has " + std::to_string(request.needs_size()) + " names, at most " +
                                   std::to_string(kReportNeedsMax) + "; make several reports");
  }
  if (request.inline_needs_size() > kReportInlineNeedsMax) {
    return FieldError("inline_needs", "has " + std::to_string(request.inline_needs_size()) +
                                          " needs, at most " + std::to_string(kReportInlineNeedsMax) +
                                          "; make several reports");
  }
  return absl::OkStatus();
}

// Not through CatalogueRecords: whether a need is there is looked up, it is shown to nobody.
absl::Status CheckThere(const std::vector<RecordName>& names, const Caller& caller,
                        const CatalogueReader& catalogue) {
  for (size_t begin = 0; begin < names.size(); begin += kNamesARead) {
    const size_t count = std::min(kNamesARead, names.size() - begin);
    DX_ASSIGN_OR_RETURN(const auto records, catalogue.GetMany({names.data() + begin, count}));
    for (size_t i = 0; i < count; ++i) {
      if (!records[i] || !MaySee(caller.viewer, *records[i]))
        return WithField(NoSuchRecord(names[begin + i]), "needs[" + std::to_string(begin + i) + "]");
    }
  }
  return absl::OkStatus();
}

absl::Status CheckNeeds(const pb::RunReportRequest& request, const Caller& caller,
                        const ReportCheckParts& parts) {
  std::vector<RecordName> names;
  std::set<RecordName> seen;
  for (int i = 0; i < request.needs_size(); ++i) {
    const std::string field = "needs[" + std::to_string(i) + "]";
    DX_ASSIGN_OR_RETURN(RecordName name, DecodeName(request.needs(i), RecordKind::kNeed, field));
    if (!seen.insert(name).second) return FieldError(field, "is named twice");
    names.push_back(std::move(name));
  }
  DX_RETURN_IF_ERROR(CheckThere(names, caller, parts.catalogue));
  if (request.need_filter().empty()) return absl::OkStatus();
  const absl::Status filter = DecodeFilter(request.need_filter(), parts.vocabulary).status();
  return filter.ok() ? filter : Within("need_filter", "filter", filter);
}

absl::Status CheckInlineNeeds(const pb::RunReportRequest& request, const ReportCheckParts& parts) {
  std::set<std::string> names;
  for (int i = 0; i < request.inline_needs_size(); ++i) {
    const std::string field = "inline_needs[" + std::to_string(i) + "]";
    const std::string name = InlineNeedName(request, i);
    DX_RETURN_IF_ERROR(DecodeName(name, RecordKind::kNeed, field + ".name").status());
    if (!names.insert(name).second)
      return FieldError(field + ".name", "another inline need has it; names must differ, or be empty");
    pb::MatchRequest probe;
    *probe.mutable_need() = request.inline_needs(i);
    probe.mutable_need()->clear_name();
    const absl::Status decoded = DecodeMatchRequest(probe, parts.vocabulary, parts.today).status();
    if (!decoded.ok()) return Within(field, "need", decoded);
  }
  return absl::OkStatus();
}

absl::Status CheckMatch(const pb::RunReportRequest& request, const ReportCheckParts& parts) {
  const pb::MatchRequest& match = request.match();
  if (match.query_case() != pb::MatchRequest::QUERY_NOT_SET || !match.page_token().empty())
    return FieldError("match", "must have no need_name, need, text or page_token; the needs stand beside it");
  if (match.page_size() < 0 || match.page_size() > kReportTopMax) {
    return FieldError("match.page_size", "found " + std::to_string(match.page_size()) + ", expected 1 to " +
                                             std::to_string(kReportTopMax) + ", or 0 for 5");
  }
  pb::MatchRequest probe = match;
  probe.set_need_name("needs/any");
  probe.clear_view();
  probe.clear_read_mask();
  absl::StatusOr<MatchCall> call = DecodeMatchRequest(probe, parts.vocabulary, parts.today);
  if (!call.ok()) return Within("match.", "", call.status());
  const absl::Status ranking = ChooseRanking(probe, parts.ranking, &*call);
  return ranking.ok() ? ranking : Within("match.", "", ranking);
}

absl::Status CheckForm(const pb::RunReportRequest& request) {
  std::set<int> formats;
  for (int i = 0; i < request.formats_size(); ++i) {
    const std::string field = "formats[" + std::to_string(i) + "]";
    const int format = request.formats(i);
    if (format == pb::REPORT_FORMAT_UNSPECIFIED || !pb::ReportFormat_IsValid(format)) {
      return FieldError(field, "found " + std::to_string(format) +
                                   ", expected REPORT_FORMAT_HTML, _XLSX, _PDF, _JSON or _CSV; none for all");
    }
    if (!formats.insert(format).second) return FieldError(field, "is named twice");
  }
  if (const size_t length = CountCharacters(request.title()); length > kReportTitleCharactersMax) {
    return FieldError("title", "has " + std::to_string(length) + " characters, at most " +
                                   std::to_string(kReportTitleCharactersMax));
  }
  const std::pair<const char*, int32_t> limits[] = {{"institution_max", request.institution_max()},
                                                    {"province_max", request.province_max()},
                                                    {"county_min", request.county_min()},
                                                    {"expert_max", request.expert_max()}};
  for (const auto& [field, limit] : limits) {
    if (limit < 0)
      return FieldError(field, "found " + std::to_string(limit) + ", expected 1 or more, or 0 for no bound");
  }
  return absl::OkStatus();
}

absl::Status CheckComparison(const pb::RunReportRequest& request, const Caller& caller,
                             const ReportStore& store) {
  if (request.compare_with().empty()) return absl::OkStatus();
  absl::StatusOr<storage::ReportManifest> earlier =
      store.Find(request.compare_with(), "compare_with", caller);
  if (!earlier.ok()) return WithField(earlier.status(), "compare_with");
  DX_RETURN_IF_ERROR(ReportStore::CheckMayRead(*earlier, caller));
  const auto& files = earlier->report().files();
  const bool json = std::any_of(files.begin(), files.end(), [](const pb::ReportFile& file) {
    return file.format() == pb::REPORT_FORMAT_JSON;
  });
  if (json) return absl::OkStatus();
  return FieldError("compare_with", request.compare_with() +
                                        " has no JSON file, which a comparison reads; take one made with "
                                        "REPORT_FORMAT_JSON");
}

}  // namespace

absl::Status CheckReportRequest(const pb::RunReportRequest& request, const Caller& caller,
                                const ReportCheckParts& parts) {
  DX_RETURN_IF_ERROR(CheckSources(request));
  DX_RETURN_IF_ERROR(CheckMatch(request, parts));
  DX_RETURN_IF_ERROR(CheckForm(request));
  DX_RETURN_IF_ERROR(CheckNeeds(request, caller, parts));
  DX_RETURN_IF_ERROR(CheckInlineNeeds(request, parts));
  return CheckComparison(request, caller, parts.store);
}

}  // namespace dongxi
