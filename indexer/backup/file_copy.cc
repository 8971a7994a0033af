#include "indexer/backup/file_copy.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <functional>
#include <memory>
#include <string_view>
#include <system_error>

#include "engine/base/crc32c.h"
#include "engine/base/status_macros.h"

namespace dongxi {
namespace {

namespace fs = std::filesystem;

constexpr size_t kBlockBytes = size_t{1} << 20;

absl::Status ReadBlocks(const fs::path& file, ByteMeter& meter,
                        const std::function<absl::Status(std::string_view)>& take) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> stream(std::fopen(file.c_str(), "rb"), &std::fclose);
  if (stream == nullptr) {
    const std::string message = file.string() + ": cannot open: " + std::strerror(errno);
    return errno == ENOENT ? absl::NotFoundError(message) : absl::InternalError(message);
  }
  std::string block(kBlockBytes, '\0');
  while (const size_t got = std::fread(block.data(), 1, block.size(), stream.get())) {
    DX_RETURN_IF_ERROR(take(std::string_view(block).substr(0, got)));
    DX_RETURN_IF_ERROR(meter.Add(got));
  }
  if (std::ferror(stream.get()) != 0)
    return absl::DataLossError(file.string() + ": cannot be read to its end");
  return absl::OkStatus();
}

}  // namespace

absl::Status ByteMeter::Add(uint64_t bytes) {
  done_ += bytes;
  if (watch_.progress) watch_.progress(stage_, std::min(done_, total_), total_);
  if (watch_.cancelled && watch_.cancelled()) return absl::CancelledError("cancelled; nothing was kept");
  return absl::OkStatus();
}

absl::StatusOr<FileWriter::Summary> SumFile(const fs::path& file, ByteMeter& meter) {
  FileWriter::Summary summary;
  DX_RETURN_IF_ERROR(ReadBlocks(file, meter, [&summary](std::string_view block) {
    summary.bytes += block.size();
    summary.crc32c = Crc32c(block, summary.crc32c);
    return absl::OkStatus();
  }));
  return summary;
}

absl::StatusOr<FileWriter::Summary> CopyFile(const fs::path& from, const fs::path& to, ByteMeter& meter) {
  std::error_code error;
  fs::create_directories(to.parent_path(), error);
  if (error) {
    return absl::InternalError(to.parent_path().string() + ": cannot make the folder: " + error.message());
  }
  DX_ASSIGN_OR_RETURN(const std::unique_ptr<FileWriter> writer, FileWriter::Create(to));
  DX_RETURN_IF_ERROR(ReadBlocks(from, meter, [&](std::string_view block) { return writer->Append(block); }));
  return writer->Close();
}

absl::StatusOr<std::vector<std::string>> FilesBelow(const fs::path& directory) {
  std::vector<std::string> files;
  std::error_code error;
  for (fs::recursive_directory_iterator it(directory, error), end; !error && it != end; it.increment(error)) {
    const fs::file_status status = it->symlink_status(error);
    if (error) break;
    if (fs::is_directory(status)) continue;
    if (!fs::is_regular_file(status)) {
      return absl::FailedPreconditionError(it->path().string() +
                                           ": neither a file nor a folder; remove it and try again");
    }
    files.push_back(it->path().lexically_relative(directory).generic_string());
  }
  if (error) return absl::InternalError(directory.string() + ": cannot list: " + error.message());
  std::sort(files.begin(), files.end());
  return files;
}

absl::Status SyncTree(const fs::path& directory) {
  std::error_code error;
  for (fs::recursive_directory_iterator it(directory, error), end; !error && it != end; it.increment(error)) {
    if (it->is_directory(error)) DX_RETURN_IF_ERROR(SyncDirectory(it->path()));
  }
  if (error) return absl::InternalError(directory.string() + ": cannot list: " + error.message());
  return SyncDirectory(directory);
}

}  // namespace dongxi
