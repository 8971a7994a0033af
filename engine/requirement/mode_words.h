// What texts say of cooperation modes beside the fields that list them: 不转让, 只作普通许可, 可入股,
// 不到现场. Pure functions; any thread.
#pragma once

#include <compare>
#include <string>
#include <vector>

#include "engine/record/record.h"
#include "engine/requirement/requirement_tables.h"

namespace dongxi::requirement {

// Those of `wanted` that the offer's text or IP status refuses in words: 不转让, 不单独许可,
// 不得在外单位双聘, 不得向省外转化.
std::vector<std::string> ModesRefused(const std::vector<std::string>& wanted, const Record& offer);

// Of an offer.
struct ModeWords {
  // Of the wanted ones: ModesRefused, and of transfer, licence and equity those that another one alone
  // (只作普通许可) excludes and the table does not call fitting.
  std::vector<std::string> refused;
  // Of an offer whose field names none: 可许可使用, 合作方式：转让、入股, 愿过户给受让企业. Plans
  // (拟对外许可) are none.
  std::vector<std::string> offered;
  // Of the wanted ones: those that serve one way only (可派人挂职, 不能接收来挂职的), or for a part of what
  // is asked (三件专利中，一件可以转让，两件只能许可).
  std::vector<std::string> one_way;
  bool remote = false;  // what its people do is done from afar alone: 仅线上授课, 不安排现场教学
  int stay_days = 0;    // how long they can be there a year (顶多来三个月); 0: it does not say
  auto operator<=>(const ModeWords&) const = default;
};
ModeWords ReadModeWords(const std::vector<std::string>& wanted, const Record& offer,
                        const RequirementTables& tables);

// Of a need, from `wanted` or, where that is empty, its text.
struct ModeConditions {
  std::vector<std::string> declined;  // modes that it refuses: 不接受入股
  bool on_site = false;               // it wants people to come: 到厂指导, 手把手
  int stay_days = 0;                  // how long a year: 每年在岗不少于六个月; 0: it does not say
};
ModeConditions ReadModeConditions(const Record& need);

}  // namespace dongxi::requirement
