#include "report/pdf_document.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace dongxi::report {
namespace {

constexpr double kMargin = 48;
constexpr double kFooterSize = 8;
constexpr double kBarHeight = 9;
constexpr double kLineSpacing = 0.15;  // of the type's size
constexpr double kCellPadding = 3;
constexpr int kCellLinesMax = 8;
constexpr uint32_t kFooterColor = 0x777777, kHeaderColor = 0xE0EBF7, kRowLineColor = 0xBFBFBF,
                   kBarColor = 0x4073B3, kRuleColor = 0x999999;

// Cells with their lines broken.
struct LaidRow {
  std::vector<PdfText> texts;
  double height = 0;
};

}  // namespace

class PdfDocument::Parts {
 public:
  Parts(const PdfOptions& options, std::unique_ptr<PdfCanvas> canvas)
      : options_(options), canvas_(std::move(canvas)) {}

  double text_width() const { return canvas_->width() - 2 * kMargin; }
  double bottom() const { return canvas_->height() - kMargin - kFooterSize; }

  PdfText Layout(const std::vector<Run>& runs, double size, double width, int lines_max,
                 bool align_right = false) {
    return canvas_->Text(runs, {.size = size,
                                .width = width,
                                .lines_max = lines_max,
                                .spacing = kLineSpacing * size,
                                .align_right = align_right,
                                .from_left = !align_right});
  }

  // Draws line by line, so that a paragraph runs over the end of a page.
  void Flow(const PdfText& text, double x) {
    canvas_->PutLines(text, x, [this](double height) {
      Room(height);
      const double y = y_;
      y_ += height;
      return y;
    });
  }

  void Room(double height) {
    if (y_ + height > bottom()) NewPage();
  }

  void Footer() {
    const double y = canvas_->height() - kMargin + 2;
    canvas_->Put(
        Layout({Run{.text = options_.footer, .color = kFooterColor}}, kFooterSize, text_width() * 0.75, 1),
        kMargin, y);
    const std::string number = options_.pages_total > 0 ? absl::StrCat("第 ", canvas_->page(), " 页 / 共 ",
                                                                       options_.pages_total, " 页")
                                                        : absl::StrCat("第 ", canvas_->page(), " 页");
    canvas_->Put(Layout({Run{.text = number, .color = kFooterColor}}, kFooterSize, text_width(), 1, true),
                 kMargin, y);
  }

  void NewPage() {
    EndPage();
    y_ = kMargin;
  }
  void EndPage() {
    Footer();
    canvas_->EndPage();
  }

  LaidRow LayRow(const std::vector<Run>& cells, const std::vector<double>& widths, double size, bool header,
                 bool figures) {
    LaidRow row;
    for (size_t i = 0; i < cells.size(); ++i) {
      Run run = cells[i];
      run.bold = run.bold || header;
      row.texts.push_back(Layout({run}, size, std::max(1.0, widths[i] * text_width() - 2 * kCellPadding),
                                 kCellLinesMax, figures && i > 0));
      row.height = std::max(row.height, row.texts.back().height() + 2 * kCellPadding);
    }
    return row;
  }

  // REQUIRES: there is room.
  void DrawRow(const LaidRow& row, const std::vector<double>& widths, bool header) {
    if (header) canvas_->Fill(kMargin, y_, text_width(), row.height, kHeaderColor);
    double x = kMargin;
    for (size_t i = 0; i < row.texts.size(); ++i) {
      canvas_->Put(row.texts[i], x + kCellPadding, y_ + kCellPadding);
      x += widths[i] * text_width();
    }
    y_ += row.height;
    canvas_->Fill(kMargin, y_ - 0.3, text_width(), 0.3, kRowLineColor);
  }

  const PdfOptions options_;
  const std::unique_ptr<PdfCanvas> canvas_;
  double y_ = kMargin;
  double scale_ = 1;
};

absl::StatusOr<std::unique_ptr<PdfDocument>> PdfDocument::Create(const PdfOptions& options) {
  absl::StatusOr<std::unique_ptr<PdfCanvas>> canvas = PdfCanvas::Create(
      {.title = options.title, .created_s = options.created_s, .landscape = options.landscape});
  if (!canvas.ok()) return canvas.status();
  return std::unique_ptr<PdfDocument>(new PdfDocument(std::make_unique<Parts>(options, *std::move(canvas))));
}

