#include "server/token_store.h"

#include "engine/base/status_macros.h"
#include "server/digest.h"
#include "server/grpc_status.h"
#include "server/token_file.h"

namespace dongxi {
namespace {

// How often a call looks whether the file changed: a stat costs a microsecond.
constexpr absl::Duration kLookEvery = absl::Milliseconds(250);

absl::Status Refused(const char* reason, const char* message) {
  return WithReason(absl::UnauthenticatedError(message), reason);
}

std::shared_ptr<const Token> OperatorToken() {
  Token token;
  token.id = kBootstrapTokenId;
  token.label = "--token-file";
  token.permissions = *ParsePermissions("admin");
  token.disclosure = Disclosure::kOrganiser;
  return std::make_shared<const Token>(std::move(token));
}

}  // namespace

bool TokenStore::Stamp::operator==(const Stamp& other) const {
  return exists == other.exists && inode == other.inode && size == other.size &&
         changed.tv_sec == other.changed.tv_sec && changed.tv_nsec == other.changed.tv_nsec;
}

TokenStore::Stamp TokenStore::StampOf(const std::filesystem::path& file) {
  struct stat info = {};
  if (::stat(file.c_str(), &info) != 0) return {};
  return {true, info.st_ino, info.st_size, info.st_ctim};
}

TokenStore::TokenStore(std::filesystem::path file, std::string bootstrap, const OperatorLog* log)
    : file_(std::move(file)),
      bootstrap_(std::move(bootstrap)),
      bootstrap_token_(OperatorToken()),
      log_(log),
      had_tokens_(!bootstrap_.empty()) {}

absl::StatusOr<std::unique_ptr<TokenStore>> TokenStore::Open(std::filesystem::path file,
                                                             std::string bootstrap, const OperatorLog* log) {
  const Stamp stamp = StampOf(file);
  DX_ASSIGN_OR_RETURN(std::vector<Token> tokens, ReadTokens(file));
  auto store = std::unique_ptr<TokenStore>(new TokenStore(std::move(file), std::move(bootstrap), log));
  const absl::MutexLock lock(&store->mutex_);
  store->stamp_ = stamp;
  store->Take(std::move(tokens));
  return store;
}

void TokenStore::Take(std::vector<Token> tokens) const {
  tokens_.clear();
  for (Token& token : tokens) {
    const std::string id = token.id;
    tokens_[id] = std::make_shared<const Token>(std::move(token));
  }
  had_tokens_ = had_tokens_ || !tokens_.empty();
}

bool TokenStore::HasTokens() const {
  const absl::MutexLock lock(&mutex_);
  return had_tokens_;
}

void TokenStore::Refresh(absl::Time now) const {
  {
    const absl::MutexLock lock(&mutex_);
    if (now >= looked_ && now < looked_ + kLookEvery) return;
    looked_ = now;
  }
  if (const TokenChanges changes = Reread(); !changes.empty()) listener_(changes);
  looked_listener_();
}

TokenChanges TokenStore::Reread() const {
  {
    const absl::MutexLock lock(&mutex_);
    if (StampOf(file_) == stamp_) return {};
  }
  static constexpr Stamp kUnread = {.exists = true};  // of no file
  // Taken before the read: a change during it is seen the next time.
  const Stamp stamp = StampOf(file_);
  absl::StatusOr<std::vector<Token>> tokens =
      stamp.exists ? ReadTokens(file_)
                   : absl::NotFoundError(file_.string() + ": gone; revoke tokens, do not remove their file");
  const absl::MutexLock lock(&mutex_);
  if (!tokens.ok()) {
    // A file without sense stays so until it is written again; any other trouble may pass by itself, so it is
    // tried again, and told once.
    const Stamp unread = absl::IsDataLoss(tokens.status()) ? stamp : kUnread;
    if (!(stamp_ == unread))
      log_->Error("tokens stay as they were: " + std::string(tokens.status().message()));
    stamp_ = unread;
    had_tokens_ = had_tokens_ || stamp.exists;  // closed until it can be read
    return {};
  }
  stamp_ = stamp;
  const Tokens before = tokens_;
  Take(*std::move(tokens));
  log_->Info("tokens read again: " + std::to_string(tokens_.size()));
  return ChangesBetween(before, tokens_);
}

TokenChanges TokenStore::ChangesBetween(const Tokens& before, const Tokens& after) {
  TokenChanges changes;
  for (const auto& [id, token] : after) {
    const auto old = before.find(id);
    if (old == before.end()) changes.added.push_back(id);
    const absl::Time revoked_before = old == before.end() ? absl::InfiniteFuture() : old->second->revoke_time;
    if (token->revoke_time < revoked_before) {
      changes.revoked.push_back(id);
    } else if (old != before.end() && EncodeTokens({*token}) != EncodeTokens({*old->second})) {
      changes.altered.push_back(id);
    }
  }
  for (const auto& [id, token] : before) {
    if (!after.contains(id)) changes.removed.push_back(id);
  }
  return changes;
}

std::vector<std::string> TokenStore::ValidIds(absl::Time now) const {
  const absl::MutexLock lock(&mutex_);
  std::vector<std::string> ids;
  for (const auto& [id, token] : tokens_) {
    if (now < token->revoke_time && now < token->expire_time) ids.push_back(id);
  }
  return ids;
}

absl::StatusOr<std::shared_ptr<const Token>> TokenStore::Find(std::string_view text, absl::Time now) const {
  if (!bootstrap_.empty() && SameSecret(text, bootstrap_)) return bootstrap_token_;
  std::string_view id, secret;
  std::shared_ptr<const Token> token;
  if (SplitTokenText(text, &id, &secret)) {
    const absl::MutexLock lock(&mutex_);
    const auto found = tokens_.find(id);
    if (found != tokens_.end()) token = found->second;
  }
  // An unknown id costs a digest too, so that time does not tell which ids exist.
  const bool right = IsSecretOf(token == nullptr ? *bootstrap_token_ : *token, secret);
  if (token == nullptr || !right) {
    return Refused("TOKEN_INVALID", "this token is not valid here; ask the operator for one");
  }
  if (now >= token->revoke_time) return Refused("TOKEN_REVOKED", "this token was revoked");
  if (now >= token->expire_time) return Refused("TOKEN_EXPIRED", "this token has expired");
  return token;
}

TokenStore::Counts TokenStore::counts(absl::Time now) const {
  const absl::MutexLock lock(&mutex_);
  Counts counts;
  counts.valid = bootstrap_.empty() ? 0 : 1;
  for (const auto& [id, token] : tokens_) {
    if (now >= token->revoke_time) {
      ++counts.revoked;
    } else if (now >= token->expire_time) {
      ++counts.expired;
    } else {
      ++counts.valid;
    }
  }
  return counts;
}

}  // namespace dongxi
