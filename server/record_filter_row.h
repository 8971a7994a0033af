// A record of the catalogue as a filter sees it: its own attributes only, nothing of its owners.
#pragma once

#include <optional>
#include <string_view>

#include "engine/filter/filter.h"
#include "engine/record/record.h"

namespace dongxi {

// Keeps a reference to the record. Immutable; any thread.
class RecordFilterRow : public FilterRow {
 public:
  explicit RecordFilterRow(const Record& record) : record_(record) {}

  RecordKind kind() const override { return record_.kind; }
  std::string_view region() const override { return record_.region; }
  std::string_view type() const override { return record_.type; }
  int maturity() const override { return record_.maturity; }
  int year() const override { return record_.year; }
  std::optional<bool> illustrative() const override { return record_.illustrative; }
  bool HasFieldContaining(std::string_view normalized) const override;
  bool HasMode(std::string_view code) const override;  // of an expert: what he is available for
  bool HasCondition(std::string_view code) const override;
  std::string_view id() const override { return record_.id; }
  std::string_view tenant() const override { return record_.tenant; }
  std::optional<int32_t> valid_until_day() const override;

 private:
  const Record& record_;
};

}  // namespace dongxi
