// What a whole record must fulfil, wherever it comes from: import, the API, a test.
#include <algorithm>

#include "engine/record/field_schema.h"
#include "engine/record/value_parsers.h"
#include "engine/text/normalize.h"

namespace dongxi {
namespace {

constexpr size_t kFoundCharactersMax = 80;
constexpr size_t kShortTextCharactersMax = 500;

class Checker {
 public:
  explicit Checker(const Record& record) : record_(record) {}

  std::vector<FieldProblem> Run() {
    Required();
    Names();
    Texts();
    Lists();
    Codes();
    Numbers();
    return std::move(problems_);
  }

 private:
  void Add(FieldId field, std::string_view found, std::string_view expected, std::string_view remedy) {
    problems_.push_back(
        {field, CutCharacters(found, kFoundCharactersMax), std::string(expected), std::string(remedy)});
  }

  void Required() {
    for (const FieldSpec& spec : FieldsOf(record_.kind)) {
      if (!spec.required) continue;
      const bool empty = spec.id == FieldId::kId      ? record_.id.empty()
                         : spec.id == FieldId::kTitle ? record_.title.empty()
                                                      : record_.owners.empty();
      if (empty) Add(spec.id, "空", spec.expected, "这一项必填");
    }
    if (record_.kind == RecordKind::kNeed && record_.text.empty() && record_.wanted.empty()) {
      Add(FieldId::kText, "空", "“现状与问题”与“希望得到”至少填一项",
          "写清楚现状、问题或想要的东西，否则无法匹配");
    }
  }

  void Names() {
    if (!record_.id.empty() && !IsValidRecordId(record_.id)) {
      Add(FieldId::kId, record_.id, "文字、数字、- _ . 组成，最长 128 字节", "改写编号");
    }
    if (!record_.institution.empty() && !IsValidRecordId(record_.institution)) {
      Add(FieldId::kInstitution, record_.institution, "机构表中的编号", "改写编号");
    }
    if (record_.owners.size() > kListItemsMax)
      Add(FieldId::kOwners, Count(record_.owners), "最多 200 项", "删减");
    for (const RecordName& owner : record_.owners) {
      const bool is_party = owner.kind == RecordKind::kInstitution || owner.kind == RecordKind::kExpert;
      if (is_party && IsValidRecordId(owner.id)) continue;
      Add(FieldId::kOwners, ResourceName(owner.kind, owner.id), "institutions/机构编号 或 experts/专家编号",
          "改写编号");
    }
  }

  void Text(FieldId field, std::string_view text, size_t characters_max) {
    // A character has at most 4 bytes: short texts need no count.
    if (text.size() <= characters_max) return;
    const size_t characters = CountCharacters(text);
    if (characters <= characters_max) return;
    Add(field, std::to_string(characters) + " 字：" + std::string(CutCharacters(text, 20)),
        "最多 " + std::to_string(characters_max) + " 字", "缩短文字，细节放在附件或来源中");
  }

  void Texts() {
    Text(FieldId::kTitle, record_.title, kTitleCharactersMax);
    Text(FieldId::kText, record_.text, kTextCharactersMax);
    Text(FieldId::kWanted, record_.wanted, kTextCharactersMax);
    Text(FieldId::kIpStatus, record_.ip_status, kShortTextCharactersMax);
    Text(FieldId::kTask, record_.task, kShortTextCharactersMax);
    Text(FieldId::kSource, record_.source, kShortTextCharactersMax);
  }

  template <typename T>
  static std::string Count(const std::vector<T>& list) {
    return std::to_string(list.size()) + " 项";
  }

  void List(FieldId field, const std::vector<std::string>& list) {
    if (list.size() > kListItemsMax) Add(field, Count(list), "最多 200 项", "合并或删减");
    for (const std::string& item : list) Text(field, item, kListItemCharactersMax);
  }

  void Lists() {
    List(FieldId::kAliases, record_.aliases);
    List(FieldId::kFields, record_.fields);
    List(FieldId::kKeywords, record_.keywords);
    List(FieldId::kIndicators, record_.indicators);
    List(FieldId::kModes, record_.modes);
    List(FieldId::kConditions, record_.conditions);
    List(FieldId::kAvailability, record_.availability);
  }

  static bool IsCode(std::span<const CodeWords> set, std::string_view code) {
    return std::any_of(set.begin(), set.end(), [code](const CodeWords& entry) { return entry.code == code; });
  }

  void Codes() {
    if (!record_.type.empty() && !IsCode(TypeWords(record_.kind), record_.type)) {
      Add(FieldId::kType, record_.type, "该类记录的类型代码", "见 docs/import.md 的类型表");
    }
    for (const std::string& condition : record_.conditions) {
      if (!IsCode(ConditionWords(), condition)) {
        Add(FieldId::kConditions, condition, "条件代码", "见 docs/import.md 的条件表");
      }
    }
    if (!record_.region.empty() && ParseRegionCode(record_.region) != record_.region) {
      Add(FieldId::kRegion, record_.region, "2、4 或 6 位行政区划代码，末尾不补 00", "改写代码");
    }
  }

  void Numbers() {
    if (record_.maturity < 0 || record_.maturity > 9) {
      Add(FieldId::kMaturity, std::to_string(record_.maturity), "1 至 9 的整数，0 为不清楚", "改写成熟度");
    }
    if (record_.open_matches_max < 0 || record_.open_matches_max > kOpenMatchesMax) {
      Add(FieldId::kOpenMatchesMax, std::to_string(record_.open_matches_max), "1 至 1000 的整数，0 为不清楚",
          "改写可同时承接数");
    }
    if (record_.year != 0 && (record_.year < 1900 || record_.year > 2100)) {
      Add(FieldId::kYear, std::to_string(record_.year), "1900 至 2100 的年份，0 为不清楚", "改写年份");
    }
    // Written so that NaN fails too.
    if (record_.budget_wan && !(*record_.budget_wan >= 0 && *record_.budget_wan <= 1e9)) {
      Add(FieldId::kBudgetWan, std::to_string(*record_.budget_wan), "0 至 10 亿（万元）", "改写预算");
    }
    Date(FieldId::kDeadline, record_.deadline);
    Date(FieldId::kValidUntil, record_.valid_until);
  }

  void Date(FieldId field, std::string_view date) {
    if (!date.empty() && !IsIsoDate(date)) Add(field, date, "存在的日期，如 2027-06-30", "写成 2027-06-30");
  }

  const Record& record_;
  std::vector<FieldProblem> problems_;
};

}  // namespace

std::vector<FieldProblem> ValidateRecord(const Record& record) { return Checker(record).Run(); }

}  // namespace dongxi
