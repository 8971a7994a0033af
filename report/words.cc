#include "report/words.h"

#include <algorithm>
#include <map>
#include <vector>

#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "report/policy_words.h"

namespace dongxi::report {
namespace {

constexpr char kUnknownRegion[] = "未注明地区";

struct WordTable {
  std::map<std::string, std::string, std::less<>> name_of_code;
  std::map<std::string, std::string, std::less<>> code_of_word;

  std::string NameOf(std::string_view code) const {
    const auto found = name_of_code.find(code);
    return found == name_of_code.end() ? "" : found->second;
  }
  std::string CodeOf(std::string_view word) const {
    if (name_of_code.contains(word)) return std::string(word);
    const auto found = code_of_word.find(word);
    return found == code_of_word.end() ? "" : found->second;
  }
};

// Reads a table of data/policy as far as names go: `word_columns` columns after the code hold words, "-" is
// none, and the first word is the name. What is wrong with a table is the policy loader's to say; here it is
// passed over.
WordTable ReadWords(const char* tsv, size_t word_columns) {
  WordTable table;
  for (const std::string& line : std::vector<std::string>(absl::StrSplit(tsv, '\n'))) {
    if (line.empty() || line[0] == '#' || line.rfind("code\t", 0) == 0) continue;
    const std::vector<std::string> cells = absl::StrSplit(line, '\t');
    for (size_t column = 1; column < std::min(cells.size(), word_columns + 1); ++column) {
      for (const std::string& word : std::vector<std::string>(absl::StrSplit(cells[column], '|'))) {
        if (word.empty() || word == "-") continue;
        table.name_of_code.try_emplace(cells[0], word);
        table.code_of_word.try_emplace(word, cells[0]);
      }
    }
  }
  return table;
}

const WordTable& Regions() {
  static const WordTable& table = *new WordTable(ReadWords(kRegionsTsv, 2));
  return table;
}

const WordTable& Modes() {
  static const WordTable& table = *new WordTable(ReadWords(kModesTsv, 1));
  return table;
}

}  // namespace

std::string RegionName(std::string_view code) {
  for (size_t length : {size_t{6}, size_t{4}, size_t{2}}) {
    if (code.size() < length) continue;
    if (std::string name = Regions().NameOf(code.substr(0, length)); !name.empty()) return name;
  }
  return "";
}

std::string FullRegionName(std::string_view code) {
  if (code.empty()) return kUnknownRegion;
  const std::string province = RegionName(code.substr(0, 2));
  if (province.empty()) return std::string(code);
  const std::string name = RegionName(code);
  return name == province ? province : province + name;
}

std::string ProvinceName(std::string_view code) {
  if (code.empty()) return kUnknownRegion;
  const std::string name = RegionName(code.substr(0, 2));
  return name.empty() ? std::string(code) : name;
}

std::string RegionCodeOf(std::string_view name) { return Regions().CodeOf(name); }

std::string ModeName(std::string_view code) {
  const std::string name = Modes().NameOf(code);
  return name.empty() ? std::string(code) : name;
}

std::string ModeCodeOf(std::string_view word) { return Modes().CodeOf(word); }

std::string ScorePartName(std::string_view part) {
  constexpr std::pair<std::string_view, std::string_view> kNames[] = {
      {"lexical", "词语"},     {"feedback", "同类佐证"},   {"learned", "学习排序"}, {"semantic", "语义"},
      {"policy", "政策"},      {"mode", "合作方式"},       {"maturity", "成熟度"},  {"condition", "适用条件"},
      {"history", "以往对接"}, {"standing", "可合作状态"},
  };
  for (const auto& [code, name] : kNames) {
    if (code == part) return std::string(name);
  }
  return std::string(part);
}

std::string StrengthName(v1::PairingStrength strength) {
  switch (strength) {
    case v1::NAMED:
      return "方案点名";
    case v1::GROUP:
      return "方案所指地区";
    case v1::INFERRED:
      return "由方案推断";
    default:
      return "";
  }
}

std::string AdequacyWord(const v1::MatchEntry& entry) {
  if (!entry.barred().empty()) return "不宜推荐";
  return entry.adequate() ? "合适" : "接近";
}

std::string KindName(v1::RecordKind kind) {
  switch (kind) {
    case v1::INSTITUTION:
      return "机构";
    case v1::EXPERT:
      return "专家";
    case v1::RESULT:
      return "成果";
    case v1::NEED:
      return "需求";
    case v1::EVIDENCE:
      return "佐证";
    default:
      return "";
  }
}

std::string BeijingTime(const google::protobuf::Timestamp& time) {
  // Seconds of the years 1 to 9999, the range of the message; 0 stands for "not set".
  if (time.seconds() == 0 || time.seconds() < -62135596800 || time.seconds() > 253402300799) return "";
  // China has had one time zone without daylight saving since 1991: no zone database is needed.
  return absl::FormatTime("%Y-%m-%d %H:%M", absl::FromUnixSeconds(time.seconds()),
                          absl::FixedTimeZone(8 * 3600));
}

}  // namespace dongxi::report
