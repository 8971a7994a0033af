#include "report/pdf_document.h"

#include <cairo-pdf.h>
#include <pango/pangocairo.h>

#include <algorithm>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

namespace dongxi::report {
namespace {

constexpr double kA4Short = 595.28, kA4Long = 841.89;  // points
constexpr double kMargin = 48;
constexpr double kFooterSize = 8;
constexpr double kBarHeight = 9;
constexpr char kFont[] = "Noto Sans CJK SC";

struct Unref {
  void operator()(void* object) const { g_object_unref(object); }
};
using LayoutPtr = std::unique_ptr<PangoLayout, Unref>;

bool HasFont() {
  PangoFontFamily** families = nullptr;
  int count = 0;
  pango_font_map_list_families(pango_cairo_font_map_get_default(), &families, &count);
  const bool found = std::any_of(families, families + count, [](PangoFontFamily* family) {
    return std::strcmp(pango_font_family_get_name(family), kFont) == 0;
  });
  g_free(families);
  return found;
}

cairo_status_t Append(void* out, const unsigned char* bytes, unsigned int size) {
  static_cast<std::string*>(out)->append(reinterpret_cast<const char*>(bytes), size);
  return CAIRO_STATUS_SUCCESS;
}

// Valid UTF-8 without controls, which Pango would show as boxes.
std::string Clean(std::string_view text) {
  gchar* valid = g_utf8_make_valid(text.data(), static_cast<gssize>(text.size()));
  std::string out(valid);
  g_free(valid);
  for (char& c : out) {
    if (static_cast<unsigned char>(c) < 0x20 && c != '\n') c = ' ';
  }
  return out;
}

// What stands in the quotes of a cairo tag's attribute.
std::string Quoted(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

guint16 Channel(uint32_t color, int shift) { return static_cast<guint16>((color >> shift & 0xFF) * 0x101); }

void AddAttribute(PangoAttrList* list, PangoAttribute* attribute, size_t begin, size_t end) {
  attribute->start_index = static_cast<guint>(begin);
  attribute->end_index = static_cast<guint>(end);
  pango_attr_list_insert(list, attribute);
}

double Points(int units) { return static_cast<double>(units) / PANGO_SCALE; }

}  // namespace

class PdfDocument::Parts {
 public:
  explicit Parts(const PdfOptions& options)
      : options_(options),
        width_(options.landscape ? kA4Long : kA4Short),
        height_(options.landscape ? kA4Short : kA4Long),
        surface_(cairo_pdf_surface_create_for_stream(&Append, &bytes_, width_, height_)),
        cairo_(cairo_create(surface_)) {
    cairo_pdf_surface_set_metadata(surface_, CAIRO_PDF_METADATA_TITLE, options.title.c_str());
    cairo_pdf_surface_set_metadata(surface_, CAIRO_PDF_METADATA_CREATOR, "Dongxi");
    const std::string time =
        absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", absl::FromUnixSeconds(options.created_s), absl::UTCTimeZone());
    cairo_pdf_surface_set_metadata(surface_, CAIRO_PDF_METADATA_CREATE_DATE, time.c_str());
    cairo_font_options_t* font = cairo_font_options_create();
    cairo_font_options_set_hint_metrics(font, CAIRO_HINT_METRICS_OFF);  // the same breaks on every machine
    cairo_font_options_set_hint_style(font, CAIRO_HINT_STYLE_NONE);
    cairo_surface_set_fallback_resolution(surface_, 72, 72);
    context_.reset(pango_cairo_create_context(cairo_));
    pango_cairo_context_set_resolution(context_.get(), 72);
    pango_cairo_context_set_font_options(context_.get(), font);
    pango_context_set_language(context_.get(), pango_language_from_string("zh-cn"));
    cairo_font_options_destroy(font);
    y_ = kMargin;
  }
  ~Parts() {
    cairo_destroy(cairo_);
    cairo_surface_destroy(surface_);
  }

  double text_width() const { return width_ - 2 * kMargin; }
  double bottom() const { return height_ - kMargin - kFooterSize; }

