#include "engine/match/consortium_collector.h"

#include <bit>
#include <utility>

#include "absl/hash/hash.h"
#include "engine/match/explain.h"
#include "engine/match/read_ahead.h"
#include "engine/requirement/kept_by_key.h"
#include "engine/requirement/offer_readings.h"
#include "engine/requirement/requirement_tables.h"
#include "engine/text/normalize.h"

namespace dongxi {
namespace {

constexpr size_t kElementsMin = 2;

std::vector<std::string> TextsOf(const std::vector<requirement::TextElement>& elements) {
  std::vector<std::string> texts;
  for (const requirement::TextElement& element : elements) texts.push_back(element.text);
  return texts;
}

// What elements of needs mean, likewise.
requirement::PhraseVector PhraseOfElement(const std::string& text, const StaticModel& model) {
  constexpr size_t kPhrasesMax = 2'048;
  static auto& phrases = *new requirement::KeptByKey<std::u32string, requirement::PhraseVector>(kPhrasesMax);
  return *phrases.Of(DecodeUtf8(text), absl::HashOf(model.model_id()),
                     [&] { return requirement::MakePhraseVector(text, model); });
}

requirement::ElementCover CoverOf(const MatchContext& context,
                                  const std::vector<requirement::TextElement>& elements) {
  const LexicalIndex& index = *context.generation->offers.lexical;
  requirement::PhraseOf phrase;
  if (const StaticModel* model = context.generation->static_model.get(); model != nullptr)
    phrase = [model](const std::string& text) { return PhraseOfElement(text, *model); };
  return {TextsOf(elements), [&index](std::string_view term) { return index.Idf(term); }, phrase,
          requirement::BuiltInRequirementTables()};
}

}  // namespace

requirement::OfferClauseReadings& SharedClauses() {
  static auto& readings =
      *new requirement::OfferClauseReadings(requirement::BuiltInRequirementTables(), kClausesAheadMax);
  return readings;
}

double MemberCost(size_t rank, bool adequate, bool broadened) {
  const double behind = 1 - 1 / static_cast<double>(rank);
  return 1 + kRankCostMax * behind + (adequate && !broadened ? 0 : kReserveCost);
}

ConsortiumCollector::ConsortiumCollector(const MatchContext& context, const Record& need,
                                         requirement::Assessor& assessor)
    : context_(context),
      assessor_(assessor),
      need_(assessor.ReadingOf(need)),
      texts_(assessor.ElementsOf(need)),
      cover_(CoverOf(context, texts_)) {}

void ConsortiumCollector::Add(const MatchEntry& entry, size_t rank, const Record& candidate,
                              const Record& evidence) {
  Offer offer{.name = entry.name,
              .title = entry.title,
              .illustrative = entry.illustrative,
              .verdicts = entry.requirements};
  offer.cover.cost = MemberCost(rank, entry.adequate, entry.broadened > 0);
  if (candidate.kind == RecordKind::kInstitution) offer.cover.institution_type = candidate.type;
  const Heard& heard = Hear(evidence);
  offer.cover.texts = heard.texts;
  offer.reading = heard.reading;
  offers_.push_back(std::move(offer));
}

const ConsortiumCollector::Heard& ConsortiumCollector::Hear(const Record& evidence) {
  const auto [place, is_new] = heard_.try_emplace(RecordName{evidence.kind, evidence.id});
  Heard& heard = place->second;
  if (!is_new) return heard;
  if (cover_.size() > 0) {
    heard.texts = cover_.CoveredBy(*SharedClauses().Of(evidence, context_.generation->static_model.get()));
  }
  heard.reading = assessor_.ReadingOfOffer(evidence);
  return heard;
}

std::vector<ConsortiumElement> ConsortiumCollector::ElementsOf(const requirement::Consortium& made) const {
  std::vector<ConsortiumElement> elements;
  for (size_t i = 0; i < made.elements.size(); ++i) {
    ConsortiumElement element{made.elements[i].kind, made.elements[i].text, {}};
    for (size_t offer = 0; offer < offers_.size() && element.covered_by.size() < kCoveredByShown; ++offer) {
      if ((made.covers[offer] >> i & 1) != 0) element.covered_by.push_back(offers_[offer].name);
    }
    elements.push_back(std::move(element));
  }
  return elements;
}

std::vector<ConsortiumMember> ConsortiumCollector::MembersOf(const requirement::Consortium& made) const {
  std::vector<ConsortiumMember> members;
  uint64_t covered = 0;
  for (const size_t chosen : made.cover.chosen) {
    ConsortiumMember member{offers_[chosen].name, offers_[chosen].title, offers_[chosen].illustrative, {}};
    const uint64_t fresh = made.covers[chosen] & ~covered;
    for (size_t i = 0; i < made.elements.size(); ++i) {
      if ((fresh >> i & 1) != 0) member.elements.push_back(i);
    }
    covered |= fresh;
    members.push_back(std::move(member));
  }
  return members;
}

std::optional<MatchConsortium> ConsortiumCollector::Consortium() const {
  std::vector<requirement::OfferCover> covers;
  for (const Offer& offer : offers_) {
    covers.push_back(offer.cover);
    covers.back().verdicts = &offer.verdicts;
  }
  const requirement::Consortium made =
      requirement::ProposeConsortium(texts_, covers, requirement::BuiltInRequirementTables());
  if (made.elements.size() < kElementsMin) return std::nullopt;
  MatchConsortium answer{.members = MembersOf(made),
                         .elements = ElementsOf(made),
                         .cost = made.cover.cost,
                         .lower_bound = made.cover.lower_bound,
                         .exact = made.cover.exact};
  answer.open = static_cast<size_t>(std::popcount(made.cover.open));
  return answer;
}

std::optional<requirement::OwnerQuestion> ConsortiumCollector::Question() const {
  std::vector<const requirement::OfferReading*> readings;
  for (const Offer& offer : offers_) readings.push_back(offer.reading.get());
  return requirement::BestQuestion(need_, readings);
}

}  // namespace dongxi
