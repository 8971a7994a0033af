#include "engine/index/delta.h"

#include "engine/index/lexical_index.h"

namespace dongxi {

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
  if (tail_.size() < kSegmentDocuments) return;
  auto segment = std::make_shared<Segment>();
  segment->entries = std::move(tail_);
  tail_.clear();
  for (uint32_t i = 0; i < segment->entries.size(); ++i) {
    for (const auto& [term, frequency] : segment->entries[i].text->terms)
      segment->postings[term].push_back({i, std::min(frequency, kTermFrequencyMax)});
  }
  segments_.push_back(std::move(segment));
}

}  // namespace dongxi
