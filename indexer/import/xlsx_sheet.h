// The rows of one sheet as events become cells. Private to the XLSX reader.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "indexer/import/xlsx_reader.h"
#include "indexer/import/xml_stream.h"

namespace dongxi {

// Collects text of <t> runs, leaving out phonetic runs; used for shared and inline strings. Keeps a little
// more than the limit of a cell, so that the cell can complain.
class RichText {
 public:
  void Start(std::string_view name);
  void End(std::string_view name);
  void Text(std::string_view text);
  std::string Take();

 private:
  std::string text_;
  int phonetic_ = 0;
  bool in_run_ = false;
};

class SheetHandler : public XmlHandler {
 public:
  // References must outlive the handler. `sink` gets the rows; when it returns false, done() is true and the
  // handler ends the parsing with a Cancelled status.
  SheetHandler(const XlsxTables& tables, const GridSink& sink) : tables_(tables), sink_(sink) {}

  absl::Status Start(std::string_view name, const XmlAttributes& attributes) override;
  absl::Status End(std::string_view name) override;
  void Text(std::string_view text) override;

  bool done() const { return done_; }
  const std::vector<MergedRange>& merges() const { return merges_; }

 private:
  absl::Status StartRow(const XmlAttributes& attributes);
  absl::Status StartCell(const XmlAttributes& attributes);
  absl::Status AddMerge(const XmlAttributes& attributes);
  absl::Status EndRow();
  void EndCell();
  // Fills text, is_date or complaint from value_ by the cell's type.
  void Interpret(GridCell& cell);
  void InterpretNumber(GridCell& cell);

  const XlsxTables& tables_;
  const GridSink& sink_;
  GridRow row_;
  size_t row_bytes_ = 0;
  uint64_t rows_ = 0;
  bool in_row_ = false;
  bool in_cell_ = false;
  bool in_value_ = false;
  bool has_formula_ = false;
  size_t column_ = 0;       // of the current cell
  size_t next_column_ = 0;  // of a cell without a reference
  std::string type_;
  size_t style_ = 0;
  std::string value_;
  RichText inline_text_;
  std::vector<MergedRange> merges_;
  bool done_ = false;
};

}  // namespace dongxi
