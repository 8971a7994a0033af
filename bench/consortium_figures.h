// What the consortia of answers come to: how often they are proven, how far from their bound, how large. Pure
// functions; any thread.
#pragma once

#include <cstddef>
#include <vector>

#include "engine/match/match.h"
#include "engine/requirement/coverage.h"

namespace dongxi::bench {

// The set cover that an answer's consortium was found by, as the answer tells it.
struct AnswerCover {
  size_t elements = 0;
  // Every entry that is not barred, in the order in which the matcher has them, whether it covers something.
  std::vector<requirement::CoverCandidate> candidates;
  // An element names as many entries as an element may (kCoveredByShown): there may be more that cover it.
  bool cut = false;
};
// REQUIRES: the answer has a consortium and Detail::kFull.
AnswerCover CoverOfAnswer(const MatchAnswer& answer);

// Whether the consortium was found by this cover: the same cost, bound and proof, and as many open elements.
bool IsCoverOf(const MatchConsortium& consortium, const requirement::Cover& cover);

struct ConsortiumFigures {
  size_t needs = 0;
  size_t consortia = 0;             // needs whose answer has one
  size_t covered = 0;               // with members: some entry covers something
  size_t exact = 0;                 // of `covered`: proven to be the cheapest
  size_t complete = 0;              // of `covered`: no element stays open
  size_t elements = 0, open = 0;    // of all consortia
  double gap = 0, gap_share = 0;    // largest of cost - bound, and of that / bound
  std::vector<double> elements_of;  // of each consortium
  // Of each of `covered`: entries that cover something (as far as they are named), and members.
  std::vector<double> offers_of, members_of;
};
void AddTo(const MatchAnswer& answer, ConsortiumFigures& figures);

}  // namespace dongxi::bench
