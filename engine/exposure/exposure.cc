#include "engine/exposure/exposure.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "engine/plan/flow.h"

namespace dongxi::exposure {
namespace {

using plan::FlowArc;

constexpr double kUnitsOfValue = 1e6;  // a value as an integer of the flow

// Better rank wins among equal values: a unit less a place.
int64_t GainOf(const Candidate& candidate, size_t place) {
  const auto value =
      static_cast<int64_t>(std::llround(std::clamp(candidate.value, 0.0, 1.0) * kUnitsOfValue));
  return value * 1'000 + 999 - static_cast<int64_t>(std::min<size_t>(place, 999));
}

constexpr int64_t kMoreThanAnEntry = 1'000 * static_cast<int64_t>(kUnitsOfValue) + 1'000;

int64_t MaxOf(int limit, size_t all) {
  return limit == kNoLimit ? static_cast<int64_t>(all) : static_cast<int64_t>(limit);
}

// The limit of one, where it has one, instead of that of all.
int LimitOf(int of_all, const std::vector<int>& of_single, size_t place) {
  return of_single.empty() || of_single[place] == kNoLimit ? of_all : of_single[place];
}

// The network: source, groups, lists, persons, owners, regions. Entries are the arcs from lists to persons
// and owners.
class Network {
 public:
  Network(const Batch& batch, const Limits& limits) : batch_(batch), limits_(limits) {
    for (const auto& list : batch.lists) entries_ += list.size();
    AddSupply();
    AddEntries();
    AddPersons();
    AddOwners();
  }

  Choice Solve() const {
    const std::vector<int64_t> flow = plan::GreatestCirculation(nodes(), arcs_);
    Choice choice;
    choice.kept.resize(batch_.lists.size());
    size_t arc = first_entry_;
    for (size_t list = 0; list < batch_.lists.size(); ++list) {
      for (size_t place = 0; place < batch_.lists[list].size(); ++place) {
        if (flow[arc++] > 0) choice.kept[list].push_back(static_cast<int>(place));
      }
    }
    return choice;
  }

 private:
  int Group(int group) const { return 1 + group; }
  int List(size_t list) const { return 1 + batch_.groups + static_cast<int>(list); }
  int Person(int person) const { return List(batch_.lists.size()) + person; }
  int Owner(int owner) const { return Person(batch_.persons()) + owner; }
  int Region(int region) const { return Owner(batch_.owners()) + region; }
  int nodes() const { return Region(batch_.regions); }

  // A floor's unit gains more than any change can cost that fills it: such a change goes through each node at
  // most once, and no arc costs more than kMoreThanAnEntry. So none is given up for value. An entry beyond
  // the usual length of its list costs more than it gains, so that only a floor pays for it.
  void AddSupply() {
    const auto all = static_cast<int64_t>(entries_);
    const int64_t floor_gain = nodes() * kMoreThanAnEntry + 1;
    for (int group = 0; group < batch_.groups; ++group) {
      if (limits_.group_min > 0) arcs_.push_back({0, Group(group), limits_.group_min, floor_gain});
      arcs_.push_back({0, Group(group), all, 0});
    }
    for (size_t list = 0; list < batch_.lists.size(); ++list) {
      const int group = Group(batch_.group_of_list[list]);
      const int usual = batch_.usual_length.empty() ? limits_.length : batch_.usual_length[list];
      arcs_.push_back({group, List(list), usual, 0});
      if (limits_.group_min > 0 && usual < limits_.length)
        arcs_.push_back({group, List(list), limits_.length - usual, -kMoreThanAnEntry});
    }
  }

  void AddEntries() {
    first_entry_ = arcs_.size();
    for (size_t list = 0; list < batch_.lists.size(); ++list) {
      for (size_t place = 0; place < batch_.lists[list].size(); ++place) {
        const Candidate& candidate = batch_.lists[list][place];
        const bool of_capacity = candidate.person != kNobody && candidate.is_new;
        const int to = of_capacity ? Person(candidate.person) : Owner(candidate.owner);
        arcs_.push_back({List(list), to, 1, GainOf(candidate, place)});
      }
    }
  }

  void AddPersons() {
    for (int person = 0; person < batch_.persons(); ++person) {
      const auto place = static_cast<size_t>(person);
      const int limit = LimitOf(limits_.person_max, limits_.person_max_of, place);
      arcs_.push_back({Person(person), Owner(batch_.owner_of_person[place]), MaxOf(limit, entries_), 0});
    }
  }

  void AddOwners() {
    for (int owner = 0; owner < batch_.owners(); ++owner) {
      const auto place = static_cast<size_t>(owner);
      const int limit = LimitOf(limits_.owner_max, limits_.owner_max_of, place);
      arcs_.push_back({Owner(owner), Region(batch_.region_of_owner[place]), MaxOf(limit, entries_), 0});
    }
    for (int region = 0; region < batch_.regions; ++region)
      arcs_.push_back({Region(region), 0, MaxOf(limits_.region_max, entries_), 0});
  }

