#include "engine/index/delta.h"

#include "engine/index/lexical_index.h"

namespace dongxi {

namespace {

std::shared_ptr<const DeltaPostings::Segment> SegmentOf(std::vector<DeltaPostings::Entry> entries) {
  auto segment = std::make_shared<DeltaPostings::Segment>();
  segment->entries = std::move(entries);
  for (uint32_t i = 0; i < segment->entries.size(); ++i) {
    for (const auto& [term, frequency] : segment->entries[i].text->terms)
      segment->postings[term].push_back({i, std::min(frequency, kTermFrequencyMax)});
  }
  return segment;
}

}  // namespace

uint32_t DeltaText::FrequencyOf(std::string_view term) const {
  const auto at =
      std::lower_bound(terms.begin(), terms.end(), term,
                       [](const auto& entry, std::string_view wanted) { return entry.first < wanted; });
  return at == terms.end() || at->first != term ? 0 : std::min(at->second, kTermFrequencyMax);
}

void DeltaPages::Set(DocId doc, std::shared_ptr<const DeltaDocument> document) {
  const size_t page = doc / kPageDocuments;
  if (page >= pages_.size()) pages_.resize(page + 1);
  auto copy = pages_[page] == nullptr ? std::make_shared<Page>() : std::make_shared<Page>(*pages_[page]);
  std::shared_ptr<const DeltaDocument>& place = (*copy)[doc % kPageDocuments];
  if (place == nullptr) ++count_;
  place = std::move(document);
  pages_[page] = std::move(copy);
}

void DeltaPostings::Add(Entry entry) {
  tail_.push_back(std::move(entry));
  if (tail_.size() < kSmallDocuments) return;
  segments_.push_back(SegmentOf(std::exchange(tail_, {})));
  if (++small_ < kSmallSegments) return;
  std::vector<Entry> entries;
  const size_t first = segments_.size() - kSmallSegments;
  for (size_t i = first; i < segments_.size(); ++i)
    entries.insert(entries.end(), segments_[i]->entries.begin(), segments_[i]->entries.end());
  segments_.resize(first);
  segments_.push_back(SegmentOf(std::move(entries)));
  small_ = 0;
}

}  // namespace dongxi
