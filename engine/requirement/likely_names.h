// Names of quantities that no table brings together, and that very likely mean the same: 处理时间 and
// 处理耗时, 径向跳动 and 径跳. Private to engine/requirement.
#pragma once

#include <map>
#include <string>

#include "engine/embed/static_model.h"
#include "engine/requirement/indicator.h"
#include "engine/requirement/phrase_vector.h"

namespace dongxi::requirement {

// For one comparison: a name is embedded once, and only when it is asked about. Not thread-safe. `tables` and
// `model` outlive it; `model` may be null, and then no two names are alike.
class LikelyNames {
 public:
  LikelyNames(const RequirementTables& tables, const StaticModel* model) : tables_(tables), model_(model) {}

  // How far beyond what their dimension demands the names are alike; below 0: not alike enough. Two names
  // whose quantities are both in the table and plain are never alike here: the table says that they differ.
  // Nor are names with opposite words (进口, 出口), of different things (NamesConflict), or numbers of
  // another kind (another dimension, a change and a level).
  double Margin(const Indicator& need, const Indicator& offer);

 private:
  struct Form {
    std::u32string name, modifier;  // without particles; the modifier also without 率, 时间 … at its end
    PhraseVector name_vector, modifier_vector;
  };
  const Form& FormOf(const std::u32string& text);
  double Closeness(const Form& a, const Form& b) const;

  const RequirementTables& tables_;
  const StaticModel* model_;
  std::map<std::u32string, Form> forms_;
};

}  // namespace dongxi::requirement
