#include "cli/plan/agenda_pdf.h"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "cli/plan/words.h"
#include "engine/base/files.h"
#include "engine/base/status_macros.h"
#include "engine/policy/word_table.h"
#include "report/pdf_canvas.h"

namespace dongxi::cli {
namespace {

constexpr double kMargin = 48;  // points
constexpr double kRowMax = 56, kPad = 4;
constexpr double kDayUnits = 0.6, kBreakUnits = 0.6;  // of a row
// With more on a page, under the longest heading, its type would be smaller than 7 points.
constexpr double kUnitsMax = 24;
constexpr int kTableLines = 3;
constexpr uint32_t kBlack = 0x000000, kDark = 0x444444, kGrey = 0x666666, kLight = 0x808080,
                   kLineColor = 0xBFBFBF;
constexpr int64_t kCreated = 1'767'225'600;  // 2026-01-01: the same plan gives the same bytes

struct Row {
  std::string day;  // a heading before the row if it differs from the row before
  std::string time, place, title, detail;
  bool is_light = false;  // a break
  int title_lines = 1;    // at most, where there is room
};

struct Page {
  std::string heading, name, subtitle, footer;
  std::string place_header, title_header;
  std::vector<Row> rows;
};

// Row `i` beside the others: a break is lower, a day has its heading.
double UnitsOf(const std::vector<Row>& rows, size_t i) {
  const bool has_day = !rows[i].day.empty() && (i == 0 || rows[i].day != rows[i - 1].day);
  return (rows[i].is_light ? kBreakUnits : 1) + (has_day ? kDayUnits : 0);
}

// Columns are one-line or a few lines each: a line break in a name is a space.
std::string OneLine(std::string text) {
  for (char& c : text) {
    if (c == '\n' || c == '\r') c = ' ';
  }
  return text;
}

// Draws pages of one kind. Not thread-safe.
class Pages {
 public:
  explicit Pages(std::unique_ptr<report::PdfCanvas> canvas)
      : canvas_(std::move(canvas)), width_(canvas_->width()), height_(canvas_->height()) {}

  void Draw(const Page& page) {
    canvas_->BookmarkPage(OneLine(page.name));
    double y = kMargin;
    y += Text(page.heading, kMargin, y, width_ - 2 * kMargin, 10, 1, kGrey) + 4;
    y += Text(page.name, kMargin, y, width_ - 2 * kMargin, 19, 2, kBlack, true) + 2;
    if (!page.subtitle.empty()) y += Text(page.subtitle, kMargin, y, width_ - 2 * kMargin, 10, 3, kDark) + 2;
    Rows(page, y + 10);
    Text(page.footer, kMargin, height_ - kMargin + 8, width_ - 2 * kMargin - 60, 8, 1, kGrey);
    Text("第 " + std::to_string(canvas_->page()) + " 页", width_ - kMargin - 50, height_ - kMargin + 8, 50, 8,
         1, kGrey);
    canvas_->EndPage();
  }

  absl::Status WriteTo(const std::filesystem::path& file) {
    DX_ASSIGN_OR_RETURN(const std::string bytes, canvas_->Finish());
    return WriteFileAtomically(file, bytes);
  }

 private:
  // Draws at most `lines` lines, cut with …; returns the height used.
  double Text(const std::string& text, double x, double y, double width, double size, int lines,
              uint32_t color, bool bold = false) {
    if (text.empty()) return 0;
    return canvas_->Put(canvas_->Text({{.text = OneLine(text), .bold = bold, .color = color}},
                                      {.size = size, .width = width, .lines_max = lines, .from_left = true}),
                        x, y);
  }

  void Line(double y) { canvas_->Fill(kMargin, y, width_ - 2 * kMargin, 0.5, kLineColor); }

  // All rows fit on the page: they shrink. Split sees to it that they stay readable.
  void Rows(const Page& page, double y) {
    if (page.rows.empty()) {
      Text("没有安排。", kMargin, y, width_ - 2 * kMargin, 11, 1, kDark);
      return;
    }
    double units = 1;  // the header
    for (size_t i = 0; i < page.rows.size(); ++i) units += UnitsOf(page.rows, i);
    const double height = std::min(kRowMax, (height_ - kMargin - 6 - y) / units);
    const double size = std::clamp(height / 3.4, 4.0, 11.0);
    const double columns[] = {kMargin, kMargin + 84, kMargin + 164};
    Text("时间", columns[0], y, 80, size, 1, kGrey);
    Text(page.place_header, columns[1], y, 76, size, 1, kGrey);
    Text(page.title_header, columns[2], y, width_ - kMargin - columns[2], size, 1, kGrey);
    y += std::min(height, size * 2);
    for (size_t i = 0; i < page.rows.size(); ++i) {
      const Row& row = page.rows[i];
      if (!row.day.empty() && (i == 0 || row.day != page.rows[i - 1].day)) {
        Text(row.day, kMargin, y + height * 0.1, width_ - 2 * kMargin, size, 1, kBlack, true);
        y += height * kDayUnits;
      }
      Line(y);
      const uint32_t color = row.is_light ? kLight : kBlack;
      const double pad = std::min(kPad, height * 0.08);
      Text(row.time, columns[0], y + pad, 80, size, 1, color);
      Text(row.place, columns[1], y + pad, 76, size, 1, color);
      const double room = width_ - kMargin - columns[2];
      const int title_lines = std::clamp(static_cast<int>((height - pad) / (size * 1.5)), 1, row.title_lines);
      const double used = Text(row.title, columns[2], y + pad, room, size, title_lines, color, !row.is_light);
      const int lines = static_cast<int>((height - pad - used) / (size * 0.8 * 1.5));
      if (!row.is_light && lines > 0)
        Text(row.detail, columns[2], y + pad + used, room, size * 0.8, std::min(2, lines), kDark);
      y += height * (row.is_light ? kBreakUnits : 1);
    }
    Line(y);
  }

