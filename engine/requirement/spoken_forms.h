// What speech leaves out and says in its own way: 党参炔苷保住九成, 两小时抗折三兆帕, 一块电池用半年. Private
// to engine/requirement. Pure functions; any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "engine/requirement/indicator.h"
#include "engine/requirement/quantity_scan.h"
#include "engine/requirement/scan_text.h"

namespace dongxi::requirement {

// A number that needs no word of comparison to be asked for or stated: with a unit, at the end of a short
// clause. Of a need only a range or one in Chinese numerals that measures something, as 三千亩 and 两万吨 are
// what it has; of an offer also a single numeral. Or a time that something lasts: 24 h不复燃. `end`: where
// the clause goes on; `name_characters`: of its name.
bool IsSpoken(const ScanText& scan, const QuantityToken& token, size_t end, size_t name_characters, bool per,
              Side side);

// 二噁英去掉, 党参炔苷保住: the verb before a share becomes the rate that it tells of (去除率, 保留率).
void NameShareByVerb(std::u32string& name);
// 2到8度放得住两年: how long it keeps; 能用十年: how long it lasts; of a time right behind a temperature
// (`of_degrees`) 2～8℃维持三天: how long it is held. `said`: all that stands before the number in its clause.
void NameTimeByVerb(std::u32string_view said, bool of_degrees, std::u32string& name);
// P 0.018%, 钢水[P]不高于0.009%, 产品氧0.042%: an element's symbol, or oxygen and hydrogen, before a share.
void NameElementBySymbol(const QuantityToken& token, std::u32string& name);
// 下工作, 环境下可正常运行: what stands behind a temperature says that something is used there.
bool SpeaksOfUse(std::u32string_view behind);
// Of that verb at the end of `name`; 0 if none.
size_t ShareVerbLength(std::u32string_view name);

// Aw, Ra: letters alone.
bool IsSymbol(std::u32string_view name);

// 30%负荷, of a share: the load that the next number holds for.
bool IsLoad(const QuantityToken& token, std::u32string_view behind);
// 抗折, 抗压强度.
bool BeginsStrength(std::u32string_view name);
// Characters of 内, 时, 后, 以上 at the front of a name that stands behind a number: they belong to that.
size_t BoundOfTokenBefore(std::u32string_view name);

}  // namespace dongxi::requirement