PdfDocument::PdfDocument(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
PdfDocument::~PdfDocument() = default;

void PdfDocument::Paragraph(const std::vector<Run>& runs, const ParagraphStyle& style) {
  if (std::all_of(runs.begin(), runs.end(), [](const Run& run) { return run.text.empty(); })) return;
  const double scale = parts_->scale_, size = scale * style.size, indent = scale * style.indent;
  if (parts_->y_ > kMargin) parts_->y_ += scale * style.before;
  if (style.keep_with_next) parts_->Room((style.size > 10 ? 10 : 5) * size);  // a heading and its first entry
  parts_->Flow(parts_->Layout(runs, size, parts_->text_width() - indent, style.lines_max), kMargin + indent);
  parts_->y_ += scale * style.after;
}

void PdfDocument::ContentsLine(std::string_view text, int page, std::string_view destination) {
  constexpr double kSize = 9.5, kNumberWidth = 40;
  const PdfText words =
      parts_->Layout({Run{std::string(text)}}, kSize, parts_->text_width() - kNumberWidth, 1);
  const PdfText number =
      parts_->Layout({Run{page > 0 ? absl::StrCat(page) : ""}}, kSize, kNumberWidth, 1, /*align_right=*/true);
  const double height = words.height() + 2;
  parts_->Room(height);
  parts_->canvas_->BeginLink(destination);
  parts_->canvas_->Put(words, kMargin, parts_->y_);
  parts_->canvas_->Put(number, kMargin + parts_->text_width() - kNumberWidth, parts_->y_);
  parts_->canvas_->EndLink();
  parts_->y_ += height;
}

void PdfDocument::TableRow(const std::vector<Run>& cells, const std::vector<double>& widths, double size,
                           bool header) {
  const LaidRow row = parts_->LayRow(cells, widths, size, header, /*figures=*/false);
  parts_->Room(row.height);
  parts_->DrawRow(row, widths, header);
}

void PdfDocument::Table(const PdfTable& table) {
  const auto lay = [&](const std::vector<std::string>& texts, bool header) {
    std::vector<Run> cells;
    for (const std::string& text : texts) cells.push_back({text});
    return parts_->LayRow(cells, table.widths, table.size, header, table.figures);
  };
  const LaidRow header = lay(table.header, true);
  bool begun = false;
  for (const std::vector<std::string>& texts : table.rows) {
    const LaidRow row = lay(texts, false);
    const double needed = row.height + (begun ? 0 : header.height);
    const bool turned = parts_->y_ + needed > parts_->bottom();
    if (turned) parts_->NewPage();
    if (turned || !begun) parts_->DrawRow(header, table.widths, true);
    begun = true;
    parts_->DrawRow(row, table.widths, false);
  }
  parts_->y_ += kCellPadding;
}

void PdfDocument::Bar(std::string_view label, double share, std::string_view value) {
  constexpr double kSize = 9, kLabelWidth = 215, kValueWidth = 100;
  const PdfText words = parts_->Layout({Run{std::string(label)}}, kSize, kLabelWidth - 6, 1);
  const PdfText number = parts_->Layout({Run{std::string(value)}}, kSize, kValueWidth, 1);
  const double height = words.height() + 3;
  parts_->Room(height);
  const double room = parts_->text_width() - kLabelWidth - kValueWidth;
  const double length = std::clamp(share, 0.0, 1.0) * room;
  parts_->canvas_->Put(words, kMargin, parts_->y_);
  parts_->canvas_->Fill(kMargin + kLabelWidth, parts_->y_ + 2, length, kBarHeight, kBarColor);
  parts_->canvas_->Put(number, kMargin + kLabelWidth + length + 4, parts_->y_);
  parts_->y_ += height;
}

void PdfDocument::Curve(const std::vector<CurvePoint>& points) {
  constexpr double kSide = 170, kLeft = 40, kDot = 4, kThin = 0.6;
  constexpr int kTraces = 170;  // squares that a line is made of
  parts_->Room(kSide + 16);
  const double left = kMargin + kLeft, top = parts_->y_ + 4;
  const auto put = [&](const CurvePoint& at, double size, uint32_t color) {
    parts_->canvas_->Fill(left + kSide * at.x - size / 2, top + kSide * (1 - at.y) - size / 2, size, size,
                          color);
  };
  const auto trace = [&](const CurvePoint& from, const CurvePoint& to, uint32_t color) {
    for (int i = 0; i <= kTraces; ++i) {
      const double share = static_cast<double>(i) / kTraces;
      put({from.x + share * (to.x - from.x), from.y + share * (to.y - from.y)}, kThin, color);
    }
  };
  for (const double edge : {0.0, 1.0}) {
    parts_->canvas_->Fill(left, top + kSide * edge, kSide, kThin, kRuleColor);
    parts_->canvas_->Fill(left + kSide * edge, top, kThin, kSide, kRuleColor);
  }
  trace({0, 0}, {1, 1}, kRuleColor);
  for (size_t i = 0; i < points.size(); ++i) {
    if (i > 0) trace(points[i - 1], points[i], kBarColor);
    put(points[i], kDot, kBarColor);
  }
  parts_->canvas_->Put(parts_->Layout({Run{"1"}}, 8, 20, 1), left - 10, top - 4);
  parts_->canvas_->Put(parts_->Layout({Run{"0"}}, 8, 20, 1), left - 10, top + kSide - 6);
  parts_->canvas_->Put(parts_->Layout({Run{"1"}}, 8, 20, 1), left + kSide - 4, top + kSide + 2);
  parts_->y_ += kSide + 18;
}

void PdfDocument::Rule() {
  parts_->Room(8);
  parts_->canvas_->Fill(kMargin, parts_->y_ + 3, parts_->text_width(), 0.5, kRuleColor);
  parts_->y_ += 8;
}

void PdfDocument::Scale(double scale) { parts_->scale_ = scale; }

void PdfDocument::NewPage() { parts_->NewPage(); }

void PdfDocument::Reserve(double height) { parts_->Room(height); }

void PdfDocument::Destination(std::string_view name, std::string_view bookmark) {
  parts_->canvas_->Destination(name, kMargin, parts_->y_);
  parts_->canvas_->Bookmark(bookmark, name);
}

int PdfDocument::page() const { return parts_->canvas_->page(); }

absl::StatusOr<std::string> PdfDocument::Finish() {
  parts_->EndPage();
  return parts_->canvas_->Finish();
}

}  // namespace dongxi::report
