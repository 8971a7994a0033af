#include "cli/ledger_columns.h"

#include <algorithm>
#include <iterator>
#include <map>

#include "engine/text/normalize.h"
#include "report/tables.h"
#include "report/xlsx.h"

namespace dongxi::cli {
namespace {

// Other headers of the same columns, in normal form.
const std::map<std::string, LedgerColumn, std::less<>>& Synonyms() {
  static const auto* const table = new std::map<std::string, LedgerColumn, std::less<>>{
      {"need", LedgerColumn::kNeed},
      {"需求", LedgerColumn::kNeed},
      {"offer", LedgerColumn::kOffer},
      {"供给编号", LedgerColumn::kOffer},
      {"step", LedgerColumn::kStep},
      {"进展", LedgerColumn::kStep},
      {"date", LedgerColumn::kDate},
      {"发生日期", LedgerColumn::kDate},
      {"金额", LedgerColumn::kAmount},
      {"金额(元)", LedgerColumn::kAmount},
      {"金额(亿元)", LedgerColumn::kAmount},
      {"amount_wan", LedgerColumn::kAmount},
      {"合同金额", LedgerColumn::kAmount},
      {"合同金额(万元)", LedgerColumn::kAmount},
      {"合同金额(元)", LedgerColumn::kAmount},
      {"技术合同登记编号", LedgerColumn::kNumber},
      {"registration_number", LedgerColumn::kNumber},
      {"reason", LedgerColumn::kReason},
      {"match_id", LedgerColumn::kMatch},
      {"evidence", LedgerColumn::kEvidence},
      {"note", LedgerColumn::kNote},
      {"actor", LedgerColumn::kActor},
      {"mode", LedgerColumn::kMode},
      {"合作方式", LedgerColumn::kMode},
      {"task", LedgerColumn::kTask},
      {"illustrative", LedgerColumn::kIllustrative},
      {"simulated", LedgerColumn::kSimulated},
      {"台账编号", LedgerColumn::kEntry},
  };
  return *table;
}

// Columns of `engage list --csv` that say what the catalogue knows already.
constexpr std::string_view kDerived[] = {"需求", "供给方",   "需求地区", "供给地区", "供给机构", "通道",
                                         "领域", "登记令牌", "更正自",   "更正为",   "理由",     "序号"};

struct FieldOfColumn {
  LedgerColumn column;
  const char* field;  // of dongxi.v1.Engagement
};
constexpr FieldOfColumn kFields[] = {
    {LedgerColumn::kStep, "step"},
    {LedgerColumn::kDate, "event_time"},
    {LedgerColumn::kAmount, "amount_wan"},
    {LedgerColumn::kNumber, "registration_number"},
    {LedgerColumn::kReason, "refusal_reason"},
    {LedgerColumn::kMatch, "match_id"},
    {LedgerColumn::kEvidence, "evidence"},
    {LedgerColumn::kNote, "note"},
    {LedgerColumn::kMode, "mode"},
    {LedgerColumn::kTask, "task"},
    {LedgerColumn::kIllustrative, "illustrative"},
    {LedgerColumn::kSimulated, "simulated"},
};

// Whether entries of that step may have what the column says.
bool MayHave(v1::EngagementStep step, LedgerColumn column) {
  switch (column) {
    case LedgerColumn::kAmount:
      return step == v1::ENGAGEMENT_STEP_SIGNED || step == v1::ENGAGEMENT_STEP_REGISTERED ||
             step == v1::ENGAGEMENT_STEP_PAID;
    case LedgerColumn::kNumber:
      return step == v1::ENGAGEMENT_STEP_REGISTERED;
    case LedgerColumn::kReason:
      return step == v1::ENGAGEMENT_STEP_REFUSED;
    default:
      return true;
  }
}

}  // namespace

std::string LedgerHeaderOf(std::string_view cell) {
  std::string header = Normalize(cell);
  std::erase_if(header, [](char c) { return c == ' ' || c == '*'; });
  return header;
}

std::optional<LedgerColumn> LedgerColumnOf(const std::string& header) {
  for (const LedgerColumnSpec& spec : LedgerColumns()) {
    if (header == LedgerHeaderOf(spec.header)) return spec.column;
  }
  const auto found = Synonyms().find(header);
  if (found == Synonyms().end()) return std::nullopt;
  return found->second;
}

bool IsDerivedHeader(const std::string& header) {
  return std::find(std::begin(kDerived), std::end(kDerived), header) != std::end(kDerived);
}

std::string UnitOfHeader(const std::string& header) {
  if (header.ends_with("(元)")) return "元";
  if (header.ends_with("(亿元)")) return "亿元";
  return "";
}

std::string LedgerAmountOf(std::string_view text, const std::string& unit) {
  std::string amount = Normalize(text);
  for (const std::string_view idle : {"人民币", "rmb", "cny", "¥", " ", ","}) {
    for (size_t at = amount.find(idle); at != std::string::npos; at = amount.find(idle, at))
      amount.erase(at, idle.size());
  }
  const bool bare = amount.find_first_not_of("0123456789.") == std::string::npos;
  return bare ? amount + unit : amount;
}

bool NamesDay(std::string_view date) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  size_t numbers = 0, digits = 0;
  for (size_t i = 0; i < date.size(); ++i) {
    if (!is_digit(date[i])) continue;
    ++digits;
    numbers += i == 0 || !is_digit(date[i - 1]) ? 1 : 0;
  }
  return numbers >= 3 || (numbers == 1 && digits == 8);
}

