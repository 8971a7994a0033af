#include "engine/requirement/elements.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "engine/requirement/clause_elements.h"
#include "engine/requirement/scanned_record.h"

namespace dongxi::requirement {
namespace {

bool Overlap(const FieldSpan& a, const FieldSpan& b) {
  return a.field == b.field && a.begin < b.end && b.begin < a.end;
}

class ElementCollector {
 public:
  ElementCollector(const NeedReading& reading, const RequirementTables& tables)
      : reading_(reading), tables_(tables) {}

  void Add(const ScannedField& field, const FoundElement& found) {
    if (elements_.size() >= kTextElementsMax) return;
    TextElement element{.kind = found.kind, .span = field.SpanOf(found.begin, found.end)};
    const uint32_t begin = field.scan.bytes[found.begin];
    element.text = field.text.substr(begin, field.scan.EndByte(found.end) - begin);
    const std::u32string_view words =
        std::u32string_view(field.folded).substr(found.begin, found.end - found.begin);
    if (!IsKnown(element) && !IsSaidElsewhere(element, words)) elements_.push_back(std::move(element));
  }

  std::vector<TextElement> Take() { return std::move(elements_); }

 private:
  bool IsKnown(const TextElement& element) const {
    return std::any_of(elements_.begin(), elements_.end(), [&](const TextElement& other) {
      return other.kind == element.kind && (other.text.find(element.text) != std::string::npos ||
                                            element.text.find(other.text) != std::string::npos);
    });
  }

  // The verdicts on figures, conditions and parties speak of it.
  bool IsSaidElsewhere(const TextElement& element, std::u32string_view words) const {
    constexpr size_t kBesideCondition = 3;  // characters: 高海拔地区
    switch (element.kind) {
      case TextElementKind::kEffect:
        return std::any_of(reading_.spans.begin(), reading_.spans.end(),
                           [&](const FieldSpan& span) { return Overlap(span, element.span); });
      case TextElementKind::kApplication: {
        const std::vector<WordFinder::Hit> hits = tables_.condition_words().FindAll(words);
        return std::any_of(hits.begin(), hits.end(), [&](const WordFinder::Hit& hit) {
          return words.size() <= hit.end - hit.begin + kBesideCondition;
        });
      }
      case TextElementKind::kMethod:
      case TextElementKind::kProduct:
        return tables_.party_words().Contains(words);
      case TextElementKind::kMaterial:
        return false;
    }
    return false;
  }

  const NeedReading& reading_;
  const RequirementTables& tables_;
  std::vector<TextElement> elements_;
};

}  // namespace

std::string WordOf(TextElementKind kind) {
  switch (kind) {
    case TextElementKind::kMaterial:
      return "原料";
    case TextElementKind::kMethod:
      return "方法";
    case TextElementKind::kEffect:
      return "效果";
    case TextElementKind::kProduct:
      return "产品";
    case TextElementKind::kApplication:
      return "应用";
  }
  return "";
}

std::vector<TextElement> ReadTextElements(const Record& need, const NeedReading& reading,
                                          const RequirementTables& tables) {
  ElementCollector collector(reading, tables);
  for (const ScannedField& field : ScanRecord(need)) {
    const bool is_text = field.name == "text";
    if (field.name == "indicators" || (is_text && !need.wanted.empty())) continue;
    const ClauseOptions options{.title = field.name == "title",
                                .demands_only = is_text && !need.title.empty()};
    for (const FoundElement& found : FindElements(field.folded, options, tables)) collector.Add(field, found);
  }
  return collector.Take();
}

}  // namespace dongxi::requirement
