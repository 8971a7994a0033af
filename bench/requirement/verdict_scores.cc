#include "bench/requirement/verdict_scores.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/civil_time.h"
#include "bench/requirement/pair_file.h"
#include "engine/requirement/assess.h"

namespace dongxi::bench {
namespace {

using requirement::ModeNames;
using requirement::Outcome;
using requirement::RequirementKind;
using requirement::RequirementTables;
using requirement::RequirementVerdict;

constexpr absl::CivilDay kToday(2026, 11, 28);

size_t Place(Outcome outcome) { return static_cast<size_t>(outcome); }

double Share(size_t part, size_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

std::string PartyName(const std::string& code, const RequirementTables& tables) {
  for (const requirement::PartyRow& party : tables.parties()) {
    if (party.code == code) return party.name;
  }
  return code;
}

class VerdictScorer {
 public:
  VerdictScorer(const ModeNames& mode_name, const RequirementTables& tables, VerdictScores& scores)
      : mode_name_(mode_name), tables_(tables), scores_(scores) {}

  void Score(const VerdictCase& one) {
    KindScores& kind = scores_.kinds[one.kind];
    kind.AddCase();
    scores_.all.AddCase();
    const std::vector<RequirementVerdict> verdicts = VerdictsOf(one);
    std::vector<bool> labelled(verdicts.size(), false);
    for (const LabelledVerdict& label : one.verdicts) {
      const RequirementVerdict* heaviest = nullptr;
      for (size_t i = 0; i < verdicts.size(); ++i) {
        if (!IsAbout(verdicts[i], label)) continue;
        labelled[i] = true;
        if (heaviest == nullptr || heaviest->outcome < verdicts[i].outcome) heaviest = &verdicts[i];
      }
      CountLabel(one, label, heaviest, kind);
    }
    if (one.kind == RequirementKind::kMode) return;
    for (size_t i = 0; i < verdicts.size(); ++i) {
      if (!labelled[i] && verdicts[i].outcome != Outcome::kUnknown) CountUnlabelled(one, verdicts[i], kind);
    }
  }

 private:
  // Those of the case's kind.
  std::vector<RequirementVerdict> VerdictsOf(const VerdictCase& one) const {
    const requirement::AssessContext context{.today = kToday, .mode_name = mode_name_};
    std::vector<RequirementVerdict> verdicts =
        requirement::AssessRequirements(requirement::ReadNeed(one.need, tables_), one.offer, one.offer,
                                        requirement::ReadOffer(one.offer, tables_), context, tables_);
    std::erase_if(verdicts, [&](const RequirementVerdict& verdict) { return verdict.kind != one.kind; });
    return verdicts;
  }

  // Both of one kind.
  bool IsAbout(const RequirementVerdict& verdict, const LabelledVerdict& label) const {
    switch (verdict.kind) {
      case RequirementKind::kMode:
        return verdict.requirement == mode_name_(label.code);
      case RequirementKind::kParty:
        return verdict.requirement == PartyName(label.code, tables_);
      case RequirementKind::kCondition: {
        // 高海拔, or with how much of it: 高海拔 4500 m.
        const std::string name(dongxi::WordOf(ConditionWords(), label.code));
        return verdict.requirement == name || verdict.requirement.starts_with(name + " ");
      }
      case RequirementKind::kMaturity:
      case RequirementKind::kLiveness:
        return true;
      case RequirementKind::kIndicator:
        break;
    }
    return false;
  }

  void CountLabel(const VerdictCase& one, const LabelledVerdict& label, const RequirementVerdict* verdict,
                  KindScores& kind) {
    const Outcome outcome = verdict == nullptr ? Outcome::kUnknown : verdict->outcome;
    kind.AddLabel(label.label, outcome);
    scores_.all.AddLabel(label.label, outcome);
    if (outcome == label.label) return;
    scores_.errors.push_back(
        absl::StrCat(one.id, " ", LabelOf(one.kind), label.about.empty() ? "" : " ", label.about, ": 应为 ",
                     LabelOf(label.label), "，得到 ", LabelOf(outcome), " | ",
                     verdict == nullptr ? std::string("（没有判断）") : verdict->reason));
  }

  void CountUnlabelled(const VerdictCase& one, const RequirementVerdict& verdict, KindScores& kind) {
    kind.AddUnlabelled();
    scores_.all.AddUnlabelled();
    scores_.errors.push_back(absl::StrCat(one.id, " ", LabelOf(one.kind), " ", verdict.requirement,
                                          ": 未标注，得到 ", LabelOf(verdict.outcome), " | ",
                                          verdict.reason));
  }

  const ModeNames& mode_name_;
  const RequirementTables& tables_;
  VerdictScores& scores_;
};

std::string KindText(const std::string& name, const KindScores& scores) {
  std::string text = absl::StrFormat(
      "%s: cases %d  labels %d  right %d  precision %.3f  recall %.3f; verdicts without a label %d; "
      "contradictions called otherwise %d of %d\n",
      name, scores.cases(), scores.labels(), scores.right(), scores.precision(), scores.recall(),
      scores.unlabelled(), scores.contradictions_otherwise(), scores.contradictions());
  absl::StrAppend(&text, "label            as: met  short  contradictory  unknown\n");
  for (const Outcome label : kOutcomesShown) {
    absl::StrAppend(
        &text,
        absl::StrFormat("%-16s %7d  %5d  %13d  %7d\n", LabelOf(label), scores.Count(label, Outcome::kMet),
                        scores.Count(label, Outcome::kShort), scores.Count(label, Outcome::kContradictory),
                        scores.Count(label, Outcome::kUnknown)));
  }
  return text;
}

}  // namespace

void KindScores::AddLabel(Outcome label, Outcome verdict) { ++confusion_[Place(label)][Place(verdict)]; }

size_t KindScores::Count(Outcome label, Outcome verdict) const {
  return confusion_[Place(label)][Place(verdict)];
}

size_t KindScores::labels() const {
  size_t labels = 0;
  for (const auto& row : confusion_) {
    for (const size_t count : row) labels += count;
  }
  return labels;
}

size_t KindScores::right() const {
  size_t right = 0;
  for (const Outcome outcome : kOutcomesShown) right += Count(outcome, outcome);
  return right;
}

double KindScores::precision() const {
  size_t decided = unlabelled_;
  for (const Outcome label : kOutcomesShown) {
    for (const Outcome verdict : kOutcomesShown)
      decided += verdict == Outcome::kUnknown ? 0 : Count(label, verdict);
  }
  return Share(right() - Count(Outcome::kUnknown, Outcome::kUnknown), decided);
}

double KindScores::recall() const {
  size_t unknown = 0;
  for (const Outcome verdict : kOutcomesShown) unknown += Count(Outcome::kUnknown, verdict);
  return Share(right() - Count(Outcome::kUnknown, Outcome::kUnknown), labels() - unknown);
}

size_t KindScores::contradictions() const {
  size_t contradictions = 0;
  for (const Outcome verdict : kOutcomesShown) contradictions += Count(Outcome::kContradictory, verdict);
  return contradictions;
}

size_t KindScores::contradictions_otherwise() const {
  return contradictions() - Count(Outcome::kContradictory, Outcome::kContradictory);
}

VerdictScores ScoreVerdicts(std::span<const VerdictCase> cases, std::string_view part,
                            const ModeNames& mode_name, const RequirementTables& tables) {
  VerdictScores scores;
  VerdictScorer scorer(mode_name, tables, scores);
  for (const VerdictCase& one : cases) {
    if (part.empty() || one.part == part) scorer.Score(one);
  }
  return scores;
}

std::string ScoresText(const VerdictScores& scores, bool errors) {
  std::string text;
  for (const auto& [kind, of_kind] : scores.kinds) text += KindText(LabelOf(kind), of_kind);
  text += KindText("all", scores.all);
  if (!errors) return text;
  for (const std::string& error : scores.errors) absl::StrAppend(&text, "  ", error, "\n");
  return text;
}

}  // namespace dongxi::bench
