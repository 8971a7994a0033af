// What the words of an IP status say of the right: lapsed, licensed to one alone, made over, not yet granted,
// in dispute.
#include "engine/requirement/claim.h"
#include "engine/requirement/licence_liveness.h"
#include "engine/requirement/liveness_rules.h"

namespace dongxi::requirement {
namespace {

constexpr size_t kNone = std::u32string_view::npos;

constexpr WordList kOfOthers = {
    U"上一代",   U"前一代",   U"上代",   U"前代",   U"老一代",   U"初代",     U"第一代",
    U"一代产品", U"旧款",     U"老款",   U"旧版",   U"老版",     U"旧型",     U"老型号",
    U"原型号",   U"原机型",   U"老专利", U"旧专利", U"前期专利", U"早期专利", U"早期的专利",
    U"在先专利", U"被替代",   U"被取代", U"所替代", U"所取代",   U"竞品",     U"竞争对手",
    U"对比专利", U"同类专利", U"他人",   U"第三方", U"合作方",   U"合作单位", U"合作企业",
    U"合作公司", U"合作伙伴", U"供应商", U"对手",   U"客户",     U"引用的",   U"同行"};
constexpr WordList kOwnRights = {
    U"本专利", U"本成果", U"本代", U"本产品", U"本项目", U"该成果", U"核心专利", U"权利人", U"本校",  U"本院",
    U"本所",   U"我校",   U"我院", U"我所",   U"我司",   U"本公司", U"我公司",   U"本单位", U"我单位"};
constexpr WordList kForeign = {U"美国", U"欧洲", U"日本", U"韩国", U"德国", U"英国", U"法国", U"俄罗斯",
                               U"印度", U"国外", U"境外", U"海外", U"外国", U"同族", U"pct"};
constexpr WordList kNamesOfRights = {U"专利", U"专利权",   U"品种权", U"著作权", U"软著",
                                     U"权利", U"知识产权", U"审定",   U"登记"};
constexpr WordList kKinds = {U"发明", U"实用新型", U"外观", U"软件著作权", U"软著", U"品种权"};

// When and how something came about: between what it is said of and its verb.
constexpr std::u32string_view kWhenAndHow =
    U"0123456789年月日初底末前去今昨春夏秋冬天于在后已被经由均都也又再早便就现正式公告自动行依法全部随之一度"
    U"到因 ";

bool IsRow(const LivenessPlace& at, std::u32string_view word) { return at.row == RowWith(word, *at.tables); }
bool IsPending(const LivenessPlace& at) { return IsRow(at, U"申请中"); }
bool IsLapse(const LivenessPlace& at) { return IsRow(at, U"已失效"); }

// What the word is said of: its clause, the sentence where it refers back (其专利), and the clause before
// where a lapse goes on with it (老专利保护期届满，已终止).
std::u32string_view SaidOf(const LivenessPlace& at) {
  const std::u32string_view clause = at.before(), sentence = at.sentence_before();
  if (StartsWithAny(clause, {U"其", U"该", U"后者", U"相关"})) return sentence;
  if (!IsLapse(at) || !TrimLeft(clause, kWhenAndHow).empty()) return clause;
  const std::u32string_view last = LastClause(sentence.substr(0, sentence.size() - clause.size()));
  return ContainsAny(last, {U"专利", U"品种权"}) ? last : clause;
}

// 上一代产品专利已失效, 合作方的专利已质押; not 与合作方存在权属争议.
bool IsOfOthers(const LivenessPlace& at) {
  const std::u32string_view text = SaidOf(at);
  return std::any_of(kOfOthers.begin(), kOfOthers.end(), [&](std::u32string_view other) {
    const size_t place = text.rfind(other);
    if (place == kNone) return false;
    if (place > 0 && IsOneOf(text[place - 1], U"与和同因被向对由给跟于至")) return false;
    return !ContainsAny(text.substr(place), kOwnRights);
  });
}

// 美国同族专利已失效 leaves the Chinese one.
bool IsForeign(const LivenessPlace& at) {
  const std::u32string_view text = IsPending(at) || IsLapse(at) ? at.clause() : at.before();
  return ContainsAny(text, kForeign) && !ContainsAny(text, {U"中国", U"国内", U"均"});
}

// Whether a word that a right stands is denied or hoped for: 尚未获得授权, 预计2026年底授权, 审定试验.
bool IsYetToCome(std::u32string_view text, size_t begin, size_t end) {
  constexpr size_t kNear = 8;  // characters
  const std::u32string_view word = text.substr(begin, end - begin), rest = text.substr(end);
  if (StartsWithAny(rest, {U"中", U"申请", U"试验", U"程序", U"阶段", U"前", U"受理"}))
    return !StartsWithAny(word, {U"有效", U"维持", U"可"});
  const size_t comma = text.substr(0, begin).find_last_of(kClauseEnds);
  const size_t from = comma == kNone ? 0 : comma + 1;
  const std::u32string_view clause = text.substr(from, begin - from);
  const std::u32string_view near = TrimRight(clause.substr(clause.size() - std::min(kNear, clause.size())),
                                             U"获得取到正式公告予过专利权发明的");
  return EndsInAny(near, {U"未", U"没", U"没有", U"未能", U"待", U"等", U"即将", U"将", U"拟", U"不", U"难以",
                          U"未曾", U"无"}) ||
         ContainsAny(clause, {U"预计", U"预期", U"有望", U"将于", U"将在", U"拟于", U"计划", U"争取", U"力争",
                              U"希望"});
}

// A clause says that a right stands.
bool SaysGranted(std::u32string_view text, std::u32string_view clause) {
  const size_t from = static_cast<size_t>(clause.data() - text.data()), to = from + clause.size();
  for (const std::u32string_view word : {U"授权", U"有效", U"维持", U"登记证书", U"已登记", U"获权"}) {
    for (size_t at = text.find(word, from); at < to; at = text.find(word, at + 1)) {
      const size_t end = at + word.size();
      const bool term = word == U"有效" && text.substr(end).starts_with(U"期");
      if (!term && !IsYetToCome(text, at, end)) return true;
    }
  }
  return false;
}

bool GrantedElsewhere(const LivenessPlace& at) {
  const std::u32string_view own = at.clause();
  return AnyClause(at.text, [&](std::u32string_view clause) {
    return clause.data() != own.data() && SaysGranted(at.text, clause);
  });
}

bool SharesKind(std::u32string_view a, std::u32string_view b) {
  return std::any_of(kKinds.begin(), kKinds.end(), [&](std::u32string_view kind) {
    return ContainsAny(a, {kind}) && ContainsAny(b, {kind});
  });
}

// 实用新型已失效，发明专利有效: one kind of right, while another kind stands in another clause.
enum class OtherKind { kNeither, kMinorLapsed, kInventionLapsed };
OtherKind OtherKindStands(const LivenessPlace& at) {
  const std::u32string_view own = at.clause();
  const auto has = [](std::u32string_view text) {
    return [text](std::u32string_view kind) { return text.find(kind) != kNone; };
  };
  if (std::count_if(kKinds.begin(), kKinds.end(), has(own)) != 1) return OtherKind::kNeither;
  const bool stands = AnyClause(at.text, [&](std::u32string_view clause) {
    return clause.data() != own.data() && ContainsAny(clause, kKinds) && !SharesKind(clause, own) &&
           SaysGranted(at.text, clause);
  });
  if (!stands) return OtherKind::kNeither;
  return ContainsAny(own, {U"发明"}) ? OtherKind::kInventionLapsed : OtherKind::kMinorLapsed;
}

// 5件专利，其中2件已失效，其余授权有效.
bool IsOfAPart(const LivenessPlace& at) {
  const std::u32string_view before = at.before();
  if (ContainsAny(before, {U"均", U"全部", U"都", U"悉数"})) return false;
  bool counted = false;
  for (size_t i = 1; i < before.size(); ++i)
    counted |= IsOneOf(before[i], U"件项个份") && IsNumeral(before[i - 1]);
  return (counted || ContainsAny(before, {U"其中", U"部分", U"个别", U"有些"})) && GrantedElsewhere(at);
}

// 2021年公开，2023年授权: how it came to be granted; 另有2项申请中: more rights than the one that stands.
bool IsGrantedSince(const LivenessPlace& at) {
  const std::u32string_view own = at.clause();
  for (const std::u32string_view word :
       {U"已授权",   U"授权公告", U"获授权",   U"获得授权", U"获得专利权", U"取得授权", U"获得专利授权",
        U"年授权",   U"月授权",   U"日授权",   U"后授权",   U"并授权",     U"授权有效", U"授权发明",
        U"已颁证",   U"已获证",   U"通过审定", U"已审定",   U"获审定",     U"已登记",   U"取得证书",
        U"拿到证书", U"已下证",   U"现授权",   U"维持有效"}) {
    for (size_t place = at.text.find(word, at.end); place != kNone; place = at.text.find(word, place + 1)) {
      const std::u32string_view clause = ClauseAround(at.text, place);
      if (ContainsAny(clause, {U"另", U"其中", U"其余", U"件", U"项", U"上一代", U"第一代", U"预计", U"未"}))
        continue;
      if (ContainsAny(clause, kForeign) && !ContainsAny(clause, {U"中国", U"国内"})) continue;
      const bool other = ContainsAny(clause, kKinds) && ContainsAny(own, kKinds) && !SharesKind(clause, own);
      if (!other &&
          ClaimOf(at.text, place, place + word.size(), ClaimSubject::kLiveness, *at.tables) == Claim::kStated)
        return true;
    }
  }
  return ContainsAny(at.before(),
                     {U"另", U"还有", U"同时", U"配套", U"外围", U"后续", U"改进", U"新增", U"衍生"}) &&
         GrantedElsewhere(at);
}

// A plain 转让 or 买断 counts where the text says that it was done: 已将专利转让甲公司.
bool IsMadeOver(const LivenessPlace& at) {
  const std::u32string_view before = at.before();
  if (at.word() == U"买断") return ContainsAny(before, {U"由", U"被", U"已"});
  if (at.word() != U"转让") return true;
  const bool done =
      ContainsAny(before, {U"已将", U"已把", U"已全部", U"已整体", U"已打包", U"已一次性", U"已经"}) ||
      (LatestYear(before) > 0 && ContainsAny(before, {U"将", U"把"}));
  return done && ContainsAny(at.behind(), {U"公司", U"集团", U"控股", U"企业", U"厂"});
}

// 由原单位转让给本校: the record's owner has it; 已转让12家企业: so many have it that anyone may.
bool IsOwnersOrAnyones(const LivenessPlace& at) {
  const std::u32string_view to = TrimLeft(at.behind(), U"给至到归为予了");
  if (StartsWithAny(to, {U"本", U"我", U"申报", U"现权利人", U"项目单位", U"完成单位", U"成果完成", U"权利人",
                         U"发明人"}))
    return true;
  if (ContainsAny(at.before(), {U"由", U"从", U"自"}) &&
      ContainsAny(at.behind(), {U"本校", U"本院", U"本所", U"本公司", U"本单位", U"我校", U"我院", U"我所",
                                U"我司", U"我公司", U"我单位", U"权利人"}))
    return true;
  const std::u32string_view counted = TrimLeft(to, U"0123456789一二两三四五六七八九十数多余几");
  const std::u32string_view count = to.substr(0, to.size() - counted.size());
  if (!count.empty() && count != U"一" && count != U"1" &&
      StartsWithAny(counted, {U"家", U"个企业", U"个公司", U"个单位", U"个厂", U"个省", U"个地"}))
    return true;
  return StatesAny(at, at.end, at.text.size(),
                   {U"已收回", U"已回购", U"已转回", U"已回转", U"收回专利权", U"回购了"});
}

const LivenessRow* TransferSaid(const LivenessPlace& at) {
  if (!IsMadeOver(at) || IsOwnersOrAnyones(at)) return nullptr;
  const bool in_part = ContainsAny(at.clause(), {U"部分", U"份额", U"%", U"使用权"});
  return in_part ? RowWith(U"部分失效", *at.tables) : at.row;
}

// 许可合同已到期, 无效程序已终止; 独占许可给甲公司，2025年终止 goes on with the licence.
bool IsOfAnotherMatter(const LivenessPlace& at) {
  std::u32string_view matter = at.before();
  const bool names_right = ContainsAny(at.word(), {U"权", U"专利", U"费", U"证", U"保护", U"审定", U"失效"});
  if (!names_right && TrimLeft(matter, kWhenAndHow).empty()) {
    const std::u32string_view sentence = at.sentence_before();
    const std::u32string_view last = LastClause(sentence.substr(0, sentence.size() - matter.size()));
    if (ContainsAny(last, {U"独占", U"独家", U"排他", U"许可", U"合同", U"协议", U"质押"})) matter = last;
  }
  if (ContainsAny(at.word(), {U"登记已注销"}) && ContainsAny(at.sentence_before(), {U"质押", U"出质"}))
    return true;
  return ContainsAny(at.word(), {U"终止", U"到期", U"过期", U"届满", U"失效", U"期满"}) &&
         ContainsAny(matter, {U"独占", U"独家", U"排他", U"许可", U"合同", U"协议", U"质押", U"诉讼", U"保全",
                              U"查封", U"冻结", U"合作", U"程序", U"谈判"});
}

// What others asked for was rejected (驳回无效宣告请求), or the rejection is under review.
bool IsRejectionOpen(const LivenessPlace& at) {
  if (at.word() != U"驳回" && at.word() != U"撤回") return false;
  const std::u32string_view clause = at.clause(), rest = at.rest();
  if (StartsWithAny(at.behind(), {U"其请求", U"其诉", U"该请求", U"对方", U"原告", U"上诉", U"诉讼", U"异议",
                                  U"无效", U"了对方", U"了其"}) ||
      ContainsAny(clause, {U"无效", U"诉讼", U"起诉", U"异议", U"上诉", U"对方", U"请求人", U"原告", U"再审",
                           U"质押"}))
    return true;
  if (!ContainsAny(clause, {U"申请"}) &&
      ContainsAny(at.sentence_before(), {U"无效宣告", U"无效请求", U"异议", U"诉讼"}))
    return true;
  if (at.word() == U"撤回" && ContainsAny(clause, {U"复审"})) return true;
  return ContainsAny(rest, {U"复审", U"行政诉讼"}) &&
         !ContainsAny(rest, {U"维持驳回", U"维持原驳回", U"复审维持", U"复审被驳", U"复审驳回", U"未提",
                             U"未申请", U"未请求", U"放弃", U"撤回"});
}

// 2022年一度终止，现为授权维持状态.
bool StandsNow(std::u32string_view clause) {
  return StartsWithAny(clause, {U"现", U"目前", U"如今", U"眼下"}) &&
         ContainsAny(clause, {U"有效", U"维持", U"授权状态"}) &&
         !ContainsAny(clause, {U"未", U"无效", U"有效期", U"不", U"其他", U"另"});
}

// 因未缴年费终止，2024年5月已恢复权利: in force again; 已请求恢复权利 has a row of its own.
bool IsRestored(const LivenessPlace& at) {
  if (!ContainsAny(at.word(), {U"终止", U"失效", U"缴", U"费", U"撤回", U"到期", U"过期", U"届满", U"视撤"}))
    return false;
  if (StatesAny(at, at.end, at.text.size(),
                {U"已恢复",     U"权利已恢复", U"恢复了权利", U"获准恢复",   U"准予恢复",   U"已予恢复",
                 U"年恢复权利", U"月恢复权利", U"日恢复权利", U"后恢复权利", U"已办理恢复", U"恢复权利成功",
                 U"恢复有效",   U"办了恢复",   U"办理了恢复", U"同年恢复",   U"当年恢复",   U"次年恢复",
                 U"随即恢复",   U"及时恢复",   U"补缴恢复",   U"恢复成功"}) ||
      AnyClause(at.rest(), StandsNow))
    return true;
  return StatesAny(at, at.end, at.text.size(),
                   {U"请求恢复", U"申请恢复", U"恢复请求", U"恢复期内", U"处于恢复期", U"在恢复期",
                    U"恢复手续", U"恢复程序", U"正在恢复", U"尚可恢复", U"可恢复权利", U"可以恢复权利"},
                   {U"逾期未", U"未在", U"并未", U"也未", U"未再", U"未提", U"放弃"}) &&
         !ContainsAny(at.rest(), {U"未获", U"未准", U"未予", U"不予", U"被驳", U"已过"});
}

// Words of the table that say it with a sign alone that it happened.
bool IsPlainLapse(std::u32string_view word) {
  return word == U"终止" || word == U"失效" || word == U"届满" || word == U"期满" || word == U"到期" ||
         word == U"已满" || word == U"满了";
}

// 专利权公告终止, 专利权因欠费被终止, 保护期已于5月届满: said of a right itself, not of its matter
// (该专利催化剂因中毒失效). A term with a year alone (2041年到期) may be to come.
bool HasLapsed(const LivenessPlace& at) {
  const std::u32string_view before = at.before(), subject = TrimRight(before, kWhenAndHow);
  if (ContainsAny(before, {U"将", U"拟", U"若", U"如", U"可能", U"会被", U"避免", U"防止", U"否则"}) ||
      StartsWithAny(at.rest(), {U"后", U"前", U"时", U"日", U"程序", U"条款", U"条件", U"期", U"的", U"率",
                                U"模式", U"机理", U"分析", U"风险", U"概率", U"试验", U"判"}))
    return false;
  if (at.word() == U"已满" || at.word() == U"满了") return ContainsAny(before, {U"保护期"});
  if (at.word() != U"终止" && at.word() != U"失效")
    return ContainsAny(before, {U"已", U"早就", U"去年", U"前年"}) &&
           (subject.empty() || EndsInAny(subject, kNamesOfRights) ||
            EndsInAny(subject, {U"保护期", U"保护期限", U"有效期"}));
  if (!ContainsAny(before, {U"已", U"被", U"因", U"于", U"年", U"月", U"日", U"公告", U"自动", U"随", U"早",
                            U"一度", U"自然", U"期满", U"届满"}))
    return false;
  if (subject.empty() || EndsInAny(subject, kNamesOfRights)) return true;
  size_t named = 0;
  for (const std::u32string_view right : kNamesOfRights) {
    const size_t place = before.rfind(right);
    if (place != kNone) named = std::max(named, place);
  }
  return ContainsAny(before.substr(named), {U"费", U"缴", U"到期", U"期满", U"届满", U"知识产权局", U"放弃"});
}

const LivenessRow* LapseSaid(const LivenessPlace& at) {
  if (IsOfAnotherMatter(at) || IsRejectionOpen(at) || IsRestored(at)) return nullptr;
  if (IsPlainLapse(at.word()) && !HasLapsed(at)) return nullptr;
  // 被驳回，重新申请，已授权.
  if (ContainsAny(at.word(), {U"驳回", U"撤回", U"视撤"}) && IsGrantedSince(at)) return nullptr;
  if (at.word().ends_with(U"放弃") && StartsWithAny(at.behind(), {U"优先权", U"部分", U"对"})) return nullptr;
  const OtherKind other = OtherKindStands(at);
  const bool beside = ContainsAny(at.before(), {U"外围", U"配套", U"辅助", U"附属", U"同日"});
  if (other == OtherKind::kMinorLapsed || (beside && GrantedElsewhere(at))) return nullptr;
  const bool in_part = other == OtherKind::kInventionLapsed || IsOfAPart(at);
  return in_part ? RowWith(U"部分失效", *at.tables) : at.row;
}

// 不转让，可普通许可: what is refused is not what is offered.
bool OffersTheOther(const LivenessPlace& at) {
  const bool licence = ContainsAny(
      at.word(), {U"许可", U"授权", U"合作", U"提供", U"自用", U"使用", U"外传", U"外放", U"处置"});
  const bool sale = ContainsAny(at.word(), {U"转让", U"出售", U"出让", U"卖"});
  if (licence == sale) return false;
  if (licence)
    return StatesAny(
        at, 0, at.text.size(),
        {U"可转让", U"可以转让", U"可整体转让", U"愿意转让", U"只转让", U"仅转让", U"可买断", U"可出售"},
        {U"不", U"未", U"没", U"拒"});
  return StatesAny(at, 0, at.text.size(),
                   {U"可许可", U"可以许可", U"普通许可", U"开放许可", U"愿意许可", U"愿许可", U"可对外许可",
                    U"可以对外许可", U"只许可", U"仅许可", U"只做许可", U"只想许可", U"只愿许可",
                    U"可实施许可", U"接受许可", U"可授权", U"可以授权", U"可合作"},
                   {U"不接受", U"不再", U"不同意", U"不愿", U"不对外", U"未", U"没", U"拒"});
}

// 不得再许可 of a licence that ends, or has ended, holds no longer than it; 未经同意不得转让 asks for
// consent.
const LivenessRow* RefusalSaid(const LivenessPlace& at) {
  if (ContainsAny(at.before(), {U"未经", U"前", U"期间", U"期内", U"无偿", U"低价", U"单独", U"单方", U"个人",
                                U"发明人", U"课题组", U"团队", U"被许可"}) ||
      ContainsAny(at.behind(), {U"境外", U"国外", U"外国", U"个人"}) || OffersTheOther(at))
    return nullptr;
  if (ContainsAny(at.before(), {U"年内"})) return RowWith(U"方可许可", *at.tables);  // 三年内不得再许可
  if (!IsOfLicence(at.text)) return at.row;
  if (AnyClause(at.text, [](std::u32string_view clause) { return SaysLicenceIsOver(clause, true); }))
    return nullptr;
  return AnyClause(at.text, EndsLicence) ? RowInPlace("licence_ends", *at.tables) : at.row;
}

const LivenessRow* PendingSaid(const LivenessPlace& at) {
  if (StartsWithAny(at.behind(), {U"延", U"续展", U"变更", U"恢复", U"撤", U"解除", U"开放许可", U"声明",
                                  U"征集", U"招标", U"挂牌", U"遴选", U"发布", U"转让", U"许可"}))
    return nullptr;
  return OtherKindStands(at) == OtherKind::kMinorLapsed || IsGrantedSince(at) ? nullptr : at.row;
}

// 质押已解除, 曾有争议，判决归本校.
bool IsCleared(const LivenessPlace& at) {
  if (WasOnce(at) || ContainsAny(at.before(), {U"驳回"}) || ContainsAny(at.behind(), {U"的注销"}))
    return true;
  const WordList open = {U"审理中", U"未决",   U"尚未判决", U"尚未结案", U"尚未裁",
                         U"尚未审", U"尚未终", U"进行中",   U"正在",     U"二审中",
                         U"未审结", U"未结",   U"未判",     U"待判",     U"上诉"};
  if (ContainsAny(at.clause(), open) || ContainsAny(at.sentence_behind(), open)) return false;
  return StatesAny(
      at, at.end, at.text.size(),
      {U"已解除",     U"已解押",   U"已全部解除", U"解除质押",       U"质押解除",     U"解除查封",
       U"解除冻结",   U"已注销",   U"月解除",     U"日解除",         U"年解除",       U"撤诉",
       U"已撤回",     U"已和解",   U"达成和解",   U"和解结案",       U"已结案",       U"已了结",
       U"已终结",     U"已审结",   U"已办结",     U"已解决",         U"已澄清",       U"已理清",
       U"已厘清",     U"已结清",   U"判决归本",   U"判归本",         U"判归我",       U"归本校",
       U"归本院",     U"归本所",   U"归本公司",   U"归我",           U"归权利人",     U"归申请人",
       U"胜诉",       U"终审维持", U"维持有效",   U"维持专利权有效", U"维持专利有效", U"驳回对方",
       U"驳回原告",   U"驳回其",   U"驳回无效",   U"被驳回",         U"已驳回",       U"请求不成立",
       U"异议不成立", U"还清",     U"月注销",     U"年注销",         U"日注销",       U"月解押",
       U"年解押",     U"已解封",   U"月解封",     U"已解密"});
}

const LivenessRow* DisputeSaid(const LivenessPlace& at) {
  const bool plain = at.word() == U"权属" || at.word() == U"产权";
  if (plain && !ContainsAny(at.clause(), {U"协商", U"争", U"纠纷", U"未定", U"待定", U"不清", U"不明",
                                          U"存疑", U"诉", U"仲裁", U"未理清", U"未厘清", U"未明确"}))
    return nullptr;
  return IsCleared(at) ? nullptr : at.row;
}

bool AreFeesPaid(const LivenessPlace& at) {
  if (at.before().ends_with(U"已") ||
      ContainsAny(at.before(), {U"已补", U"已缴", U"已交", U"缴清", U"补齐"}) ||
      StartsWithAny(at.behind(), {U"已缴", U"已补", U"已交", U"已清"}))
    return true;
  return StatesAny(at, at.end, at.text.size(),
                   {U"已补缴", U"已缴清", U"已补交", U"已缴纳", U"已缴齐", U"补缴完毕", U"已续缴", U"已恢复",
                    U"已缴至", U"缴至", U"现已缴", U"恢复权利"}) &&
         !ContainsAny(at.rest(), {U"未恢复", U"逾期"});
}

const LivenessRow* GrantSaid(const LivenessPlace& at) {
  const std::u32string_view word = at.word(), before = at.before(), behind = at.behind();
  if (IsOfOthers(at)) return nullptr;
  if (word == U"登记" &&
      (EndsInAny(before, {U"质押", U"备案", U"转让", U"变更", U"撤销", U"注销", U"出质", U"合同", U"解除"}) ||
       StartsWithAny(behind, {U"簿", U"机关", U"部门", U"费"})))
    return nullptr;
  if (word == U"维持" && StartsWithAny(behind, {U"驳回", U"原驳回", U"无效", U"终止", U"期"})) return nullptr;
  if (word == U"有效" && behind.starts_with(U"期")) return nullptr;
  if (ContainsAny(word, {U"有效期"}) && ContainsAny(before, {U"许可", U"合同", U"协议", U"登记证", U"批件"}))
    return nullptr;
  if (word.starts_with(U"授权") && StartsWithAny(behind, {U"委托", U"代理", U"经销", U"书"})) return nullptr;
  if (IsRow(at, U"可转让")) {
    // 2028年起可许可: not now; 即日起 is.
    const bool later = before.ends_with(U"起") && !ContainsAny(before, {U"即日", U"现", U"今日"});
    const bool refused = later || EndsInAny(before, {U"不", U"不得", U"未", U"禁止", U"限制", U"不再", U"方",
                                                     U"才", U"后", U"并非", U"无权"});
    return refused ? nullptr : at.row;
  }
  if (!IsYetToCome(at.text, at.begin, at.end)) return at.row;
  const bool of_grant = StartsWithAny(word, {U"授权", U"审定", U"登记", U"已授权"});
  return of_grant && !IsForeign(at) ? RowWith(U"申请中", *at.tables) : nullptr;
}

}  // namespace

const LivenessRow* RightSaid(const LivenessPlace& at) {
  if (at.row->effect == LivenessEffect::kFine) return GrantSaid(at);
  if (ClaimOf(at.text, at.begin, at.end, ClaimSubject::kLiveness, *at.tables) != Claim::kStated)
    return nullptr;
  if (at.begin > 0 && at.text[at.begin - 1] == U'不') return nullptr;
  if (IsRow(at, U"须经"))
    return NeedsConsent(at,
                        {U"单位", U"校",   U"院",     U"所",   U"组织", U"人事", U"上级", U"党组", U"主管",
                         U"部门", U"共有", U"权利人", U"各方", U"双方", U"全体", U"对方", U"质权", U"国资",
                         U"审批", U"厅",   U"局",     U"委",   U"本人", U"集团", U"公司", U"股东", U"董事会"})
               ? at.row
               : nullptr;
  if (IsRow(at, U"方可许可")) {
    const bool disclosed = ContainsAny(at.word(), {U"国防", U"保密", U"涉密"}) &&
                           (ContainsAny(at.before(), {U"原"}) || ContainsAny(at.rest(), {U"已解密"}));
    return disclosed || IsConsentGiven(at) ? nullptr : at.row;
  }
  if (IsOfOthers(at) || IsForeign(at)) return nullptr;
  if (at.row->effect == LivenessEffect::kBlock) {
    if (IsLapse(at)) return LapseSaid(at);
    if (IsRow(at, U"已转让")) return TransferSaid(at);
    return IsOfLicence(at.word()) ? LicenceSaid(at) : RefusalSaid(at);
  }
  if (IsPending(at)) return PendingSaid(at);
  if (IsRow(at, U"质押")) return DisputeSaid(at);
  if (IsRow(at, U"补缴")) return AreFeesPaid(at) ? nullptr : at.row;
  // 许可合同年底到期 is no end of the right.
  if (IsRow(at, U"即将于") &&
      ContainsAny(at.before(), {U"许可", U"合同", U"协议", U"独占", U"独家", U"质押"}))
    return nullptr;
  const bool term = at.word() == U"即将于";
  return term && !ContainsAny(at.behind(), {U"届满", U"到期", U"期满", U"终止", U"失效"}) ? nullptr : at.row;
}

}  // namespace dongxi::requirement
