// Which fields each kind of record has, what they are called in JSON and in Chinese and English spreadsheets,
// and what a value must look like. Import, templates, checks and documentation all read this one table.
// Immutable; any thread.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "engine/record/record.h"

namespace dongxi {

// A code with the words that officials write for it. The first Chinese word is the one we print.
struct CodeWords {
  std::string_view code;
  std::vector<std::string_view> words;
};
// Closed sets of codes, in the order of the documentation.
std::span<const CodeWords> ConditionWords();
std::span<const CodeWords> DisclosureWords();
std::span<const CodeWords> TypeWords(RecordKind kind);  // empty for experts and needs
// The code for a word, either a code itself or one of its words (NFKC, case folded); empty if unknown.
std::string_view CodeOf(std::span<const CodeWords> set, std::string_view word);
// What we print for a code: its first Chinese word, or the code itself if unknown.
std::string_view WordOf(std::span<const CodeWords> set, std::string_view code);

// What import needs of the policy tables (engine/policy implements it): both return "" for what they do not
// know.
class ImportVocabulary {
 public:
  virtual ~ImportVocabulary() = default;
  virtual std::string RegionCode(std::string_view name) const = 0;  // 青海, 青海省, 海西州 … → "63", "6328"
  virtual std::string ModeCode(std::string_view word) const = 0;  // 转让, transfer … → "transfer"
};

enum class FieldId {
  kId,
  kTitle,
  kText,
  kWanted,
  kType,
  kRegion,
  kInstitution,
  kOwners,
  kAliases,
  kFields,
  kKeywords,
  kModes,
  kConditions,
  kIndicators,
  kAvailability,
  kOpenMatchesMax,
  kMaturity,
  kYear,
  kIpStatus,
  kTask,
  kBudgetWan,
  kDeadline,
  kValidUntil,
  kDisclosure,
  kIllustrative,
  kSource,
};

struct FieldSpec {
  FieldId id;
  std::string_view json;                  // key in JSONL and canonical English header
  std::vector<std::string_view> headers;  // further accepted headers, the Chinese one we print first
  bool required = false;
  bool is_list = false;       // cells split at ; ； 、 | and line breaks
  std::string_view expected;  // what a value looks like, in Chinese, for error messages and docs
  std::string_view example;   // the template's example cell
};

// The fields of a kind in template order.
std::span<const FieldSpec> FieldsOf(RecordKind kind);

// The field whose JSON key or header is `header` (NFKC, case folded, spaces, trailing remarks in （） or ()
// and '*' ignored); null if none.
const FieldSpec* FindField(RecordKind kind, std::string_view header);

// True for headers of personal contact data (联系人, 电话, email …): recognised, never stored.
bool IsContactHeader(std::string_view header);

// What is wrong with a value and what to do, for the error report.
struct FieldProblem {
  FieldId field;
  std::string found;     // the value, cut to 80 characters
  std::string expected;  // in Chinese
  std::string remedy;    // in Chinese
};

// Sets one field of `record` from the text of a cell (list fields from all items already split). Returns the
// problems found; on a problem the field is left as it was. Full-width digits, TRL6, "6级", 2027/6/30,
// "50万元" and names of provinces and cities for region codes are understood.
std::vector<FieldProblem> SetField(Record& record, const FieldSpec& spec,
                                   const std::vector<std::string>& values,
                                   const ImportVocabulary& vocabulary);

// Splits a cell of a list field; empty items are dropped, items trimmed.
std::vector<std::string> SplitList(std::string_view cell);

// Checks a whole record: required fields, limits, codes of closed sets, a need without text. Empty if it is
// valid.
std::vector<FieldProblem> ValidateRecord(const Record& record);

}  // namespace dongxi