std::vector<std::string> FieldsSaid(v1::EngagementStep step,
                                    const std::function<bool(LedgerColumn)>& sheet_has, bool has_task) {
  std::vector<std::string> fields;
  for (const FieldOfColumn& one : kFields) {
    if (sheet_has(one.column) || !MayHave(step, one.column)) fields.emplace_back(one.field);
  }
  const bool all = fields.size() == std::size(kFields);
  return all && has_task ? std::vector<std::string>() : fields;
}

const std::vector<LedgerColumnSpec>& LedgerColumns() {
  static const auto* const columns = new std::vector<LedgerColumnSpec>{
      {LedgerColumn::kNeed, "需求编号", true, "目录里需求的编号", "n-c-001"},
      {LedgerColumn::kOffer, "供给方编号", true, "institutions/编号、experts/编号 或 results/编号",
       "results/r-c-001"},
      {LedgerColumn::kStep, "步骤", true, "推荐、查看、意向、会谈、签约、技术合同登记、到账、验收、拒绝",
       "签约"},
      {LedgerColumn::kDate, "日期", true, "实际发生的日期", "2025-04-01"},
      {LedgerColumn::kAmount, "金额（万元）", false,
       "签约、技术合同登记、到账的金额；也可写 300000元、1.2亿元", "120"},
      {LedgerColumn::kNumber, "登记编号", false, "技术合同登记编号；步骤为技术合同登记时必填", ""},
      {LedgerColumn::kReason, "拒绝原因", false,
       "步骤为拒绝时必填：成熟度不足、效益不明确、商业化路径不清、描述不清、无经费、条件不适应、问题已解决、"
       "已有其他合作方、权属或许可受限、对方无力承接、其他",
       ""},
      {LedgerColumn::kMatch, "匹配编号", false, "由哪次匹配而来（m-…）；系统之外促成的不写", ""},
      {LedgerColumn::kEvidence, "凭据", false, "文号或链接，多个用分号隔开", ""},
      {LedgerColumn::kNote, "备注", false, "不写个人联系方式；写“典型案例”的列入绩效评估报告的典型案例", ""},
      {LedgerColumn::kActor, "登记单位", false, "由谁登记", "青海省科技厅"},
      {LedgerColumn::kMode, "方式", false, "商定的合作方式，如 转让、许可、联合攻关", "转让"},
      {LedgerColumn::kTask, "任务", false, "方案里的任务编号，如 3.2；不写则由需求文字判断", ""},
      {LedgerColumn::kIllustrative, "示例数据", false, "是 或 否", ""},
      {LedgerColumn::kSimulated, "模拟数据", false, "是 或 否；模拟的数据必须写是", ""},
      {LedgerColumn::kEntry, "编号", false,
       "台账里已有的编号（engagements/e-…）；有编号又没有更正理由的行不会再登记，内容要与台账一致", ""},
      {LedgerColumn::kWhy, "更正理由", false,
       "更正（或撤回）“编号”那一条的理由；原来的记录仍保留。表里没有的列照原来的，有列而空着的清空", ""},
  };
  return *columns;
}

absl::Status WriteLedgerTemplate(const std::filesystem::path& file) {
  report::Table ledger{.name = "台账", .file = "ledger", .columns = {}, .rows = {}};
  report::Table help{.name = std::string(kLedgerInstructions),
                     .file = "help",
                     .columns = {{"列"}, {"必填"}, {"怎么填", report::CellKind::kText, 70}, {"示例"}},
                     .rows = {}};
  for (const LedgerColumnSpec& spec : LedgerColumns()) {
    ledger.columns.push_back(
        {std::string(spec.header) + (spec.required ? "*" : ""), report::CellKind::kText, 15});
    help.rows.push_back({std::string(spec.header), spec.required ? "必填" : "", std::string(spec.help),
                         std::string(spec.example)});
  }
  return report::WriteXlsx({ledger, help}, 0, file);
}

}  // namespace dongxi::cli
