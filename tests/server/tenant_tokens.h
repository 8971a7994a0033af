// Tokens of tenants, for the tests of what one of them may see of another.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "server/token.h"
#include "server/token_file.h"

namespace dongxi {

// Adds a token to DIR/tokens; returns its text. A running server takes it within about a second.
inline std::string NewTokenIn(const std::filesystem::path& data, const std::string& tenant,
                              const std::string& permissions, Disclosure disclosure = Disclosure::kPublic) {
  Token wanted;
  wanted.permissions = *ParsePermissions(permissions);
  wanted.create_time = absl::UnixEpoch();
  wanted.tenant = tenant;
  wanted.disclosure = disclosure;
  const NewTokenResult made = NewToken(wanted);
  EXPECT_TRUE(ChangeTokens(data / kTokenFileName, [&](std::vector<Token>* tokens) {
                tokens->push_back(made.token);
                return absl::OkStatus();
              }).ok());
  return made.text;
}

// Revokes the token that was added last. A running server takes it within about a second.
inline void RevokeLastTokenIn(const std::filesystem::path& data) {
  EXPECT_TRUE(ChangeTokens(data / kTokenFileName, [](std::vector<Token>* tokens) {
                tokens->back().revoke_time = absl::UnixEpoch();
                return absl::OkStatus();
              }).ok());
}

}  // namespace dongxi
