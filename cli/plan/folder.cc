#include "cli/plan/folder.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <vector>

#include "absl/strings/str_format.h"
#include "cli/plan/agenda_pdf.h"
#include "cli/plan/calendar.h"
#include "cli/plan/schedule_xlsx.h"
#include "engine/base/files.h"
#include "engine/base/status_macros.h"
#include "engine/plan/check.h"
#include "engine/plan/event_tables.h"

namespace dongxi::cli {
namespace {

namespace fs = std::filesystem;

constexpr char kPlanName[] = "plan.json";
constexpr size_t kViolationsNamed = 5;
constexpr size_t kCalendarBytesMax = 4 << 20;

bool IsPlain(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
}

// A file name of an id: what a file system or a USB stick may not take becomes _.
std::string FileName(size_t number, const std::string& id) {
  std::string name;
  for (const char c : id.substr(0, 60)) name += IsPlain(c) ? c : '_';
  return absl::StrFormat("%04d-%s.ics", number, name);
}

// One that FileName could have made.
bool IsCalendarName(std::string_view name) {
  constexpr std::string_view kEnd = ".ics";
  const size_t mark = name.find_first_not_of("0123456789");
  if (mark == std::string_view::npos || mark < 4 || name[mark] != '-' || !name.ends_with(kEnd)) return false;
  name.remove_suffix(kEnd.size());
  return std::all_of(name.begin(), name.end(), [](char c) { return IsPlain(c) || c == '_'; });
}

absl::Status Renamed(const fs::path& part, const fs::path& file) {
  std::error_code error;
  fs::rename(part, file, error);
  if (error) return absl::InternalError(file.string() + "：写不了：" + error.message());
  return absl::OkStatus();
}

// What the calendar of each party said in the revision before, when its file may have had another number.
std::vector<std::string> EarlierCalendars(const plan::PlanFile& plan, const plan::PlanFile* before,
                                          const fs::path& folder) {
  std::vector<std::string> earlier(plan.event.parties.size());
  std::map<std::string_view, size_t> places;
  for (size_t p = 0; before != nullptr && p < before->event.parties.size(); ++p)
    places.emplace(before->event.parties[p].id, p);
  for (size_t p = 0; p < earlier.size(); ++p) {
    const auto then = places.find(plan.event.parties[p].id);
    if (then == places.end()) continue;
    const absl::StatusOr<std::string> ics =
        ReadFile(folder / FileName(then->second + 1, plan.event.parties[p].id), kCalendarBytesMax);
    if (ics.ok()) earlier[p] = *ics;
  }
  return earlier;
}

// Calendars of parties that are no more. What else lies there is somebody else's.
absl::Status RemoveCalendarsBut(const std::set<std::string>& written, const fs::path& folder) {
  std::vector<fs::path> old;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (IsCalendarName(name) && !written.contains(name)) old.push_back(entry->path());
  }
  for (size_t i = 0; !error && i < old.size(); ++i) fs::remove(old[i], error);
  if (error) return absl::InternalError(folder.string() + "：旧的日历删不掉：" + error.message());
  return absl::OkStatus();
}

// Old ones go last: they alone know what earlier revisions cancelled, and a run that ends half-way must not
// lose it.
absl::Status WriteCalendars(const plan::PlanFile& plan, const fs::path& folder, const plan::PlanFile* before,
                            const fs::path& folder_before) {
  const std::vector<std::string> earlier = EarlierCalendars(plan, before, folder_before);
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) return absl::InternalError(folder.string() + "：建不了：" + error.message());
  const Calendars calendars(plan, before);
  std::set<std::string> written;
  for (size_t p = 0; p < plan.event.parties.size(); ++p) {
    const std::string name = FileName(p + 1, plan.event.parties[p].id);
    DX_RETURN_IF_ERROR(WriteFileAtomically(folder / name, calendars.Of(static_cast<int>(p), earlier[p])));
    written.insert(name);
  }
  return RemoveCalendarsBut(written, folder);
}

absl::Status CheckedFolder(const plan::PlanFile& plan, const fs::path& folder) {
  const std::vector<plan::Violation> violations = CheckPlan(plan.event, plan.plan);
  if (!violations.empty()) {
    std::string text = absl::StrFormat("计划违反 %d 条规则，没有写出：", violations.size());
    for (size_t i = 0; i < std::min(violations.size(), kViolationsNamed); ++i)
      text += "\n  " + violations[i].text;
    return absl::InternalError(text);
  }
  std::error_code error;
  if (fs::exists(folder, error) && !fs::is_directory(folder, error)) {
    return absl::InvalidArgumentError(folder.string() +
                                      "：不是文件夹，没有写。改法：写计划的文件夹，或其中的 plan.json");
  }
  fs::create_directories(folder, error);
  if (error) return absl::InternalError(folder.string() + "：建不了：" + error.message());
  return absl::OkStatus();
}

