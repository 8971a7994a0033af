// What a need asks for in words that are no figures: the material, method, effect, product and application in
// its title and wishes. Found by cue words (data/requirement/elements.tsv). Pure functions; any thread.
#pragma once

#include <string>
#include <vector>

#include "engine/record/record.h"
#include "engine/requirement/assess.h"

namespace dongxi::requirement {

inline constexpr size_t kTextElementsMax = 14;  // of one need, in order of wanted, title, text

enum class TextElementKind { kMaterial, kMethod, kEffect, kProduct, kApplication };

struct TextElement {
  TextElementKind kind = TextElementKind::kMethod;
  std::string text;  // as the need says it, 2 to 30 characters: 固沙植被技术
  FieldSpan span;
};

// `need` is a need and `reading` what ReadNeed says of it. `wanted` and title are read whole; of the text,
// where the need has no `wanted`, only clauses that ask for something (all, if there is no title either).
// Left out is what the reading has already: effects with a figure, places that are conditions, parties. What
// two fields say alike counts once.
std::vector<TextElement> ReadTextElements(const Record& need, const NeedReading& reading,
                                          const RequirementTables& tables);

// 原料, 方法, 效果, 产品, 应用.
std::string WordOf(TextElementKind kind);

}  // namespace dongxi::requirement
