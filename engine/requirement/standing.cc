#include "engine/requirement/standing.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "engine/base/crc32c.h"
#include "engine/requirement/built_in_files.h"
#include "engine/requirement/liveness.h"

namespace dongxi::requirement {
namespace {

constexpr int kInventionYears = 20, kDesignYears = 15, kUtilityModelYears = 10;

Standing StandingOf(LivenessEffect effect) {
  return effect == LivenessEffect::kBlock   ? Standing::kBlocked
         : effect == LivenessEffect::kLower ? Standing::kLowered
                                            : Standing::kFine;
}

}  // namespace

int TermYearsOf(const Record& record) {
  if (record.kind != RecordKind::kResult) return 0;
  const auto says = [&](const char* word) { return record.ip_status.find(word) != std::string::npos; };
  if (says("实用新型")) return kUtilityModelYears;
  if (says("外观设计")) return kDesignYears;
  return says("发明专利") || record.type == "patent" ? kInventionYears : 0;
}

bool TermIsOver(int year, int term_years, int today_year) {
  return year != 0 && term_years != 0 && year + term_years < today_year;
}

StandingMark ReadStanding(const Record& record, const RequirementTables& tables) {
  StandingMark mark;
  if (const std::optional<LivenessWord> word = HeaviestLivenessWord(record, tables))
    mark.words = StandingOf(word->row->effect);
  mark.term_years = static_cast<uint8_t>(TermYearsOf(record));
  return mark;
}

Standing StandingOn(const StandingMark& mark, int year, int32_t last_valid_day, int32_t today,
                    int today_year) {
  if (last_valid_day < today) return Standing::kBlocked;
  Standing standing = mark.words;
  const bool ends_soon = int64_t{last_valid_day} - today < kEndsSoonDays;
  if (ends_soon || TermIsOver(year, mark.term_years, today_year))
    standing = std::max(standing, Standing::kLowered);
  return standing;
}

const LivenessRow* LoadRow(int open, int max, const RequirementTables& tables) {
  if (max <= 0 || open < max) return nullptr;
  const std::string_view scope = open < 2 * max ? "load" : "overload";
  for (const LivenessRow& row : tables.liveness()) {
    if (row.scope == scope) return &row;
  }
  return nullptr;
}

Standing StandingOfLoad(int open, int max, const RequirementTables& tables) {
  const LivenessRow* row = LoadRow(open, max, tables);
  return row == nullptr ? Standing::kUnsaid : StandingOf(row->effect);
}

std::string BuiltInLivenessVersion() {
  constexpr char kRules[] = "5";  // of HeaviestLivenessWord; another number: marks are read anew
  return absl::StrFormat("%08x", Crc32c(absl::StrCat(kRules, BuiltInFiles().at("liveness.tsv"),
                                                     BuiltInFiles().at("claims.tsv"))));
}

}  // namespace dongxi::requirement
