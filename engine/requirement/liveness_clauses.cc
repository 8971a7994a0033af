// What a clause says of how a record stands by two things that it names together, where no word of
// liveness.tsv says anything: 年费拖了四个月没交, 产能还空出两条线. People put it in more ways than a table
// has.
#include "engine/requirement/liveness_rules.h"

namespace dongxi::requirement {
namespace {

constexpr size_t kTextMax = 3000;  // characters read

// `row` has that word; the clause has one of `of`, one of `says` and none of `unless`.
struct ClauseRule {
  std::string_view scope;
  std::u32string_view row;
  WordList of, says, unless;
};

constexpr WordList kLapseUnless = {U"未",   U"没",   U"不",   U"将",   U"快",   U"部分", U"可",
                                   U"恢复", U"质押", U"许可", U"合同", U"查封", U"保全", U"诉讼",
                                   U"驳回", U"请求", U"审理", U"曾",   U"旧",   U"老",   U"原",
                                   U"期限", U"尚",   U"实用", U"撤回", U"程序", U"纠纷"};
const ClauseRule kRules[] = {
    {"ip",
     U"已失效",
     {U"专利", U"权利", U"品种权", U"著作权", U"软著", U"审定", U"登记"},
     {U"终止", U"期满", U"届满", U"掉了", U"撤销", U"作废", U"到期了"},
     kLapseUnless},
    {"ip",
     U"已转让",
     {U"专利", U"权利", U"权属", U"成果", U"所有权"},
     {U"转移至", U"转移到", U"卖给", U"卖出", U"卖断", U"转给", U"买走", U"买断", U"过户"},
     {U"未", U"没", U"不", U"拟", U"可", U"愿", U"将", U"本", U"我", U"课题组", U"尚", U"部分", U"正在",
      U"手续"}},
    {"ip",
     U"补缴",
     {U"年费", U"专利费", U"维持费"},
     {U"拖", U"欠", U"漏", U"没交", U"未交", U"没缴", U"逾期"},
     {U"补", U"已交", U"清", U"不欠", U"未欠", U"无", U"没欠", U"从未", U"没有"}},
    {"ip",
     U"方可许可",
     {U"共有", U"共同所有", U"共同持有", U"一方", U"另一家", U"合作方"},
     {U"反对", U"不同意", U"不肯", U"没同意", U"未同意", U"联系不", U"找不到", U"没签", U"未签", U"分歧",
      U"不松"},
     {U"已同意", U"已签"}},
    {"ip", U"方可许可", {U"许可"}, {U"仅给", U"只给", U"仅许可", U"只许可"}, {U"未", U"没"}},
    {"ip",
     U"质押",
     {U"归属", U"权属", U"产权"},
     {U"官司", U"争", U"扯", U"说不清", U"没定", U"未定", U"仲裁", U"起诉"},
     {U"无", U"没有", U"不存在", U"了结", U"解决", U"判归", U"清楚", U"曾"}},
    {"ip",
     U"授权",
     {U"权属", U"产权", U"年费", U"证书"},
     {U"清楚", U"清晰", U"干净", U"按时", U"没断", U"一直交", U"正常"},
     {U"不", U"未", U"无效", U"曾", U"部分", U"质押", U"尚"}},
    {"ip",
     U"可许可",
     {U"许可", U"转让", U"洽谈"},
     {U"随时", U"可谈", U"愿意", U"欢迎"},
     {U"不", U"未", U"没", U"无", U"方可", U"才", U"独占", U"独家", U"排他", U"须", U"需", U"后", U"若",
      U"如"}},
    {"expert",
     U"任务已满",
     {U"项目", U"课题", U"任务", U"事务", U"日程", U"在研"},
     {U"缠身", U"挂名", U"排不开", U"顾不", U"不得再", U"抽不", U"堆成", U"已满"},
     {U"圆满", U"期已满"}},
    {"expert",
     U"出国访学",
     {U"国外", U"海外", U"境外", U"援非", U"援外"},
     {U"才回", U"才归", U"尚未回", U"尚未归", U"年底归", U"年底回"},
     {U"已", U"经历", U"曾"}},
    {"expert",
     U"全职在岗",
     {U"门诊", U"上班", U"岗位", U"出诊", U"原单位"},
     {U"如常", U"照常", U"已恢复", U"已回"},
     {U"未", U"没", U"不", U"将", U"待", U"后"}},
    {"expert",
     U"可驻点",
     {U"可", U"能", U"愿", U"肯", U"乐意"},
     {U"到县", U"到村", U"到现场", U"到西部", U"到基层", U"下乡", U"住两", U"住一", U"待两", U"待一",
      U"接项目"},
     {U"不", U"没", U"未", U"才", U"难", U"方能", U"可能", U"如"}},
    {"expert",
     U"可驻点",
     {U"可以", U"能够", U"愿意", U"乐意", U"可再接", U"能再接", U"还可", U"还能", U"尚可", U"仍可", U"仍能"},
     {U"带队", U"驻场", U"到厂", U"到企业", U"到州", U"到现场", U"去现场", U"进厂", U"接新项", U"接一项",
      U"接一个", U"接两项", U"接两个", U"再接", U"带一个", U"带一家", U"带两个", U"带两家", U"上门"},
     {U"不", U"没", U"未", U"才", U"难", U"方能", U"可能", U"如", U"曾", U"后", U"学生", U"团队", U"须",
      U"需"}},
    {"expert", U"可驻点", {U"电话", U"招呼", U"一叫"}, {U"就到", U"就来", U"就去"}, {U"不"}},
    {"institution",
     U"经营异常名录",
     {U"欠税", U"公章", U"欠薪", U"账户", U"股东", U"股权"},
     {U"名单", U"被抢", U"遗失", U"内斗", U"冻结", U"失控"},
     {U"无", U"未", U"没", U"已解", U"核查"}},
    {"institution",
     U"暂停营业",
     {U"接样", U"预约", U"营业", U"上课", U"开班", U"接待"},
     {U"前不", U"暂不", U"先不", U"停课", U"尚未"},
     {U"不受", U"已恢复", U"未停"}},
    {"institution",
     U"经营异常名录",
     {U"资质", U"资格", U"证书", U"许可证", U"cma", U"cnas", U"牌照", U"执照", U"法人证", U"公章", U"账户"},
     {U"正在换", U"换发中", U"正在变更", U"变更中", U"在变更", U"正在重", U"重新申请中", U"没办下来",
      U"未办下来", U"尚未办", U"还没办", U"在补办", U"正在补办", U"重新评审", U"尚待", U"待批"},
     {U"已换", U"完成", U"协助", U"代办", U"提供", U"咨询", U"指导", U"帮助", U"办理企业", U"为企业",
      U"培训"}},
    {"institution",
     U"正常经营",
     {U"名称", U"账号", U"资质", U"业务", U"现有项目"},
     {U"没变", U"照常", U"未变", U"没有变", U"如常"},
     {U"前", U"待", U"后"}},
    {"institution",
     U"正常经营",
     {U"检定", U"证书", U"资质", U"许可证"},
     {U"在有效期", U"有效期内", U"均有效", U"全部有效"},
     {U"不", U"未", U"已过"}},
    {"institution",
     U"正常经营",
     {U"设备", U"产线", U"条线", U"机时", U"产能", U"电镜", U"仪器"},
     {U"可租", U"空出", U"可约", U"可借", U"富余", U"对企业开放"},
     {U"不", U"未", U"没", U"停", U"租给"}},
    {"ip", U"补缴", {U"年费", U"缴费"}, {U"不再续", U"停在", U"决定不"}, {U"曾", U"已补"}},
    {"ip", U"方可许可", {U"优先"}, {U"受让权", U"购买权", U"许可权"}, {U"放弃", U"无", U"审查"}},
    {"ip",
     U"授权",
     {U"证书", U"专利证"},
     {U"下来了", U"下来的", U"到手", U"拿到了"},
     {U"没", U"未", U"还", U"等"}},
    {"expert",
     U"任务已满",
     {U"项目", U"课题", U"手头", U"任务"},
     {U"明年可", U"明年再", U"结束后可", U"今年结束", U"年后可"},
     {U"曾"}},
    {"expert",
     U"全职在岗",
     {U"已回国", U"已返岗", U"已回来"},
     {U"全职", U"工作", U"上班", U"任教"},
     {U"未", U"不"}},
    {"expert",
     U"可驻点",
     {U"可以", U"愿", U"能"},
     {U"跑一趟", U"帮忙", U"搭把手", U"走一趟", U"来一趟", U"去一趟"},
     {U"不", U"未", U"没", U"才"}},
    {"institution",
     U"暂停营业",
     {U"检测室", U"实验室", U"平台", U"场地", U"车间"},
     {U"停业装修", U"明年恢复", U"封闭改造", U"暂时关闭"},
     {U"已恢复", U"提供"}},
    {"institution",
     U"已注销",
     {U"大门", U"办公室"},
     {U"封条", U"紧锁", U"没人", U"荒了"},
     {U"智能", U"系统"}},
    {"institution",
     U"正常经营",
     {U"来样", U"接样", U"预约", U"来访"},
     {U"照样", U"照常", U"照接", U"随到"},
     {U"不", U"未", U"停"}},
};

bool IsOfAnother(std::u32string_view clause) {
  return ContainsAny(clause, {U"美国", U"欧洲",   U"日本", U"上一代", U"对比", U"竞品", U"导师", U"学生",
                              U"同事", U"弟子",   U"成员", U"前任",   U"爱人", U"父亲", U"母亲", U"子公司",
                              U"下属", U"分公司", U"客户", U"参股",   U"他人", U"患者", U"农户"});
}

}  // namespace

ClauseSaid SaidByClause(std::u32string_view text, std::string_view scope, const RequirementTables& tables) {
  ClauseSaid said;
  text = text.substr(0, kTextMax);
  AnyClause(text, [&](std::u32string_view clause) {
    if (IsOfAnother(clause)) return false;
    for (const ClauseRule& rule : kRules) {
      if (rule.scope != scope || !ContainsAny(clause, rule.of) || !ContainsAny(clause, rule.says) ||
          ContainsAny(clause, rule.unless))
        continue;
      const LivenessRow* row = RowWith(rule.row, tables);
      if (row == nullptr || (said.row != nullptr && row->effect <= said.row->effect)) continue;
      const size_t begin = static_cast<size_t>(clause.data() - text.data());
      said = {row, begin, begin + clause.size()};
    }
    return false;
  });
  return said;
}

}  // namespace dongxi::requirement
