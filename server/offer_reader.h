// Reads what the offers of the served generation say in the server's spare time (engine/match/read_ahead.h).
// One thread starts and stops it.
#pragma once

#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "server/operator_log.h"
#include "server/serving_state.h"
#include "server/spare_time.h"
#include "store/catalogue.h"

namespace dongxi {

class OfferReader {
 public:
  // All outlive it.
  OfferReader(const ServingState* state, const CatalogueReader* catalogue, SpareTime spare,
              const OperatorLog* log)
      : state_(state), catalogue_(catalogue), spare_(spare), log_(log) {}
  ~OfferReader() { Stop(); }
  OfferReader(const OfferReader&) = delete;
  OfferReader& operator=(const OfferReader&) = delete;

  // What is served at the start and after every Look, in a thread of its own.
  void Start();
  // Another generation may be served; one that is being read is left. Any thread.
  void Look() ABSL_LOCKS_EXCLUDED(mutex_);
  void Stop() ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  void Run() ABSL_LOCKS_EXCLUDED(mutex_);
  void Read(const Generation& generation) ABSL_LOCKS_EXCLUDED(mutex_);
  // The thread has something better to do than to read on.
  bool Disturbed() const ABSL_LOCKS_EXCLUDED(mutex_);

  const ServingState* const state_;
  const CatalogueReader* const catalogue_;
  const SpareTime spare_;
  const OperatorLog* const log_;
  std::string read_;  // the generation that was read last; of the thread

  mutable absl::Mutex mutex_;
  bool look_ ABSL_GUARDED_BY(mutex_) = true;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace dongxi
