#include "cli/need_file.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "cli/arguments.h"
#include "engine/base/files.h"
#include "engine/record/field_schema.h"
#include "report/json.h"
#include "report/words.h"

namespace dongxi::cli {
namespace {

constexpr size_t kNeedFileBytesMax = 4 << 20;

class BuiltInVocabulary : public ImportVocabulary {
 public:
  std::string RegionCode(std::string_view name) const override {
    if (CheckRegionCode("", std::string(name)).ok()) return std::string(name);
    return report::RegionCodeOf(name);
  }
  std::string ModeCode(std::string_view word) const override { return report::ModeCodeOf(word); }
};

bool IsScalar(const report::Json& value) {
  return value.is_string() || value.is_number() || value.is_boolean();
}

std::string ScalarText(const report::Json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

// The value as cells; false if it is no scalar and no list of scalars.
bool ReadCells(const report::Json& value, bool is_list, std::vector<std::string>* cells) {
  if (value.is_null()) return true;
  if (IsScalar(value)) {
    const std::string text = ScalarText(value);
    *cells = is_list ? SplitList(text) : std::vector<std::string>{text};
    return true;
  }
  if (!value.is_array() || !std::all_of(value.begin(), value.end(), IsScalar)) return false;
  for (const report::Json& item : value) cells->push_back(ScalarText(item));
  return true;
}

std::string KnownKeys() {
  std::vector<std::string> keys;
  for (const FieldSpec& spec : FieldsOf(RecordKind::kNeed)) keys.emplace_back(spec.json);
  return absl::StrJoin(keys, "、");
}

// What is wrong with one key of the object, a line each; sets the field of the need if nothing is.
void ReadKey(const std::string& key, const report::Json& value, Record* need,
             std::vector<std::string>* problems) {
  if (IsContactHeader(key)) return;  // never stored, never sent
  const FieldSpec* spec = FindField(RecordKind::kNeed, key);
  if (spec == nullptr) {
    problems->push_back("  不认识的键“" + key + "”：可用的键是 " + KnownKeys());
    return;
  }
  if (spec->id == FieldId::kId) return;
  std::vector<std::string> cells;
  if (!ReadCells(value, spec->is_list, &cells)) {
    problems->push_back("  " + key + "：应为文字、数字，或它们的列表");
    return;
  }
  for (const FieldProblem& problem : SetField(*need, *spec, cells, BuiltInWords())) {
    problems->push_back("  " + key + "：读到“" + problem.found + "”，应为 " + problem.expected + "；" +
                        problem.remedy);
  }
}

template <typename List>
void CopyList(const std::vector<std::string>& from, List* to) {
  to->Assign(from.begin(), from.end());
}

}  // namespace

const ImportVocabulary& BuiltInWords() {
  static const BuiltInVocabulary words;
  return words;
}

v1::Need NeedToProto(const Record& record) {
  v1::Need need;
  need.set_title(record.title);
  need.set_description(record.text);
  need.set_wanted(record.wanted);
  if (!record.institution.empty())
    need.set_institution(ResourceName(RecordKind::kInstitution, record.institution));
  need.set_region_code(record.region);
  need.set_task(record.task);
  need.set_maturity(record.maturity);
  if (record.budget_wan) need.set_budget_wan(*record.budget_wan);
  need.set_deadline(record.deadline);
  need.set_valid_until(record.valid_until);
  need.set_disclosure(static_cast<v1::Disclosure>(static_cast<int>(record.disclosure) + 1));
  need.set_illustrative(record.illustrative);
  need.set_source(record.source);
  CopyList(record.fields, need.mutable_fields());
  CopyList(record.modes, need.mutable_modes());
  CopyList(record.conditions, need.mutable_conditions());
  CopyList(record.indicators, need.mutable_indicators());
  return need;
}

absl::StatusOr<v1::Need> ParseNeed(const std::string& json, const std::string& file) {
  const report::Json object = report::Json::parse(json, nullptr, /*allow_exceptions=*/false);
  if (!object.is_object()) {
    return absl::InvalidArgumentError(file +
                                      "：不是一个 JSON 对象。应为 UTF-8 编码、只含一条需求，如 {\"title\": "
                                      "\"…\", \"wanted\": \"…\", \"region\": \"63\"}；"
                                      "多条需求请先用 dongxi-indexer import 导入，再用 dongxi report");
  }
  Record need;
  need.kind = RecordKind::kNeed;
  std::vector<std::string> problems;
  for (const auto& [key, value] : object.items()) ReadKey(key, value, &need, &problems);
  if (problems.empty() && need.title.empty() && need.text.empty() && need.wanted.empty()) {
    problems.push_back("  需求没有文字：title、description、wanted 至少填一项");
  }
  if (!problems.empty())
    return absl::InvalidArgumentError(file + " 里的需求有误：\n" + absl::StrJoin(problems, "\n"));
  return NeedToProto(need);
}

absl::StatusOr<v1::Need> ReadNeedFile(const std::string& file) {
  absl::StatusOr<std::string> bytes = ReadFile(file, kNeedFileBytesMax);
  if (bytes.ok()) return ParseNeed(*bytes, file);
  return absl::Status(bytes.status().code(),
                      absl::StrCat("读不了 --need-file 指定的文件：", bytes.status().message()));
}

}  // namespace dongxi::cli
