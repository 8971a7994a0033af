#include "server/token_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>

#include "engine/base/crc32c.h"
#include "engine/base/files.h"
#include "engine/base/status_macros.h"

namespace dongxi {
namespace {

using Json = nlohmann::json;

constexpr int kFormatVersion = 1;
constexpr char kFormat[] = "dongxi tokens";
constexpr size_t kFileBytesMax = 32 << 20;

std::string TimeText(absl::Time time) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%E*SZ", time, absl::UTCTimeZone());
}

Json ToJson(const Token& token) {
  Json json = {{"id", token.id},
               {"label", token.label},
               {"salt", token.salt},
               {"hash", token.hash},
               {"tenant", token.tenant},
               {"permissions", PermissionsText(token.permissions)},
               {"disclosure", DisclosureText(token.disclosure)},
               {"methods", token.methods},
               {"rate_per_second", token.rate.per_second},
               {"burst", token.rate.burst},
               {"create_time", TimeText(token.create_time)}};
  if (token.expire_time != absl::InfiniteFuture()) json["expire_time"] = TimeText(token.expire_time);
  if (token.revoke_time != absl::InfiniteFuture()) json["revoke_time"] = TimeText(token.revoke_time);
  return json;
}

absl::StatusOr<absl::Time> TimeOf(const Json& json, const char* key) {
  if (!json.contains(key)) return absl::InfiniteFuture();
  absl::Time time;
  std::string error;
  if (absl::ParseTime(absl::RFC3339_full, json.at(key).get<std::string>(), &time, &error)) return time;
  return absl::DataLossError(std::string(key) + ": " + error);
}

// Throws Json::exception if a field is missing or of another type.
absl::StatusOr<Token> FromJson(const Json& json) {
  Token token;
  token.id = json.at("id").get<std::string>();
  token.label = json.at("label").get<std::string>();
  token.salt = json.at("salt").get<std::string>();
  token.hash = json.at("hash").get<std::string>();
  token.tenant = json.at("tenant").get<std::string>();
  DX_ASSIGN_OR_RETURN(token.permissions, ParsePermissions(json.at("permissions").get<std::string>()));
  DX_ASSIGN_OR_RETURN(token.disclosure, ParseDisclosure(json.at("disclosure").get<std::string>()));
  token.methods = json.at("methods").get<std::vector<std::string>>();
  token.rate.per_second = json.at("rate_per_second").get<double>();
  token.rate.burst = json.at("burst").get<double>();
  DX_ASSIGN_OR_RETURN(token.create_time, TimeOf(json, "create_time"));
  DX_ASSIGN_OR_RETURN(token.expire_time, TimeOf(json, "expire_time"));
  DX_ASSIGN_OR_RETURN(token.revoke_time, TimeOf(json, "revoke_time"));
  return token;
}

// A file without a checksum was written before there was one. With it, the bytes are those that a writer
// made: no flipped bit goes unseen, be it in a key's name.
absl::Status CheckSums(const Json& json, const std::string& text, const std::vector<Token>& tokens) {
  for (const auto& [key, value] : json.items()) {
    if (key != "format" && key != "version" && key != "tokens" && key != "crc32c")
      return absl::DataLossError("an unknown field '" + key + "'");
  }
  if (!json.contains("crc32c")) return absl::OkStatus();
  if (text != EncodeTokens(tokens)) return absl::DataLossError("its checksum does not fit");
  return absl::OkStatus();
}

absl::Status SystemError(const std::filesystem::path& file, const char* what) {
  return absl::InternalError(file.string() + ": " + what + ": " + std::strerror(errno));
}

struct Owner {
  uid_t user = 0;
  gid_t group = 0;
};

// Whose the file has to be for the server to read it: the command line often runs as root, the server as a
// user of its own, to whom belongs what it writes. The first of the file, the catalogue and the folder that
// is not root's.
Owner OwnerOf(const std::filesystem::path& file) {
  for (const std::filesystem::path& there : {file, file.parent_path() / "catalogue", file.parent_path()}) {
    struct stat info = {};
    if (::lstat(there.c_str(), &info) == 0 && info.st_uid != 0) return {info.st_uid, info.st_gid};
  }
  return {};
}

absl::Status NotOurs(const std::filesystem::path& file, uid_t owner) {
  return absl::PermissionDeniedError(
      file.string() + "：属于用户 " + std::to_string(owner) + "，本程序以用户 " +
      std::to_string(::geteuid()) +
      " 运行，不能读写它；请以 root 或该用户运行，或以 root 执行 chown 把它交给服务的用户");
}

// Nobody but root gives a file away: others change only what is theirs.
absl::Status CheckOwner(const std::filesystem::path& file) {
  struct stat info = {};
  if (::geteuid() == 0 || ::lstat(file.c_str(), &info) != 0 || info.st_uid == ::geteuid())
    return absl::OkStatus();
  return NotOurs(file, info.st_uid);
}

absl::Status GiveTo(const Owner& owner, int fd, const std::filesystem::path& file) {
  if (::geteuid() != 0 || ::fchown(fd, owner.user, owner.group) == 0) return absl::OkStatus();
  return SystemError(file, ("cannot be given to user " + std::to_string(owner.user)).c_str());
}

// Holds the lock of the file until it is destroyed.
class Lock {
 public:
  static absl::StatusOr<std::unique_ptr<Lock>> Take(const std::filesystem::path& file, const Owner& owner) {
    const std::filesystem::path name = file.string() + ".lock";
    DX_RETURN_IF_ERROR(CheckOwner(name));
    const int fd = ::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) return SystemError(name, "cannot be opened");
    auto lock = std::unique_ptr<Lock>(new Lock(fd));
    struct stat info = {};
    // Nothing but a lock is given away: its owner could have put another name of a file of root's here.
    if (::fstat(fd, &info) == 0 && S_ISREG(info.st_mode) && info.st_size == 0 && info.st_nlink == 1)
      DX_RETURN_IF_ERROR(GiveTo(owner, fd, name));
    while (::flock(fd, LOCK_EX) != 0) {
      if (errno != EINTR) return SystemError(name, "cannot be locked");
    }
    return lock;
  }
  ~Lock() { ::close(fd_); }
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;

