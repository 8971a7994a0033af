// The pages of a PDF to draw on: the one place that knows pango and cairo. A4, Noto Sans CJK embedded, text
// that can be selected and searched, bookmarks and links; the same content and time give the same bytes.
// Pango lays out (Chinese line breaking, right-to-left text), cairo writes. What is laid out on the pages is
// the business of its users: PdfDocument lets text flow, the agendas of a plan draw one sheet each. Lengths
// are points, from the top left. Not thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

typedef struct _PangoLayout PangoLayout;

namespace dongxi::report {

// A piece of a text.
struct Run {
  std::string text;  // UTF-8; line breaks are kept, other controls become spaces, noncharacters U+FFFD;
                     // direction overrides are left out
  bool bold = false;
  bool mark = false;          // on a yellow ground: a matched term
  uint32_t color = 0x222222;  // RGB
};

struct TextStyle {
  double size = 9.5;
  double width = 0;    // lines are broken there
  int lines_max = 0;   // more are cut with "…"; 0: all
  double spacing = 0;  // between lines
  bool align_right = false;
  bool from_left = false;  // starts at the left, whatever the script of its first letter
};

// A text with its lines broken, ready to be drawn. Lives no longer than its canvas.
class PdfText {
 public:
  explicit PdfText(PangoLayout* layout) : layout_(layout) {}
  ~PdfText();
  PdfText(PdfText&& other) noexcept : layout_(other.layout_) { other.layout_ = nullptr; }
  PdfText(const PdfText&) = delete;
  PdfText& operator=(const PdfText&) = delete;
  double height() const;

 private:
  friend class PdfCanvas;
  PangoLayout* layout_;  // owned; null after a move
};

class PdfCanvas {
 public:
  struct Options {
    std::string title;  // of the file's properties; empty: none
    std::string creator = "Dongxi";
    int64_t created_s = 0;  // seconds since 1970
    bool landscape = false;
  };

  // FailedPrecondition with the remedy if no Noto Sans CJK SC is installed.
  static absl::StatusOr<std::unique_ptr<PdfCanvas>> Create(const Options& options);
  ~PdfCanvas();
  PdfCanvas(const PdfCanvas&) = delete;
  PdfCanvas& operator=(const PdfCanvas&) = delete;

  double width() const;
  double height() const;
  int page() const;  // from 1

  PdfText Text(const std::vector<Run>& runs, const TextStyle& style);
  // Draws the whole; returns its height.
  double Put(const PdfText& text, double x, double y);
  // Draws line by line; `place` is asked with each line's height where it is to be, and may end the page.
  void PutLines(const PdfText& text, double x, const std::function<double(double height)>& place);
  void Fill(double x, double y, double width, double height, uint32_t color);

  // What is drawn between the two links to `destination`.
  void BeginLink(std::string_view destination);
  void EndLink();
  // Names this place for links.
  void Destination(std::string_view name, double x, double y);
  // An entry of the bookmarks, to a destination or to the page being drawn.
  void Bookmark(std::string_view text, std::string_view destination);
  void BookmarkPage(std::string_view text);

  void EndPage();
  // The file's bytes, after the last EndPage; nothing can be added afterwards. Errors: Internal if cairo
  // failed.
  absl::StatusOr<std::string> Finish();

 private:
  class Parts;
  explicit PdfCanvas(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace dongxi::report
