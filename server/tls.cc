#include "server/tls.h"

#include <openssl/pem.h>
#include <openssl/x509.h>
#include <sys/stat.h>

#include "engine/base/files.h"
#include "engine/base/status_macros.h"
#include "grpcpp/security/tls_certificate_provider.h"
#include "grpcpp/security/tls_credentials_options.h"

namespace dongxi {
namespace {

constexpr size_t kPemBytesMax = 1 << 20;

template <auto Free>
struct Freer {
  template <typename T>
  void operator()(T* object) const {
    Free(object);
  }
};
using Bio = std::unique_ptr<BIO, Freer<BIO_free_all>>;
using Certificate = std::unique_ptr<X509, Freer<X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, Freer<EVP_PKEY_free>>;

absl::StatusOr<Bio> OpenPem(const std::string& option, const std::string& file, std::string* bytes) {
  absl::StatusOr<std::string> read = ReadFile(file, kPemBytesMax);
  if (!read.ok()) return absl::InvalidArgumentError(option + ": " + std::string(read.status().message()));
  *bytes = *std::move(read);
  return Bio(BIO_new_mem_buf(bytes->data(), static_cast<int>(bytes->size())));
}

absl::StatusOr<Certificate> ReadCertificate(const std::string& option, const std::string& file) {
  std::string bytes;
  DX_ASSIGN_OR_RETURN(const Bio bio, OpenPem(option, file, &bytes));
  Certificate certificate(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
  if (certificate == nullptr) {
    return absl::InvalidArgumentError(option + " " + file + ": no certificate in PEM form in it");
  }
  if (X509_cmp_current_time(X509_get0_notAfter(certificate.get())) < 0) {
    return absl::FailedPreconditionError(option + " " + file + ": the certificate has expired; renew it");
  }
  return certificate;
}

absl::StatusOr<Key> ReadKey(const std::string& file) {
  struct stat info = {};
  if (::stat(file.c_str(), &info) == 0 && (info.st_mode & S_IRWXO) != 0) {
    return absl::FailedPreconditionError("--tls-key " + file +
                                         ": every user of this machine may open it; run: chmod 640 " + file);
  }
  std::string bytes;
  DX_ASSIGN_OR_RETURN(const Bio bio, OpenPem("--tls-key", file, &bytes));
  // A password is not asked for at the terminal: a server starts without one.
  const auto no_password = [](char*, int, int, void*) { return 0; };
  Key key(PEM_read_bio_PrivateKey(bio.get(), nullptr, no_password, nullptr));
  if (key == nullptr) {
    return absl::InvalidArgumentError("--tls-key " + file + ": no private key without password in it");
  }
  return key;
}

}  // namespace

absl::Status CheckTlsFiles(const TlsFiles& files) {
  if (!files.enabled()) return absl::OkStatus();
  if (files.certificate.empty() || files.key.empty()) {
    return absl::InvalidArgumentError("TLS needs both --tls-cert and --tls-key");
  }
  DX_ASSIGN_OR_RETURN(const Certificate certificate, ReadCertificate("--tls-cert", files.certificate));
  DX_ASSIGN_OR_RETURN(const Key key, ReadKey(files.key));
  if (X509_check_private_key(certificate.get(), key.get()) != 1) {
    return absl::InvalidArgumentError("--tls-key " + files.key + ": not the key of the certificate in " +
                                      files.certificate);
  }
  if (files.client_ca.empty()) return absl::OkStatus();
  return ReadCertificate("--tls-client-ca", files.client_ca).status();
}

std::shared_ptr<grpc::ServerCredentials> CredentialsOf(const TlsFiles& files) {
  if (!files.enabled()) return grpc::InsecureServerCredentials();
  namespace tls = grpc::experimental;
  const auto provider = std::make_shared<tls::FileWatcherCertificateProvider>(
      files.key, files.certificate, files.client_ca, kTlsRefreshSeconds);
  tls::TlsServerCredentialsOptions options(provider);
  options.watch_identity_key_cert_pairs();
  if (!files.client_ca.empty()) {
    options.watch_root_certs();
    options.set_cert_request_type(GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  }
  return tls::TlsServerCredentials(options);
}

}  // namespace dongxi
