// What the words of an expert's text say of him: retired or gone, taking nothing more, busy, abroad, ill,
// bound to ask his institution.
#include "engine/requirement/claim.h"
#include "engine/requirement/liveness_rules.h"
#include "engine/text/normalize.h"

namespace dongxi::requirement {
namespace {

constexpr size_t kNone = std::u32string_view::npos;

constexpr WordList kOtherPeople = {
    U"导师",         U"恩师",       U"师傅",       U"前任",     U"搭档",       U"同事",         U"合作者",
    U"合作伙伴",     U"合作专家",   U"丈夫",       U"妻子",     U"爱人",       U"配偶",         U"老伴",
    U"父亲",         U"母亲",       U"学生",       U"弟子",     U"同名",       U"课题组负责人", U"课题负责人",
    U"原学科带头人", U"学科组长",   U"团队负责人", U"团队首席", U"团队带头人", U"团队成员",     U"团队骨干",
    U"课题组长",     U"课题组成员", U"技术负责人", U"原负责人", U"原带头人",   U"助手",         U"合伙人",
    U"第一完成人",   U"老所长",     U"老院长",     U"老主任",   U"老教授",     U"老专家",       U"老师傅",
    U"子女",         U"儿子",       U"女儿",       U"家人",     U"家属",       U"孩子",         U"师兄",
    U"师姐",         U"继任者",     U"推荐人",     U"创始人",   U"奠基人",     U"创建人",       U"前主任",
    U"前所长",       U"前院长",     U"原主任",     U"原所长",   U"原院长",     U"老领导",       U"首任主任",
    U"老伙伴",       U"岳父",       U"岳母",       U"公婆"};
constexpr std::u32string_view kWhen = U"0123456789年月日初底末于在后已被经由均都也又再现因为正式上半下旬中 ";

bool IsRow(const LivenessPlace& at, std::u32string_view word) { return at.row == RowWith(word, *at.tables); }

bool SpeaksOfHimself(const LivenessPlace& at, std::u32string_view text) {
  const std::u32string_view name = at.title.substr(0, at.title.find_first_of(U",( 、:·"));
  return ContainsAny(text, {U"本人", U"该专家", U"自己", U"其人"}) ||
         (name.size() >= 2 && ContainsAny(text, {name}));
}

// 学生10人 counts people.
bool CountsPeople(std::u32string_view clause) {
  for (size_t i = 1; i < clause.size(); ++i) {
    if (IsOneOf(clause[i], U"人名位") && (IsNumeral(clause[i - 1]) || IsOneOf(clause[i - 1], U"余多数")))
      return true;
  }
  return false;
}

bool BeginsWithAnother(std::u32string_view clause) {
  clause = TrimLeft(clause, U" ");
  if (CountsPeople(clause)) return false;
  if (StartsWithAny(clause,
                    {U"其夫", U"其妻", U"其父", U"其母", U"其子", U"其女", U"其兄", U"其弟", U"其师"}))
    return true;
  for (const std::u32string_view whose :
       {U"其原", U"其", U"原", U"曾", U"他的", U"她的", U"现", U"所在", U"该"}) {
    if (!clause.starts_with(whose)) continue;
    clause.remove_prefix(whose.size());
    break;
  }
  return StartsWithAny(clause, kOtherPeople);
}

// 师从某教授，该教授已退休; 其导师为某院士，已去世; 团队首席去世后，由其接任.
bool IsOfAnotherPerson(const LivenessPlace& at) {
  const std::u32string_view clause = at.before(), sentence = at.sentence_before();
  if (SpeaksOfHimself(at, clause) || SpeaksOfHimself(at, at.word())) return false;
  const std::u32string_view earlier = sentence.substr(0, sentence.size() - clause.size());
  const std::u32string_view last = LastClause(earlier);
  const bool refers_back =
      StartsWithAny(TrimLeft(clause, U" "),
                    {U"该教授", U"该老师", U"该院士", U"该先生", U"该研究员", U"该学者", U"该同志", U"该老",
                     U"该负责人", U"该导师", U"该骨干", U"后者", U"对方", U"两人", U"二人", U"其"});
  if (refers_back && !SpeaksOfHimself(at, last) &&
      (ContainsAny(earlier, kOtherPeople) ||
       ContainsAny(earlier, {U"师从", U"师承", U"跟随", U"老师", U"院士"})))
    return true;
  if (BeginsWithAnother(clause)) return true;
  // 研究室创始人已退休多年.
  if (EndsInAny(TrimRight(clause, kWhen), kOtherPeople) && !CountsPeople(clause)) return true;
  if (at.rest().starts_with(U"后") &&
      ContainsAny(at.sentence_behind(), {U"接任", U"继任", U"接替", U"接手", U"接棒"}))
    return true;
  if (ContainsAny(clause, {U"培养的", U"指导的", U"带过的", U"带出的", U"招收的", U"培养出", U"患者",
                           U"病人",   U"牧民",   U"农户",   U"病例",   U"死者",   U"病畜",   U"老人",
                           U"用户",   U"客户",   U"群众",   U"学员",   U"校友",   U"会员"}))
    return true;
  return TrimLeft(clause, kWhen).empty() && BeginsWithAnother(last) && !SpeaksOfHimself(at, last) &&
         !ContainsAny(last, {U"后", U"时", U"期间"});
}

bool IsOfRetirement(std::u32string_view word) {
  return ContainsAny(word, {U"退休", U"离休", U"荣休", U"退下来", U"退了休", U"离岗"});
}

bool IsOfLeaving(std::u32string_view word) {
  return ContainsAny(word, {U"离职", U"离任", U"调离", U"辞职", U"离开", U"辞去", U"离岗", U"跳槽", U"解聘",
                            U"聘期", U"续聘", U"未续", U"调往", U"调至", U"调到", U"调去"});
}

// 示例大学退休教授: his own post, not 与退休教授合作.
bool IsHisPost(const LivenessPlace& at) {
  if (!at.word().ends_with(U"退休")) return false;
  size_t longest = 0;
  for (const std::u32string_view post :
       {U"副教授", U"副研究员", U"主任医师", U"高级工程师", U"高级农艺师", U"高级畜牧师", U"教授", U"研究员",
        U"高工", U"正高", U"专家", U"主任", U"教师", U"老教授", U"医生", U"医师", U"工程师", U"农艺师",
        U"技师"}) {
    if (at.behind().starts_with(post)) longest = std::max(longest, post.size());
  }
  const std::u32string_view rest = at.behind().substr(longest);
  return longest > 0 && (rest.empty() || !IsHan(rest[0])) &&
         !ContainsAny(at.before(),
                      {U"与", U"和", U"师从", U"跟随", U"组织", U"聘", U"请", U"联系", U"对", U"为", U"同"});
}

// 已退休，现返聘在岗: he can be had all the same. In the clause or the next one.
bool IsBackAtWork(const LivenessPlace& at) {
  if (!IsOfRetirement(at.word())) return false;
  const size_t next = at.text.find_first_not_of(kClauseEnds, at.clause_end());
  const size_t to =
      next == kNone ? at.text.size() : std::min(at.text.find_first_of(kClauseEnds, next), at.text.size());
  for (const std::u32string_view word :
       {U"返聘", U"仍在岗", U"继续承担", U"仍可提供", U"延聘", U"回聘", U"续聘", U"仍在一线", U"继续在岗",
        U"仍承担", U"仍担任", U"仍主持", U"仍坚持", U"退而不休"}) {
    if (!StatesAny(at, at.clause_begin(), to, {word})) continue;
    const std::u32string_view clause = ClauseAround(at.text, at.text.find(word, at.clause_begin()));
    const std::u32string_view behind = clause.substr(clause.find(word));
    if (!ContainsAny(behind, {U"期满", U"期已满", U"已满", U"结束", U"到期", U"已止", U"终止", U"未续"}))
      return true;
  }
  return false;
}

constexpr WordList kRefused = {U"不", U"无法", U"谢绝", U"婉拒", U"拒绝", U"难以", U"未"};

// 可以顾问身份参与, 愿意继续到牧区指导; not 不能参与, 学生可承接.
bool SaysHeHelps(std::u32string_view clause) {
  size_t able = kNone, act = 0;
  for (const std::u32string_view word : {U"可", U"愿", U"仍", U"能", U"接受", U"同意", U"欢迎", U"继续",
                                         U"乐意", U"有意", U"受聘", U"被聘", U"聘为"})
    able = std::min(able, clause.find(word));
  if (able == kNone || ContainsAny(clause.substr(0, able), kRefused) ||
      ContainsAny(clause.substr(0, able),
                  {U"同事", U"学生", U"团队", U"弟子", U"课题组", U"助手", U"曾", U"原"}))
    return false;
  for (const std::u32string_view word :
       {U"返聘", U"顾问", U"参与", U"提供", U"指导", U"受聘", U"承接", U"讲座", U"讲课",
        U"授课", U"咨询", U"会诊", U"线上", U"远程", U"兼职", U"服务", U"聘",   U"带",
        U"评审", U"帮",   U"支持", U"培训", U"出任", U"参加", U"协助", U"余热", U"坐诊",
        U"出诊", U"合作", U"出山", U"上门", U"看看", U"接诊", U"手术", U"把关", U"出主意"}) {
    const size_t place = clause.rfind(word);
    if (place != kNone && place >= able) act = std::max(act, place + 1);
  }
  return act > 0 && !ContainsAny(clause.substr(able, act - 1 - able), kRefused);
}

bool HelpsInRetirement(const LivenessPlace& at) {
  return IsOfRetirement(at.word()) &&
         (AnyClause(at.rest(), SaysHeHelps) ||
          ContainsAny(at.rest(), {U"发挥余热", U"老科协", U"银龄", U"随叫随到", U"欢迎联系", U"欢迎来"}));
}

// 已调离原单位，现任乙大学教授.
bool HasMoved(const LivenessPlace& at) {
  return IsOfLeaving(at.word()) &&
         (ContainsAny(at.rest(), {U"现任", U"现为", U"专心",   U"专职",   U"专注",   U"现就职", U"现供职",
                                  U"现在", U"转任", U"调任",   U"就职于", U"任职于", U"加盟",   U"入职",
                                  U"创办", U"创立", U"新单位", U"任职",   U"去了",   U"到了"}) ||
          AnyClause(at.rest(), SaysHeHelps));
}

// 出国访学一年，按期回国; 有海外访学经历; 2019年赴美访学，2021年主持课题.
bool IsBackHome(const LivenessPlace& at) {
  if (!ContainsAny(at.word(), {U"访学",     U"访问", U"进修", U"研修",   U"讲学", U"国外", U"海外", U"境外",
                               U"赴",       U"出国", U"休假", U"学术假", U"产假", U"病",   U"脱产", U"暂停",
                               U"术后",     U"康复", U"住院", U"借调",   U"外派", U"援外", U"旅居", U"移民",
                               U"离岗创业", U"停薪", U"公派", U"封闭",   U"停职"}))
    return false;
  std::u32string_view behind = at.behind();
  if (StartsWithAny(behind, {U"访学", U"访问", U"进修", U"研修", U"讲学"})) behind.remove_prefix(2);
  if (StartsWithAny(behind, {U"经历", U"背景", U"归来", U"归国", U"回国",   U"后回国", U"人员", U"学者",
                             U"制度", U"政策", U"经验", U"团",   U"研究",   U"式",     U"同行", U"专家",
                             U"市场", U"项目", U"引才", U"引智", U"高层次", U"人才"}))
    return true;
  const size_t to = at.end + at.sentence_behind().size();
  return StatesAny(at, at.end, to,
                   {U"已回国",   U"按期回国", U"如期回国", U"按时回国", U"后回国",   U"学成回国", U"期满回国",
                    U"已归国",   U"回国任教", U"回国工作", U"现在岗",   U"全职在岗", U"已返岗",   U"已返校",
                    U"已返回",   U"已结束",   U"已恢复",   U"已康复",   U"已痊愈",   U"已出院",   U"已销假",
                    U"已回岗",   U"现已返",   U"回国后",   U"归国后",   U"已复职",   U"已复岗",   U"复职",
                    U"解除停职", U"已返",     U"已到岗",   U"回校任教"}) ||
         HappenedSince(at);
}

// Between its general words (任何, 外部) and the clause's end a refusal names work, not 报酬; nor is it
// another thing that is refused altogether (送礼的一律谢绝, 外企高薪都拒绝了).
bool RefusesWork(const LivenessPlace& at) {
  const std::u32string_view behind = at.behind();
  const bool of_all = StartsWithAny(
      at.word(), {U"都", U"均", U"一律", U"一概", U"全", U"统统", U"通通", U"悉数", U"皆", U"概"});
  if (StartsWithAny(behind, {U"管理", U"行政"}) ||
      (of_all && ContainsAny(at.before(),
                             {U"礼",   U"报酬", U"酬金", U"酬劳", U"馈赠", U"吃请", U"宴",   U"红包", U"好处",
                              U"采访", U"媒体", U"代言", U"广告", U"赞助", U"应酬", U"饭局", U"行政", U"职务",
                              U"会议", U"荣誉", U"高薪", U"年薪", U"挖",   U"国外", U"海外", U"外企"})))
    return false;
  if (!EndsInAny(at.word(),
                 {U"任何", U"一切", U"所有", U"各类", U"各种", U"外部", U"校外", U"院外", U"社会", U"地方"}))
    return true;
  return !ContainsAny(behind, {U"报酬", U"费用", U"馈赠", U"礼", U"吃请", U"宴请", U"酬劳", U"赞助", U"行政",
                               U"职务"}) &&
         ContainsAny(behind, {U"项目", U"课题", U"委托", U"任务", U"讲座", U"咨询", U"合作", U"邀请",
                              U"聘",   U"工作", U"服务", U"业务", U"活动", U"指导", U"对接", U"事务",
                              U"邀约", U"科研", U"手术", U"门诊", U"会诊", U"培训", U"评审", U"兼职"});
}

// 2026年内不再承接任何项目 and 除本省项目外，不再承接 are no refusal for good.
const LivenessRow* RefusalSaid(const LivenessPlace& at) {
  if (!RefusesWork(at)) return nullptr;
  const bool for_a_time =
      ContainsAny(at.clause(), {U"年内", U"今年", U"本年", U"近期", U"近两年", U"近一年", U"两年内",
                                U"一年内", U"暂", U"目前", U"期间", U"年底前", U"年前", U"月前", U"之前",
                                U"结束前", U"现阶段", U"眼下", U"手头"}) ||
      ContainsAny(at.sentence_behind(), {U"起可", U"起恢复", U"后可", U"后恢复", U"明年可", U"再承接"});
  const auto is_in_part = [](std::u32string_view text) {
    return ContainsAny(text, {U"除外", U"仅承接", U"仅接", U"仅参与", U"仅作", U"只承接", U"只接", U"只作",
                              U"只参与", U"仅限"}) ||
           (ContainsAny(text, {U"除"}) && ContainsAny(text, {U"之外", U"以外", U"外,"}));
  };
  const bool in_part = is_in_part(at.sentence_before()) || is_in_part(at.sentence_behind()) ||
                       ContainsAny(at.before(), {U"商业", U"商务", U"收费", U"有偿"});
  return for_a_time || in_part ? RowWith(U"暂不承接", *at.tables) : at.row;
}

// 今年8月调往外省高校: he is to be had there. 1998年调到本所 is how he came.
const LivenessRow* MoveSaid(const LivenessPlace& at) {
  const bool lately = ContainsAny(at.before(), {U"今年", U"去年", U"前年", U"上月", U"上个月", U"刚", U"近日",
                                                U"日前", U"最近", U"新近", U"已"});
  const std::u32string_view to = TrimLeft(at.behind(), U"了在");
  const bool here = ContainsAny(to, {U"本", U"我", U"现单位", U"该"}) ||
                    (to.size() >= 4 && at.title.find(to.substr(0, 4)) != kNone);
  const bool place =
      ContainsAny(to, {U"大学", U"高校", U"学院", U"学校", U"企业", U"公司", U"集团", U"研究院", U"研究所",
                       U"单位", U"医院", U"局", U"厅", U"机关", U"外省", U"外地"});
  return lately && place && !here ? RowInPlace("retired_helps", *at.tables) : nullptr;
}

const LivenessRow* LeavingSaid(const LivenessPlace& at) {
  if (at.word().starts_with(U"调") && !at.word().ends_with(U"离")) return MoveSaid(at);
  const bool noun = !at.word().starts_with(U"生前") &&
                    SaysHowAnotherStands(at, {U"多年", U"手续", U"在家", U"返乡", U"回", U"公职", U"党籍",
                                              U"教职", U"调查", U"审查"});
  if ((noun && !IsHisPost(at)) || IsBackAtWork(at)) return nullptr;
  if (HelpsInRetirement(at)) return RowInPlace("retired_helps", *at.tables);
  if (IsOfLeaving(at.word()) && HappenedSince(at)) return nullptr;
  if (!HasMoved(at)) return at.row;
  // 曾任副校长，2021年离任，现为首席专家: he left a post, not the place.
  return ContainsAny(at.word(), {U"离任"}) ? nullptr : RowInPlace("retired_helps", *at.tables);
}

const LivenessRow* HindranceSaid(const LivenessPlace& at) {
  if (WasOnce(at) || IsBackHome(at)) return nullptr;
  if (IsRow(at, U"须经")) {
    const bool of_goods = ContainsAny(at.clause(), {U"样品", U"产品", U"检测", U"检验", U"药", U"设备",
                                                    U"工艺", U"材料", U"标准", U"方案", U"论文"});
    const bool asks =
        NeedsConsent(at, {U"单位", U"学校", U"校方", U"院方", U"所在", U"组织部", U"人事", U"上级", U"主管",
                          U"党组", U"党委", U"医院", U"本人", U"集团", U"公司"});
    return asks && !of_goods ? at.row : nullptr;
  }
  if (ContainsAny(at.before(), {U"如", U"若", U"否则"})) return nullptr;
  const bool of_projects = ContainsAny(at.before(), {U"已达", U"达到", U"已到", U"超过", U"已超", U"已满"}) &&
                           ContainsAny(at.clause(), {U"项目", U"课题", U"名额", U"在研", U"限项", U"承担",
                                                     U"任务", U"一项", U"两项", U"三项"});
  return at.word() == U"上限" && !of_projects ? nullptr : at.row;
}

// A word that says so only with its verb: 聘用关系已终止, 2024年退休, 为职工办理退休手续.
bool IsIncomplete(const LivenessPlace& at) {
  const std::u32string_view word = at.word(), before = at.before(), behind = at.behind();
  if (word == U"退休" || word == U"退下来") return !IsSignedAsDone(at);
  if (word == U"聘用关系" || word == U"聘用合同" || word == U"劳动合同" || word == U"聘任关系")
    return !ContainsAny(behind, {U"终止", U"解除", U"届满", U"已满"}) ||
           ContainsAny(behind, {U"未", U"续", U"后"});
  return word.starts_with(U"办") && ContainsAny(before, {U"为", U"帮", U"替", U"代", U"协助"});
}

}  // namespace

const LivenessRow* ExpertSaid(const LivenessPlace& at) {
  if (ClaimOf(at.text, at.begin, at.end, ClaimSubject::kLiveness, *at.tables) != Claim::kStated)
    return nullptr;
  const LivenessEffect effect = at.row->effect;
  const bool denied = at.begin > 0 && IsOneOf(at.text[at.begin - 1], U"不非否未难");
  if ((denied && effect != LivenessEffect::kBlock) || IsIncomplete(at) || IsOfAnotherPerson(at))
    return nullptr;
  if (effect == LivenessEffect::kFine) return ComesLater(at) ? RowWith(U"暂不承接", *at.tables) : at.row;
  if (at.rest().starts_with(U"的")) return nullptr;  // 行动不便的老人
  if (effect == LivenessEffect::kLower) return HindranceSaid(at);
  return IsRow(at, U"不再承接任何") ? RefusalSaid(at) : LeavingSaid(at);
}

}  // namespace dongxi::requirement
