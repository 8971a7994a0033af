#include "server/record_check.h"

#include "engine/text/normalize.h"

namespace dongxi {
namespace {

constexpr size_t kFoundCharactersMax = 80;

void CheckModes(FieldId field, const std::vector<std::string>& modes, const ImportVocabulary& vocabulary,
                std::vector<FieldProblem>* problems) {
  for (const std::string& mode : modes) {
    const std::string code = vocabulary.ModeCode(mode);
    if (code == mode) continue;
    const std::string remedy = code.empty() ? "见 data/policy/modes.tsv 的代码表" : "改写为 " + code;
    problems->push_back(
        {field, CutCharacters(mode, kFoundCharactersMax), "合作方式的代码，如 transfer", remedy});
  }
}

}  // namespace

std::vector<FieldProblem> CheckRecord(const Record& record, const ImportVocabulary& vocabulary) {
  std::vector<FieldProblem> problems = ValidateRecord(record);
  // Too many items are refused above; then their words do not matter.
  if (record.modes.size() <= kListItemsMax) CheckModes(FieldId::kModes, record.modes, vocabulary, &problems);
  if (record.availability.size() <= kListItemsMax) {
    CheckModes(FieldId::kAvailability, record.availability, vocabulary, &problems);
  }
  return problems;
}

}  // namespace dongxi
