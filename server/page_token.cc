#include "server/page_token.h"

#include "absl/strings/escaping.h"
#include "engine/base/crc32c.h"
#include "server/digest.h"
#include "server/grpc_status.h"

namespace dongxi {
namespace {

constexpr uint8_t kUnsignedVersion = 2;  // as before there were signatures: cursors of watches are kept long
constexpr uint8_t kSignedVersion = 3;
constexpr size_t kSignatureDigits = 32;
constexpr uint64_t kFnvPrime = 0x100000001b3;  // RFC draft-eastlake-fnv: offset basis and prime of 64 bits
// Four strings of 255 bytes in base64 and some: anything longer is not ours.
constexpr size_t kTokenBytesMax = 1'400;

void PutInteger(uint64_t value, int bytes, std::string* out) {
  for (int i = 0; i < bytes; ++i) out->push_back(static_cast<char>(value >> (8 * i) & 0xFF));
}

void PutString(const std::string& value, std::string* out) {
  PutInteger(value.size(), 1, out);
  out->append(value);
}

// Reads from the front; once it fails it stays failed.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  uint64_t Integer(size_t bytes) {
    uint64_t value = 0;
    const std::string_view taken = Take(bytes);
    for (size_t i = 0; i < taken.size(); ++i)
      value |= uint64_t{static_cast<unsigned char>(taken[i])} << (8 * i);
    return value;
  }
  std::string String() { return std::string(Take(static_cast<size_t>(Integer(1)))); }
  bool AtEnd() const { return ok_ && rest_.empty(); }

 private:
  std::string_view Take(size_t bytes) {
    ok_ = ok_ && bytes <= rest_.size();
    if (!ok_) return {};
    const std::string_view taken = rest_.substr(0, bytes);
    rest_.remove_prefix(bytes);
    return taken;
  }

  std::string_view rest_;
  bool ok_ = true;
};

absl::Status NotOurs() {
  return WithReason(
      FieldError("page_token",
                 "not a token of this server; send next_page_token of the page before as it came, "
                 "or leave it empty for the first page"),
      "PAGE_TOKEN_INVALID");
}

}  // namespace

uint64_t HashBytes(std::string_view bytes, uint64_t hash) {
  for (const char byte : bytes) hash = (hash ^ static_cast<unsigned char>(byte)) * kFnvPrime;
  return hash;
}

namespace {

std::string Unsigned(const PageToken& token, uint8_t version) {
  std::string bytes;
  PutInteger(version, 1, &bytes);
  PutInteger(token.request_hash, 8, &bytes);
  PutInteger(token.offset, 8, &bytes);
  PutString(token.generation, &bytes);
  PutString(token.after, &bytes);
  PutString(token.match_id, &bytes);
  return bytes;
}

}  // namespace

std::string EncodePageToken(const PageToken& token) {
  std::string bytes = Unsigned(token, token.signature.empty() ? kUnsignedVersion : kSignedVersion);
  if (!token.signature.empty()) PutString(token.signature, &bytes);
  PutInteger(Crc32c(bytes), 4, &bytes);
  return absl::WebSafeBase64Escape(bytes);
}

namespace {

absl::StatusOr<PageToken> ParsePageToken(std::string_view text) {
  std::string bytes;
  if (text.size() > kTokenBytesMax || !absl::WebSafeBase64Unescape({text.data(), text.size()}, &bytes))
    return NotOurs();
  if (bytes.size() < 4) return NotOurs();
  const std::string_view body(bytes.data(), bytes.size() - 4);
  if (Reader(std::string_view(bytes).substr(body.size())).Integer(4) != Crc32c(body)) return NotOurs();
  Reader reader(body);
  PageToken token;
  const uint64_t version = reader.Integer(1);
  if (version != kUnsignedVersion && version != kSignedVersion) return NotOurs();
  token.request_hash = reader.Integer(8);
  token.offset = reader.Integer(8);
  token.generation = reader.String();
  token.after = reader.String();
  token.match_id = reader.String();
  if (version == kSignedVersion) token.signature = reader.String();
  if (!reader.AtEnd()) return NotOurs();
  // Base64 can be written in several ways; only ours is taken, so a token has one spelling.
  if (EncodePageToken(token) != text) return NotOurs();
  return token;
}

}  // namespace

std::string MatchIdOfPageToken(std::string_view text) {
  const absl::StatusOr<PageToken> token = ParsePageToken(text);
  return token.ok() ? token->match_id : std::string();
}

std::string PageTokenSignature(const PageToken& token, std::string_view key) {
  return HmacSha256Hex(key, Unsigned(token, kSignedVersion)).substr(0, kSignatureDigits);
}

bool IsSignedPageToken(std::string_view text, std::string_view key) {
  const absl::StatusOr<PageToken> token = ParsePageToken(text);
  return token.ok() && SameSecret(token->signature, PageTokenSignature(*token, key));
}

absl::StatusOr<PageToken> DecodePageToken(std::string_view text, uint64_t request_hash) {
  absl::StatusOr<PageToken> token = ParsePageToken(text);
  if (!token.ok()) return token;
  if (token->request_hash != request_hash) {
    return WithReason(
        FieldError("page_token",
                   "belongs to another request; all other fields must be those of the first page"),
        "PAGE_TOKEN_OF_OTHER_REQUEST");
  }
  return token;
}

}  // namespace dongxi
