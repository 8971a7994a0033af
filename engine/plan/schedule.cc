#include "engine/plan/schedule.h"

#include <algorithm>
#include <limits>

namespace dongxi::plan {
namespace {

constexpr int kTableExchangesMax = 2'000;  // for one meeting, so that a full hall does not cost minutes

}  // namespace

TableBook::TableBook(const Instance& instance)
    : instance_(&instance), unlimited_(instance.event->tables.empty()) {
  if (unlimited_) return;
  for (const Candidate& candidate : instance.candidates) levels_.push_back(candidate.seats);
  levels_.push_back(0);
  std::sort(levels_.begin(), levels_.end());
  levels_.erase(std::unique(levels_.begin(), levels_.end()), levels_.end());
  // Levels between which no table differs are one.
  std::vector<int> sizes;
  for (const Table& table : instance.event->tables) sizes.push_back(table.seats);
  std::vector<int> kept;
  for (size_t i = 0; i < levels_.size(); ++i) {
    const bool last = i + 1 == levels_.size();
    const bool split = !last && std::any_of(sizes.begin(), sizes.end(), [&](int s) {
      return s > 0 && s >= levels_[i] && s < levels_[i + 1];
    });
    if (last || split) kept.push_back(levels_[i]);
  }
  levels_ = kept;
  const size_t slots = instance.event->slots.size();
  tables_.assign(slots, std::vector<Count>(levels_.size()));
  demand_ = tables_;
  home_meetings_.assign(slots, std::vector<int>(instance.event->tables.size(), 0));
  overfull_homes_.assign(slots, 0);
  load_.assign(slots, 0);
  CountTables();
  CountLocked();
}

size_t TableBook::Level(int seats) const {
  return std::min<size_t>(std::lower_bound(levels_.begin(), levels_.end(), seats) - levels_.begin(),
                          levels_.size() - 1);
}

void TableBook::CountTables() {
  const Event& event = *instance_->event;
  for (size_t t = 0; t < event.tables.size(); ++t) {
    if (instance_->is_home[t]) continue;
    for (size_t s = 0; s < tables_.size(); ++s) {
      if (!instance_->table_open[t][s]) continue;
      for (size_t level = 0; level < levels_.size(); ++level) {
        if (event.tables[t].seats > 0 && event.tables[t].seats < levels_[level]) continue;
        ++(event.tables[t].online ? tables_[s][level].online : tables_[s][level].offline);
      }
    }
  }
}

// Locked meetings without a table of their own need one like any other.
void TableBook::CountLocked() {
  const Event& event = *instance_->event;
  for (const Meeting& meeting : instance_->locked) {
    if (meeting.table >= 0) continue;
    const Party& need = event.parties[event.pairs[meeting.pair].need];
    const Party& offer = event.parties[event.pairs[meeting.pair].offer];
    const int home = offer.home_table >= 0 ? offer.home_table : need.home_table;
    if (home >= 0) {
      ++home_meetings_[meeting.slot][home];
      continue;
    }
    const bool online = need.online || offer.online;
    ++load_[meeting.slot];
    for (size_t level = 0; level <= Level(SeatsOf(need) + SeatsOf(offer)); ++level) {
      ++(online ? demand_[meeting.slot][level].online : demand_[meeting.slot][level].offline);
    }
  }
}

void TableBook::Add(int slot, int candidate, int times) {
  if (unlimited_) return;
  const Candidate& c = instance_->candidates[candidate];
  if (c.home >= 0) {
    int& meetings = home_meetings_[slot][c.home];
    overfull_homes_[slot] += std::max(0, meetings + times - 1) - std::max(0, meetings - 1);
    meetings += times;
    return;
  }
  load_[slot] += times;
  for (size_t level = 0; level <= Level(c.seats); ++level) {
    (c.online ? demand_[slot][level].online : demand_[slot][level].offline) += times;
  }
}

bool TableBook::Fits(int slot) const {
  if (unlimited_) return true;
  if (overfull_homes_[slot] > 0) return false;
  for (size_t a = 0; a < levels_.size(); ++a) {
    if (OnlineLeft(slot, a) < 0) return false;
    for (size_t b = a; b < levels_.size(); ++b) {
      if (Left(slot, a, b) < 0) return false;
    }
  }
  return true;
}

int TableBook::OnlineLeft(int slot, size_t a) const {
  return tables_[slot][a].online - demand_[slot][a].online;
}

int TableBook::Left(int slot, size_t a, size_t b) const {
  return OnlineLeft(slot, a) + tables_[slot][b].offline - demand_[slot][b].offline;
}

bool TableBook::FitsWith(int slot, int candidate) {
  if (unlimited_) return true;
  Add(slot, candidate);
  const bool fits = Fits(slot);
  Remove(slot, candidate);
  return fits;
}

int64_t TableBook::FreeTables(int slot) const {
  if (unlimited_) return -1;
  return std::max<int64_t>(0, tables_[slot][0].online + tables_[slot][0].offline - load_[slot]);
}

Schedule::Schedule(const Instance& instance)
    : instance_(&instance),
      slot_count_(static_cast<int>(instance.event->slots.size())),
      slot_(instance.candidates.size(), -1),
      at_(static_cast<size_t>(instance.bodies) * instance.event->slots.size(), -1),
      person_busy_(static_cast<size_t>(instance.shared_people) * instance.event->slots.size(), 0),
      count_(instance.done),
      groups_(instance.groups),
      tables_(instance) {}

bool Schedule::Free(int candidate, int slot) const {
  const Candidate& c = instance_->candidates[candidate];
  const int need = instance_->body[c.need], offer = instance_->body[c.offer];
  if (!c.allowed[slot] || need == offer || At(need, slot) >= 0 || At(offer, slot) >= 0) return false;
  for (const int party : {c.need, c.offer}) {
    for (const int person : instance_->shared[party]) {
      if (person_busy_[person * slot_count_ + slot] != 0) return false;
    }
  }
  return true;
}

void Schedule::SetPeople(int candidate, int slot, char busy) {
  const Candidate& c = instance_->candidates[candidate];
  for (const int party : {c.need, c.offer}) {
    for (const int person : instance_->shared[party]) person_busy_[person * slot_count_ + slot] = busy;
  }
}

void Schedule::Add(int candidate, int slot) {
  const Candidate& c = instance_->candidates[candidate];
  slot_[candidate] = slot;
  at_[instance_->body[c.need] * slot_count_ + slot] = candidate;
  at_[instance_->body[c.offer] * slot_count_ + slot] = candidate;
  SetPeople(candidate, slot, 1);
  ++count_[c.need];
  ++count_[c.offer];
  groups_.Add(c.need, c.offer);
  tables_.Add(slot, candidate);
}

void Schedule::Remove(int candidate) {
  const Candidate& c = instance_->candidates[candidate];
  const int slot = slot_[candidate];
  slot_[candidate] = -1;
  at_[instance_->body[c.need] * slot_count_ + slot] = -1;
  at_[instance_->body[c.offer] * slot_count_ + slot] = -1;
  SetPeople(candidate, slot, 0);
  --count_[c.need];
  --count_[c.offer];
  groups_.Add(c.need, c.offer, -1);
  tables_.Remove(slot, candidate);
}

bool Schedule::Place(int candidate) {
  int best = -1;
  int64_t best_free = -1;
  for (int s = 0; s < slot_count_; ++s) {
    if (!CanAdd(candidate, s)) continue;
    const int64_t free = tables_.FreeTables(s);
    if (best < 0 || free > best_free) best = s, best_free = free;
    if (free < 0) break;  // any number of tables: the first slot is as good as another
  }
  if (best < 0) return PlaceByExchange(candidate);
  Add(candidate, best);
  return true;
}

// For every slot that one side has free and the other not: frees it there by an exchange with a slot that the
// other side has free.
bool Schedule::PlaceByExchange(int candidate) {
  const Candidate& c = instance_->candidates[candidate];
  const int need = instance_->body[c.need], offer = instance_->body[c.offer];
  if (need == offer) return false;
  for (int a = 0; a < slot_count_; ++a) {
    if (!c.allowed[a]) continue;
    const bool need_free = At(need, a) < 0, offer_free = At(offer, a) < 0;
    if (need_free == offer_free) continue;
    const int busy = need_free ? offer : need;
    for (int b = 0; b < slot_count_; ++b) {
      if (b == a || At(busy, b) >= 0) continue;
      if (TryExchange(candidate, busy, a, b)) return true;
    }
  }
  // A slot where both are free but no table is: exchange it with one that has a table.
  int tries = kTableExchangesMax;
  for (int a = 0; a < slot_count_; ++a) {
    if (!Free(candidate, a)) continue;
    for (int b = 0; b < slot_count_; ++b) {
      if (b == a || tables_.FreeTables(b) == 0) continue;
      for (int body = 0; body < instance_->bodies; ++body) {
        if (body == need || body == offer || At(body, a) < 0 || At(body, b) >= 0) continue;
        if (TryExchange(candidate, body, a, b)) return true;
        if (--tries == 0) return false;
      }
    }
  }
  return false;
}

bool Schedule::TryExchange(int candidate, int busy_body, int wanted, int spare) {
  path_.clear();
  if (!Walk(busy_body, wanted, spare, &path_)) return false;
  Swap(path_, wanted, spare);
  if (Free(candidate, wanted) && tables_.Fits(spare) && tables_.FitsWith(wanted, candidate)) {
    Add(candidate, wanted);
    return true;
  }
  Swap(path_, wanted, spare);
  return false;
}

bool Schedule::Walk(int body, int a, int b, std::vector<int>* path) const {
  int slot = a;
  for (int meeting = At(body, slot); meeting >= 0; meeting = At(body, slot)) {
    if (!path->empty() && meeting == path->front()) return true;  // a circle
    const Candidate& c = instance_->candidates[meeting];
    slot = slot == a ? b : a;
    if (!c.allowed[slot] || !IsLink(meeting)) return false;
    path->push_back(meeting);
    body = instance_->body[c.need] == body ? instance_->body[c.offer] : instance_->body[c.need];
  }
  return true;
}

void Schedule::Swap(const std::vector<int>& path, int a, int b) {
  target_.clear();
  for (const int meeting : path) target_.push_back(slot_[meeting] == a ? b : a);
  for (const int meeting : path) Remove(meeting);
  for (size_t i = 0; i < path.size(); ++i) Add(path[i], target_[i]);
}

int64_t Schedule::Gain(const Objective& objective) const {
  int64_t gain = groups_.Gain(objective);
  for (size_t c = 0; c < slot_.size(); ++c) {
    if (slot_[c] >= 0) gain += instance_->candidates[c].Gain();
  }
  for (size_t p = 0; p < count_.size(); ++p) {
    for (int j = instance_->done[p]; j < count_[p]; ++j) gain += objective.UnitGain(static_cast<int>(p), j);
  }
  return gain;
}

}  // namespace dongxi::plan
