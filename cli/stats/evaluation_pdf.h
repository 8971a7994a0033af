// The evaluation report as a PDF to print and to stamp: A4, a cover with its contents, page numbers,
// bookmarks. Says what the page (evaluation_files.h) says, without charts that need a screen. Any thread.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "cli/stats/evaluation.h"

namespace dongxi::cli {

// The file's bytes; the same evaluation and time (seconds since 1970) give the same. FailedPrecondition with
// the remedy if no Noto Sans CJK SC is installed.
absl::StatusOr<std::string> EvaluationPdf(const Evaluation& evaluation, int64_t created_s);

}  // namespace dongxi::cli