 private:
  explicit Lock(int fd) : fd_(fd) {}
  const int fd_;
};

// A new file of mode 0600 and that owner, whole on the disk.
absl::Status WriteNew(const std::filesystem::path& file, const Owner& owner, std::string_view bytes) {
  // What an interrupted writer left, or others put there.
  if (::unlink(file.c_str()) != 0 && errno != ENOENT) return SystemError(file, "cannot be removed");
  const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0) return SystemError(file, "cannot be created");
  absl::Status status = GiveTo(owner, fd, file);
  while (status.ok() && !bytes.empty()) {
    const ssize_t put = ::write(fd, bytes.data(), bytes.size());
    if (put > 0) bytes.remove_prefix(static_cast<size_t>(put));
    if (put <= 0 && errno != EINTR) status = SystemError(file, "cannot be written");
  }
  if (status.ok() && ::fsync(fd) != 0) status = SystemError(file, "cannot be made durable");
  ::close(fd);
  return status;
}

// The server sees the old file or the new one, and may read either: its owner is set before its name.
absl::Status Replace(const std::filesystem::path& file, const Owner& owner, std::string_view bytes) {
  const std::filesystem::path next = file.string() + ".tmp";
  absl::Status status = WriteNew(next, owner, bytes);
  if (status.ok() && ::rename(next.c_str(), file.c_str()) != 0)
    status = SystemError(file, "cannot be renamed into place");
  if (!status.ok()) {
    ::unlink(next.c_str());
    return status;
  }
  return SyncDirectory(file.parent_path().empty() ? "." : file.parent_path());
}

}  // namespace

std::string EncodeTokens(const std::vector<Token>& tokens) {
  Json json = {{"format", kFormat}, {"version", kFormatVersion}, {"tokens", Json::array()}};
  for (const Token& token : tokens) json["tokens"].push_back(ToJson(token));
  json["crc32c"] = Crc32c(json["tokens"].dump());
  return json.dump(1) + "\n";
}

absl::StatusOr<std::vector<Token>> DecodeTokens(const std::string& text) {
  try {
    const Json json = Json::parse(text);
    // A version like 1e67 is no int.
    if (const Json& version = json.at("version"); !version.is_number_integer() || version != kFormatVersion) {
      return absl::DataLossError("version " + version.dump() + ", this program reads " +
                                 std::to_string(kFormatVersion));
    }
    std::vector<Token> tokens;
    for (const Json& item : json.at("tokens")) {
      DX_ASSIGN_OR_RETURN(Token token, FromJson(item));
      tokens.push_back(std::move(token));
    }
    DX_RETURN_IF_ERROR(CheckSums(json, text, tokens));
    return tokens;
  } catch (const Json::exception& error) {
    return absl::DataLossError(std::string("not a file of tokens: ") + error.what());
  }
}

absl::StatusOr<std::vector<Token>> ReadTokens(const std::filesystem::path& file) {
  struct stat info = {};
  if (::stat(file.c_str(), &info) != 0) {
    if (errno == ENOENT) return std::vector<Token>();
    return SystemError(file, "cannot be read");
  }
  if ((info.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return absl::PermissionDeniedError(
        file.string() + ": others than its owner may open it; run: chmod 600 " + file.string());
  }
  const absl::StatusOr<std::string> text = ReadFile(file, kFileBytesMax);
  if (absl::IsPermissionDenied(text.status())) return NotOurs(file, info.st_uid);
  if (!text.ok()) return text.status();
  absl::StatusOr<std::vector<Token>> tokens = DecodeTokens(*text);
  if (tokens.ok()) return tokens;
  return absl::DataLossError(file.string() + ": " + std::string(tokens.status().message()) +
                             "; restore it from a backup, or remove it and create the tokens anew");
}

absl::Status ChangeTokens(const std::filesystem::path& file,
                          absl::FunctionRef<absl::Status(std::vector<Token>*)> change) {
  DX_RETURN_IF_ERROR(CheckOwner(file));
  const Owner owner = OwnerOf(file);
  DX_ASSIGN_OR_RETURN(const std::unique_ptr<Lock> lock, Lock::Take(file, owner));
  DX_ASSIGN_OR_RETURN(std::vector<Token> tokens, ReadTokens(file));
  DX_RETURN_IF_ERROR(change(&tokens));
  if (tokens.size() > kTokensMax) {
    return absl::ResourceExhaustedError(file.string() + ": more than " + std::to_string(kTokensMax) +
                                        " tokens");
  }
  return Replace(file, owner, EncodeTokens(tokens));
}

}  // namespace dongxi
