#include "bench/consortium_figures.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <map>

namespace dongxi::bench {
namespace {

constexpr double kSame = 1e-9;

}  // namespace

AnswerCover CoverOfAnswer(const MatchAnswer& answer) {
  const std::vector<ConsortiumElement>& elements = answer.consortium->elements;
  AnswerCover cover{.elements = elements.size(), .candidates = {}};
  std::map<RecordName, uint64_t> covered;
  for (size_t i = 0; i < elements.size(); ++i) {
    if (elements[i].covered_by.size() >= kCoveredByShown) cover.cut = true;
    for (const RecordName& name : elements[i].covered_by) covered[name] |= uint64_t{1} << i;
  }
  for (const MatchList* list : {&answer.partners, &answer.experts, &answer.results}) {
    for (size_t place = 0; place < list->entries.size(); ++place) {
      const MatchEntry& entry = list->entries[place];
      if (!entry.barred.empty()) continue;
      const auto found = covered.find(entry.name);
      cover.candidates.push_back({found == covered.end() ? 0 : found->second,
                                  MemberCost(place + 1, entry.adequate, entry.broadened > 0)});
    }
  }
  return cover;
}

bool IsCoverOf(const MatchConsortium& consortium, const requirement::Cover& cover) {
  return std::abs(consortium.cost - cover.cost) <= kSame &&
         std::abs(consortium.lower_bound - cover.lower_bound) <= kSame && consortium.exact == cover.exact &&
         consortium.open == static_cast<size_t>(std::popcount(cover.open));
}

void AddTo(const MatchAnswer& answer, ConsortiumFigures& figures) {
  ++figures.needs;
  if (!answer.consortium) return;
  const MatchConsortium& consortium = *answer.consortium;
  ++figures.consortia;
  figures.elements += consortium.elements.size();
  figures.open += consortium.open;
  figures.elements_of.push_back(static_cast<double>(consortium.elements.size()));
  if (consortium.members.empty()) return;
  ++figures.covered;
  figures.exact += consortium.exact ? 1 : 0;
  figures.complete += consortium.open == 0 ? 1 : 0;
  const double gap = consortium.cost - consortium.lower_bound;
  figures.gap = std::max(figures.gap, gap);
  if (consortium.lower_bound > 0)
    figures.gap_share = std::max(figures.gap_share, gap / consortium.lower_bound);
  const AnswerCover cover = CoverOfAnswer(answer);
  const auto offers = std::count_if(cover.candidates.begin(), cover.candidates.end(),
                                    [](const auto& candidate) { return candidate.covers != 0; });
  figures.offers_of.push_back(static_cast<double>(offers));
  figures.members_of.push_back(static_cast<double>(consortium.members.size()));
}

}  // namespace dongxi::bench
