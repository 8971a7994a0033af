#include "report/emptied.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace dongxi::report {

std::string ListName(v1::RecordKind kind) {
  if (kind == v1::INSTITUTION) return "合作机构";
  return kind == v1::EXPERT ? "专家" : "成果";
}

std::string EmptiedText(const std::vector<EmptiedList>& emptied) {
  std::vector<std::string> lists;
  for (const EmptiedList& list : emptied)
    lists.push_back(absl::StrCat(ListName(list.kind), "（", absl::StrJoin(list.limits, "、"), "）"));
  return absl::StrJoin(lists, "、");
}

ListNote NoteOver(const NeedMatches& need, v1::RecordKind kind, const v1::MatchList& list) {
  const bool any = !list.entries().empty();
  const auto emptied = std::find_if(need.emptied.begin(), need.emptied.end(),
                                    [kind](const EmptiedList& one) { return one.kind == kind; });
  if (emptied == need.emptied.end())
    return {"未找到合适匹配", any ? "，以下是最接近的候选，供人工研判。" : "，也没有接近的候选。"};
  return {absl::StrCat("有合适的候选，因限额（", absl::StrJoin(emptied->limits, "、"), "）未列出"),
          any ? "，以下是其余接近的候选，供人工研判。" : "，也没有其余接近的候选。"};
}

std::string WhyUnmatched(const NeedMatches& need) {
  if (!need.error.empty()) return "未能匹配：" + need.error;
  if (need.emptied.empty()) return "没有候选达到合适的标准";
  return "有合适的候选，因限额未列出：" + EmptiedText(need.emptied);
}

}  // namespace dongxi::report
