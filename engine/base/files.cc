#include "engine/base/files.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "engine/base/crc32c.h"
#include "engine/base/status_macros.h"

namespace dongxi {
namespace {

constexpr size_t kWriteBufferBytes = 1 << 20;

absl::Status SystemError(const std::filesystem::path& file, std::string_view action) {
  const int code = errno;
  const std::string message = file.string() + ": cannot " + std::string(action) + ": " + std::strerror(code);
  if (code == ENOENT) return absl::NotFoundError(message);
  if (code == EACCES || code == EPERM || code == EROFS) return absl::PermissionDeniedError(message);
  if (code == ENOSPC || code == EDQUOT || code == EFBIG) {
    return absl::ResourceExhaustedError(message + "; free some space and run the command again");
  }
  return absl::InternalError(message);
}

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

}  // namespace

absl::StatusOr<std::string> ReadFile(const std::filesystem::path& file, size_t bytes_max) {
  const Descriptor fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (fd.get() < 0) return SystemError(file, "open");
  std::string bytes;
  std::string chunk(size_t{1} << 16, '\0');
  while (true) {
    const ssize_t got = ::read(fd.get(), chunk.data(), chunk.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return SystemError(file, "read");
    if (got == 0) return bytes;
    bytes.append(chunk, 0, static_cast<size_t>(got));
    if (bytes.size() > bytes_max) {
      return absl::InvalidArgumentError(file.string() + ": larger than the limit of " +
                                        std::to_string(bytes_max) + " bytes");
    }
  }
}

absl::Status SyncDirectory(const std::filesystem::path& directory) {
  const Descriptor fd(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (fd.get() < 0) return SystemError(directory, "open");
  if (::fsync(fd.get()) != 0) return SystemError(directory, "sync");
  return absl::OkStatus();
}

absl::Status WriteFileAtomically(const std::filesystem::path& file, std::string_view bytes) {
  const std::filesystem::path temporary = file.string() + ".tmp";
  DX_ASSIGN_OR_RETURN(const std::unique_ptr<FileWriter> writer, FileWriter::Create(temporary));
  DX_RETURN_IF_ERROR(writer->Append(bytes));
  DX_RETURN_IF_ERROR(writer->Close().status());
  if (::rename(temporary.c_str(), file.c_str()) != 0) {
    const absl::Status error = SystemError(file, "rename into place");
    ::unlink(temporary.c_str());
    return error;
  }
  return SyncDirectory(file.parent_path().empty() ? "." : file.parent_path());
}

absl::StatusOr<std::unique_ptr<FileWriter>> FileWriter::Create(const std::filesystem::path& file) {
  const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd < 0) return SystemError(file, "create");
  return std::unique_ptr<FileWriter>(new FileWriter(file, fd));
}

FileWriter::FileWriter(std::filesystem::path file, int fd) : file_(std::move(file)), fd_(fd) {}

FileWriter::~FileWriter() {
  if (fd_ < 0) return;
  ::close(fd_);
  ::unlink(file_.c_str());
}

absl::Status FileWriter::Append(std::string_view bytes) {
  summary_.bytes += bytes.size();
  summary_.crc32c = Crc32c(bytes, summary_.crc32c);
  buffer_.append(bytes);
  return buffer_.size() >= kWriteBufferBytes ? Flush() : absl::OkStatus();
}

absl::Status FileWriter::Flush() {
  std::string_view rest = buffer_;
  while (!rest.empty()) {
    const ssize_t put = ::write(fd_, rest.data(), rest.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return SystemError(file_, "write");
    rest.remove_prefix(static_cast<size_t>(put));
  }
  buffer_.clear();
  return absl::OkStatus();
}

absl::StatusOr<FileWriter::Summary> FileWriter::Close() {
  DX_RETURN_IF_ERROR(Flush());
  if (::fsync(fd_) != 0) return SystemError(file_, "sync");
  if (::close(std::exchange(fd_, -1)) != 0) return SystemError(file_, "close");
  return summary_;
}

absl::StatusOr<std::shared_ptr<const MappedFile>> MappedFile::Open(const std::filesystem::path& file) {
  const Descriptor fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (fd.get() < 0) return SystemError(file, "open");
  struct stat info {};
  if (::fstat(fd.get(), &info) != 0) return SystemError(file, "stat");
  const auto size = static_cast<size_t>(info.st_size);
  if (size == 0) return std::shared_ptr<const MappedFile>(new MappedFile(nullptr, 0));
  void* data = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, fd.get(), 0);
  if (data == MAP_FAILED) return SystemError(file, "map");
  return std::shared_ptr<const MappedFile>(new MappedFile(static_cast<const char*>(data), size));
}

MappedFile::~MappedFile() {
  if (data_ != nullptr) ::munmap(const_cast<char*>(data_), size_);
}

}  // namespace dongxi
