// Records with nearly the same text as one that is being sent: a hook, so that writes need no engine.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/caller.h"
#include "server/serving_state.h"
#include "store/catalogue.h"

namespace dongxi {

// Two texts are nearly the same from here on. Measured over all pairs of data/sample (1,053 records, each
// with those of its kind): two different records share 0.154 at most; a copy with a tenth of its characters
// changed shares 0.66 at least, with a fifth changed 0.466 at least. near_duplicates_test repeats it on a
// part.
inline constexpr double kNearDuplicateSimilarity = 0.4;
inline constexpr int kNearDuplicatesMax = 3;

// The part of the character pairs of both texts that they share (Jaccard), after normalisation: 0 to 1, 1 for
// two equal texts. Of the text fields only: title, text, wanted.
double TextSimilarity(const Record& a, const Record& b);

struct NearDuplicate {
  RecordName name;
  std::string title;
  double similarity = 0;
};

class NearDuplicates {
 public:
  virtual ~NearDuplicates() = default;
  // Other records of the same kind, which the caller may see, at least kNearDuplicateSimilarity alike, most
  // alike first, at most kNearDuplicatesMax. None if no generation is served. Errors: those of a search.
  virtual absl::StatusOr<std::vector<NearDuplicate>> Find(const Record& record, const Caller& caller,
                                                          absl::Time now, absl::Time deadline) const = 0;
};

// Candidates come from a search of the served generation. Both outlive it. Any thread.
std::unique_ptr<NearDuplicates> NewServedNearDuplicates(const ServingState* state,
                                                        const CatalogueReader* catalogue);

}  // namespace dongxi
