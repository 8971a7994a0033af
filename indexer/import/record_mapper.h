// From a source row to a record, by the field schema. Not thread-safe (it caches what headers mean).
#pragma once

#include <array>
#include <bitset>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/record/field_schema.h"
#include "engine/record/record.h"
#include "indexer/import/header_row.h"
#include "indexer/import/importer.h"
#include "indexer/import/report.h"
#include "indexer/import/table.h"

namespace dongxi {

// The kind of a table's rows before a row's own `kind` is looked at.
struct KindChoice {
  std::optional<RecordKind> kind;
  bool fixed = false;  // a row that says otherwise is wrong (options, sheet name), not right (file name)
  std::string from;    // for the error: 工作表名, --kind …
};

struct ColumnProblem {
  std::string column;
  Complaint complaint;
};

struct MappedRow {
  Record record;
  bool id_generated = false;
  std::vector<ColumnProblem> problems;  // the record is valid if there are none
};

class RecordMapper {
 public:
  // `vocabulary` must outlive the mapper.
  RecordMapper(const ImportOptions& options, const ImportVocabulary& vocabulary)
      : generate_ids_(options.generate_ids), vocabulary_(vocabulary) {}

  // Contact columns, unknown columns and row numbers are left out; whoever scanned the headers reports them.
  MappedRow Map(const SourceRow& row, const KindChoice& choice);

  // The kind of a row: its `kind` value, else the choice. Nothing, with the complaint, if there is none.
  std::optional<RecordKind> KindOf(const SourceRow& row, const KindChoice& choice,
                                   std::vector<ColumnProblem>* problems) const;

 private:
  using FieldSet = std::bitset<64>;  // by FieldId
  struct Column {
    ColumnMeaning meaning = ColumnMeaning::kUnknown;
    const FieldSpec* spec = nullptr;
  };
  const Column& ColumnOf(RecordKind kind, std::string_view header);
  std::vector<ColumnProblem> SetValue(const SourceValue& value, const FieldSpec& spec, Record& record);
  void SetValues(const SourceRow& row, MappedRow& mapped, FieldSet& troubled);

  const bool generate_ids_;
  const ImportVocabulary& vocabulary_;
  std::array<std::unordered_map<std::string, Column>, 6> columns_;
};

// "g-" and 16 hex digits that depend on kind, title and institution (or first owner) only.
std::string GeneratedId(const Record& record);

}  // namespace dongxi
