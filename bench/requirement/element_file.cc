#include "bench/requirement/element_file.h"

#include <algorithm>
#include <array>

#include "bench/json_lines.h"
#include "engine/base/status_macros.h"

namespace dongxi::bench {
namespace {

using requirement::TextElementKind;

constexpr std::array<TextElementKind, 5> kKinds = {TextElementKind::kMaterial, TextElementKind::kMethod,
                                                   TextElementKind::kEffect, TextElementKind::kProduct,
                                                   TextElementKind::kApplication};

absl::StatusOr<int> HalfOf(const nlohmann::json& object) {
  const auto half = object.find("half");
  if (half == object.end() || !half->is_number_integer() || (*half != 1 && *half != 2))
    return absl::InvalidArgumentError("half is 1 or 2");
  return half->get<int>();
}

absl::StatusOr<LabelledElement> ElementOf(const nlohmann::json& object) {
  LabelledElement element{.field = StringOf(object, "field"), .text = StringOf(object, "text")};
  const std::string label = StringOf(object, "kind");
  const auto* kind =
      std::find_if(kKinds.begin(), kKinds.end(), [&](TextElementKind one) { return LabelOf(one) == label; });
  if (kind == kKinds.end()) {
    return absl::InvalidArgumentError("kind \"" + label +
                                      "\"; expected material, method, effect, product, application");
  }
  element.kind = *kind;
  if (element.field.empty() || element.text.empty())
    return absl::InvalidArgumentError("an element has field and text");
  return element;
}

}  // namespace

std::string LabelOf(TextElementKind kind) {
  switch (kind) {
    case TextElementKind::kMaterial:
      return "material";
    case TextElementKind::kMethod:
      return "method";
    case TextElementKind::kEffect:
      return "effect";
    case TextElementKind::kProduct:
      return "product";
    case TextElementKind::kApplication:
      return "application";
  }
  return "";
}

absl::StatusOr<std::vector<LabelledNeed>> ReadLabelledNeeds(const std::filesystem::path& file) {
  std::vector<LabelledNeed> needs;
  DX_RETURN_IF_ERROR(ReadJsonLines(file, [&](const nlohmann::json& object) -> absl::Status {
    LabelledNeed need{.need = StringOf(object, "need")};
    if (need.need.empty()) return absl::InvalidArgumentError("need is the id of a need");
    DX_ASSIGN_OR_RETURN(need.half, HalfOf(object));
    for (const nlohmann::json& one : object.value("elements", nlohmann::json::array())) {
      DX_ASSIGN_OR_RETURN(LabelledElement element, ElementOf(one));
      need.elements.push_back(std::move(element));
    }
    needs.push_back(std::move(need));
    return absl::OkStatus();
  }));
  return needs;
}

absl::StatusOr<std::vector<LabelledCover>> ReadLabelledCovers(const std::filesystem::path& file) {
  std::vector<LabelledCover> covers;
  DX_RETURN_IF_ERROR(ReadJsonLines(file, [&](const nlohmann::json& object) -> absl::Status {
    LabelledCover cover{.need = StringOf(object, "need"),
                        .element = StringOf(object, "element"),
                        .offer = StringOf(object, "offer")};
    const auto covered = object.find("covers");
    if (cover.element.empty() || cover.offer.empty() || covered == object.end() || !covered->is_boolean())
      return absl::InvalidArgumentError("a judgement has element, offer and covers (true or false)");
    cover.covers = covered->get<bool>();
    DX_ASSIGN_OR_RETURN(cover.half, HalfOf(object));
    covers.push_back(std::move(cover));
    return absl::OkStatus();
  }));
  return covers;
}

}  // namespace dongxi::bench
