// Judges' sheets against the key of their pool, and their grades as qrels. Pure functions; any thread.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "bench/judge/agreement.h"
#include "bench/judge/grade_sheet.h"
#include "bench/judge/pool.h"
#include "bench/quality/qrels.h"

namespace dongxi::bench {

struct Judgement {
  int grade = 0;
  std::string need_title, candidate_title, remark;
};

struct JudgeGrades {
  std::string file;
  std::map<size_t, Judgement> judgements;  // by place of the pair in the pool
  std::vector<std::string> missing;        // pairs of the pool without a grade, with their places in the file
};

// Errors name file, sheet, row, column, what was found and expected, and the remedy; all of a file together:
// a sheet of another pool, a number that the pool does not have, ids that are not the number's, a pair twice,
// a grade outside 0..3, a sheet without any grade. Missing grades are an error only if `complete`.
absl::StatusOr<JudgeGrades> CheckGrades(const GradeSheet& sheet, const Pool& pool, bool complete);

enum class MergeRule { kMean, kMax, kMin };  // the mean is rounded, halves up

// A pair has the grades of those judges who graded it; pairs without any are left out.
Qrels MergeGrades(std::span<const JudgeGrades> judges, const Pool& pool, MergeRule rule);

// The pairs that both judges graded, in the pool's order.
std::vector<DoubleGrade> GradesOfBoth(const JudgeGrades& first, const JudgeGrades& second, const Pool& pool);

// Pairs whose judges differ, the widest differences first, then in the pool's order.
struct Disagreement {
  size_t pair = 0;
  int lowest = 0;
  int highest = 0;
};
std::vector<Disagreement> Disagreements(std::span<const JudgeGrades> judges);

// A line a disagreement: 差距, 编号, ids, titles, every judge's grade and remark. UTF-8 with a byte order
// mark.
std::string DisagreementsCsv(std::span<const JudgeGrades> judges, const Pool& pool);

// "need 0 candidate grade", by need and candidate.
std::string QrelsLines(const Qrels& qrels);

}  // namespace dongxi::bench
