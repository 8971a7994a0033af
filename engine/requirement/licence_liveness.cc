// What is said of the exclusive licence of a right: that it was given, that it ends, that it is over, where
// it holds.
#include "engine/requirement/licence_liveness.h"

namespace dongxi::requirement {
namespace {

constexpr size_t kNone = std::u32string_view::npos;

constexpr WordList kPlaces = {U"地区", U"区域", U"省",   U"市",   U"领域", U"行业",
                              U"用途", U"境内", U"境外", U"海外", U"国外", U"华东",
                              U"华南", U"华北", U"华中", U"东北", U"西南", U"西北"};

bool SaysTwentyYears(std::u32string_view clause) {
  const size_t place = clause.find(U"20年");  // not 2020年
  return ContainsAny(clause, {U"二十年"}) ||
         (place != kNone && (place == 0 || !IsNumeral(clause[place - 1])));
}

// 全国独占许可，到2027年1月期满: who has it is not said, yet somebody does.
bool SaysItEnds(std::u32string_view clause) {
  return StartsWithAny(clause, {U"到20", U"至20", U"20"}) &&
         ContainsAny(clause, {U"期满", U"届满", U"到期"}) &&
         !ContainsAny(clause, {U"专利", U"年费", U"保护期"});
}

// 以独占许可方式授予甲公司, 签订独占许可合同; not 许可方式：独占许可, 可独占许可.
bool IsLicensed(const LivenessPlace& at) {
  const std::u32string_view word = at.word(), before = at.before(), behind = at.behind();
  if (ContainsAny(word, {U"已", U"给", U"他方", U"买断"})) return true;
  if (ContainsAny(at.clause(), {U"洽谈", U"谈判", U"意向", U"磋商", U"可选", U"均可", U"皆可", U"或"}))
    return false;
  if (ContainsAny(word, {U"协议", U"合同"}))
    return ContainsAny(before, {U"已", U"签", U"与", U"原", U"曾", U"有"});
  if (StartsWithAny(behind, {U"仅限", U"限于", U"只限", U"限"}) || ContainsAny(before, {U"仅限", U"只限"}))
    return true;
  if (before.ends_with(U"以")) return ContainsAny(behind, {U"授予", U"给", U"授权", U"许可"});
  const bool done = ContainsAny(
      before, {U"已", U"授予", U"签订", U"签署", U"订立", U"签了", U"签有", U"给予", U"原",   U"曾",
               U"经", U"被",   U"授权", U"许可", U"交",   U"归",   U"拥有", U"享有", U"取得", U"获得"});
  if (done && !ContainsAny(before, {U"方式", U"形式", U"类型", U"种类", U"模式"})) return true;
  if (ContainsAny(before, {U"由"}) && !ContainsAny(before, {U"本", U"我", U"自"})) return true;
  return StartsWithAny(behind, {U"给", U"予", U"授予", U"授权", U"于", U"由", U"至", U"权归", U"权人", U"被",
                                U"合同", U"协议", U"已", U"期", U"备案", U"了"}) ||
         ContainsAny(behind, {U"公司", U"企业", U"集团", U"授予", U"许可给", U"归"}) ||
         (behind.empty() && AnyClause(at.sentence_behind(), SaysItEnds));
}

// 去年解约了, 2024年双方协商解除: nobody dates a dissolution ahead, so a date tells that it is past; 到期
// with a year may be to come, with 去年 it is past as well.
bool SaysLicenceIsPast(std::u32string_view clause) {
  if (ContainsAny(clause, {U"可解除", U"可收回", U"可提前", U"可以", U"可随时", U"有权", U"如",
                           U"若",     U"应",     U"须",     U"需",   U"要求",   U"不",   U"年后",
                           U"期满后", U"后收回", U"质押",   U"查封", U"冻结",   U"保全"}))
    return false;
  if (ContainsAny(clause, {U"解除", U"解约", U"收回"}) &&
      ContainsAny(clause, {U"年", U"月", U"了", U"早", U"提前", U"协商", U"刚"}))
    return true;
  return ContainsAny(clause, {U"去年", U"前年", U"早就", U"早已", U"上月", U"上个月"}) &&
         ContainsAny(clause, {U"到期", U"期满", U"届满", U"终止", U"结束", U"到头", U"满了"});
}

// 独占许可给甲公司，去年到期: a short clause that goes on with the licence.
bool GoesOnThatItIsPast(std::u32string_view clause) {
  constexpr size_t kShort = 12;  // characters
  return clause.size() <= kShort && SaysLicenceIsPast(clause) &&
         !ContainsAny(clause, {U"专利", U"年费", U"权", U"与", U"未", U"将", U"拟"});
}

// Nobody has it any more.
bool IsLicenceOver(const LivenessPlace& at) {
  const std::u32string_view rest = at.rest();
  if (SaysLicenceIsOver(at.clause(), true)) return true;
  if (AnyClause(rest, [](std::u32string_view clause) { return SaysLicenceIsOver(clause, false); }) ||
      AnyClause(at.sentence_behind(), GoesOnThatItIsPast))
    return true;
  if (ContainsAny(rest, {U"现可", U"可重新许可", U"现面向", U"现已可"}) &&
      ContainsAny(rest, {U"解除", U"终止", U"收回", U"到期", U"期满"}))
    return true;
  const WordList ends = {U"到期", U"期满", U"届满"};
  return (ContainsAny(at.clause(), ends) || ContainsAny(at.sentence_behind(), ends)) &&
         ContainsAny(rest, {U"未续签", U"未续约", U"未再续", U"没有续签", U"未续期", U"没续签", U"没续约",
                            U"没有续约", U"没再续", U"不再续签", U"不再续约"});
}

// 2024年1月至2028年12月独占许可, 5年独家协议: the term stands before the word.
bool HasTermBefore(std::u32string_view before) {
  const std::u32string_view end = TrimRight(before, U"期的");
  if (end.size() >= 2 && end.back() == U'年' && IsNumeral(end[end.size() - 2])) return true;
  for (const std::u32string_view range : {U"至20", U"到20", U"~20", U"-20"}) {
    const size_t place = before.find(range);
    if (place != kNone && place > 0 && LatestYear(before.substr(0, place)) > 0) return true;
  }
  return false;
}

bool LicenceEnds(const LivenessPlace& at) {
  if (WasOnce(at) || HasTermBefore(at.before()) || AnyClause(at.sentence_behind(), EndsLicence)) return true;
  return AnyClause(at.rest(), [](std::u32string_view clause) {
    return ContainsAny(clause, {U"许可", U"独占", U"独家", U"排他", U"合同", U"期限"}) && EndsLicence(clause);
  });
}

// 华东地区独占许可给甲公司，其他地区可许可.
bool IsLicenceLimited(const LivenessPlace& at) {
  const std::u32string_view behind = at.sentence_behind();
  const auto names_region = [](std::u32string_view clause) {
    return ContainsAny(clause, {U"许可区域", U"许可地域", U"许可范围", U"许可领域", U"地域为", U"区域为",
                                U"限定区域"}) &&
           !ContainsAny(clause, {U"全国", U"全球", U"中国境内"});
  };
  if (AnyClause(behind, names_region)) return true;
  if (ContainsAny(at.clause(), {U"全国", U"全球", U"中国境内", U"全域", U"全行业"})) return false;
  if (EndsInAny(TrimRight(at.before(), U"内范围的以"), kPlaces)) return true;
  return AnyClause(behind, [](std::u32string_view clause) {
    if (ContainsAny(clause, {U"其他地区", U"其余地区", U"其它地区", U"其他省", U"其余省", U"其他区域",
                             U"其他领域", U"其余领域", U"其它领域", U"以外地区", U"以外的", U"之外的"}))
      return true;
    return ContainsAny(clause, {U"仅限", U"限于", U"限在", U"只限"}) && ContainsAny(clause, kPlaces) &&
           !ContainsAny(clause, {U"公司", U"企业", U"单位", U"全国", U"全球"});
  });
}

}  // namespace

bool IsOfLicence(std::u32string_view word) { return ContainsAny(word, {U"独占", U"独家", U"排他", U"排它"}); }

bool SaysLicenceIsOver(std::u32string_view clause, bool own) {
  if (!ContainsAny(clause, {U"许可", U"合同", U"协议", U"期限", U"独占", U"独家", U"排他", U"解约",
                            U"协商解除", U"提前解除"}))
    return false;
  if (ContainsAny(clause, {U"未", U"将", U"拟", U"此前"}) || (!own && ContainsAny(clause, {U"与"})))
    return false;
  if (SaysLicenceIsPast(clause)) return true;
  const size_t done = clause.find(U"已");
  if (done == kNone) return false;
  return ContainsAny(clause.substr(done), {U"到期", U"终止", U"期满", U"届满", U"解除", U"结束", U"收回"}) ||
         ContainsAny(clause, {U"日到期", U"月到期", U"年到期", U"年底到期", U"年初到期", U"期满"});
}

bool EndsLicence(std::u32string_view clause) {
  if (ContainsAny(clause, {U"年费", U"缴", U"保护期", U"质押", U"出质", U"保全", U"专利权终止", U"专利终止",
                           U"专利有效期", U"专利失效"}) ||
      SaysTwentyYears(clause) || (ContainsAny(clause, {U"届满"}) && ContainsAny(clause, {U"专利", U"权"})))
    return false;
  if (ContainsAny(clause, {U"到期后", U"期满后", U"到期不续", U"期满不续", U"至20", U"到20", U"~20", U"-20"}))
    return true;
  const bool of_patent = ContainsAny(clause, {U"专利"});
  if (!of_patent && ContainsAny(clause, {U"至明年", U"到明年", U"至后年", U"到后年", U"至今年", U"到今年",
                                         U"至年底", U"到年底"}))
    return true;
  const size_t year = clause.find(U'年');
  const bool in_years = year != kNone && year > 0 && IsNumeral(clause[year - 1]);
  return in_years &&
         (ContainsAny(clause, {U"期限", U"许可期", U"为期", U"独占期", U"排他期", U"独家期", U"有效期"}) ||
          (!of_patent && ContainsAny(clause, {U"到期", U"还剩", U"剩余"})));
}

const LivenessRow* LicenceSaid(const LivenessPlace& at) {
  if (!IsLicensed(at) || IsLicenceOver(at)) return nullptr;
  return LicenceEnds(at) || IsLicenceLimited(at) ? RowInPlace("licence_ends", *at.tables) : at.row;
}

}  // namespace dongxi::requirement
