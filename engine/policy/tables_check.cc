// What lies between the rows and files of the policy tables.
#include <functional>
#include <map>
#include <set>
#include <utility>

#include "engine/base/status_macros.h"
#include "engine/policy/table_text.h"
#include "engine/policy/tables.h"
#include "engine/text/normalize.h"

namespace dongxi {
namespace {

// The same key may come again after its row has ended: that is how a successor is added.
template <typename Row>
absl::Status CheckUnique(std::string_view file, const std::vector<Lined<Row>>& rows, std::string_view what,
                         const std::function<std::string(const Row&)>& key_of) {
  std::map<std::string, std::vector<const Lined<Row>*>> seen;
  for (const Lined<Row>& lined : rows) {
    std::string key = key_of(lined.row);
    std::vector<const Lined<Row>*>& earlier = seen[key];
    for (const Lined<Row>* other : earlier) {
      if (!other->row.valid.Overlaps(lined.row.valid)) continue;
      return TableError({file, lined.line}, "repeated " + std::string(what), key,
                        "one row at a time; line " + std::to_string(other->line) +
                            " has it: end that row with valid_to, or delete one");
    }
    earlier.push_back(&lined);
  }
  return absl::OkStatus();
}

// Words lead to codes on any day (old records keep old names), so they may not repeat at all.
class WordSet {
 public:
  explicit WordSet(std::string_view file) : file_(file) {}

  absl::Status Add(std::string_view word, int line) {
    const auto [at, fresh] = lines_.emplace(Normalize(word), line);
    if (fresh) return absl::OkStatus();
    return TableError({file_, line}, "repeated word", word,
                      "each word in one row; line " + std::to_string(at->second) + " has it");
  }

