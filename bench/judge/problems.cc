#include "bench/judge/problems.h"

#include <algorithm>

namespace dongxi::bench {

std::string PlaceText(const CellPlace& place) {
  std::string text = place.row.file;
  if (!place.row.sheet.empty()) text += "［" + place.row.sheet + "］";
  if (place.row.row > 0) text += " 第 " + std::to_string(place.row.row) + " 行";
  if (!place.letters.empty()) text += " " + place.letters + " 列";
  if (!place.name.empty()) text += "（" + place.name + "）";
  return text;
}

void Problems::Add(const CellPlace& place, const Complaint& complaint) {
  lines_.push_back(PlaceText(place) + "：发现：" + complaint.found + "；应为：" + complaint.expected +
                   "；办法：" + complaint.remedy);
}

absl::Status Problems::ToStatus() const {
  if (lines_.empty()) return absl::OkStatus();
  std::string text;
  const size_t shown = std::min(kProblemsShown, lines_.size());
  for (size_t i = 0; i < shown; ++i) text += (i == 0 ? "" : "\n") + lines_[i];
  if (shown < lines_.size()) text += "\n……还有 " + std::to_string(lines_.size() - shown) + " 处";
  return absl::InvalidArgumentError(text);
}

}  // namespace dongxi::bench
