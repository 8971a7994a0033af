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

// Holds the lock of the file until it is destroyed.
class Lock {
 public:
  static absl::StatusOr<std::unique_ptr<Lock>> Take(const std::filesystem::path& file) {
    const std::filesystem::path name = file.string() + ".lock";
    const int fd = ::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) return SystemError(name, "cannot be opened");
    auto lock = std::unique_ptr<Lock>(new Lock(fd));
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
    if (json.at("version").get<int>() != kFormatVersion) {
      return absl::DataLossError("version " + json.at("version").dump() + ", this program reads " +
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
  DX_ASSIGN_OR_RETURN(const std::string text, ReadFile(file, kFileBytesMax));
  absl::StatusOr<std::vector<Token>> tokens = DecodeTokens(text);
  if (tokens.ok()) return tokens;
  return absl::DataLossError(file.string() + ": " + std::string(tokens.status().message()) +
                             "; restore it from a backup, or remove it and create the tokens anew");
}

absl::Status ChangeTokens(const std::filesystem::path& file,
                          absl::FunctionRef<absl::Status(std::vector<Token>*)> change) {
  DX_ASSIGN_OR_RETURN(const std::unique_ptr<Lock> lock, Lock::Take(file));
  DX_ASSIGN_OR_RETURN(std::vector<Token> tokens, ReadTokens(file));
  DX_RETURN_IF_ERROR(change(&tokens));
  if (tokens.size() > kTokensMax) {
    return absl::ResourceExhaustedError(file.string() + ": more than " + std::to_string(kTokensMax) +
                                        " tokens");
  }
  // WriteFileAtomically makes its file under the process's mask: nobody else may read it for a moment either.
  const mode_t mask = ::umask(0077);
  const absl::Status written = WriteFileAtomically(file, EncodeTokens(tokens));
  ::umask(mask);
  DX_RETURN_IF_ERROR(written);
  if (::chmod(file.c_str(), 0600) != 0) return SystemError(file, "its mode cannot be set");
  return absl::OkStatus();
}

}  // namespace dongxi
