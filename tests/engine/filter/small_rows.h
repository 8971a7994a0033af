// A vocabulary of a few words and a row whose attributes are plain members.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/filter/filter.h"

namespace dongxi {

class SmallVocabulary : public ImportVocabulary {
 public:
  std::string RegionCode(std::string_view name) const override {
    if (name == "青海" || name == "青海省") return "63";
    if (name == "海西州") return "6328";
    return "";
  }
  std::string ModeCode(std::string_view word) const override {
    if (word == "transfer" || word == "转让") return "transfer";
    if (word == "joint_rd" || word == "联合研发") return "joint_rd";
    return "";
  }
};

struct Row : FilterRow {
  RecordKind row_kind = RecordKind::kResult;
  std::string row_region, row_type, row_id, row_tenant;
  std::optional<int32_t> row_valid_until;
  int row_maturity = 0;
  int row_year = 0;
  std::optional<bool> row_illustrative;
  std::vector<std::string> fields, modes, conditions;

  RecordKind kind() const override { return row_kind; }
  std::string_view region() const override { return row_region; }
  std::string_view type() const override { return row_type; }
  int maturity() const override { return row_maturity; }
  int year() const override { return row_year; }
  std::optional<bool> illustrative() const override { return row_illustrative; }
  bool HasFieldContaining(std::string_view text) const override {
    return std::any_of(fields.begin(), fields.end(),
                       [text](const std::string& field) { return field.find(text) != std::string::npos; });
  }
  bool HasMode(std::string_view code) const override { return Contains(modes, code); }
  bool HasCondition(std::string_view code) const override { return Contains(conditions, code); }
  std::string_view id() const override { return row_id; }
  std::string_view tenant() const override { return row_tenant; }
  std::optional<int32_t> valid_until_day() const override { return row_valid_until; }

 private:
  static bool Contains(const std::vector<std::string>& codes, std::string_view code) {
    return code.empty() ? !codes.empty() : std::find(codes.begin(), codes.end(), code) != codes.end();
  }
};

}  // namespace dongxi
