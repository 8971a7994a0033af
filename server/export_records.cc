#include "server/export_records.h"

#include <algorithm>
#include <memory>
#include <vector>

#include "engine/base/status_macros.h"
#include "engine/filter/filter.h"
#include "engine/record/viewer.h"
#include "server/convert.h"
#include "server/grpc_status.h"
#include "server/record_filter_row.h"
#include "store/record_codec.h"

namespace dongxi {
namespace {

constexpr int kRecordsPerMessage = 500;
constexpr int kScannedBetweenChecks = 256;
constexpr size_t kBytesPerMessage = size_t{1} << 20;

absl::StatusOr<std::vector<RecordKind>> DecodeKinds(const pb::ExportRecordsRequest& request) {
  std::vector<RecordKind> kinds;
  for (const RecordKind kind : kAllRecordKinds) {
    const auto& sent = request.kinds();
    if (sent.empty() || std::find(sent.begin(), sent.end(), KindToProto(kind)) != sent.end())
      kinds.push_back(kind);
  }
  for (int i = 0; i < request.kinds_size(); ++i) {
    if (request.kinds(i) != pb::RECORD_KIND_UNSPECIFIED && pb::RecordKind_IsValid(request.kinds(i))) continue;
    return FieldError("kinds[" + std::to_string(i) + "]",
                      "found " + std::to_string(request.kinds(i)) +
                          ", expected INSTITUTION, EXPERT, RESULT, NEED or EVIDENCE");
  }
  return kinds;
}

}  // namespace

absl::Status ExportAll(const CatalogueReader& reader, const Caller& caller,
                       const pb::ExportRecordsRequest& request, const ImportVocabulary& vocabulary,
                       const std::function<bool()>& cancelled,
                       absl::FunctionRef<bool(const pb::ExportRecordsResponse&)> write) {
  DX_ASSIGN_OR_RETURN(const std::vector<RecordKind> kinds, DecodeKinds(request));
  DX_ASSIGN_OR_RETURN(const std::shared_ptr<const Filter> filter, DecodeFilter(request.filter(), vocabulary));
  pb::ExportRecordsResponse message;
  size_t bytes = 0;
  absl::Status admitted;
  bool written = true;
  bool any = false;
  int scanned = 0;
  const auto send = [&] {
    message.set_catalogue_sequence(reader.sequence());
    admitted = caller.StillAdmitted();
    if (admitted.ok()) admitted = caller.Commit();  // the audit line is there before the records leave
    written = written && admitted.ok() && write(message);
    any = true;
    message.clear_records();
    bytes = 0;
  };
  for (const RecordKind kind : kinds) {
    DX_RETURN_IF_ERROR(reader.Scan(kind, "", [&](const Record& record) {
      written = written && (++scanned % kScannedBetweenChecks != 0 || !cancelled());
      if (!written) return false;
      if (!MaySee(caller.viewer, record) || !filter->Matches(RecordFilterRow(record))) return true;
      caller.Showed(record);
      pb::Record* out = message.add_records();
      ToProto(record, out);
      bytes += out->ByteSizeLong();
      if (message.records_size() == kRecordsPerMessage || bytes >= kBytesPerMessage) send();
      return written;
    }));
    if (!written) break;
  }
  if (written && (!any || !message.records().empty())) send();
  DX_RETURN_IF_ERROR(admitted);
  return written ? absl::OkStatus() : absl::CancelledError("the caller went away during the export");
}

}  // namespace dongxi
