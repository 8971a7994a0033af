// What words say of parties beside the table: that a need looks for such a party and for nothing else, that
// it looks for a person by what he knows, and that an institution is such a party although its type leaves it
// open. Private to engine/requirement. Pure functions; any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "engine/record/record.h"

namespace dongxi::requirement {

// Of the word [begin, end) for the party with that code (parties.tsv) in a need's title or `wanted`
// (ScannedField::folded): people are hired (招聘机电方面人才，到矿工作), another party is looked for, and the
// field wants no goods besides. Never of investors: what they invest in is wanted, too.
bool IsSoughtAlone(std::string_view party, std::u32string_view field, size_t begin, size_t end);

// The field wants goods: 采购检测设备, 引进提纯技术; not 会操作设备, 技术人员, 系统工程师.
bool WantsGoods(std::u32string_view field);
// It refuses whatever else might be offered: 其他合作暂不考虑, 设备类请勿推荐, 不购买设备, 自然人免谈,
// 技术和设备均已落实.
bool DeclinesTheRest(std::u32string_view field);
// 只与投资机构洽谈, 就缺一家运营公司: `clause` ends with the party.
bool SeeksNothingElse(std::u32string_view clause);
// It wants somebody alone and does not say whom: 只要机构落户.
bool WantsSomeone(std::u32string_view field);

struct WordPlace {
  size_t begin = 0, end = 0;
};
// Where a field looks for a person by what he knows: 缺个懂水肥一体化的人.
std::optional<WordPlace> PersonSought(std::u32string_view field);

// Where a field looks for the party with that code by its kind (引进技术转移服务平台, 只招护理人才), or for a
// person by what he knows.
std::optional<WordPlace> PartySought(std::string_view party, std::u32string_view field);

// What follows the word that ends there makes it goods: 培训用虚拟仿真软件, 人才公寓.
bool IsOfGoods(std::u32string_view field, size_t end);

// 负责招商引资 is a duty of the party that is looked for, no other party.
bool IsDutyOfAnother(std::u32string_view field, size_t begin);

// Whether title and text of an institution say that it is such a party (受托运营园区12个), or that it is not
// (不得对外投资).
enum class PartySaid { kNothing, kIs, kIsNot };
PartySaid PartyInWords(std::string_view party, const Record& institution);

}  // namespace dongxi::requirement
