// Small things that all parts of the PDF of a report are made of. For pdf.cc and pdf_need.cc only.
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "report/pdf_document.h"

namespace dongxi::report {

inline constexpr uint32_t kPdfGreen = 0x1B7F3B, kPdfGrey = 0x777777, kPdfRed = 0xB3261E, kPdfBlue = 0x1F4E8C;
inline constexpr ParagraphStyle kPdfHeading{.size = 14, .before = 8, .after = 5, .keep_with_next = true};
inline constexpr ParagraphStyle kPdfSubheading{.size = 11, .before = 6, .after = 3, .keep_with_next = true};
inline constexpr ParagraphStyle kPdfSmall{.size = 8.5, .after = 2};

inline std::string PercentText(double share) {
  return absl::StrFormat("%.0f%%", 100 * std::clamp(share, 0.0, 1.0));
}

inline std::string BadgeText(bool illustrative) { return illustrative ? "［示例数据］" : ""; }
inline Run Badge(bool illustrative) {
  return {.text = BadgeText(illustrative), .bold = true, .color = kPdfRed};
}

inline Run Label(const char* text) {
  return {.text = absl::StrCat(text, "　"), .bold = true, .color = kPdfGrey};
}
// Nothing for a text that is empty.
inline void Labelled(PdfDocument& pdf, const char* label, std::vector<Run> runs,
                     const ParagraphStyle& style) {
  if (runs.empty()) return;
  runs.insert(runs.begin(), Label(label));
  pdf.Paragraph(runs, style);
}
inline void Labelled(PdfDocument& pdf, const char* label, const std::string& text,
                     const ParagraphStyle& style) {
  if (!text.empty()) Labelled(pdf, label, std::vector<Run>{Run{text}}, style);
}

}  // namespace dongxi::report
