#include "engine/base/checksum_list.h"

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <map>
#include <optional>
#include <sstream>

#include "engine/base/crc32c.h"
#include "engine/base/files.h"
#include "engine/base/status_macros.h"

namespace dongxi {
namespace {

namespace fs = std::filesystem;

constexpr size_t kListBytesMax = size_t{1} << 20;
constexpr char kEndMark[] = "end";
constexpr char kBeingWritten[] = ".new";

std::string HexOf(uint32_t crc32c) {
  char text[16];
  std::snprintf(text, sizeof(text), "%08" PRIx32, crc32c);
  return text;
}

// Paths of the regular files below the folder, relative to it, but the list itself, ascending.
absl::StatusOr<std::vector<std::string>> FilesIn(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::recursive_directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    std::string name = it->path().lexically_relative(folder).generic_string();
    if (it->is_regular_file() && name != kChecksumListName) names.push_back(std::move(name));
  }
  if (error) return absl::InternalError(folder.string() + ": cannot be read: " + error.message());
  std::sort(names.begin(), names.end());
  return names;
}

// "checksum bytes".
absl::StatusOr<std::string> SumOf(const fs::path& file, uint64_t* bytes_read) {
  std::error_code error;
  if (fs::file_size(file, error) == 0 && !error) return HexOf(0) + " 0";  // nothing to map
  DX_ASSIGN_OR_RETURN(const std::shared_ptr<const MappedFile> mapped, MappedFile::Open(file));
  *bytes_read += mapped->bytes().size();
  return HexOf(Crc32c(mapped->bytes())) + " " + std::to_string(mapped->bytes().size());
}

// Sums by name; none if the list is damaged.
std::optional<std::map<std::string, std::string>> ParseList(const std::string& text) {
  const size_t last = text.rfind('\n', text.empty() ? 0 : text.size() - 2);
  const std::string body = text.substr(0, last == std::string::npos ? 0 : last + 1);
  if (text.substr(body.size()) != kEndMark + (" " + HexOf(Crc32c(body))) + "\n") return std::nullopt;
  std::map<std::string, std::string> sums;
  std::istringstream lines(body);
  for (std::string line; std::getline(lines, line);) {
    const size_t bytes = line.find(' ');
    const size_t name = bytes == std::string::npos ? bytes : line.find(' ', bytes + 1);
    if (name == std::string::npos) return std::nullopt;
    sums[line.substr(name + 1)] = line.substr(0, name);
  }
  return sums;
}

void CheckFolder(const fs::path& folder, const std::string& list, ListedFolders* found) {
  const auto expected = ParseList(list);
  ++found->files;
  found->bytes += list.size();
  if (!expected) {
    found->problems.push_back((folder / kChecksumListName).string() + ": the list of checksums is damaged");
    return;
  }
  for (const auto& [name, sum] : *expected) {
    const absl::StatusOr<std::string> is = SumOf(folder / name, &found->bytes);
    ++found->files;
    if (!is.ok()) {
      found->problems.emplace_back(is.status().message());
    } else if (*is != sum) {
      found->problems.push_back((folder / name).string() + ": its checksum does not fit the list");
    }
  }
  const absl::StatusOr<std::vector<std::string>> present = FilesIn(folder);
  if (!present.ok()) found->problems.emplace_back(present.status().message());
  for (const std::string& name : present.ok() ? *present : std::vector<std::string>()) {
    if (!expected->contains(name))
      found->problems.push_back((folder / name).string() + ": is not on the list");
  }
}

}  // namespace

absl::Status WriteChecksumList(const fs::path& folder) {
  DX_ASSIGN_OR_RETURN(const std::vector<std::string> names, FilesIn(folder));
  std::string text;
  uint64_t bytes = 0;
  for (const std::string& name : names) {
    DX_ASSIGN_OR_RETURN(const std::string sum, SumOf(folder / name, &bytes));
    text += sum + " " + name + "\n";
  }
  text += kEndMark + (" " + HexOf(Crc32c(text))) + "\n";
  return WriteFileAtomically(folder / kChecksumListName, text);
}

ListedFolders CheckListedFolders(const fs::path& root) {
  ListedFolders found;
  std::vector<fs::path> folders;
  std::error_code error;
  for (fs::directory_iterator it(root, error), end; !error && it != end; it.increment(error)) {
    if (it->is_directory() && it->path().extension() != kBeingWritten) folders.push_back(it->path());
  }
  std::sort(folders.begin(), folders.end());
  for (const fs::path& folder : folders) {
    const absl::StatusOr<std::string> list = ReadFile(folder / kChecksumListName, kListBytesMax);
    if (absl::IsNotFound(list.status())) {
      found.unlisted.push_back(folder);
    } else if (!list.ok()) {
      found.problems.emplace_back(list.status().message());
    } else {
      CheckFolder(folder, *list, &found);
    }
  }
  return found;
}

}  // namespace dongxi
