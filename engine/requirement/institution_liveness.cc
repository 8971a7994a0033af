// What the words of an institution's text say of it: closed, renamed or merged, its licences and credit,
// moving.
#include "engine/requirement/claim.h"
#include "engine/requirement/liveness_rules.h"
#include "engine/text/normalize.h"

namespace dongxi::requirement {
namespace {

constexpr size_t kNone = std::u32string_view::npos;

constexpr std::u32string_view kWhen = U"0123456789年月日初底末于在后已被经由均都也又再现因为正式上半下旬中 ";
constexpr std::u32string_view kNameEnds = U"学院所校厂站系室社心司局队馆位构等团";

// As a text calls the institution that it is about.
constexpr WordList kSelf = {U"本校",   U"我校",   U"该校",   U"本院",   U"我院",   U"该院",
                            U"本所",   U"我所",   U"该所",   U"本中心", U"该中心", U"本单位",
                            U"该单位", U"本公司", U"我公司", U"该公司", U"我司",   U"本站",
                            U"我站",   U"本厂",   U"我厂",   U"本集团"};
constexpr WordList kPartners = {U"合作单位", U"合作方",   U"合作伙伴", U"合作公司", U"合作企业", U"协作单位",
                                U"共建单位", U"供应商",   U"参股",     U"控股",     U"分公司",   U"分支机构",
                                U"关联公司", U"关联企业", U"联营",     U"合资公司", U"合资企业", U"下属",
                                U"旗下",     U"原股东",   U"子公司",   U"共同研发", U"合作厂",   U"项目公司",
                                U"母公司",   U"大股东",   U"股东单位", U"客户",     U"同行",     U"竞争对手",
                                U"分院",     U"分校",     U"分所",     U"分中心",   U"承租",     U"租户",
                                U"入驻企业", U"入园企业", U"被投企业", U"园内企业", U"园区企业", U"业主"};
// What an institution has and may close without closing itself.
constexpr WordList kParts = {
    U"原址", U"厂区",   U"旧址",   U"老院区", U"窗口",   U"网点",   U"矿",     U"矿井",   U"矿山", U"尾矿库",
    U"电厂", U"机组",   U"电站",   U"产品",   U"型号",   U"生产线", U"产线",   U"机型",   U"车型", U"装置",
    U"设备", U"老厂",   U"旧厂",   U"老线",   U"旧线",   U"老校区", U"旧校区", U"原校区", U"分厂", U"车间",
    U"门店", U"办事处", U"代表处", U"项目部", U"许可证", U"证书",   U"商标",   U"专利",   U"账户", U"品种",
    U"药品", U"期刊",   U"专业",   U"学科",   U"课题组", U"工程",   U"一期"};

bool IsRename(const LivenessPlace& at) { return at.row == RowWith(U"更名为", *at.tables); }

std::u32string_view WithoutWhen(std::u32string_view text) { return TrimRight(TrimLeft(text, kWhen), kWhen); }

std::u32string_view OwnName(const LivenessPlace& at) {
  const std::u32string_view name = at.title.substr(0, at.title.find_first_of(U",( 、:·"));
  return name.size() >= 2 ? name : std::u32string_view();
}

bool NamesItself(const LivenessPlace& at, std::u32string_view text) {
  const std::u32string_view name = OwnName(at);
  return !name.empty() && text.find(name) != kNone;
}

// 2000年湖北医科大学整体: whose. The name of an institution has four characters or more and an end of its
// own; 2003年整体 and 学校于2003年 name none, an agent (被某局) is not whom it happens to, and of 随省农科院
// the record is a part.
bool NamesAnother(const LivenessPlace& at, std::u32string_view clause) {
  constexpr std::u32string_view kWhenAndHow =
      U"0123456789年月日初底末于在后已被经由均都也又再整体先后相继正式全部同时 ";
  const std::u32string_view name = TrimRight(TrimLeft(clause, kWhenAndHow), kWhenAndHow);
  if (name.size() < 4 || !IsOneOf(name.back(), kNameEnds) || name.front() == U'随') return false;
  const std::u32string_view ahead = clause.substr(0, clause.find(name));
  if (ahead.find_first_of(U"被经由在") != kNone || name.find_first_of(U"被经向由因自") != kNone) return false;
  const bool itself =
      IsOneOf(name.front(), U"该本我全") || NamesItself(at, name) || at.title.starts_with(name);
  return !itself;
}

// 早期合作单位乙公司已注销, 与乙公司合作建厂，该公司已破产, 老厂区已关停: it goes on without them.
bool AnotherStopped(const LivenessPlace& at) {
  const std::u32string_view clause = at.before(), sentence = at.sentence_before();
  if (NamesItself(at, clause) && !ContainsAny(clause, {U"的产品", U"的子公司", U"分公司", U"分院", U"分校"}))
    return false;
  if (ContainsAny(clause, kPartners)) return true;
  const std::u32string_view subject = WithoutWhen(clause);
  const bool refers_back = subject.empty() || StartsWithAny(subject, {U"该公司", U"该企业", U"该厂",
                                                                      U"该单位", U"后者", U"对方", U"其"});
  if (!refers_back && StartsWithAny(subject, {U"该", U"本", U"我"})) return false;
  if (ContainsAny(clause, {U"上一代", U"前一代", U"老一代", U"第一代", U"老款", U"旧款"}) ||
      EndsInAny(TrimRight(clause, kWhen), kParts))
    return true;
  if (!refers_back) return false;
  const std::u32string_view last = LastClause(sentence.substr(0, sentence.size() - clause.size()));
  if (ContainsAny(last, {U"并购", U"收购", U"合资", U"出资", U"投资设立", U"入股", U"孵化"}) &&
      ContainsAny(last, {U"公司"}) && ContainsAny(subject, {U"公司"}))
    return true;
  return ContainsAny(last, kPartners) && last.find_first_of(U"为系是") == kNone &&
         !ContainsAny(last, kSelf) && !NamesItself(at, last);
}

// 代理破产清算案件, 承办企业注销登记: its trade.
bool IsItsTrade(const LivenessPlace& at) {
  if (IsRename(at) && ContainsAny(at.before(), {U"业务"})) return false;  // 业务整体划转至甲中心
  return !IsOneOf(at.text[at.begin], U"已年月日现") &&
         ContainsAny(at.before(),
                     {U"从事",   U"代理", U"代办", U"承办", U"协助", U"帮助",     U"指导",   U"业务",
                      U"主营",   U"擅长", U"涵盖", U"受理", U"开展", U"办理企业", U"服务于", U"提供",
                      U"为企业", U"承担", U"修复", U"负责", U"评估", U"处置",     U"盘活",   U"面向"});
}

// 2022年停业，2023年重新开业, 已移出异常名录; 预计2027年恢复 is to come.
bool IsRecovered(const LivenessPlace& at) {
  return StatesAny(
      at, at.end, at.text.size(),
      {U"已恢复",       U"恢复营业",   U"恢复经营",  U"恢复运营", U"恢复生产", U"恢复办学", U"恢复招生",
       U"恢复服务",     U"恢复资质",   U"恢复开放",  U"恢复建制", U"恢复承接", U"恢复检测", U"复工复产",
       U"已复产",       U"已复工",     U"重新开张",  U"重新开业", U"重新开放", U"重新登记", U"重新成立",
       U"重新组建",     U"重新取得",   U"重新获得",  U"复建",     U"复校",     U"复办",     U"移出",
       U"移除",         U"信用修复",   U"已修复",    U"已履行",   U"履行完毕", U"执行完毕", U"重整成功",
       U"重整完成",     U"整改完成",   U"整改到位",  U"完成整改", U"已换证",   U"已换发",   U"换发完毕",
       U"换发完成",     U"已换领",     U"已续期",    U"已延续",   U"已解封",   U"已解除",   U"搬迁完毕",
       U"搬迁完成",     U"完成搬迁",   U"改制完成",  U"完成改制", U"复业",     U"已复岗",   U"重整获批",
       U"重整计划获批", U"计划已获批", U"已恢复接样"},
      {U"正在", U"正申请", U"已提交", U"明年", U"后年", U"预计", U"预期", U"计划", U"届时", U"待", U"力争",
       U"争取", U"拟", U"将", U"下半年", U"年底前", U"后方", U"后可", U"尚"});
}

// 1952年停办，1985年复建: what it was founded upon.
bool IsFoundedSince(const LivenessPlace& at) {
  const int year = LatestYear(at.clause());
  return year > 0 && AnyClause(at.rest(), [&](std::u32string_view clause) {
           return LatestYear(clause) > year &&
                  ContainsAny(clause, {U"复", U"重建", U"重新", U"成立", U"组建", U"建校", U"招生", U"更名",
                                       U"升格"}) &&
                  !ContainsAny(clause, {U"未", U"拟", U"将"});
         });
}

constexpr std::u32string_view kBeforeName = U"“”\"「『《 为成作:了";

// The name that the record bears: how it came to be, no doubt of what it is.
bool IsOwnName(const LivenessPlace& at, std::u32string_view text) {
  text = TrimLeft(text, kBeforeName);
  if (StartsWithAny(text, {U"现名", U"今名", U"本名", U"现在的名称", U"现在名称", U"现用名", U"本校", U"本院",
                           U"本所"}))
    return true;
  if (!at.title.empty() && text.starts_with(at.title)) return true;
  const std::u32string_view name = text.substr(0, text.find_first_of(U",。;:!?\n\r”\"」』》("));
  return name.size() >= 4 && at.title.starts_with(name);
}

// 由甲、乙两所合并组建, and a rename to the name that the record bears, here or further on.
bool IsHowItCameToBe(const LivenessPlace& at) {
  std::u32string_view behind = at.behind();
  if (IsOwnName(at, at.rest()) || StartsWithAny(behind, {U"而来", U"而成"})) return true;
  constexpr std::u32string_view kFounded[] = {U"组建", U"成立", U"形成", U"建成", U"设立", U"而成"};
  if (ContainsAny(at.before(), {U"由"}) && !ContainsAny(at.word(), {U"被", U"更名"})) {
    bool founded = behind.empty();
    for (const std::u32string_view word : kFounded) {
      if (!behind.starts_with(word)) continue;
      founded = true;
      behind.remove_prefix(word.size());
      break;
    }
    if (founded && (behind.empty() || !IsHan(behind[0]) || IsOwnName(at, behind))) return true;
  }
  for (const std::u32string_view word : {U"更名", U"改名", U"升格", U"定名", U"组建", U"成立"}) {
    for (size_t place = at.text.find(word, at.end); place != kNone; place = at.text.find(word, place + 1)) {
      if (IsOwnName(at, at.text.substr(place + word.size()))) return true;
    }
  }
  return ContainsAny(at.rest(), {U"现名"});
}

// 2005年化学系更名为化学学院, 法定代表人变更为: a part of it, or what is said of it.
bool IsOfItsPart(const LivenessPlace& at) {
  const std::u32string_view of = WithoutWhen(at.before());
  if (ContainsAny(of, {U"隶属关系", U"管理体制", U"主管部门", U"管理关系"})) return true;
  if (of.empty()) return false;
  if (StartsWithAny(of, {U"所属", U"下属", U"附属", U"旗下", U"直属", U"其", U"内设", U"原分管", U"原下属",
                         U"原所属", U"原属", U"分管"}))
    return true;
  if (EndsInAny(of, {U"依托单位", U"法人代表", U"代表人",   U"法人",   U"负责人", U"地址",     U"住所",
                     U"注册资本", U"股东",     U"经营范围", U"联系人", U"权属",   U"主办单位", U"举办单位",
                     U"系",       U"专业",     U"学科",     U"期刊",   U"杂志",   U"学报",     U"教研室",
                     U"研究室",   U"实验室",   U"课题组",   U"品牌",   U"产品",   U"商标",     U"支部",
                     U"项目",     U"科",       U"部",       U"期",     U"课程",   U"班"}))
    return true;
  return ContainsAny(at.title, {U"大学"}) && EndsInAny(of, {U"学院", U"研究院", U"研究所", U"中心"}) &&
         !at.title.starts_with(of);
}

// 湖北医科大学并入本校, 湖北医科大学等并入。: others came to the record, which goes on.
bool OthersCame(const LivenessPlace& at) {
  if (!ContainsAny(at.word(), {U"并入", U"划入", U"整合", U"归并", U"划归", U"划转", U"并到", U"移交",
                               U"转隶", U"合并入", U"合并到", U"合并至"}))
    return false;
  const std::u32string_view before = at.before(), behind = TrimLeft(at.behind(), U"至到给了");
  if (ContainsAny(before, kSelf)) return false;  // 本所并入该校
  if (StartsWithAny(behind, kSelf) || IsOwnName(at, behind)) return true;
  const bool itself = !at.title.empty() && before.find(at.title) != kNone;
  return at.behind().empty() && !itself && NamesAnother(at, TrimLeft(before, U"将把"));
}

// 1998年划转教育部管理: another ministry looks after the record, which is what it was.
bool ChangedMinistry(const LivenessPlace& at) {
  if (!ContainsAny(at.word(), {U"划转", U"划归", U"移交", U"转隶"})) return false;
  const std::u32string_view to = TrimLeft(at.behind(), U"至到归给由为入");
  for (const std::u32string_view ministry :
       {U"教育部",     U"科技部",         U"科学技术部", U"工信部",     U"工业和信息化部", U"农业部",
        U"农业农村部", U"水利部",         U"自然资源部", U"国土资源部", U"生态环境部",     U"卫生部",
        U"国家卫健委", U"国家卫生健康委", U"交通部",     U"交通运输部", U"铁道部",         U"建设部",
        U"国资委",     U"国务院国资委",   U"国家民委"}) {
    if (!to.starts_with(ministry)) continue;
    const std::u32string_view rest = to.substr(ministry.size());
    if (rest.empty() || StartsWithAny(rest, {U"管理", U"主管", U"领导", U"直管", U"直属管理"})) return true;
  }
  return EndsInAny(to, {U"管理", U"主管", U"领导", U"直管", U"代管", U"共管", U"共建"}) &&
         to.find_first_of(U"厅局委办部省市州县") != kNone;
}

// 更名 alone counts with the new name behind it or where it happened lately (今年9月单位更名), 改制为 with
// one: 改制为科技型企业 is a kind.
bool NamesNoNewName(const LivenessPlace& at) {
  const std::u32string_view behind = TrimLeft(at.behind(), kBeforeName);
  if (at.word() == U"更名" || at.word() == U"改名" || at.word() == U"更名后") {
    if (ContainsAny(at.before(), {U"今年", U"去年", U"上月", U"本月", U"上个月", U"近日", U"日前", U"近期",
                                  U"最近", U"刚", U"新近", U"不久前"}))
      return false;
    const std::u32string_view name = behind.substr(0, behind.find_first_of(U"”\"」』》(、"));
    return name.size() < 4 || !(IsOneOf(name.back(), kNameEnds) || EndsInAny(name, {U"集团"}));
  }
  return ContainsAny(at.word(), {U"改制为", U"转制为", U"改组为", U"改建为"}) &&
         StartsWithAny(behind, {U"企业", U"科技型", U"国有", U"股份制", U"公司制", U"事业", U"民营", U"集体",
                                U"混合", U"有限责任", U"现代企业", U"科技企业", U"非营利", U"独立法人"});
}

// 更名为乙院，承接原单位全部权利义务: what was signed with it holds.
bool IsSucceeded(const LivenessPlace& at) {
  return StatesAny(
      at, at.end, at.text.size(),
      {U"全部权利义务", U"承接原单位全部", U"承接全部",   U"全部承继", U"全部承接",  U"业务资质全部",
       U"资质均保留",   U"人员和资质不变", U"业务不变",   U"主体不变", U"承继全部",  U"资质已变更",
       U"资质均已变更", U"证书已变更",     U"证照已变更", U"资质已换", U"证书已换",  U"证照已换",
       U"手续已办完",   U"手续已办妥",     U"手续均已办", U"手续都办", U"手续已全部"},
      {U"尚", U"待", U"正在", U"未"});
}

const LivenessRow* RenameSaid(const LivenessPlace& at) {
  if (IsSucceeded(at)) return nullptr;
  const bool nothing =
      NamesNoNewName(at) || IsHowItCameToBe(at) || IsOfItsPart(at) || OthersCame(at) || ChangedMinistry(at);
  return nothing ? nullptr : at.row;
}

// 资质已被撤销: it goes on without it, as far as that goes.
bool IsOfALicence(const LivenessPlace& at) {
  const std::u32string_view before = at.before();
  return ContainsAny(at.word(), {U"吊销", U"撤销", U"取消", U"注销"}) &&
         !StartsWithAny(at.word(), {U"执业", U"办学", U"营业", U"执照"}) &&
         ContainsAny(before, {U"资质", U"证书", U"认证", U"认定", U"资格", U"称号", U"牌照", U"许可", U"cma",
                              U"cnas"}) &&
         !ContainsAny(before, {U"法人", U"排污", U"取水", U"爆破", U"商标"}) &&
         !ContainsAny(before, kPartners);
}

bool IsPlannedEnd(const LivenessPlace& at) {
  return at.row->effect == LivenessEffect::kBlock &&
         ContainsAny(at.before(), {U"拟", U"计划", U"即将", U"将", U"预计"});
}

// A plain verb needs a sign that it was done: 已停办, 2024年停业.
bool IsPlainVerb(std::u32string_view word) {
  constexpr std::u32string_view kPlain[] = {U"注销", U"吊销", U"停办", U"停业", U"关停", U"关闭",
                                            U"解散", U"散伙", U"撤销", U"破产", U"歇业", U"取缔"};
  return std::find(std::begin(kPlain), std::end(kPlain), word) != std::end(kPlain);
}

bool IsBareState(std::u32string_view word) { return word == U"存续" || word == U"在业" || word == U"在营"; }

bool IsANoun(const LivenessPlace& at) {
  if (at.rest().starts_with(U"的")) return true;
  if (at.row->effect == LivenessEffect::kLower)
    return !IsRename(at) && IsOneOf(at.text[at.begin], U"已被") &&
           SaysHowAnotherStands(at, {U"经营", U"名录", U"失信", U"状态", U"资质", U"程序", U"期", U"公告"});
  return SaysHowAnotherStands(
      at, {U"营业执照", U"执照", U"登记", U"法人", U"多年", U"手续", U"整顿", U"运营", U"建制", U"资质",
           U"检验资质", U"办学", U"执业", U"名录", U"状态", U"清算", U"重整", U"程序", U"公告", U"倒闭"});
}

}  // namespace

const LivenessRow* InstitutionSaid(const LivenessPlace& at) {
  const Claim claim = ClaimOf(at.text, at.begin, at.end, ClaimSubject::kLiveness, *at.tables);
  if (claim == Claim::kDenied || (at.begin > 0 && IsOneOf(at.text[at.begin - 1], U"不非否未难")))
    return nullptr;
  if (at.row->effect == LivenessEffect::kFine) {
    const bool noun = IsBareState(at.word()) && SaysHowAnotherStands(at, {});  // 存续期
    if (claim != Claim::kStated || noun || AnotherStopped(at)) return nullptr;
    return ComesLater(at) ? RowWith(U"暂不承接", *at.tables) : at.row;
  }
  if (IsANoun(at) || ContainsAny(at.before(), {U"前身"}) || (IsPlainVerb(at.word()) && !IsSignedAsDone(at)))
    return nullptr;
  if (claim == Claim::kStated && IsOfALicence(at)) {
    const bool given_up = ContainsAny(at.word(), {U"注销"}) || IsRecovered(at);
    return given_up ? nullptr : RowWith(U"资质被撤销", *at.tables);
  }
  if (AnotherStopped(at) || IsItsTrade(at) || IsRecovered(at)) return nullptr;
  const bool of_itself =
      IsRename(at) || StartsWithAny(at.word(), {U"执业", U"办学", U"营业", U"执照", U"资质", U"证书", U"认证",
                                                U"状态", U"许可证"});
  if (!of_itself && NamesAnother(at, at.before())) return nullptr;
  if (claim == Claim::kPlanned) return IsPlannedEnd(at) ? RowWith(U"拟注销", *at.tables) : nullptr;
  if (IsRename(at)) return RenameSaid(at);
  return at.row->effect == LivenessEffect::kBlock && IsFoundedSince(at) ? nullptr : at.row;
}

}  // namespace dongxi::requirement
