// Files as Dongxi needs them: whole reads with a limit, durable atomic writes, read-only maps.
// Every function names the file and the system's reason in its error; a full disk is ResourceExhausted.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace dongxi {

// The whole file. Errors: NotFound; InvalidArgument if it is larger than `bytes_max`; Internal.
absl::StatusOr<std::string> ReadFile(const std::filesystem::path& file, size_t bytes_max);

// Writes beside `file`, syncs, renames over it and syncs the folder: a reader sees the old or the new
// bytes, never a part. On error the old file is as it was and nothing is left beside it.
absl::Status WriteFileAtomically(const std::filesystem::path& file, std::string_view bytes);

// Makes a finished folder's entries durable.
absl::Status SyncDirectory(const std::filesystem::path& directory);

// Appends to a new file; `Close` makes it durable and returns its size and CRC-32C. Not thread-safe.
// A writer destroyed without Close removes its file.
class FileWriter {
 public:
  struct Summary {
    uint64_t bytes = 0;
    uint32_t crc32c = 0;
  };
  static absl::StatusOr<std::unique_ptr<FileWriter>> Create(const std::filesystem::path& file);
  ~FileWriter();
  FileWriter(const FileWriter&) = delete;
  FileWriter& operator=(const FileWriter&) = delete;

  absl::Status Append(std::string_view bytes);
  absl::StatusOr<Summary> Close();

 private:
  FileWriter(std::filesystem::path file, int fd);
  absl::Status Flush();

  std::filesystem::path file_;
  int fd_;
  std::string buffer_;
  Summary summary_;
};

// A read-only map of a whole file; the bytes live as long as the object. Immutable, any thread.
class MappedFile {
 public:
  static absl::StatusOr<std::shared_ptr<const MappedFile>> Open(const std::filesystem::path& file);
  ~MappedFile();
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  std::string_view bytes() const { return {data_, size_}; }

 private:
  MappedFile(const char* data, size_t size) : data_(data), size_(size) {}
  const char* data_;
  size_t size_;
};

}  // namespace dongxi
