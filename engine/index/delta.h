// The delta of a generation: documents changed or added since it was built, as immutable values that
// successive states share. What a new state copies is a row of pointers. All reads from any thread.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "engine/index/document_row.h"

namespace dongxi {

// The words and the vector of one version of a document. Without words and vector: it cannot be found.
struct DeltaText {
  std::vector<std::pair<std::string, uint32_t>>
      terms;                  // in order of term, each once, frequencies as they are
  uint32_t length = 0;        // sum of the frequencies
  std::vector<float> vector;  // empty: a zero vector

  // 0 if the term is absent; at most kTermFrequencyMax.
  uint32_t FrequencyOf(std::string_view term) const;
};

struct DeltaDocument {
  EncodedDocument encoded;
  // The same object as long as the text is the same; null only in CollectionDelta::rows.
  std::shared_ptr<const DeltaText> text;
};

// DocId -> the document that overrides it. A copy shares all pages; Set copies the page it writes.
class DeltaPages {
 public:
  static constexpr size_t kPageDocuments = 128;

  // Null: the base's document stands.
  const DeltaDocument* Find(DocId doc) const {
    const size_t page = doc / kPageDocuments;
    if (page >= pages_.size() || pages_[page] == nullptr) return nullptr;
    return (*pages_[page])[doc % kPageDocuments].get();
  }
  std::shared_ptr<const DeltaDocument> Share(DocId doc) const {
    return Find(doc) == nullptr ? nullptr : (*pages_[doc / kPageDocuments])[doc % kPageDocuments];
  }
  void Set(DocId doc, std::shared_ptr<const DeltaDocument> document);
  size_t count() const { return count_; }

  // Calls visit(DocId, const DeltaDocument&) in order of DocId.
  template <typename Visit>
  void ForEach(Visit visit) const {
    for (size_t page = 0; page < pages_.size(); ++page) {
      if (pages_[page] == nullptr) continue;
      for (size_t i = 0; i < kPageDocuments; ++i) {
        if (const DeltaDocument* document = (*pages_[page])[i].get())
          visit(static_cast<DocId>(page * kPageDocuments + i), *document);
      }
    }
  }

 private:
  using Page = std::array<std::shared_ptr<const DeltaDocument>, kPageDocuments>;
  std::vector<std::shared_ptr<const Page>> pages_;
  size_t count_ = 0;
};

// Names of the documents that the base does not have. Grows only; a state ignores DocIds beyond its own size.
class DeltaNames {
 public:
  void Add(const RecordName& name, DocId doc) {
    const absl::MutexLock lock(&mutex_);
    docs_.emplace(std::pair(name.kind, name.id), doc);
  }
  // No such name: UINT32_MAX, which is beyond every size.
  DocId Find(RecordKind kind, std::string_view id) const {
    const absl::MutexLock lock(&mutex_);
    const auto found = docs_.find(std::pair(kind, std::string(id)));
    return found == docs_.end() ? UINT32_MAX : found->second;
  }

 private:
  mutable absl::Mutex mutex_;
  absl::flat_hash_map<std::pair<RecordKind, std::string>, DocId> docs_ ABSL_GUARDED_BY(mutex_);
};

// Which documents have which terms. Every four documents become a segment with postings, eight segments of
// one size the next larger one, up to 256 documents, shared from then on; the last three documents are looked
// through. (A match asks for every term of its query in every collection: thirty documents looked through
// took a tenth of its time.) An entry counts as long as its text is that of its document: see IsLive.
class DeltaPostings {
 public:
  static constexpr size_t kSmallDocuments = 4;
  static constexpr size_t kMergedSegments = 8;
  static constexpr size_t kLargeDocuments = 256;
  struct Entry {
    DocId doc = 0;
    float norm = 0;  // LexicalIndex::NormOf of its length
    std::shared_ptr<const DeltaText> text;
  };
  struct Segment {
    struct Posting {
      uint32_t entry;
      uint32_t frequency;
    };
    using Postings = absl::flat_hash_map<std::string_view, std::vector<Posting>>;
    std::vector<Entry> entries;
    Postings postings;  // keys point into the entries
  };

  void Add(Entry entry);
  // Calls visit(const Entry&, uint32_t frequency) for every entry with the term, in the order of Add.
  template <typename Visit>
  void ForEach(std::string_view term, Visit visit) const {
    if (segments_.empty() && tail_.empty()) return;
    const size_t hash = Segment::Postings().hash_function()(term);
    for (const auto& segment : segments_) {
      const auto found = segment->postings.find(term, hash);
      if (found == segment->postings.end()) continue;
      for (const auto& [entry, frequency] : found->second) visit(segment->entries[entry], frequency);
    }
    for (const Entry& entry : tail_) {
      if (const uint32_t frequency = entry.text->FrequencyOf(term)) visit(entry, frequency);
    }
  }

 private:
  // Makes one of the last eight segments if they are of one size.
  bool Merge();

  std::vector<std::shared_ptr<const Segment>> segments_;  // large ones first
  std::vector<Entry> tail_;
};

// One collection's delta.
struct CollectionDelta {
  DeltaPages pages;
  // Documents of the base that were not changed themselves, but whose owners were: their rows alone. Words
  // and vectors stay the base's.
  DeltaPages rows;
  DeltaPostings postings;
  std::shared_ptr<const DeltaNames> names;
  size_t base_size = 0;
  size_t size = 0;        // of base and delta together
  size_t overridden = 0;  // documents of the base among the delta's

  // What stands for the base's row; null: nothing does.
  const DeltaDocument* RowOf(DocId doc) const {
    const DeltaDocument* const changed = pages.Find(doc);
    return changed != nullptr ? changed : rows.Find(doc);
  }

  bool IsLive(const DeltaPostings::Entry& entry) const {
    const DeltaDocument* document = pages.Find(entry.doc);
    return document != nullptr && document->text == entry.text;
  }
};

}  // namespace dongxi
