#include "engine/plan/integer_programme.h"

#include <coin/Cbc_C_Interface.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>

namespace dongxi::plan {
namespace {

constexpr int kNodesMax = 400;
constexpr double kUnit = 1.0 / static_cast<double>(kScoreUnit);

struct DeleteModel {
  void operator()(Cbc_Model* model) const { Cbc_deleteModel(model); }
};

class Programme {
 public:
  Programme(const Instance& instance, const Objective& objective)
      : instance_(instance), objective_(objective) {
    for (size_t c = 0; c < instance.candidates.size(); ++c) {
      first_.push_back(variables_.size());
      for (int s = 0; s < static_cast<int>(instance.event->slots.size()); ++s) {
        if (instance.candidates[c].allowed[s]) variables_.push_back({static_cast<int>(c), s});
      }
    }
    first_.push_back(variables_.size());
  }

  // Maximises the musts alone, or the rest with at least `musts` of them.
  void Build(bool musts_only, int musts) {
    model_.reset(Cbc_newModel());
    Cbc_setLogLevel(model_.get(), 0);
    Cbc_setObjSense(model_.get(), -1);
    for (const auto& [c, slot] : variables_) {
      const Candidate& candidate = instance_.candidates[c];
      const double gain =
          musts_only ? (candidate.must ? 1 : 0) : static_cast<double>(candidate.value) * kUnit;
      Cbc_addCol(model_.get(), "", 0, 1, gain, 1, 0, nullptr, nullptr);
    }
    columns_ = static_cast<int>(variables_.size());
    AddPairRows();
    AddPersonRows();
    AddTableRows();
    AddPartyRows(!musts_only);
    AddGroupRows(!musts_only);
    std::vector<int> must;
    for (int v = 0; v < static_cast<int>(variables_.size()); ++v) {
      if (instance_.candidates[variables_[v].first].must) must.push_back(v);
    }
    if (musts > 0) Row(must, {}, 'G', musts);
    Cbc_setParameter(model_.get(), "threads", "0");
    Cbc_setMaximumNodes(model_.get(), kNodesMax);
  }

  void StartFrom(const Schedule& schedule) {
    std::vector<int> columns;
    for (int v = 0; v < static_cast<int>(variables_.size()); ++v) {
      if (schedule.slot(variables_[v].first) == variables_[v].second) columns.push_back(v);
    }
    const std::vector<double> ones(columns.size(), 1);
    if (!columns.empty())
      Cbc_setMIPStartI(model_.get(), static_cast<int>(columns.size()), columns.data(), ones.data());
  }

  void Solve() { Cbc_solve(model_.get()); }
  bool optimal() const { return Cbc_isProvenOptimal(model_.get()) != 0; }
  double bound() const { return Cbc_getBestPossibleObjValue(model_.get()); }
  bool has_solution() const { return Cbc_bestSolution(model_.get()) != nullptr; }
  double value() const { return Cbc_getObjValue(model_.get()); }
  std::vector<int> Slots() const {
    std::vector<int> slots(instance_.candidates.size(), -1);
    const double* solution = Cbc_bestSolution(model_.get());
    for (size_t v = 0; v < variables_.size(); ++v) {
      if (solution[v] > 0.5) slots[variables_[v].first] = variables_[v].second;
    }
    return slots;
  }

 private:
  void Row(const std::vector<int>& plus, const std::vector<int>& minus, char sense, double limit) {
    if (plus.empty() && minus.empty()) return;
    std::vector<int> columns = plus;
    std::vector<double> factors(plus.size(), 1);
    columns.insert(columns.end(), minus.begin(), minus.end());
    factors.resize(columns.size(), -1);
    Cbc_addRow(model_.get(), "", static_cast<int>(columns.size()), columns.data(), factors.data(), sense,
               limit);
  }

  void AddPairRows() {
    for (size_t c = 0; c + 1 < first_.size(); ++c) {
      std::vector<int> columns;
      for (size_t v = first_[c]; v < first_[c + 1]; ++v) columns.push_back(static_cast<int>(v));
      Row(columns, {}, 'L', 1);
    }
  }

  // A person, or a party without named members, is at one place in a slot.
  void AddPersonRows() {
    std::map<std::pair<std::string, int>, std::vector<int>> rows;
    for (int v = 0; v < static_cast<int>(variables_.size()); ++v) {
      const auto& [c, slot] = variables_[v];
      for (const int p : {instance_.candidates[c].need, instance_.candidates[c].offer}) {
        const Party& party = instance_.event->parties[p];
        rows[{"#" + std::to_string(p), slot}].push_back(v);
        for (const std::string& member : party.members) {
          std::vector<int>& row = rows[{"@" + member, slot}];
          if (row.empty() || row.back() != v) row.push_back(v);
        }
      }
    }
    for (const auto& [key, row] : rows) {
      if (row.size() > 1) Row(row, {}, 'L', 1);
    }
  }

  void AddTableRows() {
    const Event& event = *instance_.event;
    if (event.tables.empty()) return;
    TableBook book(instance_);
    for (int s = 0; s < static_cast<int>(event.slots.size()); ++s) {
      std::map<int, std::vector<int>> homes;
      std::vector<int> pool;
      for (int v = 0; v < static_cast<int>(variables_.size()); ++v) {
        if (variables_[v].second != s) continue;
        const Candidate& candidate = instance_.candidates[variables_[v].first];
        candidate.home >= 0 ? homes[candidate.home].push_back(v) : pool.push_back(v);
      }
      for (const auto& [table, row] : homes) Row(row, {}, 'L', 1);
      if (!pool.empty()) AddPoolRows(book, s, pool);
    }
  }

