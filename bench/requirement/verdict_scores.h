// What the verdicts of maturity, modes, parties, conditions and liveness are worth on labelled cases. Pure
// functions; any thread.
#pragma once

#include <array>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bench/requirement/verdict_file.h"
#include "engine/requirement/modes.h"

namespace dongxi::bench {

// In the order in which they are printed.
inline constexpr std::array<requirement::Outcome, 4> kOutcomesShown = {
    requirement::Outcome::kMet, requirement::Outcome::kShort, requirement::Outcome::kContradictory,
    requirement::Outcome::kUnknown};

// Of one kind, or of all. What is asked for and has no verdict counts as unknown.
class KindScores {
 public:
  void AddCase() { ++cases_; }
  void AddLabel(requirement::Outcome label, requirement::Outcome verdict);
  // A verdict other than unknown that no label is about.
  void AddUnlabelled() { ++unlabelled_; }

  size_t cases() const { return cases_; }
  size_t unlabelled() const { return unlabelled_; }
  size_t Count(requirement::Outcome label, requirement::Outcome verdict) const;
  size_t labels() const;
  size_t right() const;
  // Of verdicts other than unknown, those that no label is about too; of labels other than unknown. 0 where
  // there are none.
  double precision() const;
  double recall() const;
  size_t contradictions() const;            // labelled
  size_t contradictions_otherwise() const;  // of them, called otherwise

 private:
  size_t cases_ = 0, unlabelled_ = 0;
  std::array<std::array<size_t, 4>, 4> confusion_ = {};  // [label][verdict], in the order of Outcome
};

struct VerdictScores {
  std::map<requirement::RequirementKind, KindScores> kinds;  // that there are cases of
  KindScores all;
  std::vector<std::string> errors;  // one a line, for people
};

// The verdicts of AssessRequirements on the authors' day, 2026-11-28, the offer being its own evidence.
// Verdict and label meet by kind and by what they are about; of several (liveness) the heaviest counts. A
// verdict that no label is about is wrong, as the labels name all that a need asks for, but for modes: which
// are wanted stands in a field, and those that officials would judge differently are left without a label.
// `part`: of its cases only; empty: of all.
VerdictScores ScoreVerdicts(std::span<const VerdictCase> cases, std::string_view part,
                            const requirement::ModeNames& mode_name,
                            const requirement::RequirementTables& tables);

// By kind and of all: precision and recall, the confusion, and with `errors` each error.
std::string ScoresText(const VerdictScores& scores, bool errors);

}  // namespace dongxi::bench
