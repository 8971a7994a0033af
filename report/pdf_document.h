// A PDF that text flows into, on the pages of PdfCanvas: page numbers, tables, bars, bookmarks and links. Not
// thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "report/pdf_canvas.h"

namespace dongxi::report {

struct ParagraphStyle {
  double size = 9.5;            // points
  double indent = 0;            // of the whole paragraph, from the left margin
  double before = 0;            // space above, not at the top of a page
  double after = 3;             // space below
  int lines_max = 0;            // more are cut with "…"; 0: all
  bool keep_with_next = false;  // is not left alone at the foot of a page: needs room for two more lines
};

// A table whose header is repeated where it runs over the end of a page.
struct PdfTable {
  std::vector<std::string> header;
  std::vector<std::vector<std::string>> rows;  // each as long as the header
  std::vector<double> widths;                  // shares of the line
  double size = 8;                             // points
  bool figures = false;                        // all cells but a row's first are flush right
};

struct CurvePoint {
  double x = 0, y = 0;  // in [0, 1]
};

struct PdfOptions {
  std::string title;      // of the file's properties
  int64_t created_s = 0;  // seconds since 1970; the same content and time give the same bytes
  std::string footer;     // at the left of every page's foot
  int pages_total = 0;    // 第 2 页 / 共 9 页; 0: 第 2 页
  bool landscape = false;
};

class PdfDocument {
 public:
  // FailedPrecondition with the remedy if no Noto Sans CJK SC is installed.
  static absl::StatusOr<std::unique_ptr<PdfDocument>> Create(const PdfOptions& options);
  ~PdfDocument();
  PdfDocument(const PdfDocument&) = delete;
  PdfDocument& operator=(const PdfDocument&) = delete;

  void Paragraph(const std::vector<Run>& runs, const ParagraphStyle& style);
  void Paragraph(std::string_view text, const ParagraphStyle& style) {
    Paragraph({Run{std::string(text)}}, style);
  }
  // One line of a table of contents that links to `destination`; the text is cut to one line.
  void ContentsLine(std::string_view text, int page, std::string_view destination);
  // Cells side by side; `widths` are shares of the line. Each cell wraps; a row stays on one page.
  void TableRow(const std::vector<Run>& cells, const std::vector<double>& widths, double size, bool header);
  void Table(const PdfTable& table);
  // A bar of `share` of the width with its label at the left and `value` behind it.
  void Bar(std::string_view label, double share, std::string_view value);
  // Points in the unit square with its diagonal, joined in their order.
  void Curve(const std::vector<CurvePoint>& points);
  // Paragraphs from now on are this many times as large as their style says, with all that is around them.
  void Scale(double scale);
  void Rule();
  void NewPage();
  // Begins a page unless so many points are left on this one.
  void Reserve(double height);
  // Names this place for links, and puts it into the bookmarks.
  void Destination(std::string_view name, std::string_view bookmark);

  int page() const;  // from 1
  // The file's bytes; nothing can be added afterwards. Errors: Internal if cairo failed.
  absl::StatusOr<std::string> Finish();

 private:
  class Parts;
  explicit PdfDocument(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace dongxi::report
