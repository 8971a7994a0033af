// What a benchmark says: its question, the arguments it ran with, and figures beside their bars; as a table
// for people and as JSON for machines. Not thread-safe.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "nlohmann/json.hpp"

namespace dongxi::bench {

// What a figure is compared with.
struct Bar {
  double limit = 0;
  bool at_most = true;  // false: at least
};
inline Bar AtMost(double limit) { return {limit, true}; }
inline Bar AtLeast(double limit) { return {limit, false}; }

struct Figure {
  std::string name;
  double value = 0;
  std::string unit;
  std::optional<Bar> bar;
  std::string remark;

  // True without a bar.
  bool met() const { return !bar || (bar->at_most ? value <= bar->limit : value >= bar->limit); }
};

class Report {
 public:
  using Arguments = std::vector<std::pair<std::string, std::string>>;

  // Prints question and arguments at once, so that a long run says what it is about.
  Report(std::string question, const Arguments& arguments);

  // Starts a block of figures with a heading.
  void Section(const std::string& title);
  // REQUIRES: a section was started.
  void Add(Figure figure);
  // Free details for the JSON only.
  nlohmann::ordered_json& details() { return details_; }
  // Figures whose bar is not met.
  int missed() const;

  // Prints the sections that were not printed yet.
  void Print();
  // Writes the JSON unless `file` is empty.
  absl::Status Write(const std::string& file) const;
  nlohmann::ordered_json ToJson() const;

 private:
  struct Block {
    std::string title;
    std::vector<Figure> figures;
  };
  std::string question_;
  Arguments arguments_;
  std::vector<Block> blocks_;
  size_t printed_ = 0;
  nlohmann::ordered_json details_ = nlohmann::ordered_json::object();
};

// Columns aligned for a terminal (Chinese characters are two wide); the first row is the header. Columns
// after the first are right-aligned if `numbers`.
std::string AlignedTable(const std::vector<std::vector<std::string>>& rows, bool numbers);

// At most four significant digits where there is a fraction: 0.1234, 12.35, 1235.
std::string NumberText(double value);

}  // namespace dongxi::bench
