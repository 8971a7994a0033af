#include "engine/requirement/name_forms.h"

#include <algorithm>
#include <utility>

#include "engine/requirement/quantity_name.h"
#include "engine/requirement/scan_text.h"
#include "engine/text/normalize.h"

namespace dongxi::requirement {

namespace {

std::u32string Sorted(std::u32string text) {
  std::sort(text.begin(), text.end());
  return text;
}

}  // namespace

NameForms::NameForms(const RequirementTables& tables, std::shared_ptr<const StaticModel> model,
                     size_t forms_max)
    : tables_(tables), model_(std::move(model)), kept_(forms_max) {}

std::shared_ptr<const NameForm> NameForms::Of(const std::u32string& name) {
  return kept_.Of(name, /*fingerprint=*/0, [&] { return FormOf(name); });
}

NameForm NameForms::FormOf(const std::u32string& name) const {
  NameForm form;
  form.name = WithoutParticles(FoldAscii(name));
  if (form.name.size() > kNameEnd)
    form.end = std::make_shared<const NameForm>(FormOf(form.name.substr(form.name.size() - kNameEnd)));
  form.modifier = form.name;
  const WordFinder::Hit measure =
      tables_.words(WordClass::kMeasure).EndingAt(form.modifier, form.modifier.size());
  if (measure.end > measure.begin && measure.begin > 0) form.modifier.resize(measure.begin);
  form.sorted_name = Sorted(form.name);
  form.sorted_modifier = Sorted(form.modifier);
  form.name_vector = MakePhraseVector(EncodeUtf8(form.name), *model_);
  form.modifier_vector = MakePhraseVector(EncodeUtf8(form.modifier), *model_);
  return form;
}

std::shared_ptr<NameForms> NewNameForms(std::shared_ptr<const StaticModel> model) {
  constexpr size_t kFormsMax = 6'000;
  if (model == nullptr) return nullptr;
  return std::make_shared<NameForms>(BuiltInRequirementTables(), std::move(model), kFormsMax);
}

}  // namespace dongxi::requirement
