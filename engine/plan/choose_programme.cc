#include "engine/plan/choose_programme.h"

#include <coin/Cbc_C_Interface.h>

#include <cmath>
#include <memory>

namespace dongxi::plan {
namespace {

constexpr int kNodesMax = 100;
constexpr double kUnit = 1.0 / static_cast<double>(kScoreUnit);

struct DeleteModel {
  void operator()(Cbc_Model* model) const { Cbc_deleteModel(model); }
};

class Programme {
 public:
  Programme(const Instance& instance, const Objective& objective, const std::vector<int64_t>& body_limits,
            int64_t table_slots)
      : instance_(instance),
        objective_(objective),
        body_limits_(body_limits),
        table_slots_(table_slots),
        of_party_(instance.body.size()),
        of_body_(instance.bodies),
        of_group_(instance.groups.all.size()) {
    for (int c = 0; c < static_cast<int>(instance.candidates.size()); ++c) {
      const Candidate& candidate = instance.candidates[c];
      all_.push_back(c);
      if (candidate.must) musts_.push_back(c);
      for (const int p : {candidate.need, candidate.offer}) {
        of_party_[p].push_back(c);
        of_body_[instance.body[p]].push_back(c);
      }
      ForEachGroup(instance.groups, candidate.need, candidate.offer,
                   [&](int group) { of_group_[group].push_back(c); });
    }
  }

  bool has_musts() const { return !musts_.empty(); }

  // Maximises the musts alone, or the rest with at least `musts` of them.
  void Solve(bool musts_only, int musts) {
    model_.reset(Cbc_newModel());
    Cbc_setLogLevel(model_.get(), 0);
    Cbc_setObjSense(model_.get(), -1);
    for (const Candidate& candidate : instance_.candidates) {
      const double gain =
          musts_only ? (candidate.must ? 1 : 0) : static_cast<double>(candidate.value) * kUnit;
      Cbc_addCol(model_.get(), "", 0, 1, gain, 1, 0, nullptr, nullptr);
    }
    columns_ = static_cast<int>(all_.size());
    AddLimits();
    if (!musts_only) AddBonuses();
    if (musts > 0) Row(musts_, 'G', musts);
    Cbc_setParameter(model_.get(), "threads", "0");
    Cbc_setMaximumNodes(model_.get(), kNodesMax);
    Cbc_solve(model_.get());
  }

  bool optimal() const { return Cbc_isProvenOptimal(model_.get()) != 0; }
  bool has_solution() const { return Cbc_bestSolution(model_.get()) != nullptr; }
  double value() const { return Cbc_getObjValue(model_.get()); }
  double bound() const { return optimal() ? value() : Cbc_getBestPossibleObjValue(model_.get()); }
  std::vector<int> Chosen() const {
    std::vector<int> chosen;
    const double* solution = Cbc_bestSolution(model_.get());
    for (const int c : all_) {
      if (solution[c] > 0.5) chosen.push_back(c);
    }
    return chosen;
  }

 private:
  void Row(const std::vector<int>& columns, char sense, double limit) {
    const std::vector<double> ones(columns.size(), 1);
    if (!columns.empty())
      Cbc_addRow(model_.get(), "", static_cast<int>(columns.size()), columns.data(), ones.data(), sense,
                 limit);
  }

  void AddLimits() {
    for (size_t p = 0; p < of_party_.size(); ++p) Row(of_party_[p], 'L', objective_.cap[p]);
    for (size_t b = 0; b < of_body_.size(); ++b) {
      if (body_limits_[b] >= 0) Row(of_body_[b], 'L', static_cast<double>(body_limits_[b]));
    }
    for (size_t g = 0; g < of_group_.size(); ++g) {
      if (instance_.groups.all[g].cap >= 0) Row(of_group_[g], 'L', instance_.groups.all[g].cap);
    }
    if (table_slots_ >= 0) Row(all_, 'L', static_cast<double>(table_slots_));
  }

  // A column for each step of a bonus: the sum of those of one party or group is no more than its meetings.
  void AddBonuses() {
    for (size_t p = 0; p < of_party_.size(); ++p) {
      std::vector<double> steps;
      const std::vector<int64_t>& gains = objective_.unit_gains[p];
      for (size_t j = static_cast<size_t>(instance_.done[p]); j < gains.size(); ++j)
        steps.push_back(static_cast<double>(gains[j]) * kUnit);
      AddBonus(of_party_[p], steps, 1);
    }
    for (size_t g = 0; g < objective_.group_minima.size(); ++g) {
      const int missing = objective_.group_minima[g] - instance_.groups.all[g].done;
      if (missing > 0) AddBonus(of_group_[g], {static_cast<double>(kMinimumGain) * kUnit}, missing);
    }
  }
  void AddBonus(const std::vector<int>& meetings, const std::vector<double>& steps, double width) {
    if (meetings.empty() || steps.empty()) return;
    std::vector<int> columns = meetings;
    std::vector<double> factors(meetings.size(), 1);
    for (const double gain : steps) {
      Cbc_addCol(model_.get(), "", 0, width, gain, 0, 0, nullptr, nullptr);
      columns.push_back(columns_++);
      factors.push_back(-1);
    }
    Cbc_addRow(model_.get(), "", static_cast<int>(columns.size()), columns.data(), factors.data(), 'G', 0);
  }

  const Instance& instance_;
  const Objective& objective_;
  const std::vector<int64_t>& body_limits_;
  const int64_t table_slots_;
  std::vector<int> all_, musts_;
  std::vector<std::vector<int>> of_party_, of_body_, of_group_;
  std::unique_ptr<Cbc_Model, DeleteModel> model_;
  int columns_ = 0;
};

}  // namespace

std::optional<ProgrammeChoice> ChooseByProgramme(const Instance& instance, const Objective& objective,
                                                 const std::vector<int64_t>& body_limits,
                                                 int64_t table_slots) {
  Programme programme(instance, objective, body_limits, table_slots);
  ProgrammeChoice choice;
  if (programme.has_musts()) {
    programme.Solve(/*musts_only=*/true, 0);
    if (!programme.optimal()) return std::nullopt;
    choice.musts = static_cast<int>(std::llround(programme.value()));
  }
  programme.Solve(/*musts_only=*/false, choice.musts);
  if (!programme.has_solution()) return std::nullopt;
  choice.candidates = programme.Chosen();
  // Values are whole units; what a solver's tolerance adds is less than half of one.
  choice.gain_bound = static_cast<int64_t>(std::floor(programme.bound() / kUnit + 0.5)) +
                      static_cast<int64_t>(choice.musts) * kMustGain;
  return choice;
}

}  // namespace dongxi::plan
