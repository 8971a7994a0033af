#include "report/pdf_canvas.h"

#include <cairo-pdf.h>
#include <pango/pangocairo.h>

#include <algorithm>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "engine/text/noncharacters.h"

namespace dongxi::report {
namespace {

constexpr double kA4Short = 595.28, kA4Long = 841.89;
constexpr char kFont[] = "Noto Sans CJK SC";

struct Unref {
  void operator()(void* object) const { g_object_unref(object); }
};

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

// Marks that turn the rest of a line around (U+202A to U+202E, U+2066 to U+2069), in UTF-8.
bool IsDirectionMark(std::string_view three) {
  if (three.size() < 3 || three[0] != '\xE2') return false;
  const auto last = static_cast<unsigned char>(three[2]);
  return (three[1] == '\x80' && last >= 0xAA && last <= 0xAE) ||
         (three[1] == '\x81' && last >= 0xA6 && last <= 0xA9);
}

// U+2028 and U+2029, which would begin a new line.
bool IsSeparator(std::string_view three) {
  return three.substr(0, 2) == "\xE2\x80" && three.size() >= 3 && (three[2] == '\xA8' || three[2] == '\xA9');
}

// Valid UTF-8 without controls, which Pango would show as boxes or obey, and without noncharacters: cairo
// takes them for broken text and gives up the whole file.
std::string Clean(std::string_view text) {
  const std::string valid = ReplaceNoncharacters(text);
  const std::string_view bytes = valid;
  std::string out;
  for (size_t i = 0; i < bytes.size(); ++i) {
    if (IsDirectionMark(bytes.substr(i, 3)) || IsSeparator(bytes.substr(i, 3))) {
      if (IsSeparator(bytes.substr(i, 3))) out += ' ';
      i += 2;
      continue;
    }
    const auto c = static_cast<unsigned char>(bytes[i]);
    out += (c < 0x20 && c != '\n') || c == 0x7F ? ' ' : bytes[i];
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
double Share(uint32_t color, int shift) { return static_cast<double>(color >> shift & 0xFF) / 255; }

void AddAttribute(PangoAttrList* list, PangoAttribute* attribute, size_t begin, size_t end) {
  attribute->start_index = static_cast<guint>(begin);
  attribute->end_index = static_cast<guint>(end);
  pango_attr_list_insert(list, attribute);
}

double Points(int units) { return static_cast<double>(units) / PANGO_SCALE; }
int Units(double points) { return static_cast<int>(points * PANGO_SCALE); }

}  // namespace

PdfText::~PdfText() {
  if (layout_ != nullptr) g_object_unref(layout_);
}

double PdfText::height() const {
  PangoRectangle logical;
  pango_layout_get_extents(layout_, nullptr, &logical);
  return Points(logical.height);
}

class PdfCanvas::Parts {
 public:
  explicit Parts(const Options& options)
      : width(options.landscape ? kA4Long : kA4Short),
        height(options.landscape ? kA4Short : kA4Long),
        surface(cairo_pdf_surface_create_for_stream(&Append, &bytes, width, height)),
        cairo(cairo_create(surface)) {
    if (!options.title.empty())
      cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, Clean(options.title).c_str());
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, options.creator.c_str());
    const std::string time =
        absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", absl::FromUnixSeconds(options.created_s), absl::UTCTimeZone());
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, time.c_str());
    cairo_font_options_t* font = cairo_font_options_create();
    cairo_font_options_set_hint_metrics(font, CAIRO_HINT_METRICS_OFF);  // the same breaks on every machine
    cairo_font_options_set_hint_style(font, CAIRO_HINT_STYLE_NONE);
    cairo_surface_set_fallback_resolution(surface, 72, 72);
    context.reset(pango_cairo_create_context(cairo));
    pango_cairo_context_set_resolution(context.get(), 72);
    pango_cairo_context_set_font_options(context.get(), font);
    pango_context_set_language(context.get(), pango_language_from_string("zh-cn"));
    cairo_font_options_destroy(font);
  }
  ~Parts() {
    cairo_destroy(cairo);
    cairo_surface_destroy(surface);
  }

  const double width, height;
  std::string bytes;
  cairo_surface_t* const surface;
  cairo_t* const cairo;
  std::unique_ptr<PangoContext, Unref> context;
  int page = 1;
};

absl::StatusOr<std::unique_ptr<PdfCanvas>> PdfCanvas::Create(const Options& options) {
  if (!HasFont()) {
    return absl::FailedPreconditionError(
        absl::StrCat("没有安装字体 ", kFont, "，写不了中文 PDF；请安装：apt install fonts-noto-cjk"));
  }
  return std::unique_ptr<PdfCanvas>(new PdfCanvas(std::make_unique<Parts>(options)));
}

