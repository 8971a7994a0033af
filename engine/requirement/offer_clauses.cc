#include "engine/requirement/offer_clauses.h"

#include "absl/hash/hash.h"
#include "engine/text/normalize.h"

namespace dongxi::requirement {
namespace {

constexpr size_t kClauseMin = 3;  // characters

bool IsClauseEnd(char32_t c) {
  return std::u32string_view(U",。;:!?()\n").find(c) != std::u32string_view::npos;
}

class ClauseCollector {
 public:
  ClauseCollector(const StaticModel* model, const RequirementTables& tables)
      : model_(model), tables_(tables) {}

  void Add(const std::string& utf8) {
    const std::u32string text = NormalizeToUtf32(utf8);
    size_t begin = 0;
    for (size_t i = 0; i <= text.size(); ++i) {
      if (i < text.size() && !IsClauseEnd(text[i])) continue;
      AddClause(text.substr(begin, i - begin));
      begin = i + 1;
    }
  }
  std::vector<OfferClause> Take() { return std::move(clauses_); }

 private:
  void AddClause(std::u32string text) {
    if (text.size() < kClauseMin || clauses_.size() >= kOfferClausesMax) return;
    if (tables_.words(WordClass::kNegation).Contains(text) ||
        tables_.element_words(ElementWord::kAbsent).Contains(text))
      return;
    OfferClause clause{.text = std::move(text)};
    if (model_ != nullptr) clause.vector = MakePhraseVector(EncodeUtf8(clause.text), *model_);
    clause.characters = MaskOf(clause.text);
    clauses_.push_back(std::move(clause));
  }

  const StaticModel* const model_;
  const RequirementTables& tables_;
  std::vector<OfferClause> clauses_;
};

}  // namespace

std::vector<OfferClause> ReadOfferClauses(const Record& record, const StaticModel* model,
                                          const RequirementTables& tables) {
  ClauseCollector collector(model, tables);
  for (const std::string* text : {&record.title, &record.text, &record.wanted}) collector.Add(*text);
  for (const std::vector<std::string>* items : {&record.fields, &record.keywords, &record.indicators}) {
    for (const std::string& item : *items) collector.Add(item);
  }
  return collector.Take();
}

std::shared_ptr<const std::vector<OfferClause>> OfferClauseReadings::Of(const Record& record,
                                                                        const StaticModel* model) {
  const uint64_t fingerprint =
      absl::HashOf(record.title, record.text, record.wanted, record.fields, record.keywords,
                   record.indicators, model == nullptr ? std::string() : model->model_id());
  return kept_.Of({record.kind, record.id}, fingerprint,
                  [&] { return ReadOfferClauses(record, model, tables_); });
}

}  // namespace dongxi::requirement
