// The filter language of the API: a subset of AIP-160, parsed and type-checked against the attributes below.
// A Filter is immutable; any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engine/record/field_schema.h"
#include "engine/record/record.h"

namespace dongxi {

inline constexpr size_t kFilterCharactersMax = 4'000;
inline constexpr int kFilterDepthMax = 32;
inline constexpr int kFilterTermsMax = 200;

// What a filter sees of a row. An attribute that the row does not have is absent; every comparison with an
// absent attribute is false, also !=; NOT turns that into true.
class FilterRow {
 public:
  virtual ~FilterRow() = default;
  virtual RecordKind kind() const = 0;
  virtual std::string_view region() const = 0;  // empty: absent
  virtual std::string_view type() const = 0;    // empty: absent
  virtual int maturity() const = 0;             // 0: absent
  virtual int year() const = 0;                 // 0: absent
  virtual std::optional<bool> illustrative() const = 0;
  virtual bool HasFieldContaining(
      std::string_view normalized) const = 0;                  // a normalised field contains the text
  virtual bool HasMode(std::string_view code) const = 0;       // empty: any mode at all
  virtual bool HasCondition(std::string_view code) const = 0;  // empty: any condition at all
  virtual std::string_view id() const { return {}; }           // empty: absent
  virtual std::string_view tenant() const { return {}; }       // empty: absent, the record is common to all
  // Days since 1970-01-01 of the last valid day; absent without end.
  virtual std::optional<int32_t> valid_until_day() const { return std::nullopt; }
};

// A filter that asks less than the one it was made from.
struct FilterRelaxation {
  std::shared_ptr<const class Filter> filter;
  std::string condition;  // canonical text of what was asked: year>=2020
  std::string words;      // what was given up, in Chinese: 不限年份（原条件 year>=2020）
};

class Filter {
 public:
  virtual ~Filter() = default;
  virtual bool Matches(const FilterRow& row) const = 0;
  // True if some comparison reads an attribute that belongs to evidence (maturity, mode, condition, year).
  virtual bool ReadsEvidence() const = 0;
  // Canonical texts of the conditions that the row fails, of those that the filter joins by AND; empty if the
  // row matches.
  virtual std::vector<std::string> FailedConditions(const FilterRow& row) const = 0;
  // The steps in which the filter is widened, each from the one before: one condition (of those joined by
  // AND) less a step, in the order year, valid_until, maturity, condition, mode, field; then regions are cut
  // to 4 and to 2 digits, one step for all, and given up last. A condition counts as the last of the
  // attributes that it names. Never given up: kind, type, name, tenant, illustrative, and whatever a
  // condition excludes (NOT, -, !=).
  virtual std::vector<FilterRelaxation> Relaxations() const = 0;
  // Canonical text: parsing it gives an equal filter.
  virtual std::string ToString() const = 0;
};

// Grammar (AIP-160 subset): OR-joined by `OR`, then `AND` or juxtaposition, `NOT` or '-', parentheses,
// comparisons `name op value`; op is = != < <= > >= or ':' (has). Values are words, numbers, or "quoted
// strings" with \" and \\. (As in AIP-160, OR binds tighter than AND.) Attributes: region (=, !=: prefix
// match of a GB/T 2260 code or a region's name), kind, type (=, !=), field (':' contains, '='), maturity,
// year (all orders), mode, condition (':' or '='), illustrative (=, != true/false), name (=, !=:
// "results/r-1" or the id alone), tenant (=, !=), valid_until (all orders, ISO dates). `attribute:*` is true
// if the row has the attribute at all (not for kind and illustrative, which all rows have). Values of kind,
// type, mode and condition are checked: an unknown one is an error that lists the known ones. An empty or
// blank text gives a filter that matches everything. The grammar with examples: docs/filter.md.
// InvalidArgument: "filter: at character 12: …" with what was found and what is expected.
absl::StatusOr<std::shared_ptr<const Filter>> ParseFilter(std::string_view text,
                                                          const ImportVocabulary& vocabulary);

}  // namespace dongxi
