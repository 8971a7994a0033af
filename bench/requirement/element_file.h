// Elements of needs, and which offers cover them, labelled by hand: tests/requirement/elements.jsonl and
// element_offers.jsonl (their README says what the labels mean). Any thread.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "engine/requirement/elements.h"

namespace dongxi::bench {

struct LabelledElement {
  requirement::TextElementKind kind = requirement::TextElementKind::kMethod;
  std::string field;  // title, wanted
  std::string text;   // as it stands there
};
struct LabelledNeed {
  std::string need;  // id in the sample
  int half = 1;      // 1: the rules were made on it; 2: held back until they were done
  std::vector<LabelledElement> elements;
};

// Whether an offer gives what an element asks for.
struct LabelledCover {
  std::string need, element, offer;  // ids in the sample; the element's text
  int half = 1;
  bool covers = false;
};

// Errors name file and line: NotFound; InvalidArgument for a missing key, another half than 1 and 2, an
// unknown kind.
absl::StatusOr<std::vector<LabelledNeed>> ReadLabelledNeeds(const std::filesystem::path& file);
absl::StatusOr<std::vector<LabelledCover>> ReadLabelledCovers(const std::filesystem::path& file);

// material, method, effect, product, application.
std::string LabelOf(requirement::TextElementKind kind);

}  // namespace dongxi::bench
