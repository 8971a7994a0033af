// Lists whose adequate entries limits of exposure took away, in the words of every form of the report: nobody
// shall read them as if no candidate had been good enough. Pure functions; any thread.
#pragma once

#include <string>

#include "report/model.h"

namespace dongxi::report {

// What the lists of this kind are called: 合作机构, 专家, 成果.
std::string ListName(v1::RecordKind kind);

// 合作机构（每家机构至多 1 次）、专家（每位专家至多 2 项）: the emptied lists with the limits that did it; ""
// for none.
std::string EmptiedText(const std::vector<EmptiedList>& emptied);

// Over a list without an adequate entry.
struct ListNote {
  std::string what;  // 未找到合适匹配; 有合适的候选，因限额（每家机构至多 1 次）未列出
  std::string rest;  // what stands below it instead
};
ListNote NoteOver(const NeedMatches& need, v1::RecordKind kind, const v1::MatchList& list);

// Why a need has no adequate entry: its error, that nothing is good enough, or the limits.
std::string WhyUnmatched(const NeedMatches& need);

}  // namespace dongxi::report
