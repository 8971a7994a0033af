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
  while (Merge()) {
  }
}

bool DeltaPostings::Merge() {
  if (segments_.size() < kMergedSegments) return false;
  const auto first = segments_.end() - kMergedSegments;
  const size_t documents = segments_.back()->entries.size();
  if (documents >= kLargeDocuments || (*first)->entries.size() != documents) return false;
  std::vector<Entry> entries;
  for (auto segment = first; segment != segments_.end(); ++segment)
    entries.insert(entries.end(), (*segment)->entries.begin(), (*segment)->entries.end());
  segments_.erase(first, segments_.end());
  segments_.push_back(SegmentOf(std::move(entries)));
  return true;
}

}  // namespace dongxi
