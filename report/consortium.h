// 创新联合体 and the owner's question of an answer in words, for every form of the report and the terminal.
// Pure functions; any thread.
#pragma once

#include <string>
#include <vector>

#include "dongxi/v1/match.pb.h"

namespace dongxi::report {

struct ConsortiumMemberText {
  std::string name;    // resource name
  std::string kind;    // 机构, 专家, 成果
  std::string title;   // the name, where it has no title
  std::string covers;  // what it covers that no member before it does, joined with ；
  bool illustrative = false;
};

struct ConsortiumText {
  std::vector<ConsortiumMemberText> members;
  std::vector<std::string> open;  // what nobody in the answer covers: 效果：降氮减磷
  // One sentence: how many members cover how many elements, and whether fewer could.
  std::string summary;
};

// All empty where the answer has no consortium (a view other than FULL, a later page, an earlier version).
ConsortiumText ConsortiumTextOf(const v1::MatchResponse& answer);

// 建议向需求方提问: the question; empty if the answer has none.
std::string OwnerQuestionText(const v1::MatchResponse& answer);

}  // namespace dongxi::report
