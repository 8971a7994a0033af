// API tokens: what a token allows, and the text that its holder shows. Plain data and pure functions, but for
// NewToken, which draws random bytes; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "engine/record/record.h"
#include "server/access.h"
#include "server/rate_limit.h"

namespace dongxi {

inline constexpr size_t kTokenLabelBytesMax = 200;
inline constexpr size_t kTokenMethodsMax = 50;

// What is kept of a token. Its secret is not: only a salted SHA-256 of it.
struct Token {
  std::string id;     // public, 12 hex digits
  std::string label;  // for the operator: who has it
  std::string salt;
  std::string hash;         // Sha256Hex(salt + secret)
  std::string tenant;       // whose records it may see and write; empty: the common ones
  uint8_t permissions = 0;  // Permission values, or-ed
  Disclosure disclosure = Disclosure::kPublic;
  std::vector<std::string> methods;  // globs such as "MatchService.*"; empty: all
  Rate rate;
  absl::Time create_time;
  absl::Time expire_time = absl::InfiniteFuture();
  absl::Time revoke_time = absl::InfiniteFuture();  // not valid from then on

  bool Has(Permission permission) const { return (permissions & static_cast<uint8_t>(permission)) != 0; }
  bool AllowsMethod(std::string_view method) const;
};

struct NewTokenResult {
  Token token;       // with id, salt and hash
  std::string text;  // "dx-ID-SECRET": shown once, kept nowhere
};
// Fills id, salt and hash of `wanted`. 256 random bits.
NewTokenResult NewToken(Token wanted);

// The two parts of a token's text; false if it has not that form.
bool SplitTokenText(std::string_view text, std::string_view* id, std::string_view* secret);
// True if `secret` is that of `token`; takes as long for a wrong one.
bool IsSecretOf(const Token& token, std::string_view secret);

// '*' stands for any characters, '?' for one.
bool MatchesGlob(std::string_view glob, std::string_view text);

// "read", "write", "admin", separated by commas. A writer and an administrator may read too, an administrator
// writes. InvalidArgument names the word.
absl::StatusOr<uint8_t> ParsePermissions(std::string_view text);
std::string PermissionsText(uint8_t permissions);
// "public", "registered", "organiser".
absl::StatusOr<Disclosure> ParseDisclosure(std::string_view text);
std::string DisclosureText(Disclosure disclosure);

}  // namespace dongxi
