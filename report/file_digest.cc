#include "report/file_digest.h"

#include <openssl/evp.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <vector>

namespace dongxi::report {
namespace {

constexpr size_t kPieceBytes = size_t{1} << 18;

std::string Hex(const unsigned char* bytes, size_t size) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (size_t i = 0; i < size; ++i) {
    text.push_back(kDigits[bytes[i] >> 4]);
    text.push_back(kDigits[bytes[i] & 15]);
  }
  return text;
}

absl::Status ReadError(const std::filesystem::path& file) {
  const int code = errno;
  const std::string text = file.string() + ": cannot read: " + std::strerror(code);
  return code == ENOENT ? absl::NotFoundError(text) : absl::InternalError(text);
}

}  // namespace

absl::StatusOr<FileDigest> DigestOf(const std::filesystem::path& file) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> stream(std::fopen(file.c_str(), "rb"), &std::fclose);
  if (stream == nullptr) return ReadError(file);
  const std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  if (context == nullptr || EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr) != 1)
    return absl::InternalError("SHA-256 is not to be had from OpenSSL");
  FileDigest digest;
  std::vector<char> piece(kPieceBytes);
  while (const size_t got = std::fread(piece.data(), 1, piece.size(), stream.get())) {
    digest.bytes += got;
    EVP_DigestUpdate(context.get(), piece.data(), got);
  }
  if (std::ferror(stream.get()) != 0) return ReadError(file);
  unsigned char bytes[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  EVP_DigestFinal_ex(context.get(), bytes, &size);
  digest.sha256 = Hex(bytes, size);
  return digest;
}

}  // namespace dongxi::report
