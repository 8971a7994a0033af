// The table of fields, kind by kind, in template order.
#include "engine/record/field_schema.h"

#include <algorithm>
#include <initializer_list>

namespace dongxi {
namespace {

constexpr std::string_view kList = "多项用分号隔开";

// The specification that all kinds share, headers separated by '|'; Make() below gives the exceptions of a
// kind.
struct CommonField {
  FieldId id;
  std::string_view json;
  std::string_view headers;
  bool required;
  bool is_list;
  std::string_view expected;
};
constexpr CommonField kCommonFields[] = {
    {FieldId::kId, "id", "编号|标识|代码", true, false,
     "文字、数字、- _ . 组成，最长 128 字节，同类中不重复，以后更新时保持不变"},
    {FieldId::kTitle, "title", "名称|标题|题目|项目名称|技术名称|name", true, false, "1 至 500 字"},
    {FieldId::kText, "text", "简介|介绍|内容|摘要|statement|abstract|description|summary", false, false,
     "最多 100,000 字"},
    {FieldId::kWanted, "wanted", "希望得到|想要什么|需求内容|拟解决问题|期望", false, false,
     "最多 100,000 字；与“现状与问题”至少填一项"},
    {FieldId::kType, "type", "类型|类别", false, false, ""},
    {FieldId::kRegion, "region", "所在地区|地区|地域|所在地|区域|行政区划代码|region code", false, false,
     "省、市、州名称，或 2、4、6 位行政区划代码"},
    {FieldId::kInstitution, "institution", "单位编号|所在单位编号|所属机构编号|机构编号|institution id",
     false, false, "机构表中的编号（不是名称）"},
    {FieldId::kOwners, "owners", "完成者编号|完成单位编号|所有者编号|持有单位编号|owner", false, true,
     "institutions/机构编号 或 experts/专家编号；只写编号即指机构；多项用分号隔开"},
    {FieldId::kAliases, "aliases", "别名|曾用名|简称|其他名称|alias", false, true, kList},
    {FieldId::kFields, "fields", "领域|技术领域|研究方向|研究领域|所属领域|field", false, true, kList},
    {FieldId::kKeywords, "keywords", "关键词|关键字|keyword", false, true, kList},
    {FieldId::kModes, "modes", "合作方式|合作模式|转化方式|拟合作方式|mode", false, true,
     "转让、许可、联合攻关、成果转化、科技服务等合作方式；多项用分号隔开"},
    {FieldId::kConditions, "conditions", "适用条件|环境条件|条件|使用条件|condition", false, true,
     "高海拔、高寒、干旱、盐碱、风沙、弱电网、偏远、湿热、喀斯特、强紫外；多项用分号隔开"},
    {FieldId::kIndicators, "indicators", "考核指标|技术指标|主要指标|指标|indicator", false, true,
     "一项一句，写明数值和单位；多项用分号隔开"},
    {FieldId::kAvailability, "availability", "服务方式|可服务方式|柔性引才方式", false, true,
     "柔性引进、双聘、科技服务、互派等；多项用分号隔开"},
    {FieldId::kOpenMatchesMax, "open_matches_max", "可同时承接数|同时承接数|承接上限|最多承接项数|承接能力",
     false, false, "1 至 1000 的整数，可同时对接的需求数；不清楚就留空"},
    {FieldId::kMaturity, "maturity", "成熟度|技术成熟度|技术就绪度|trl", false, false,
     "1 至 9 的整数（TRL）"},
    {FieldId::kYear, "year", "年份|完成年份|年度", false, false, "1900 至 2100 的四位年份"},
    {FieldId::kIpStatus, "ip_status", "知识产权状态|知识产权|ip", false, false,
     "最多 500 字，如：授权发明专利"},
    {FieldId::kTask, "task", "任务编号|任务|对应任务", false, false,
     "方案中的任务编号，如 3.2；不清楚就留空"},
    {FieldId::kBudgetWan, "budget_wan", "预算（万元）|经费（万元）|投资（万元）|经费预算|拟投入|budget",
     false, false, "一个数，单位万元；面议就留空"},
    {FieldId::kDeadline, "deadline", "截止日期|完成时限|期限|截止时间", false, false, "日期，如 2027-06-30"},
    {FieldId::kValidUntil, "valid_until", "有效期至|有效期|失效日期", false, false,
     "日期，如 2028-12-31；长期有效就留空"},
    {FieldId::kDisclosure, "disclosure", "公开范围|公开程度|可见范围", false, false,
     "公开、登记用户、仅组织方；空着是公开"},
    {FieldId::kIllustrative, "illustrative", "示例数据|是否示例", false, false, "是 或 否；正式数据空着"},
    {FieldId::kSource, "source", "来源|数据来源|出处", false, false, "最多 500 字"},
};

FieldSpec Common(FieldId id) {
  FieldSpec spec;
  for (const CommonField& common : kCommonFields) {
    if (common.id != id) continue;
    spec = {common.id, common.json, {}, common.required, common.is_list, common.expected, ""};
    for (std::string_view rest = common.headers; !rest.empty();) {
      const size_t end = std::min(rest.find('|'), rest.size());
      spec.headers.push_back(rest.substr(0, end));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
  return spec;
}

// How a kind differs: key and first header (empty: as in Common), example, required.
struct Change {
  FieldId id;
  std::string_view example;
  std::string_view json = {};
  std::string_view header = {};
  std::string_view expected = {};
  bool required = false;
};

std::vector<FieldSpec> Make(std::initializer_list<Change> changes) {
  std::vector<FieldSpec> fields;
  for (const Change& change : changes) {
    FieldSpec spec = Common(change.id);
    spec.example = change.example;
    if (!change.json.empty()) {
      std::erase(spec.headers, change.json);
      spec.headers.push_back(spec.json);
      spec.json = change.json;
    }
    if (!change.header.empty()) {
      std::erase(spec.headers, change.header);
      spec.headers.insert(spec.headers.begin(), change.header);
    }
    if (!change.expected.empty()) spec.expected = change.expected;
    spec.required |= change.required;
    fields.push_back(std::move(spec));
  }
  return fields;
}

std::vector<FieldSpec> InstitutionFields() {
  return Make({
      {FieldId::kId, "示例-机构-1", {}, "机构编号"},
      {FieldId::kTitle, "示例·天津某盐湖化工研究院", "name", "机构名称"},
      {FieldId::kAliases, "示例盐研院; 示例津盐院"},
      {FieldId::kType,
       "科研院所",
       {},
       "机构类型",
       "高校、科研院所、企业、园区、园区运营商、平台、投资机构、医院、政府部门、其他"},
      {FieldId::kRegion, "天津"},
      {FieldId::kFields, "盐湖化工; 锂资源; 膜分离"},
      {FieldId::kText, "从事盐湖卤水提锂和镁资源利用，有吨级中试线，可承担现场试验和工艺放大。", "statement",
       "能力介绍"},
      {FieldId::kModes, "联合攻关; 转让"},
      {FieldId::kValidUntil, ""},
      {FieldId::kDisclosure, "公开"},
      {FieldId::kIllustrative, "是"},
      {FieldId::kSource, "示例"},
  });
}

std::vector<FieldSpec> ExpertFields() {
  return Make({
      {FieldId::kId, "示例-专家-1", {}, "专家编号"},
      {FieldId::kTitle, "示例专家·盐湖化工方向教授（天津）", "name", "姓名"},
      {FieldId::kInstitution, "示例-机构-1"},
      {FieldId::kRegion, "天津"},
      {FieldId::kFields, "盐湖提锂; 吸附剂"},
      {FieldId::kText, "长期从事高镁锂比卤水提锂，熟悉吸附剂造粒和现场中试。", "statement", "专长介绍"},
      {FieldId::kAvailability, "柔性引进; 科技服务"},
      {FieldId::kOpenMatchesMax, "3"},
      {FieldId::kValidUntil, "2028-12-31"},
      {FieldId::kDisclosure, "公开"},
      {FieldId::kIllustrative, "是"},
      {FieldId::kSource, "示例"},
  });
}

std::vector<FieldSpec> ResultFields() {
  return Make({
      {FieldId::kId, "示例-成果-1", {}, "成果编号"},
      {FieldId::kTitle, "示例·高镁锂比卤水吸附提锂工艺", {}, "成果名称"},
      {FieldId::kType, "技术", {}, "成果类型", "技术、专利、品种、样机、其他"},
      {FieldId::kText, "用颗粒吸附剂从卤水中直接提锂，已完成吨级中试。", "abstract", "成果简介"},
      {FieldId::kOwners, "institutions/示例-机构-1; experts/示例-专家-1"},
      {FieldId::kRegion, ""},
      {FieldId::kMaturity, "7"},
      {FieldId::kIpStatus, "授权发明专利"},
      {FieldId::kModes, "许可; 联合攻关"},
      {FieldId::kConditions, "高海拔; 高寒", {}, "已验证条件"},
      {FieldId::kIndicators, "锂收率≥85%; 镁锂比≤1", {}, "技术指标"},
      {FieldId::kFields, "盐湖化工; 提锂"},
      {FieldId::kKeywords, "吸附剂; 卤水"},
      {FieldId::kYear, "2024"},
      {FieldId::kValidUntil, "2028-12-31"},
      {FieldId::kDisclosure, "公开"},
      {FieldId::kIllustrative, "是"},
      {FieldId::kSource, "示例"},
  });
}

std::vector<FieldSpec> NeedFields() {
  return Make({
      {FieldId::kId, "示例-需求-1", {}, "需求编号"},
      {FieldId::kTitle, "示例·老卤提锂收率低", {}, "需求名称"},
      {FieldId::kInstitution, "示例-机构-2"},
      {FieldId::kRegion, "海西州"},
      {FieldId::kText, "老卤镁锂比高，现有吸附剂溶损大，收率只有六成。", "description", "现状与问题",
       "最多 100,000 字；与“希望得到”至少填一项"},
      {FieldId::kWanted, "希望得到低溶损吸附剂和配套工艺，先做吨级中试。"},
      {FieldId::kIndicators, "锂收率≥80%; 吸附剂年溶损≤5%"},
      {FieldId::kConditions, "高海拔; 干旱", {}, "环境条件"},
      {FieldId::kModes, "联合攻关; 成果转化"},
      {FieldId::kMaturity, "6", {}, "希望的成熟度"},
      {FieldId::kTask, "3.2"},
      {FieldId::kBudgetWan, "300"},
      {FieldId::kDeadline, "2027-06-30"},
      {FieldId::kFields, "盐湖化工"},
      {FieldId::kKeywords, "提锂; 吸附剂"},
      {FieldId::kValidUntil, "2027-12-31"},
      {FieldId::kDisclosure, "登记用户"},
      {FieldId::kIllustrative, "是"},
      {FieldId::kSource, "示例"},
  });
}

std::vector<FieldSpec> EvidenceFields() {
  return Make({
      {FieldId::kId, "示例-佐证-1", {}, "佐证编号"},
      {FieldId::kTitle, "示例·盐湖卤水提锂关键技术研究", {}, "佐证名称"},
      {FieldId::kType, "项目", {}, "佐证类型", "论文、项目、奖励、平台、其他"},
      {FieldId::kText, "研究高镁锂比卤水提锂的吸附剂与工艺。", "abstract", "摘要"},
      {FieldId::kOwners, "institutions/示例-机构-1; experts/示例-专家-1", {}, {}, {}, true},
      {FieldId::kYear, "2023"},
      {FieldId::kFields, "盐湖化工"},
      {FieldId::kKeywords, "提锂; 吸附剂"},
      {FieldId::kValidUntil, ""},
      {FieldId::kDisclosure, "公开"},
      {FieldId::kIllustrative, "是"},
      {FieldId::kSource, "示例"},
  });
}

}  // namespace

std::span<const FieldSpec> FieldsOf(RecordKind kind) {
  static const auto& institution = *new std::vector<FieldSpec>(InstitutionFields());
  static const auto& expert = *new std::vector<FieldSpec>(ExpertFields());
  static const auto& result = *new std::vector<FieldSpec>(ResultFields());
  static const auto& need = *new std::vector<FieldSpec>(NeedFields());
  static const auto& evidence = *new std::vector<FieldSpec>(EvidenceFields());
  switch (kind) {
    case RecordKind::kInstitution:
      return institution;
    case RecordKind::kExpert:
      return expert;
    case RecordKind::kResult:
      return result;
    case RecordKind::kNeed:
      return need;
    case RecordKind::kEvidence:
      return evidence;
  }
  return {};
}

}  // namespace dongxi
