#include "cli/plan/agenda_pdf.h"

#include <cairo-pdf.h>
#include <pango/pangocairo.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "cli/plan/words.h"
#include "engine/text/normalize.h"

namespace dongxi::cli {
namespace {

constexpr double kWidth = 595.28, kHeight = 841.89;  // A4 in points
constexpr double kMargin = 48;
constexpr double kRowMax = 46, kPad = 4;
constexpr char kFont[] = "Noto Sans CJK SC";

struct Row {
  std::string day;  // a heading before the row if it differs from the row before
  std::string time, place, title, detail;
  bool is_light = false;  // a break
};

struct Page {
  std::string heading, name, subtitle, footer;
  std::string place_header, title_header;
  std::vector<Row> rows;
};

struct DestroySurface {
  void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
};
struct DestroyCairo {
  void operator()(cairo_t* cairo) const { cairo_destroy(cairo); }
};

// Line breaks and controls would break the layout; direction marks could turn the rest of a line around.
std::string OneLine(const std::string& text) {
  std::string line;
  for (const char32_t c : DecodeUtf8(text)) {
    if ((c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069)) continue;
    AppendUtf8(c < 0x20 || c == 0x7F || c == 0x2028 || c == 0x2029 ? U' ' : c, &line);
  }
  return line;
}

class Pages {
 public:
  explicit Pages(const std::filesystem::path& file)
      : file_(file.string()),
        surface_(cairo_pdf_surface_create(file_.c_str(), kWidth, kHeight)),
        cairo_(cairo_create(surface_.get())) {
    cairo_pdf_surface_set_metadata(surface_.get(), CAIRO_PDF_METADATA_CREATE_DATE, "2026-01-01T00:00:00Z");
    cairo_pdf_surface_set_metadata(surface_.get(), CAIRO_PDF_METADATA_CREATOR, "dongxi plan");
  }

  void Draw(const Page& page) {
    cairo_pdf_surface_add_outline(surface_.get(), CAIRO_PDF_OUTLINE_ROOT, OneLine(page.name).c_str(),
                                  ("page=" + std::to_string(++number_)).c_str(),
                                  static_cast<cairo_pdf_outline_flags_t>(0));
    double y = kMargin;
    y += Text(page.heading, kMargin, y, kWidth - 2 * kMargin, 10, 1, 0.35) + 4;
    y += Text(page.name, kMargin, y, kWidth - 2 * kMargin, 19, 2, 0, true) + 2;
    if (!page.subtitle.empty()) y += Text(page.subtitle, kMargin, y, kWidth - 2 * kMargin, 10, 3, 0.25) + 2;
    y = Rows(page, y + 10);
    Text(page.footer, kMargin, kHeight - kMargin + 8, kWidth - 2 * kMargin - 60, 8, 1, 0.45);
    Text("第 " + std::to_string(number_) + " 页", kWidth - kMargin - 50, kHeight - kMargin + 8, 50, 8, 1,
         0.45);
    cairo_show_page(cairo_.get());
  }

  absl::Status Close() {
    cairo_surface_finish(surface_.get());
    const cairo_status_t status = cairo_surface_status(surface_.get());
    if (status == CAIRO_STATUS_SUCCESS) return absl::OkStatus();
    return absl::InternalError(file_ + ": " + cairo_status_to_string(status));
  }

 private:
  // Draws at most `lines` lines, cut with …; returns the height used.
  double Text(const std::string& text, double x, double y, double width, double size, int lines, double grey,
              bool bold = false) {
    if (text.empty()) return 0;
    PangoLayout* layout = pango_cairo_create_layout(cairo_.get());
    PangoFontDescription* font = pango_font_description_from_string(kFont);
    pango_font_description_set_absolute_size(font, size * PANGO_SCALE);
    if (bold) pango_font_description_set_weight(font, PANGO_WEIGHT_BOLD);
    pango_layout_set_font_description(layout, font);
    const std::string line = OneLine(text);
    pango_layout_set_auto_dir(layout, FALSE);  // columns start at the left, whatever a name starts with
    pango_layout_set_text(layout, line.c_str(), static_cast<int>(line.size()));
    pango_layout_set_width(layout, static_cast<int>(width * PANGO_SCALE));
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END);
    pango_layout_set_height(layout, -lines);
    cairo_set_source_rgb(cairo_.get(), grey, grey, grey);
    cairo_move_to(cairo_.get(), x, y);
    pango_cairo_show_layout(cairo_.get(), layout);
    int height = 0;
    pango_layout_get_size(layout, nullptr, &height);
    pango_font_description_free(font);
    g_object_unref(layout);
    return static_cast<double>(height) / PANGO_SCALE;
  }

  void Line(double y, double grey) {
    cairo_set_source_rgb(cairo_.get(), grey, grey, grey);
    cairo_set_line_width(cairo_.get(), 0.5);
    cairo_move_to(cairo_.get(), kMargin, y);
    cairo_line_to(cairo_.get(), kWidth - kMargin, y);
    cairo_stroke(cairo_.get());
  }

