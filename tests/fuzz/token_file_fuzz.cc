// Any bytes as the file of the API tokens, and as the text that a caller shows: what is read survives being
// written again.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "server/token_file.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  std::string_view id, secret;
  if (dongxi::SplitTokenText(text, &id, &secret) &&
      "dx-" + std::string(id) + "-" + std::string(secret) != text)
    std::abort();
  const auto tokens = dongxi::DecodeTokens(text);
  if (!tokens.ok()) return 0;
  const std::string written = dongxi::EncodeTokens(*tokens);
  const auto again = dongxi::DecodeTokens(written);
  if (!again.ok() || dongxi::EncodeTokens(*again) != written) std::abort();
  for (const dongxi::Token& token : *tokens) {
    (void)token.AllowsMethod("MatchService.Match");
    (void)dongxi::IsSecretOf(token, "secret");
  }
  return 0;
}
