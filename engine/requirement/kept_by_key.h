// What was read of records and names, kept between answers: the same offers stand in many answers, and
// reading one takes longer than comparing it. A reading depends on its key and on what its fingerprint
// depends on alone, so that an answer is the same with and without this.
#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/hash/hash.h"
#include "engine/record/record.h"

namespace dongxi::requirement {

struct KeyHash {
  size_t operator()(const std::string& text) const { return absl::HashOf(text); }
  size_t operator()(const std::u32string& text) const { return absl::HashOf(text); }
  size_t operator()(const RecordName& name) const { return absl::HashOf(name.kind, name.id); }
};

// Thread-safe.
template <typename Key, typename Reading>
class KeptByKey {
 public:
  // Beyond `readings_max` the one that was not asked for longest is forgotten.
  explicit KeptByKey(size_t readings_max) : readings_max_(readings_max) {}

  // Never null. `read` is called, without the lock, for a key that is not known with this fingerprint; two
  // callers may read the same at once, which is no harm.
  template <typename Read>
  std::shared_ptr<const Reading> Of(const Key& key, uint64_t fingerprint, const Read& read) {
    if (std::shared_ptr<const Reading> known = Find(key, fingerprint)) return known;
    auto reading = std::make_shared<const Reading>(read());
    Keep(key, fingerprint, reading);
    return reading;
  }

  size_t size() const {
    const std::lock_guard lock(mutex_);
    return kept_.size();
  }

 private:
  struct Kept {
    Key key;
    uint64_t fingerprint = 0;
    std::shared_ptr<const Reading> reading;
  };

  std::shared_ptr<const Reading> Find(const Key& key, uint64_t fingerprint) {
    const std::lock_guard lock(mutex_);
    const auto found = places_.find(key);
    if (found == places_.end() || found->second->fingerprint != fingerprint) return nullptr;
    kept_.splice(kept_.begin(), kept_, found->second);
    return found->second->reading;
  }

  void Keep(const Key& key, uint64_t fingerprint, std::shared_ptr<const Reading> reading) {
    const std::lock_guard lock(mutex_);
    if (const auto found = places_.find(key); found != places_.end()) {
      kept_.erase(found->second);
      places_.erase(found);
    }
    kept_.push_front({key, fingerprint, std::move(reading)});
    places_.emplace(key, kept_.begin());
    while (kept_.size() > readings_max_) {
      places_.erase(kept_.back().key);
      kept_.pop_back();
    }
  }

  const size_t readings_max_;
  mutable std::mutex mutex_;  // guards both below; ThreadSanitizer sees it, unlike Debian's absl::Mutex
  std::list<Kept> kept_;      // the last asked for first
  absl::flat_hash_map<Key, typename std::list<Kept>::iterator, KeyHash> places_;
};

template <typename Reading>
using KeptByRecord = KeptByKey<RecordName, Reading>;

}  // namespace dongxi::requirement
