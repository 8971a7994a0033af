// What is wrong with the files that judges send back, each with its place, in Chinese. Not thread-safe.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "indexer/import/complaint.h"
#include "indexer/import/table.h"

namespace dongxi::bench {

inline constexpr size_t kProblemsShown = 20;

// 评判.xlsx［评判］第 5 行 H 列（等级）; parts that are empty are left out.
struct CellPlace {
  SourcePlace row;
  std::string letters;  // of the column, "" for the whole row
  std::string name;     // of the column
};
std::string PlaceText(const CellPlace& place);

class Problems {
 public:
  void Add(const CellPlace& place, const Complaint& complaint);
  bool empty() const { return lines_.empty(); }
  size_t size() const { return lines_.size(); }
  // OK without problems, else InvalidArgument with one problem a line: the first kProblemsShown and how many
  // more.
  absl::Status ToStatus() const;

 private:
  std::vector<std::string> lines_;
};

}  // namespace dongxi::bench
