// The k best of a stream of scored documents: highest score first, ties by lower DocId. Not thread-safe.
#pragma once

#include <algorithm>
#include <vector>

#include "engine/index/types.h"

namespace dongxi {

struct ScoredDoc {
  DocId doc = 0;
  float score = 0;
  bool operator==(const ScoredDoc&) const = default;
};

inline bool RanksBefore(const ScoredDoc& a, const ScoredDoc& b) {
  return a.score != b.score ? a.score > b.score : a.doc < b.doc;
}

class TopK {
 public:
  explicit TopK(size_t k) : k_(k) { heap_.reserve(std::min<size_t>(k, 4096)); }

  void Push(ScoredDoc item) {
    if (k_ == 0) return;
    if (heap_.size() < k_) {
      heap_.push_back(item);
      std::push_heap(heap_.begin(), heap_.end(), RanksBefore);
    } else if (RanksBefore(item, heap_.front())) {
      std::pop_heap(heap_.begin(), heap_.end(), RanksBefore);
      heap_.back() = item;
      std::push_heap(heap_.begin(), heap_.end(), RanksBefore);
    }
  }

  // Best first; the object is empty afterwards.
  std::vector<ScoredDoc> Sorted() && {
    std::sort(heap_.begin(), heap_.end(), RanksBefore);
    return std::move(heap_);
  }

 private:
  size_t k_;
  std::vector<ScoredDoc> heap_;  // worst in front
};

}  // namespace dongxi
