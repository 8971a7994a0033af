// The 12 records of the fixture of the generation format. These are version 2's; never
// change them: a new format version gets new records.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "engine/record/record.h"
#include "indexer/build/generation_builder.h"

namespace dongxi::testing {

inline Record FixtureRecord(RecordKind kind, const char* id, const char* title, const char* text,
                            const char* region) {
  Record record;
  record.kind = kind;
  record.id = id;
  record.title = title;
  record.text = text;
  record.region = region;
  record.illustrative = true;
  return record;
}

inline std::vector<Record> FixtureRecords() {
  std::vector<Record> records = {
      FixtureRecord(RecordKind::kInstitution, "i-1", "示例·盐湖化工研究所", "盐湖卤水提锂、镁资源利用", "12"),
      FixtureRecord(RecordKind::kInstitution, "i-2", "示例·农业科学院", "马铃薯种薯、设施农业", "32"),
      FixtureRecord(RecordKind::kExpert, "x-1", "示例专家·提锂", "高镁锂比卤水吸附提锂", "12"),
      FixtureRecord(RecordKind::kExpert, "x-2", "示例专家·种薯", "马铃薯脱毒种薯繁育", "32"),
      FixtureRecord(RecordKind::kResult, "r-1", "卤水吸附提锂工艺",
                    "颗粒吸附剂从卤水中直接提锂，完成吨级中试", ""),
      FixtureRecord(RecordKind::kResult, "r-2", "脱毒种薯快繁技术", "雾培法繁育马铃薯原原种", ""),
      FixtureRecord(RecordKind::kResult, "r-3", "日光温室保温墙体", "戈壁日光温室相变保温墙体", "32"),
      FixtureRecord(RecordKind::kEvidence, "e-1", "盐湖卤水提锂吸附剂研究", "研究吸附剂的溶损与寿命", ""),
      FixtureRecord(RecordKind::kEvidence, "e-2", "马铃薯原原种雾培研究", "研究雾培营养液配方", ""),
      FixtureRecord(RecordKind::kNeed, "n-1", "老卤提锂收率低", "盐湖老卤镁锂比高，吸附剂溶损大", "6328"),
      FixtureRecord(RecordKind::kNeed, "n-2", "缺少脱毒种薯", "马铃薯品种退化，缺少脱毒种薯", "6211"),
      FixtureRecord(RecordKind::kNeed, "n-3", "温室冬季保温差", "戈壁温室夜间温度低", "6209"),
  };
  for (Record& record : records) {
    if (record.kind == RecordKind::kExpert) record.institution = record.id == "x-1" ? "i-1" : "i-2";
    if (record.kind == RecordKind::kResult || record.kind == RecordKind::kEvidence) {
      record.owners = {{RecordKind::kInstitution, record.id.ends_with("-1") ? "i-1" : "i-2"}};
    }
    if (record.kind == RecordKind::kResult) record.maturity = 6;
    if (record.id == "r-1") record.ip_status = "授权发明专利";
    if (record.id == "r-2") record.ip_status = "专利权终止";
    if (record.kind == RecordKind::kNeed) record.institution = "i-9";
  }
  return records;
}

inline constexpr char kFixtureLexicon[] = "提锂\t卤水提锂\n脱毒种薯\t脱毒薯\n";

inline BuildOptions FixtureOptions(const std::filesystem::path& generations,
                                   const std::filesystem::path& lexicon) {
  BuildOptions options;
  options.generations = generations;
  options.lexicon_directory = lexicon.string();
  options.policy_version = "fixture";
  options.dim = 8;
  options.vectors.graph_rows_min = 5;  // offers have a graph in the fixture, needs none
  return options;
}

}  // namespace dongxi::testing
