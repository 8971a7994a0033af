#include "engine/policy/policy.h"

#include <filesystem>
#include <unordered_map>
#include <utility>

#include "absl/strings/str_format.h"
#include "engine/base/crc32c.h"
#include "engine/base/files.h"
#include "engine/base/status_macros.h"
#include "engine/policy/booster.h"
#include "engine/policy/region_names.h"
#include "engine/policy/tables.h"
#include "engine/policy/task_reader.h"
#include "engine/text/normalize.h"

namespace dongxi {
namespace {

template <typename Row>
std::vector<Row> WithoutLines(const std::vector<Lined<Row>>& lined) {
  std::vector<Row> rows;
  rows.reserve(lined.size());
  for (const Lined<Row>& one : lined) rows.push_back(one.row);
  return rows;
}

class TablePolicy final : public Policy {
 public:
  TablePolicy(const PolicyTables& tables, std::string version)
      : version_(std::move(version)),
        channels_(WithoutLines(tables.channels)),
        tasks_(WithoutLines(tables.tasks)),
        regions_(tables),
        reader_(tables),
        booster_(tables, ExpandPairings(tables), regions_) {
    for (const auto& lined : tables.modes) {
      const CooperationMode& mode = lined.row.mode;
      modes_.push_back(mode);
      mode_of_word_[Normalize(mode.code)] = mode.code;
      for (const std::string& word : mode.words) mode_of_word_[Normalize(word)] = mode.code;
      mode_names_[mode.code] = mode.words.front();
    }
  }

  const std::string& version() const override { return version_; }
  const std::vector<Channel>& channels() const override { return channels_; }
  const std::vector<Task>& tasks() const override { return tasks_; }
  const std::vector<Pairing>& pairings() const override { return booster_.pairings(); }
  const std::vector<CooperationMode>& modes() const override { return modes_; }

  std::string RegionName(std::string_view code) const override { return regions_.Name(code); }
  std::string RegionCode(std::string_view name) const override { return regions_.Code(name); }
  bool InGroup(std::string_view group, std::string_view code) const override {
    return regions_.InGroup(group, code);
  }

  std::string ModeCode(std::string_view word) const override {
    const auto at = mode_of_word_.find(Normalize(word));
    return at == mode_of_word_.end() ? "" : at->second;
  }
  std::string ModeName(std::string_view code) const override {
    const auto at = mode_names_.find(std::string(code));
    return at == mode_names_.end() ? std::string(code) : at->second;
  }

  PolicyReading Read(std::string_view region, std::string_view declared_task, std::string_view title,
                     std::string_view text, absl::CivilDay today) const override {
    return reader_.Read(region, declared_task, title, text, today);
  }
  PolicyBoost Boost(const PolicyReading& reading, std::string_view need_region, const CandidateEnd& candidate,
                    absl::CivilDay today) const override {
    return booster_.Boost(reading, need_region, candidate, today);
  }

 private:
  const std::string version_;
  const std::vector<Channel> channels_;
  const std::vector<Task> tasks_;
  const RegionNames regions_;
  const TaskReader reader_;
  const Booster booster_;
  std::vector<CooperationMode> modes_;
  std::unordered_map<std::string, std::string> mode_of_word_;
  std::unordered_map<std::string, std::string> mode_names_;
};

// The name of a file counts too, so that rows moved from one file to another change the version.
uint32_t ChecksumOf(std::span<const PolicyFile> files) {
  uint32_t crc = 0;
  for (const PolicyFile& file : files) crc = Crc32c(file.content, Crc32c(file.name, crc));
  return crc;
}

}  // namespace

absl::StatusOr<std::shared_ptr<const Policy>> PolicyFromFiles(std::span<const PolicyFile> files) {
  PolicyTables tables;
  for (const PolicyFile& file : files) DX_RETURN_IF_ERROR(ParsePolicyFile(file.name, file.content, tables));
  if (tables.name.empty()) return absl::InvalidArgumentError("meta.tsv: missing; it names the plan");
  DX_RETURN_IF_ERROR(CheckPolicyTables(tables));
  std::string version = tables.name + absl::StrFormat("+%08x", ChecksumOf(files));
  return std::make_shared<const TablePolicy>(tables, std::move(version));
}

absl::StatusOr<std::shared_ptr<const Policy>> LoadPolicy(const std::string& directory) {
  std::vector<PolicyFile> files;
  for (std::string_view name : PolicyFileNames()) {
    DX_ASSIGN_OR_RETURN(std::string content,
                        ReadFile(std::filesystem::path(directory) / name, kPolicyFileBytesMax));
    files.push_back({std::string(name), std::move(content)});
  }
  auto policy = PolicyFromFiles(files);
  if (policy.ok()) return policy;
  const std::string message(policy.status().message());
  return absl::Status(policy.status().code(), directory + "/" + message);
}

}  // namespace dongxi
