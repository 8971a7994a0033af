// A small catalogue of made-up records in a temporary folder, for tests of builds and commands.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/base/files.h"
#include "engine/record/record.h"
#include "gtest/gtest.h"
#include "store/catalogue.h"

namespace dongxi::testing {

// A folder of its own for each test, removed at the end.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    const ::testing::TestInfo* test = ::testing::UnitTest::GetInstance()->current_test_info();
    std::string name =
        std::string(test->test_suite_name()) + "." + test->name() + "." + std::to_string(::getpid());
    for (char& c : name) c = c == '/' ? '_' : c;
    path_ = std::filesystem::path(::testing::TempDir()) / name;
    std::filesystem::remove_all(path_);
    std::filesystem::create_directories(path_);
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

inline const std::vector<std::string>& Topics() {
  static const auto& topics = *new std::vector<std::string>{
      "高镁锂比盐湖卤水提锂吸附剂", "戈壁设施农业日光温室保温", "风电光伏并网储能系统", "马铃薯脱毒种薯繁育",
      "黄芪当归道地药材加工",       "青稞β-葡聚糖提取工艺",     "高寒草地退化修复技术", "煤矸石固废制备建材",
      "葡萄酒发酵酵母选育",         "牦牛肉冷链保鲜包装",       "盐碱地改良与节水灌溉", "稀土永磁材料回收",
  };
  return topics;
}

inline std::string Numbered(const char* prefix, int number) {
  const std::string digits = std::to_string(number);
  return prefix + std::string(digits.size() < 4 ? 4 - digits.size() : 0, '0') + digits;
}

inline Record MakeRecord(RecordKind kind, int number) {
  const std::string& topic = Topics()[static_cast<size_t>(number) % Topics().size()];
  const std::string& other = Topics()[static_cast<size_t>(number * 5 + 2) % Topics().size()];
  Record record;
  record.kind = kind;
  record.text =
      "第" + std::to_string(number) + "项：围绕" + topic + "，兼顾" + other + "，在西部高原开展中试。";
  record.region = number % 2 == 0 ? "63" : "32";
  switch (kind) {
    case RecordKind::kInstitution:
      record.id = Numbered("i-", number);
      record.title = "示例·" + topic + "研究所";
      record.type = "research_institute";
      break;
    case RecordKind::kExpert:
      record.id = Numbered("x-", number);
      record.title = "示例专家·" + topic;
      record.institution = "i-0000";
      break;
    case RecordKind::kResult:
      record.id = Numbered("r-", number);
      record.title = topic + "成套技术";
      record.type = "technology";
      record.owners = {{RecordKind::kInstitution, "i-0000"}};
      record.region.clear();  // that of its owner
      break;
    case RecordKind::kNeed:
      record.id = Numbered("n-", number);
      record.title = "寻求" + topic;
      record.wanted = "希望引进" + topic;
      record.institution = "i-0000";
      break;
    case RecordKind::kEvidence:
      record.id = Numbered("e-", number);
      record.title = "关于" + topic + "的研究";
      record.type = "publication";
      record.owners = {{RecordKind::kInstitution, "i-0000"}};
      record.region.clear();
      break;
  }
  return record;
}

// `counts` records of each kind.
inline std::vector<Record> MakeRecords(const std::map<RecordKind, int>& counts) {
  std::vector<Record> records;
  for (const auto& [kind, count] : counts) {
    for (int i = 0; i < count; ++i) records.push_back(MakeRecord(kind, i));
  }
  return records;
}

inline std::map<RecordKind, int> SmallCounts() {
  return {{RecordKind::kInstitution, 5},
          {RecordKind::kExpert, 5},
          {RecordKind::kResult, 40},
          {RecordKind::kNeed, 12},
          {RecordKind::kEvidence, 30}};
}

inline std::unique_ptr<Catalogue> MakeCatalogue(const std::filesystem::path& directory,
                                                std::vector<Record> records) {
  absl::StatusOr<std::unique_ptr<Catalogue>> catalogue = Catalogue::Open(directory);
  EXPECT_TRUE(catalogue.ok()) << catalogue.status();
  if (!catalogue.ok()) return nullptr;
  const auto written = (*catalogue)->Upsert(std::move(records), /*now_us=*/1'700'000'000'000'000);
  EXPECT_TRUE(written.ok()) << written.status();
  return *std::move(catalogue);
}

// All files below `directory`, by relative path, with their bytes.
inline std::map<std::string, std::string> FilesBelow(const std::filesystem::path& directory) {
  std::map<std::string, std::string> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory)) {
    if (!entry.is_regular_file()) continue;
    const absl::StatusOr<std::string> bytes = ReadFile(entry.path(), size_t{1} << 30);
    EXPECT_TRUE(bytes.ok()) << bytes.status();
    files[entry.path().lexically_relative(directory).generic_string()] = bytes.value_or("");
  }
  return files;
}

// Names in `directory` that a build must not leave there.
inline std::vector<std::string> HiddenFolders(const std::filesystem::path& directory) {
  std::vector<std::string> hidden;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    const std::string name = entry.path().filename().string();
    if (name.front() == '.' && entry.is_directory()) hidden.push_back(name);
  }
  return hidden;
}

enum class Damage { kMissing, kTruncated, kBitFlipped };
inline constexpr Damage kAllDamages[] = {Damage::kMissing, Damage::kTruncated, Damage::kBitFlipped};

// Damages `file`; false if that is not possible (an empty file has nothing to flip).
inline bool DamageFile(const std::filesystem::path& file, Damage damage) {
  if (damage == Damage::kMissing) return std::filesystem::remove(file);
  const auto size = std::filesystem::file_size(file);
  if (size == 0) return false;
  if (damage == Damage::kTruncated) {
    std::filesystem::resize_file(file, size - 1);
    return true;
  }
  std::string bytes = *ReadFile(file, size_t{1} << 30);
  bytes[size / 2] = static_cast<char>(bytes[size / 2] ^ 0x10);
  return WriteFileAtomically(file, bytes).ok();
}

}  // namespace dongxi::testing