  const Batch& batch_;
  const Limits& limits_;
  size_t entries_ = 0;
  size_t first_entry_ = 0;
  std::vector<FlowArc> arcs_;
};

double GiniOf(std::vector<int> counts) {
  std::erase(counts, 0);
  if (counts.empty()) return 0;
  std::sort(counts.begin(), counts.end());
  double weighted = 0, total = 0;
  for (size_t i = 0; i < counts.size(); ++i) {
    weighted += static_cast<double>(i + 1) * counts[i];
    total += counts[i];
  }
  const auto count = static_cast<double>(counts.size());
  return 2 * weighted / (count * total) - (count + 1) / count;
}

std::vector<std::vector<int>> CutToLength(const Batch& batch, int length) {
  std::vector<std::vector<int>> kept(batch.lists.size());
  for (size_t list = 0; list < kept.size(); ++list) {
    const int usual = batch.usual_length.empty() ? length : batch.usual_length[list];
    const int count = std::min(usual, static_cast<int>(batch.lists[list].size()));
    for (int place = 0; place < count; ++place) kept[list].push_back(place);
  }
  return kept;
}

std::vector<int> EntriesOfGroups(const Batch& batch, const std::vector<std::vector<int>>& kept) {
  std::vector<int> entries(static_cast<size_t>(batch.groups), 0);
  for (size_t list = 0; list < kept.size(); ++list)
    entries[static_cast<size_t>(batch.group_of_list[list])] += static_cast<int>(kept[list].size());
  return entries;
}

bool IsFull(int limit, int used) { return limit != kNoLimit && used >= limit; }

// How much of each cap the kept entries take up.
class Use {
 public:
  Use(const Batch& batch, const Limits& limits, const std::vector<std::vector<int>>& kept)
      : batch_(batch),
        limits_(limits),
        owners_(static_cast<size_t>(batch.owners()), 0),
        regions_(static_cast<size_t>(batch.regions), 0),
        persons_(static_cast<size_t>(batch.persons()), 0) {
    for (size_t list = 0; list < kept.size(); ++list) {
      for (const int place : kept[list]) Count(batch.lists[list][static_cast<size_t>(place)]);
    }
  }

  // Adds the caps that keep the candidate out.
  void AddFullCaps(const Candidate& candidate, Emptied* emptied) const {
    const auto owner = static_cast<size_t>(candidate.owner);
    const auto region = static_cast<size_t>(batch_.region_of_owner[owner]);
    emptied->by_owner_max |= IsFull(LimitOf(limits_.owner_max, limits_.owner_max_of, owner), owners_[owner]);
    emptied->by_region_max |= IsFull(limits_.region_max, regions_[region]);
    if (candidate.person == kNobody || !candidate.is_new) return;
    const auto person = static_cast<size_t>(candidate.person);
    emptied->by_person_max |=
        IsFull(LimitOf(limits_.person_max, limits_.person_max_of, person), persons_[person]);
  }

 private:
  void Count(const Candidate& candidate) {
    const auto owner = static_cast<size_t>(candidate.owner);
    ++owners_[owner];
    ++regions_[static_cast<size_t>(batch_.region_of_owner[owner])];
    if (candidate.person != kNobody && candidate.is_new) ++persons_[static_cast<size_t>(candidate.person)];
  }

  const Batch& batch_;
  const Limits& limits_;
  std::vector<int> owners_, regions_, persons_;
};

std::vector<Emptied> EmptiedLists(const Batch& batch, const Limits& limits,
                                  const std::vector<std::vector<int>>& kept) {
  const Use use(batch, limits, kept);
  const std::vector<std::vector<int>> usual = CutToLength(batch, limits.length);
  std::vector<Emptied> emptied;
  for (size_t list = 0; list < kept.size(); ++list) {
    if (!kept[list].empty() || usual[list].empty()) continue;
    Emptied& one = emptied.emplace_back();
    one.list = static_cast<int>(list);
    for (const Candidate& candidate : batch.lists[list]) use.AddFullCaps(candidate, &one);
  }
  return emptied;
}

}  // namespace

Balance BalanceOf(const Batch& batch, const std::vector<std::vector<int>>& kept) {
  Balance balance;
  std::vector<int> shown(static_cast<size_t>(batch.owners()), 0);
  std::vector<int> persons(static_cast<size_t>(batch.persons()), 0);
  for (size_t list = 0; list < kept.size(); ++list) {
    for (size_t rank = 0; rank < kept[list].size(); ++rank) {
      const Candidate& candidate = batch.lists[list][static_cast<size_t>(kept[list][rank])];
      balance.value += candidate.value;
      balance.discounted += candidate.value / std::log2(static_cast<double>(rank) + 2);
      ++shown[static_cast<size_t>(candidate.owner)];
      if (candidate.person != kNobody) ++persons[static_cast<size_t>(candidate.person)];
    }
  }
  for (const int count : shown) {
    balance.owner_most = std::max(balance.owner_most, count);
    balance.owners_shown += count > 0;
  }
  for (const int count : persons) {
    balance.person_most = std::max(balance.person_most, count);
    balance.persons_shown += count > 0;
  }
  const std::vector<int> served = EntriesOfGroups(batch, kept);
  if (!served.empty()) balance.group_least = *std::min_element(served.begin(), served.end());
  balance.gini = GiniOf(std::move(shown));
  return balance;
}

Choice ChooseEntries(const Batch& batch, const Limits& limits) {
  Choice choice = Network(batch, limits).Solve();
  choice.before = BalanceOf(batch, CutToLength(batch, limits.length));
  choice.after = BalanceOf(batch, choice.kept);
  const std::vector<int> served = EntriesOfGroups(batch, choice.kept);
  for (int group = 0; group < batch.groups; ++group) {
    const int missing = limits.group_min - served[static_cast<size_t>(group)];
    if (missing > 0) choice.shortfalls.push_back({group, missing});
  }
  choice.emptied = EmptiedLists(batch, limits, choice.kept);
  return choice;
}

}  // namespace dongxi::exposure
