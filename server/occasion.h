// What an answer depends on beside its request and the history of the catalogue. Plain data.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "engine/record/record.h"
#include "engine/record/viewer.h"
#include "server/caller.h"
#include "server/serving_state.h"

namespace dongxi {

struct Occasion {
  std::shared_ptr<const Snapshot> snapshot;  // never null
  absl::Time read_time;                      // decides which offers have expired
  // For whom candidates are ranked: who asked for the first page.
  Viewer viewer;
  // Of a later page that a token asks for which sees less: its level. The order stays that of `viewer`, so
  // that no entry moves to another page; what lies above goes from the page that is shown.
  std::optional<Disclosure> shown_max;
  // Candidates that are not listed because the pair was refused, as it stood then.
  std::vector<RecordName> excluded;
  // Of a later page: candidates whose pair was refused after the first page was made. They keep their places
  // in the order, so that no other entry moves to another page, and go from the page that is shown.
  std::vector<RecordName> refused_since;
  // Number of the last entry of the ledger then: what pairs went through and how busy experts are is read as
  // it stood after it. None: nothing of it is asked (answers of before it was noted).
  std::optional<uint64_t> ledger;
  // Not empty: the answer is made by words alone, for this reason.
  std::string degraded;
  // Sequence of the catalogue at which the viewer must still be allowed to see what the answer shows: set for
  // later pages, which are read from an older state. None: that state alone decides.
  std::optional<uint64_t> visible_at;
  std::string first_page;    // match_id of the first page of the answer, which page tokens name; may be empty
  CallNote* note = nullptr;  // of a running call: hears which records it shows; never kept beyond the call
  StageObserver* stages = nullptr;  // hears how long the stages take; as long-lived as the note

  // Who is shown the answer.
  Viewer Reader() const {
    Viewer reader = viewer;
    if (shown_max) reader.disclosure_max = std::min(reader.disclosure_max, *shown_max);
    return reader;
  }
};

}  // namespace dongxi
