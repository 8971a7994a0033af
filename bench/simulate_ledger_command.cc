// dongxi-bench simulate-ledger: years of a ledger that never happened, over the sample catalogue, as a file
// for `dongxi engage import`. Every row says 模拟数据.
#include <fstream>
#include <iostream>
#include <map>
#include <memory>

#include "absl/strings/str_format.h"
#include "bench/command.h"
#include "bench/sample.h"
#include "engine/base/files.h"
#include "engine/base/status_macros.h"
#include "engine/index/record_text.h"
#include "engine/policy/policy.h"
#include "engine/statistics/ledger_simulator.h"

namespace dongxi::bench {
namespace {

constexpr int kYearsMax = 50;
constexpr int kPairsMax = 100'000;

struct SimulateOptions {
  std::string sample = "data/sample", policy = "data/policy", out;
  SimulationOptions simulation;
};

std::vector<SimulatedNeed> NeedsOf(const Sample& sample, const Policy& policy, absl::CivilDay day) {
  std::vector<SimulatedNeed> needs;
  for (const Record& need : sample.records.at(RecordKind::kNeed)) {
    const EmbedInput text = TextOf(need);
    const PolicyReading reading = policy.Read(need.region, need.task, text.title, text.text, day);
    needs.push_back({ResourceName(RecordKind::kNeed, need.id), need.region, reading.channel,
                     reading.tasks.empty() ? "" : reading.tasks.front().task,
                     need.fields.empty() ? "" : need.fields.front()});
  }
  return needs;
}

// Results with the institution that owns them.
std::vector<SimulatedOffer> OffersOf(const Sample& sample) {
  std::map<std::string, const Record*> institutions;
  for (const Record& institution : sample.records.at(RecordKind::kInstitution))
    institutions[institution.id] = &institution;
  std::vector<SimulatedOffer> offers;
  for (const Record& result : sample.records.at(RecordKind::kResult)) {
    SimulatedOffer offer{ResourceName(RecordKind::kResult, result.id), result.region, "", ""};
    for (const RecordName& owner : result.owners) {
      const auto found = institutions.find(owner.id);
      if (owner.kind != RecordKind::kInstitution || found == institutions.end()) continue;
      offer.institution = ResourceName(RecordKind::kInstitution, owner.id);
      offer.institution_name = found->second->title;
      if (offer.region.empty()) offer.region = found->second->region;
      break;
    }
    offers.push_back(std::move(offer));
  }
  return offers;
}

std::string LineOf(const LedgerRow& row, size_t number, const Policy& policy) {
  const absl::CivilDay day = ChinaDay(row.event_time_us);
  std::string line = row.need + "," + row.offer + "," + std::string(ChineseNameOf(row.step)) + "," +
                     absl::FormatCivilTime(day) + ",";
  const bool has_amount =
      row.step == Step::kSigned || row.step == Step::kRegistered || row.step == Step::kPaid;
  if (has_amount && row.amount_wan) line += absl::StrFormat("%.10g", *row.amount_wan);
  line += "," + (row.step == Step::kRegistered ? absl::StrFormat("MN-%06d", number) : std::string()) + ",";
  line += std::string(ChineseNameOf(row.reason)) + ",";
  line += (row.has_evidence ? absl::StrFormat("模拟凭据%06d", number) : std::string()) + ",";
  return line + (row.mode.empty() ? "" : policy.ModeName(row.mode)) + ",模拟,是\r\n";
}

absl::Status Run(const SimulateOptions& options) {
  const SimulationOptions& simulation = options.simulation;
  if (simulation.years < 1 || simulation.years > kYearsMax || simulation.pairs < 1 ||
      simulation.pairs > kPairsMax)
    return absl::InvalidArgumentError("--years: expected 1 to 50; --pairs: expected 1 to 100000");
  DX_ASSIGN_OR_RETURN(const std::shared_ptr<const Policy> policy, LoadPolicy(options.policy));
  DX_ASSIGN_OR_RETURN(const Sample sample, ReadSample(options.sample, *policy));
  const absl::CivilDay last(simulation.first_year + simulation.years - 1, 12, 31);
  const SimulatedLedger ledger =
      SimulateLedger(NeedsOf(sample, *policy, last), OffersOf(sample), *policy, simulation);
  std::string text =
      "\xEF\xBB\xBF需求编号,供给方编号,步骤,日期,金额（万元）,登记编号,拒绝原因,凭据,方式,登记单位,"
      "模拟数据\r\n";
  for (size_t i = 0; i < ledger.rows.size(); ++i) text += LineOf(ledger.rows[i], i + 1, *policy);
  DX_RETURN_IF_ERROR(WriteFileAtomically(options.out, text));
  std::cout << ledger.pairs.size() << " pairs, " << ledger.rows.size()
            << " entries, all simulated: " << options.out << "\n";
  return absl::OkStatus();
}

}  // namespace

void AddSimulateLedgerCommand(CLI::App& app, Outcome& outcome) {
  const auto options = std::make_shared<SimulateOptions>();
  CLI::App* command =
      app.add_subcommand("simulate-ledger", "Write years of a ledger that never happened, marked 模拟数据");
  command->add_option("--out", options->out, "CSV file for dongxi engage import")->required();
  command->add_option("--sample", options->sample, "Folder of the sample catalogue")->capture_default_str();
  AddPolicyOption(*command, options->policy);
  command->add_option("--first-year", options->simulation.first_year)->capture_default_str();
  command->add_option("--years", options->simulation.years)->capture_default_str();
  command->add_option("--pairs", options->simulation.pairs, "Pairs that enter the ledger")
      ->capture_default_str();
  command->add_option("--seed", options->simulation.seed)->capture_default_str();
  command->footer(
      "Example: dongxi-bench simulate-ledger --out 模拟台账.csv && dongxi engage import 模拟台账.csv");
  command->callback([options, &outcome] { outcome.status = Run(*options); });
}

}  // namespace dongxi::bench
