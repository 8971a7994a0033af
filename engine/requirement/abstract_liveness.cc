// Which words of a result's abstract speak of its own right, where it has no IP status.
#include "engine/requirement/liveness_rules.h"
#include "engine/text/normalize.h"

namespace dongxi::requirement {
namespace {

constexpr WordList kRights = {U"专利", U"品种权", U"知识产权", U"著作权", U"软著", U"权利"};

bool IsRow(const LivenessPlace& at, std::u32string_view word) { return at.row == RowWith(word, *at.tables); }

bool NamesARight(std::u32string_view text) { return ContainsAny(text, kRights); }

// 检索到的对比专利已失效, 国外同类专利多已失效: the sentence compares.
bool IsOfOtherWorks(const LivenessPlace& at) {
  const auto compares = [](std::u32string_view text) {
    return ContainsAny(text, {U"国外", U"外国", U"进口", U"检索", U"对比", U"现有技术", U"同类", U"竞品",
                              U"他人", U"文献", U"市面", U"市场上", U"传统", U"多数"});
  };
  return compares(at.sentence_before()) || compares(at.behind());
}

// 专利维持有效, 可许可; not 专利菌剂有效防治.
bool SaysItStands(const LivenessPlace& at) {
  if (at.word() == U"有效") return NamesARight(at.clause()) && (at.rest().empty() || !IsHan(at.rest()[0]));
  return IsRow(at, U"可转让") && ContainsAny(at.word(), {U"许可", U"转让", U"洽谈"});
}

bool SaysItIsBarred(const LivenessPlace& at) {
  const std::u32string_view word = at.word();
  const bool right = NamesARight(at.clause());
  if (IsRow(at, U"已失效")) return right || ContainsAny(word, {U"审定"});
  if (ContainsAny(word, {U"独占", U"独家", U"排他", U"排它"})) return right || ContainsAny(word, {U"许可"});
  if (IsRow(at, U"已转让"))
    return right || ContainsAny(word, {U"整体", U"全部", U"一次性", U"卖断", U"买断"});
  return ContainsAny(word, {U"许可", U"转让"});
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
