#include "indexer/command/import_target.h"

#include <utility>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "engine/base/status_macros.h"
#include "store/record_codec.h"

namespace dongxi {
namespace {

std::vector<RecordOutcome> OutcomesOf(const std::vector<UpsertState>& states) {
  std::vector<RecordOutcome> outcomes(states.size());
  for (size_t i = 0; i < states.size(); ++i) outcomes[i].state = states[i];
  return outcomes;
}

RecordOutcome RefusedBecause(const absl::Status& status) {
  RecordOutcome outcome;
  outcome.refused = true;
  outcome.problems.push_back(
      {"", {std::string(status.message()), "记录库能够保存的记录", "改正这一行后重新导入"}});
  return outcome;
}

class CatalogueTarget : public ImportTarget {
 public:
  explicit CatalogueTarget(std::unique_ptr<Catalogue> catalogue) : catalogue_(std::move(catalogue)) {}

  absl::StatusOr<std::vector<RecordOutcome>> Write(const std::vector<Record>& records) override {
    const absl::StatusOr<std::vector<UpsertState>> states = catalogue_->Upsert(records, Now());
    if (states.ok()) return OutcomesOf(*states);
    if (!absl::IsInvalidArgument(states.status())) return states.status();
    return WriteOneByOne(records);
  }

  absl::StatusOr<std::vector<RecordOutcome>> WriteAllOrNothing(std::vector<Record> records) override {
    DX_ASSIGN_OR_RETURN(const std::vector<UpsertState> states, catalogue_->Upsert(std::move(records), Now()));
    return OutcomesOf(states);
  }

  absl::Status Finish() override { return catalogue_->Flush(); }

 private:
  static int64_t Now() { return absl::ToUnixMicros(absl::Now()); }

  // A batch with a record that cannot be stored was refused as a whole: find out which one.
  absl::StatusOr<std::vector<RecordOutcome>> WriteOneByOne(const std::vector<Record>& records) {
    std::vector<RecordOutcome> outcomes;
    for (const Record& record : records) {
      const absl::StatusOr<std::vector<UpsertState>> state = catalogue_->Upsert({record}, Now());
      if (!state.ok() && !absl::IsInvalidArgument(state.status())) return state.status();
      outcomes.push_back(state.ok() ? OutcomesOf(*state).front() : RefusedBecause(state.status()));
    }
    return outcomes;
  }

  const std::unique_ptr<Catalogue> catalogue_;
};

class DryRunTarget : public ImportTarget {
 public:
  explicit DryRunTarget(std::unique_ptr<CatalogueReader> view) : view_(std::move(view)) {}

  absl::StatusOr<std::vector<RecordOutcome>> Write(const std::vector<Record>& records) override {
    std::vector<RecordOutcome> outcomes(records.size());
    std::vector<RecordName> names;
    for (const Record& record : records) names.push_back({record.kind, record.id});
    std::vector<std::optional<Record>> stored(records.size());
    if (view_ != nullptr) {
      DX_ASSIGN_OR_RETURN(stored, view_->GetMany(names));
    }
    for (size_t i = 0; i < records.size(); ++i) {
      if (!stored[i]) {
        outcomes[i].state = UpsertState::kCreated;
      } else {
        outcomes[i].state =
            ContentOf(records[i]) == ContentOf(*stored[i]) ? UpsertState::kUnchanged : UpsertState::kUpdated;
      }
    }
    return outcomes;
  }

  absl::StatusOr<std::vector<RecordOutcome>> WriteAllOrNothing(std::vector<Record> records) override {
    return Write(records);
  }
  absl::Status Finish() override { return absl::OkStatus(); }

 private:
  // What an upsert compares: the stored form without what the catalogue itself keeps.
  static std::string ContentOf(Record record) {
    record.revision = 0;
    record.create_time_us = record.update_time_us = 0;
    pb::Record message;
    ToProto(record, &message);
    return message.SerializeAsString();
  }

  const std::unique_ptr<CatalogueReader> view_;  // null: there is no catalogue yet
};

}  // namespace

absl::StatusOr<std::unique_ptr<ImportTarget>> OpenCatalogueTarget(const std::filesystem::path& catalogue) {
  DX_ASSIGN_OR_RETURN(std::unique_ptr<Catalogue> opened, Catalogue::Open(catalogue));
  return std::unique_ptr<ImportTarget>(std::make_unique<CatalogueTarget>(std::move(opened)));
}

absl::StatusOr<std::unique_ptr<ImportTarget>> OpenDryRunTarget(const std::filesystem::path& catalogue) {
  absl::StatusOr<std::unique_ptr<CatalogueReader>> view = OpenCatalogueView(catalogue);
  if (!view.ok() && !absl::IsNotFound(view.status())) return view.status();
  return std::unique_ptr<ImportTarget>(
      std::make_unique<DryRunTarget>(view.ok() ? *std::move(view) : nullptr));
}

}  // namespace dongxi
