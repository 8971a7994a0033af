#include "cli/folder_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <system_error>

#include "engine/base/status_macros.h"

namespace dongxi::cli {
namespace {

constexpr char kLockName[] = ".lock";

int FlockPatiently(int fd, int operation) {
  int result = 0;
  do {
    result = ::flock(fd, operation);
  } while (result != 0 && errno == EINTR);
  return result;
}

absl::Status LockError(const std::filesystem::path& file) {
  const int code = errno;
  const std::string message = file.string() + "：锁不住这个文件夹：" + std::strerror(code) +
                              "。改法：换到可写的位置，或请管理员放开文件夹的权限";
  return code == EACCES || code == EPERM || code == EROFS ? absl::PermissionDeniedError(message)
                                                          : absl::InternalError(message);
}

absl::StatusOr<int> OpenLockFile(const std::filesystem::path& file) {
  const int fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (fd < 0) return LockError(file);
  return fd;
}

}  // namespace

FolderLock::~FolderLock() {
  if (fd_ >= 0) ::close(fd_);  // and with it the lock
}

absl::StatusOr<FolderLock> LockFolder(const std::filesystem::path& folder, std::ostream& said) {
  std::error_code ignored;
  if (!std::filesystem::is_directory(folder, ignored)) return FolderLock();
  const std::filesystem::path file = folder / kLockName;
  DX_ASSIGN_OR_RETURN(const int fd, OpenLockFile(file));
  FolderLock lock(fd);
  if (FlockPatiently(fd, LOCK_EX | LOCK_NB) == 0) return lock;
  if (errno == EWOULDBLOCK) {
    said << "另一个 dongxi 命令正在写这个文件夹，等它写完……\n" << std::flush;
    if (FlockPatiently(fd, LOCK_EX) == 0) return lock;
  }
  return LockError(file);
}

absl::StatusOr<FolderLock> TakeFolder(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) {
    return absl::InternalError("建不了文件夹 " + folder.string() + "：" + error.message() +
                               "；请换一个可写的位置");
  }
  const std::filesystem::path file = folder / kLockName;
  DX_ASSIGN_OR_RETURN(const int fd, OpenLockFile(file));
  FolderLock lock(fd);
  if (FlockPatiently(fd, LOCK_EX | LOCK_NB) == 0) return lock;
  if (errno != EWOULDBLOCK) return LockError(file);
  return absl::FailedPreconditionError("另一个 dongxi 命令正在写文件夹 " + folder.string() +
                                       "，没有写。改法：等它做完再运行，或换一个文件夹");
}

}  // namespace dongxi::cli
