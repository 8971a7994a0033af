// Answers matches, reverse matches and searches: live ones for the RPCs, past ones for replay. Decodes, asks
// the engine once, encodes. Any thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "dongxi/v1/match.pb.h"
#include "dongxi/v1/search.pb.h"
#include "server/caller.h"
#include "server/convert.h"
#include "server/deadline.h"
#include "server/known_loads.h"
#include "server/match_history.h"
#include "server/occasion.h"
#include "server/serving_state.h"
#include "store/catalogue.h"

namespace dongxi {

// Names answers: "m-" and 16 hex digits, counted from a random start, so that two servers hardly give the
// same. Any thread.
class MatchIds {
 public:
  MatchIds();
  std::string Next();

 private:
  std::atomic<uint64_t> next_;
};

class MatchRunner {
 public:
  // All outlive the runner.
  MatchRunner(const ServingState* state, const CatalogueReader* catalogue, MatchHistory* history)
      : state_(state), catalogue_(catalogue), history_(history) {}

  // Answers now, from what is served, and names and notes the answer. A page token continues what its first
  // page was made from, whatever has been written or published since, but for records that the caller may not
  // see (any more) and pairs that were refused since: they go from the page when it is cut already, so that
  // no other entry moves. Aborted if that is gone, or longer ago than kPageTokenAgeMax.
  // FailedPrecondition while nothing is served; InvalidArgument about the request, with its field; otherwise
  // the engine's errors.
  absl::Status Run(const dongxi::v1::MatchRequest& request, const Caller& caller, const RunLimits& limits,
                   dongxi::v1::MatchResponse* response);
  absl::Status Run(const dongxi::v1::ReverseMatchRequest& request, const Caller& caller,
                   const RunLimits& limits, dongxi::v1::ReverseMatchResponse* response);
  absl::Status Run(const dongxi::v1::SearchRequest& request, const Caller& caller, const RunLimits& limits,
                   dongxi::v1::SearchResponse* response);

  // The same for what is asked around a match. These answers are not named, and noted only as far as later
  // pages need it: they cannot be replayed.
  absl::Status Run(const dongxi::v1::ExplainMatchRequest& request, const Caller& caller,
                   const RunLimits& limits, dongxi::v1::ExplainMatchResponse* response) const;
  absl::Status Run(const dongxi::v1::SimilarNeedsRequest& request, const Caller& caller,
                   const RunLimits& limits, dongxi::v1::SimilarNeedsResponse* response);
  absl::Status Run(const dongxi::v1::SimilarResultsRequest& request, const Caller& caller,
                   const RunLimits& limits, dongxi::v1::SimilarResultsResponse* response);

  // One match a need, each as Run makes it, handed to `done` in order; ends early, with Cancelled, when
  // `done` says false. An error of one need is handed over; errors of the request end the batch before its
  // first.
  absl::Status RunBatch(const dongxi::v1::BatchMatchRequest& request, const Caller& caller,
                        const RunLimits& limits,
                        const std::function<bool(const dongxi::v1::BatchMatchResponse&)>& done);

  // The answer on a given occasion, without match_id: the same request and occasion, the same bytes. `listed`
  // (may be null) becomes the names that the answer recommends, whatever a read_mask leaves of them.
  absl::Status Answer(const dongxi::v1::MatchRequest& request, const Occasion& occasion,
                      const RunLimits& limits, dongxi::v1::MatchResponse* response,
                      std::vector<std::string>* listed = nullptr) const;
  absl::Status Answer(const dongxi::v1::ReverseMatchRequest& request, const Occasion& occasion,
                      const RunLimits& limits, dongxi::v1::ReverseMatchResponse* response,
                      std::vector<std::string>* listed = nullptr) const;
  absl::Status Answer(const dongxi::v1::SearchRequest& request, const Occasion& occasion,
                      const RunLimits& limits, dongxi::v1::SearchResponse* response,
                      std::vector<std::string>* listed = nullptr) const;

 private:
  // The question of a match as it is asked of the engine: need, region, viewer, refused pairs, ranking.
  absl::StatusOr<MatchCall> Prepare(MatchCall call, const dongxi::v1::MatchRequest& request,
                                    const Occasion& occasion, const RunLimits& limits) const;
  absl::StatusOr<Occasion> Now(const Caller& caller) const;
  // Sets what the occasion has of the ledger: the refused pairs of `asking` (empty: of none) and its end.
  absl::Status ReadLedger(const std::string& asking, Occasion* occasion) const;
  template <typename Request, typename Response>
  absl::Status RunSimilar(const Request& request, const Caller& caller, const RunLimits& limits,
                          Response* response);
  template <typename Request, typename Response>
  absl::Status RunNow(const Request& request, const Caller& caller, const RunLimits& limits,
                      Response* response);
  absl::StatusOr<Occasion> OccasionFor(const std::string& page_token, const Caller& caller,
                                       const RunLimits& limits, const std::string& match_id) const;
  absl::StatusOr<Occasion> LaterPage(const std::string& page_token, const Caller& caller,
                                     const RunLimits& limits) const;
  // What `cursor` needs for the token of the page after.
  void SetTokens(const Occasion& occasion, Cursor* cursor) const;

  const ServingState* const state_;
  const CatalogueReader* const catalogue_;
  MatchHistory* const history_;
  MatchIds ids_;
  mutable KnownLoads loads_;  // what it remembers changes no answer
};

}  // namespace dongxi
