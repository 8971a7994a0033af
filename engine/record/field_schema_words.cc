// The closed sets of codes. Words are written in normal form (NFKC, lower case), so that only the word looked
// up has to be normalised; field_schema_test checks that.
#include "engine/record/field_schema.h"
#include "engine/text/normalize.h"

namespace dongxi {
namespace {

using Words = std::vector<CodeWords>;

const Words& InstitutionTypes() {
  static const Words& words = *new Words{
      {"university", {"高校", "大学", "高等院校", "高等学校", "院校", "学校"}},
      {"research_institute",
       {"科研院所", "研究所", "研究院", "科研机构", "科研单位", "研究机构", "institute"}},
      {"enterprise", {"企业", "公司", "科技企业", "company"}},
      {"park", {"园区", "高新区", "开发区", "科技园区", "农业科技园区", "产业园区"}},
      {"park_operator", {"园区运营商", "园区运营机构", "园区运营方"}},
      {"platform", {"平台", "创新平台", "服务平台", "技术转移机构"}},
      {"investor", {"投资机构", "基金", "投资方", "战略投资者"}},
      {"hospital", {"医院", "医疗机构"}},
      {"government", {"政府部门", "政府", "机关", "行政机关", "政府机关"}},
      {"other", {"其他", "其它", "合作社", "社会组织"}},
  };
  return words;
}

const Words& ResultTypes() {
  static const Words& words = *new Words{
      {"technology", {"技术", "技术成果", "工艺", "新技术", "新工艺"}},
      {"patent", {"专利", "发明专利", "实用新型", "专利技术"}},
      {"variety", {"品种", "新品种", "植物新品种", "种质"}},
      {"prototype", {"样机", "原型", "样品", "原型机"}},
      {"other", {"其他", "其它"}},
  };
  return words;
}

const Words& EvidenceTypes() {
  static const Words& words = *new Words{
      {"publication", {"论文", "文章", "著作", "专著", "paper"}},
      {"project", {"项目", "课题", "科研项目"}},
      {"award", {"奖励", "获奖", "科技奖励", "奖项"}},
      {"platform", {"平台", "创新平台", "实验室"}},
      {"other", {"其他", "其它"}},
  };
  return words;
}

}  // namespace

std::span<const CodeWords> ConditionWords() {
  static const Words& words = *new Words{
      {"high_altitude", {"高海拔", "高原", "低气压", "缺氧", "altitude"}},
      {"cold", {"高寒", "寒冷", "严寒", "低温"}},
      {"arid", {"干旱", "缺水", "半干旱"}},
      {"saline", {"盐碱", "盐碱地", "高盐", "盐渍化"}},
      {"sand", {"风沙", "沙尘", "沙漠", "大风"}},
      {"weak_grid", {"弱电网", "无电网", "离网"}},
      {"remote", {"偏远", "边远", "交通不便"}},
      {"humid_heat", {"湿热", "高温高湿"}},
      {"karst", {"喀斯特", "岩溶"}},
      {"strong_uv", {"强紫外", "强紫外线", "强辐射"}},
  };
  return words;
}

std::span<const CodeWords> DisclosureWords() {
  static const Words& words = *new Words{
      {"public", {"公开", "全部可见"}},
      {"registered", {"登记用户", "登记用户可见", "注册用户"}},
      {"organiser", {"仅组织方", "组织方", "仅组织方可见", "内部", "organizer"}},
  };
  return words;
}

std::span<const CodeWords> TypeWords(RecordKind kind) {
  if (kind == RecordKind::kInstitution) return InstitutionTypes();
  if (kind == RecordKind::kResult) return ResultTypes();
  if (kind == RecordKind::kEvidence) return EvidenceTypes();
  return {};
}

std::string_view CodeOf(std::span<const CodeWords> set, std::string_view word) {
  std::string normal = Normalize(word);
  const size_t first = normal.find_first_not_of(' ');
  if (first == std::string::npos) return "";
  normal = normal.substr(first, normal.find_last_not_of(' ') - first + 1);
  for (const CodeWords& entry : set) {
    if (entry.code == normal) return entry.code;
    for (const std::string_view known : entry.words) {
      if (known == normal) return entry.code;
    }
  }
  return "";
}

std::string_view WordOf(std::span<const CodeWords> set, std::string_view code) {
  for (const CodeWords& entry : set) {
    if (entry.code == code && !entry.words.empty()) return entry.words.front();
  }
  return code;
}

}  // namespace dongxi
