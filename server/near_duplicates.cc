#include "server/near_duplicates.h"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "engine/base/status_macros.h"
#include "engine/filter/filter.h"
#include "engine/match/matcher.h"
#include "engine/text/normalize.h"
#include "server/catalogue_records.h"
#include "server/convert.h"

namespace dongxi {
namespace {

constexpr size_t kQueryCharacters = 300;  // of the record; enough to bring its copies to the front
constexpr int kCandidates = 10;

std::string TextOf(const Record& record) { return record.title + "\n" + record.text + "\n" + record.wanted; }

std::unordered_set<uint64_t> PairsOf(const Record& record) {
  std::unordered_set<uint64_t> pairs;
  char32_t before = 0;
  for (const char32_t c : NormalizeToUtf32(TextOf(record))) {
    if (c == U' ' || c == U'\n') continue;
    if (before != 0) pairs.insert(uint64_t{before} << 32 | c);
    before = c;
  }
  return pairs;
}

class ServedNearDuplicates : public NearDuplicates {
 public:
  ServedNearDuplicates(const ServingState* state, const CatalogueReader* catalogue)
      : state_(state), catalogue_(catalogue) {}

  absl::StatusOr<std::vector<NearDuplicate>> Find(const Record& record, const Caller& caller, absl::Time now,
                                                  absl::Time deadline) const override {
    const std::shared_ptr<const Snapshot> snapshot = state_->Current();
    if (snapshot == nullptr) return std::vector<NearDuplicate>();
    Caller quiet = caller;  // candidates are not shown; those that are found are
    quiet.note = nullptr;
    const CatalogueRecords records(*catalogue_, quiet);
    SearchQuestion question;
    question.text = CutCharacters(TextOf(record), kQueryCharacters);
    question.kinds = {record.kind};
    DX_ASSIGN_OR_RETURN(question.filter, ParseFilter("", *snapshot->policy));
    question.limit = kCandidates;
    question.viewer = caller.viewer;
    question.today = DayInChina(now);
    question.deadline = deadline;
    const MatchContext context{.generation = snapshot->generation,
                               .policy = snapshot->policy,
                               .ranking = snapshot->ranking,
                               .records = &records};
    DX_ASSIGN_OR_RETURN(const SearchAnswer answer, Search(context, question));
    std::vector<RecordName> names;
    for (const SearchHit& hit : answer.hits) names.push_back(hit.name);
    DX_ASSIGN_OR_RETURN(const auto candidates, records.GetMany(names));
    std::vector<NearDuplicate> found;
    for (const std::optional<Record>& candidate : candidates) {
      if (!candidate || candidate->id == record.id) continue;
      const double similarity = TextSimilarity(record, *candidate);
      if (similarity < kNearDuplicateSimilarity) continue;
      caller.Showed(*candidate);
      found.push_back({{candidate->kind, candidate->id}, candidate->title, similarity});
    }
    std::sort(found.begin(), found.end(), [](const NearDuplicate& a, const NearDuplicate& b) {
      return a.similarity != b.similarity ? a.similarity > b.similarity : a.name < b.name;
    });
    if (found.size() > kNearDuplicatesMax) found.resize(kNearDuplicatesMax);
    return found;
  }

 private:
  const ServingState* const state_;
  const CatalogueReader* const catalogue_;
};

}  // namespace

double TextSimilarity(const Record& a, const Record& b) {
  const std::unordered_set<uint64_t> of_a = PairsOf(a);
  const std::unordered_set<uint64_t> of_b = PairsOf(b);
  if (of_a.empty() || of_b.empty()) return 0;
  const auto common = static_cast<size_t>(
      std::count_if(of_a.begin(), of_a.end(), [&of_b](uint64_t pair) { return of_b.contains(pair); }));
  return static_cast<double>(common) / static_cast<double>(of_a.size() + of_b.size() - common);
}

std::unique_ptr<NearDuplicates> NewServedNearDuplicates(const ServingState* state,
                                                        const CatalogueReader* catalogue) {
  return std::make_unique<ServedNearDuplicates>(state, catalogue);
}

}  // namespace dongxi
