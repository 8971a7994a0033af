// TLS of the listener: certificate and key from files that may be replaced while the server runs.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "grpcpp/security/server_credentials.h"

namespace dongxi {

struct TlsFiles {
  std::string certificate;  // PEM, the chain with the server's own certificate first; empty: no TLS
  std::string key;          // PEM; only its owner and group may read it
  std::string client_ca;    // PEM; empty: clients need no certificate

  bool enabled() const { return !certificate.empty() || !key.empty() || !client_ca.empty(); }
};

// How soon replaced files are used for new connections.
inline constexpr int kTlsRefreshSeconds = 1;

// Reads all files once: a mistake shall be seen at the start, not at the first connection. Errors:
// InvalidArgument or FailedPrecondition, with the file and what is wrong (missing, no PEM, the key is not
// that of the certificate, expired, readable by all).
absl::Status CheckTlsFiles(const TlsFiles& files);

// Plaintext if TLS is not enabled. REQUIRES: CheckTlsFiles said OK.
std::shared_ptr<grpc::ServerCredentials> CredentialsOf(const TlsFiles& files);

}  // namespace dongxi