  LayoutPtr Layout(const std::vector<Run>& runs, double size, double width, int lines_max) {
    LayoutPtr layout(pango_layout_new(context_.get()));
    PangoFontDescription* font = pango_font_description_from_string(kFont);
    pango_font_description_set_absolute_size(font, size * PANGO_SCALE);
    pango_layout_set_font_description(layout.get(), font);
    pango_font_description_free(font);
    pango_layout_set_width(layout.get(), static_cast<int>(width * PANGO_SCALE));
    pango_layout_set_wrap(layout.get(), PANGO_WRAP_WORD_CHAR);
    pango_layout_set_spacing(layout.get(), static_cast<int>(0.15 * size * PANGO_SCALE));
    if (lines_max > 0) {
      pango_layout_set_height(layout.get(), -lines_max);
      pango_layout_set_ellipsize(layout.get(), PANGO_ELLIPSIZE_END);
    }
    PangoAttrList* attributes = pango_attr_list_new();
    std::string text;
    for (const Run& run : runs) {
      const size_t begin = text.size();
      text += Clean(run.text);
      AddAttribute(
          attributes,
          pango_attr_foreground_new(Channel(run.color, 16), Channel(run.color, 8), Channel(run.color, 0)),
          begin, text.size());
      if (run.bold) AddAttribute(attributes, pango_attr_weight_new(PANGO_WEIGHT_BOLD), begin, text.size());
      if (run.mark)
        AddAttribute(attributes, pango_attr_background_new(0xffff, 0xf0f0, 0xa8a8), begin, text.size());
    }
    pango_layout_set_text(layout.get(), text.data(), static_cast<int>(text.size()));
    pango_layout_set_attributes(layout.get(), attributes);
    pango_attr_list_unref(attributes);
    return layout;
  }

  // Draws line by line, so that a paragraph runs over the end of a page.
  void Flow(PangoLayout* layout, double x) {
    PangoLayoutIter* iter = pango_layout_get_iter(layout);
    do {
      PangoRectangle logical;
      pango_layout_iter_get_line_extents(iter, nullptr, &logical);
      const double height = Points(logical.height) + Points(pango_layout_get_spacing(layout));
      if (y_ + height > bottom()) NewPage();
      const double baseline = Points(pango_layout_iter_get_baseline(iter) - logical.y);
      cairo_move_to(cairo_, x + Points(logical.x), y_ + baseline);
      pango_cairo_show_layout_line(cairo_, pango_layout_iter_get_line_readonly(iter));
      y_ += height;
    } while (pango_layout_iter_next_line(iter) != FALSE);
    pango_layout_iter_free(iter);
  }

  // Draws the whole at one place.
  double Put(PangoLayout* layout, double x, double y) {
    PangoRectangle logical;
    pango_layout_get_extents(layout, nullptr, &logical);
    cairo_move_to(cairo_, x, y);
    pango_cairo_show_layout(cairo_, layout);
    return Points(logical.height);
  }
  static double HeightOf(PangoLayout* layout) {
    PangoRectangle logical;
    pango_layout_get_extents(layout, nullptr, &logical);
    return Points(logical.height);
  }

  void Room(double height) {
    if (y_ + height > bottom()) NewPage();
  }

  void Footer() {
    const double y = height_ - kMargin + 2;
    const LayoutPtr left =
        Layout({Run{.text = options_.footer, .color = 0x777777}}, kFooterSize, text_width() * 0.75, 1);
    Put(left.get(), kMargin, y);
    const std::string number = options_.pages_total > 0
                                   ? absl::StrCat("第 ", page_, " 页 / 共 ", options_.pages_total, " 页")
                                   : absl::StrCat("第 ", page_, " 页");
    const LayoutPtr right = Layout({Run{.text = number, .color = 0x777777}}, kFooterSize, text_width(), 1);
    pango_layout_set_alignment(right.get(), PANGO_ALIGN_RIGHT);
    Put(right.get(), kMargin, y);
  }

  void NewPage() {
    Footer();
    cairo_show_page(cairo_);
    ++page_;
    y_ = kMargin;
  }

  void Fill(double x, double y, double width, double height, double red, double green, double blue) {
    cairo_set_source_rgb(cairo_, red, green, blue);
    cairo_rectangle(cairo_, x, y, width, height);
    cairo_fill(cairo_);
    cairo_set_source_rgb(cairo_, 0, 0, 0);
  }

  absl::StatusOr<std::string> Finish() {
    Footer();
    cairo_show_page(cairo_);
    cairo_surface_finish(surface_);
    const cairo_status_t status = cairo_surface_status(surface_);
    if (status != CAIRO_STATUS_SUCCESS) {
      return absl::InternalError(absl::StrCat("写不了 PDF：", cairo_status_to_string(status)));
    }
    return std::move(bytes_);
  }

