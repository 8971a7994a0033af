// A match report as a PDF in Chinese, A4: cover, overview, contents with page numbers, one need after
// another, each from a new page. Any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "report/model.h"

namespace dongxi::report {

// `created_s`, seconds since 1970, is the time that the file says it was made: the same report and time give
// the same bytes. `stop`, which may be null, is asked before each need is drawn; Cancelled once it says yes.
// Errors: those of PdfDocument.
absl::StatusOr<std::string> RenderPdf(const MatchReport& report, int64_t created_s,
                                      const std::function<bool()>& stop = nullptr);

}  // namespace dongxi::report
