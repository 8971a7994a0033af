// Answers matches, reverse matches and searches: live ones for the RPCs, past ones for replay. Decodes, asks
// the engine once, encodes. Any thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "dongxi/v1/match.pb.h"
#include "dongxi/v1/search.pb.h"
#include "server/caller.h"
#include "server/deadline.h"
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
  // page was made from, whatever has been written or published since; Aborted if that is gone.
  // FailedPrecondition while nothing is served; InvalidArgument about the request, with its field; otherwise
  // the engine's errors.
  absl::Status Run(const dongxi::v1::MatchRequest& request, const Caller& caller, const RunLimits& limits,
                   dongxi::v1::MatchResponse* response);
  absl::Status Run(const dongxi::v1::ReverseMatchRequest& request, const Caller& caller,
                   const RunLimits& limits, dongxi::v1::ReverseMatchResponse* response);
  absl::Status Run(const dongxi::v1::SearchRequest& request, const Caller& caller, const RunLimits& limits,
                   dongxi::v1::SearchResponse* response);

  // The answer on a given occasion, without match_id: the same request and occasion, the same bytes.
  absl::Status Answer(const dongxi::v1::MatchRequest& request, const Occasion& occasion,
                      const RunLimits& limits, dongxi::v1::MatchResponse* response) const;
  absl::Status Answer(const dongxi::v1::ReverseMatchRequest& request, const Occasion& occasion,
                      const RunLimits& limits, dongxi::v1::ReverseMatchResponse* response) const;
  absl::Status Answer(const dongxi::v1::SearchRequest& request, const Occasion& occasion,
                      const RunLimits& limits, dongxi::v1::SearchResponse* response) const;

 private:
  template <typename Request, typename Response>
  absl::Status RunNow(const Request& request, const Caller& caller, const RunLimits& limits,
                      Response* response);
  absl::StatusOr<Occasion> OccasionFor(const std::string& page_token, const Caller& caller,
                                       const std::string& match_id) const;

  const ServingState* const state_;
  const CatalogueReader* const catalogue_;
  MatchHistory* const history_;
  MatchIds ids_;
};

}  // namespace dongxi
