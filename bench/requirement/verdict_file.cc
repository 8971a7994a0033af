#include "bench/requirement/verdict_file.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "bench/json_lines.h"
#include "bench/requirement/pair_file.h"
#include "engine/base/status_macros.h"
#include "indexer/import/header_row.h"
#include "indexer/import/jsonl_reader.h"
#include "indexer/import/record_mapper.h"

namespace dongxi::bench {
namespace {

using requirement::Outcome;
using requirement::RequirementKind;

constexpr std::array<RequirementKind, 5> kKinds = {RequirementKind::kMaturity, RequirementKind::kMode,
                                                   RequirementKind::kParty, RequirementKind::kCondition,
                                                   RequirementKind::kLiveness};
constexpr std::array<Outcome, 4> kLabels = {Outcome::kMet, Outcome::kShort, Outcome::kContradictory,
                                            Outcome::kUnknown};

struct Word {
  std::string_view written, known;
};
// The authors had not seen the program. Parties by their codes in parties.tsv.
constexpr std::array<Word, 6> kParties = {{{"园区", "park"},
                                           {"园区运营方", "park_operator"},
                                           {"平台", "platform"},
                                           {"人才", "people"},
                                           {"培训方", "trainer"},
                                           {"投资方", "investor"}}};

// A record of the authors with the keys that import knows.
nlohmann::json InKeysOfImport(nlohmann::json record) {
  if (const auto profile = record.find("profile"); profile != record.end() && !record.contains("statement")) {
    nlohmann::json text = *profile;
    record.erase("profile");
    record["statement"] = std::move(text);
  }
  return record;
}

absl::Status RefusalOf(const char* key, const ColumnProblem& problem) {
  return absl::InvalidArgumentError(absl::StrCat(key, problem.column.empty() ? "" : ", key " + problem.column,
                                                 ": ", problem.complaint.found, "；应为：",
                                                 problem.complaint.expected, "；", problem.complaint.remedy));
}

// As dongxi-indexer import reads a line of JSON.
absl::StatusOr<Record> RecordOf(const nlohmann::json& object, const char* key, RecordKind kind,
                                const ImportVocabulary& vocabulary) {
  const auto found = object.find(key);
  if (found == object.end() || !found->is_object())
    return absl::InvalidArgumentError(absl::StrCat(key, " is a record: an object"));
  const std::string line = InKeysOfImport(*found).dump();
  RecordMapper mapper(ImportOptions{}, vocabulary);
  const KindChoice choice{.kind = kind, .fixed = true, .from = key};
  std::vector<MappedRow> rows;
  std::vector<ColumnProblem> problems;
  DX_RETURN_IF_ERROR(dongxi::ReadJsonLines(line, key, [&](SourceRow& row) -> absl::StatusOr<bool> {
    // Import looks for unknown keys before it maps a row.
    for (const SourceValue& value : row.values) {
      if (MeaningOf(kind, value.header) != ColumnMeaning::kUnknown) continue;
      problems.push_back(
          {std::string(value.header), {"不认识的键", "docs/import.md 中列出的键", "改正或删去"}});
    }
    rows.push_back(mapper.Map(row, choice));
    const std::vector<ColumnProblem>& of_row = rows.back().problems;
    problems.insert(problems.end(), of_row.begin(), of_row.end());
    return true;
  }));
  if (!problems.empty()) return RefusalOf(key, problems.front());
  if (rows.size() != 1) return absl::InvalidArgumentError(absl::StrCat(key, " is one record"));
  return std::move(rows.front().record);
}

absl::StatusOr<RequirementKind> KindOf(const std::string& label) {
  for (const RequirementKind kind : kKinds) {
    if (LabelOf(kind) == label) return kind;
  }
  return absl::InvalidArgumentError(
      absl::StrCat("kind \"", label, "\"; expected maturity, mode, party, condition, liveness"));
}

absl::StatusOr<RecordKind> OfferKindOf(const std::string& word) {
  const std::optional<RecordKind> kind = KindOfWord(word);
  if (kind == RecordKind::kResult || kind == RecordKind::kExpert || kind == RecordKind::kInstitution)
    return *kind;
  return absl::InvalidArgumentError(
      absl::StrCat("offer_kind \"", word, "\"; expected result, expert, institution"));
}

absl::StatusOr<Outcome> OutcomeOf(const std::string& label) {
  for (const Outcome outcome : kLabels) {
    if (LabelOf(outcome) == label) return outcome;
  }
  return absl::InvalidArgumentError(
      absl::StrCat("label \"", label, "\"; expected met, short, contradictory, unknown"));
}

// Empty if it is unknown.
std::string CodeOfAbout(RequirementKind kind, const std::string& about, const ImportVocabulary& vocabulary) {
  if (kind == RequirementKind::kCondition) return std::string(dongxi::CodeOf(ConditionWords(), about));
  if (kind == RequirementKind::kMode) return vocabulary.ModeCode(about);
  for (const Word& word : kParties) {
    if (kind == RequirementKind::kParty && about == word.written) return std::string(word.known);
  }
  return "";
}

bool HasOneVerdict(RequirementKind kind) {
  return kind == RequirementKind::kMaturity || kind == RequirementKind::kLiveness;
}

absl::StatusOr<LabelledVerdict> VerdictOf(const nlohmann::json& object, RequirementKind kind,
                                          const ImportVocabulary& vocabulary) {
  if (!object.is_object()) return absl::InvalidArgumentError("a verdict is an object: about, label");
  LabelledVerdict verdict{.about = StringOf(object, "about")};
  DX_ASSIGN_OR_RETURN(verdict.label, OutcomeOf(StringOf(object, "label")));
  verdict.code = CodeOfAbout(kind, verdict.about, vocabulary);
  const bool fits = HasOneVerdict(kind) ? verdict.about.empty() : !verdict.code.empty();
  if (fits) return verdict;
  return absl::InvalidArgumentError(
      absl::StrCat("about \"", verdict.about, "\" is no ", LabelOf(kind),
                   "; expected a condition of docs/import.md, a mode of data/policy/modes.tsv, 园区, "
                   "园区运营方, 平台, 人才, 培训方, 投资方; nothing for maturity and liveness"));
}

absl::StatusOr<std::vector<LabelledVerdict>> VerdictsOf(const nlohmann::json& object, RequirementKind kind,
                                                        const ImportVocabulary& vocabulary) {
  const auto list = object.find("verdicts");
  if (list == object.end() || !list->is_array()) return absl::InvalidArgumentError("verdicts is a list");
  std::vector<LabelledVerdict> verdicts;
  std::set<std::string> codes;
  for (const nlohmann::json& one : *list) {
    DX_ASSIGN_OR_RETURN(LabelledVerdict verdict, VerdictOf(one, kind, vocabulary));
    if (!codes.insert(verdict.code).second)
      return absl::InvalidArgumentError(
          absl::StrCat("two labels of one ", LabelOf(kind), " ", verdict.about));
    verdicts.push_back(std::move(verdict));
  }
  if (verdicts.empty() && HasOneVerdict(kind)) verdicts.push_back({});
  return verdicts;
}

absl::StatusOr<VerdictCase> CaseOf(const nlohmann::json& object, const ImportVocabulary& vocabulary) {
  const std::string id = StringOf(object, "id"), part = StringOf(object, "part");
  if (id.empty()) return absl::InvalidArgumentError("a case has an id");
  // The parts are measured one by one: a case of another would be left out in silence.
  if (std::find(kVerdictParts.begin(), kVerdictParts.end(), part) == kVerdictParts.end()) {
    return absl::InvalidArgumentError(
        absl::StrCat("part \"", part, "\"; expected ", absl::StrJoin(kVerdictParts, ", ")));
  }
  DX_ASSIGN_OR_RETURN(const RequirementKind kind, KindOf(StringOf(object, "kind")));
  DX_ASSIGN_OR_RETURN(const RecordKind offer_kind, OfferKindOf(StringOf(object, "offer_kind")));
  DX_ASSIGN_OR_RETURN(Record need, RecordOf(object, "need", RecordKind::kNeed, vocabulary));
  DX_ASSIGN_OR_RETURN(Record offer, RecordOf(object, "offer", offer_kind, vocabulary));
  DX_ASSIGN_OR_RETURN(std::vector<LabelledVerdict> verdicts, VerdictsOf(object, kind, vocabulary));
  return VerdictCase{id, part, kind, std::move(need), std::move(offer), std::move(verdicts)};
}

}  // namespace

std::string LabelOf(RequirementKind kind) {
  switch (kind) {
    case RequirementKind::kIndicator:
      return "indicator";
    case RequirementKind::kMaturity:
      return "maturity";
    case RequirementKind::kMode:
      return "mode";
    case RequirementKind::kParty:
      return "party";
    case RequirementKind::kCondition:
      return "condition";
    case RequirementKind::kLiveness:
      return "liveness";
  }
  return "";
}

absl::StatusOr<std::vector<VerdictCase>> ReadVerdictCases(const std::filesystem::path& file,
                                                          const ImportVocabulary& vocabulary) {
  std::vector<VerdictCase> cases;
  std::set<std::string> ids;
  DX_RETURN_IF_ERROR(ReadJsonLines(file, [&](const nlohmann::json& object) -> absl::Status {
    DX_ASSIGN_OR_RETURN(VerdictCase one, CaseOf(object, vocabulary));
    if (!ids.insert(one.id).second)
      return absl::InvalidArgumentError(absl::StrCat("id ", one.id, " stands twice"));
    cases.push_back(std::move(one));
    return absl::OkStatus();
  }));
  return cases;
}

}  // namespace dongxi::bench
