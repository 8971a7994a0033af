#include "cli/plan/folder.h"

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

// A file name of an id: what a file system or a USB stick may not take becomes _.
std::string FileName(size_t number, const std::string& id) {
  std::string name;
  for (const char c : id.substr(0, 60)) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
    name += plain ? c : '_';
  }
  return absl::StrFormat("%04d-%s.ics", number, name);
}

absl::Status Renamed(const fs::path& part, const fs::path& file) {
  std::error_code error;
  fs::rename(part, file, error);
  if (error) return absl::InternalError(file.string() + "：写不了：" + error.message());
  return absl::OkStatus();
}

absl::Status WriteCalendars(const plan::PlanFile& plan, const fs::path& folder, const plan::PlanFile* before,
                            const fs::path& folder_before) {
  std::vector<std::string> earlier(plan.event.parties.size());
  for (size_t p = 0; before != nullptr && p < earlier.size(); ++p) {
    const absl::StatusOr<std::string> ics =
        ReadFile(folder_before / FileName(p + 1, plan.event.parties[p].id), kCalendarBytesMax);
    if (ics.ok()) earlier[p] = *ics;
  }
  std::error_code error;
  fs::remove_all(folder, error);
  fs::create_directories(folder, error);
  if (error) return absl::InternalError(folder.string() + "：建不了：" + error.message());
  const Calendars calendars(plan, before);
  for (size_t p = 0; p < plan.event.parties.size(); ++p) {
    const fs::path file = folder / FileName(p + 1, plan.event.parties[p].id);
    DX_RETURN_IF_ERROR(WriteFileAtomically(file, calendars.Of(static_cast<int>(p), earlier[p])));
  }
  return absl::OkStatus();
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

}  // namespace

fs::path PlanFolderOf(const fs::path& path) {
  std::error_code ignored;
  if (path.filename() != kPlanName || fs::is_directory(path, ignored)) return path;
  return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

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
  DX_RETURN_IF_ERROR(WriteSheets(plan, folder));
  DX_RETURN_IF_ERROR(WriteCalendars(plan, folder / "calendars", before,
                                    (folder_before.empty() ? folder : folder_before) / "calendars"));
  return WriteFileAtomically(folder / kPlanName, PlanFileToJson(plan));
}

absl::Status WritePlanState(const plan::PlanFile& plan, const fs::path& folder) {
  DX_RETURN_IF_ERROR(CheckedFolder(plan, folder));
  DX_RETURN_IF_ERROR(WriteSheets(plan, folder));
  return WriteFileAtomically(folder / kPlanName, PlanFileToJson(plan));
}

absl::Status WritePlanFile(const plan::PlanFile& plan, const fs::path& folder) {
  DX_RETURN_IF_ERROR(CheckedFolder(plan, folder));
  return WriteFileAtomically(folder / kPlanName, PlanFileToJson(plan));
}

}  // namespace dongxi::cli