  std::unique_ptr<report::PdfCanvas> canvas_;
  double width_, height_;
};

absl::StatusOr<Pages> NewPages() {
  DX_ASSIGN_OR_RETURN(std::unique_ptr<report::PdfCanvas> canvas,
                      report::PdfCanvas::Create({.creator = "dongxi plan", .created_s = kCreated}));
  return Pages(std::move(canvas));
}

std::string Heading(const plan::Event& event, const char* what) {
  std::string heading = event.settings.title.empty() ? "对接会" : event.settings.title;
  if (!event.settings.venue.empty()) heading += " · " + event.settings.venue;
  return heading + " · " + what;
}

std::string Footer(const plan::PlanFile& plan) {
  return "第 " + std::to_string(plan.revision) + " 版（" + std::string(plan::StateWord(plan.state)) +
         "）。以组织方最后一次通知为准。";
}

// A code by its name.
std::string RegionText(const std::string& region) {
  const std::string path = RegionPath(region);
  return path.empty() ? region : path;
}

Page PartyPage(const plan::PlanFile& file, const Agendas& agendas, int p) {
  const plan::Event& event = file.event;
  const plan::Party& party = event.parties[p];
  Page page{.heading = Heading(event, "会谈日程"),
            .name = party.name,
            .footer = Footer(file),
            .place_header = "桌",
            .title_header = "对方"};
  page.subtitle = std::string(party.side == plan::Side::kNeed ? "需求方 " : "供给方 ") + party.id;
  if (!party.region.empty()) page.subtitle += " · " + RegionText(party.region);
  if (!party.title.empty() && party.title != party.name) page.subtitle += " · " + party.title;
  for (const AgendaEntry& entry : agendas.Of(p)) {
    const plan::Slot& slot = event.slots[entry.slot];
    page.rows.push_back({DayOf(slot), TimeOf(slot), entry.place,
                         (entry.is_session ? "【活动】" : "") + entry.title, entry.detail, entry.is_break});
  }
  return page;
}

// Names that say that it is a table need no word for it.
std::string TableHeading(const plan::Event& event, int t) {
  const std::string name = TableName(event, t);
  return name.find("桌") == std::string::npos ? "桌 " + name : name;
}

Page TablePage(const plan::PlanFile& file, int t) {
  const plan::Event& event = file.event;
  Page page{.heading = Heading(event, "桌位单"),
            .name = TableHeading(event, t),
            .footer = Footer(file),
            .place_header = "时段",
            .title_header = "会谈双方"};
  page.subtitle = event.tables[t].id;
  if (event.tables[t].seats > 0) page.subtitle += " · " + std::to_string(event.tables[t].seats) + " 座";
  if (event.tables[t].online) page.subtitle += " · 可线上";
  for (const plan::Meeting& meeting : file.plan.meetings) {
    if (meeting.table != t) continue;
    const plan::Pair& pair = event.pairs[meeting.pair];
    const plan::Slot& slot = event.slots[meeting.slot];
    page.rows.push_back({.day = DayOf(slot),
                         .time = TimeOf(slot),
                         .place = slot.id,
                         .title = event.parties[pair.need].name + " × " + event.parties[pair.offer].name,
                         .title_lines = kTableLines});
  }
  for (const plan::SessionPlan& session : file.plan.sessions) {
    if (session.slot < 0 || event.sessions[session.session].table != t) continue;
    const plan::Slot& slot = event.slots[session.slot];
    page.rows.push_back({.day = DayOf(slot),
                         .time = TimeOf(slot),
                         .place = slot.id,
                         .title = "【活动】" + event.sessions[session.session].name,
                         .title_lines = kTableLines});
  }
  std::stable_sort(page.rows.begin(), page.rows.end(), [](const Row& a, const Row& b) {
    return a.day != b.day ? a.day < b.day : a.time < b.time;
  });
  return page;
}

// The page, or as many as its rows need.
std::vector<Page> Split(const Page& whole) {
  std::vector<Page> parts(1, whole);
  parts[0].rows.clear();
  double units = 0;
  for (const Row& row : whole.rows) {
    std::vector<Row>& rows = parts.back().rows;
    rows.push_back(row);
    units += UnitsOf(rows, rows.size() - 1);
    if (units <= kUnitsMax) continue;
    rows.pop_back();
    Page& next = parts.emplace_back(whole);
    next.name += "（续 " + std::to_string(parts.size() - 1) + "）";
    next.rows = {row};
    units = UnitsOf(next.rows, 0);
  }
  return parts;
}

}  // namespace

absl::Status WriteAgendaPdf(const plan::PlanFile& plan, const std::filesystem::path& file) {
  DX_ASSIGN_OR_RETURN(Pages pages, NewPages());
  const Agendas agendas(plan.event, plan.plan);
  for (size_t p = 0; p < plan.event.parties.size(); ++p) {
    for (const Page& part : Split(PartyPage(plan, agendas, static_cast<int>(p)))) pages.Draw(part);
  }
  return pages.WriteTo(file);
}

absl::Status WriteTablePdf(const plan::PlanFile& plan, const std::filesystem::path& file) {
  DX_ASSIGN_OR_RETURN(Pages pages, NewPages());
  for (size_t t = 0; t < plan.event.tables.size(); ++t) {
    for (const Page& part : Split(TablePage(plan, static_cast<int>(t)))) pages.Draw(part);
  }
  return pages.WriteTo(file);
}

}  // namespace dongxi::cli
