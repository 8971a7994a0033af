// What the HTTP library leaves open about TLS. Internal to server/http.
#pragma once

#include <openssl/ssl.h>

#include <string>

namespace dongxi {

struct DoorCertificate {
  std::string certificate_file, key_file;  // PEM
  std::string client_ca_file;              // PEM; empty: clients need no certificate
};

// TLS 1.2 and above only; each new connection is shown the certificate, and its client held against the
// authorities, that the files hold at that moment, so that what was replaced needs no restart. While
// certificate and key do not fit each other, or the authorities do not load, new connections fail.
// Where clients show certificates no session is taken up again. `certificate` outlives the context.
void HardenTls(SSL_CTX* context, const DoorCertificate* certificate);

// The common name of the certificate that the client showed, with characters other than visible ASCII as '?';
// empty if he showed none.
std::string ClientNameOf(const SSL* connection);

}  // namespace dongxi
