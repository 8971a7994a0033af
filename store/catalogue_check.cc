#include "store/catalogue_check.h"

#include <algorithm>
#include <numeric>

#include "engine/base/status_macros.h"

namespace dongxi {
namespace {

constexpr uint64_t kRowsPerLook = 1'000;
constexpr Table kTables[] = {Table::kEngagements, Table::kRefusals,   Table::kMatches,
                             Table::kRequests,    Table::kOperations, Table::kWatches,
                             Table::kPlans,       Table::kTokens,     Table::kSettings};

class Check {
 public:
  Check(const CatalogueReader& catalogue, const CatalogueCheckWatch& watch)
      : catalogue_(catalogue), watch_(watch) {
    const RecordCounts counts = catalogue.Counts();
    total_ = std::accumulate(counts.begin(), counts.end(), uint64_t{0});
  }

  absl::StatusOr<CatalogueCheck> Run() {
    for (const RecordKind kind : kAllRecordKinds) Records(kind);
    for (const RecordKind kind : kAllRecordKinds)
      Note(catalogue_.ScanDeleted(kind, "", [this](const Record&) { return GoOn(); }));
    Note(catalogue_.ScanVersions([this](const Record&) { return GoOn(); }));
    Note(catalogue_.ScanChanges(catalogue_.HistoryStart(), [this](const Change&) { return GoOn(); }));
    for (const Table table : kTables)
      Note(catalogue_.ScanTable(table, "", [this](std::string_view, std::string_view) { return GoOn(); }));
    if (!stopped_) Note(catalogue_.CheckFiles());
    if (stopped_) return absl::CancelledError("the check was cancelled");
    return std::move(found_);
  }

 private:
  void Note(const absl::Status& status) {
    if (!status.ok()) found_.problems.emplace_back(status.message());
  }

  // One more row was read.
  bool GoOn() {
    if (++rows_ % kRowsPerLook != 0) return !stopped_;
    stopped_ = stopped_ || (watch_.cancelled && watch_.cancelled());
    if (watch_.progress && total_ > 0)
      watch_.progress(std::min(1.0, static_cast<double>(rows_) / static_cast<double>(total_)));
    return !stopped_;
  }

  void Records(RecordKind kind) {
    uint64_t of_kind = 0;
    const absl::Status scanned = catalogue_.Scan(kind, "", [&](const Record&) {
      ++of_kind;
      return GoOn();
    });
    found_.records += of_kind;
    const uint64_t expected = catalogue_.Counts()[static_cast<size_t>(kind)];
    if (!scanned.ok() || stopped_ || of_kind == expected) return Note(scanned);
    found_.problems.push_back("catalogue: " + std::to_string(of_kind) + " records of " +
                              std::string(CollectionOf(kind)) + ", expected " + std::to_string(expected) +
                              "; restore the catalogue from a backup");
  }

  const CatalogueReader& catalogue_;
  const CatalogueCheckWatch& watch_;
  CatalogueCheck found_;
  uint64_t rows_ = 0, total_ = 0;
  bool stopped_ = false;
};

}  // namespace

absl::StatusOr<CatalogueCheck> CheckCatalogue(const CatalogueReader& catalogue,
                                              const CatalogueCheckWatch& watch) {
  return Check(catalogue, watch).Run();
}

}  // namespace dongxi