// The files of paper: the workbook and the pages. Those of tables go with the tables.
absl::Status WriteSheets(const plan::PlanFile& plan, const fs::path& folder) {
  const fs::path part = folder / ".part";
  DX_RETURN_IF_ERROR(WriteScheduleXlsx(plan, part));
  DX_RETURN_IF_ERROR(Renamed(part, folder / "schedule.xlsx"));
  DX_RETURN_IF_ERROR(WriteAgendaPdf(plan, part));
  DX_RETURN_IF_ERROR(Renamed(part, folder / "agendas.pdf"));
  if (plan.event.tables.empty()) {
    std::error_code ignored;
    fs::remove(folder / "tables.pdf", ignored);
    return absl::OkStatus();
  }
  DX_RETURN_IF_ERROR(WriteTablePdf(plan, part));
  return Renamed(part, folder / "tables.pdf");
}

// What an outcome wrote there once; the plan that lay there before may have had others.
absl::Status RenewEngagements(const plan::PlanFile& plan, const fs::path& folder) {
  const fs::path file = EngagementsFileOf(folder);
  std::error_code ignored;
  if (!fs::exists(file, ignored)) return absl::OkStatus();
  return WriteFileAtomically(file, EngagementsToJson(plan));
}

// plan.json. Errors: InvalidArgument if nobody could read it back.
absl::StatusOr<std::string> PlanJson(const plan::PlanFile& plan) {
  std::string json = PlanFileToJson(plan);
  if (json.size() <= plan::kEventBytesMax) return json;
  return absl::InvalidArgumentError(absl::StrFormat(
      "计划太大：plan.json 会有 %d MiB，超过 %d MiB 的读不回来，没有写；配对有 %d 对。改法：少带些配对"
      "（做报告时改小 --top），或缩短表“配对”里的理由，或把活动分成几个",
      (json.size() >> 20) + 1, plan::kEventBytesMax >> 20, plan.event.pairs.size()));
}

}  // namespace

fs::path PlanFolderOf(const fs::path& path) {
  std::error_code ignored;
  if (path.filename() != kPlanName || fs::is_directory(path, ignored)) return path;
  return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

fs::path EngagementsFileOf(const fs::path& folder) { return folder / "engagements.json"; }

absl::StatusOr<plan::PlanFile> ReadPlanFolder(const fs::path& path) {
  std::error_code ignored;
  const fs::path file = fs::is_directory(path, ignored) ? path / kPlanName : path;
  const absl::StatusOr<std::string> bytes = ReadFile(file, plan::kEventBytesMax);
  if (absl::IsNotFound(bytes.status())) {
    return absl::NotFoundError(
        file.string() +
        "：没有这个计划。改法：写 dongxi plan make 的 --out 文件夹；存在服务里的计划要加 --server");
  }
  if (!bytes.ok()) return bytes.status();
  return plan::PlanFileFromJson(*bytes);
}

absl::Status WritePlanFolder(const plan::PlanFile& plan, const fs::path& folder, const plan::PlanFile* before,
                             const fs::path& folder_before) {
  DX_RETURN_IF_ERROR(CheckedFolder(plan, folder));
  DX_ASSIGN_OR_RETURN(const std::string json, PlanJson(plan));
  DX_RETURN_IF_ERROR(WriteSheets(plan, folder));
  DX_RETURN_IF_ERROR(WriteCalendars(plan, folder / "calendars", before,
                                    (folder_before.empty() ? folder : folder_before) / "calendars"));
  DX_RETURN_IF_ERROR(RenewEngagements(plan, folder));
  return WriteFileAtomically(folder / kPlanName, json);
}

absl::Status WritePlanState(const plan::PlanFile& plan, const fs::path& folder) {
  DX_RETURN_IF_ERROR(CheckedFolder(plan, folder));
  DX_ASSIGN_OR_RETURN(const std::string json, PlanJson(plan));
  DX_RETURN_IF_ERROR(WriteSheets(plan, folder));
  return WriteFileAtomically(folder / kPlanName, json);
}

absl::Status WritePlanFile(const plan::PlanFile& plan, const fs::path& folder) {
  DX_RETURN_IF_ERROR(CheckedFolder(plan, folder));
  DX_ASSIGN_OR_RETURN(const std::string json, PlanJson(plan));
  return WriteFileAtomically(folder / kPlanName, json);
}

}  // namespace dongxi::cli
