// What an organisation's own records give to training, and what is kept aside to measure the gain.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "engine/embed/train/training_texts.h"
#include "store/catalogue.h"

namespace dongxi {

// A record that training does not see. Each query must find the document.
struct HeldOutRecord {
  std::string record;                // "results/r-1"
  std::vector<std::string> queries;  // its title, its first sentence
  std::string document;              // the rest of its text
};

struct CatalogueTexts {
  TrainingCorpus training;
  std::vector<HeldOutRecord> held_out;
  uint64_t records = 0;
};

// Reads all records in order of kind and id. One in ten, chosen by its name alone, is held out. A title
// counts for results, needs and evidence; names of institutions and experts are no training text.
// `go_on(done, total)` may be null; false stops with Cancelled. FailedPrecondition: the catalogue is empty.
absl::StatusOr<CatalogueTexts> ReadCatalogueTexts(const CatalogueReader& catalogue,
                                                  std::shared_ptr<const Lexicon> lexicon,
                                                  const std::function<bool(uint64_t, uint64_t)>& go_on);

}  // namespace dongxi
