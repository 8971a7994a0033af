#include "indexer/command/generation_choice.h"

#include "engine/base/status_macros.h"
#include "engine/index/manifest.h"
#include "indexer/build/build_folder.h"
#include "indexer/command/command.h"

namespace dongxi {

absl::StatusOr<std::filesystem::path> ChooseGeneration(const std::string& data,
                                                       const std::string& generation) {
  const std::filesystem::path folder = GenerationsFolder(data);
  std::string name = generation;
  if (name.empty()) {
    DX_ASSIGN_OR_RETURN(name, ReadCurrent(folder));
  }
  std::error_code ignored;
  const bool is_plain = name.find('/') == std::string::npos && name.front() != '.';
  if (is_plain && std::filesystem::is_directory(folder / name, ignored)) return folder / name;
  std::string present;
  for (const std::string& other : ListGenerations(folder)) present += (present.empty() ? "" : ", ") + other;
  return absl::NotFoundError(folder.string() + ": 没有版本 " + name + "；现有：" +
                             (present.empty() ? "无" : present) +
                             "。可用 inspect 查看，或运行 build 重新构建");
}

}  // namespace dongxi
