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
  bool plan = false, deny = false;
};

Effects Before(std::u32string_view clause, const WordFinder& words, const RequirementTables& tables) {
  Effects effects;
  bool solved = false;
  for (const WordFinder::Hit& hit : words.FindAll(clause)) {
    const ClaimRow& row = tables.claims()[hit.id];
    if (clause.size() - hit.end > row.reach) continue;
    solved |= row.effect == ClaimEffect::kSolve;
    effects.plan |= row.effect == ClaimEffect::kPlan;
    effects.deny |= row.effect == ClaimEffect::kDeny && !solved;
  }
  return effects;
}

Effects After(std::u32string_view clause, const WordFinder& words, const RequirementTables& tables) {
  Effects effects;
  for (const WordFinder::Hit& hit : words.FindAll(clause)) {
    const ClaimRow& row = tables.claims()[hit.id];
    if (hit.begin > row.reach) continue;
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

}  // namespace

Claim ClaimOf(std::u32string_view text, size_t begin, size_t end, ClaimSubject subject,
              const RequirementTables& tables) {
  const size_t from = ClauseBegin(text, begin);
  const Effects before =
      Before(text.substr(from, begin - from), tables.claim_words(PlaceBefore(subject)), tables);
  const ClaimPlace behind = PlaceAfter(subject);
  const Effects after =
      After(text.substr(end, ClauseEnd(text, end) - end), tables.claim_words(behind), tables);
  if (before.deny || after.deny) return Claim::kDenied;
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

bool IsOfAnother(std::u32string_view text, size_t begin, const RequirementTables& tables) {
  const size_t from = SentenceBegin(text, begin);
  const std::u32string_view before = text.substr(from, begin - from);
  bool another = false;
  for (const WordFinder::Hit& hit : tables.claim_words(ClaimPlace::kMaturityOther).FindAll(before)) {
    const ClaimRow& row = tables.claims()[hit.id];
    if (before.size() - hit.end <= row.reach) another = row.effect == ClaimEffect::kPlan;
  }
  return another;
}

}  // namespace dongxi::requirement
