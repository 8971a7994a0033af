// The tokens that a running server accepts: those of the file, read again within a second of a change, and
// one of --token-file. Thread-safe.
#pragma once

#include <sys/stat.h>

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "server/operator_log.h"
#include "server/token.h"

namespace dongxi {

// Public id of the token of --token-file.
inline constexpr char kBootstrapTokenId[] = "bootstrap";

// What a new version of the file changed: ids of tokens.
struct TokenChanges {
  std::vector<std::string> added, revoked, removed;
  std::vector<std::string> altered;  // anything else of them, also a revocation that was taken back
  bool empty() const { return added.empty() && revoked.empty() && removed.empty() && altered.empty(); }
};

class TokenStore {
 public:
  // Reads `file`. `bootstrap`: the text of the operator's own token, which may all; empty if there is none.
  // Errors: those of ReadTokens. `log` outlives the store.
  static absl::StatusOr<std::unique_ptr<TokenStore>> Open(std::filesystem::path file, std::string bootstrap,
                                                          const OperatorLog* log);

  // `listener` hears of every later version that changes something, after it is in force. Set it before calls
  // come.
  void OnChange(std::function<void(const TokenChanges&)> listener) { listener_ = std::move(listener); }
  // `listener` is called after every look at the file, whether it changed or not: for what could not be told
  // of a change at once. Set it before calls come.
  void OnLook(std::function<void()> listener) { looked_listener_ = std::move(listener); }
  // Ids of those that are neither revoked nor expired, without the bootstrap token; ascending.
  std::vector<std::string> ValidIds(absl::Time now) const ABSL_LOCKS_EXCLUDED(mutex_);

  // True once there was any token, valid or not: from then on nobody calls without one.
  bool HasTokens() const ABSL_LOCKS_EXCLUDED(mutex_);

  // The token with this text. Unauthenticated with a reason: TOKEN_INVALID for a text that is none of ours,
  // whatever is wrong with it; TOKEN_EXPIRED and TOKEN_REVOKED to who holds the right secret.
  absl::StatusOr<std::shared_ptr<const Token>> Find(std::string_view text, absl::Time now) const
      ABSL_LOCKS_EXCLUDED(mutex_);

  // Reads the file again if it changed. A file that cannot be read, or is gone, leaves the tokens as they
  // were and is logged: who can damage the file must not open the server. One that is there and cannot be
  // read counts as tokens, so nobody calls without one from then on, and is tried again until it can be.
  void Refresh(absl::Time now) const ABSL_LOCKS_EXCLUDED(mutex_);

  struct Counts {
    int valid = 0;
    int expired = 0;
    int revoked = 0;
  };
  Counts counts(absl::Time now) const ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  // What of a file's state changes with every new version.
  struct Stamp {
    bool exists = false;
    ino_t inode = 0;
    off_t size = 0;
    timespec changed = {};
    bool operator==(const Stamp& other) const;
  };

  TokenStore(std::filesystem::path file, std::string bootstrap, const OperatorLog* log);
  static Stamp StampOf(const std::filesystem::path& file);
  using Tokens = std::map<std::string, std::shared_ptr<const Token>, std::less<>>;
  static TokenChanges ChangesBetween(const Tokens& before, const Tokens& after);
  void Take(std::vector<Token> tokens) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Refresh without a look at the clock: what changed.
  TokenChanges Reread() const ABSL_LOCKS_EXCLUDED(mutex_);

  const std::filesystem::path file_;
  const std::string bootstrap_;
  const std::shared_ptr<const Token> bootstrap_token_;
  const OperatorLog* const log_;
  std::function<void(const TokenChanges&)> listener_ = [](const TokenChanges&) {};
  std::function<void()> looked_listener_ = [] {};
  mutable absl::Mutex mutex_;
  mutable Tokens tokens_ ABSL_GUARDED_BY(mutex_);
  mutable bool had_tokens_ ABSL_GUARDED_BY(mutex_) = false;
  mutable Stamp stamp_ ABSL_GUARDED_BY(mutex_);
  mutable absl::Time looked_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
};

}  // namespace dongxi
