#include "engine/requirement/claim.h"

#include <algorithm>

namespace dongxi::requirement {
namespace {

bool EndsClause(char32_t c) {
  return std::u32string_view(U",，。;；:：!！?？\n\r").find(c) != std::u32string_view::npos;
}

size_t ClauseBegin(std::u32string_view text, size_t at) {
  while (at > 0 && !EndsClause(text[at - 1])) --at;
  return at;
}

size_t SentenceBegin(std::u32string_view text, size_t at) {
  constexpr std::u32string_view kSentenceEnds = U"。;；!！?？\n\r";
  while (at > 0 && kSentenceEnds.find(text[at - 1]) == std::u32string_view::npos) --at;
  return at;
}

size_t ClauseEnd(std::u32string_view text, size_t at) {
  while (at < text.size() && !EndsClause(text[at])) ++at;
  return at;
}

struct Effects {
  bool plan = false, deny = false, solved = false;
};

Effects Before(std::u32string_view clause, const WordFinder& words, const RequirementTables& tables) {
  Effects effects;
  for (const WordFinder::Hit& hit : words.FindAll(clause)) {
    const ClaimRow& row = tables.claims()[hit.id];
    if (clause.size() - hit.end > row.reach) continue;
    effects.solved |= row.effect == ClaimEffect::kSolve;
    effects.plan |= row.effect == ClaimEffect::kPlan;
    effects.deny |= row.effect == ClaimEffect::kDeny && !effects.solved;
  }
  return effects;
}

Effects After(std::u32string_view clause, const WordFinder& words, const RequirementTables& tables) {
  Effects effects;
  for (const WordFinder::Hit& hit : words.FindAll(clause)) {
    const ClaimRow& row = tables.claims()[hit.id];
    if (hit.begin > row.reach) continue;
    effects.solved |= row.effect == ClaimEffect::kSolve;
    effects.plan |= row.effect == ClaimEffect::kPlan;
    effects.deny |= row.effect == ClaimEffect::kDeny;
  }
  return effects;
}

ClaimPlace PlaceBefore(ClaimSubject subject) {
  switch (subject) {
    case ClaimSubject::kMaturity:
    case ClaimSubject::kLevel:
      return ClaimPlace::kMaturityBefore;
    case ClaimSubject::kAskedMaturity:
    case ClaimSubject::kAskedLevel:
      return ClaimPlace::kAskedBefore;
    case ClaimSubject::kLiveness:
      return ClaimPlace::kLivenessBefore;
    case ClaimSubject::kCondition:
      break;
  }
  return ClaimPlace::kConditionBefore;
}

ClaimPlace PlaceAfter(ClaimSubject subject) {
  if (subject == ClaimSubject::kLiveness) return ClaimPlace::kLivenessAfter;
  return subject == ClaimSubject::kCondition ? ClaimPlace::kConditionAfter : ClaimPlace::kMaturityAfter;
}

enum class Whose { kUnsaid, kOffer, kAnother };

// Whom a clause speaks of at its end. `behind`: characters of the sentence between its end and the word that
// is asked about; 0: the word's own clause.
Whose WhoseIs(std::u32string_view clause, size_t behind, const WordFinder& words,
              const RequirementTables& tables) {
  constexpr size_t kBeside = 3;  // 首次在同类产品中
  constexpr size_t kNone = std::u32string_view::npos;
  Whose whose = Whose::kUnsaid;
  bool compared = false;
  size_t own_end = kNone;
  for (const WordFinder::Hit& hit : words.FindAll(clause)) {
    const ClaimRow& row = tables.claims()[hit.id];
    const size_t distance = clause.size() - hit.end + behind;
    if (row.effect == ClaimEffect::kSolve) {
      compared = true;
    } else if (row.effect == ClaimEffect::kPlan) {
      const bool of_clause = row.reach == 0;
      const bool reaches = of_clause ? behind == 0 : distance <= row.reach;
      const bool beside = of_clause && own_end != kNone && hit.begin - own_end <= kBeside;
      if (reaches && !compared && !beside) whose = Whose::kAnother;
    } else {
      own_end = hit.end;
      if (distance <= row.reach) whose = Whose::kOffer;
    }
  }
  return whose;
}

}  // namespace

Claim ClaimOf(std::u32string_view text, size_t begin, size_t end, ClaimSubject subject,
              const RequirementTables& tables) {
  const size_t from = ClauseBegin(text, begin);
  const Effects before =
      Before(text.substr(from, begin - from), tables.claim_words(PlaceBefore(subject)), tables);
  const ClaimPlace behind = PlaceAfter(subject);
  const Effects after =
      After(text.substr(end, ClauseEnd(text, end) - end), tables.claim_words(behind), tables);
  // 解决高寒地区无法启动的难题: both sides may say that it is a trouble.
  if (before.deny || (after.deny && !before.solved && !after.solved)) return Claim::kDenied;
  const bool level = subject == ClaimSubject::kLevel || subject == ClaimSubject::kAskedLevel;
  return before.plan || (after.plan && !level) ? Claim::kPlanned : Claim::kStated;
}

bool IsDemanded(std::u32string_view text, size_t begin, const RequirementTables& tables) {
  const size_t from = SentenceBegin(text, begin);
  const auto hits = tables.claim_words(ClaimPlace::kDemand).FindAll(text.substr(from, begin - from));
  return std::any_of(hits.begin(), hits.end(), [&](const WordFinder::Hit& hit) {
    return tables.claims()[hit.id].effect == ClaimEffect::kDemand;
  });
}

bool IsOfAnother(std::u32string_view text, size_t begin, ClaimSubject subject,
                 const RequirementTables& tables) {
  const size_t from = SentenceBegin(text, begin);
  const std::u32string_view before = text.substr(from, begin - from);
  const WordFinder& words = tables.claim_words(
      subject == ClaimSubject::kCondition ? ClaimPlace::kOther : ClaimPlace::kMaturityOther);
  bool another = false;
  for (size_t at = 0; at <= before.size();) {
    const size_t end = ClauseEnd(before, at);
    const Whose whose = WhoseIs(before.substr(at, end - at), before.size() - end, words, tables);
    if (whose != Whose::kUnsaid) another = whose == Whose::kAnother;
    at = end + 1;
  }
  return another;
}

bool SpeaksOfAnother(std::u32string_view part, const RequirementTables& tables) {
  return WhoseIs(part, 0, tables.claim_words(ClaimPlace::kOther), tables) == Whose::kAnother;
}

}  // namespace dongxi::requirement
