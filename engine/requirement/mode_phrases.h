// What whole phrases say of cooperation modes that do not name them (mode_words.h reads the names): 过户,
// 收许可费, 人事关系留在学校不动, 不承接实体园区的托管运营. Private to engine/requirement. Pure functions;
// any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/record/record.h"
#include "engine/requirement/mode_phrase_table.h"

namespace dongxi::requirement {

// Codes, without repeats. A mode is in one of the first two lists at most: what is refused is not offered,
// unless a later clause says that it is by now (2018年登记时注明不转让；现已挂牌出让).
struct ModePhrases {
  std::vector<std::string> offered, refused;
  // What any clause offers and what any refuses, whichever counts.
  std::vector<std::string> ever_offered, ever_refused;
  // People go one way only: 可派人挂职, 对方来院挂职办不了.
  std::vector<std::string> one_way;
};
// Of an offer's text, for the modes `codes`. Modes of people (柔性引进, 双聘, 互派) only from experts and
// institutions. Plans, histories (由两家联合攻关取得) and what is said of goods, land or shares count neither
// way.
ModePhrases ReadModePhrases(std::string_view text, RecordKind kind, const std::vector<std::string>& codes,
                            const ModePhraseTable& table);

// How long people stay, days a year: 顶多来三个月, 每年在岗不少于六个月, 每季度一周; of several the longest.
// 0: it does not say.
int StayDays(std::string_view text);

// They cannot come: 到不了现场, 不出差.
bool CannotCome(std::string_view text, const ModePhraseTable& table);

}  // namespace dongxi::requirement
