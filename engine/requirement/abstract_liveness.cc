// Which words of a result's abstract speak of its own right, where it has no IP status.
#include "engine/requirement/liveness_rules.h"
#include "engine/text/normalize.h"

namespace dongxi::requirement {
namespace {

constexpr WordList kRights = {U"专利", U"品种权", U"知识产权", U"著作权", U"软著", U"权利"};

bool IsRow(const LivenessPlace& at, std::u32string_view word) { return at.row == RowWith(word, *at.tables); }

bool NamesARight(std::u32string_view text) { return ContainsAny(text, kRights); }

// The work itself, as an abstract calls it.
bool NamesTheWork(const LivenessPlace& at) {
  const WordList works = {U"技术", U"成果", U"工艺", U"方法", U"品种", U"配方", U"软件", U"系统"};
  return NamesARight(at.sentence_before()) || NamesARight(at.clause()) ||
         ContainsAny(at.sentence_before(), works) || ContainsAny(at.clause(), works);
}

// 检索到的对比专利已失效, 国外同类专利多已失效: the sentence compares. 较传统工艺省电三成，专利已终止
// compares what the work does: a clause before counts if it names a right, or if the word's own refers back
// to it (其专利). 国外专利已失效，本专利维持有效 comes back to the work.
bool IsOfOtherWorks(const LivenessPlace& at) {
  const auto compares = [](std::u32string_view text) {
    return ContainsAny(text, {U"国外", U"外国", U"进口", U"检索", U"对比", U"现有技术", U"同类", U"竞品",
                              U"他人", U"文献", U"市面", U"市场上", U"传统", U"多数"});
  };
  const std::u32string_view sentence = at.sentence_before();
  size_t own = 0;
  for (const std::u32string_view word :
       {U"本专利", U"本成果", U"本技术", U"本件", U"本项", U"本方法", U"本工艺", U"本发明", U"本品种",
        U"我校", U"本校", U"本院", U"本所", U"我所"}) {
    const size_t place = sentence.rfind(word);
    if (place != std::u32string_view::npos) own = std::max(own, place);
  }
  const size_t clause_at = sentence.size() - at.before().size();
  const std::u32string_view clause = sentence.substr(std::max(own, clause_at));
  if (compares(clause) || compares(at.behind())) return true;
  const bool refers_back = StartsWithAny(
      TrimLeft(at.before(), U" "), {U"其", U"该", U"此", U"这", U"相关", U"后者", U"对方", U"也", U"且"});
  return own < clause_at && AnyClause(sentence.substr(own, clause_at - own), [&](std::u32string_view one) {
           return compares(one) && (refers_back || NamesARight(one));
         });
}

// 专利维持有效, 本专利2022年授权，目前维持有效, 可许可, 年费按时交; not 专利菌剂有效防治, 催化剂未失效.
bool SaysItStands(const LivenessPlace& at) {
  const std::u32string_view word = at.word();
  if (word == U"有效") {
    if (!at.rest().empty() && IsHan(at.rest()[0])) return false;
    return NamesARight(at.clause()) ||
           (StartsWithAny(at.clause(), {U"目前", U"现", U"至今", U"仍处于", U"维持", U"处于"}) &&
            NamesARight(at.sentence_before()));
  }
  if (IsRow(at, U"可转让"))
    return ContainsAny(word, {U"许可", U"转让"}) || (ContainsAny(word, {U"洽谈"}) && NamesTheWork(at));
  if (ContainsAny(word, {U"年费", U"专利费", U"维持费", U"权属", U"法律状态", U"权利状态", U"权利稳定",
                         U"权利归", U"产权清", U"产权明", U"专利在手"}))
    return true;
  return NamesARight(at.clause()) &&
         ContainsAny(word, {U"保护期内", U"在保护期", U"处于保护期", U"有效期", U"未失效", U"没失效",
                            U"未到期", U"没到期", U"未过期", U"没过期", U"尚未到期", U"归本", U"归我"});
}

// 独家授权某公司使用该技术; not 引进国外独家授权技术.
bool IsWorkLicensed(const LivenessPlace& at) {
  return ContainsAny(at.word(), {U"授权", U"授予", U"实施", U"协议", U"合同", U"买断", U"使用权"}) &&
         NamesTheWork(at) && !ContainsAny(at.before(), {U"获得", U"取得", U"引进", U"获"});
}

// 这套技术连同三件专利，去年已整体卖给一家公司, 学校不再持有; not 产品全部卖给省外企业.
bool IsWorkSold(const LivenessPlace& at) {
  if (!NamesTheWork(at) || ContainsAny(at.clause(), {U"产品", U"样机", U"整机", U"推广", U"订单"}))
    return false;
  return ContainsAny(at.word(), {U"不再持有", U"已不持有", U"不再拥有", U"已不归", U"不归我们", U"不属于"}) ||
         ContainsAny(at.before(), {U"整体", U"一次性", U"打包", U"整包", U"连同", U"一并"});
}

// 仅供本公司使用: of the work, where no licence is named.
bool IsWorkKept(const LivenessPlace& at) {
  return NamesTheWork(at) && StartsWithAny(at.word(), {U"仅供本", U"仅限本", U"不对外合作", U"留作自用"});
}

bool SaysItIsBarred(const LivenessPlace& at) {
  const std::u32string_view word = at.word();
  const bool right = NamesARight(at.clause());
  if (IsRow(at, U"已失效"))
    return right || ContainsAny(word, {U"审定"}) || ContainsAny(at.before(), {U"保护期"});
  if (ContainsAny(word, {U"独占", U"独家", U"排他", U"排它"}))
    return right || ContainsAny(word, {U"许可"}) || IsWorkLicensed(at);
  if (IsRow(at, U"已转让"))
    return right || ContainsAny(word, {U"整体", U"全部", U"一次性", U"卖断", U"买断"}) || IsWorkSold(at);
  return ContainsAny(word, {U"许可", U"转让", U"授权", U"处置"}) || IsWorkKept(at);
}

}  // namespace

bool IsOfTheRight(const LivenessPlace& at) {
  // 已申请发明专利3项 is what most abstracts end with, and no doubt of the result.
  if (IsOfOtherWorks(at) || IsRow(at, U"申请中")) return false;
  if (at.row->effect == LivenessEffect::kFine) return SaysItStands(at);
  if (at.row->effect == LivenessEffect::kBlock) return SaysItIsBarred(at);
  const std::u32string_view clause = at.clause();
  if (IsRow(at, U"质押"))
    return NamesARight(at.sentence_before()) || NamesARight(at.word()) || NamesARight(at.behind()) ||
           ContainsAny(clause, {U"权属"});
  if (IsRow(at, U"须经") || IsRow(at, U"方可许可"))
    return NamesARight(clause) || ContainsAny(clause, {U"许可", U"转让", U"独占", U"独家"});
  return NamesARight(clause) || ContainsAny(clause, {U"年费"});
}

}  // namespace dongxi::requirement
