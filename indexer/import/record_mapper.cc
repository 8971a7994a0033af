#include "indexer/import/record_mapper.h"

#include <algorithm>
#include <iterator>

#include "engine/text/normalize.h"

namespace dongxi {
namespace {

constexpr size_t kCachedHeadersMax = 10'000;

bool IsEmpty(const SourceValue& value) {
  return std::all_of(value.items.begin(), value.items.end(), [](const std::string& item) {
    return item.find_first_not_of(" \t\r\n") == std::string::npos;
  });
}

bool TakesDates(FieldId field) {
  return field == FieldId::kDeadline || field == FieldId::kValidUntil || field == FieldId::kYear;
}

std::string HeaderOf(RecordKind kind, FieldId field) {
  for (const FieldSpec& spec : FieldsOf(kind)) {
    if (spec.id == field) return std::string(spec.headers.front());
  }
  return "";
}

uint64_t Fnv1a(std::string_view bytes, uint64_t hash) {
  for (const char c : bytes) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001b3;
  }
  return hash;
}

}  // namespace

std::string GeneratedId(const Record& record) {
  std::string owner = record.institution;
  if (owner.empty() && !record.owners.empty())
    owner = ResourceName(record.owners[0].kind, record.owners[0].id);
  uint64_t hash = 0xcbf29ce484222325;
  for (const std::string_view part :
       {CollectionOf(record.kind), std::string_view(record.title), std::string_view(owner)}) {
    hash = Fnv1a(part, hash);
    hash = Fnv1a(std::string_view("\0", 1), hash);  // so that "ab"+"c" is not "a"+"bc"
  }
  std::string id = "g-";
  for (int shift = 60; shift >= 0; shift -= 4) id += "0123456789abcdef"[(hash >> shift) & 15];
  return id;
}

std::optional<RecordKind> RecordMapper::KindOf(const SourceRow& row, const KindChoice& choice,
                                               std::vector<ColumnProblem>* problems) const {
  static constexpr std::string_view kExpected = "机构、专家、成果、需求 或 佐证";
  for (const SourceValue& value : row.values) {
    if (IsEmpty(value) || MeaningOf(choice.kind, value.header) != ColumnMeaning::kKind) continue;
    const std::optional<RecordKind> kind = KindOfWord(value.items[0]);
    const std::string column(value.header);
    if (!kind) {
      problems->push_back(
          {column, {CutCharacters(value.items[0], 80), std::string(kExpected), "改为其中一个词"}});
      return std::nullopt;
    }
    if (choice.fixed && kind != choice.kind) {
      problems->push_back(
          {column,
           {value.items[0], std::string(ChineseNameOf(*choice.kind)) + "（按" + choice.from + "）",
            "把这一行移到相应的表，或改正记录种类"}});
      return std::nullopt;
    }
    return kind;
  }
  if (!choice.kind) {
    problems->push_back(
        {"", {"看不出是哪一类记录", std::string(kExpected), "给出 --kind，或增加“记录种类”列（kind）"}});
  }
  return choice.kind;
}

const RecordMapper::Column& RecordMapper::ColumnOf(RecordKind kind, std::string_view header) {
  auto& cache = columns_[static_cast<size_t>(kind)];
  std::string key(header);
  if (const auto found = cache.find(key); found != cache.end()) return found->second;
  if (cache.size() >= kCachedHeadersMax) cache.clear();  // a file whose keys are data
  const Column column{MeaningOf(kind, header), FindField(kind, header)};
  return cache.emplace(std::move(key), column).first->second;
}

std::vector<ColumnProblem> RecordMapper::SetValue(const SourceValue& value, const FieldSpec& spec,
                                                  Record& record) {
  const std::string name(value.header);
  if (value.complaint) return {{name, *value.complaint}};
  if (value.is_date && !TakesDates(spec.id)) {
    return {{name,
             {value.items.empty() ? "" : value.items[0] + "（日期）", std::string(spec.expected),
              "表格软件把内容变成了日期：将该列设为文本，重新填写"}}};
  }
  const bool split = spec.is_list && !value.is_array && value.items.size() == 1;
  std::vector<ColumnProblem> problems;
  for (FieldProblem& problem :
       SetField(record, spec, split ? SplitList(value.items[0]) : value.items, vocabulary_)) {
    problems.push_back(
        {name, {std::move(problem.found), std::move(problem.expected), std::move(problem.remedy)}});
  }
  return problems;
}

void RecordMapper::SetValues(const SourceRow& row, MappedRow& mapped, FieldSet& troubled) {
  FieldSet seen;
  for (const SourceValue& value : row.values) {
    if (IsEmpty(value) && !value.complaint) continue;
    const FieldSpec* spec = ColumnOf(mapped.record.kind, value.header).spec;
    if (spec == nullptr) continue;
    const size_t field = static_cast<size_t>(spec->id);
    std::vector<ColumnProblem> problems;
    if (seen[field]) {
      problems.push_back(
          {std::string(value.header),
           {"与另一键含义相同", std::string(spec->headers.front()) + " 只出现一次", "留下其中一个"}});
    } else {
      problems = SetValue(value, *spec, mapped.record);
    }
    seen[field] = true;
    if (!problems.empty()) troubled[field] = true;
    std::move(problems.begin(), problems.end(), std::back_inserter(mapped.problems));
  }
}

MappedRow RecordMapper::Map(const SourceRow& row, const KindChoice& choice) {
  MappedRow mapped;
  for (const Complaint& complaint : row.complaints) mapped.problems.push_back({"", complaint});
  if (!row.complaints.empty()) return mapped;
  const std::optional<RecordKind> kind = KindOf(row, choice, &mapped.problems);
  if (!kind) return mapped;
  mapped.record.kind = *kind;
  FieldSet troubled;
  SetValues(row, mapped, troubled);
  const bool can_generate = generate_ids_ && !troubled[static_cast<size_t>(FieldId::kId)];
  if (mapped.record.id.empty() && can_generate && !mapped.record.title.empty()) {
    mapped.record.id = GeneratedId(mapped.record);
    mapped.id_generated = true;
  }
  if (troubled[static_cast<size_t>(FieldId::kWanted)]) troubled[static_cast<size_t>(FieldId::kText)] = true;
  for (FieldProblem& problem : ValidateRecord(mapped.record)) {
    if (troubled[static_cast<size_t>(problem.field)]) continue;  // it is missing because it was wrong
    if (problem.field == FieldId::kId && mapped.record.id.empty()) {
      problem.remedy = generate_ids_ ? "填写编号，或填写名称，由它生成编号"
                                     : "填写编号；没有编号的表可以用 --generate-ids 自动生成";
    }
    mapped.problems.push_back(
        {HeaderOf(*kind, problem.field),
         {std::move(problem.found), std::move(problem.expected), std::move(problem.remedy)}});
  }
  return mapped;
}

}  // namespace dongxi
