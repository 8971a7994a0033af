#include "server/catalogue_page.h"

#include <algorithm>
#include <utility>

#include "engine/base/status_macros.h"
#include "engine/record/viewer.h"
#include "server/record_filter_row.h"
#include "server/record_write.h"
#include "store/record_codec.h"

namespace dongxi {
namespace {

// Records that one page reads, whatever the filter: a rare match makes short pages, not calls of a minute. It
// reads on only while there is none that its caller sees.
constexpr int kRecordsScannedMax = 20'000;
constexpr int kScannedBetweenChecks = 256;

size_t BytesOf(const Record& record) {
  pb::Record message;
  ToProto(record, &message);
  return message.ByteSizeLong();
}

using ScanFunction = absl::Status (CatalogueReader::*)(RecordKind, std::string_view,
                                                       const std::function<bool(Record)>&) const;

absl::StatusOr<RecordPage> ReadOne(const CatalogueReader& catalogue, ScanFunction scan, RecordKind kind,
                                   const ListCall& call, const Caller& caller, int64_t now_us,
                                   size_t bytes_max, const std::function<bool()>& cancelled) {
  RecordPage page;
  int scanned = 0;
  size_t bytes = 0;
  bool stopped = false;
  DX_RETURN_IF_ERROR((catalogue.*scan)(kind, call.after, [&](Record record) {
    // Where a page ends is told in its token, so it ends behind a record that the caller sees.
    page.more = scanned >= kRecordsScannedMax && !page.last_id.empty();
    if (page.more) return false;
    stopped = ++scanned % kScannedBetweenChecks == 0 && cancelled();
    if (stopped) return false;
    const bool gone = record.delete_time_us != 0 && IsGone(record, now_us);
    if (gone || !MaySee(caller.viewer, record)) return true;
    // One more than the page holds: so we know that it is not the last one.
    page.more = static_cast<int>(page.records.size()) == call.limit;
    if (page.more) return false;
    const bool shown = call.filter->Matches(RecordFilterRow(record));
    if (shown) bytes += BytesOf(record);
    page.more = shown && bytes > bytes_max && !page.records.empty();
    if (page.more) return false;
    page.last_id = record.id;
    if (shown) page.records.push_back(std::move(record));
    return true;
  }));
  if (stopped) return absl::CancelledError("the caller went away");
  return page;
}

// What lies behind the end of one that has more is not known yet, so the page ends there.
RecordPage Merge(RecordPage live, RecordPage deleted, size_t limit) {
  RecordPage page;
  page.more = live.more || deleted.more;
  page.last_id = std::max(live.last_id, deleted.last_id);
  if (live.more) page.last_id = live.last_id;
  if (deleted.more) page.last_id = live.more ? std::min(live.last_id, deleted.last_id) : deleted.last_id;
  page.records = std::move(live.records);
  std::move(deleted.records.begin(), deleted.records.end(), std::back_inserter(page.records));
  std::sort(page.records.begin(), page.records.end(),
            [](const Record& a, const Record& b) { return a.id < b.id; });
  if (page.more) std::erase_if(page.records, [&page](const Record& r) { return r.id > page.last_id; });
  if (page.records.size() > limit) {
    page.records.resize(limit);
    page.last_id = page.records.back().id;
    page.more = true;
  }
  return page;
}

}  // namespace

absl::StatusOr<RecordPage> ReadPage(const CatalogueReader& catalogue, RecordKind kind, const ListCall& call,
                                    const Caller& caller, int64_t now_us,
                                    const std::function<bool()>& cancelled) {
  const size_t bytes_max = call.show_deleted ? kPageBytesMax / 2 : kPageBytesMax;
  const auto read = [&](ScanFunction scan) {
    return ReadOne(catalogue, scan, kind, call, caller, now_us, bytes_max, cancelled);
  };
  DX_ASSIGN_OR_RETURN(RecordPage live, read(&CatalogueReader::Scan));
  if (!call.show_deleted) return live;
  DX_ASSIGN_OR_RETURN(RecordPage deleted, read(&CatalogueReader::ScanDeleted));
  return Merge(std::move(live), std::move(deleted), static_cast<size_t>(call.limit));
}

}  // namespace dongxi
