// Builds a generation from a view of the catalogue and publishes it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "engine/embed/embedder.h"
#include "engine/index/manifest.h"
#include "engine/index/vector_index.h"
#include "store/catalogue.h"

namespace dongxi {

// What the build is doing, for a progress bar. `done` of `total` units of this stage.
struct BuildProgress {
  std::string_view stage;  // "read", "terms", "train", "embed", "graph", "verify", "publish"
  uint64_t done = 0;
  uint64_t total = 0;
};

struct BuildOptions {
  std::filesystem::path generations;   // folder of generations and CURRENT; made if missing
  std::string lexicon_directory;       // data/lexicon
  std::string policy_version;          // recorded in the manifest
  std::filesystem::path static_model;  // models/dongxi-static.dxm; empty: none, LSA of the collection alone
  std::shared_ptr<const Embedder> remote;  // null: use the built-in embedder
  int dim = 128;                           // of its part that is trained on the collection
  VectorIndexOptions vectors;
  int threads = 0;     // 0: all cores
  bool force = false;  // build even if nothing has changed
  int keep = 2;        // newest generations kept besides none other; older ones are removed after publishing
  std::function<void(const BuildProgress&)> progress;  // may be null; called from one thread
  std::function<bool()> cancelled;                     // may be null; called from any thread
  // Asked once all is built, checked and in its place: whether the generation becomes CURRENT. Null: yes.
  std::function<bool()> make_current;
  // Held from that question until CURRENT is written, so that who changes the answer, as a roll-back does, is
  // not overtaken by a build that asked before; and while old generations are removed, so that none goes that
  // is just becoming CURRENT. May be null; outlives the build.
  absl::Mutex* publishing = nullptr;
  std::string keep_too;  // a generation that is not removed as an old one: it is being served
};

struct BuildSummary {
  // CURRENT already holds this catalogue sequence with these options, undamaged: nothing was done.
  bool unchanged = false;
  bool published = false;  // it is CURRENT now
  Manifest manifest;
  std::filesystem::path directory;
  uint64_t bytes = 0;
  double seconds_total = 0;
  double seconds_train = 0;
  uint64_t missing_owners = 0;
  std::vector<std::string> missing_examples;
};

// Builds in a hidden folder beside the others, checks every file, renames it into place, then CURRENT. On any
// error and on cancellation CURRENT and all published generations are as they were and the hidden folder is
// gone (one that a killed build left behind is removed by the next). Same catalogue content, same options:
// same bytes, whatever the thread count. FailedPrecondition: the catalogue is empty. ResourceExhausted: the
// disk is full. Cancelled. Errors of a remote embedder.
absl::StatusOr<BuildSummary> BuildGeneration(const CatalogueReader& catalogue, const BuildOptions& options);

// How much memory a build of the catalogue takes at its peak beyond what the process has, in bytes, from its
// numbers of records and the lengths of some texts; an upper estimate (docs/operations.md has the formula and
// what was measured).
absl::StatusOr<uint64_t> EstimateBuildMemory(const CatalogueReader& catalogue, const BuildOptions& options);

}  // namespace dongxi
