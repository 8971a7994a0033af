// From the text of a cell to the value of a field.
#include <algorithm>
#include <utility>

#include "engine/record/field_schema.h"
#include "engine/record/value_parsers.h"
#include "engine/text/normalize.h"

namespace dongxi {
namespace {

constexpr size_t kFoundCharactersMax = 80;
constexpr std::string_view kReplacement = "\ufffd";

using Problems = std::vector<FieldProblem>;

FieldProblem Problem(const FieldSpec& spec, std::string_view found, std::string_view remedy,
                     std::string_view expected = {}) {
  return {spec.id, CutCharacters(found, kFoundCharactersMax),
          std::string(expected.empty() ? spec.expected : expected), std::string(remedy)};
}

template <typename T>
void PushUnique(std::vector<T>& list, T item) {
  if (std::find(list.begin(), list.end(), item) == list.end()) list.push_back(std::move(item));
}

std::string* StringField(Record& record, FieldId id) {
  switch (id) {
    case FieldId::kTitle:
      return &record.title;
    case FieldId::kText:
      return &record.text;
    case FieldId::kWanted:
      return &record.wanted;
    case FieldId::kIpStatus:
      return &record.ip_status;
    case FieldId::kTask:
      return &record.task;
    case FieldId::kSource:
      return &record.source;
    default:
      return nullptr;
  }
}

std::vector<std::string>* ListField(Record& record, FieldId id) {
  switch (id) {
    case FieldId::kAliases:
      return &record.aliases;
    case FieldId::kFields:
      return &record.fields;
    case FieldId::kKeywords:
      return &record.keywords;
    case FieldId::kIndicators:
      return &record.indicators;
    case FieldId::kModes:
      return &record.modes;
    case FieldId::kAvailability:
      return &record.availability;
    case FieldId::kConditions:
      return &record.conditions;
    default:
      return nullptr;
  }
}

// An id, or what is wrong with it.
Problems SetId(const FieldSpec& spec, std::string_view value, std::string& target) {
  std::string id = FoldWidth(TrimText(value));
  if (IsScientific(Normalize(id))) {
    return {
        Problem(spec, value, "表格软件把长数字改成了科学计数法，原编号已丢失：将该列设为文本，重新填写编号")};
  }
  if (!IsValidRecordId(id)) {
    const bool too_long = id.size() > kIdBytesMax;
    return {Problem(spec, value, too_long ? "缩短编号" : "去掉编号中的空格和其他符号，可用 - 代替")};
  }
  target = std::move(id);
  return {};
}

Problems SetInstitution(Record& record, const FieldSpec& spec, std::string_view value) {
  std::string id = FoldWidth(TrimText(value));
  for (const std::string_view prefix : {"institutions/", "机构/"}) {
    if (id.starts_with(prefix)) id = id.substr(prefix.size());
  }
  return SetId(spec, id, record.institution);
}

// institutions/x, 机构/x, 机构:x, or a bare id, which means an institution.
std::optional<RecordName> ParseOwner(std::string_view value) {
  const std::string folded = FoldWidth(TrimText(value));
  const size_t mark = folded.find_first_of("/:");
  if (mark == std::string::npos) {
    if (!IsValidRecordId(folded)) return std::nullopt;
    return RecordName{RecordKind::kInstitution, folded};
  }
  const std::string_view word = TrimText(std::string_view(folded).substr(0, mark));
  const std::string_view id = TrimText(std::string_view(folded).substr(mark + 1));
  for (const RecordKind kind : {RecordKind::kInstitution, RecordKind::kExpert}) {
    const bool names_kind = word == CollectionOf(kind) || word == ChineseNameOf(kind);
    if (names_kind && IsValidRecordId(id)) return RecordName{kind, std::string(id)};
  }
  return std::nullopt;
}

Problems SetOwners(Record& record, const FieldSpec& spec, const std::vector<std::string>& values) {
  Problems problems;
  std::vector<RecordName> owners;
  for (const std::string& value : values) {
    std::optional<RecordName> owner = ParseOwner(value);
    if (IsScientific(Normalize(value))) {
      problems.push_back(
          Problem(spec, value, "表格软件把长数字改成了科学计数法：将该列设为文本，重新填写编号"));
    } else if (!owner) {
      problems.push_back(Problem(spec, value, "写编号而不是名称；专家要写成 experts/编号"));
    } else {
      PushUnique(owners, *std::move(owner));
    }
  }
  if (problems.empty()) record.owners = std::move(owners);
  return problems;
}

std::string CodeOfItem(FieldId id, std::string_view value, const ImportVocabulary& vocabulary) {
  if (id == FieldId::kConditions) return std::string(CodeOf(ConditionWords(), value));
  return vocabulary.ModeCode(value);
}

Problems SetCodes(std::vector<std::string>& target, const FieldSpec& spec,
                  const std::vector<std::string>& values, const ImportVocabulary& vocabulary) {
  Problems problems;
  std::vector<std::string> codes;
  for (const std::string& value : values) {
    std::string code = CodeOfItem(spec.id, TrimText(value), vocabulary);
    if (code.empty()) {
      problems.push_back(Problem(spec, value, "改用左边列出的词，或把这层意思写进文字说明"));
    } else {
      PushUnique(codes, std::move(code));
    }
  }
  if (problems.empty()) target = std::move(codes);
  return problems;
}

Problems SetStrings(std::vector<std::string>& target, const FieldSpec& spec,
                    const std::vector<std::string>& values) {
  Problems problems;
  std::vector<std::string> items;
  for (const std::string& value : values) {
    std::string item = CleanText(value);
    if (item.find(kReplacement) != std::string::npos) {
      problems.push_back(Problem(spec, value, "删去乱码字符后重新填写", "不含乱码的文字"));
    } else if (!item.empty()) {
      PushUnique(items, std::move(item));
    }
  }
  if (problems.empty()) target = std::move(items);
  return problems;
}

Problems SetString(std::string& target, const FieldSpec& spec, std::string_view value) {
  std::string text = CleanText(value);
  if (text.find(kReplacement) != std::string::npos) {
    return {
        Problem(spec, value, "文件的编码曾经转换错误：找回原文件，另存为 UTF-8", "不含乱码（\ufffd）的文字")};
  }
  if (spec.id == FieldId::kTitle || spec.id == FieldId::kTask)
    std::replace(text.begin(), text.end(), '\n', ' ');
  target = std::move(text);
  return {};
}

// 青海省/海西州: the last part that is known.
std::string RegionOf(std::string_view value, const ImportVocabulary& vocabulary) {
  const std::string normal = Normalize(TrimText(value));
  if (std::optional<std::string> code = ParseRegionCode(normal); code) return *std::move(code);
  std::string_view rest = TrimText(normal);
  std::string code = vocabulary.RegionCode(rest);
  while (code.empty()) {
    const size_t mark = rest.find_last_of("/-,> ");
    if (mark == std::string_view::npos) break;
    code = vocabulary.RegionCode(TrimText(rest.substr(mark + 1)));
    rest = TrimText(rest.substr(0, mark));
    if (code.empty()) code = vocabulary.RegionCode(rest);
  }
  return code;
}

Problems SetCode(Record& record, const FieldSpec& spec, std::string_view value,
                 const ImportVocabulary& vocabulary) {
  if (spec.id == FieldId::kRegion) {
    std::string code = RegionOf(value, vocabulary);
    if (code.empty()) return {Problem(spec, value, "写到省或市州即可，如 青海 或 海西州；或填行政区划代码")};
    record.region = std::move(code);
  } else if (spec.id == FieldId::kType) {
    const std::string_view code = CodeOf(TypeWords(record.kind), value);
    if (code.empty()) return {Problem(spec, value, "改为左边列出的一个词；拿不准就写 其他")};
    record.type = std::string(code);
  } else {
    const std::string_view code = CodeOf(DisclosureWords(), value);
    if (code.empty()) return {Problem(spec, value, "改为左边列出的一个词")};
    record.disclosure = code == "public"       ? Disclosure::kPublic
                        : code == "registered" ? Disclosure::kRegistered
                                               : Disclosure::kOrganiser;
  }
  return {};
}

template <typename Parsed, typename Target>
Problems SetParsed(const FieldSpec& spec, std::string_view value, std::string_view remedy,
                   const std::optional<Parsed>& parsed, Target& target) {
  if (!parsed) return {Problem(spec, value, remedy)};
  target = *parsed;
  return {};
}

Problems SetScalar(Record& record, const FieldSpec& spec, std::string_view value,
                   const ImportVocabulary& vocabulary) {
  if (std::string* target = StringField(record, spec.id)) return SetString(*target, spec, value);
  switch (spec.id) {
    case FieldId::kId:
      return SetId(spec, value, record.id);
    case FieldId::kInstitution:
      return SetInstitution(record, spec, value);
    case FieldId::kRegion:
    case FieldId::kType:
    case FieldId::kDisclosure:
      return SetCode(record, spec, value, vocabulary);
    default:
      break;
  }
  const std::string normal = Normalize(TrimText(value));
  switch (spec.id) {
    case FieldId::kMaturity:
      return SetParsed(spec, value, "填一个级别，如 6；范围取较低的一级", ParseMaturity(normal),
                       record.maturity);
    case FieldId::kOpenMatchesMax:
      return SetParsed(spec, value, "只填一个整数，如 3", ParseCount(normal, kOpenMatchesMax),
                       record.open_matches_max);
    case FieldId::kYear:
      return SetParsed(spec, value, "只填年份，如 2024", ParseYear(normal), record.year);
    case FieldId::kBudgetWan:
      return SetParsed(spec, value, "只填一个数，如 300；范围填上限", ParseBudgetWan(normal),
                       record.budget_wan);
    case FieldId::kDeadline:
      return SetParsed(spec, value, "写成 2027-06-30", ParseDate(normal), record.deadline);
    case FieldId::kValidUntil:
      if (normal == "长期" || normal == "长期有效" || normal == "永久") return {};
      return SetParsed(spec, value, "写成 2028-12-31；长期有效就留空", ParseDate(normal), record.valid_until);
    case FieldId::kIllustrative:
      return SetParsed(spec, value, "填 是 或 否", ParseYesNo(normal), record.illustrative);
    default:
      return {};
  }
}

}  // namespace

std::vector<FieldProblem> SetField(Record& record, const FieldSpec& spec,
                                   const std::vector<std::string>& values,
                                   const ImportVocabulary& vocabulary) {
  std::vector<std::string> items;
  for (const std::string& value : values) {
    if (!TrimText(value).empty()) items.push_back(value);
  }
  if (items.empty()) return {};
  if (spec.is_list && items.size() > kListItemsMax) {
    return {Problem(spec, std::to_string(items.size()) + " 项", "合并或删减", "最多 200 项")};
  }
  if (spec.id == FieldId::kOwners) return SetOwners(record, spec, items);
  if (std::vector<std::string>* list = ListField(record, spec.id)) {
    const bool is_code =
        spec.id == FieldId::kModes || spec.id == FieldId::kAvailability || spec.id == FieldId::kConditions;
    return is_code ? SetCodes(*list, spec, items, vocabulary) : SetStrings(*list, spec, items);
  }
  if (items.size() > 1) return {Problem(spec, items[0] + "; " + items[1], "只留一个值", "只能有一个值")};
  return SetScalar(record, spec, items[0], vocabulary);
}

std::vector<std::string> SplitList(std::string_view cell) {
  static constexpr std::string_view kSeparators[] = {";", "；", "、", "|", "｜", "\n", "\r"};
  std::vector<std::string> items;
  size_t begin = 0;
  const auto take = [&](size_t end) {
    const std::string_view item = TrimText(cell.substr(begin, end - begin));
    if (!item.empty()) items.emplace_back(item);
  };
  for (size_t i = 0; i < cell.size();) {
    size_t step = 0;
    for (const std::string_view separator : kSeparators) {
      if (step == 0 && cell.substr(i, separator.size()) == separator) step = separator.size();
    }
    if (step > 0) {
      take(i);
      begin = i + step;
    }
    i += std::max<size_t>(step, 1);
  }
  take(cell.size());
  return items;
}

}  // namespace dongxi
