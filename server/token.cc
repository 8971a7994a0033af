#include "server/token.h"

#include <algorithm>

#include "absl/strings/str_split.h"
#include "server/digest.h"

namespace dongxi {
namespace {

constexpr std::string_view kPrefix = "dx-";
constexpr size_t kIdBytes = 6;
constexpr size_t kSaltBytes = 16;
constexpr size_t kSecretBytes = 32;

constexpr uint8_t kReadBit = static_cast<uint8_t>(Permission::kRead);
constexpr uint8_t kWriteBit = static_cast<uint8_t>(Permission::kWrite);
constexpr uint8_t kAdminBit = static_cast<uint8_t>(Permission::kAdmin);

bool IsHex(std::string_view text) {
  return text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace

bool Token::AllowsMethod(std::string_view method) const {
  return methods.empty() || std::any_of(methods.begin(), methods.end(),
                                        [&](const std::string& glob) { return MatchesGlob(glob, method); });
}

NewTokenResult NewToken(Token wanted) {
  NewTokenResult result;
  const std::string secret = RandomHex(kSecretBytes);
  result.token = std::move(wanted);
  result.token.id = RandomHex(kIdBytes);
  result.token.salt = RandomHex(kSaltBytes);
  result.token.hash = Sha256Hex(result.token.salt + secret);
  result.text = std::string(kPrefix) + result.token.id + "-" + secret;
  return result;
}

bool SplitTokenText(std::string_view text, std::string_view* id, std::string_view* secret) {
  constexpr size_t kSecretAt = kPrefix.size() + 2 * kIdBytes + 1;
  if (text.size() != kSecretAt + 2 * kSecretBytes || text.substr(0, kPrefix.size()) != kPrefix ||
      text[kSecretAt - 1] != '-')
    return false;
  *id = text.substr(kPrefix.size(), 2 * kIdBytes);
  *secret = text.substr(kSecretAt);
  return IsHex(*id) && IsHex(*secret);
}

bool IsSecretOf(const Token& token, std::string_view secret) {
  return SameSecret(Sha256Hex(token.salt + std::string(secret)), token.hash);
}

bool MatchesGlob(std::string_view glob, std::string_view text) {
  // Greedy with one way back: to the last star, one more character taken by it.
  size_t g = 0, t = 0, star = std::string_view::npos, taken = 0;
  while (t < text.size()) {
    if (g < glob.size() && (glob[g] == '?' || (glob[g] == text[t] && glob[g] != '*'))) {
      ++g, ++t;
    } else if (g < glob.size() && glob[g] == '*') {
      star = g++;
      taken = t;
    } else if (star != std::string_view::npos) {
      g = star + 1;
      t = ++taken;
    } else {
      return false;
    }
  }
  return glob.find_first_not_of('*', g) == std::string_view::npos;
}

absl::StatusOr<uint8_t> ParsePermissions(std::string_view text) {
  uint8_t permissions = 0;
  for (const std::string& word : std::vector<std::string>(
           absl::StrSplit(absl::string_view(text.data(), text.size()), ',', absl::SkipEmpty()))) {
    if (word == "read") {
      permissions |= kReadBit;
    } else if (word == "write") {
      permissions |= kReadBit | kWriteBit;
    } else if (word == "admin") {
      permissions |= kReadBit | kWriteBit | kAdminBit;
    } else {
      return absl::InvalidArgumentError("找到权限“" + word + "”，应为 read、write 或 admin");
    }
  }
  if (permissions == 0) return absl::InvalidArgumentError("没有给出权限，应为 read、write 或 admin");
  return permissions;
}

std::string PermissionsText(uint8_t permissions) {
  if ((permissions & kAdminBit) != 0) return "admin";
  return (permissions & kWriteBit) != 0 ? "write" : "read";
}

absl::StatusOr<Disclosure> ParseDisclosure(std::string_view text) {
  for (const Disclosure level : {Disclosure::kPublic, Disclosure::kRegistered, Disclosure::kOrganiser}) {
    if (text == DisclosureText(level)) return level;
  }
  return absl::InvalidArgumentError("找到公开范围“" + std::string(text) +
                                    "”，应为 public、registered 或 organiser");
}

std::string DisclosureText(Disclosure disclosure) {
  switch (disclosure) {
    case Disclosure::kPublic:
      return "public";
    case Disclosure::kRegistered:
      return "registered";
    case Disclosure::kOrganiser:
      return "organiser";
  }
  return "organiser";
}

}  // namespace dongxi
