#include "server/secret_file.h"

#include "engine/base/files.h"
#include "engine/base/status_macros.h"

namespace dongxi {

absl::StatusOr<std::string> ReadSecretFile(const std::string& option, const std::string& file) {
  constexpr size_t kFileBytesMax = 4'096;
  DX_ASSIGN_OR_RETURN(std::string secret, ReadFile(file, kFileBytesMax));
  while (!secret.empty() && (secret.back() == '\n' || secret.back() == '\r')) secret.pop_back();
  const bool plain =
      secret.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/=") ==
      std::string::npos;
  if (secret.size() >= kSecretBytesMin && plain) return secret;
  return absl::InvalidArgumentError(option + " " + file + ": expected one line of at least " +
                                    std::to_string(kSecretBytesMin) +
                                    " letters, digits and -._~+/=; make one with: openssl rand -hex 32");
}

}  // namespace dongxi
