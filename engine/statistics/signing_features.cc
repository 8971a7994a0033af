#include "engine/statistics/signing_features.h"

#include <algorithm>
#include <map>
#include <unordered_map>

namespace dongxi {
namespace {

constexpr double kDayUs = 86'400e6;
constexpr int64_t kPatienceUs = int64_t{kSigningPatienceDays} * 86'400 * 1'000'000;
constexpr double kPriorCases = 8;    // cases that a rate counts before it has any of its own
constexpr double kPriorRate = 0.15;  // of those, signed: a neutral middle, the model weighs it

constexpr std::string_view kNames[kSigningFeatures] = {
    "经推荐",       "方案点名结对",   "方案所指或推定结对", "属于方案任务",       "供给方为机构",
    "供给方为专家", "两省以往签约率", "供给机构以往签约率", "需求市州以往签约率",
};

double PairingValue(const PairingLines& pairings, const std::string& key, bool named) {
  const PairingLine* const line = pairings.Find(key);
  if (line == nullptr) return 0;
  return (line->strength == PairingStrength::kNamed) == named ? 1 : 0;
}

// Ripe cases of an institution, a city or a pair of provinces so far.
struct Record {
  double decided = 0, signed_ = 0;
  double Rate() const { return (signed_ + kPriorCases * kPriorRate) / (decided + kPriorCases); }
};

struct Pair {
  const LedgerRow* first = nullptr;
  bool recommended_first = false;
  bool entered_open = false;  // its first day has a step before the contract
  int64_t signed_us = 0, refused_us = 0;
  bool simulated = false;
};

std::string ProvincesOf(const LedgerRow& row) {
  return row.need_region.substr(0, 2) + "-" + row.offer_region.substr(0, 2);
}
std::string InstitutionOf(const LedgerRow& row) {
  return row.institution.empty() ? row.offer : row.institution;
}

std::vector<Pair> PairsOf(std::span<const LedgerRow> ledger, int64_t as_of_us) {
  std::vector<const LedgerRow*> rows;
  for (const LedgerRow& row : ledger) {
    if (row.event_time_us < as_of_us) rows.push_back(&row);
  }
  std::sort(rows.begin(), rows.end(), [](const LedgerRow* a, const LedgerRow* b) {
    return std::pair(a->event_time_us, std::string_view(a->id)) <
           std::pair(b->event_time_us, std::string_view(b->id));
  });
  std::vector<Pair> pairs;
  std::unordered_map<std::string, size_t> known;
  for (const LedgerRow* row : rows) {
    const auto [found, added] = known.try_emplace(row->need + '\n' + row->offer, pairs.size());
    if (added) pairs.push_back({row, TellsOfRecommendation(*row), false, 0, 0, false});
    Pair& pair = pairs[found->second];
    // Within a day the ledger has no order.
    if (row->step < Step::kSigned && ChinaDay(row->event_time_us) == ChinaDay(pair.first->event_time_us))
      pair.entered_open = true;
    pair.simulated = pair.simulated || row->simulated;
    // Registered or paid without a signature does not occur: the rules of the ledger refuse it.
    if (row->step == Step::kSigned && pair.signed_us == 0) pair.signed_us = row->event_time_us;
    if (row->step == Step::kRefused && pair.refused_us == 0) pair.refused_us = row->event_time_us;
  }
  // What entered signed or refused was never waited for: it teaches nothing of those that are.
  std::erase_if(pairs, [](const Pair& pair) { return !pair.entered_open; });
  return pairs;
}

SigningCase CaseOf(const Pair& pair, int64_t as_of_us) {
  SigningCase one;
  one.need = pair.first->need;
  one.offer = pair.first->offer;
  one.first_us = pair.first->event_time_us;
  one.simulated = pair.simulated;
  const int64_t given_up_us = one.first_us + kPatienceUs;
  one.ripe = given_up_us <= as_of_us;
  const bool was_signed = pair.signed_us != 0 && pair.signed_us < given_up_us;
  const bool was_refused = pair.refused_us != 0 && pair.refused_us < given_up_us;
  if (was_signed) {
    one.outcome = SigningOutcome::kSigned;
    one.decided_us = pair.signed_us;
  } else if (was_refused || one.ripe) {
    one.outcome = SigningOutcome::kFailed;
    one.decided_us = was_refused ? pair.refused_us : given_up_us;
  }
  // A refusal that was cleared and followed by a signature still ended the wait.
  int64_t end_us = one.outcome == SigningOutcome::kOpen ? as_of_us : one.decided_us;
  if (was_refused) end_us = std::min(end_us, pair.refused_us);
  one.open_days = static_cast<double>(end_us - one.first_us) / kDayUs;
  return one;
}

// What became of the pairs that were ripe at a time, and what it says of a new pair. Those that were not are
// left out, even signed ones: their share would grow with the age of the ledger, and the features with it.
class History {
 public:
  History(const std::vector<Pair>& pairs, const std::vector<SigningCase>& cases)
      : pairs_(pairs), cases_(cases) {}

  // Times must not go back. Cases are in order of first entry, and so of ripeness.
  void AdvanceTo(int64_t time_us) {
    for (; next_ < cases_.size() && cases_[next_].first_us + kPatienceUs <= time_us; ++next_) {
      const LedgerRow& row = *pairs_[next_].first;
      const double was_signed = cases_[next_].outcome == SigningOutcome::kSigned ? 1 : 0;
      for (Record* record : {&institutions_[InstitutionOf(row)], &cities_[row.need_region.substr(0, 4)],
                             &provinces_[ProvincesOf(row)]}) {
        record->decided += 1;
        record->signed_ += was_signed;
      }
    }
  }
  double RateOfProvinces(const LedgerRow& row) const { return RateIn(provinces_, ProvincesOf(row)); }
  double RateOfInstitution(const LedgerRow& row) const { return RateIn(institutions_, InstitutionOf(row)); }
  double RateOfCity(const LedgerRow& row) const { return RateIn(cities_, row.need_region.substr(0, 4)); }

 private:
  using Records = std::map<std::string, Record>;
  static double RateIn(const Records& records, const std::string& key) {
    const auto found = records.find(key);
    return found == records.end() ? Record().Rate() : found->second.Rate();
  }

  const std::vector<Pair>& pairs_;
  const std::vector<SigningCase>& cases_;
  size_t next_ = 0;
  Records institutions_, cities_, provinces_;
};

}  // namespace

std::span<const std::string_view> SigningFeatureNames() { return kNames; }

std::vector<SigningCase> SigningCases(std::span<const LedgerRow> ledger, const PairingLines& pairings,
                                      int64_t as_of_us) {
  const std::vector<Pair> pairs = PairsOf(ledger, as_of_us);
  std::vector<SigningCase> cases;
  for (const Pair& pair : pairs) cases.push_back(CaseOf(pair, as_of_us));
  History history(pairs, cases);
  for (size_t i = 0; i < cases.size(); ++i) {
    history.AdvanceTo(cases[i].first_us);
    const LedgerRow& row = *pairs[i].first;
    cases[i].features = {pairs[i].recommended_first ? 1.0 : 0.0,
                         PairingValue(pairings, row.pairing, /*named=*/true),
                         PairingValue(pairings, row.pairing, /*named=*/false),
                         row.task.empty() ? 0.0 : 1.0,
                         row.offer.starts_with("institutions/") ? 1.0 : 0.0,
                         row.offer.starts_with("experts/") ? 1.0 : 0.0,
                         history.RateOfProvinces(row),
                         history.RateOfInstitution(row),
                         history.RateOfCity(row)};
  }
  return cases;
}

}  // namespace dongxi