  const PdfOptions options_;
  const double width_, height_;
  std::string bytes_;
  cairo_surface_t* const surface_;
  cairo_t* const cairo_;
  std::unique_ptr<PangoContext, Unref> context_;
  double y_ = 0;
  int page_ = 1;
};

absl::StatusOr<std::unique_ptr<PdfDocument>> PdfDocument::Create(const PdfOptions& options) {
  if (!HasFont()) {
    return absl::FailedPreconditionError(
        absl::StrCat("没有安装字体 ", kFont, "，写不了中文 PDF；请安装：apt install fonts-noto-cjk"));
  }
  return std::unique_ptr<PdfDocument>(new PdfDocument(std::make_unique<Parts>(options)));
}

PdfDocument::PdfDocument(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
PdfDocument::~PdfDocument() = default;

void PdfDocument::Paragraph(const std::vector<Run>& runs, const ParagraphStyle& style) {
  if (std::all_of(runs.begin(), runs.end(), [](const Run& run) { return run.text.empty(); })) return;
  if (parts_->y_ > kMargin) parts_->y_ += style.before;
  if (style.keep_with_next)
    parts_->Room((style.size > 10 ? 10 : 5) * style.size);  // a heading and its first entry
  const LayoutPtr layout =
      parts_->Layout(runs, style.size, parts_->text_width() - style.indent, style.lines_max);
  parts_->Flow(layout.get(), kMargin + style.indent);
  parts_->y_ += style.after;
}

void PdfDocument::ContentsLine(std::string_view text, int page, std::string_view destination) {
  constexpr double kSize = 9.5, kNumberWidth = 40;
  const LayoutPtr words =
      parts_->Layout({Run{std::string(text)}}, kSize, parts_->text_width() - kNumberWidth, 1);
  const LayoutPtr number = parts_->Layout({Run{page > 0 ? absl::StrCat(page) : ""}}, kSize, kNumberWidth, 1);
  pango_layout_set_alignment(number.get(), PANGO_ALIGN_RIGHT);
  const double height = Parts::HeightOf(words.get()) + 2;
  parts_->Room(height);
  cairo_tag_begin(parts_->cairo_, CAIRO_TAG_LINK, absl::StrCat("dest='", Quoted(destination), "'").c_str());
  parts_->Put(words.get(), kMargin, parts_->y_);
  parts_->Put(number.get(), kMargin + parts_->text_width() - kNumberWidth, parts_->y_);
  cairo_tag_end(parts_->cairo_, CAIRO_TAG_LINK);
  parts_->y_ += height;
}

void PdfDocument::TableRow(const std::vector<Run>& cells, const std::vector<double>& widths, double size,
                           bool header) {
  constexpr double kPadding = 3;
  std::vector<LayoutPtr> layouts;
  double height = 0;
  for (size_t i = 0; i < cells.size(); ++i) {
    Run run = cells[i];
    run.bold = run.bold || header;
    layouts.push_back(
        parts_->Layout({run}, size, std::max(1.0, widths[i] * parts_->text_width() - 2 * kPadding), 8));
    height = std::max(height, Parts::HeightOf(layouts.back().get()) + 2 * kPadding);
  }
  parts_->Room(height);
  if (header) parts_->Fill(kMargin, parts_->y_, parts_->text_width(), height, 0.88, 0.92, 0.97);
  double x = kMargin;
  for (size_t i = 0; i < cells.size(); ++i) {
    parts_->Put(layouts[i].get(), x + kPadding, parts_->y_ + kPadding);
    x += widths[i] * parts_->text_width();
  }
  parts_->y_ += height;
  parts_->Fill(kMargin, parts_->y_ - 0.3, parts_->text_width(), 0.3, 0.75, 0.75, 0.75);
}

void PdfDocument::Bar(std::string_view label, double share, std::string_view value) {
  constexpr double kSize = 9, kLabelWidth = 170, kValueWidth = 70;
  const LayoutPtr words = parts_->Layout({Run{std::string(label)}}, kSize, kLabelWidth - 6, 1);
  const LayoutPtr number = parts_->Layout({Run{std::string(value)}}, kSize, kValueWidth, 1);
  const double height = Parts::HeightOf(words.get()) + 3;
  parts_->Room(height);
  const double room = parts_->text_width() - kLabelWidth - kValueWidth;
  const double length = std::clamp(share, 0.0, 1.0) * room;
  parts_->Put(words.get(), kMargin, parts_->y_);
  parts_->Fill(kMargin + kLabelWidth, parts_->y_ + 2, length, kBarHeight, 0.25, 0.45, 0.7);
  parts_->Put(number.get(), kMargin + kLabelWidth + length + 4, parts_->y_);
  parts_->y_ += height;
}

void PdfDocument::Rule() {
  parts_->Room(8);
  parts_->Fill(kMargin, parts_->y_ + 3, parts_->text_width(), 0.5, 0.6, 0.6, 0.6);
  parts_->y_ += 8;
}

void PdfDocument::NewPage() { parts_->NewPage(); }

void PdfDocument::Destination(std::string_view name, std::string_view bookmark) {
  const std::string quoted = Quoted(name);
  cairo_tag_begin(parts_->cairo_, CAIRO_TAG_DEST,
                  absl::StrCat("name='", quoted, "' x=", kMargin, " y=", parts_->y_).c_str());
  cairo_tag_end(parts_->cairo_, CAIRO_TAG_DEST);
  cairo_pdf_surface_add_outline(parts_->surface_, CAIRO_PDF_OUTLINE_ROOT, Clean(bookmark).c_str(),
                                absl::StrCat("dest='", quoted, "'").c_str(),
                                static_cast<cairo_pdf_outline_flags_t>(0));
}

int PdfDocument::page() const { return parts_->page_; }
absl::StatusOr<std::string> PdfDocument::Finish() { return parts_->Finish(); }

}  // namespace dongxi::report
