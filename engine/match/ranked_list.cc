#include "engine/match/ranked_list.h"

#include <algorithm>
#include <utility>

#include "engine/base/status_macros.h"
#include "engine/match/stop.h"

namespace dongxi {

std::vector<RankedCandidate> OwnScores(const std::vector<DocumentScore>& scores) {
  std::vector<RankedCandidate> candidates;
  candidates.reserve(scores.size());
  for (const DocumentScore& score : scores) {
    candidates.push_back(
        {.doc = score.doc, .votes = {{score, 1.0}}, .base = score.fused, .adequacy = score.adequacy});
  }
  return candidates;
}

absl::StatusOr<std::vector<RankedCandidate>> VotedScores(const std::vector<DocumentScore>& scores,
                                                         RecordKind kind, const VoteRule& rule,
                                                         const DocumentTable& documents,
                                                         const Admission& admission,
                                                         const std::function<bool()>& stop) {
  std::vector<RankedCandidate> candidates;
  // Where each document stands among the candidates; a table, because most votes meet a candidate that is
  // there.
  constexpr uint32_t kNowhere = UINT32_MAX;
  std::vector<uint32_t> places(documents.size(), kNowhere);
  size_t seen = 0;
  for (const DocumentScore& score : scores) {
    if (seen++ % kDocumentsAStop == 0) DX_RETURN_IF_ERROR(CheckStop(stop));
    if (!admission.IsOpen(score.doc)) continue;
    for (const DocId owner : documents.owners(score.doc)) {
      if (documents.kind(owner) != kind || !admission.AdmitsVote(owner, score.doc)) continue;
      if (places[owner] == kNowhere) {
        places[owner] = static_cast<uint32_t>(candidates.size());
        candidates.push_back({.doc = owner});
      }
      RankedCandidate& candidate = candidates[places[owner]];
      if (!candidate.votes.empty() &&
          (score.fused <= 0 || candidate.votes.size() >= static_cast<size_t>(rule.votes_max))) {
        continue;
      }
      const double weight = candidate.votes.empty() ? 1.0 : candidate.votes.back().weight * rule.decay;
      candidate.votes.push_back({score, weight});
      candidate.base += weight * score.fused;
      candidate.adequacy = std::max(candidate.adequacy, score.adequacy);
    }
  }
  return candidates;
}

LearnedFeatures FeaturesOf(const RankedCandidate& candidate, const QueryShape& query) {
  const DocumentScore& best = candidate.votes.front().score;
  const auto fused = [&](size_t vote) {
    return vote < candidate.votes.size() ? candidate.votes[vote].score.fused : 0.0;
  };
  const double values[] = {best.lexical,
                           best.semantic,
                           best.feedback,
                           best.fused,
                           best.lexical_share,
                           best.cosine,
                           static_cast<double>(candidate.votes.size()),
                           fused(1),
                           fused(2),
                           static_cast<double>(query.terms),
                           query.titled ? 1.0 : 0.0};
  static_assert(std::size(values) == kLearnedFeatures);
  LearnedFeatures features;
  for (size_t i = 0; i < kLearnedFeatures; ++i) features[i] = static_cast<float>(values[i]);
  return features;
}

void AddLearnedScores(const RankingConfig& ranking, RecordKind kind, const QueryShape& query,
                      std::vector<RankedCandidate>& candidates) {
  if (ranking.learned == nullptr || ranking.learned->kind() != kind) return;
  const size_t count = std::min(kLearnedCandidates, candidates.size());
  if (count < candidates.size()) {
    const auto before = [](const RankedCandidate& a, const RankedCandidate& b) {
      return a.base != b.base ? a.base > b.base : a.doc < b.doc;
    };
    std::nth_element(candidates.begin(), candidates.begin() + static_cast<std::ptrdiff_t>(count),
                     candidates.end(), before);
  }
  for (size_t i = 0; i < count; ++i)
    candidates[i].learned = ranking.learned->Score(FeaturesOf(candidates[i], query));
}

void SortByTotal(std::vector<RankedCandidate>& candidates) {
  std::sort(candidates.begin(), candidates.end(), [](const RankedCandidate& a, const RankedCandidate& b) {
    if (a.barred() != b.barred()) return b.barred();
    return a.total() != b.total() ? a.total() > b.total() : a.doc < b.doc;
  });
}

absl::Status BoostAndSort(std::vector<RankedCandidate>& candidates, OfferBoosts& boosts,
                          const std::function<bool()>& stop) {
  size_t seen = 0;
  for (RankedCandidate& candidate : candidates) {
    if (seen++ % kDocumentsAStop == 0) DX_RETURN_IF_ERROR(CheckStop(stop));
    DX_ASSIGN_OR_RETURN(candidate.boosts, boosts.For(candidate.doc, candidate.votes.front().score.doc));
    if (candidate.barred()) candidate.adequacy = 0;
  }
  SortByTotal(candidates);
  return absl::OkStatus();
}

std::optional<DocId> InstitutionOf(const DocumentTable& documents, DocId candidate) {
  for (const DocId owner : documents.owners(candidate)) {
    if (documents.kind(owner) == RecordKind::kInstitution) return owner;
  }
  return std::nullopt;
}

void InstitutionCap::Apply(std::vector<RankedCandidate>& candidates, std::vector<RankedCandidate>& dropped) {
  std::vector<RankedCandidate> kept;
  kept.reserve(candidates.size());
  for (RankedCandidate& candidate : candidates) {
    const std::optional<DocId> institution = InstitutionOf(*documents_, candidate.doc);
    std::unordered_map<DocId, int>& counts = candidate.barred() ? barred_counts_ : counts_;
    const bool exceeds = institution.has_value() && ++counts[*institution] > most_;
    (exceeds ? dropped : kept).push_back(std::move(candidate));
  }
  candidates = std::move(kept);
}

}  // namespace dongxi