PdfCanvas::PdfCanvas(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
PdfCanvas::~PdfCanvas() = default;

double PdfCanvas::width() const { return parts_->width; }
double PdfCanvas::height() const { return parts_->height; }
int PdfCanvas::page() const { return parts_->page; }

PdfText PdfCanvas::Text(const std::vector<Run>& runs, const TextStyle& style) {
  PangoLayout* const layout = pango_layout_new(parts_->context.get());
  PangoFontDescription* font = pango_font_description_from_string(kFont);
  pango_font_description_set_absolute_size(font, style.size * PANGO_SCALE);
  pango_layout_set_font_description(layout, font);
  pango_font_description_free(font);
  pango_layout_set_width(layout, Units(style.width));
  pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
  pango_layout_set_spacing(layout, Units(style.spacing));
  if (style.align_right) pango_layout_set_alignment(layout, PANGO_ALIGN_RIGHT);
  if (style.from_left) pango_layout_set_auto_dir(layout, FALSE);
  if (style.lines_max > 0) {
    pango_layout_set_height(layout, -style.lines_max);
    pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END);
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
  pango_layout_set_text(layout, text.data(), static_cast<int>(text.size()));
  pango_layout_set_attributes(layout, attributes);
  pango_attr_list_unref(attributes);
  return PdfText(layout);
}

double PdfCanvas::Put(const PdfText& text, double x, double y) {
  cairo_move_to(parts_->cairo, x, y);
  pango_cairo_show_layout(parts_->cairo, text.layout_);
  return text.height();
}

void PdfCanvas::PutLines(const PdfText& text, double x, const std::function<double(double height)>& place) {
  PangoLayoutIter* iter = pango_layout_get_iter(text.layout_);
  do {
    PangoRectangle logical;
    pango_layout_iter_get_line_extents(iter, nullptr, &logical);
    const double y = place(Points(logical.height) + Points(pango_layout_get_spacing(text.layout_)));
    const double baseline = Points(pango_layout_iter_get_baseline(iter) - logical.y);
    cairo_move_to(parts_->cairo, x + Points(logical.x), y + baseline);
    pango_cairo_show_layout_line(parts_->cairo, pango_layout_iter_get_line_readonly(iter));
  } while (pango_layout_iter_next_line(iter) != FALSE);
  pango_layout_iter_free(iter);
}

void PdfCanvas::Fill(double x, double y, double width, double height, uint32_t color) {
  cairo_set_source_rgb(parts_->cairo, Share(color, 16), Share(color, 8), Share(color, 0));
  cairo_rectangle(parts_->cairo, x, y, width, height);
  cairo_fill(parts_->cairo);
  cairo_set_source_rgb(parts_->cairo, 0, 0, 0);
}

void PdfCanvas::BeginLink(std::string_view destination) {
  cairo_tag_begin(parts_->cairo, CAIRO_TAG_LINK, absl::StrCat("dest='", Quoted(destination), "'").c_str());
}
void PdfCanvas::EndLink() { cairo_tag_end(parts_->cairo, CAIRO_TAG_LINK); }

void PdfCanvas::Destination(std::string_view name, double x, double y) {
  cairo_tag_begin(parts_->cairo, CAIRO_TAG_DEST,
                  absl::StrCat("name='", Quoted(name), "' x=", x, " y=", y).c_str());
  cairo_tag_end(parts_->cairo, CAIRO_TAG_DEST);
}

void PdfCanvas::Bookmark(std::string_view text, std::string_view destination) {
  cairo_pdf_surface_add_outline(parts_->surface, CAIRO_PDF_OUTLINE_ROOT, Clean(text).c_str(),
                                absl::StrCat("dest='", Quoted(destination), "'").c_str(),
                                static_cast<cairo_pdf_outline_flags_t>(0));
}

void PdfCanvas::BookmarkPage(std::string_view text) {
  cairo_pdf_surface_add_outline(parts_->surface, CAIRO_PDF_OUTLINE_ROOT, Clean(text).c_str(),
                                absl::StrCat("page=", parts_->page).c_str(),
                                static_cast<cairo_pdf_outline_flags_t>(0));
}

void PdfCanvas::EndPage() {
  cairo_show_page(parts_->cairo);
  ++parts_->page;
}

absl::StatusOr<std::string> PdfCanvas::Finish() {
  cairo_surface_finish(parts_->surface);
  const cairo_status_t status = cairo_surface_status(parts_->surface);
  if (status != CAIRO_STATUS_SUCCESS)
    return absl::InternalError(absl::StrCat("写不了 PDF：", cairo_status_to_string(status)));
  return std::move(parts_->bytes);
}

}  // namespace dongxi::report
