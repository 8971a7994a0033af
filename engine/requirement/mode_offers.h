// Whether a text offers a cooperation mode by a word that names it or what is done in it: 可许可使用,
// 愿意转让, 合作方式：许可、联合攻关, 入股都行. Private to engine/requirement. Pure functions; any thread.
#pragma once

#include <cstddef>
#include <string_view>

#include "engine/requirement/mode_names.h"
#include "engine/requirement/mode_phrase_table.h"

namespace dongxi::requirement {

// The word at [at, end). Not 拟对外许可, 可对运输许可证核验, 合作厂名下的专利可以转让, nor where the sentence
// takes it back (发明人愿意转让，但学校尚未批准). REQUIRES: at <= end <= the text's size.
bool IsOffered(std::string_view text, size_t at, size_t end, const ModePhraseTable& table);

// One of the mode's names. Goods that are sold are no transfer.
bool OffersByName(std::string_view text, const NamedMode& mode, const ModePhraseTable& table);

// What is sold, given or put up at `at` is a right: 专利可出售, not 种苗可出售, 羊肉可卖到每斤50元.
bool IsOfRight(std::string_view text, size_t at, const ModePhraseTable& table);

}  // namespace dongxi::requirement