  // Hall's conditions, as TableBook has them.
  void AddPoolRows(const TableBook& book, int slot, const std::vector<int>& pool) {
    for (size_t a = 0; a < book.levels(); ++a) {
      std::vector<int> online;
      for (const int v : pool) {
        const Candidate& candidate = instance_.candidates[variables_[v].first];
        if (candidate.online && book.Level(candidate.seats) >= a) online.push_back(v);
      }
      Row(online, {}, 'L', book.OnlineLeft(slot, a));
      for (size_t b = a; b < book.levels(); ++b) {
        std::vector<int> row = online;
        for (const int v : pool) {
          const Candidate& candidate = instance_.candidates[variables_[v].first];
          if (!candidate.online && book.Level(candidate.seats) >= b) row.push_back(v);
        }
        Row(row, {}, 'L', book.Left(slot, a, b));
      }
    }
  }

  // At most cap meetings; bonuses by columns of their own: a bonus needs a meeting.
  void AddPartyRows(bool with_bonus) {
    const size_t parties = instance_.event->parties.size();
    std::vector<std::vector<int>> meetings(parties);
    for (int v = 0; v < static_cast<int>(variables_.size()); ++v) {
      meetings[instance_.candidates[variables_[v].first].need].push_back(v);
      meetings[instance_.candidates[variables_[v].first].offer].push_back(v);
    }
    for (size_t p = 0; p < parties; ++p) {
      if (meetings[p].empty()) continue;
      Row(meetings[p], {}, 'L', objective_.cap[p]);
      if (!with_bonus) continue;
      std::vector<int> bonus;
      for (int j = instance_.done[p]; j < static_cast<int>(objective_.unit_gains[p].size()); ++j) {
        const double gain = static_cast<double>(objective_.unit_gains[p][j]) * kUnit;
        Cbc_addCol(model_.get(), "", 0, 1, gain, 0, 0, nullptr, nullptr);
        bonus.push_back(columns_++);
      }
      if (!bonus.empty()) Row(bonus, meetings[p], 'L', 0);
    }
  }

  // At most cap meetings of a group; its minimum by a column that counts towards it.
  void AddGroupRows(bool with_bonus) {
    const Groups& groups = instance_.groups;
    std::vector<std::vector<int>> meetings(groups.all.size());
    for (int v = 0; v < static_cast<int>(variables_.size()); ++v) {
      const Candidate& c = instance_.candidates[variables_[v].first];
      ForEachGroup(groups, c.need, c.offer, [&](int group) { meetings[group].push_back(v); });
    }
    for (size_t g = 0; g < meetings.size(); ++g) {
      if (meetings[g].empty()) continue;
      if (groups.all[g].cap >= 0) Row(meetings[g], {}, 'L', groups.all[g].cap);
      const int missing = (with_bonus && !objective_.group_minima.empty() ? objective_.group_minima[g] : 0) -
                          groups.all[g].done;
      if (missing <= 0) continue;
      constexpr double kGain = static_cast<double>(kMinimumGain) * kUnit;
      Cbc_addCol(model_.get(), "", 0, missing, kGain, 0, 0, nullptr, nullptr);
      Row({columns_++}, meetings[g], 'L', 0);
    }
  }

  const Instance& instance_;
  const Objective& objective_;
  std::vector<std::pair<int, int>> variables_;
  std::vector<size_t> first_;
  std::unique_ptr<Cbc_Model, DeleteModel> model_;
  int columns_ = 0;
};

}  // namespace

int64_t ProgrammeVariables(const Instance& instance) {
  int64_t count = 0;
  for (const Candidate& candidate : instance.candidates)
    count += static_cast<int64_t>(candidate.allowed.count());
  return count;
}

std::optional<ProgrammeResult> SolveProgramme(const Objective& objective, const Schedule& schedule,
                                              int musts_bound) {
  const Instance& instance = schedule.instance();
  int musts = 0;
  for (int c = 0; c < static_cast<int>(instance.candidates.size()); ++c)
    musts += instance.candidates[c].must && schedule.slot(c) >= 0;
  Programme programme(instance, objective);
  bool musts_proven = musts == musts_bound;
  if (!musts_proven) {
    programme.Build(/*musts_only=*/true, 0);
    programme.StartFrom(schedule);
    programme.Solve();
    musts_proven = programme.optimal();
    if (!musts_proven) return std::nullopt;
    musts_bound = static_cast<int>(std::llround(programme.value()));
  }
  programme.Build(/*musts_only=*/false, musts_bound);
  if (musts == musts_bound) programme.StartFrom(schedule);
  programme.Solve();
  if (!programme.has_solution()) return std::nullopt;
  ProgrammeResult result{.slots = programme.Slots(), .optimal = programme.optimal()};
  // Values are whole units; what a solver's tolerance adds is less than half of one.
  const double bound = (result.optimal ? programme.value() : programme.bound()) / kUnit;
  result.bound = static_cast<int64_t>(std::floor(bound + 0.5)) + musts_bound * kMustGain;
  return result;
}

}  // namespace dongxi::plan