 private:
  std::string_view file_;
  std::map<std::string, int> lines_;
};

absl::Status CheckRegions(const PolicyTables& tables) {
  WordSet words("regions.tsv");
  WordSet codes("regions.tsv");
  for (const auto& [row, line] : tables.regions) {
    DX_RETURN_IF_ERROR(codes.Add(row.code, line));
    DX_RETURN_IF_ERROR(words.Add(row.name, line));
    for (const std::string& word : row.words) DX_RETURN_IF_ERROR(words.Add(word, line));
  }
  return absl::OkStatus();
}

absl::Status CheckModes(const PolicyTables& tables) {
  WordSet words("modes.tsv");
  for (const auto& [row, line] : tables.modes) {
    DX_RETURN_IF_ERROR(words.Add(row.mode.code, line));
    for (const std::string& word : row.mode.words) DX_RETURN_IF_ERROR(words.Add(word, line));
  }
  return absl::OkStatus();
}

// Ids that the tables refer to.
struct KnownIds {
  explicit KnownIds(const PolicyTables& tables) {
    for (const auto& lined : tables.regions) regions.insert(lined.row.code);
    for (const auto& lined : tables.groups) groups.insert(lined.row.group);
    for (const auto& lined : tables.channels) channel_regions[lined.row.id].insert(lined.row.region);
    for (const auto& lined : tables.tasks) task_channels[lined.row.id].insert(lined.row.channel);
  }
  // True if a channel of the task serves the province of `code`.
  bool TaskServes(const std::string& task, std::string_view code) const {
    const std::string province(code.substr(0, 2));
    for (const std::string& channel : task_channels.at(task)) {
      if (channel_regions.at(channel).contains(province)) return true;
    }
    return false;
  }
  std::set<std::string> regions;
  std::set<std::string> groups;
  std::map<std::string, std::set<std::string>> channel_regions;
  std::map<std::string, std::set<std::string>> task_channels;
};

constexpr std::string_view kExpectedRegion = "a code of regions.tsv; add the region or correct the row";
constexpr std::string_view kExpectedTask = "an id of tasks.tsv; add the task or correct the row";

absl::Status CheckPairing(const KnownIds& known, const Pairing& row, TablePlace place) {
  if (!known.task_channels.contains(row.task)) return TableError(place, "task", row.task, kExpectedTask);
  if (!known.regions.contains(row.west)) return TableError(place, "west", row.west, kExpectedRegion);
  if (!known.TaskServes(row.task, row.west)) {
    return TableError(place, "west", row.west,
                      "a place of the province that the channel of task " + row.task + " serves");
  }
  if (!row.east.empty() && !known.regions.contains(row.east)) {
    return TableError(place, "east", row.east, kExpectedRegion);
  }
  if (!row.group.empty() && !known.groups.contains(row.group)) {
    return TableError(place, "east", row.group, "a group of groups.tsv; add the group or correct the row");
  }
  return absl::OkStatus();
}

absl::Status CheckReferences(const PolicyTables& tables) {
  const KnownIds known(tables);
  for (const auto& [row, line] : tables.groups) {
    if (!known.regions.contains(row.region)) {
      return TableError({"groups.tsv", line}, "region", row.region, kExpectedRegion);
    }
  }
  for (const auto& [row, line] : tables.channels) {
    if (!known.regions.contains(row.region)) {
      return TableError({"channels.tsv", line}, "region", row.region, kExpectedRegion);
    }
  }
  for (const auto& [row, line] : tables.tasks) {
    if (!known.channel_regions.contains(row.channel)) {
      return TableError({"tasks.tsv", line}, "channel", row.channel, "an id of channels.tsv");
    }
  }
  for (const auto& [row, line] : tables.topics) {
    if (row.task != kNoTask && !known.task_channels.contains(row.task)) {
      return TableError({"topics.tsv", line}, "task", row.task, kExpectedTask);
    }
  }
  for (const auto& [row, line] : tables.pairings) {
    DX_RETURN_IF_ERROR(CheckPairing(known, row, {"pairings.tsv", line}));
  }
  return absl::OkStatus();
}

std::string PairingKey(const Pairing& row) {
  return row.task + " " + row.west + " " + (row.group.empty() ? row.east : row.group) + " " +
         row.east_institution;
}

absl::Status CheckKeys(const PolicyTables& tables) {
  DX_RETURN_IF_ERROR(CheckUnique<GroupRow>("groups.tsv", tables.groups, "member",
                                           [](const GroupRow& row) { return row.group + " " + row.region; }));
  DX_RETURN_IF_ERROR(
      CheckUnique<Channel>("channels.tsv", tables.channels, "id", [](const Channel& row) { return row.id; }));
  // A need has one channel: the one of its province.
  DX_RETURN_IF_ERROR(CheckUnique<Channel>("channels.tsv", tables.channels, "region",
                                          [](const Channel& row) { return row.region; }));
  DX_RETURN_IF_ERROR(
      CheckUnique<Task>("tasks.tsv", tables.tasks, "id", [](const Task& row) { return row.id; }));
  DX_RETURN_IF_ERROR(CheckUnique<TopicRow>("topics.tsv", tables.topics, "term",
                                           [](const TopicRow& row) { return row.task + " " + row.term; }));
  return CheckUnique<Pairing>("pairings.tsv", tables.pairings, "pairing", PairingKey);
}

Validity Intersection(const Validity& a, const Validity& b) {
  return {.from = std::max(a.from, b.from), .to = std::min(a.to, b.to)};
}

}  // namespace

absl::Status CheckPolicyTables(const PolicyTables& tables) {
  DX_RETURN_IF_ERROR(CheckRegions(tables));
  DX_RETURN_IF_ERROR(CheckModes(tables));
  DX_RETURN_IF_ERROR(CheckKeys(tables));
  return CheckReferences(tables);
}

std::vector<Pairing> ExpandPairings(const PolicyTables& tables) {
  std::map<std::string, std::string> names;
  for (const auto& lined : tables.regions) names[lined.row.code] = lined.row.name;
  std::vector<Pairing> expanded;
  for (const auto& lined : tables.pairings) {
    const Pairing& row = lined.row;
    if (row.group.empty()) {
      expanded.push_back(row);
      continue;
    }
    for (const auto& member : tables.groups) {
      if (member.row.group != row.group || !member.row.valid.Overlaps(row.valid)) continue;
      if (row.west.substr(0, 2) == member.row.region) continue;
      Pairing one = row;
      one.east = member.row.region;
      one.east_name = names[member.row.region] + "（" + row.east_name + "）";
      one.valid = Intersection(row.valid, member.row.valid);
      expanded.push_back(std::move(one));
    }
  }
  return expanded;
}

}  // namespace dongxi
