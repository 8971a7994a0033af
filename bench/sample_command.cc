// dongxi-bench sample: is the sample catalogue as large, as western and as free of copies as it must be?
#include <iostream>
#include <memory>
#include <set>

#include "absl/strings/str_format.h"
#include "bench/bigrams.h"
#include "bench/command.h"
#include "bench/report.h"
#include "bench/sample.h"
#include "engine/base/status_macros.h"
#include "engine/policy/policy.h"

namespace dongxi::bench {
namespace {

constexpr double kJaccardMax = 0.35;
constexpr size_t kPairsShown = 5;
constexpr double kNeedsPerTaskMin = 4;

struct SampleOptions {
  std::string sample = "data/sample";
  std::string policy = "data/policy";
  std::string json;
};

struct Description {
  std::string name;  // "needs/n-1"
  std::string text;
};

std::vector<Description> DescriptionsOf(const Sample& sample) {
  std::vector<Description> descriptions;
  for (const auto& [kind, records] : sample.records) {
    for (const Record& record : records) {
      descriptions.push_back({ResourceName(kind, record.id), record.text + record.wanted});
    }
  }
  return descriptions;
}

double CountOf(const Sample& sample, RecordKind kind) {
  return static_cast<double>(sample.records.at(kind).size());
}

void AddCounts(const Sample& sample, const Policy& policy, Report& report) {
  double real = 0, western = 0;
  for (const Record& record : sample.records.at(RecordKind::kInstitution)) {
    if (record.illustrative) continue;
    ++real;
    if (!record.region.empty() && policy.InGroup("西部", record.region)) ++western;
  }
  double unmatched = 0;
  for (const NeedLabel& label : sample.labels) unmatched += label.adequate ? 0 : 1;
  report.Section("Records");
  report.Add({"institutions, real", real, "records", AtLeast(100), ""});
  report.Add({"institutions, real and western", western, "records", AtLeast(20), ""});
  report.Add({"institutions, all", CountOf(sample, RecordKind::kInstitution), "records", {}, ""});
  report.Add({"experts", CountOf(sample, RecordKind::kExpert), "records", AtLeast(60), ""});
  report.Add({"results", CountOf(sample, RecordKind::kResult), "records", AtLeast(200), ""});
  report.Add({"needs", CountOf(sample, RecordKind::kNeed), "records", AtLeast(90), ""});
  report.Add({"evidence", CountOf(sample, RecordKind::kEvidence), "records", {}, ""});
  report.Add({"needs without an adequate offer", unmatched, "needs", AtLeast(10), ""});
}

// Needs by task and by the provinces that must occur; a need whose label is missing is counted apart.
void AddNeedCounts(const Sample& sample, const Policy& policy, Report& report) {
  std::map<std::string, double> by_task, by_province;
  std::set<std::string> labelled;
  for (const NeedLabel& label : sample.labels) {
    labelled.insert(label.need);
    ++by_task[label.task];
  }
  double unlabelled = 0;
  for (const Record& need : sample.records.at(RecordKind::kNeed)) {
    ++by_province[need.region.substr(0, 2)];
    unlabelled += labelled.erase(need.id) == 0 ? 1 : 0;
  }
  report.Section("Needs by task");
  for (const Task& task : policy.tasks()) {
    report.Add({task.id + " " + task.title, by_task[task.id], "needs", AtLeast(kNeedsPerTaskMin), ""});
  }
  report.Add({"none of the tasks", by_task[""], "needs", {}, ""});
  report.Add({"needs without a label", unlabelled, "needs", AtMost(0), ""});
  report.Add({"labels without a need", static_cast<double>(labelled.size()), "labels", AtMost(0), ""});
  report.Section("Needs by province");
  for (const Channel& channel : policy.channels()) {
    report.Add(
        {policy.RegionName(channel.region), by_province[channel.region], "needs", AtLeast(1), channel.name});
  }
  for (const std::string province : {"45", "50", "51", "61"}) {
    report.Add({policy.RegionName(province), by_province[province], "needs", AtLeast(1), ""});
  }
}

// Returns the highest share of any pair.
double AddAlike(const Sample& sample, Report& report) {
  const std::vector<Description> descriptions = DescriptionsOf(sample);
  std::vector<std::vector<uint64_t>> bigrams;
  for (const Description& description : descriptions) bigrams.push_back(BigramsOf(description.text));
  const std::vector<AlikePair> pairs = MostAlikePairs(bigrams, kPairsShown);
  report.Section("Most alike descriptions (shared character bigrams, Jaccard)");
  for (const AlikePair& pair : pairs) {
    report.Add({descriptions[pair.first].name + "  " + descriptions[pair.second].name, pair.jaccard, "",
                AtMost(kJaccardMax), ""});
  }
  return pairs.empty() ? 0 : pairs.front().jaccard;
}

absl::Status RunSample(const SampleOptions& options, Outcome& outcome) {
  Report report(
      "Is the sample catalogue as large and as varied as it must be, and is no text a copy of another?",
      {{"sample", options.sample}, {"policy", options.policy}});
  DX_ASSIGN_OR_RETURN(const std::shared_ptr<const Policy> policy, LoadPolicy(options.policy));
  DX_ASSIGN_OR_RETURN(const Sample sample, ReadSample(options.sample, *policy));
  AddCounts(sample, *policy, report);
  AddNeedCounts(sample, *policy, report);
  const double highest = AddAlike(sample, report);
  report.Print();
  std::cout << absl::StrFormat("\nHighest bigram Jaccard %.4f (at most %.2f); bars not met: %d\n", highest,
                               kJaccardMax, report.missed());
  if (highest > kJaccardMax) outcome.exit_code = kExitFailed;
  return report.Write(options.json);
}

}  // namespace

void AddSampleCommand(CLI::App& app, Outcome& outcome) {
  const auto options = std::make_shared<SampleOptions>();
  CLI::App* command = app.add_subcommand("sample", "Counts and copies in the sample catalogue");
  command->add_option("--sample", options->sample, "Folder of the sample")->capture_default_str();
  AddPolicyOption(*command, options->policy);
  AddJsonOption(*command, options->json);
  command->footer(
      "Fails (exit 1) if two descriptions share more than 0.35 of their character bigrams.\n"
      "Example: dongxi-bench sample --sample data/sample");
  command->callback([options, &outcome] { outcome.status = RunSample(*options, outcome); });
}

}  // namespace dongxi::bench
