// One need of a report in the PDF: what it says, where it stands in the plan, and its three lists.
#pragma once

#include <cstddef>

#include "report/model.h"
#include "report/pdf_document.h"

namespace dongxi::report {

// How a need is drawn; other than this in the short form only.
struct NeedForm {
  double scale = 1;    // of all type
  bool tight = false;  // texts are cut after a line or two, not after a few
};

// Draws the need at the place `index` of the report, from where the document is.
void DrawNeed(const MatchReport& report, size_t index, const NeedForm& form, PdfDocument& pdf);

// The largest form in which the need fits on one page; the smallest there is where none does: what fits then
// is up to the number of entries. Draws on new pages of `scratch`, which is for nothing else. REQUIRES:
// report.brief.
NeedForm FormThatFits(const MatchReport& report, size_t index, PdfDocument& scratch);

}  // namespace dongxi::report
