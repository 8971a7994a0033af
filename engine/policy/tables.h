// The rows of data/policy/ as they stand in the files, with their line numbers. Format:
// docs/format/policy.md. Pure functions; any thread.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engine/policy/policy.h"

namespace dongxi {

inline constexpr int kPolicyFormatVersion = 1;
inline constexpr size_t kPolicyFileBytesMax = 8u << 20;
inline constexpr double kTopicWeightMax = 5.0;
inline constexpr std::string_view kNoTask = "none";  // task of topics that speak against every task

// The files of a policy directory, in the order of the version's checksum.
std::span<const std::string_view> PolicyFileNames();

struct RegionRow {
  std::string code;                // 2, 4 or 6 digits
  std::string name;                // the one we print
  std::vector<std::string> words;  // other writings
  Validity valid;
};
struct GroupRow {
  std::string group;
  std::string region;  // province code
  Validity valid;
};
struct TopicRow {
  std::string task;  // Task::id or kNoTask
  std::string term;  // normalised
  double weight = 0;
  Validity valid;
};
struct ModeRow {
  CooperationMode mode;
  Validity valid;
};

template <typename Row>
struct Lined {
  Row row;
  int line = 0;
};

struct PolicyTables {
  std::string name;   // "14-5-2022"
  std::string title;  // 《“十四五”东西部科技合作实施方案》
  std::vector<Lined<RegionRow>> regions;
  std::vector<Lined<GroupRow>> groups;
  std::vector<Lined<Channel>> channels;
  std::vector<Lined<Task>> tasks;
  std::vector<Lined<TopicRow>> topics;
  std::vector<Lined<Pairing>> pairings;  // `group` set and `east` empty where a group is the other end
  std::vector<Lined<ModeRow>> modes;
};

// Adds the rows of one file to `tables`. `file` is the name without directory. Checks what one file can show:
// UTF-8, header, columns, values. Errors: InvalidArgument with file and line; FailedPrecondition for another
// format version.
absl::Status ParsePolicyFile(std::string_view file, std::string_view content, PolicyTables& tables);

// Checks what lies between rows and files: repeated keys, unknown references, pairings outside their channel.
absl::Status CheckPolicyTables(const PolicyTables& tables);

// Pairings with every group replaced by its regions; a region is not paired with itself.
// REQUIRES: CheckPolicyTables(tables).ok().
std::vector<Pairing> ExpandPairings(const PolicyTables& tables);

// A policy from checked files in memory; what LoadPolicy does after reading.
struct PolicyFile {
  std::string name;
  std::string content;
};
absl::StatusOr<std::shared_ptr<const Policy>> PolicyFromFiles(std::span<const PolicyFile> files);

}  // namespace dongxi
