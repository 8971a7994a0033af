#include "cli/engagement_words.h"

#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "cli/table.h"
#include "engine/engagement/engagement.h"
#include "report/json.h"
#include "report/words.h"

namespace dongxi::cli {
namespace {

std::string AmountOf(const v1::Engagement& entry) {
  return entry.has_amount_wan() ? absl::StrFormat("%.10g", entry.amount_wan()) : "";
}

std::string RegionOf(const std::string& code) { return code.empty() ? "" : report::FullRegionName(code); }

std::string Titled(const std::string& title, const v1::Engagement& entry, const std::string& name) {
  const char* const mark = entry.simulated() ? "[模拟数据]" : entry.illustrative() ? "[示例数据]" : "";
  return mark + (title.empty() ? name : title);
}

std::string Cell(const std::string& value) {
  std::string safe = value;
  const bool formula = !safe.empty() && std::string("=+-@\t\r").find(safe.front()) != std::string::npos;
  if (formula) safe.insert(safe.begin(), '\'');
  if (safe.find_first_of(",\"\r\n") == std::string::npos) return safe;
  std::string quoted = "\"";
  for (const char c : safe) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

std::string Line(const std::vector<std::string>& cells) {
  std::string line;
  for (size_t i = 0; i < cells.size(); ++i) line += (i == 0 ? "" : ",") + Cell(cells[i]);
  return line + "\r\n";
}

// r-1 of results/r-1.
std::string IdOf(const std::string& name) { return name.substr(name.find('/') + 1); }

}  // namespace

std::optional<v1::EngagementStep> StepOfWord(const std::string& word) {
  const std::optional<Step> step = StepOf(word);
  if (!step) return std::nullopt;
  return static_cast<v1::EngagementStep>(*step);
}

std::optional<v1::RefusalReason> RefusalReasonOfWord(const std::string& word) {
  const std::optional<RefusalReason> reason = RefusalReasonOf(word);
  if (!reason) return std::nullopt;
  return static_cast<v1::RefusalReason>(*reason);
}

std::string ChannelOfWord(const std::string& word) {
  const std::string code = report::ChannelCodeOf(word);
  return code.empty() ? word : code;
}

std::string RefusalReasonWords() {
  std::string words;
  for (int code = 1; code <= kRefusalReasons; ++code) {
    words += code == 1 ? "" : "、";
    words += ChineseNameOf(static_cast<RefusalReason>(code));
  }
  return words;
}

std::string ChineseStep(const v1::Engagement& entry) {
  const std::string step(ChineseNameOf(static_cast<Step>(entry.step())));
  switch (entry.kind()) {
    case v1::Engagement::KIND_CORRECTION:
      return "更正：" + step;
    case v1::Engagement::KIND_WITHDRAWAL:
      return "撤回：" + step;
    case v1::Engagement::KIND_CLEARANCE:
      return "解除拒绝";
    default:
      return step;
  }
}

std::string ChineseReason(v1::RefusalReason reason) {
  return std::string(ChineseNameOf(static_cast<RefusalReason>(reason)));
}

std::string DayOf(const v1::Engagement& entry) {
  return absl::FormatTime("%Y-%m-%d", absl::FromUnixSeconds(entry.event_time().seconds()),
                          absl::FixedTimeZone(8 * 3600));
}

void PrintEngagements(const std::vector<v1::Engagement>& entries, const Io& io) {
  if (entries.empty()) {
    io.out << "没有登记的进展。\n";
    return;
  }
  Table table({{"日期", 10},
               {"步骤", 22},
               {"需求", 30},
               {"供给方", 30},
               {"需求地区", 12},
               {"供给地区", 12},
               {"任务", 6},
               {"万元", 12, Align::kRight},
               {"编号", 32},
               {"说明", 0}});
  for (const v1::Engagement& entry : entries) {
    std::string words =
        entry.step() == v1::ENGAGEMENT_STEP_REFUSED ? ChineseReason(entry.refusal_reason()) : "";
    for (const std::string* more : {&entry.registration_number(), &entry.why(), &entry.note()}) {
      if (!more->empty()) words += (words.empty() ? "" : "；") + *more;
    }
    if (!entry.corrected_by().empty()) words += (words.empty() ? "" : "；") + std::string("已更正");
    table.AddRow({DayOf(entry), ChineseStep(entry), Titled(entry.need_title(), entry, entry.need()),
                  Titled(entry.offer_title(), entry, entry.offer()), RegionOf(entry.need_region_code()),
                  RegionOf(entry.offer_region_code()), entry.task(), AmountOf(entry), entry.name(), words});
  }
  table.Print(io.out, io.columns);
}

std::string CsvHeader() {
  return "\xEF\xBB\xBF" +
         Line({"编号",         "日期",     "步骤",     "需求编号", "需求",     "供给方编号", "供给方",
               "需求地区",     "供给地区", "供给机构", "通道",     "任务",     "领域",       "方式",
               "金额（万元）", "登记编号", "拒绝原因", "匹配编号", "凭据",     "备注",       "登记单位",
               "登记令牌",     "更正自",   "更正为",   "理由",     "示例数据", "模拟数据"});
}

std::string CsvRow(const v1::Engagement& entry) {
  std::string evidence;
  for (const std::string& item : entry.evidence()) evidence += (evidence.empty() ? "" : "；") + item;
  return Line({entry.name(),
               DayOf(entry),
               ChineseStep(entry),
               entry.need(),
               entry.need_title(),
               entry.offer(),
               entry.offer_title(),
               entry.need_region_code(),
               entry.offer_region_code(),
               entry.offer_institution(),
               entry.channel(),
               entry.task(),
               entry.field(),
               entry.mode(),
               AmountOf(entry),
               entry.registration_number(),
               ChineseReason(entry.refusal_reason()),
               entry.match_id(),
               evidence,
               entry.note(),
               entry.actor(),
               entry.recorder(),
               entry.corrects(),
               entry.corrected_by(),
               entry.why(),
               entry.illustrative() ? "是" : "",
               entry.simulated() ? "是" : ""});
}

std::string JsonLine(const v1::Engagement& entry) {
  report::Json line;
  line["need"] = IdOf(entry.need());
  line["candidate"] = IdOf(entry.offer());
  line["step"] = std::string(CodeOf(static_cast<Step>(entry.step())));
  line["time"] = absl::FormatTime("%Y-%m-%dT%H:%M:%S%Ez", absl::FromUnixSeconds(entry.event_time().seconds()),
                                  absl::FixedTimeZone(8 * 3600));
  if (entry.step() == v1::ENGAGEMENT_STEP_REFUSED)
    line["reason"] = std::string(CodeOf(static_cast<RefusalReason>(entry.refusal_reason())));
  return line.dump() + "\n";
}

}  // namespace dongxi::cli
