// Standing queries in Table::kWatches (docs/format/engagements.md), and their cursors. Any thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "dongxi/v1/watch.pb.h"
#include "server/caller.h"
#include "server/serving_state.h"
#include "store/catalogue.h"

namespace dongxi {

// A tenant's watches, each kept until it is deleted.
inline constexpr int kWatchesMax = 10'000;

// How far a watch was read: the candidates touched in (from, until] with names up to `after` are delivered.
// `until` 0: none of a new window.
struct WatchCursor {
  uint64_t from = 0;
  uint64_t until = 0;
  std::string after;
  std::string epoch;  // of the catalogue whose numbers these are (store/catalogue_epoch.h)
  bool operator==(const WatchCursor&) const = default;
};
std::string EncodeWatchCursor(const std::string& watch, const WatchCursor& cursor);
// An error about `cursor` if it is none of this watch. Empty text: the very beginning.
absl::StatusOr<WatchCursor> DecodeWatchCursor(const std::string& watch, const std::string& text);

// NotFound if there is none of this name of the caller's tenant. With its etag.
absl::StatusOr<dongxi::v1::Watch> ReadWatch(const CatalogueReader& reader, const std::string& name,
                                            const Caller& caller);

class WatchStore {
 public:
  // Both outlive it.
  WatchStore(const ServingState* state, Catalogue* catalogue) : state_(state), catalogue_(catalogue) {}

  absl::StatusOr<dongxi::v1::Watch> Create(const dongxi::v1::CreateWatchRequest& request,
                                           const Caller& caller, int64_t now_us);
  // NotFound if there is none of this name of the caller's tenant; InvalidArgument if it is no name of a
  // watch. The same of Update and Delete.
  absl::StatusOr<dongxi::v1::Watch> Get(const std::string& name, const Caller& caller) const;
  // The watches of the caller's tenant behind the name `after`, at most `limit`, fewer where they are longer
  // than kPageBytesMax; `more`: there are others behind them.
  absl::StatusOr<std::vector<dongxi::v1::Watch>> List(const std::string& after, int limit,
                                                      const Caller& caller, bool* more) const;
  // Errors about watch.etag (Aborted) and update_mask. The same of Delete.
  absl::StatusOr<dongxi::v1::Watch> Update(const dongxi::v1::UpdateWatchRequest& request,
                                           const Caller& caller, int64_t now_us);
  absl::Status Delete(const dongxi::v1::DeleteWatchRequest& request, const Caller& caller, int64_t now_us);

 private:
  const ServingState* const state_;  // which policy tables hold
  Catalogue* const catalogue_;
};

}  // namespace dongxi