  // All rows fit on the page: they shrink, down to one line of small type.
  double Rows(const Page& page, double y) {
    if (page.rows.empty()) return y + Text("没有安排。", kMargin, y, kWidth - 2 * kMargin, 11, 1, 0.25);
    double units = 1;  // the header; a day is half a row
    for (size_t i = 0; i < page.rows.size(); ++i) {
      units += page.rows[i].is_light ? 0.6 : 1;
      units += !page.rows[i].day.empty() && (i == 0 || page.rows[i].day != page.rows[i - 1].day) ? 0.6 : 0;
    }
    const double height = std::min(kRowMax, (kHeight - kMargin - 6 - y) / units);
    const double size = std::clamp(height / 3.4, 4.0, 11.0);
    const double columns[] = {kMargin, kMargin + 84, kMargin + 164};
    Text("时间", columns[0], y, 80, size, 1, 0.35);
    Text(page.place_header, columns[1], y, 76, size, 1, 0.35);
    Text(page.title_header, columns[2], y, kWidth - kMargin - columns[2], size, 1, 0.35);
    y += std::min(height, size * 2);
    for (size_t i = 0; i < page.rows.size(); ++i) {
      const Row& row = page.rows[i];
      if (!row.day.empty() && (i == 0 || row.day != page.rows[i - 1].day)) {
        Text(row.day, kMargin, y + height * 0.1, kWidth - 2 * kMargin, size, 1, 0, true);
        y += height * 0.6;
      }
      Line(y, 0.75);
      const double grey = row.is_light ? 0.5 : 0, pad = std::min(kPad, height * 0.08);
      Text(row.time, columns[0], y + pad, 80, size, 1, grey);
      Text(row.place, columns[1], y + pad, 76, size, 1, grey);
      const double room = kWidth - kMargin - columns[2];
      const double used = Text(row.title, columns[2], y + pad, room, size, 1, grey, !row.is_light);
      const int lines = static_cast<int>((height - pad - used) / (size * 0.8 * 1.5));
      if (!row.is_light && lines > 0)
        Text(row.detail, columns[2], y + pad + used, room, size * 0.8, std::min(2, lines), 0.3);
      y += height * (row.is_light ? 0.6 : 1);
    }
    Line(y, 0.75);
    return y;
  }

  std::string file_;
  std::unique_ptr<cairo_surface_t, DestroySurface> surface_;
  std::unique_ptr<cairo_t, DestroyCairo> cairo_;
  int number_ = 0;
};

std::string Heading(const plan::Event& event, const char* what) {
  std::string heading = event.settings.title.empty() ? "对接会" : event.settings.title;
  if (!event.settings.venue.empty()) heading += " · " + event.settings.venue;
  return heading + " · " + what;
}

std::string Footer(const plan::PlanFile& plan) {
  return "第 " + std::to_string(plan.revision) + " 版（" + std::string(plan::StateWord(plan.state)) +
         "）。以组织方最后一次通知为准。";
}

Page PartyPage(const plan::PlanFile& file, int p) {
  const plan::Event& event = file.event;
  const plan::Party& party = event.parties[p];
  Page page{.heading = Heading(event, "会谈日程"),
            .name = party.name,
            .footer = Footer(file),
            .place_header = "桌",
            .title_header = "对方"};
  page.subtitle = std::string(party.side == plan::Side::kNeed ? "需求方 " : "供给方 ") + party.id;
  if (!party.region.empty()) page.subtitle += " · " + party.region;
  if (!party.title.empty()) page.subtitle += " · " + party.title;
  for (const AgendaEntry& entry : AgendaOf(event, file.plan, p)) {
    const plan::Slot& slot = event.slots[entry.slot];
    page.rows.push_back({DayOf(slot), TimeOf(slot), entry.place,
                         (entry.is_session ? "【活动】" : "") + entry.title, entry.detail, entry.is_break});
  }
  return page;
}

Page TablePage(const plan::PlanFile& file, int t) {
  const plan::Event& event = file.event;
  Page page{.heading = Heading(event, "桌位单"),
            .name = "桌 " + TableName(event, t),
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
    page.rows.push_back({DayOf(slot), TimeOf(slot), slot.id, event.parties[pair.need].name,
                         "与 " + event.parties[pair.offer].name});
  }
  for (const plan::SessionPlan& session : file.plan.sessions) {
    if (session.slot < 0 || event.sessions[session.session].table != t) continue;
    const plan::Slot& slot = event.slots[session.slot];
    page.rows.push_back(
        {DayOf(slot), TimeOf(slot), slot.id, "【活动】" + event.sessions[session.session].name, ""});
  }
  std::stable_sort(page.rows.begin(), page.rows.end(), [](const Row& a, const Row& b) {
    return a.day != b.day ? a.day < b.day : a.time < b.time;
  });
  return page;
}

}  // namespace

absl::Status WriteAgendaPdf(const plan::PlanFile& plan, const std::filesystem::path& file) {
  Pages pages(file);
  for (size_t p = 0; p < plan.event.parties.size(); ++p) pages.Draw(PartyPage(plan, static_cast<int>(p)));
  return pages.Close();
}

absl::Status WriteTablePdf(const plan::PlanFile& plan, const std::filesystem::path& file) {
  Pages pages(file);
  for (size_t t = 0; t < plan.event.tables.size(); ++t) pages.Draw(TablePage(plan, static_cast<int>(t)));
  return pages.Close();
}

}  // namespace dongxi::cli
