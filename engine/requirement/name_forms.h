// Names of quantities as their meaning is compared, kept between comparisons: the same few thousand names
// stand in all needs and offers, and to embed one takes longer than to compare two.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/embed/static_model.h"
#include "engine/requirement/kept_by_key.h"
#include "engine/requirement/phrase_vector.h"
#include "engine/requirement/requirement_tables.h"

namespace dongxi::requirement {

struct NameForm {
  std::u32string name, modifier;  // without particles; the modifier also without 率, 时间 … at its end
  std::u32string sorted_name, sorted_modifier;  // their characters, ascending
  PhraseVector name_vector, modifier_vector;
  // Of its last kNameEnd characters, which say most: before them stand the object and its cause. Null for a
  // name that has no more.
  std::shared_ptr<const NameForm> end;
};
inline constexpr size_t kNameEnd = 6;
// `form` itself where it has no end.
inline const NameForm& EndOf(const NameForm& form) { return form.end == nullptr ? form : *form.end; }

// Thread-safe. Lives as long as its model: vectors of two models are never compared.
class NameForms {
 public:
  // `tables` outlive this, `model` is not null. A form takes about 2 KB; beyond `forms_max` the one that was
  // not asked for longest is forgotten.
  NameForms(const RequirementTables& tables, std::shared_ptr<const StaticModel> model, size_t forms_max);

  const RequirementTables& tables() const { return tables_; }

  // Never null.
  std::shared_ptr<const NameForm> Of(const std::u32string& name);

 private:
  NameForm FormOf(const std::u32string& name) const;

  const RequirementTables& tables_;
  const std::shared_ptr<const StaticModel> model_;
  KeptByKey<std::u32string, NameForm> kept_;
};

using FormsOfNames = std::vector<std::shared_ptr<const NameForm>>;

// By the built-in tables. Null for a null model: then names are compared by their words alone.
std::shared_ptr<NameForms> NewNameForms(std::shared_ptr<const StaticModel> model);

}  // namespace dongxi::requirement
