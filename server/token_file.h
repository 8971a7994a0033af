// The file of the API tokens, DATA/tokens (docs/format/tokens.md). Written by the command line while a server
// runs, so it is apart from the catalogue, which only one process may open.
#pragma once

#include <filesystem>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "server/token.h"

namespace dongxi {

inline constexpr char kTokenFileName[] = "tokens";
inline constexpr size_t kTokensMax = 10'000;

// The tokens in order of creation; none if the file is not there. Errors: DataLoss with the place if it is
// not a file of tokens; PermissionDenied if others than its owner may read it.
absl::StatusOr<std::vector<Token>> ReadTokens(const std::filesystem::path& file);

// Changes the file under its lock (FILE.lock): a reader sees the old or the new one, never a part; mode 0600.
// Waits for another writer. An error of `change` is returned and nothing is written. Written by root, file
// and lock get the owner of what the server has written beside them (the file, the catalogue, the folder), so
// that a server under its own user reads them; PermissionDenied for another user than root and the file's
// owner.
absl::Status ChangeTokens(const std::filesystem::path& file,
                          absl::FunctionRef<absl::Status(std::vector<Token>*)> change);

// The bytes of the file and back; ReadTokens and ChangeTokens use these.
std::string EncodeTokens(const std::vector<Token>& tokens);
absl::StatusOr<std::vector<Token>> DecodeTokens(const std::string& text);

}  // namespace dongxi
