// One run of the import over several files: what rows and columns have in common, whatever the format.
// Private to indexer/import. Not thread-safe.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "indexer/import/importer.h"
#include "indexer/import/record_mapper.h"

namespace dongxi {

class ImportRun {
 public:
  // References must outlive the run.
  ImportRun(const ImportOptions& options, const ImportVocabulary& vocabulary, const RecordSink& sink)
      : options_(options), sink_(sink), mapper_(options, vocabulary) {}

  const ImportOptions& options() const { return options_; }
  ImportReport& report() { return report_; }
  RecordMapper& mapper() { return mapper_; }

  void StartFile(const std::string& file, const std::string& format);

  // Maps, checks and hands on one row. Returns true, or the sink's error if that ends the import.
  absl::StatusOr<bool> AddRow(const SourceRow& row, const KindChoice& choice);

  // What the columns (or keys) of a file or sheet mean, reported once: contact columns and unknown ones; two
  // columns of one field are a problem. Returns whether the rows can be imported.
  bool CheckColumns(const SourcePlace& place, const KindChoice& choice,
                    const std::vector<std::string>& columns);

  void Notice(std::string text) { report_.notices.push_back(std::move(text)); }

  // The kind that options or names give.
  KindChoice ChooseKind(const std::string& file, const std::string& sheet) const;

 private:
  // The complaint about an id that was there before; remembers it if not.
  std::optional<Complaint> CheckUnique(const Record& record, const SourcePlace& place);
  // Puts a number behind an id that was there before.
  void NumberId(Record& record) const;
  void Reject(const SourcePlace& place, const std::vector<ColumnProblem>& problems);
  uint32_t PlaceIndex(const std::string& file, const std::string& sheet);

  const ImportOptions& options_;
  const RecordSink& sink_;
  RecordMapper mapper_;
  ImportReport report_;

  struct Seen {
    uint32_t place = 0;  // index of places_
    uint64_t row = 0;
  };
  std::vector<SourcePlace> places_;            // a file and sheet each
  std::unordered_map<std::string, Seen> ids_;  // by resource name
};

// file［sheet］ for notices.
std::string DisplayName(const SourcePlace& place);

}  // namespace dongxi
