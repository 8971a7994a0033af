// The texts of a record in the form that requirements are read from, made once. Private to
// engine/requirement.
#pragma once

#include <string>
#include <vector>

#include "engine/record/record.h"
#include "engine/requirement/requirement.h"
#include "engine/requirement/scan_text.h"

namespace dongxi::requirement {

struct ScannedField {
  std::string name;  // title, text, wanted, indicators (items joined with ；)
  std::string text;
  ScanText scan;
  std::u32string folded;  // scan.text with ASCII in lower case

  // Where the scanned characters [begin, end) stand in the field.
  FieldSpan SpanOf(size_t begin, size_t end) const;
};

// In this order, without those that are empty: indicators, wanted, title, text.
std::vector<ScannedField> ScanRecord(const Record& record);

}  // namespace dongxi::requirement
